//! Who is let in, and what those hear who are not.

use samspil_kit::identity::Issuer;
use samspil_proto::wound::v1::{wound_service_client::WoundServiceClient, *};
use samspil_testkit::{on_both, refusal, request_id};
use tonic::{Code, Status};

use crate::help::*;

/// What somebody hears who calls each of the methods about a wound, and what is in it.
macro_rules! each_call {
    ($person:expr, $names:expr, { $($rpc:ident($request:ident { $field:ident: $kind:ident $(, $more:ident: $value:expr)* $(,)? }));* $(;)? }) => {{
        let mut heard: Vec<(&str, Status)> = Vec::new();
        $({
            #[allow(clippy::needless_update, reason = "some of these requests have no other field")]
            let request = $request { $field: $names.$kind.clone(), $($more: $value,)* ..$request::default() };
            let status = $person.0.clone().$rpc(request).await.map(|_| ()).expect_err(stringify!($rpc));
            heard.push((stringify!($rpc), status));
        })*
        heard
    }};
}

/// Names of things, or of nothing.
struct Names {
    wound: String,
    visit: String,
    photo: String,
    assessment: String,
    flag: String,
    outline: String,
}

on_both!(an_outsider_hears_the_same_whether_or_not_a_thing_exists, |world| async move {
    let asked = question(&world).await;
    let picture = Picture::phantom(1);
    let nurse = by(&world, "nurse");
    let visit = nurse.visits_with(&wound_of(&asked.name), &[&picture]).await.name;
    let there = Names {
        wound: wound_of(&asked.name),
        outline: nurse.draws(&picture.name(&visit), square(), None).await.unwrap().name,
        photo: picture.name(&visit),
        visit,
        assessment: asked.name.clone(),
        flag: format!("{}/flags/{UNKNOWN}", wound_of(&asked.name)),
    };
    let patient = asked.name.split("/wounds").next().unwrap();
    let wound = format!("{patient}/wounds/{UNKNOWN}");
    let nowhere = Names {
        visit: format!("{wound}/visits/{UNKNOWN}"),
        photo: format!("{wound}/visits/{UNKNOWN}/photos/{UNKNOWN}"),
        assessment: format!("{wound}/assessments/{UNKNOWN}"),
        flag: format!("{wound}/flags/{UNKNOWN}"),
        outline: format!("{wound}/visits/{UNKNOWN}/photos/{UNKNOWN}/outlines/{UNKNOWN}"),
        wound,
    };
    // One who may do everything, but for whom no consent stands.
    let person = async |role: &str, names: &Names| {
        let mut caller = world.person("outsider");
        caller.role = role.to_owned();
        let token = world.issuer.sign(&caller, chrono::TimeDelta::days(1)).unwrap();
        let person = By(WoundServiceClient::new(world.with_token(token)));
        let photo = Some(Picture::phantom(2).announced);
        let mut heard = match role {
            "nurse" => each_call!(person, names, {
                get_wound(GetWoundRequest { name: wound });
                close_wound(CloseWoundRequest { name: wound, reason: 1, request_id: request_id() });
                create_visit(CreateVisitRequest {
                    parent: wound,
                    visit: visit_request("", &[]).visit,
                    visit_id: request_id(),
                    request_id: request_id(),
                });
                get_visit(GetVisitRequest { name: visit });
                list_visits(ListVisitsRequest { parent: wound });
                complete_visit(CompleteVisitRequest { name: visit, request_id: request_id() });
                announce_photo(AnnouncePhotoRequest { parent: visit, photo: photo, request_id: request_id() });
                withdraw_photo(WithdrawPhotoRequest { name: photo, reason: "x".into(), request_id: request_id() });
                get_photo(GetPhotoRequest { name: photo });
                get_upload(GetUploadRequest { name: photo });
                download_photo(DownloadPhotoRequest { name: photo });
                append_photo(AppendPhotoRequest { name: photo, offset: 0, data: bytes::Bytes::from_static(b"x") });
                request_assessment(RequestAssessmentRequest {
                    parent: wound,
                    assessment: assessment_request(&names.visit).assessment,
                    request_id: request_id(),
                });
                get_assessment(GetAssessmentRequest { name: assessment });
                list_assessments(ListAssessmentsRequest { parent: wound });
                supply_more(SupplyMoreRequest { name: assessment, reply: "x".into(), request_id: request_id() });
                close_assessment(CloseAssessmentRequest {
                    name: assessment,
                    reason: "x".into(),
                    request_id: request_id(),
                });
                create_message(CreateMessageRequest {
                    parent: wound,
                    message: Some(Message { text: "x".into(), ..Message::default() }),
                    request_id: request_id(),
                });
                list_messages(ListMessagesRequest { parent: wound });
                watch_wounds(WatchWoundsRequest { name: wound });
                update_wound(UpdateWoundRequest {
                    name: wound,
                    wound: Some(heel()),
                    update_mask: Some(prost_types::FieldMask { paths: vec!["label".into()] }),
                    request_id: request_id(),
                });
                create_score(CreateScoreRequest {
                    parent: wound,
                    score: Some(Score {
                        input: Some(score::Input::Wagner(WagnerInput { grade: 1 })),
                        ..Score::default()
                    }),
                    request_id: request_id(),
                });
                list_scores(ListScoresRequest { parent: wound });
                get_healing(GetHealingRequest { name: wound });
                get_photo_tile(GetPhotoTileRequest { name: photo });
                create_outline(CreateOutlineRequest {
                    parent: photo,
                    outline: Some(Outline { points: square(), ..Outline::default() }),
                    request_id: request_id(),
                });
                list_outlines(ListOutlinesRequest { parent: photo });
                withdraw_outline(WithdrawOutlineRequest { name: outline, request_id: request_id() });
                list_flags(ListFlagsRequest { parent: wound });
                acknowledge_flag(AcknowledgeFlagRequest { name: flag, note: "x".into(), request_id: request_id() });
            }),
            _ => each_call!(person, names, {
                claim_assessment(ClaimAssessmentRequest { name: assessment, request_id: request_id() });
                release_assessment(ReleaseAssessmentRequest { name: assessment, request_id: request_id() });
                ask_for_more(AskForMoreRequest { name: assessment, question: "x".into(), request_id: request_id() });
                answer_assessment(AnswerAssessmentRequest {
                    name: assessment,
                    answer: Some(answer()),
                    request_id: request_id(),
                });
                amend_answer(AmendAnswerRequest {
                    name: assessment,
                    answer: Some(answer()),
                    reason: "x".into(),
                    request_id: request_id(),
                });
            }),
        };
        if role == "nurse" {
            heard.push(("upload_photo", person.begins(&names.photo).await.map(|_| ()).unwrap_err()));
        }
        heard
    };
    let mut calls = 0;
    for role in ["nurse", "specialist"] {
        let heard = person(role, &there).await;
        let of_nothing = person(role, &nowhere).await;
        calls += heard.len() + of_nothing.len();
        for ((rpc, one), (_, other)) in heard.into_iter().zip(of_nothing) {
            assert_eq!(
                (one.code(), one.message(), one.details()),
                (other.code(), other.message(), other.details()),
                "{rpc}"
            );
            assert_eq!(one.code(), Code::PermissionDenied, "{rpc}");
            assert_eq!(refusal::<()>(Err(one)).reason, "NO_RELATION", "{rpc}");
        }
    }
    refused(by(&world, "outsider").opens(patient.parse().unwrap()).await, "NO_RELATION");
    // Each of these calls stands in the audit log.
    let entries = audited(&world, patient_of(&asked.name)).await;
    let refusals = entries.iter().filter(|(who, _, how)| who == "demo-outsider" && how == "NO_RELATION");
    assert_eq!(refusals.count(), calls + 1);
});

