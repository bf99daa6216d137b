//! Scores through the RPC: by the published limits, never down-staged, PUSH by itself.

use samspil_proto::wound::v1::{score::Input, wound_update::Resource, *};
use samspil_testkit::{on_both, refusal, request_id};
use tonic::Code;

use crate::help::*;

/// A score's number, its band, and where the number lies.
fn told(score: &Score) -> (i32, &str, (i32, i32)) {
    let result = score.result.as_ref().unwrap();
    (result.total, result.band.as_str(), (result.minimum, result.maximum))
}

fn push(length_mm: i32, width_mm: i32, exudate: i32, tissue: i32) -> Input {
    Input::Push(PushInput { length_mm, width_mm, exudate, tissue })
}

fn bwat(items: [i32; 13], area_mm2: Option<i32>) -> Input {
    Input::Bwat(BwatInput { items: items.to_vec(), area_mm2 })
}

fn pressure(stage: PressureStage, healing: bool) -> Input {
    Input::PressureStage(PressureStageInput { stage: stage.into(), healing })
}

on_both!(each_instrument_gives_its_number_by_its_table, |world| async move {
    let wound = wound(&world).await.name;
    let nurse = by(&world, "nurse");
    let foot = SinbadInput { site: true, area: true, ..SinbadInput::default() };
    let texas = TexasInput { grade: 2, infection: true, ischaemia: true };
    let wifi = WifiInput { wound: 1, infection: 0, toe_pressure_mmhg: Some(45), ..WifiInput::default() };
    for (input, instrument, number) in [
        (push(0, 0, 0, 0), "push", (0, "", (0, 17))),
        // Rounded half up to a tenth of a square centimetre: 0.64 and 0.65.
        (push(16, 4, 0, 1), "push", (3, "", (0, 17))),
        (push(13, 5, 0, 1), "push", (4, "", (0, 17))),
        (push(1, 1, 0, 0), "push", (1, "", (0, 17))),
        (push(37, 31, 1, 3), "push", (12, "", (0, 17))),
        (push(300, 200, 3, 4), "push", (17, "", (0, 17))),
        (bwat([1; 13], None), "bwat", (13, "minimal", (13, 65))),
        (bwat([5; 13], None), "bwat", (65, "extreme", (13, 65))),
        (bwat([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], Some(1600)), "bwat", (14, "minimal", (13, 65))),
        (bwat([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], Some(1601)), "bwat", (15, "minimal", (13, 65))),
        (Input::Sinbad(foot), "sinbad", (2, "below_3", (0, 6))),
        (Input::Wagner(WagnerInput { grade: 0 }), "wagner", (0, "at_risk", (0, 5))),
        (Input::Wagner(WagnerInput { grade: 5 }), "wagner", (5, "extensive_gangrene", (0, 5))),
        (Input::Texas(texas), "texas", (2, "D", (0, 3))),
        (Input::Texas(TexasInput::default()), "texas", (0, "A", (0, 3))),
        (pressure(PressureStage::DeepTissueInjury, false), "pressure_stage", (0, "suspected_deep_tissue", (0, 4))),
        (pressure(PressureStage::Ii, false), "pressure_stage", (2, "stage_2", (0, 4))),
    ] {
        let score = nurse.scores(&wound, input.clone()).await.unwrap();
        assert_eq!(told(&score), number, "{input:?}");
        let result = score.result.as_ref().unwrap();
        assert_eq!((result.instrument.as_str(), result.table_version.is_empty()), (instrument, false));
        assert_eq!((&score.input, at(score.observe_time).as_str()), (&Some(input), "2026-11-18T08:00:00Z"));
        assert_eq!(score.recorded_by.unwrap().person, "demo-nurse");
    }
    let measured = nurse.scores(&wound, Input::Wifi(wifi)).await.unwrap();
    let items: Vec<_> = measured.result.unwrap().items.into_iter().map(|item| (item.code, item.points)).collect();
    assert_eq!(items, [("wound".to_owned(), 1), ("ischaemia".to_owned(), 1), ("infection".to_owned(), 0)]);
    assert_eq!(nurse.scored(&wound, "").await.unwrap().len(), 18);
    assert_eq!(nurse.scored(&wound, "texas").await.unwrap().len(), 2);
    assert_eq!(nurse.scored(&wound, "apgar").await.unwrap(), []);
});

