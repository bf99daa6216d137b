//! The queue: its order, its filters, and the wounds that come with it.

use std::slice::from_ref;

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::{common::v1::ClockStage, wound::v1::*};
use samspil_testkit::{World, on_both, refusal};
use tonic::Code;

use crate::help::*;

/// The whole of what somebody's queue lists, a page of one at a time.
async fn listed(world: &World, person: &str, request: ListQueueRequest) -> Vec<String> {
    let (mut names, mut request) = (Vec::new(), ListQueueRequest { page_size: 1, ..request });
    loop {
        let page = soon(world.wounds(person).list_queue(request.clone())).await.unwrap().into_inner();
        let about: Vec<_> = page.assessments.iter().map(|asked| wound_of(&asked.name)).collect();
        assert_eq!(
            page.wounds.into_iter().map(|wound| wound.name).collect::<Vec<_>>(),
            about,
            "its wound comes with it"
        );
        names.extend(page.assessments.into_iter().map(|asked| asked.name));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return names;
        }
    }
}

async fn asks(nurse: &By, visit: &str, priority: AssessmentPriority) -> String {
    let mut request = assessment_request(visit);
    request.assessment.as_mut().unwrap().priority = priority.into();
    nurse.0.clone().request_assessment(request).await.unwrap().into_inner().name
}

/// What waits for the hospital, in the order of the queue.
struct Waiting {
    /// Due on Thursday, asked on Thursday.
    urgent: String,
    /// Due on Thursday, asked on Wednesday about the same wound.
    routine: String,
    /// Due on Friday, about a pressure ulcer.
    ulcer: String,
    /// Due on Friday, of the other municipality.
    other: String,
}

