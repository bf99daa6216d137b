//! Citizens.

use samspil_kit::identity::demo;
use samspil_proto::{
    directory::v1::{
        AddPersonNumberRequest, Citizen, CitizenRegistered, FindCitizenRequest, GetCitizenRequest, PersonNumberKind,
    },
    names::PatientName,
};
use samspil_testkit::{World, on_both, refusal, request_id};
use tonic::{Code, Status};

use crate::{audited, consent, entry, events, nobody, person_number, register};

fn patient(citizen: &Citizen) -> PatientName {
    citizen.name.parse().unwrap()
}

async fn find(world: &World, person: &str, number: &str) -> Result<Citizen, Status> {
    let request = FindCitizenRequest { person_number: number.to_owned() };
    Ok(world.directory(person).find_citizen(request).await?.into_inner())
}

async fn get(world: &World, person: &str, name: &str) -> Result<Citizen, Status> {
    Ok(world.directory(person).get_citizen(GetCitizenRequest { name: name.to_owned() }).await?.into_inner())
}

fn add(name: &str, number: &str) -> AddPersonNumberRequest {
    AddPersonNumberRequest { name: name.to_owned(), person_number: number.to_owned(), request_id: request_id() }
}

on_both!(a_citizen_is_registered_found_and_read, |world| async move {
    let number = person_number();
    let citizen = world.directory("nurse").register_citizen(register(&number)).await.unwrap().into_inner();
    assert_eq!(citizen.display_name, "Inger Testsen");
    assert_eq!(citizen.municipality_code, "0766");
    assert_eq!(citizen.birth_date, "1945-03-01");
    assert_eq!(citizen.person_number_kinds, [PersonNumberKind::Cpr as i32]);
    assert_eq!(citizen.create_time, Some(samspil_proto::time::to_wire(world.clock.now())));

    assert_eq!(find(&world, "nurse", &number).await.unwrap(), citizen);
    let hyphenated = format!("{}-{}", &number[..6], &number[6..]);
    assert_eq!(find(&world, "gp", &hyphenated).await.unwrap(), citizen);
    assert_eq!(get(&world, "nurse", &citizen.name).await.unwrap(), citizen);

    let entries = audited(&world, patient(&citizen).patient).await;
    let name = &citizen.name;
    let expected = [
        entry("demo-nurse", "GetCitizen", name, "OK"),
        entry("demo-gp", "FindCitizen", name, "OK"),
        entry("demo-nurse", "FindCitizen", name, "OK"),
        entry("demo-nurse", "RegisterCitizen", name, "OK"),
    ];
    assert_eq!(entries, expected);
});

on_both!(a_registered_number_gives_the_citizen_that_has_it, |world| async move {
    let number = person_number();
    let first = world.directory("nurse").register_citizen(register(&number)).await.unwrap().into_inner();
    let mut again = register(&format!("{}-{}", &number[..6], &number[6..]));
    again.display_name = "Somebody Else".to_owned();
    assert_eq!(world.directory("gp").register_citizen(again).await.unwrap().into_inner(), first);

    let events = events(&world, "CitizenRegistered").await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].subject, first.name);
    assert!(events[0].concerns(demo::MUNICIPALITY) && !events[0].concerns(demo::OTHER_MUNICIPALITY));
    let payload: CitizenRegistered = prost::Message::decode(events[0].data.as_slice()).unwrap();
    assert_eq!(payload.municipality_code, "0766");
});

on_both!(registering_twice_with_one_request_id_gives_one_answer, |world| async move {
    let request = register(&person_number());
    let mut directory = world.directory("nurse");
    let first = directory.register_citizen(request.clone()).await.unwrap().into_inner();
    world.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(directory.register_citizen(request.clone()).await.unwrap().into_inner(), first);
    let mut other = request;
    other.person_number = person_number();
    let refused = refusal(directory.register_citizen(other).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "REQUEST_ID_REUSED"));
});