on_both!(what_cannot_be_scored_is_told_with_its_reason, |world| async move {
    let wound = wound(&world).await.name;
    let nurse = by(&world, "nurse");
    let stiff = WifiInput { wound: 1, abi_hundredths: Some(131), ..WifiInput::default() };
    for (input, reason, field) in [
        (push(20, 0, 0, 1), "SCORE_INPUT_CONTRADICTORY", "width_mm"),
        (bwat([0; 13], None), "SCORE_INPUT_MISSING", "size"),
        (bwat([1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], None), "SCORE_INPUT_OUT_OF_RANGE", "depth"),
        (bwat([1; 13], Some(9000)), "SCORE_INPUT_CONTRADICTORY", "size"),
        (Input::Wifi(WifiInput::default()), "SCORE_INPUT_MISSING", "ischaemia"),
        (Input::Wifi(stiff), "ABI_NOT_COMPRESSIBLE", "abi_hundredths"),
    ] {
        let refusal = refused(nurse.scores(&wound, input).await, reason);
        assert_eq!((refusal.code, refusal.metadata["field"].as_str()), (Code::InvalidArgument, field));
    }
    let toe = WifiInput { toe_pressure_mmhg: Some(70), ..stiff };
    nurse.scores(&wound, Input::Wifi(toe)).await.unwrap();
    let nothing = CreateScoreRequest { parent: wound.clone(), score: Some(Score::default()), request_id: request_id() };
    assert_eq!(refusal(world.wounds("nurse").create_score(nothing).await).code, Code::InvalidArgument);
    assert_eq!(refusal(nurse.scores(&wound, push(2001, 1, 0, 0)).await).code, Code::InvalidArgument);
    nurse.closes_wound(&wound, WoundCloseReason::Healed).await.unwrap();
    refused(nurse.scores(&wound, push(1, 1, 0, 0)).await, "WOUND_CLOSED");
});

on_both!(a_pressure_ulcer_is_never_staged_down, |world| async move {
    use PressureStage::{DeepTissueInjury, I, Ii, Iii, Iv, Unstageable};
    let ulcer = wound(&world).await.name;
    let nurse = by(&world, "nurse");
    for stage in [I, Iii, Unstageable, Iii, Iv] {
        nurse.scores(&ulcer, pressure(stage, false)).await.unwrap();
    }
    for stage in [DeepTissueInjury, I, Ii, Iii] {
        let refusal = refused(nurse.scores(&ulcer, pressure(stage, true)).await, "DOWN_STAGING");
        assert_eq!((refusal.code, refusal.metadata["record"].as_str()), (Code::FailedPrecondition, "stage_4"));
    }
    let healing = nurse.scores(&ulcer, pressure(Iv, true)).await.unwrap();
    assert_eq!(told(&healing), (4, "stage_4", (0, 4)));
    // Another wound of the same patient has its own depth.
    let other = nurse.opens(ulcer.split("/wounds").next().unwrap().parse().unwrap()).await.unwrap().name;
    nurse.scores(&other, pressure(I, false)).await.unwrap();
    // Of two at once, one is the later: it is held to what the first has seen.
    let (one, two) =
        tokio::join!(nurse.scores(&other, pressure(Iii, false)), nurse.scores(&other, pressure(Iv, false)));
    two.unwrap();
    let deepest = nurse.scored(&other, "pressure_stage").await.unwrap();
    assert_eq!(deepest.len(), if one.is_ok() { 3 } else { 2 });
    refused(nurse.scores(&other, pressure(Iii, false)).await, "DOWN_STAGING");
});

