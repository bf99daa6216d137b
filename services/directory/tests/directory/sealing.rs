//! Person numbers at rest, and the keys that they are sealed with.

use samspil_proto::directory::v1::{FindCitizenRequest, GetCitizenRequest};
use samspil_store::{
    keyring::{Keyring, MasterKey},
    sql,
};
use samspil_testkit::{World, on_both};
use tonic::Code;

use crate::{person_number, register};

fn find(number: &str) -> FindCitizenRequest {
    FindCitizenRequest { person_number: number.to_owned() }
}

async fn registered(world: &World) -> (String, String) {
    let number = person_number();
    let citizen = world.directory("nurse").register_citizen(register(&number)).await.unwrap().into_inner();
    (number, citizen.name)
}

/// The keys of all numbers, each once.
async fn keys_used(world: &World) -> Vec<i64> {
    let mut tx = world.dbs["directory"].read().await.unwrap();
    let rows = sql!(&mut tx, fetch_all as (i64,), "SELECT DISTINCT key_id FROM sealed_numbers ORDER BY key_id");
    rows.unwrap().into_iter().map(|(key_id,)| key_id).collect()
}

on_both!(a_number_of_before_is_sealed_at_the_start_and_found_after, |world| async move {
    let (number, name) = registered(&world).await;
    let patient = uuid::Uuid::try_parse(name.strip_prefix("patients/").unwrap()).unwrap();
    // As it stood before there were keys.
    let mut tx = world.dbs["directory"].begin().await.unwrap();
    sql!(&mut tx, execute, "DELETE FROM sealed_numbers").unwrap();
    sql!(
        &mut tx,
        execute,
        "INSERT INTO person_numbers (number, kind, birth_date, patient_id) VALUES ($1, 1, '1945-03-01', $2)",
        &number,
        patient
    )
    .unwrap();
    tx.commit().await.unwrap();
    let base = world.base("directory").await;
    assert_eq!(samspil_directory::seal_numbers(&base).await.unwrap(), 1);
    assert_eq!(samspil_directory::seal_numbers(&base).await.unwrap(), 0);
    let found = world.directory("nurse").find_citizen(find(&number)).await.unwrap().into_inner();
    assert_eq!((found.name, found.birth_date.as_str()), (name, "1945-03-01"));
    let mut tx = base.db.read().await.unwrap();
    let left = sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM person_numbers").unwrap();
    assert_eq!(left, (0,));
});

on_both!(a_sealed_number_that_was_moved_or_changed_does_not_open, |world| async move {
    let ((_, one), (_, other)) = (registered(&world).await, registered(&world).await);
    let id = |name: &str| uuid::Uuid::try_parse(name.strip_prefix("patients/").unwrap()).unwrap();
    let mut tx = world.dbs["directory"].begin().await.unwrap();
    sql!(
        &mut tx,
        execute,
        "UPDATE sealed_numbers SET sealed = (SELECT sealed FROM sealed_numbers WHERE patient_id = $2) WHERE patient_id = $1",
        id(&one),
        id(&other)
    )
    .unwrap();
    tx.commit().await.unwrap();
    let mut nurse = world.directory("nurse");
    let get = |name: &str| GetCitizenRequest { name: name.to_owned() };
    let refused = nurse.get_citizen(get(&one)).await.unwrap_err();
    assert_eq!(refused.code(), Code::Internal);
    assert!(!refused.message().contains("sealed"), "{refused}");
    // Nobody else is touched by it.
    nurse.get_citizen(get(&other)).await.unwrap();
});

on_both!(a_new_key_takes_over_while_others_are_served, |world| async move {
    let (number, name) = registered(&world).await;
    // A second process with its own ring, which has not heard of the new key.
    let replica = world.replica().await;
    let base = world.base("directory").await;
    assert_eq!(keys_used(&world).await, [2]);
    assert_eq!(base.keys.rotate(world.clock.now()).await.unwrap(), 3);
    assert_eq!(samspil_directory::reseal_numbers(&base).await.unwrap(), 1);
    assert_eq!(keys_used(&world).await, [3]);
    let found = replica.directory("nurse").find_citizen(find(&number)).await.unwrap().into_inner();
    assert_eq!((found.name, found.birth_date.as_str()), (name, "1945-03-01"));
    // It met the new key, and seals with it from now on.
    registered(&replica).await;
    assert_eq!(keys_used(&world).await, [3]);
    assert_eq!(samspil_directory::reseal_numbers(&base).await.unwrap(), 0);
});

on_both!(a_new_master_key_wraps_the_old_keys_and_the_old_one_can_go, |world| async move {
    let (number, _) = registered(&world).await;
    let db = &world.dbs["directory"];
    let now = world.clock.now();
    let old = std::fs::read_to_string(world.folder.path().join("master.key")).unwrap();
    let new = MasterKey::line("second").unwrap();
    let ring = Keyring::open(db, MasterKey::parse(&format!("{new}\n{old}")).unwrap(), now).await.unwrap();
    assert_eq!(ring.rewrap().await.unwrap(), 2);
    assert_eq!(ring.rewrap().await.unwrap(), 0);
    // The keys within are the same: what runs on goes on.
    world.directory("nurse").find_citizen(find(&number)).await.unwrap();
    assert!(Keyring::open(db, MasterKey::parse(&new).unwrap(), now).await.is_ok());
    let refused = |text: String| async move {
        Keyring::open(db, MasterKey::parse(&text).unwrap(), now).await.err().map(|error| format!("{error:#}")).unwrap()
    };
    assert!(refused(old).await.contains("the master key second, which wraps key 1, is not there"));
    let impostor = refused(MasterKey::line("second").unwrap()).await;
    assert!(impostor.contains("the master key second is another one"), "{impostor}");
});

on_both!(two_processes_that_start_at_once_have_the_same_keys, |world| async move {
    let db = &world.dbs["directory"];
    let mut tx = db.begin().await.unwrap();
    sql!(&mut tx, execute, "DELETE FROM keys").unwrap();
    tx.commit().await.unwrap();
    let (one, other) = tokio::join!(world.base("directory"), world.base("directory"));
    assert_eq!(one.keys.hash("x", &[b"y"]), other.keys.hash("x", &[b"y"]));
    let sealed = one.keys.seal(b"place", b"text").unwrap();
    assert_eq!(other.keys.open_sealed(b"place", &sealed).await.unwrap(), b"text");
    assert!(other.keys.open_sealed(b"elsewhere", &sealed).await.is_err());
    // What is hashed in two parts is not what is hashed in one.
    assert_ne!(one.keys.hash("x", &[b"ab", b"c"]), one.keys.hash("x", &[b"a", b"bc"]));
});

#[test]
fn a_file_that_holds_no_master_key_is_refused_by_its_line() {
    let good = MasterKey::line("one").unwrap();
    assert_eq!(MasterKey::parse(&format!("# a comment\n\n{good}\n")).unwrap().current(), "one");
    for (text, told) in [
        (String::new(), "no key"),
        ("# nothing\n".to_owned(), "no key"),
        (format!("{good}\nsecond AAAA"), "line 2"),
        (format!("{good}\nsecond"), "line 2"),
        (format!("{good}\n{good}"), "another has"),
    ] {
        let error = MasterKey::parse(&text).err().unwrap().to_string();
        assert!(error.contains(told) && !error.contains("AAAA"), "{text}: {error}");
    }
}
