//! Lists: in pages, each with its own tokens.

use std::slice::from_ref;

use chrono::TimeDelta;
use samspil_proto::wound::v1::*;
use samspil_store::sql;
use samspil_testkit::on_both;
use tonic::Code;

use crate::help::*;

/// Every name of a list, two at a time, and the first page's token.
macro_rules! pages {
    ($client:expr, $rpc:ident, $request:expr, $field:ident) => {{
        let (mut names, mut token, mut first) = (Vec::new(), String::new(), String::new());
        loop {
            let request = {
                let mut request = $request;
                (request.page_size, request.page_token) = (2, token);
                request
            };
            let page = $client.$rpc(request).await.unwrap().into_inner();
            assert!(page.$field.len() <= 2);
            names.extend(page.$field.into_iter().map(|item| item.name));
            token = page.next_page_token;
            if first.is_empty() {
                first = token.clone();
            }
            if token.is_empty() {
                break (names, first);
            }
        }
    }};
}

on_both!(lists_are_paged_and_a_token_belongs_to_its_list, |world| async move {
    let mut nurse = world.wounds("nurse");
    let patient = world.citizen_with_consent().await;
    let (mut wounds, mut visits, mut asked, mut said) = (vec![], vec![], vec![], vec![]);
    for i in 0..5 {
        // Some of them at the same time: then the id decides.
        if i % 2 == 0 {
            world.clock.advance(TimeDelta::minutes(10));
        }
        wounds.push(by(&world, "nurse").opens(patient).await.unwrap().name);
        visits.push(by(&world, "nurse").visits_with(&wounds[0], &[]).await.name);
        asked.push(by(&world, "nurse").requests(&visits[i]).await.unwrap().name);
        said.push(by(&world, "nurse").says(&wounds[0], "hello").await.unwrap().name);
    }
    world.settle().await;
    let parent = wounds[0].clone();

    let request = || ListWoundsRequest { parent: patient.to_string(), ..ListWoundsRequest::default() };
    let (names, of_patient) = pages!(nurse, list_wounds, request(), wounds);
    assert_eq!(names, reversed(&wounds));
    let request_all = || ListWoundsRequest { parent: "patients/-".to_owned(), ..ListWoundsRequest::default() };
    let (names, of_all) = pages!(nurse, list_wounds, request_all(), wounds);
    assert_eq!(names, reversed(&wounds));
    let request = || ListVisitsRequest { parent: parent.clone(), ..ListVisitsRequest::default() };
    let (mut names, of_visits) = pages!(nurse, list_visits, request(), visits);
    // Visits have ids of the phone's choice: those of one time are in the order of their ids.
    names.sort();
    let mut expected = visits.clone();
    expected.sort();
    assert_eq!(names, expected);
    let request = || ListAssessmentsRequest { parent: parent.clone(), ..ListAssessmentsRequest::default() };
    let (names, of_assessments) = pages!(nurse, list_assessments, request(), assessments);
    assert_eq!(names, reversed(&asked));
    let request = || ListMessagesRequest { parent: parent.clone(), ..ListMessagesRequest::default() };
    let (names, of_messages) = pages!(nurse, list_messages, request(), messages);
    assert_eq!(names, reversed(&said));
    let mut specialist = world.wounds("specialist");
    let (names, of_queue) = pages!(specialist, list_queue, ListQueueRequest::default(), assessments);
    assert_eq!(names, asked, "the soonest due first");

    let wounds_from = |parent: &str, token: &str, state: WoundState| ListWoundsRequest {
        parent: parent.to_owned(),
        page_token: token.to_owned(),
        state: state.into(),
        ..ListWoundsRequest::default()
    };
    let patient = patient.to_string();
    for (parent, token, state) in [
        (patient.as_str(), of_all.as_str(), WoundState::Unspecified),
        ("patients/-", &of_patient, WoundState::Unspecified),
        (&patient, &of_patient, WoundState::Open),
        (&patient, &of_visits, WoundState::Unspecified),
        (&patient, "nonsense", WoundState::Unspecified),
    ] {
        let refusal = refused(nurse.list_wounds(wounds_from(parent, token, state)).await, "PAGE_TOKEN_INVALID");
        assert_eq!(refusal.code, Code::InvalidArgument);
    }
    let visits = |token: &str| ListVisitsRequest {
        parent: parent.clone(),
        page_token: token.to_owned(),
        ..ListVisitsRequest::default()
    };
    for token in [&of_assessments, &of_messages, &of_queue] {
        refused(nurse.list_visits(visits(token)).await, "PAGE_TOKEN_INVALID");
    }
    // The specialist reads the same visits, but the nurse's place in them is hers.
    refused(specialist.list_visits(visits(&of_visits)).await, "PAGE_TOKEN_INVALID");
    let queue = |state: AssessmentState, page_token: &str| ListQueueRequest {
        state: state.into(),
        page_token: page_token.to_owned(),
        page_size: 2,
        ..ListQueueRequest::default()
    };
    refused(specialist.list_queue(queue(AssessmentState::Requested, &of_queue)).await, "PAGE_TOKEN_INVALID");
    specialist.list_queue(queue(AssessmentState::Unspecified, &of_queue)).await.unwrap();
});

