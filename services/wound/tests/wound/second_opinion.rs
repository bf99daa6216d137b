//! Second opinions: asked of another organisation, answered to the specialist who asked, and never in the nurse's way.

use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::{ClockStage, ClockState},
    wound::v1::{wound_update::Resource, *},
};
use samspil_testkit::{World, on_both, refusal, request_id};
use tonic::{Code, Status};

use crate::help::*;

/// A question that the specialist has claimed, of a patient whose consent covers the wound centre too.
async fn claimed_with_consent(world: &World) -> Assessment {
    let claimed = claimed(world).await;
    let patient = samspil_proto::names::PatientName { patient: patient_of(&claimed.name) };
    consent(world, patient, &[demo::OTHER_HOSPITAL]).await;
    world.settle().await;
    claimed
}

fn opinion_request(about: &str) -> AskSecondOpinionRequest {
    AskSecondOpinionRequest {
        name: about.to_owned(),
        receiver: organisation(demo::OTHER_HOSPITAL),
        question: "would you graft it?".to_owned(),
        priority: AssessmentPriority::Urgent.into(),
        etag: String::new(),
        request_id: request_id(),
    }
}

async fn asks_opinion(world: &World, person: &str, about: &str) -> Result<Assessment, Status> {
    soon(world.wounds(person).ask_second_opinion(opinion_request(about))).await.map(|asked| asked.into_inner())
}

/// A question that is claimed, and a second opinion on it that is asked for.
async fn opinion(world: &World) -> (Assessment, Assessment) {
    let claimed = claimed_with_consent(world).await;
    let asked = asks_opinion(world, "specialist", &claimed.name).await.unwrap();
    (claimed, asked)
}

/// The same, claimed by the other specialist.
async fn opinion_claimed(world: &World) -> (Assessment, Assessment) {
    let (first, asked) = opinion(world).await;
    let opinion = by(world, "other_specialist").claims(&asked.name).await.unwrap();
    (first, opinion)
}

