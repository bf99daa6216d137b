//! Breaking the glass.

use chrono::TimeDelta;
use samspil_proto::{
    directory::v1::{EndBreakGlassRequest, RegisterCitizenRequest},
    time,
};
use samspil_testkit::on_both;

use super::*;
use crate::{events, nobody, person_number, register};

fn end(name: &str) -> EndBreakGlassRequest {
    EndBreakGlassRequest { name: name.to_owned(), request_id: request_id() }
}

on_both!(an_emergency_passes_over_a_missing_consent_and_a_block_until_its_time, |world| async move {
    let patient = world.citizen().await;
    // Nobody has consented to anything, and the whole hospital is blocked.
    blocks(&world, patient, block(BlockKind::Organisation, &sor(demo::HOSPITAL))).await;
    is_outside(gets(&world, "specialist", patient).await);
    let access = breaks(&world, "specialist", patient, 0).await;
    let now = world.clock.now();
    assert_eq!(access.end_time, Some(time::to_wire(now + TimeDelta::hours(1))));
    assert_eq!((access.reason.as_str(), access.give_back_time), (FOUND, None));
    assert_eq!(access.holder, Some(world.person("specialist").actor()));
    gets(&world, "specialist", patient).await.unwrap();
    let entry = newest(&world, "directory", patient, "demo-specialist").await;
    assert_eq!((entry.basis.as_str(), entry.reason.as_str()), ("BREAK_GLASS", FOUND));
    assert_eq!(entry.outcome, "OK");
    // It is one person's: not the colleague's, and not for another patient.
    is_outside(gets(&world, "specialist2", patient).await);
    is_outside(gets(&world, "specialist", world.citizen().await).await);

    world.clock.advance(TimeDelta::hours(1) - TimeDelta::microseconds(1));
    gets(&world, "specialist", patient).await.unwrap();
    world.clock.advance(TimeDelta::microseconds(1));
    is_outside(gets(&world, "specialist", patient).await);
});

on_both!(an_emergency_gives_no_permission_and_records_no_wishes, |world| async move {
    let patient = world.citizen().await;
    breaks(&world, "outsider", patient, 0).await;
    gets(&world, "outsider", patient).await.unwrap();
    is_outside(world.directory("outsider").create_block(create(patient, block(BlockKind::Everybody, ""))).await);
    is_outside(
        world
            .directory("outsider")
            .grant_consent(crate::consent(&world, &patient.to_string(), &[demo::HOSPITAL]))
            .await,
    );
    breaks(&world, "specialist", patient, 0).await;
    let request = RegisterCitizenRequest { municipality_code: "0766".to_owned(), ..register("0101451234") };
    assert_eq!(refusal(world.directory("specialist").register_citizen(request).await).reason, "NO_PERMISSION");
});

