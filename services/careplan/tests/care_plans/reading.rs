//! Plans, activities and lists.

use samspil_proto::{
    careplan::v1::{ActivityState, CarePlan, GetActivityRequest, GetCarePlanRequest, ListActivitiesResponse},
    directory::v1::WithdrawConsentRequest,
};
use samspil_store::audit;
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use super::*;

async fn get_plan(world: &World, person: &str, patient: PatientName) -> CarePlan {
    let request = GetCarePlanRequest { name: plan(patient), version: 0 };
    world.care_plans(person).get_care_plan(request).await.unwrap().into_inner()
}

async fn add(world: &World, patient: PatientName, description: &str, due_days: Option<i64>) -> Activity {
    let request = create(patient, activity(world, demo::MUNICIPALITY, description, due_days));
    world.care_plans("nurse").create_activity(request).await.unwrap().into_inner()
}

fn list(parent: &str) -> ListActivitiesRequest {
    ListActivitiesRequest { parent: parent.to_owned(), ..ListActivitiesRequest::default() }
}

fn descriptions(activities: &[Activity]) -> Vec<&str> {
    activities.iter().map(|activity| activity.description.as_str()).collect()
}

on_both!(a_patient_for_whom_nothing_was_planned_has_an_empty_plan, |world| async move {
    let patient = world.citizen_with_consent().await;
    let empty = get_plan(&world, "gp", patient).await;
    assert_eq!(empty, CarePlan { name: plan(patient), etag: "v0".to_owned(), ..CarePlan::default() });
});

on_both!(a_plan_shows_what_is_open_and_has_a_new_etag_after_each_change, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut etags = vec![get_plan(&world, "nurse", patient).await.etag];
    add(&world, patient, "some day", None).await;
    etags.push(get_plan(&world, "nurse", patient).await.etag);
    let soon = add(&world, patient, "soon", Some(1)).await;
    etags.push(get_plan(&world, "nurse", patient).await.etag);
    let proposed = proposal(&world, patient).await;
    let read = get_plan(&world, "gp", patient).await;
    assert_eq!(descriptions(&read.activities), ["soon", "compress", "some day"]);
    etags.push(read.etag);

    world.care_plans("nurse").complete_activity(complete(&soon.name)).await.unwrap();
    etags.push(get_plan(&world, "nurse", patient).await.etag);
    world.care_plans("nurse").decline_activity(decline(&proposed.name)).await.unwrap();
    let read = get_plan(&world, "nurse", patient).await;
    assert_eq!(descriptions(&read.activities), ["some day"]);
    etags.push(read.etag);
    let changes = etags.len();
    etags.dedup();
    assert_eq!(etags.len(), changes, "each change has its own: {etags:?}");
});

on_both!(a_plan_is_listed_page_by_page_the_soonest_due_first, |world| async move {
    let patient = world.citizen_with_consent().await;
    for (description, due) in
        [("never", None), ("third", Some(3)), ("first", Some(1)), ("never too", None), ("second", Some(2))]
    {
        add(&world, patient, description, due).await;
    }
    let mut plans = world.care_plans("nurse");
    let mut request = ListActivitiesRequest { page_size: 2, ..list(&plan(patient)) };
    let mut pages = vec![];
    loop {
        let page = plans.list_activities(request.clone()).await.unwrap().into_inner();
        pages.push(descriptions(&page.activities).join(", "));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(pages, ["first, second", "third, never", "never too"]);

    let first = ListActivitiesRequest { page_size: 2, ..list(&plan(patient)) };
    let token = plans.list_activities(first).await.unwrap().into_inner().next_page_token;
    let accepted = ActivityState::Accepted.into();
    for other in [
        ListActivitiesRequest { page_token: token.clone(), ..list("patients/-/carePlan") },
        ListActivitiesRequest { page_token: token.clone(), state: accepted, ..list(&plan(patient)) },
        ListActivitiesRequest { page_token: "nonsense".to_owned(), ..list(&plan(patient)) },
    ] {
        let refused = refusal(plans.list_activities(other).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "PAGE_TOKEN_INVALID"));
    }
    let same = ListActivitiesRequest { page_token: token, ..list(&plan(patient)) };
    assert_eq!(refusal(world.care_plans("gp").list_activities(same).await).reason, "PAGE_TOKEN_INVALID");
});