on_both!(a_consent_alone_does_not_open_a_wound_that_one_has_no_part_in, |world| async move {
    let asked = question(&world).await;
    let wound = wound_of(&asked.name);
    let gp = by(&world, "gp");
    assert_eq!(refused(gp.gets_wound(&wound).await, "RESOURCE_NOT_FOUND").code, Code::NotFound);
    refused(gp.gets(&asked.name).await, "RESOURCE_NOT_FOUND");
    refused(gp.gets_visit(&asked.visits[0]).await, "RESOURCE_NOT_FOUND");
    refused(gp.says(&wound, "hello").await, "RESOURCE_NOT_FOUND");
    refused(gp.watches(&wound, "").await.map(|_| ()), "RESOURCE_NOT_FOUND");
    let exists = gp.gets_wound(&wound).await.unwrap_err();
    let nothing = gp.gets_wound(&format!("{}/wounds/{UNKNOWN}", asked.name.split("/wounds").next().unwrap())).await;
    assert_eq!((exists.message(), exists.details()), {
        let nothing = nothing.as_ref().unwrap_err();
        (nothing.message(), nothing.details())
    });
});

on_both!(each_role_has_its_own_methods, |world| async move {
    let asked = question(&world).await;
    let wound = wound_of(&asked.name);
    let visit = &asked.visits[0];
    let specialist = by(&world, "specialist");
    let heard = [
        specialist.opens(asked.name.split("/wounds").next().unwrap().parse().unwrap()).await.map(|_| ()),
        specialist.closes_wound(&wound, WoundCloseReason::Healed).await.map(|_| ()),
        specialist.visits(&wound, &[]).await.map(|_| ()),
        specialist.completes(visit).await.map(|_| ()),
        specialist.announces(visit, &Picture::phantom(1)).await.map(|_| ()),
        specialist.withdraws(&format!("{visit}/photos/{UNKNOWN}")).await.map(|_| ()),
        specialist.gets_upload(&format!("{visit}/photos/{UNKNOWN}")).await.map(|_| ()),
        specialist.appends(&format!("{visit}/photos/{UNKNOWN}"), 0, b"x").await.map(|_| ()),
        specialist.requests(visit).await.map(|_| ()),
    ];
    for answer in heard {
        let refusal = refused(answer, "NO_PERMISSION");
        assert_eq!((refusal.code, refusal.metadata["role"].as_str()), (Code::PermissionDenied, "specialist"));
    }
    // Specialists follow up what they asked themselves, which is a second opinion.
    for answer in [specialist.supplies(&asked.name, "x", "").await, specialist.closes(&asked.name, "x").await] {
        refused(answer, "NOT_THE_REQUESTER");
    }
    for person in [by(&world, "nurse"), by(&world, "gp")] {
        for answer in [
            person.queue(AssessmentState::Unspecified).await.map(|_| ()),
            person.0.clone().watch_queue(WatchQueueRequest::default()).await.map(|_| ()),
            person.claims(&asked.name).await.map(|_| ()),
            person.releases(&asked.name).await.map(|_| ()),
            person.asks(&asked.name, "x").await.map(|_| ()),
            person.answers(&asked.name, answer()).await.map(|_| ()),
            person.amends(&asked.name, answer(), "x").await.map(|_| ()),
        ] {
            refused(answer, "NO_PERMISSION");
        }
    }
    refused(by(&world, "administrator").gets_wound(&wound).await, "NO_PERMISSION");
});