fn reversed(names: &[String]) -> Vec<String> {
    names.iter().rev().cloned().collect()
}

on_both!(wounds_are_listed_by_state_and_for_those_who_take_part, |world| async move {
    let nurse = by(&world, "nurse");
    let closed = wound(&world).await;
    let closed = nurse.closes_wound(&closed.name, WoundCloseReason::Healed).await.unwrap();
    let open = wound(&world).await;
    world.settle().await;
    let list = async |person: &str, parent: &str, state: WoundState| {
        let request =
            ListWoundsRequest { parent: parent.to_owned(), state: state.into(), ..ListWoundsRequest::default() };
        world.wounds(person).list_wounds(request).await.unwrap().into_inner().wounds
    };
    assert_eq!(list("nurse", "patients/-", WoundState::Open).await, from_ref(&open));
    assert_eq!(list("nurse", "patients/-", WoundState::Closed).await, from_ref(&closed));
    assert_eq!(list("nurse", "patients/-", WoundState::Unspecified).await.len(), 2);
    let patient = open.name.split("/wounds").next().unwrap();
    assert_eq!(list("nurse", patient, WoundState::Unspecified).await, from_ref(&open));
    assert_eq!(list("nurse", patient, WoundState::Closed).await, []);
    // The hospital is covered by the consent, and has no part in it.
    assert_eq!(list("specialist", patient, WoundState::Unspecified).await, []);
    assert_eq!(list("specialist", "patients/-", WoundState::Unspecified).await, []);
    assert_eq!(list("outsider", "patients/-", WoundState::Unspecified).await, []);
    // Whoever reads her audit sees what let them in, whichever list it was.
    let mut tx = world.dbs["wound"].read().await.unwrap();
    let of_lists = "SELECT basis, COUNT(*) FROM audit WHERE action LIKE '%/ListWounds' GROUP BY basis";
    assert_eq!(sql!(tx, fetch_all as (String, i64), of_lists).unwrap(), [("CONSENT".to_owned(), 7)]);
});

on_both!(a_visit_is_listed_with_its_own_photos, |world| async move {
    let pictures = [Picture::phantom(1), Picture::phantom(2), Picture::phantom(3)];
    let nurse = by(&world, "nurse");
    let wound = wound(&world).await.name;
    let first = nurse.visits_with(&wound, &[&pictures[0], &pictures[1]]).await;
    world.clock.advance(TimeDelta::days(1));
    let second = nurse.visits(&wound, &[&pictures[2]]).await.unwrap();
    let request = ListVisitsRequest { parent: wound, ..ListVisitsRequest::default() };
    let listed = nurse.0.clone().list_visits(request).await.unwrap().into_inner().visits;
    assert_eq!(listed, [second, first]);
});

on_both!(many_who_read_at_once_do_not_wait_for_each_other, |world| async move {
    let picture = Picture::phantom(1);
    let asked = question(&world).await;
    let wound = wound_of(&asked.name);
    let nurse = by(&world, "nurse");
    let visit = nurse.visits(&wound, &[&picture]).await.unwrap().name;
    // Ten for each connection that the service has: were one to be held while another is asked for, all would wait for all.
    let readers = (0..60).map(async |i| {
        let (mut client, parent) = (nurse.0.clone(), wound.clone());
        match i % 6 {
            0 => client.list_visits(ListVisitsRequest { parent, ..Default::default() }).await.map(|_| ()),
            1 => client.list_messages(ListMessagesRequest { parent, ..Default::default() }).await.map(|_| ()),
            2 => client.list_assessments(ListAssessmentsRequest { parent, ..Default::default() }).await.map(|_| ()),
            3 => nurse.gets_visit(&visit).await.map(|_| ()),
            4 => nurse.gets_upload(&picture.name(&visit)).await.map(|_| ()),
            _ => nurse.gets_wound(&wound).await.map(|_| ()),
        }
    });
    for answer in soon(futures::future::join_all(readers)).await {
        answer.unwrap();
    }
});

on_both!(a_list_writes_one_audit_entry_for_each_patient_even_for_nothing, |world| async move {
    let (one, other) = (world.citizen_with_consent().await, world.citizen_with_consent().await);
    let nurse = by(&world, "nurse");
    for patient in [one, one, other] {
        let wound = nurse.opens(patient).await.unwrap().name;
        let visit = nurse.visits_with(&wound, &[]).await.name;
        nurse.requests(&visit).await.unwrap();
    }
    let nothing = world.citizen_with_consent().await;
    world.settle().await;
    for parent in ["patients/-".to_owned(), nothing.to_string()] {
        let request = ListWoundsRequest { parent, ..ListWoundsRequest::default() };
        nurse.0.clone().list_wounds(request).await.unwrap();
    }
    by(&world, "specialist").queue(AssessmentState::Unspecified).await.unwrap();
    for (patient, listed, queued) in [(one, 1, 1), (other, 1, 1), (nothing, 1, 0)] {
        let entries = audited(&world, patient.patient).await;
        let count = |method: &str| entries.iter().filter(|(_, what, _)| what == method).count();
        assert_eq!((count("ListWounds"), count("ListQueue")), (listed, queued));
    }
});
