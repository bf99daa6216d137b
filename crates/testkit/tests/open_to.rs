//! Lists over all patients say in SQL what the rules of access say of one: here both are asked about everything there is.

use chrono::{DateTime, TimeDelta, Utc};
use samspil_kit::access::{self, Asker, Facts, Purpose};
use samspil_proto::directory::v1::BlockKind;
use samspil_store::{
    Tx,
    blocks::{self, Block},
    consents, open_to, relations, sql,
};
use samspil_testkit::on_both;
use uuid::Uuid;

const NURSE: Asker<'static> = Asker { person: "anna", organisation: "766", role: "nurse", patient: None };

/// Whom a patient blocks, and from which hour until which.
type Blocked = (BlockKind, &'static str, i64, Option<i64>);

const BLOCKS: [Option<Blocked>; 11] = [
    None,
    Some((BlockKind::Person, "anna", 0, None)),
    Some((BlockKind::Person, "bente", 0, None)),
    // A person may be called as an organisation is, and the other way round.
    Some((BlockKind::Person, "766", 0, None)),
    Some((BlockKind::Organisation, "766", 0, None)),
    Some((BlockKind::Organisation, "727", 0, None)),
    Some((BlockKind::Organisation, "anna", 0, None)),
    Some((BlockKind::Everybody, "", 0, None)),
    Some((BlockKind::Everybody, "", 1, None)),
    Some((BlockKind::Everybody, "", -1, Some(0))),
    Some((BlockKind::Everybody, "", -1, Some(1))),
];

/// To whom a patient has consented, and whether that was withdrawn.
const CONSENTS: [&[(&str, bool)]; 5] =
    [&[], &[("766", false)], &[("766", true)], &[("766", true), ("766", false)], &[("727", false)]];

async fn listed(tx: &mut Tx, patient: Uuid, now: DateTime<Utc>) -> bool {
    let found = sql!(
        tx,
        fetch_one as (i64,),
        concat!(
            "SELECT COUNT(*) FROM (SELECT $1 AS patient_id) AS asked WHERE ",
            open_to!("asked.patient_id", "$2", "$3", "$4")
        ),
        patient,
        NURSE.organisation,
        NURSE.person,
        now
    );
    found.unwrap() == (1,)
}

on_both!(a_list_shows_whom_the_rules_let_through, |world| async move {
    let now = world.clock.now();
    let db = &world.dbs["wound"];
    let mut shown = 0;
    for (granted, blocked) in CONSENTS.iter().flat_map(|granted| BLOCKS.iter().map(move |blocked| (granted, blocked))) {
        let patient = Uuid::new_v4();
        let mut tx = db.begin().await.unwrap();
        for (organisation, withdrawn) in *granted {
            let consent = Uuid::new_v4();
            consents::granted(&mut tx, consent, patient, organisation).await.unwrap();
            if *withdrawn {
                consents::withdrawn(&mut tx, consent).await.unwrap();
            }
        }
        if let Some((kind, target, from, to)) = *blocked {
            let block = Block {
                block_id: Uuid::new_v4(),
                kind,
                target: target.to_owned(),
                begin_time: now + TimeDelta::hours(from),
                end_time: to.map(|to| now + TimeDelta::hours(to)),
            };
            blocks::placed(&mut tx, patient, &block).await.unwrap();
        }
        tx.commit().await.unwrap();
        let relations = relations::of(db, patient, NURSE.organisation, NURSE.person).await.unwrap();
        let facts = Facts { patient, relations, ..Facts::default() };
        let allowed = access::decide(NURSE, &facts, Purpose::Care, now).allowed();
        assert_eq!(listed(&mut db.read().await.unwrap(), patient, now).await, allowed, "{granted:?} {blocked:?}");
        shown += usize::from(allowed);
    }
    // Two of the consents cover, and seven of the eleven lines keep nobody out.
    assert_eq!(shown, 2 * 7);
});