on_both!(many_who_register_one_number_at_once_get_one_citizen, |world| async move {
    let number = person_number();
    let calls = (0..8).map(|n| {
        let mut directory = world.directory(if n % 2 == 0 { "nurse" } else { "gp" });
        let request = register(&number);
        async move { directory.register_citizen(request).await.unwrap().into_inner() }
    });
    let citizens = futures::future::join_all(calls).await;
    assert!(citizens.iter().all(|citizen| *citizen == citizens[0]));
    assert_eq!(events(&world, "CitizenRegistered").await.len(), 1);
    let mut tx = world.dbs["directory"].read().await.unwrap();
    let (rows,) = samspil_store::sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM citizens").unwrap();
    assert_eq!(rows, 1);
});

on_both!(of_two_municipalities_that_register_one_number_at_once_one_gets_the_citizen, |world| async move {
    let number = person_number();
    let mut of_odder = register(&number);
    of_odder.municipality_code = "0727".to_owned();
    let (mut hedensted, mut odder) = (world.directory("nurse"), world.directory("outsider"));
    let (a, b) = tokio::join!(hedensted.register_citizen(register(&number)), odder.register_citizen(of_odder));
    let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
    assert_eq!(refusal(lost).reason, "NO_RELATION");
    let citizen = won.unwrap().into_inner();
    assert_eq!(events(&world, "CitizenRegistered").await.len(), 1);
    let entries = audited(&world, patient(&citizen).patient).await;
    let mut outcomes: Vec<_> = entries.iter().map(|(_, _, _, outcome)| outcome.as_str()).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["NO_RELATION", "OK"]);
});

on_both!(a_citizen_is_registered_by_the_own_municipality_alone, |world| async move {
    let number = person_number();
    // The outsider's organisation lies in Odder.
    let refused = refusal(world.directory("outsider").register_citizen(register(&number)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
    let mut tx = world.dbs["directory"].read().await.unwrap();
    let refusals = samspil_store::sql!(
        &mut tx,
        fetch_all as (String, String, Option<uuid::Uuid>),
        "SELECT person, outcome, patient_id FROM audit"
    );
    assert_eq!(refusals.unwrap(), [("demo-outsider".to_owned(), "NO_RELATION".to_owned(), None)]);
    drop(tx);

    let citizen = world.directory("nurse").register_citizen(register(&number)).await.unwrap().into_inner();
    let mut by_odder = register(&number);
    by_odder.municipality_code = "0727".to_owned();
    let refused = refusal(world.directory("outsider").register_citizen(by_odder).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
    let entries = audited(&world, patient(&citizen).patient).await;
    assert!(entries.contains(&entry("demo-outsider", "RegisterCitizen", "", "NO_RELATION")));

    // A nurse of Hedensted gets who is registered there, whatever municipality the request says.
    let mut by_hedensted = register(&number);
    by_hedensted.municipality_code = "0727".to_owned();
    assert_eq!(world.directory("nurse").register_citizen(by_hedensted).await.unwrap().into_inner(), citizen);
});

on_both!(what_is_no_person_number_is_refused_without_repeating_it, |world| async move {
    for bad in ["3102450001", "01034500012", "010345000X", "010345-000", "0103452AB1"] {
        let status = world.directory("nurse").register_citizen(register(bad)).await.unwrap_err();
        assert!(!format!("{status:?}").contains(bad), "{bad}");
        let refused = refusal(Err::<(), _>(status));
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "INVALID_REQUEST"), "{bad}");
        assert_eq!(refused.fields, ["person_number"], "{bad}");
        let status = find(&world, "nurse", bad).await.unwrap_err();
        assert!(!format!("{status:?}").contains(bad), "{bad}");
        assert_eq!(refusal(Err::<(), _>(status)).fields, ["person_number"], "{bad}");
        let status = world.directory("nurse").add_person_number(add(&nobody(), bad)).await.unwrap_err();
        assert!(!format!("{status:?}").contains(bad), "{bad}");
        assert_eq!(refusal(Err::<(), _>(status)).fields, ["person_number"], "{bad}");
    }
});

on_both!(every_violation_of_a_registration_is_reported_at_once, |world| async move {
    let mut bad = register("12");
    bad.display_name = String::new();
    bad.municipality_code = "76".to_owned();
    bad.request_id = "x".to_owned();
    let refused = refusal(world.directory("nurse").register_citizen(bad).await);
    assert_eq!(refused.reason, "INVALID_REQUEST");
    assert_eq!(refused.fields, ["person_number", "display_name", "municipality_code", "request_id"]);
});

on_both!(who_has_nothing_to_do_with_a_citizen_finds_nobody, |world| async move {
    let number = person_number();
    let nobody_has_it = find(&world, "outsider", &number).await.unwrap_err();
    let citizen = world.directory("nurse").register_citizen(register(&number)).await.unwrap().into_inner();
    for person in ["outsider", "specialist"] {
        let status = find(&world, person, &number).await.unwrap_err();
        assert_eq!((status.message(), status.details()), (nobody_has_it.message(), nobody_has_it.details()));
        let refused = refusal(Err::<(), _>(status));
        assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "CITIZEN_NOT_FOUND"), "{person}");
        let entries = audited(&world, patient(&citizen).patient).await;
        assert_eq!(entries[0], entry(&format!("demo-{person}"), "FindCitizen", "", "NO_RELATION"));
    }
});