on_both!(an_organisation_finds_what_it_owns_over_all_plans, |world| async move {
    let (one, other) = (world.citizen_with_consent().await, world.citizen().await);
    let consent = world.consent(other).await;
    add(&world, one, "later", Some(5)).await;
    add(&world, other, "sooner", Some(1)).await;
    proposal(&world, one).await;
    let request = create(one, activity(&world, demo::HOSPITAL, "look at the foot", None));
    world.care_plans("nurse").create_activity(request).await.unwrap();
    // The list goes by the copy of the consents, which follows directory.
    world.settle().await;
    assert_eq!(listed(&world, "nurse", "patients/-/carePlan").await, ["sooner", "compress", "later"]);
    assert_eq!(listed(&world, "specialist", "patients/-/carePlan").await, ["look at the foot"]);
    assert_eq!(listed(&world, "gp", "patients/-/carePlan").await, Vec::<String>::new());

    let proposed = ListActivitiesRequest { state: ActivityState::Proposed.into(), ..list("patients/-/carePlan") };
    let page = world.care_plans("nurse").list_activities(proposed).await.unwrap().into_inner();
    assert_eq!(descriptions(&page.activities), ["compress"]);

    let withdraw = WithdrawConsentRequest { name: consent.name, etag: String::new(), request_id: request_id() };
    world.directory("nurse").withdraw_consent(withdraw).await.unwrap();
    world.settle().await;
    assert_eq!(listed(&world, "nurse", "patients/-/carePlan").await, ["compress", "later"]);
});

on_both!(only_those_whom_the_consent_covers_can_read, |world| async move {
    let patient = world.citizen_with_consent().await;
    let there = proposal(&world, patient).await.name;
    let nowhere = format!("{}/activities/{}", plan(patient), request_id());
    for (person, reason) in [("outsider", "NO_RELATION"), ("administrator", "NO_PERMISSION")] {
        let mut plans = world.care_plans(person);
        for name in [&there, &nowhere] {
            let refused = refusal(plans.get_activity(GetActivityRequest { name: name.clone() }).await);
            assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, reason));
        }
        assert_eq!(
            refusal(plans.get_care_plan(GetCarePlanRequest { name: plan(patient), version: 0 }).await).reason,
            reason
        );
        assert_eq!(refusal(plans.list_activities(list(&plan(patient))).await).reason, reason);
    }
    let mut plans = world.care_plans("gp");
    let read = plans.get_activity(GetActivityRequest { name: there.clone() }).await.unwrap().into_inner();
    assert_eq!(read.name, there);
    let refused = refusal(plans.get_activity(GetActivityRequest { name: nowhere }).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "RESOURCE_NOT_FOUND"));
});

on_both!(a_request_that_breaks_the_contract_is_refused, |world| async move {
    let mut plans = world.care_plans("nurse");
    let request = ListActivitiesRequest {
        parent: "patients/x/carePlan".to_owned(),
        state: 99,
        page_size: -1,
        ..ListActivitiesRequest::default()
    };
    let refused = refusal::<tonic::Response<ListActivitiesResponse>>(plans.list_activities(request).await);
    assert_eq!(
        (refused.code, refused.fields),
        (Code::InvalidArgument, ["parent", "state", "page_size"].map(String::from).into())
    );
});

on_both!(who_reads_stands_in_the_audit_log_once_for_each_patient, |world| async move {
    let patient = world.citizen_with_consent().await;
    world.settle().await;
    let name = add(&world, patient, "one", None).await.name;
    add(&world, patient, "two", None).await;
    get_plan(&world, "gp", patient).await;
    world.care_plans("gp").get_activity(GetActivityRequest { name: name.clone() }).await.unwrap();
    listed(&world, "gp", &plan(patient)).await;
    listed(&world, "nurse", "patients/-/carePlan").await;
    refusal(world.care_plans("outsider").get_care_plan(GetCarePlanRequest { name: plan(patient), version: 0 }).await);

    let mut tx = world.dbs["careplan"].read().await.unwrap();
    let mut entries = audit::of_patient(&mut tx, patient.patient, 100).await.unwrap();
    entries.sort_by_key(|entry| entry.entry_id);
    let seen: Vec<_> = entries
        .iter()
        .filter(|entry| !entry.action.ends_with("CreateActivity"))
        .map(|e| (e.person.as_str(), e.action.rsplit('/').next().unwrap(), e.resource.as_str(), e.outcome.as_str()))
        .collect();
    let plan = plan(patient);
    assert_eq!(
        seen,
        [
            ("demo-gp", "GetCarePlan", plan.as_str(), "OK"),
            ("demo-gp", "GetActivity", name.as_str(), "OK"),
            ("demo-gp", "ListActivities", plan.as_str(), "OK"),
            ("demo-nurse", "ListActivities", plan.as_str(), "OK"),
            ("demo-outsider", "GetCarePlan", "", "NO_RELATION"),
        ]
    );
});