async fn waiting(world: &World) -> Waiting {
    let nurse = by(world, "nurse");
    let (_, visit) = wound_with_visit(world).await;
    let routine = asks(&nurse, &visit, AssessmentPriority::Routine).await;
    world.clock.advance(TimeDelta::days(1));
    let urgent = asks(&nurse, &visit, AssessmentPriority::Urgent).await;
    let (pressure, visit) = wound_with_visit(world).await;
    let ulcer = asks(&nurse, &visit, AssessmentPriority::Unspecified).await;
    // What it is was found out after the question was asked.
    nurse.updates(&pressure, Wound { r#type: WoundType::Ts6Pressure.into(), ..heel() }, &["type"]).await.unwrap();
    let patient = world.citizen().await;
    let elsewhere = by(world, "outsider");
    consent(world, patient, &[demo::OTHER_MUNICIPALITY, demo::HOSPITAL]).await;
    let wound = elsewhere.opens(patient).await.unwrap().name;
    let visit = elsewhere.visits_with(&wound, &[]).await.name;
    let other = asks(&elsewhere, &visit, AssessmentPriority::Routine).await;
    world.settle().await;
    Waiting { urgent, routine, ulcer, other }
}

fn everything() -> ListQueueRequest {
    ListQueueRequest::default()
}

on_both!(the_queue_is_ordered_by_due_time_then_urgency_and_each_filter_picks_its_own, |world| async move {
    let Waiting { urgent, routine, ulcer, other } = waiting(&world).await;
    let of = async |request| listed(&world, "specialist", request).await;
    assert_eq!(of(everything()).await, [&urgent, &routine, &ulcer, &other].map(String::clone));

    let requester = organisation(demo::OTHER_MUNICIPALITY);
    assert_eq!(of(ListQueueRequest { requester: requester.clone(), ..everything() }).await, from_ref(&other));
    let pressure = ListQueueRequest { wound_type: WoundType::Ts6Pressure.into(), ..everything() };
    assert_eq!(of(pressure.clone()).await, from_ref(&ulcer));
    let diabetic = ListQueueRequest { wound_type: WoundType::Ts2DiabeticFoot.into(), ..everything() };
    assert_eq!(of(diabetic.clone()).await, [&urgent, &routine, &other].map(String::clone));
    let of_priority = |priority: AssessmentPriority| ListQueueRequest { priority: priority.into(), ..everything() };
    assert_eq!(of(of_priority(AssessmentPriority::Urgent)).await, from_ref(&urgent));
    assert_eq!(of(of_priority(AssessmentPriority::Routine)).await, [&routine, &ulcer, &other].map(String::clone));

    // Together they pick what every one of them does.
    assert_eq!(of(ListQueueRequest { requester: requester.clone(), ..diabetic.clone() }).await, from_ref(&other));
    assert_eq!(of(ListQueueRequest { requester: requester.clone(), ..pressure }).await, Vec::<String>::new());
    // The urgent one was asked this moment: its own clock has not come so far.
    let due = ListQueueRequest { stage: ClockStage::Due.into(), ..diabetic };
    assert_eq!(of(due.clone()).await, from_ref(&routine));
    let urgently = ListQueueRequest { priority: AssessmentPriority::Urgent.into(), ..due };
    assert_eq!(of(urgently).await, Vec::<String>::new());

    by(&world, "specialist").claims(&other).await.unwrap();
    by(&world, "specialist").answers(&other, answer()).await.unwrap();
    assert_eq!(of(ListQueueRequest { requester: requester.clone(), ..everything() }).await, Vec::<String>::new());
    let answered = ListQueueRequest { state: AssessmentState::Answered.into(), ..everything() };
    assert_eq!(of(ListQueueRequest { requester, ..answered.clone() }).await, [other]);
    assert_eq!(
        of(ListQueueRequest { wound_type: WoundType::Ts7Venous.into(), ..answered }).await,
        Vec::<String>::new()
    );
});

on_both!(mine_is_what_i_hold_until_the_claim_runs_out, |world| async move {
    let Waiting { urgent, routine, ulcer, .. } = waiting(&world).await;
    let (first, second) = (by(&world, "specialist"), by(&world, "specialist2"));
    first.claims(&urgent).await.unwrap();
    first.claims(&ulcer).await.unwrap();
    second.claims(&routine).await.unwrap();
    let mine = || ListQueueRequest { mine: true, ..ListQueueRequest::default() };
    assert_eq!(listed(&world, "specialist", mine()).await, [urgent.clone(), ulcer.clone()]);
    assert_eq!(listed(&world, "specialist2", mine()).await, [routine]);
    let urgently = ListQueueRequest { priority: AssessmentPriority::Urgent.into(), ..mine() };
    assert_eq!(listed(&world, "specialist", urgently).await, [urgent]);
    let waits = ListQueueRequest { state: AssessmentState::Requested.into(), ..mine() };
    assert_eq!(listed(&world, "specialist", waits).await, Vec::<String>::new());
    // What one holds is not the place of a colleague in the list.
    let request = ListQueueRequest { page_size: 1, ..mine() };
    let page_token = world.wounds("specialist").list_queue(request.clone()).await.unwrap().into_inner().next_page_token;
    let stolen = ListQueueRequest { page_token, ..request };
    refused(world.wounds("specialist2").list_queue(stolen).await, "PAGE_TOKEN_INVALID");

    world.clock.advance(TimeDelta::minutes(20));
    first.claims(&ulcer).await.unwrap();
    world.clock.advance(TimeDelta::minutes(10));
    assert_eq!(listed(&world, "specialist", mine()).await, [ulcer], "the other claim ran out this moment");
});

on_both!(each_wound_of_a_page_comes_once_as_the_caller_sees_it, |world| async move {
    let Waiting { urgent, ulcer, other, .. } = waiting(&world).await;
    let specialist = by(&world, "specialist");
    let page = world.wounds("specialist").list_queue(everything()).await.unwrap().into_inner();
    let mut wounds = Vec::new();
    for name in [&urgent, &ulcer, &other] {
        wounds.push(specialist.gets_wound(&wound_of(name)).await.unwrap());
    }
    wounds.sort_by(|one, other| one.name[46..].cmp(&other.name[46..]));
    assert_eq!((page.assessments.len(), page.wounds), (4, wounds));

    let mut queue = world.wounds("specialist").watch_queue(WatchQueueRequest::default()).await.unwrap().into_inner();
    assert_eq!(soon(queue.message()).await.unwrap().unwrap().wound, None);
    specialist.claims(&ulcer).await.unwrap();
    let update = soon(queue.message()).await.unwrap().unwrap();
    assert_eq!(update.wound, Some(specialist.gets_wound(&wound_of(&ulcer)).await.unwrap()));
});

on_both!(a_filter_that_means_nothing_is_refused_and_a_token_belongs_to_its_filters, |world| async move {
    waiting(&world).await;
    let mut specialist = world.wounds("specialist");
    for (request, field) in [
        (ListQueueRequest { requester: "organisations/1".to_owned(), ..everything() }, "requester"),
        (ListQueueRequest { wound_type: 15, ..everything() }, "wound_type"),
        (ListQueueRequest { priority: 3, ..everything() }, "priority"),
    ] {
        let refusal = refusal(specialist.list_queue(request).await);
        assert_eq!((refusal.code, refusal.fields), (Code::InvalidArgument, vec![field.to_owned()]));
    }
    let request = ListQueueRequest { page_size: 1, ..everything() };
    let page_token = specialist.list_queue(request.clone()).await.unwrap().into_inner().next_page_token;
    let request = ListQueueRequest { page_token, ..request };
    for other in [
        ListQueueRequest { requester: organisation(demo::MUNICIPALITY), ..request.clone() },
        ListQueueRequest { wound_type: WoundType::Ts2DiabeticFoot.into(), ..request.clone() },
        ListQueueRequest { priority: AssessmentPriority::Urgent.into(), ..request.clone() },
        ListQueueRequest { mine: true, ..request.clone() },
        ListQueueRequest { stage: ClockStage::Soon.into(), ..request.clone() },
    ] {
        refused(specialist.list_queue(other).await, "PAGE_TOKEN_INVALID");
    }
    specialist.list_queue(request).await.unwrap();
});