on_both!(an_outsider_cannot_tell_who_is_there_by_name, |world| async move {
    let citizen = world.citizen().await;
    for name in [citizen.to_string(), nobody()] {
        for person in ["outsider", "specialist"] {
            let refused = refusal(get(&world, person, &name).await);
            assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
        }
        let refused = refusal(world.directory("outsider").add_person_number(add(&name, &person_number())).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
    }
    // Nor can a nurse of the municipality, of a patient who is not there.
    assert_eq!(refusal(get(&world, "nurse", &nobody()).await).reason, "NO_RELATION");
    let entries = audited(&world, citizen.patient).await;
    assert!(entries.contains(&entry("demo-outsider", "GetCitizen", "", "NO_RELATION")));
    assert!(entries.contains(&entry("demo-outsider", "AddPersonNumber", "", "NO_RELATION")));
    assert!(!entries.iter().any(|(person, _, _, outcome)| person == "demo-outsider" && outcome == "OK"));
});

on_both!(a_consent_lets_the_hospital_find_and_read_a_citizen_until_it_is_withdrawn, |world| async move {
    let number = person_number();
    let citizen = world.directory("nurse").register_citizen(register(&number)).await.unwrap().into_inner();
    let granted = consent(&world, &citizen.name, &[demo::HOSPITAL]);
    let granted = world.directory("nurse").grant_consent(granted).await.unwrap().into_inner();
    assert_eq!(find(&world, "specialist", &number).await.unwrap(), citizen);
    assert_eq!(get(&world, "specialist", &citizen.name).await.unwrap(), citizen);
    let withdraw = samspil_proto::directory::v1::WithdrawConsentRequest {
        name: granted.name,
        etag: granted.etag,
        request_id: request_id(),
    };
    world.directory("nurse").withdraw_consent(withdraw).await.unwrap();
    assert_eq!(refusal(find(&world, "specialist", &number).await).reason, "CITIZEN_NOT_FOUND");
    assert_eq!(refusal(get(&world, "specialist", &citizen.name).await).reason, "NO_RELATION");
    // The own municipality needs none.
    assert_eq!(get(&world, "nurse", &citizen.name).await.unwrap(), citizen);
});

on_both!(a_citizen_with_a_replacement_number_gets_the_cpr_number_that_follows, |world| async move {
    let mut directory = world.directory("nurse");
    let citizen = directory.register_citizen(register("1206550VK9")).await.unwrap().into_inner();
    assert_eq!(citizen.person_number_kinds, [PersonNumberKind::DEcpr as i32]);
    assert_eq!(citizen.birth_date, "1955-06-12");
    let number = person_number();
    let request = add(&citizen.name, &number);
    let both = directory.add_person_number(request.clone()).await.unwrap().into_inner();
    assert_eq!(both.name, citizen.name);
    assert_eq!(both.person_number_kinds, [PersonNumberKind::Cpr as i32, PersonNumberKind::DEcpr as i32]);
    assert_eq!(both.birth_date, "1945-03-01");
    for number in [&number, "120655-0vk9"] {
        assert_eq!(find(&world, "nurse", number).await.unwrap(), both);
        assert_eq!(directory.register_citizen(register(number)).await.unwrap().into_inner(), both);
    }
    assert_eq!(directory.add_person_number(request).await.unwrap().into_inner(), both);
    // Asking for what the citizen has already changes nothing.
    assert_eq!(directory.add_person_number(add(&citizen.name, &number)).await.unwrap().into_inner(), both);
    let entries = audited(&world, patient(&citizen).patient).await;
    assert!(entries.contains(&entry("demo-nurse", "AddPersonNumber", &citizen.name, "OK")));
});

on_both!(a_number_that_tells_no_date_gives_no_date_of_birth, |world| async move {
    let citizen = world.directory("nurse").register_citizen(register("2902931VJ4")).await.unwrap().into_inner();
    assert_eq!(citizen.person_number_kinds, [PersonNumberKind::XEcpr as i32]);
    assert_eq!(citizen.birth_date, "");
});

on_both!(a_number_of_another_citizen_is_taken, |world| async move {
    let mut directory = world.directory("nurse");
    let (one, two) = (person_number(), person_number());
    let citizen = directory.register_citizen(register(&one)).await.unwrap().into_inner();
    let other = directory.register_citizen(register(&two)).await.unwrap().into_inner();
    let status = directory.add_person_number(add(&other.name, &one)).await.unwrap_err();
    assert!(!format!("{status:?}").contains(&one) && !format!("{status:?}").contains(&citizen.name));
    let refused = refusal(Err::<(), _>(status));
    assert_eq!((refused.code, refused.reason.as_str()), (Code::AlreadyExists, "PERSON_NUMBER_TAKEN"));
    assert_eq!(find(&world, "nurse", &one).await.unwrap(), citizen);
});

on_both!(of_two_citizens_who_are_given_one_number_at_once_one_gets_it, |world| async move {
    let (one, two) = (world.citizen().await, world.citizen().await);
    let number = person_number();
    let (mut here, mut there) = (world.directory("nurse"), world.directory("gp"));
    let (a, b) = tokio::join!(
        here.add_person_number(add(&one.to_string(), &number)),
        there.add_person_number(add(&two.to_string(), &number)),
    );
    let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
    assert_eq!(refusal(lost).reason, "PERSON_NUMBER_TAKEN");
    assert_eq!(find(&world, "nurse", &number).await.unwrap(), won.unwrap().into_inner());
});

on_both!(a_role_without_the_permission_neither_registers_nor_reads, |world| async move {
    let registered = world.directory("specialist").register_citizen(register(&person_number())).await;
    assert_eq!(refusal(registered).reason, "NO_PERMISSION");
    let citizen = world.citizen().await.to_string();
    let added = world.directory("specialist").add_person_number(add(&citizen, &person_number())).await;
    assert_eq!(refusal(added).reason, "NO_PERMISSION");
    assert_eq!(refusal(get(&world, "administrator", &citizen).await).reason, "NO_PERMISSION");
    assert_eq!(refusal(find(&world, "administrator", &person_number()).await).reason, "NO_PERMISSION");
});

on_both!(another_spelling_of_a_name_is_refused, |world| async move {
    let name = format!("patients/{}", "-".repeat(36));
    let refused = refusal(get(&world, "nurse", &name).await);
    assert_eq!((refused.code, refused.fields), (Code::InvalidArgument, vec!["name".to_owned()]));
});
