//! What an organisation owns over all plans, listed and live.

use samspil_proto::careplan::v1::{CarePlanUpdate, WatchCarePlanRequest, part::Part as Inner};
use samspil_testkit::{on_both, refusal};
use tonic::Streaming;

use super::{
    parts::{add, goal, name_of},
    *,
};

const ALL: &str = "patients/-/carePlan";

async fn watch(world: &World, person: &str, name: &str, cursor: &str) -> Streaming<CarePlanUpdate> {
    let request = WatchCarePlanRequest { name: name.to_owned(), cursor: cursor.to_owned() };
    let mut updates = world.care_plans(person).watch_care_plan(request).await.unwrap().into_inner();
    assert_eq!(updates.message().await.unwrap().unwrap().r#type, "", "where it begins");
    updates
}

async fn next(updates: &mut Streaming<CarePlanUpdate>) -> (String, CarePlanUpdate) {
    let update = updates.message().await.unwrap().expect("an update");
    (update.r#type.rsplit('.').next().unwrap_or_default().to_owned(), update)
}

on_both!(an_organisation_sees_its_own_work_in_every_plan_as_it_changes, |world| async move {
    let (one, other) = (world.citizen_with_consent().await, world.citizen_with_consent().await);
    let mut municipal = watch(&world, "nurse", ALL, "").await;
    let mut hospital = watch(&world, "specialist", ALL, "").await;
    let first = proposal(&world, one).await.name;
    let second = own(&world, other, activity(&world, demo::MUNICIPALITY, "call", None)).await.name;
    // A goal is nobody's work, and what the hospital owns is not the municipality's.
    add(&world, "nurse", one, goal("closed")).await;
    let asked = create(one, activity(&world, demo::HOSPITAL, "look", None));
    let third = world.care_plans("nurse").create_activity(asked).await.unwrap().into_inner().name;
    world.care_plans("nurse").complete_activity(complete(&second)).await.unwrap();

    for (kind, name) in [("ActivityProposed", &first), ("ActivityAccepted", &second), ("ActivityCompleted", &second)] {
        let (told, update) = next(&mut municipal).await;
        assert_eq!((told.as_str(), &update.activity.unwrap().name), (kind, name));
    }
    let (told, update) = next(&mut hospital).await;
    assert_eq!((told.as_str(), update.activity.unwrap().name), ("ActivityProposed", third));
});

on_both!(a_cursor_is_good_for_whom_it_was_given_to, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut updates = watch(&world, "nurse", ALL, "").await;
    let name = own(&world, patient, activity(&world, demo::MUNICIPALITY, "call", None)).await.name;
    let cursor = next(&mut updates).await.1.cursor;
    world.care_plans("nurse").complete_activity(complete(&name)).await.unwrap();
    let mut again = watch(&world, "nurse", ALL, &cursor).await;
    assert_eq!(next(&mut again).await.0, "ActivityCompleted");
    let (sequence, bound) = cursor.split_once('-').unwrap();
    let future = format!("{}-{bound}", sequence.parse::<i64>().unwrap() + 1_000);
    for (person, cursor) in [("specialist", cursor.as_str()), ("nurse", &future), ("nurse", sequence), ("nurse", "x")] {
        let request = WatchCarePlanRequest { name: ALL.to_owned(), cursor: cursor.to_owned() };
        let refused = refusal(world.care_plans(person).watch_care_plan(request).await.map(drop));
        assert_eq!(refused.reason, "CURSOR_INVALID", "{person} {cursor}");
    }
});

on_both!(a_plan_tells_of_its_parts_too, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut updates = watch(&world, "gp", &plan(patient), "").await;
    let added = add(&world, "nurse", patient, goal("closed")).await;
    let (kind, update) = next(&mut updates).await;
    assert_eq!((kind.as_str(), update.part.as_ref(), update.activity), ("PartAdded", Some(&added), None));
    let changed = super::parts::update_request(&name_of(&added), goal("smaller"), &["description"]);
    world.care_plans("nurse").update_part(changed).await.unwrap();
    let (kind, update) = next(&mut updates).await;
    let part = update.part.unwrap();
    assert_eq!((kind.as_str(), part.version), ("PartUpdated", 2));
    let Some(Inner::Goal(goal)) = part.part.unwrap().part else { panic!("another kind") };
    assert_eq!(goal.description, "smaller");
    world.care_plans("nurse").withdraw_part(super::parts::withdraw_request(&goal.name)).await.unwrap();
    let (kind, update) = next(&mut updates).await;
    assert_eq!((kind.as_str(), update.part.unwrap().withdrawn), ("PartWithdrawn", true));
});

on_both!(work_is_listed_up_to_a_time, |world| async move {
    let patient = world.citizen_with_consent().await;
    for (description, due) in [("never", None), ("third", Some(3)), ("first", Some(1)), ("second", Some(2))] {
        own(&world, patient, activity(&world, demo::MUNICIPALITY, description, due)).await;
    }
    world.settle().await;
    let mut plans = world.care_plans("nurse");
    for (parent, before, expected) in [
        (ALL, "2026-11-20T08:00:00Z", vec!["first"]),
        (ALL, "2026-11-20T08:00:00.000001Z", vec!["first", "second"]),
        (&plan(patient), "2026-12-01T08:00:00Z", vec!["first", "second", "third"]),
    ] {
        let request = ListActivitiesRequest {
            parent: parent.to_owned(),
            due_before: wire(before),
            ..ListActivitiesRequest::default()
        };
        let page = plans.list_activities(request).await.unwrap().into_inner();
        let found: Vec<_> = page.activities.iter().map(|activity| activity.description.as_str()).collect();
        assert_eq!(found, expected, "{before}");
    }
    let paged = |due_before, page_token| ListActivitiesRequest {
        parent: ALL.to_owned(),
        page_size: 1,
        due_before,
        page_token,
        ..ListActivitiesRequest::default()
    };
    let bound = wire("2026-12-01T08:00:00Z");
    let token = plans.list_activities(paged(bound, String::new())).await.unwrap().into_inner().next_page_token;
    assert_eq!(refusal(plans.list_activities(paged(None, token.clone())).await).reason, "PAGE_TOKEN_INVALID");
    let second = plans.list_activities(paged(bound, token)).await.unwrap().into_inner();
    assert_eq!(second.activities[0].description, "second");
});