on_both!(only_those_who_treat_break_the_glass, |world| async move {
    let patient = world.citizen_with_consent().await;
    for person in ["coordinator", "dpo", "administrator"] {
        let refused = refusal(world.directory(person).break_glass(glass(patient, FOUND, 0)).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_PERMISSION"), "{person}");
    }
    let refused = refusal(as_citizen(&world, patient).break_glass(glass(patient, FOUND, 0)).await);
    assert_eq!(refused.reason, "NO_PERMISSION");
    for person in ["nurse", "specialist", "gp", "outsider"] {
        breaks(&world, person, patient, 5).await;
    }
});

on_both!(an_emergency_wants_a_reason_and_has_its_bounds, |world| async move {
    let patient = world.citizen().await;
    let mut nurse = world.directory("nurse");
    for (reason, minutes, field) in
        [("too short", 0, "reason"), (FOUND, 481, "duration_minutes"), (FOUND, -1, "duration_minutes")]
    {
        assert_eq!(refusal(nurse.break_glass(glass(patient, reason, minutes)).await).fields, [field]);
    }
    let long = breaks(&world, "nurse", patient, 480).await;
    assert_eq!(long.end_time, Some(time::to_wire(world.clock.now() + TimeDelta::hours(8))));
    let unknown: PatientName = nobody().parse().unwrap();
    let refused = refusal(nurse.break_glass(glass(unknown, FOUND, 0)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "CITIZEN_NOT_FOUND"));
    assert_eq!(newest(&world, "directory", unknown, "demo-nurse").await.outcome, "NO_RELATION");
});

on_both!(an_emergency_finds_a_citizen_by_number, |world| async move {
    let number = person_number();
    let registered = world.directory("nurse").register_citizen(register(&number)).await.unwrap().into_inner();
    let mut helper = world.directory("outsider");
    let find = || FindCitizenRequest { person_number: number.clone() };
    assert_eq!(refusal(helper.find_citizen(find()).await).reason, "CITIZEN_NOT_FOUND");
    let by_number = |number: &str| BreakGlassRequest {
        parent: "patients/-".to_owned(),
        person_number: number.to_owned(),
        ..glass(nobody().parse().unwrap(), FOUND, 0)
    };
    let access = helper.break_glass(by_number(&number)).await.unwrap().into_inner();
    assert!(access.name.starts_with(&registered.name));
    assert_eq!(helper.find_citizen(find()).await.unwrap().into_inner().name, registered.name);
    assert_eq!(refusal(helper.break_glass(by_number(&person_number())).await).reason, "CITIZEN_NOT_FOUND");
    for (parent, number) in [("patients/-", ""), (registered.name.as_str(), number.as_str()), ("patients/-", "1")] {
        let request = BreakGlassRequest { parent: parent.to_owned(), ..by_number(number) };
        assert_eq!(refusal(helper.break_glass(request).await).fields, ["person_number"]);
    }
});

on_both!(an_emergency_is_given_back_by_its_holder_once, |world| async move {
    let patient = world.citizen().await;
    let access = breaks(&world, "specialist", patient, 60).await;
    for person in ["specialist2", "outsider"] {
        let refused = refusal(world.directory(person).end_break_glass(end(&access.name)).await);
        assert_eq!(refused.reason, "RESOURCE_NOT_FOUND", "{person}");
    }
    let unknown = format!("{patient}/emergencyAccesses/{}", uuid::Uuid::new_v4());
    let mut specialist = world.directory("specialist");
    assert_eq!(refusal(specialist.end_break_glass(end(&unknown)).await).reason, "RESOURCE_NOT_FOUND");
    let request = end(&access.name);
    let given_back = specialist.end_break_glass(request.clone()).await.unwrap().into_inner();
    assert_eq!(given_back.give_back_time, Some(time::to_wire(world.clock.now())));
    assert_eq!(specialist.end_break_glass(request).await.unwrap().into_inner(), given_back);
    is_outside(gets(&world, "specialist", patient).await);
    assert_eq!(refusal(specialist.end_break_glass(end(&access.name)).await).reason, "EMERGENCY_ACCESS_OVER");
    let over = breaks(&world, "specialist", patient, 1).await;
    world.clock.advance(TimeDelta::minutes(1));
    assert_eq!(refusal(specialist.end_break_glass(end(&over.name)).await).reason, "EMERGENCY_ACCESS_OVER");
});

on_both!(nobody_prolongs_an_emergency_in_silence, |world| async move {
    let patient = world.citizen().await;
    let request = glass(patient, FOUND, 60);
    let mut specialist = world.directory("specialist");
    let first = specialist.break_glass(request.clone()).await.unwrap().into_inner();
    // The same request is the same access, and a second one is another, with a check of its own.
    assert_eq!(specialist.break_glass(request.clone()).await.unwrap().into_inner(), first);
    let reused = BreakGlassRequest { duration_minutes: 480, ..request };
    assert_eq!(refusal(specialist.break_glass(reused).await).reason, "REQUEST_ID_REUSED");
    world.clock.advance(TimeDelta::minutes(30));
    let second = specialist.break_glass(glass(patient, "still there, and worse", 60)).await.unwrap().into_inner();
    assert_ne!((&first.name, &first.access_check), (&second.name, &second.access_check));
    world.clock.advance(TimeDelta::minutes(45));
    gets(&world, "specialist", patient).await.unwrap();
    assert_eq!(newest(&world, "directory", patient, "demo-specialist").await.reason, "still there, and worse");
    let broken = events(&world, "GlassBroken").await;
    assert_eq!(broken.iter().map(|event| event.subject.as_str()).collect::<Vec<_>>(), [first.name, second.name]);
    // What is logged for good has no free text.
    assert!(broken.iter().all(|event| !String::from_utf8_lossy(&event.data).contains("floor")));
});
