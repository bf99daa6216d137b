//! Team, conditions, goals and notes.

use prost_types::FieldMask;
use samspil_proto::{
    careplan::v1::{
        AddPartRequest, Condition, GetPartRequest, Goal, ListPartVersionsRequest, Note, Part, PartVersion, TeamMember,
        UpdatePartRequest, WithdrawPartRequest, part::Part as Inner,
    },
    common::v1::Coding,
};
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use super::*;

pub(crate) fn goal(description: &str) -> Inner {
    Inner::Goal(Goal { description: description.to_owned(), ..Goal::default() })
}

pub(crate) fn note(text: &str) -> Inner {
    Inner::Note(Note { text: text.to_owned(), ..Note::default() })
}

pub(crate) fn condition(code: &str) -> Inner {
    let system = "http://hl7.org/fhir/sid/icd-10".to_owned();
    let code = Some(Coding { system, code: code.to_owned(), display: String::new() });
    Inner::Condition(Condition { code, ..Condition::default() })
}

pub(crate) fn member(sor: &str) -> Inner {
    let organisation = format!("organisations/{sor}");
    Inner::TeamMember(TeamMember { organisation, role: "nurse".to_owned(), ..TeamMember::default() })
}

pub(crate) fn add_request(patient: PatientName, part: Inner) -> AddPartRequest {
    AddPartRequest { parent: plan(patient), part: Some(Part { part: Some(part) }), request_id: request_id() }
}

pub(crate) async fn add(world: &World, person: &str, patient: PatientName, part: Inner) -> PartVersion {
    world.care_plans(person).add_part(add_request(patient, part)).await.unwrap().into_inner()
}

pub(crate) fn name_of(version: &PartVersion) -> String {
    match version.part.as_ref().unwrap().part.as_ref().unwrap() {
        Inner::TeamMember(part) => part.name.clone(),
        Inner::Condition(part) => part.name.clone(),
        Inner::Goal(part) => part.name.clone(),
        Inner::Note(part) => part.name.clone(),
        Inner::Activity(part) => part.name.clone(),
        Inner::Reconciliation(part) => part.name.clone(),
    }
}

pub(crate) fn update_request(name: &str, part: Inner, mask: &[&str]) -> UpdatePartRequest {
    UpdatePartRequest {
        name: name.to_owned(),
        part: Some(Part { part: Some(part) }),
        update_mask: Some(FieldMask { paths: mask.iter().map(|path| (*path).to_owned()).collect() }),
        reason: "talked with the patient".to_owned(),
        etag: String::new(),
        request_id: request_id(),
    }
}

pub(crate) fn withdraw_request(name: &str) -> WithdrawPartRequest {
    let reason = "no longer so".to_owned();
    WithdrawPartRequest { name: name.to_owned(), reason, etag: String::new(), request_id: request_id() }
}

async fn get_part(world: &World, name: &str, version: i32) -> PartVersion {
    let request = GetPartRequest { name: name.to_owned(), version };
    world.care_plans("gp").get_part(request).await.unwrap().into_inner()
}

on_both!(a_part_of_each_kind_is_added_changed_and_taken_off, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut plans = world.care_plans("nurse");
    for (part, changed, mask) in [
        (member(demo::PRACTICE), member(demo::HOSPITAL), "organisation"),
        (condition("L97"), condition("I83.0"), "code"),
        (goal("closed in twelve weeks"), goal("no pain"), "description"),
        (note("call the daughter"), note("call the son"), "text"),
    ] {
        world.clock.advance(chrono::TimeDelta::minutes(1));
        let added = plans.add_part(add_request(patient, part)).await.unwrap().into_inner();
        let name = name_of(&added);
        assert_eq!((added.version, added.etag.as_str(), added.withdrawn), (1, "v1", false));
        assert_eq!(added.author, Some(world.person("nurse").actor()));
        assert_eq!(added.time, Some(time::to_wire(world.clock.now())));
        assert_eq!(get_part(&world, &name, 0).await, added);

        let request = UpdatePartRequest { etag: added.etag.clone(), ..update_request(&name, changed, &[mask]) };
        let second = plans.update_part(request).await.unwrap().into_inner();
        assert_eq!((second.version, second.reason.as_str()), (2, "talked with the patient"));
        assert_eq!(second.plan_version, added.plan_version + 1);
        assert_eq!(name_of(&second), name, "a name is for good");
        assert_ne!(second.part, added.part);

        let off = plans.withdraw_part(withdraw_request(&name)).await.unwrap().into_inner();
        assert_eq!((off.version, off.withdrawn, &off.part), (3, true, &second.part));
        for (version, expected) in [(0, &off), (1, &added), (2, &second), (3, &off)] {
            assert_eq!(&get_part(&world, &name, version).await, expected);
        }
    }
    let now = plan_at(&world, patient, 0).await;
    assert_eq!((now.version, now.team.len() + now.conditions.len() + now.goals.len() + now.notes.len()), (12, 0));
    let told: Vec<_> = told(&world).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(told, ["PartAdded", "PartUpdated", "PartWithdrawn"].repeat(4));
});

