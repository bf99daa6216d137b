//! Live streams: without a gap or a double, and only for those who may see.

use samspil_kit::identity::demo;
use samspil_proto::wound::v1::{wound_update::Resource, *};
use samspil_testkit::on_both;

use crate::help::*;

/// The next update's type without its package, its subject.
async fn next(stream: &mut tonic::Streaming<WoundUpdate>) -> (String, String) {
    let update = soon(stream.message()).await.unwrap().unwrap();
    (update.r#type.strip_prefix("samspil.wound.v1.").unwrap().to_owned(), update.subject)
}

on_both!(a_watcher_goes_on_from_the_cursor_without_a_gap_or_a_double, |world| async move {
    let nurse = by(&world, "nurse");
    let wound = wound(&world).await.name;
    world.settle().await;
    let (mut stream, _) = nurse.watches(&wound, "").await.unwrap();
    let mut said = Vec::new();
    for i in 0..6 {
        said.push(nurse.says(&wound, &format!("message {i}")).await.unwrap());
    }
    let mut cursor = String::new();
    for message in &said[..3] {
        let update = soon(stream.message()).await.unwrap().unwrap();
        assert_eq!(update.resource, Some(Resource::Message(message.clone())));
        cursor = update.cursor;
    }
    drop(stream);
    let (mut stream, from) = nurse.watches(&wound, &cursor).await.unwrap();
    assert_eq!(from, cursor);
    for message in &said[3..] {
        assert_eq!(next(&mut stream).await, ("MessageWritten".to_owned(), message.name.clone()));
    }
    for bad in ["x", "-1", "1000000"] {
        refused(nurse.watches(&wound, bad).await.map(|_| ()), "CURSOR_INVALID");
    }
});

on_both!(a_watcher_of_one_wound_hears_of_no_other, |world| async move {
    let nurse = by(&world, "nurse");
    let (one, other) = (wound(&world).await.name, wound(&world).await.name);
    world.settle().await;
    let (mut stream, _) = nurse.watches(&one, "").await.unwrap();
    let (mut all, _) = nurse.watches(ALL, "").await.unwrap();
    nurse.says(&other, "not for this stream").await.unwrap();
    let closed = nurse.closes_wound(&one, WoundCloseReason::Healed).await.unwrap();
    assert_eq!(next(&mut stream).await, ("WoundClosed".to_owned(), closed.name.clone()));
    assert_eq!(next(&mut all).await.0, "MessageWritten");
    let update = soon(all.message()).await.unwrap().unwrap();
    assert_eq!(update.resource, Some(Resource::Wound(closed)));
    refused(
        nurse.watches(&format!("{}/wounds/{UNKNOWN}", one.split("/wounds").next().unwrap()), "").await.map(|_| ()),
        "RESOURCE_NOT_FOUND",
    );
    refused(by(&world, "outsider").watches(&one, "").await.map(|_| ()), "NO_RELATION");
});

on_both!(a_withdrawn_consent_closes_an_open_stream_to_what_comes_later, |world| async move {
    let nurse = by(&world, "nurse");
    let specialist = by(&world, "specialist");
    let patient = world.citizen().await;
    consent(&world, patient, &[demo::MUNICIPALITY]).await;
    let to_hospital = consent(&world, patient, &[demo::HOSPITAL]).await;
    let wound = nurse.opens(patient).await.unwrap().name;
    let visit = nurse.visits_with(&wound, &[]).await.name;
    let asked = nurse.requests(&visit).await.unwrap();
    let other = question(&world).await;
    let (mut wounds, _) = specialist.watches(ALL, "").await.unwrap();
    let mut queue = world.wounds("specialist").watch_queue(WatchQueueRequest::default()).await.unwrap().into_inner();
    assert_eq!(soon(queue.message()).await.unwrap().unwrap().assessment, None);
    nurse.says(&wound, "while the consent stands").await.unwrap();
    assert_eq!(next(&mut wounds).await.0, "MessageWritten");
    assert_eq!(specialist.queue(AssessmentState::Unspecified).await.unwrap().len(), 2);

    withdraw_consent(&world, &to_hospital).await;
    nurse.says(&wound, "after it was withdrawn").await.unwrap();
    nurse.closes(&asked.name, "no consent any more").await.unwrap();
    let message = nurse.says(&wound_of(&other.name), "of somebody else").await.unwrap();
    let closed = nurse.closes(&other.name, "taken back").await.unwrap();
    assert_eq!(next(&mut wounds).await, ("MessageWritten".to_owned(), message.name));
    assert_eq!(next(&mut wounds).await, ("AssessmentClosed".to_owned(), closed.name.clone()));
    let update = soon(queue.message()).await.unwrap().unwrap();
    assert_eq!((update.r#type.as_str(), update.assessment), ("samspil.wound.v1.AssessmentClosed", Some(closed)));

    refused(specialist.gets_wound(&wound).await, "NO_RELATION");
    refused(specialist.gets(&asked.name).await, "NO_RELATION");
    let request = ListWoundsRequest { parent: "patients/-".to_owned(), ..ListWoundsRequest::default() };
    let listed = specialist.0.clone().list_wounds(request).await.unwrap().into_inner().wounds;
    assert_eq!(listed.len(), 1);
});

on_both!(the_queue_is_watched_by_those_who_are_asked, |world| async move {
    let mut queue = world.wounds("specialist").watch_queue(WatchQueueRequest::default()).await.unwrap().into_inner();
    assert_eq!(soon(queue.message()).await.unwrap().unwrap().r#type, "");
    let asked = question(&world).await;
    let claimed = by(&world, "specialist2").claims(&asked.name).await.unwrap();
    // One to somebody else about the same wound is not of this queue.
    let mut request = assessment_request(&asked.visits[0]);
    request.assessment.as_mut().unwrap().receiver = organisation(demo::PRACTICE);
    world.wounds("nurse").request_assessment(request).await.unwrap();
    by(&world, "specialist2").releases(&asked.name).await.unwrap();
    for kind in ["AssessmentRequested", "AssessmentClaimed", "AssessmentReleased"] {
        let update = soon(queue.message()).await.unwrap().unwrap();
        assert_eq!(update.r#type, format!("samspil.wound.v1.{kind}"));
        assert_eq!(update.assessment.unwrap().name, claimed.name);
    }
});

on_both!(whoever_is_told_of_a_change_stands_in_the_audit_log, |world| async move {
    let asked = question(&world).await;
    let wound = wound_of(&asked.name);
    let (mut stream, _) = by(&world, "specialist").watches(ALL, "").await.unwrap();
    by(&world, "nurse").says(&wound, "hello").await.unwrap();
    next(&mut stream).await;
    let entries = audited(&world, patient_of(&wound)).await;
    assert!(entries.contains(&("demo-specialist".into(), "WatchWounds".into(), "OK".into())), "{entries:?}");
});
