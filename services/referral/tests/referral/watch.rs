//! Watching referrals.

use std::time::Duration;

use samspil_proto::referral::v1::{ReferralState, ReferralUpdate, WatchReferralsRequest};
use samspil_store::audit;
use samspil_testkit::{World, on_both, refusal};
use tonic::{Code, Streaming};

use crate::help::{By, to_hospital, to_practice, withdraw_consent};

async fn watch(world: &World, person: &str, cursor: &str) -> Streaming<ReferralUpdate> {
    let request = WatchReferralsRequest { cursor: cursor.to_owned() };
    world.referrals(person).watch_referrals(request).await.unwrap().into_inner()
}

async fn next(updates: &mut Streaming<ReferralUpdate>) -> ReferralUpdate {
    let next = tokio::time::timeout(Duration::from_secs(30), updates.message());
    next.await.expect("an update").unwrap().expect("an update before the end")
}

fn told(update: &ReferralUpdate) -> (&str, &str) {
    (update.r#type.rsplit('.').next().unwrap(), update.referral.as_ref().map_or("", |referral| referral.name.as_str()))
}

on_both!(both_sides_see_every_step_as_it_happens_and_nobody_else, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let mut of_sender = watch(&world, "nurse", "").await;
    let mut of_receiver = watch(&world, "specialist", "").await;
    let mut of_practice = watch(&world, "gp", "").await;
    for updates in [&mut of_sender, &mut of_receiver, &mut of_practice] {
        let first = next(updates).await;
        assert_eq!(first, ReferralUpdate { cursor: "0".to_owned(), ..ReferralUpdate::default() });
    }
    let unsent = nurse.creates(patient, to_hospital()).await.unwrap().name;
    nurse.withdraws(&unsent).await.unwrap();
    assert_eq!(told(&next(&mut of_sender).await), ("ReferralWithdrawn", unsent.as_str()));
    let name = nurse.refers(patient, to_hospital()).await.name;
    for updates in [&mut of_sender, &mut of_receiver] {
        let update = next(updates).await;
        assert_eq!(told(&update), ("ReferralSent", name.as_str()));
        assert_eq!(update.referral.unwrap().state(), ReferralState::Sent);
        assert!(update.time.is_some());
    }
    specialist.receives(&name).await.unwrap();
    for updates in [&mut of_sender, &mut of_receiver] {
        assert_eq!(told(&next(updates).await), ("ReferralReceived", name.as_str()));
    }
    // The first that the practice hears of is its own.
    let to_gp = nurse.refers(patient, to_practice()).await.name;
    assert_eq!(told(&next(&mut of_practice).await), ("ReferralSent", to_gp.as_str()));
});

on_both!(a_watcher_goes_on_from_its_cursor_without_a_gap_or_a_double, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let mut updates = watch(&world, "specialist", "").await;
    let mut cursor = next(&mut updates).await.cursor;
    drop(updates);
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.push(nurse.refers(patient, to_hospital()).await.name);
    }
    world.settle().await;
    let mut seen = Vec::new();
    for _ in 0..5 {
        // A connection that is lost after each update.
        let mut updates = watch(&world, "specialist", &cursor).await;
        assert_eq!(next(&mut updates).await.cursor, cursor);
        let update = next(&mut updates).await;
        seen.push(update.referral.unwrap().name);
        cursor = update.cursor;
    }
    assert_eq!(seen, sent);
});

on_both!(an_update_shows_the_referral_as_it_is_now, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = By(&world, "nurse").refers(patient, to_hospital()).await.name;
    let now = By(&world, "specialist").receives(&name).await.unwrap();
    world.settle().await;
    let mut updates = watch(&world, "nurse", "0").await;
    next(&mut updates).await;
    for (r#type, cursor) in [("ReferralSent", "1"), ("ReferralReceived", "2")] {
        let update = next(&mut updates).await;
        assert_eq!((told(&update), update.cursor.as_str()), ((r#type, name.as_str()), cursor));
        assert_eq!(update.referral, Some(now.clone()));
    }
    let mut tx = world.dbs["referral"].read().await.unwrap();
    let entries = audit::of_patient(&mut tx, patient.patient, 100).await.unwrap();
    let watched = entries.iter().filter(|e| e.action.ends_with("/WatchReferrals") && e.resource == name);
    assert_eq!(watched.count(), 2);
});

on_both!(a_patient_who_withdraws_the_consent_is_no_longer_watched, |world| async move {
    let (leaves, stays) = (world.citizen().await, world.citizen().await);
    let consent = world.consent(leaves).await;
    world.consent(stays).await;
    let nurse = By(&world, "nurse");
    nurse.refers(leaves, to_hospital()).await;
    withdraw_consent(&world, consent.name).await;
    let name = nurse.refers(stays, to_hospital()).await.name;
    let mut updates = watch(&world, "specialist", "0").await;
    next(&mut updates).await;
    assert_eq!(told(&next(&mut updates).await), ("ReferralSent", name.as_str()));
});

on_both!(a_cursor_that_is_none_of_ours_is_refused, |world| async move {
    for cursor in ["1", "-1", "nonsense"] {
        let request = WatchReferralsRequest { cursor: cursor.to_owned() };
        let refused = refusal(world.referrals("nurse").watch_referrals(request).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "CURSOR_INVALID"));
    }
});
