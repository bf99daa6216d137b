//! Two replicas on one database and one store of photos.

use samspil_proto::wound::v1::*;
use samspil_testkit::on_both;

use crate::help::*;

on_both!(an_upload_goes_on_at_another_replica, |world| async move {
    let picture = Picture::phantom(1);
    let visit = by(&world, "nurse").visits(&wound(&world).await.name, &[&picture]).await.unwrap().name;
    let name = picture.name(&visit);
    let half = picture.bytes.len() / 2;
    let mut sending = by(&world, "nurse").begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, 0);
    assert!(sending.sends(0, &picture.bytes[..half]).await);
    sending.hangs_up();
    refused(sending.hears().await, "UPLOAD_INCOMPLETE");

    let other = world.replica().await;
    let mut sending = by(&other, "nurse").begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, half as i64);
    assert!(sending.sends(half as i64, &picture.bytes[half..]).await);
    let (receipt, _) = sending.ends().await.unwrap();
    assert_eq!(receipt.state(), PhotoState::Stored);
    let (_, _, seen) = by(&world, "nurse").downloads(&name, Rendition::Original).await.unwrap();
    assert_eq!(blake3::hash(&seen).to_hex().to_string(), receipt.stored_blake3);
});

on_both!(two_replicas_follow_and_relay_together_and_double_nothing, |world| async move {
    let other = world.replica().await;
    let asked = question(&world).await;
    let claimed = by(&other, "specialist").claims(&asked.name).await.unwrap();
    by(&world, "specialist").answers(&claimed.name, answer()).await.unwrap();
    world.settle().await;
    assert_eq!(events(&world, "AssessmentAnswered").await.len(), 1);
    let log = samspil_store::event_log::read(&world.dbs["wound"], 0, 1000).await.unwrap();
    let numbers: Vec<_> = log.iter().map(|event| event.sequence).collect();
    assert_eq!(numbers, (1..=log.len() as i64).collect::<Vec<_>>(), "without gaps");
    let request = samspil_proto::careplan::v1::ListActivitiesRequest {
        parent: format!("patients/{}/carePlan", patient_of(&asked.name)),
        ..Default::default()
    };
    let plan = world.care_plans("nurse").list_activities(request).await.unwrap().into_inner().activities;
    let mut kinds: Vec<_> = plan.iter().map(|activity| (activity.kind, activity.description.clone())).collect();
    kinds.sort();
    let before = kinds.len();
    kinds.dedup();
    assert_eq!(kinds.len(), before, "each once: {kinds:?}");
    assert!(before >= 2, "{kinds:?}");
});