on_both!(every_version_is_listed_page_by_page_the_newest_first, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = name_of(&add(&world, "nurse", patient, goal("0")).await);
    let other = name_of(&add(&world, "nurse", patient, goal("other")).await);
    for n in 1..5 {
        let request = update_request(&name, goal(&n.to_string()), &["description"]);
        world.care_plans("nurse").update_part(request).await.unwrap();
    }
    let mut plans = world.care_plans("gp");
    let mut request = ListPartVersionsRequest { name: name.clone(), page_size: 2, page_token: String::new() };
    let mut pages = vec![];
    loop {
        let page = plans.list_part_versions(request.clone()).await.unwrap().into_inner();
        pages.push(page.versions.iter().map(|version| version.version).collect::<Vec<_>>());
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(pages, [vec![5, 4], vec![3, 2], vec![1]]);

    let first = ListPartVersionsRequest { name, page_size: 2, page_token: String::new() };
    let token = plans.list_part_versions(first.clone()).await.unwrap().into_inner().next_page_token;
    let elsewhere = ListPartVersionsRequest { name: other, page_size: 2, page_token: token.clone() };
    assert_eq!(refusal(plans.list_part_versions(elsewhere).await).reason, "PAGE_TOKEN_INVALID");
    let stranger = ListPartVersionsRequest { page_token: token, ..first };
    let refused = refusal(world.care_plans("specialist").list_part_versions(stranger).await);
    assert_eq!(refused.reason, "PAGE_TOKEN_INVALID");
});

