//! Whoever may not see a patient any more sees nothing more, in calls that run as well as in new ones.

use samspil_kit::identity::demo;
use samspil_proto::{
    directory::v1::{BlockKind, Consent},
    names::PatientName,
    wound::v1::*,
};
use samspil_testkit::{World, on_both};
use tonic::Streaming;

use crate::help::*;

/// A patient with a consent for the municipality and one for the hospital, and a question to it.
async fn asked(world: &World) -> (PatientName, Consent, Assessment) {
    let patient = world.citizen().await;
    world.consent_to(patient, &[demo::MUNICIPALITY]).await;
    let to_hospital = world.consent_to(patient, &[demo::HOSPITAL]).await;
    let nurse = by(world, "nurse");
    let wound = nurse.opens(patient).await.unwrap().name;
    let visit = nurse.visits_with(&wound, &[]).await.name;
    let asked = nurse.requests(&visit).await.unwrap();
    world.settle().await;
    (patient, to_hospital, asked)
}

/// Passes when a stream of one patient ends as a call of an outsider does, with nothing before.
async fn ends(stream: &mut Streaming<WoundUpdate>) {
    refused(soon(stream.message()).await, "NO_RELATION");
    assert_eq!(soon(stream.message()).await.unwrap(), None);
}

async fn watches_queue(world: &World, person: &str) -> Streaming<QueueUpdate> {
    let mut queue = world.wounds(person).watch_queue(WatchQueueRequest::default()).await.unwrap().into_inner();
    assert_eq!(soon(queue.message()).await.unwrap().unwrap().assessment, None);
    queue
}

on_both!(a_stream_of_one_wound_ends_when_the_consent_is_withdrawn, |world| async move {
    let (_, consent, asked) = asked(&world).await;
    let wound = wound_of(&asked.name);
    let (mut stream, _) = by(&world, "specialist").watches(&wound, "").await.unwrap();
    // Nothing happens to the wound: the stream ends all the same.
    world.withdraw(&consent).await;
    ends(&mut stream).await;
    // What came before it was opened is not told either.
    refused(by(&world, "specialist").watches(&wound, "").await.map(|_| ()), "NO_RELATION");
});

on_both!(a_stream_of_one_wound_tells_nothing_after_a_block, |world| async move {
    let (patient, _, asked) = asked(&world).await;
    let wound = wound_of(&asked.name);
    let (mut blocked, _) = by(&world, "specialist").watches(&wound, "").await.unwrap();
    let (mut colleague, _) = by(&world, "specialist2").watches(&wound, "").await.unwrap();
    let block = world.block(patient, BlockKind::Person, "demo-specialist").await;
    let said = by(&world, "nurse").says(&wound, "after the block").await.unwrap();
    ends(&mut blocked).await;
    let update = soon(colleague.message()).await.unwrap().unwrap();
    assert_eq!(update.subject, said.name);
    world.lift(&block).await;
    by(&world, "specialist").watches(&wound, "").await.unwrap();
});

on_both!(streams_over_many_patients_go_on_without_one_who_blocks, |world| async move {
    let (patient, _, blocking) = asked(&world).await;
    let (_, _, open) = asked(&world).await;
    let nurse = by(&world, "nurse");
    let (mut wounds, _) = by(&world, "specialist").watches(ALL, "").await.unwrap();
    let mut queue = watches_queue(&world, "specialist").await;
    world.block(patient, BlockKind::Organisation, &organisation(demo::HOSPITAL)).await;
    for question in [&blocking, &open] {
        nurse.closes(&question.name, "not needed any more").await.unwrap();
    }
    let update = soon(wounds.message()).await.unwrap().unwrap();
    assert_eq!(update.subject, open.name);
    let update = soon(queue.message()).await.unwrap().unwrap();
    assert_eq!(update.assessment.unwrap().name, open.name);
});

