//! The hashes of the chain.

use sha2::{Digest as _, Sha256};

use super::Entry;

/// A hash of the chain, as the database has it.
pub type Hash = Vec<u8>;

/// What the first seal follows. It binds the service's name, so that no chain passes for another service's.
pub fn genesis(service: &str) -> Hash {
    let mut hash = Sha256::new();
    put(&mut hash, b"samspil audit chain 1");
    put(&mut hash, service.as_bytes());
    hash.finalize().to_vec()
}

/// The hash of a seal: the one before, its number, and the entry whole.
///
/// Each column goes in by its name, and an empty one not at all: a column that is added later, empty in the entries that are
/// there, leaves their hashes as they are.
pub fn link(previous: &[u8], sequence: i64, entry: &Entry) -> Hash {
    let mut hash = Sha256::new();
    put(&mut hash, previous);
    hash.update(sequence.to_be_bytes());
    for (name, value) in columns(entry).into_iter().filter(|(_, value)| !value.is_empty()) {
        put(&mut hash, name.as_bytes());
        put(&mut hash, &value);
    }
    hash.finalize().to_vec()
}

/// With its length before it, so that nothing passes from one value to the next.
fn put(hash: &mut Sha256, value: &[u8]) {
    hash.update((value.len() as u64).to_be_bytes());
    hash.update(value);
}

/// Every column by its name. The pattern names every field, so that a new one cannot be forgotten here.
fn columns(entry: &Entry) -> [(&'static str, Vec<u8>); 14] {
    let Entry {
        entry_id,
        time,
        person,
        display_name,
        organisation,
        role,
        action,
        patient_id,
        resource,
        outcome,
        trace_id,
        basis,
        reason,
        via,
    } = entry;
    let text = |value: &String| value.as_bytes().to_vec();
    [
        ("entry_id", entry_id.as_bytes().to_vec()),
        ("time", time.timestamp_micros().to_be_bytes().to_vec()),
        ("person", text(person)),
        ("display_name", text(display_name)),
        ("organisation", text(organisation)),
        ("role", text(role)),
        ("action", text(action)),
        ("patient_id", patient_id.map(|id| id.as_bytes().to_vec()).unwrap_or_default()),
        ("resource", text(resource)),
        ("outcome", text(outcome)),
        ("trace_id", text(trace_id)),
        ("basis", text(basis)),
        ("reason", text(reason)),
        ("via", text(via)),
    ]
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn entry() -> Entry {
        Entry {
            entry_id: Uuid::from_u128(1),
            time: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            person: "ab".to_owned(),
            display_name: "c".to_owned(),
            outcome: "OK".to_owned(),
            ..Entry::default()
        }
    }

    #[test]
    fn every_column_the_place_and_the_one_before_are_in_the_hash() {
        let start = genesis("wound");
        let mut all = vec![
            link(&start, 1, &entry()),
            link(&start, 2, &entry()),
            link(&genesis("referral"), 1, &entry()),
            link(&start, 1, &Entry { person: "a".to_owned(), display_name: "bc".to_owned(), ..entry() }),
            link(&start, 1, &Entry { entry_id: Uuid::from_u128(2), ..entry() }),
            link(
                &start,
                1,
                &Entry { time: DateTime::from_timestamp_micros(1_800_000_000_000_001).unwrap(), ..entry() },
            ),
            link(&start, 1, &Entry { patient_id: Some(Uuid::nil()), ..entry() }),
        ];
        let texts: [fn(&mut Entry) -> &mut String; 11] = [
            |entry| &mut entry.person,
            |entry| &mut entry.display_name,
            |entry| &mut entry.organisation,
            |entry| &mut entry.role,
            |entry| &mut entry.action,
            |entry| &mut entry.resource,
            |entry| &mut entry.outcome,
            |entry| &mut entry.trace_id,
            |entry| &mut entry.basis,
            |entry| &mut entry.reason,
            |entry| &mut entry.via,
        ];
        for text in texts {
            let mut changed = entry();
            text(&mut changed).push('x');
            all.push(link(&start, 1, &changed));
        }
        let many = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), many);
    }

    #[test]
    fn the_hashes_stay_what_they_are() {
        // Chains that were written are checked for years: a change here makes all of them look tampered with.
        let hash = link(&genesis("wound"), 1, &entry());
        assert_eq!(
            hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
            "ae64258d4ccb8d31229958b4c10b377440cc2c8ced9265d940138809fa376908"
        );
    }
}