on_both!(two_people_change_two_parts_and_one_of_two_wins_on_one, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (one, other) =
        (add(&world, "nurse", patient, goal("one")).await, add(&world, "nurse", patient, goal("other")).await);
    let (mut nurse, mut specialist) = (world.care_plans("nurse"), world.care_plans("specialist"));
    let change = |of: &PartVersion, text: &str| UpdatePartRequest {
        etag: of.etag.clone(),
        ..update_request(&name_of(of), goal(text), &["description"])
    };
    let (a, b) = tokio::join!(nurse.update_part(change(&one, "a")), specialist.update_part(change(&other, "b")));
    assert_eq!((a.unwrap().into_inner().version, b.unwrap().into_inner().version), (2, 2));

    let last = get_part(&world, &name_of(&one), 0).await;
    let (a, b) = tokio::join!(nurse.update_part(change(&last, "c")), specialist.update_part(change(&last, "d")));
    assert!(a.is_ok() != b.is_ok());
    let refused = refusal(if a.is_ok() { b } else { a });
    assert_eq!((refused.code, refused.reason.as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    assert_eq!(get_part(&world, &name_of(&one), 0).await.version, 3);

    let old = WithdrawPartRequest { etag: "v1".to_owned(), ..withdraw_request(&name_of(&one)) };
    assert_eq!(refusal(nurse.withdraw_part(old).await).reason, "ETAG_MISMATCH");
});

on_both!(a_note_is_its_authors_and_can_be_answered_by_all, |world| async move {
    let patient = world.citizen_with_consent().await;
    let first = name_of(&add(&world, "nurse", patient, note("who calls?")).await);
    let recipients = vec![format!("organisations/{}", demo::PRACTICE)];
    let reply = Note { text: "we do".to_owned(), in_reply_to: first.clone(), recipients, ..Note::default() };
    add(&world, "specialist", patient, Inner::Note(reply.clone())).await;
    let notes = plan_at(&world, patient, 0).await.notes;
    assert_eq!(notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["we do", "who calls?"]);
    assert_eq!(notes[0].in_reply_to, first);

    for person in ["specialist", "gp"] {
        let mut plans = world.care_plans(person);
        let refusals = [
            refusal(plans.update_part(update_request(&first, note("x"), &["text"])).await),
            refusal(plans.withdraw_part(withdraw_request(&first)).await),
        ];
        for refused in refusals {
            assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NOT_THE_AUTHOR"));
        }
    }
    // What a note answers it answers for good, and it answers one of the same plan.
    let mut plans = world.care_plans("nurse");
    let moved = update_request(&first, Inner::Note(reply.clone()), &["in_reply_to"]);
    assert_eq!(refusal(plans.update_part(moved).await).code, Code::InvalidArgument);
    let elsewhere = world.citizen_with_consent().await;
    let refused = refusal(plans.add_part(add_request(elsewhere, Inner::Note(reply))).await);
    assert_eq!(
        (refused.code, refused.fields.as_slice()),
        (Code::InvalidArgument, &["part.note.in_reply_to[0]".to_owned()][..])
    );
});

on_both!(a_goal_is_about_conditions_that_the_plan_has, |world| async move {
    let patient = world.citizen_with_consent().await;
    let ulcer = name_of(&add(&world, "specialist", patient, condition("L97")).await);
    let about = |conditions: &[&str]| {
        let conditions = conditions.iter().map(|name| (*name).to_owned()).collect();
        Inner::Goal(Goal { description: "closed".to_owned(), conditions, ..Goal::default() })
    };
    let goal = name_of(&add(&world, "nurse", patient, about(&[&ulcer])).await);
    assert_eq!(plan_at(&world, patient, 0).await.goals[0].conditions, std::slice::from_ref(&ulcer));

    let mut plans = world.care_plans("nurse");
    let elsewhere = world.citizen_with_consent().await;
    let strange = name_of(&add(&world, "nurse", elsewhere, condition("L97")).await);
    let nowhere = format!("{}/conditions/{}", plan(patient), request_id());
    plans.withdraw_part(withdraw_request(&ulcer)).await.unwrap();
    let refused = refusal(plans.add_part(add_request(patient, about(&[&strange, &nowhere, &ulcer]))).await);
    assert_eq!(refused.fields, [0, 1, 2].map(|n| format!("part.goal.conditions[{n}]")));
    let refused = refusal(plans.update_part(update_request(&goal, about(&[&nowhere]), &["conditions"])).await);
    assert_eq!(refused.fields, ["part.goal.conditions[0]"]);
    // A goal whose condition was withdrawn since can still be changed otherwise.
    plans.update_part(update_request(&goal, about(&[]), &["description"])).await.unwrap();

    let served = Activity { goals: vec![goal.clone()], ..activity(&world, demo::MUNICIPALITY, "compress", None) };
    assert_eq!(own(&world, patient, served).await.goals, [goal]);
    let astray = Activity {
        goals: vec![strange.replace("conditions", "goals")],
        ..activity(&world, demo::MUNICIPALITY, "x", None)
    };
    assert_eq!(refusal(plans.create_activity(create(patient, astray)).await).fields, ["activity.goals[0]"]);
});

on_both!(who_takes_part_is_covered_by_the_consent, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut plans = world.care_plans("nurse");
    let to = |sor: &str| {
        Inner::Note(Note { text: "x".to_owned(), recipients: vec![format!("organisations/{sor}")], ..Note::default() })
    };
    for stranger in [demo::OTHER_HOSPITAL, "990000000099999"] {
        for part in [member(stranger), to(stranger)] {
            let refused = refusal(plans.add_part(add_request(patient, part)).await);
            assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "OWNER_OUTSIDE_PLAN"));
            assert_eq!(refused.metadata["organisation"], format!("organisations/{stranger}"));
        }
    }
    let name = name_of(&add(&world, "nurse", patient, member(demo::PRACTICE)).await);
    let moved = update_request(&name, member(demo::OTHER_HOSPITAL), &["organisation"]);
    assert_eq!(refusal(plans.update_part(moved).await).reason, "OWNER_OUTSIDE_PLAN");
});

