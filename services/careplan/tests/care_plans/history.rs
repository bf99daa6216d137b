//! Plans as they were, and what changed.

use samspil_proto::careplan::v1::{
    CancelActivityRequest, DiffCarePlanRequest, DiffCarePlanResponse, GetPartRequest, ListPartVersionsRequest,
    part::Part as Inner,
};
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use super::{
    parts::{add, condition, goal, name_of, note, update_request, withdraw_request},
    *,
};

async fn diff(world: &World, patient: PatientName, from_version: i64, to_version: i64) -> DiffCarePlanResponse {
    let request = DiffCarePlanRequest { name: plan(patient), from_version, to_version };
    world.care_plans("gp").diff_care_plan(request).await.unwrap().into_inner()
}

fn words(plan: &CarePlan) -> (Vec<&str>, Vec<&str>, Vec<&str>) {
    (
        plan.goals.iter().map(|goal| goal.description.as_str()).collect(),
        plan.notes.iter().map(|note| note.text.as_str()).collect(),
        plan.activities.iter().map(|activity| activity.description.as_str()).collect(),
    )
}

on_both!(a_plan_can_be_read_as_it_was_at_every_version, |world| async move {
    let patient = world.citizen_with_consent().await;
    let first = name_of(&add(&world, "nurse", patient, goal("closed")).await); // 1
    let own = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", Some(2))).await; // 2
    add(&world, "nurse", patient, note("call")).await; // 3
    let mut plans = world.care_plans("nurse");
    plans.update_part(update_request(&first, goal("smaller"), &["description"])).await.unwrap(); // 4
    plans.complete_activity(complete(&own.name)).await.unwrap(); // 5
    plans.withdraw_part(withdraw_request(&first)).await.unwrap(); // 6

    let none: Vec<&str> = vec![];
    for (version, goals, notes, activities) in [
        (1, vec!["closed"], none.clone(), none.clone()),
        (2, vec!["closed"], none.clone(), vec!["compress"]),
        (3, vec!["closed"], vec!["call"], vec!["compress"]),
        (4, vec!["smaller"], vec!["call"], vec!["compress"]),
        (5, vec!["smaller"], vec!["call"], none.clone()),
        (6, none.clone(), vec!["call"], none.clone()),
        (0, none.clone(), vec!["call"], none.clone()),
    ] {
        let read = plan_at(&world, patient, version).await;
        assert_eq!(words(&read), (goals, notes, activities), "version {version}");
        let expected = if version == 0 { 6 } else { version };
        assert_eq!((read.version, read.etag), (expected, format!("v{expected}")));
    }
    let future = GetCarePlanRequest { name: plan(patient), version: 7 };
    let refused = refusal(plans.get_care_plan(future).await);
    assert_eq!((refused.code, refused.fields), (Code::InvalidArgument, vec!["version".to_owned()]));
});

on_both!(what_changed_between_two_versions_is_told_field_by_field, |world| async move {
    let patient = world.citizen_with_consent().await;
    let first = name_of(&add(&world, "nurse", patient, goal("closed")).await); // 1
    let other = name_of(&add(&world, "nurse", patient, condition("L97")).await); // 2
    let proposed = proposal(&world, patient).await; // 3
    let mut plans = world.care_plans("nurse");
    plans.update_part(update_request(&first, goal("smaller"), &["description"])).await.unwrap(); // 4
    plans.accept_activity(accept(&proposed.name)).await.unwrap(); // 5
    plans.withdraw_part(withdraw_request(&other)).await.unwrap(); // 6

    let since = diff(&world, patient, 3, 0).await;
    assert_eq!((since.from_version, since.to_version), (3, 6));
    let names: Vec<_> = since.changes.iter().map(|change| change.name.as_str()).collect();
    assert_eq!(names, [first.as_str(), &proposed.name, &other]);
    let fields = |n: usize| since.changes[n].changed.as_ref().unwrap().paths.clone();
    assert_eq!(fields(0), ["description"]);
    assert_eq!(fields(1), ["state", "decided_by", "clock"]);
    let (before, after) = (since.changes[0].before.as_ref().unwrap(), since.changes[0].after.as_ref().unwrap());
    assert_eq!((before.version, after.version, after.plan_version), (1, 2, 4));
    assert_eq!(after.reason, "talked with the patient");
    let withdrawn = &since.changes[2];
    assert!(withdrawn.after.as_ref().unwrap().withdrawn && !withdrawn.before.as_ref().unwrap().withdrawn);

    // From the empty plan: everything was added, but for what came and went.
    let all = diff(&world, patient, 0, 0).await;
    let names: Vec<_> = all.changes.iter().map(|change| change.name.as_str()).collect();
    assert_eq!(names, [first.as_str(), &proposed.name]);
    assert!(all.changes.iter().all(|change| change.before.is_none()));
    assert!(diff(&world, patient, 6, 0).await.changes.is_empty());
    assert_eq!(diff(&world, patient, 1, 2).await.changes.len(), 1);

    for (from_version, to_version, field) in [(0, 7, "to_version"), (7, 0, "from_version"), (4, 2, "from_version")] {
        let request = DiffCarePlanRequest { name: plan(patient), from_version, to_version };
        let refused = refusal(plans.diff_care_plan(request).await);
        assert_eq!((refused.code, refused.fields), (Code::InvalidArgument, vec![field.to_owned()]));
    }
    let request = DiffCarePlanRequest { name: plan(patient), from_version: 0, to_version: 0 };
    assert_eq!(refusal(world.care_plans("outsider").diff_care_plan(request).await).reason, "NO_RELATION");
});

