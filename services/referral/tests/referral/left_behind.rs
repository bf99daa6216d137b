//! What a crash leaves behind is cleared away.

use std::time::Duration;

use bytes::Bytes;
use samspil_kit::assemble::Part as _;
use samspil_testkit::on_both;
use tokio_util::sync::CancellationToken;

use crate::help::*;

on_both!(objects_that_no_row_names_are_cleared_away_after_a_day, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let referral = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let (kept, announced) = (crate::attachments::letter("kept"), crate::attachments::letter("on its way"));
    let stored = kept.is_announced_by(&nurse, &referral).await.unwrap().name;
    kept.is_uploaded_by(&nurse, &stored).await.unwrap();
    // Written before the row that makes it stored: an upload that is about to be finished.
    let id = announced.is_announced_by(&nurse, &referral).await.unwrap().name;
    let about_to_be = format!("attachments/{}", id.rsplit('/').next().unwrap());
    let orphans = [format!("attachments/{UNKNOWN}"), format!("attachment-uploads/{UNKNOWN}/part-1-0")];
    for object in orphans.iter().chain([&about_to_be]) {
        world.objects.put(object, Bytes::from_static(b"left behind")).await.unwrap();
    }
    // Files have the machine's time, and it is a day ago by the test's clock.
    let written = world.objects.list("attachments").await.unwrap().iter().map(|found| found.changed).max().unwrap();
    let wait = written + chrono::TimeDelta::hours(25) - world.clock.now();
    world.clock.advance(wait.max(chrono::TimeDelta::zero()));

    // A replica that starts looks first of all.
    let replica = samspil_referral::Referrals::new(world.base("referral").await, world.objects.clone());
    let stop = CancellationToken::new();
    let workers = tokio::spawn(futures::future::join_all(replica.workers(&stop)));
    let objects = async || -> Vec<String> {
        let found = world.objects.list("attachments").await.unwrap();
        let parts = world.objects.list("attachment-uploads").await.unwrap();
        found.into_iter().chain(parts).map(|found| found.key).collect()
    };
    soon(async {
        while objects().await.iter().any(|key| orphans.contains(key)) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    stop.cancel();
    workers.await.unwrap();
    let mut expected = vec![format!("attachments/{}", stored.rsplit('/').next().unwrap()), about_to_be];
    let mut left = objects().await;
    expected.sort();
    left.sort();
    assert_eq!(left, expected);
    assert_eq!(crate::attachments::downloaded_by(&nurse, &stored).await.unwrap().1, kept.bytes);
});