on_both!(without_a_token_of_ours_nobody_is_let_in, |world| async move {
    let wound = wound(&world).await.name;
    let request = || GetWoundRequest { name: wound.clone() };
    let nobody = WoundServiceClient::new(world.channel()).get_wound(request()).await;
    assert_eq!(refused(nobody, "TOKEN_MISSING").code, Code::Unauthenticated);
    let theirs = Issuer::fresh(world.clock.clone()).unwrap();
    let token = theirs.sign(&world.person("nurse"), chrono::TimeDelta::days(1)).unwrap();
    let stranger = By(WoundServiceClient::new(world.with_token(token)));
    assert_eq!(refused(stranger.gets_wound(&wound).await, "TOKEN_INVALID").code, Code::Unauthenticated);
    let uploading = stranger.begins(&format!("{wound}/visits/{UNKNOWN}/photos/{UNKNOWN}")).await;
    refused(uploading.map(|_| ()), "TOKEN_INVALID");
    let nurse = by(&world, "nurse");
    nurse.gets_wound(&wound).await.unwrap();
    world.clock.advance(chrono::TimeDelta::days(400));
    assert_eq!(refused(nurse.gets_wound(&wound).await, "TOKEN_EXPIRED").code, Code::Unauthenticated);
    by(&world, "nurse").gets_wound(&wound).await.unwrap();
});

on_both!(a_name_that_is_none_is_told_before_anything_else, |world| async move {
    let nurse = by(&world, "nurse");
    assert_eq!(refused(nurse.gets_wound("wounds/1").await, "INVALID_REQUEST").fields, ["name"]);
    // Right for the contract's pattern, and yet no name.
    let dashes = "-".repeat(36);
    assert_eq!(
        refused(nurse.gets_wound(&format!("patients/{dashes}/wounds/{dashes}")).await, "INVALID_REQUEST").fields,
        ["name"]
    );
    let watch = nurse.watches(&format!("patients/{dashes}/wounds/{dashes}"), "").await;
    assert_eq!(refused(watch.map(|_| ()), "INVALID_REQUEST").fields, ["name"]);
});
