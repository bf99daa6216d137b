//! The safety watch: raised, noted, coming back, cleared.

use samspil_kit::identity::demo;
use samspil_proto::wound::v1::{wound_update::Resource, *};
use samspil_testkit::{on_both, refusal, request_id};
use tonic::Code;

use crate::help::*;

/// Every event about flags: its short type and the kind, in order.
async fn told(world: &samspil_testkit::World) -> Vec<(String, String)> {
    let logged = samspil_store::event_log::read(&world.dbs["wound"], 0, 100_000).await.unwrap();
    let flags = logged.iter().filter_map(|event| {
        let kind = event.r#type.strip_prefix("samspil.wound.v1.Flag")?;
        Some((kind.to_owned(), event.subject.clone()))
    });
    flags.collect()
}

on_both!(a_missing_answer_is_flagged_noted_comes_back_and_is_cleared, |world| async move {
    let _other = world.replica().await;
    let asked = claimed(&world).await;
    let wound = wound_of(&asked.name);
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    let (mut stream, _) = nurse.watches(&wound, "").await.unwrap();
    moves_to(&world, "2026-11-19T15:00:00Z");
    events_come(&world, "FlagRaised", 1).await;
    let raised = nurse.flags(&wound, FlagState::Unspecified).await.unwrap().remove(0);
    assert_eq!((raised.kind(), raised.state(), raised.returns), (FlagKind::NoAnswer, FlagState::Raised, 0));
    assert_eq!(raised.reason, "no answer to a question of priority routine by 2026-11-19T15:00:00Z");
    assert_eq!((raised.cause.as_str(), at(raised.raise_time).as_str()), (asked.name.as_str(), "2026-11-19T15:00:00Z"));
    assert_eq!((raised.return_time, raised.clear_time, raised.etag.as_str()), (None, None, "v1"));
    assert_eq!(specialist.flags(ALL, FlagState::Raised).await.unwrap(), std::slice::from_ref(&raised));
    let streamed = loop {
        let update = soon(stream.message()).await.unwrap().unwrap();
        if let Some(Resource::Flag(flag)) = update.resource {
            break (update.r#type, flag);
        }
    };
    assert_eq!(streamed, ("samspil.wound.v1.FlagRaised".to_owned(), raised.clone()));

    let old = AcknowledgeFlagRequest {
        name: raised.name.clone(),
        note: "rang".into(),
        etag: "v9".into(),
        request_id: request_id(),
    };
    assert_eq!(refused(world.wounds("nurse").acknowledge_flag(old).await, "ETAG_MISMATCH").code, Code::Aborted);
    let request = AcknowledgeFlagRequest {
        name: raised.name.clone(),
        note: "rang the clinic".into(),
        etag: raised.etag.clone(),
        request_id: request_id(),
    };
    let noted = world.wounds("nurse").acknowledge_flag(request.clone()).await.unwrap().into_inner();
    assert_eq!(noted.state(), FlagState::Acknowledged);
    assert_eq!(at(noted.return_time), "2026-11-26T15:00:00Z");
    let note = &noted.acknowledgements[0];
    assert_eq!((note.actor.as_ref().unwrap().person.as_str(), note.note.as_str()), ("demo-nurse", "rang the clinic"));
    assert_eq!(world.wounds("nurse").acknowledge_flag(request.clone()).await.unwrap().into_inner(), noted);
    let other = AcknowledgeFlagRequest { note: "something else".into(), ..request };
    refused(world.wounds("nurse").acknowledge_flag(other).await, "REQUEST_ID_REUSED");
    assert_eq!(refusal(nurse.acknowledges(&raised.name, "").await).fields, ["note"]);
    events_come(&world, "FlagAcknowledged", 1).await;
    assert_eq!(nurse.warned(&wound).await, [FlagKind::NoAnswer], "noted is not gone");
    assert_eq!(nurse.flags(ALL, FlagState::Raised).await.unwrap(), []);

    moves_to(&world, "2026-11-26T15:00:00Z");
    let raised = events_come(&world, "FlagRaised", 2).await;
    let event: FlagRaised = prost::Message::decode(raised[1].data.as_slice()).unwrap();
    assert_eq!((event.kind(), event.returned), (FlagKind::NoAnswer, true));
    for sor in [demo::MUNICIPALITY, demo::HOSPITAL] {
        assert!(raised[1].concerns(sor));
    }
    let back = nurse.flags(&wound, FlagState::Raised).await.unwrap().remove(0);
    assert_eq!((back.name.as_str(), back.returns, back.return_time), (noted.name.as_str(), 1, None));
    assert_eq!(back.acknowledgements, noted.acknowledgements);

    specialist.claims(&asked.name).await.unwrap();
    specialist.answers(&asked.name, answer()).await.unwrap();
    let cleared = nurse.flags(&wound, FlagState::Cleared).await.unwrap().remove(0);
    assert_eq!((cleared.name.as_str(), at(cleared.clear_time).as_str()), (noted.name.as_str(), "2026-11-26T15:00:00Z"));
    assert_eq!(nurse.flags(&wound, FlagState::Unspecified).await.unwrap(), []);
    assert_eq!(nurse.warned(&wound).await, []);
    let late = refused(nurse.acknowledges(&noted.name, "too late").await, "FLAG_CLEARED");
    assert_eq!(late.code, Code::FailedPrecondition);
    world.settle().await;
    let kinds: Vec<_> = told(&world).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["Raised", "Acknowledged", "Raised", "Cleared"]);
});