on_both!(what_is_again_as_it_was_differs_in_nothing, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = name_of(&add(&world, "nurse", patient, goal("closed")).await);
    for text in ["smaller", "closed"] {
        let request = update_request(&name, goal(text), &["description"]);
        world.care_plans("nurse").update_part(request).await.unwrap();
    }
    assert!(diff(&world, patient, 1, 3).await.changes.is_empty());
    assert_eq!(diff(&world, patient, 2, 3).await.changes.len(), 1);
});

on_both!(an_activity_has_a_version_for_each_of_its_etags, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = proposal(&world, patient).await.name;
    let mut plans = world.care_plans("nurse");
    let accepted = plans.accept_activity(accept(&name)).await.unwrap().into_inner();
    let reason = "the leg is well".to_owned();
    let request =
        CancelActivityRequest { name: name.clone(), reason, etag: accepted.etag.clone(), request_id: request_id() };
    plans.cancel_activity(request).await.unwrap();
    let request = ListPartVersionsRequest { name, ..ListPartVersionsRequest::default() };
    let versions = plans.list_part_versions(request).await.unwrap().into_inner().versions;
    let told: Vec<_> = versions
        .iter()
        .map(|version| {
            let Some(Inner::Activity(activity)) = &version.part.as_ref().unwrap().part else { panic!("no activity") };
            assert_eq!((&activity.etag, version.plan_version), (&version.etag, version.version.into()));
            let author = version.author.as_ref().unwrap().person.as_str();
            (activity.state().as_str_name().trim_start_matches("ACTIVITY_STATE_"), author, version.reason.as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("CANCELLED", "demo-nurse", "the leg is well"),
            ("ACCEPTED", "demo-nurse", ""),
            ("PROPOSED", "demo-specialist", ""),
        ]
    );
});

on_both!(who_looked_into_the_past_stands_in_the_audit_log, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = name_of(&add(&world, "nurse", patient, goal("closed")).await);
    let mut plans = world.care_plans("gp");
    let diffing = DiffCarePlanRequest { name: plan(patient), from_version: 0, to_version: 0 };
    plans.diff_care_plan(diffing.clone()).await.unwrap();
    plans.get_care_plan(GetCarePlanRequest { name: plan(patient), version: 1 }).await.unwrap();
    plans.get_part(GetPartRequest { name: name.clone(), version: 1 }).await.unwrap();
    let listing = ListPartVersionsRequest { name: name.clone(), ..ListPartVersionsRequest::default() };
    plans.list_part_versions(listing).await.unwrap();
    refusal(world.care_plans("outsider").diff_care_plan(diffing).await);

    let mut tx = world.dbs["careplan"].read().await.unwrap();
    let mut entries = samspil_store::audit::of_patient(&mut tx, patient.patient, 100).await.unwrap();
    entries.sort_by_key(|entry| entry.entry_id);
    let seen: Vec<_> = entries
        .iter()
        .map(|e| (e.person.as_str(), e.action.rsplit('/').next().unwrap(), e.resource.as_str(), e.outcome.as_str()))
        .collect();
    let plan = plan(patient);
    assert_eq!(
        seen,
        [
            ("demo-nurse", "AddPart", name.as_str(), "OK"),
            ("demo-gp", "DiffCarePlan", plan.as_str(), "OK"),
            ("demo-gp", "GetCarePlan", plan.as_str(), "OK"),
            ("demo-gp", "GetPart", name.as_str(), "OK"),
            ("demo-gp", "ListPartVersions", name.as_str(), "OK"),
            ("demo-outsider", "DiffCarePlan", "", "NO_RELATION"),
        ]
    );
});