on_both!(push_is_recorded_by_itself_once_a_visit_has_what_it_needs, |world| async move {
    let wound = wound(&world).await.name;
    let nurse = by(&world, "nurse");
    let (mut stream, _) = nurse.watches(&wound, "").await.unwrap();
    let visit = nurse.sees(&world, &wound, findings()).await;
    let recorded = nurse.scored(&wound, "").await.unwrap();
    let [score] = recorded.as_slice() else { panic!("{recorded:?}") };
    // 32 by 21 mm, moderate exudate, some slough: 7 + 2 + 3.
    assert_eq!(told(score), (12, "", (0, 17)));
    assert_eq!(score.input, Some(push(32, 21, 2, 3)));
    assert_eq!((&score.visit, score.observe_time), (&visit.name, visit.visit_time));
    assert_eq!(score.recorded_by, visit.recorded_by);
    loop {
        let update = soon(stream.message()).await.unwrap().unwrap();
        if update.r#type == "samspil.wound.v1.ScoreRecorded" {
            assert_eq!(update.resource, Some(Resource::Score(score.clone())));
            break;
        }
    }
    for without in [
        Findings { length_mm: None, ..findings() },
        Findings { exudate_amount: 0, ..findings() },
        Findings { tissue: Vec::new(), ..findings() },
        Findings { width_mm: Some(0), ..findings() },
    ] {
        nurse.sees(&world, &wound, without).await;
    }
    assert_eq!(nurse.scored(&wound, "push").await.unwrap(), recorded);
});

on_both!(a_score_is_about_a_visit_of_its_wound_and_recorded_once, |world| async move {
    let (wound, visit) = wound_with_visit(&world).await;
    let (_, elsewhere) = wound_with_visit(&world).await;
    let ask = |visit: &str, observe_time| CreateScoreRequest {
        parent: wound.clone(),
        score: Some(Score {
            visit: visit.to_owned(),
            input: Some(Input::Wagner(WagnerInput { grade: 2 })),
            observe_time,
            ..Score::default()
        }),
        request_id: request_id(),
    };
    let create = async |request: CreateScoreRequest| {
        world.wounds("nurse").create_score(request).await.map(tonic::Response::into_inner)
    };
    for wrong in [elsewhere, format!("{wound}/visits/{UNKNOWN}")] {
        assert_eq!(refused(create(ask(&wrong, None)).await, "INVALID_REQUEST").fields, ["score.visit"]);
    }
    let request = ask(&visit, None);
    let score = create(request.clone()).await.unwrap();
    assert_eq!(at(score.observe_time), "2026-11-18T07:55:00Z", "when the visit was");
    assert_eq!(create(request.clone()).await.unwrap(), score);
    let other = CreateScoreRequest { score: ask("", None).score, ..request };
    refused(create(other).await, "REQUEST_ID_REUSED");
    let told = prost_types::Timestamp { seconds: 1_794_000_000, nanos: 0 };
    let earlier = create(ask(&visit, Some(told))).await.unwrap();
    assert_eq!(earlier.observe_time, Some(told));
    let listed = by(&world, "nurse").scored(&wound, "wagner").await.unwrap();
    assert_eq!(listed, [score, earlier], "the newest observation first");

    let page = async |instrument: &str, page_token: &str| {
        let request = ListScoresRequest {
            parent: wound.clone(),
            instrument: instrument.to_owned(),
            page_size: 1,
            page_token: page_token.to_owned(),
        };
        world.wounds("nurse").list_scores(request).await.map(tonic::Response::into_inner)
    };
    let first = page("wagner", "").await.unwrap();
    let second = page("wagner", &first.next_page_token).await.unwrap();
    assert_eq!([&first.scores[0], &second.scores[0]], [&listed[0], &listed[1]]);
    refused(page("push", &first.next_page_token).await, "PAGE_TOKEN_INVALID");
    refused(by(&world, "outsider").scored(&wound, "").await, "NO_RELATION");
    refused(by(&world, "specialist").scores(&wound, push(1, 1, 1, 1)).await, "RESOURCE_NOT_FOUND");
    refused(by(&world, "gp").scores(&wound, push(1, 1, 1, 1)).await, "NO_PERMISSION");
    refused(by(&world, "specialist").healing(&wound).await, "RESOURCE_NOT_FOUND");
});