on_both!(a_flag_stands_while_another_question_waits_too_long, |world| async move {
    let first = claimed(&world).await;
    let wound = wound_of(&first.name);
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    let second = nurse.requests(&first.visits[0]).await.unwrap();
    moves_to(&world, "2026-11-19T15:00:00Z");
    stages_come(&world, 6).await;
    assert_eq!(events(&world, "FlagRaised").await.len(), 1, "one of a kind");
    specialist.claims(&first.name).await.unwrap();
    specialist.answers(&first.name, answer()).await.unwrap();
    assert_eq!(nurse.warned(&wound).await, [FlagKind::NoAnswer]);
    nurse.closes(&second.name, "answered with the other").await.unwrap();
    assert_eq!(nurse.warned(&wound).await, []);
});

on_both!(missing_photos_are_flagged_until_a_visit_is_complete, |world| async move {
    let (wound, visit) = wound_with_visit(&world).await;
    let nurse = by(&world, "nurse");
    moves_to(&world, "2026-12-02T15:00:00Z");
    events_come(&world, "FlagRaised", 1).await;
    let flag = nurse.flags(&wound, FlagState::Unspecified).await.unwrap().remove(0);
    assert_eq!((flag.kind(), flag.cause.as_str()), (FlagKind::NoPhoto, visit.as_str()));
    assert_eq!(flag.reason, "no complete visit by 2026-12-02T15:00:00Z");
    let open = nurse.visits(&wound, &[]).await.unwrap();
    assert_eq!(nurse.warned(&wound).await, [FlagKind::NoPhoto], "a visit that is not complete has no photos");
    nurse.completes(&open.name).await.unwrap();
    assert_eq!(nurse.warned(&wound).await, []);
    // Closing a wound ends what stands.
    moves_to(&world, "2026-12-17T15:00:00Z");
    events_come(&world, "FlagRaised", 2).await;
    let closed = nurse.closes_wound(&wound, WoundCloseReason::TakenOut).await.unwrap();
    assert!(closed.flags.is_empty());
    events_come(&world, "FlagCleared", 2).await;
});

fn measured(length: i32, width: i32, signs: &[InfectionSign]) -> Findings {
    Findings {
        length_mm: Some(length),
        width_mm: Some(width),
        infection_signs: signs.iter().map(|sign| (*sign).into()).collect(),
        ..Findings::default()
    }
}

on_both!(a_wound_that_does_not_shrink_is_flagged_until_it_does, |world| async move {
    let wound = wound(&world).await.name;
    let nurse = by(&world, "nurse");
    nurse.sees(&world, &wound, measured(50, 20, &[])).await;
    moves_to(&world, "2026-12-16T07:59:59Z");
    nurse.sees(&world, &wound, measured(50, 20, &[])).await;
    assert_eq!(nurse.warned(&wound).await, [], "a second is missing to four weeks");
    moves_to(&world, "2026-12-16T08:00:00Z");
    let visit = nurse.sees(&world, &wound, measured(601, 1, &[])).await;
    let flag = nurse.flags(&wound, FlagState::Unspecified).await.unwrap().remove(0);
    assert_eq!((flag.kind(), flag.cause.as_str()), (FlagKind::NotHealing, visit.name.as_str()));
    assert_eq!(flag.reason, "area reduced by 399 of 1000 after 28 days; the rule wants 400 after 28");
    let healing = nurse.healing(&wound).await.unwrap();
    assert!(healing.stalled);
    assert_eq!((healing.expected_reduction_permille, healing.expected_days), (Some(400), Some(28)));
    assert!(healing.rule.starts_with("area-reduction-4-weeks ") && !healing.rule_source.is_empty());
    let points: Vec<_> =
        healing.points.iter().map(|point| (point.area_mm2, point.reduction_permille, point.days)).collect();
    assert_eq!(points, [(1000, Some(0), 0), (1000, Some(0), 27), (601, Some(399), 28)]);
    assert_eq!(healing.points[2].visit, visit.name);
    // An unmeasured visit says nothing; one that is small enough does.
    world.clock.advance(chrono::TimeDelta::minutes(1));
    nurse.sees(&world, &wound, Findings::default()).await;
    assert_eq!(nurse.warned(&wound).await, [FlagKind::NotHealing]);
    world.clock.advance(chrono::TimeDelta::minutes(1));
    nurse.sees(&world, &wound, measured(600, 1, &[])).await;
    assert_eq!(nurse.warned(&wound).await, []);
    assert!(!nurse.healing(&wound).await.unwrap().stalled);
});

