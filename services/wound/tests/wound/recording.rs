//! Wounds and visits: what may be written, and what not.

use samspil_proto::wound::v1::*;
use samspil_testkit::{on_both, refusal, request_id};
use tonic::Code;

use crate::help::*;

on_both!(a_visit_cannot_be_completed_while_photos_are_missing, |world| async move {
    let pictures = [Picture::phantom(1), Picture::phantom(2), Picture::phantom(3)];
    let nurse = by(&world, "nurse");
    let visit = nurse.visits(&wound(&world).await.name, &pictures.each_ref()).await.unwrap().name;
    nurse.uploads(&pictures[1].name(&visit), &pictures[1].bytes, 64 << 10).await.unwrap();
    let refusal = refused(nurse.completes(&visit).await, "PHOTOS_MISSING");
    assert_eq!(refusal.code, Code::FailedPrecondition);
    let mut missing: Vec<_> = refusal.metadata["photos"].split(' ').map(str::to_owned).collect();
    let mut expected = [pictures[0].name(&visit), pictures[2].name(&visit)];
    missing.sort();
    expected.sort();
    assert_eq!(missing, expected);
    let state = nurse.gets_visit(&visit).await.unwrap().state();
    assert_eq!(state, VisitState::Open);
    assert_eq!(nurse.gets_wound(&wound_of(&visit)).await.unwrap().next_photo_due_time, None);

    // A better one is announced meanwhile.
    let better = Picture::phantom(4);
    assert_eq!(nurse.announces(&visit, &better).await.unwrap().state(), PhotoState::Announced);
    for picture in [&pictures[0], &pictures[2], &better] {
        nurse.uploads(&picture.name(&visit), &picture.bytes, 64 << 10).await.unwrap();
    }
    assert_eq!(nurse.completes(&visit).await.unwrap().photos.len(), 4);
    refused(nurse.completes(&visit).await, "VISIT_COMPLETE");
    refused(nurse.announces(&visit, &Picture::phantom(5)).await, "VISIT_COMPLETE");
});