on_both!(what_cannot_be_changed_so_is_refused, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut plans = world.care_plans("nurse");
    let name = name_of(&add(&world, "nurse", patient, goal("closed")).await);
    for (mask, part) in [
        (&["name"][..], goal("x")),
        (&["description", "name"], goal("x")),
        (&[], goal("x")),
        (&["description"], goal("")),
        (&["description"], note("x")),
        (&["target_date"], Inner::Goal(Goal { target_date: "2027-02-30".to_owned(), ..Goal::default() })),
    ] {
        let refused = refusal(plans.update_part(update_request(&name, part, mask)).await);
        assert_eq!(refused.code, Code::InvalidArgument, "{mask:?}");
    }
    let first = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", None)).await;
    let wrong = update_request(&first.name, goal("x"), &["description"]);
    assert_eq!(refusal(plans.update_part(wrong).await).fields, ["name"]);
    assert_eq!(refusal(plans.withdraw_part(withdraw_request(&first.name)).await).fields, ["name"]);
    let whole = Inner::Activity(activity(&world, demo::MUNICIPALITY, "compress", None));
    assert_eq!(refusal(plans.add_part(add_request(patient, whole)).await).fields, ["part"]);

    plans.withdraw_part(withdraw_request(&name)).await.unwrap();
    let gone = [
        refusal(plans.withdraw_part(withdraw_request(&name)).await),
        refusal(plans.update_part(update_request(&name, goal("x"), &["description"])).await),
    ];
    for refused in gone {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "PART_WITHDRAWN"));
    }
    let nowhere = format!("{}/goals/{}", plan(patient), request_id());
    let refused = refusal(plans.update_part(update_request(&nowhere, goal("x"), &["description"])).await);
    assert_eq!(refused.reason, "RESOURCE_NOT_FOUND");
    let list = ListPartVersionsRequest { name: nowhere.clone(), ..ListPartVersionsRequest::default() };
    assert_eq!(refusal(plans.list_part_versions(list).await).reason, "RESOURCE_NOT_FOUND");
    let future = GetPartRequest { name, version: 9 };
    assert_eq!(refusal(plans.get_part(future).await).reason, "RESOURCE_NOT_FOUND");
});

on_both!(a_repeated_change_gets_its_first_answer_and_another_content_none, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut plans = world.care_plans("nurse");
    let adding = add_request(patient, goal("closed"));
    let first = plans.add_part(adding.clone()).await.unwrap().into_inner();
    assert_eq!(plans.add_part(adding.clone()).await.unwrap().into_inner(), first);
    let reused = AddPartRequest { request_id: adding.request_id, ..add_request(patient, goal("other")) };
    assert_eq!(refusal(plans.add_part(reused).await).reason, "REQUEST_ID_REUSED");

    let updating = update_request(&name_of(&first), goal("smaller"), &["description"]);
    let second = plans.update_part(updating.clone()).await.unwrap().into_inner();
    assert_eq!(plans.update_part(updating).await.unwrap().into_inner(), second);
    let withdrawing = withdraw_request(&name_of(&first));
    let third = plans.withdraw_part(withdrawing.clone()).await.unwrap().into_inner();
    assert_eq!(plans.withdraw_part(withdrawing).await.unwrap().into_inner(), third);
    assert_eq!((third.version, plan_at(&world, patient, 0).await.version), (3, 3));
});

on_both!(an_outsider_can_do_nothing_with_parts, |world| async move {
    let patient = world.citizen_with_consent().await;
    let there = name_of(&add(&world, "nurse", patient, goal("closed")).await);
    let nowhere = format!("{}/goals/{}", plan(patient), request_id());
    for (person, reason) in [("outsider", "NO_RELATION"), ("administrator", "NO_PERMISSION")] {
        let mut plans = world.care_plans(person);
        assert_eq!(refusal(plans.add_part(add_request(patient, goal("x"))).await).reason, reason);
        for name in [&there, &nowhere] {
            let list = ListPartVersionsRequest { name: name.clone(), ..ListPartVersionsRequest::default() };
            for refused in [
                refusal(plans.get_part(GetPartRequest { name: name.clone(), version: 0 }).await.map(drop)),
                refusal(plans.list_part_versions(list).await.map(drop)),
                refusal(plans.update_part(update_request(name, goal("x"), &["description"])).await.map(drop)),
                refusal(plans.withdraw_part(withdraw_request(name)).await.map(drop)),
            ] {
                assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, reason));
            }
        }
    }
});