on_both!(a_withdrawn_consent_takes_a_patient_off_the_open_queue, |world| async move {
    let (_, consent, withdrawn) = asked(&world).await;
    let (_, _, open) = asked(&world).await;
    let mut queue = watches_queue(&world, "specialist").await;
    world.withdraw(&consent).await;
    for question in [&withdrawn, &open] {
        by(&world, "nurse").closes(&question.name, "not needed any more").await.unwrap();
    }
    assert_eq!(soon(queue.message()).await.unwrap().unwrap().assessment.unwrap().name, open.name);
});

on_both!(a_download_on_its_way_stops, |world| async move {
    let (_, consent, asked) = asked(&world).await;
    let nurse = by(&world, "nurse");
    // More than lies in the buffers between the two.
    let picture = Picture::png(3, 2400, 1600);
    let visit = nurse.visits_with(&wound_of(&asked.name), &[&picture]).await.name;
    let request = DownloadPhotoRequest { name: picture.name(&visit), rendition: Rendition::Original.into() };
    let mut stream = said(world.wounds("specialist").download_photo(request).await).unwrap();
    let mut got = soon(stream.message()).await.unwrap().unwrap().data.len();
    world.withdraw(&consent).await;
    let end = loop {
        match soon(stream.message()).await {
            Ok(Some(message)) => got += message.data.len(),
            end => break end,
        }
    };
    refused(end, "NO_RELATION");
    assert!(got < picture.bytes.len(), "{got} of {}", picture.bytes.len());
});

on_both!(a_blocked_patient_stands_on_no_list_of_the_blocked_person_and_on_those_of_others, |world| async move {
    let (patient, _, blocking) = asked(&world).await;
    let (_, _, open) = asked(&world).await;
    let block = world.block(patient, BlockKind::Person, "demo-specialist").await;
    let listed = async |person: &str| {
        let request = ListWoundsRequest { parent: "patients/-".to_owned(), ..ListWoundsRequest::default() };
        let wounds = said(world.wounds(person).list_wounds(request).await).unwrap().wounds.len();
        let request = ListFlagsRequest { parent: ALL.to_owned(), ..ListFlagsRequest::default() };
        said(world.wounds(person).list_flags(request).await).unwrap();
        let mut queue: Vec<_> =
            by(&world, person).queue(AssessmentState::Unspecified).await.unwrap().into_iter().map(|a| a.name).collect();
        queue.sort();
        (wounds, queue)
    };
    let mut both = vec![blocking.name.clone(), open.name.clone()];
    both.sort();
    assert_eq!(listed("specialist").await, (1, vec![open.name.clone()]));
    assert_eq!(listed("specialist2").await, (2, both.clone()));
    let request = ListWoundsRequest { parent: patient.to_string(), ..ListWoundsRequest::default() };
    refused(world.wounds("specialist").list_wounds(request).await, "NO_RELATION");
    world.lift(&block).await;
    assert_eq!(listed("specialist").await, (2, both));
});

on_both!(a_block_is_known_to_the_refused_in_the_audit_log_alone, |world| async move {
    let (patient, _, asked) = asked(&world).await;
    let block = world.block(patient, BlockKind::Everybody, "").await;
    let wound = wound_of(&asked.name);
    let kept_out = by(&world, "specialist").gets_wound(&wound).await.unwrap_err();
    let outsider = by(&world, "outsider").gets_wound(&wound).await.unwrap_err();
    assert_eq!((kept_out.code(), kept_out.message()), (outsider.code(), outsider.message()));
    assert_eq!(kept_out.details(), outsider.details());
    let mut tx = world.dbs["wound"].read().await.unwrap();
    let entries = samspil_store::audit::of_patient(&mut tx, patient.patient, 100).await.unwrap();
    let basis = |person: &str| {
        let entry = entries.iter().find(|entry| entry.person == person).unwrap();
        (entry.outcome.as_str(), entry.basis.as_str(), entry.reason.as_str())
    };
    assert_eq!(basis("demo-specialist"), ("NO_RELATION", "BLOCK", block.name.as_str()));
    assert_eq!(basis("demo-outsider"), ("NO_RELATION", "", ""));
});