on_both!(rising_infection_is_flagged_until_the_signs_are_gone_again, |world| async move {
    use InfectionSign::{Pus, Redness, Swelling, Warmth};
    let wound = wound(&world).await.name;
    let nurse = by(&world, "nurse");
    let see = async |signs: &[InfectionSign]| {
        world.clock.advance(chrono::TimeDelta::hours(1));
        let visit = nurse.sees(&world, &wound, measured(30, 20, signs)).await;
        (nurse.warned(&wound).await, visit.name)
    };
    assert_eq!(see(&[Redness]).await.0, []);
    assert_eq!(see(&[Redness, Warmth]).await.0, []);
    let (warned, visit) = see(&[Redness, Warmth, Swelling, Pus]).await;
    assert_eq!(warned, [FlagKind::InfectionRising]);
    let flag = nurse.flags(&wound, FlagState::Unspecified).await.unwrap().remove(0);
    assert_eq!((flag.cause, flag.reason.as_str()), (visit, "signs of infection from 2 to 4 (+2); new: pus"));
    assert_eq!(see(&[Redness, Warmth, Swelling, Pus]).await.0, [FlagKind::InfectionRising], "they have not gone");
    assert_eq!(see(&[Redness]).await.0, []);
});

on_both!(flags_are_listed_in_pages_for_those_who_take_part, |world| async move {
    let mut names = Vec::new();
    for _ in 0..3 {
        let wound = wound(&world).await.name;
        let nurse = by(&world, "nurse");
        nurse.sees(&world, &wound, measured(30, 20, &[])).await;
        world.clock.advance(chrono::TimeDelta::minutes(1));
        nurse.sees(&world, &wound, measured(30, 20, &[InfectionSign::Fever])).await;
        names.push(nurse.flags(&wound, FlagState::Unspecified).await.unwrap().remove(0).name);
    }
    world.settle().await;
    names.reverse();
    let page = async |person: &str, state: FlagState, page_token: &str| {
        let request = ListFlagsRequest {
            parent: ALL.to_owned(),
            state: state.into(),
            page_size: 2,
            page_token: page_token.to_owned(),
        };
        world.wounds(person).list_flags(request).await.map(tonic::Response::into_inner)
    };
    let first = page("nurse", FlagState::Unspecified, "").await.unwrap();
    let second = page("nurse", FlagState::Unspecified, &first.next_page_token).await.unwrap();
    let listed: Vec<_> = first.flags.iter().chain(&second.flags).map(|flag| flag.name.clone()).collect();
    assert_eq!((listed, second.next_page_token.as_str()), (names.clone(), ""));
    refused(page("nurse", FlagState::Raised, &first.next_page_token).await, "PAGE_TOKEN_INVALID");
    // The hospital has no part in these wounds.
    assert_eq!(page("specialist", FlagState::Unspecified, "").await.unwrap().flags, []);
    assert_eq!(page("outsider", FlagState::Unspecified, "").await.unwrap().flags, []);
    refused(by(&world, "specialist").acknowledges(&names[0], "x").await, "RESOURCE_NOT_FOUND");
    refused(by(&world, "specialist").flags(&wound_of(&names[0]), FlagState::Unspecified).await, "RESOURCE_NOT_FOUND");
    refused(by(&world, "outsider").acknowledges(&names[0], "x").await, "NO_RELATION");
    let unknown = format!("{}/flags/{UNKNOWN}", wound_of(&names[0]));
    refused(by(&world, "nurse").acknowledges(&unknown, "x").await, "RESOURCE_NOT_FOUND");
    let entries = audited(&world, patient_of(&names[0])).await;
    assert!(entries.contains(&("demo-nurse".into(), "ListFlags".into(), "OK".into())), "{entries:?}");
});

on_both!(of_two_who_note_a_flag_by_one_etag_one_is_first, |world| async move {
    let wound = wound(&world).await.name;
    let nurse = by(&world, "nurse");
    nurse.sees(&world, &wound, measured(30, 20, &[])).await;
    world.clock.advance(chrono::TimeDelta::minutes(1));
    nurse.sees(&world, &wound, measured(30, 20, &[InfectionSign::Pus])).await;
    let flag = nurse.flags(&wound, FlagState::Unspecified).await.unwrap().remove(0);
    let note = || {
        let (mut client, name, etag) = (world.wounds("nurse"), flag.name.clone(), flag.etag.clone());
        async move {
            let request = AcknowledgeFlagRequest { name, note: "seen".to_owned(), etag, request_id: request_id() };
            client.acknowledge_flag(request).await
        }
    };
    let (one, other) = tokio::join!(note(), note());
    assert!(one.is_ok() != other.is_ok());
    refused(if one.is_ok() { other } else { one }, "ETAG_MISMATCH");
    assert_eq!(nurse.flags(&wound, FlagState::Acknowledged).await.unwrap()[0].acknowledgements.len(), 1);
});