on_both!(a_second_opinion_is_asked_answered_and_seen_by_everybody, |world| async move {
    let claimed = claimed_with_consent(&world).await;
    let wound = wound_of(&claimed.name);
    let (specialist, other, nurse) = (by(&world, "specialist"), by(&world, "other_specialist"), by(&world, "nurse"));
    refused(other.gets(&claimed.name).await, "RESOURCE_NOT_FOUND");
    let (mut nurses, _) = nurse.watches(&wound, "").await.unwrap();
    let (mut theirs, _) = specialist.watches(ALL, "").await.unwrap();

    let asked = asks_opinion(&world, "specialist", &claimed.name).await.unwrap();
    assert_eq!((asked.state(), asked.priority()), (AssessmentState::Requested, AssessmentPriority::Urgent));
    assert_eq!((&asked.second_opinion_of, &asked.visits), (&claimed.name, &claimed.visits));
    assert_eq!(
        (asked.question.as_str(), &asked.receiver),
        ("would you graft it?", &organisation(demo::OTHER_HOSPITAL))
    );
    let requested_by = asked.requested_by.clone().unwrap();
    assert_eq!(
        (requested_by.person.as_str(), requested_by.organisation),
        ("demo-specialist", organisation(demo::HOSPITAL))
    );
    assert_eq!(at(asked.clock.clone().unwrap().due_time), "2026-11-18T15:00:00Z", "urgent: the end of this day");
    assert_eq!(specialist.gets(&claimed.name).await.unwrap(), claimed, "it stays claimed, and its clock runs");
    let participants = nurse.gets_wound(&wound).await.unwrap().participants;
    assert_eq!(participants, [demo::MUNICIPALITY, demo::HOSPITAL, demo::OTHER_HOSPITAL].map(organisation));
    assert_eq!(other.queue(AssessmentState::Requested).await.unwrap(), std::slice::from_ref(&asked));

    for (kind, resource) in [("AssessmentRequested", &asked), ("SecondOpinionAsked", &claimed)] {
        let told = soon(nurses.message()).await.unwrap().unwrap();
        assert_eq!(told.r#type, format!("samspil.wound.v1.{kind}"));
        assert_eq!(told.resource, Some(Resource::Assessment(resource.clone())));
    }
    let [event] = events_come(&world, "SecondOpinionAsked", 1).await.try_into().unwrap();
    let event: SecondOpinionAsked = prost::Message::decode(event.data.as_slice()).unwrap();
    assert_eq!((&event.second_opinion, event.receiver), (&asked.name, organisation(demo::OTHER_HOSPITAL)));

    other.claims(&asked.name).await.unwrap();
    let answered = other.answers(&asked.name, answer()).await.unwrap();
    assert_eq!(specialist.gets(&asked.name).await.unwrap(), answered);
    for kind in ["AssessmentRequested", "SecondOpinionAsked", "AssessmentClaimed", "AssessmentAnswered"] {
        let told = soon(theirs.message()).await.unwrap().unwrap();
        assert_eq!(told.r#type, format!("samspil.wound.v1.{kind}"));
        if kind == "AssessmentAnswered" {
            assert_eq!(told.resource, Some(Resource::Assessment(answered.clone())));
        }
    }
    assert_eq!(specialist.gets(&claimed.name).await.unwrap(), claimed, "the nurse's question is not answered by it");
});

on_both!(a_second_opinion_starts_no_photo_clock_and_clears_no_flag, |world| async move {
    let (first, opinion) = opinion_claimed(&world).await;
    let (wound, other) = (wound_of(&first.name), by(&world, "other_specialist"));
    let nurse = by(&world, "nurse");
    let photo_clock = async || nurse.gets_wound(&wound).await.unwrap().photo_clock.unwrap().due_time;
    let due = photo_clock().await;
    moves_to(&world, "2026-11-19T15:00:00Z");
    until(async || nurse.warned(&wound).await == [FlagKind::NoAnswer]).await;
    other.answers(&opinion.name, Answer { next_photo_days: 2, ..answer() }).await.unwrap();
    other.amends(&opinion.name, Answer { next_photo_days: 3, ..answer() }, "a slip").await.unwrap();
    assert_eq!(photo_clock().await, due);
    assert_eq!(nurse.warned(&wound).await, [FlagKind::NoAnswer]);
    by(&world, "specialist").claims(&first.name).await.unwrap();
    by(&world, "specialist").answers(&first.name, answer()).await.unwrap();
    assert_ne!(photo_clock().await, due);
    assert_eq!(nurse.warned(&wound).await, []);
});

on_both!(a_late_second_opinion_rings_and_raises_no_flag_on_the_nurses_question, |world| async move {
    let (first, opinion) = opinion(&world).await;
    let (nurse, wound) = (by(&world, "nurse"), wound_of(&first.name));
    let overdue = async |name: &str| {
        let rung = stage_events(&world).await;
        rung.iter().any(|(event, rung)| event.subject == name && rung.stage() == ClockStage::Overdue)
    };
    moves_to(&world, "2026-11-18T15:00:00Z");
    until(async || overdue(&opinion.name).await).await;
    assert_eq!(nurse.warned(&wound).await, []);
    moves_to(&world, "2026-11-19T15:00:00Z");
    until(async || overdue(&first.name).await).await;
    assert_eq!(nurse.warned(&wound).await, [FlagKind::NoAnswer]);
    by(&world, "specialist").claims(&first.name).await.unwrap();
    by(&world, "specialist").answers(&first.name, answer()).await.unwrap();
    assert_eq!(nurse.warned(&wound).await, [], "the second opinion is still late, and the nurse has her answer");
});

on_both!(what_is_asked_for_on_a_second_opinion_is_the_first_specialists_to_supply, |world| async move {
    let (first, opinion) = opinion_claimed(&world).await;
    let (specialist, other, nurse) = (by(&world, "specialist"), by(&world, "other_specialist"), by(&world, "nurse"));
    let asked = other.asks(&opinion.name, "what did the swab say?").await.unwrap();
    assert_eq!((asked.state(), asked.clock.unwrap().state()), (AssessmentState::AwaitingMore, ClockState::Paused));
    refused(nurse.supplies(&opinion.name, "no idea", "").await, "NOT_THE_REQUESTER");
    refused(other.supplies(&opinion.name, "nothing", "").await, "NOT_THE_REQUESTER");
    assert_eq!(specialist.gets(&first.name).await.unwrap(), first, "the nurse is asked for nothing");
    let supplied = specialist.supplies(&opinion.name, "nothing grew", &first.visits[0]).await.unwrap();
    assert_eq!(supplied.state(), AssessmentState::Requested);
    assert_eq!(supplied.more_requests[0].reply, "nothing grew");
    refused(nurse.closes(&opinion.name, "not mine").await, "NOT_THE_REQUESTER");
    // A colleague may take it back: the organisation asked.
    let closed = by(&world, "specialist2").closes(&opinion.name, "the swab told it").await.unwrap();
    assert_eq!((closed.state(), closed.close_reason.as_str()), (AssessmentState::Closed, "the swab told it"));
    refused(other.claims(&opinion.name).await, "ASSESSMENT_ENDED");
});

on_both!(a_second_opinion_stays_open_when_the_first_answers_and_the_wound_is_closed, |world| async move {
    let (first, asked) = opinion(&world).await;
    let (specialist, other, nurse) = (by(&world, "specialist"), by(&world, "other_specialist"), by(&world, "nurse"));
    let wound = wound_of(&first.name);
    refused(nurse.closes_wound(&wound, WoundCloseReason::Healed).await, "ASSESSMENT_OPEN");
    specialist.answers(&first.name, answer()).await.unwrap();
    nurse.closes(&first.name, "").await.unwrap();
    assert_eq!(other.gets(&asked.name).await.unwrap(), asked);
    // It is not hers to close, and so nothing that she could close first.
    nurse.closes_wound(&wound, WoundCloseReason::CalledIn).await.unwrap();
    other.claims(&asked.name).await.unwrap();
    other.asks(&asked.name, "is it closed?").await.unwrap();
    specialist.supplies(&asked.name, "yes", "").await.unwrap();
    other.claims(&asked.name).await.unwrap();
    let answered = other.answers(&asked.name, answer()).await.unwrap();
    assert_eq!(specialist.gets(&asked.name).await.unwrap(), answered);
    assert_eq!(nurse.gets_wound(&wound).await.unwrap().next_photo_due_time, None);
});

on_both!(only_who_holds_the_question_asks_and_not_its_own_organisation, |world| async move {
    let claimed = claimed_with_consent(&world).await;
    let ask = async |person: &str, request: AskSecondOpinionRequest| {
        world.wounds(person).ask_second_opinion(request).await.map(|asked| asked.into_inner())
    };
    let to =
        |receiver: &str| AskSecondOpinionRequest { receiver: organisation(receiver), ..opinion_request(&claimed.name) };
    refused(ask("specialist2", to(demo::OTHER_HOSPITAL)).await, "ASSESSMENT_NOT_CLAIMED");
    refused(ask("nurse", to(demo::OTHER_HOSPITAL)).await, "NO_PERMISSION");
    refused(ask("other_specialist", to(demo::HOSPITAL)).await, "RESOURCE_NOT_FOUND");
    let own = refused(ask("specialist", to(demo::HOSPITAL)).await, "SECOND_OPINION_OF_OWN");
    assert_eq!(own.code, Code::FailedPrecondition);
    let uncovered = refused(ask("specialist", to(demo::OTHER_MUNICIPALITY)).await, "RECEIVER_NOT_COVERED");
    assert_eq!(uncovered.metadata["receiver"], organisation(demo::OTHER_MUNICIPALITY));
    let old = AskSecondOpinionRequest { etag: "v1".to_owned(), ..to(demo::OTHER_HOSPITAL) };
    refused(ask("specialist", old).await, "ETAG_MISMATCH");
    let empty = AskSecondOpinionRequest { question: String::new(), ..to(demo::OTHER_HOSPITAL) };
    assert_eq!(refusal(ask("specialist", empty).await).fields, ["question"]);
    let unknown = opinion_request(&format!("{}/assessments/{UNKNOWN}", wound_of(&claimed.name)));
    refused(ask("specialist", unknown).await, "RESOURCE_NOT_FOUND");
    assert_eq!(events(&world, "AssessmentRequested").await.len(), 1, "nothing of all this was asked");
    assert_eq!(by(&world, "nurse").gets_wound(&wound_of(&claimed.name)).await.unwrap().participants.len(), 2);

    by(&world, "specialist").answers(&claimed.name, answer()).await.unwrap();
    refused(ask("specialist", to(demo::OTHER_HOSPITAL)).await, "ASSESSMENT_ANSWERED");
});

on_both!(one_organisation_gives_one_second_opinion_at_a_time, |world| async move {
    let (first, asked) = opinion(&world).await;
    let again = refused(asks_opinion(&world, "specialist", &first.name).await, "SECOND_OPINION_OPEN");
    assert_eq!(again.metadata["receiver"], organisation(demo::OTHER_HOSPITAL));
    let practice = AskSecondOpinionRequest { receiver: organisation(demo::PRACTICE), ..opinion_request(&first.name) };
    world.wounds("specialist").ask_second_opinion(practice).await.unwrap();
    let other = by(&world, "other_specialist");
    other.claims(&asked.name).await.unwrap();
    refused(asks_opinion(&world, "specialist", &first.name).await, "SECOND_OPINION_OPEN");
    other.answers(&asked.name, answer()).await.unwrap();
    // A new question is another matter.
    let again = asks_opinion(&world, "specialist", &first.name).await.unwrap();
    assert_ne!(again.name, asked.name);
});

on_both!(asking_twice_with_one_request_id_or_at_once_asks_once, |world| async move {
    let claimed = claimed_with_consent(&world).await;
    let request = opinion_request(&claimed.name);
    let (mut first, mut second) = (world.wounds("specialist"), world.wounds("specialist"));
    let (one, other) =
        tokio::join!(first.ask_second_opinion(request.clone()), second.ask_second_opinion(request.clone()));
    assert_eq!(one.unwrap().into_inner(), other.unwrap().into_inner());
    let claimed = claimed_with_consent(&world).await;
    let (one, other) = tokio::join!(
        asks_opinion(&world, "specialist", &claimed.name),
        asks_opinion(&world, "specialist", &claimed.name)
    );
    refused(if one.is_ok() { other } else { one }, "SECOND_OPINION_OPEN");
    events_come(&world, "SecondOpinionAsked", 2).await;
});