on_both!(every_violation_of_a_visit_is_told_at_once, |world| async move {
    let bad = Photo { size_bytes: 0, photo_id: "x".to_owned(), ..Photo::default() };
    let request = CreateVisitRequest {
        parent: wound(&world).await.name,
        visit_id: "7".to_owned(),
        visit: Some(Visit {
            findings: Some(Findings {
                length_mm: Some(-3),
                pain: Some(11),
                tissue: vec![TissueShare { r#type: 0, percent: 200 }],
                ..Findings::default()
            }),
            photos: vec![bad],
            ..Visit::default()
        }),
        request_id: "again".to_owned(),
    };
    let refusal = refused(world.wounds("nurse").create_visit(request).await, "INVALID_REQUEST");
    let mut fields = refusal.fields;
    fields.sort();
    assert_eq!(
        fields,
        [
            "request_id",
            "visit.findings.length_mm",
            "visit.findings.pain",
            "visit.findings.tissue[0].percent",
            "visit.findings.tissue[0].type",
            "visit.photos[0].capture_time",
            "visit.photos[0].photo_id",
            "visit.photos[0].sha256",
            "visit.photos[0].size_bytes",
            "visit.visit_time",
            "visit_id",
        ]
    );
});

on_both!(findings_that_contradict_themselves_are_refused, |world| async move {
    let wound = wound(&world).await.name;
    let share = |r#type: TissueType, percent| TissueShare { r#type: r#type.into(), percent };
    for (tissue, field) in [
        (vec![share(TissueType::Slough, 60), share(TissueType::Necrosis, 41)], "visit.findings.tissue"),
        (vec![share(TissueType::Slough, 10), share(TissueType::Slough, 20)], "visit.findings.tissue"),
    ] {
        let mut request = visit_request(&wound, &[]);
        request.visit.as_mut().unwrap().findings.as_mut().unwrap().tissue = tissue;
        let refusal = refused(world.wounds("nurse").create_visit(request).await, "INVALID_REQUEST");
        assert_eq!(refusal.fields, [field]);
    }
    let mut request = visit_request(&wound, &[]);
    request.visit.as_mut().unwrap().visit_time.as_mut().unwrap().seconds = i64::MIN;
    let refusal = refused(world.wounds("nurse").create_visit(request).await, "INVALID_REQUEST");
    assert_eq!(refusal.fields, ["visit.visit_time"]);
});

on_both!(a_wound_began_on_a_day_that_exists, |world| async move {
    let patient = world.citizen_with_consent().await;
    let request = OpenWoundRequest {
        parent: patient.to_string(),
        wound: Some(Wound { onset_date: "2026-02-30".to_owned(), ..heel() }),
        request_id: request_id(),
    };
    let refusal = refused(world.wounds("nurse").open_wound(request).await, "INVALID_REQUEST");
    assert_eq!(refusal.fields, ["wound.onset_date"]);
});

on_both!(a_request_that_is_repeated_gets_the_same_answer_and_has_one_effect, |world| async move {
    let nurse = world.wounds("nurse");
    let (mut first, mut second) = (nurse.clone(), nurse.clone());
    let wound = wound(&world).await.name;
    let picture = Picture::phantom(1);
    let request = visit_request(&wound, &[&picture]);
    let (one, other) = tokio::join!(first.create_visit(request.clone()), second.create_visit(request.clone()));
    let (one, other) = (one.unwrap().into_inner(), other.unwrap().into_inner());
    assert_eq!(one, other);
    // Even when things have changed since.
    by(&world, "nurse").withdraws(&picture.name(&one.name)).await.unwrap();
    let again = nurse.clone().create_visit(request.clone()).await.unwrap().into_inner();
    assert_eq!(again, one);
    events_come(&world, "VisitRecorded", 1).await;

    let other = CreateVisitRequest { parent: crate::help::wound(&world).await.name, ..request.clone() };
    assert_eq!(refused(nurse.clone().create_visit(other).await, "REQUEST_ID_REUSED").code, Code::InvalidArgument);
    // Somebody else's ids are their own.
    let colleague = CreateVisitRequest { request_id: request.request_id, ..visit_request(&wound, &[]) };
    second_nurse(&world).0.create_visit(colleague).await.unwrap();
});

on_both!(a_visits_id_is_used_once, |world| async move {
    let wound = wound(&world).await.name;
    let request = visit_request(&wound, &[]);
    world.wounds("nurse").create_visit(request.clone()).await.unwrap();
    let second = CreateVisitRequest { request_id: request_id(), ..request };
    assert_eq!(refused(world.wounds("nurse").create_visit(second).await, "VISIT_EXISTS").code, Code::AlreadyExists);
});

on_both!(an_old_etag_is_refused, |world| async move {
    let nurse = by(&world, "nurse");
    let visit = nurse.visits(&wound(&world).await.name, &[]).await.unwrap();
    let complete =
        |etag: &str| CompleteVisitRequest { name: visit.name.clone(), etag: etag.to_owned(), request_id: request_id() };
    assert_eq!(refused(nurse.0.clone().complete_visit(complete("v9")).await, "ETAG_MISMATCH").code, Code::Aborted);
    let done = nurse.0.clone().complete_visit(complete(&visit.etag)).await.unwrap().into_inner();
    assert_ne!(done.etag, visit.etag);
    let close = |etag: &str| CloseWoundRequest {
        name: wound_of(&visit.name),
        reason: WoundCloseReason::Healed.into(),
        etag: etag.to_owned(),
        request_id: request_id(),
    };
    // The completed visit started the wound's clock: the wound is another than it was.
    refused(nurse.0.clone().close_wound(close("v1")).await, "ETAG_MISMATCH");
    let etag = nurse.gets_wound(&wound_of(&visit.name)).await.unwrap().etag;
    nurse.0.clone().close_wound(close(&etag)).await.unwrap();
});

on_both!(a_wound_is_closed_by_its_owner_when_no_question_is_open, |world| async move {
    let asked = question(&world).await;
    let wound = wound_of(&asked.name);
    let nurse = by(&world, "nurse");
    refused(nurse.closes_wound(&wound, WoundCloseReason::Healed).await, "ASSESSMENT_OPEN");
    assert_eq!(
        refused(nurse.closes_wound(&wound, WoundCloseReason::Unspecified).await, "INVALID_REQUEST").fields,
        ["reason"]
    );
    nurse.closes(&asked.name, "the patient is in hospital").await.unwrap();
    let closed = nurse.closes_wound(&wound, WoundCloseReason::CalledIn).await.unwrap();
    assert_eq!((closed.state(), closed.close_reason()), (WoundState::Closed, WoundCloseReason::CalledIn));
    refused(nurse.closes_wound(&wound, WoundCloseReason::Healed).await, "WOUND_CLOSED");
    refused(nurse.visits(&wound, &[]).await, "WOUND_CLOSED");
    refused(nurse.requests(&asked.visits[0]).await, "WOUND_CLOSED");
    // What was written stays readable, and may be talked about.
    nurse.gets_visit(&asked.visits[0]).await.unwrap();
    nurse.says(&wound, "she is home again").await.unwrap();
});

on_both!(another_organisation_that_takes_part_does_not_close_the_wound, |world| async move {
    // A nurse of the hospital: the role is right, the organisation does not keep the record.
    let answered = answered(&world).await;
    let mut caller = world.person("specialist");
    caller.role = "nurse".to_owned();
    let token = world.issuer.sign(&caller, chrono::TimeDelta::days(1)).unwrap();
    let nurse = By(wound_service_client::WoundServiceClient::new(world.with_token(token)));
    let refusal =
        refused(nurse.closes_wound(&wound_of(&answered.name), WoundCloseReason::Healed).await, "NOT_THE_OWNER");
    assert_eq!(refusal.code, Code::PermissionDenied);
});

on_both!(messages_go_to_everyone_who_takes_part, |world| async move {
    let asked = question(&world).await;
    let wound = wound_of(&asked.name);
    let first = by(&world, "nurse").says(&wound, "she has a fever").await.unwrap();
    world.clock.advance(chrono::TimeDelta::minutes(1));
    let second = by(&world, "specialist").says(&wound, "then send her in").await.unwrap();
    assert_eq!(second.author.as_ref().unwrap().display_name, "Søren Holm");
    let request = ListMessagesRequest { parent: wound.clone(), ..ListMessagesRequest::default() };
    let listed = world.wounds("nurse").list_messages(request).await.unwrap().into_inner().messages;
    assert_eq!(listed, [second, first]);
    let empty = by(&world, "nurse").says(&wound, "").await;
    assert_eq!(refusal(empty).fields, ["message.text"]);
});

on_both!(text_that_one_engine_cannot_hold_is_refused_by_both, |world| async move {
    let wound = wound(&world).await.name;
    let refusal = refused(by(&world, "nurse").says(&wound, "a\0b").await, "INVALID_REQUEST");
    assert_eq!(refusal.fields, ["message.text"]);
    let everything = "\u{1F9B6} é \u{202E} \n\t' \" ; -- %_";
    assert_eq!(by(&world, "nurse").says(&wound, everything).await.unwrap().text, everything);
});
