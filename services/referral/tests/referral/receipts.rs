//! Who was told of a step, and when it came there.

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::referral::v1::*;
use samspil_store::sql;
use samspil_testkit::{World, on_both};

use crate::help::*;

fn all() -> ListReferralsRequest {
    ListReferralsRequest { parent: "patients/-".to_owned(), ..ListReferralsRequest::default() }
}

/// The receipts of each step: whose, delivered, read.
fn receipts(referral: &Referral) -> Vec<Vec<(&str, bool, bool)>> {
    let of = |step: &ReferralStep| -> Vec<_> {
        let told = step.receipts.iter();
        told.map(|receipt| (receipt.organisation.clone(), receipt.deliver_time.is_some(), receipt.read_time.is_some()))
            .collect()
    };
    let short = |organisation: &str| match organisation.trim_start_matches("organisations/") {
        demo::MUNICIPALITY => "municipality",
        demo::HOSPITAL => "hospital",
        demo::PRACTICE => "practice",
        _ => "another",
    };
    referral
        .history
        .iter()
        .map(|step| of(step).into_iter().map(|(whose, came, read)| (short(&whose), came, read)).collect())
        .collect()
}

async fn rows(world: &World) -> i64 {
    let mut tx = world.dbs["referral"].read().await.unwrap();
    sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM receipts").unwrap().0
}

on_both!(each_step_is_told_to_all_who_see_it_but_those_who_took_it, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, gp, specialist) = (By(&world, "nurse"), By(&world, "gp"), By(&world, "specialist"));
    let name = nurse.refers(patient, through_practice()).await.name;
    gp.approves(&name, "").await.unwrap();
    let received = specialist.receives(&name).await.unwrap();
    assert_eq!(
        receipts(&received),
        [
            vec![],
            vec![("practice", false, false)],
            vec![("municipality", false, false), ("hospital", false, false)],
            vec![("municipality", false, false), ("practice", false, false)],
        ],
        "a change by itself is no reading"
    );
});

on_both!(a_list_and_a_stream_deliver_and_opening_reads, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let (mut updates, _) = specialist.watches("").await;
    let name = nurse.refers(patient, to_hospital()).await.name;
    let streamed = next(&mut updates).await.referral.unwrap();
    assert_eq!(receipts(&streamed), [vec![], vec![("hospital", true, false)]], "the stream shows its own receipt");
    let first = streamed.history[1].receipts[0].clone();
    world.clock.advance(TimeDelta::minutes(1));
    let note = Referral { note: "worse".to_owned(), ..to_hospital() };
    nurse.amends(&name, &["note"], note, "it got worse").await.unwrap();
    settle(&world).await;
    drop(updates);
    let listed = specialist.lists(all()).await.unwrap().referrals.remove(0);
    assert_eq!(listed.history[1].receipts[0], first, "what came first stays");
    assert!(listed.history[2].receipts[0].deliver_time.is_some());
    world.clock.advance(TimeDelta::minutes(1));
    let opened = specialist.gets(&name).await.unwrap();
    assert_eq!(receipts(&opened)[1..], [vec![("hospital", true, true)], vec![("hospital", true, true)]]);
    world.clock.advance(TimeDelta::minutes(1));
    By(&world, "specialist2").gets(&name).await.unwrap();
    assert_eq!(nurse.gets(&name).await.unwrap(), opened, "who opened it first stays, and the sender sees the same");
});

on_both!(a_reading_that_brings_nothing_new_writes_nothing, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let sent = nurse.refers(patient, to_hospital()).await;
    assert_eq!(rows(&world).await, 0);
    nurse.gets(&sent.name).await.unwrap();
    assert_eq!(rows(&world).await, 0, "one's own steps are no news");
    let first = specialist.gets(&sent.name).await.unwrap();
    assert_eq!((rows(&world).await, &first.etag), (1, &sent.etag), "a receipt is no change of the referral");
    for _ in 0..3 {
        assert_eq!(specialist.gets(&sent.name).await.unwrap(), first);
    }
    assert_eq!(rows(&world).await, 1);
});

on_both!(of_two_who_open_it_at_once_one_is_the_first, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = By(&world, "nurse").refers(patient, to_hospital()).await.name;
    let (one, other) = (By(&world, "specialist"), By(&world, "specialist2"));
    let (one, other) = tokio::join!(one.gets(&name), other.gets(&name));
    assert_eq!(one.unwrap().history[1].receipts, other.unwrap().history[1].receipts);
    assert_eq!(rows(&world).await, 1);
});

on_both!(a_page_of_many_referrals_is_delivered_at_once_and_only_what_is_on_it, |world| async move {
    let patient = world.citizen_with_consent().await;
    settle(&world).await;
    for _ in 0..5 {
        By(&world, "nurse").refers(patient, to_hospital()).await;
        world.clock.advance(TimeDelta::seconds(1));
    }
    let specialist = By(&world, "specialist");
    let page = specialist.lists(ListReferralsRequest { page_size: 3, ..all() }).await.unwrap();
    let came = |referral: &Referral| receipts(referral)[1] == [("hospital", true, false)];
    assert!(page.referrals.len() == 3 && page.referrals.iter().all(came));
    assert_eq!(rows(&world).await, 3);
    let two = tokio::join!(specialist.lists(all()), specialist.lists(all()));
    for all in [two.0.unwrap(), two.1.unwrap()] {
        assert!(all.referrals.len() == 5 && all.referrals.iter().all(came));
    }
    assert_eq!(rows(&world).await, 5);
});
