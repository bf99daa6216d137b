//! Blocks.

use chrono::TimeDelta;
use samspil_proto::{
    directory::v1::{
        BatchGetCitizensRequest, CheckRelationRequest, ListBlocksRequest, ListBlocksResponse, ListConsentsRequest,
    },
    time,
};
use samspil_testkit::on_both;

use super::*;
use crate::{consent, events, nobody, person_number, register};

async fn list(world: &World, patient: PatientName, page_size: i32, page_token: &str) -> ListBlocksResponse {
    let request = ListBlocksRequest { parent: patient.to_string(), page_size, page_token: page_token.to_owned() };
    world.directory("nurse").list_blocks(request).await.unwrap().into_inner()
}

on_both!(a_block_keeps_out_whom_it_names_and_nobody_else_until_it_is_lifted, |world| async move {
    let patient = world.citizen_with_consent().await;
    let everybody = ["nurse", "specialist", "specialist2", "gp"];
    for (kind, target, out) in [
        (BlockKind::Person, "demo-specialist".to_owned(), &["specialist"][..]),
        (BlockKind::Organisation, sor(demo::HOSPITAL), &["specialist", "specialist2"]),
        (BlockKind::Everybody, String::new(), &everybody),
    ] {
        let placed = blocks(&world, patient, block(kind, &target)).await;
        assert_eq!((placed.kind(), placed.target.as_str(), placed.etag.as_str()), (kind, target.as_str(), "v1"));
        for person in everybody {
            let answer = gets(&world, person, patient).await;
            if out.contains(&person) {
                is_outside(answer);
            } else {
                assert!(answer.is_ok(), "{person}, {kind:?}");
            }
        }
        lifts(&world, &placed).await;
        for person in everybody {
            gets(&world, person, patient).await.unwrap();
        }
    }
});

on_both!(a_blocked_person_learns_no_more_than_an_outsider, |world| async move {
    let number = person_number();
    let registered = world.directory("nurse").register_citizen(register(&number)).await.unwrap().into_inner();
    let patient: PatientName = registered.name.parse().unwrap();
    world.consent(patient).await;
    let unknown: PatientName = nobody().parse().unwrap();
    let placed = blocks(&world, patient, block(BlockKind::Organisation, &sor(demo::HOSPITAL))).await;
    let mut specialist = world.directory("specialist");
    // The same words for the citizen who blocks as for one who does not exist.
    for one in [patient, unknown] {
        is_outside(specialist.get_citizen(GetCitizenRequest { name: one.to_string() }).await);
        let consents = ListConsentsRequest { parent: one.to_string(), ..ListConsentsRequest::default() };
        is_outside(specialist.list_consents(consents).await);
        let question =
            CheckRelationRequest { patient: one.to_string(), organisation: sor(demo::HOSPITAL), person: String::new() };
        assert_eq!(specialist.check_relation(question).await.unwrap().into_inner(), Default::default());
    }
    let found = specialist.find_citizen(FindCitizenRequest { person_number: number }).await;
    assert_eq!(refusal(found).reason, "CITIZEN_NOT_FOUND");
    let names = vec![patient.to_string(), unknown.to_string()];
    let batch = specialist.batch_get_citizens(BatchGetCitizensRequest { names }).await.unwrap().into_inner();
    assert_eq!(batch.citizens, []);
    // Only the audit log has the true cause.
    let entry = newest(&world, "directory", patient, "demo-specialist").await;
    assert_eq!((entry.outcome.as_str(), entry.basis.as_str()), ("NO_RELATION", "BLOCK"));
    assert_eq!(entry.reason, placed.name);
    let entry = newest(&world, "directory", unknown, "demo-specialist").await;
    assert_eq!((entry.outcome.as_str(), entry.basis.as_str(), entry.reason.as_str()), ("NO_RELATION", "", ""));
});

on_both!(a_block_holds_in_its_time_alone, |world| async move {
    let patient = world.citizen_with_consent().await;
    let now = world.clock.now();
    let begin_time = Some(time::to_wire(now + TimeDelta::hours(1)));
    let end_time = Some(time::to_wire(now + TimeDelta::hours(3)));
    let holds = Block { begin_time, end_time, ..block(BlockKind::Everybody, "") };
    let placed = blocks(&world, patient, holds).await;
    assert_eq!((placed.begin_time, placed.end_time), (begin_time, end_time));
    gets(&world, "gp", patient).await.unwrap();
    world.clock.advance(TimeDelta::hours(1));
    is_outside(gets(&world, "gp", patient).await);
    world.clock.advance(TimeDelta::hours(2) - TimeDelta::microseconds(1));
    is_outside(gets(&world, "gp", patient).await);
    world.clock.advance(TimeDelta::microseconds(1));
    gets(&world, "gp", patient).await.unwrap();
});

on_both!(the_own_municipality_and_the_citizen_place_and_lift_blocks, |world| async move {
    let patient = world.citizen_with_consent().await;
    let unknown: PatientName = nobody().parse().unwrap();
    let mut citizen = as_citizen(&world, patient);
    let everybody = || block(BlockKind::Everybody, "");
    let placed = citizen.create_block(create(patient, everybody())).await.unwrap().into_inner();
    assert_eq!(placed.placed_by.as_ref().unwrap().person, format!("citizen-{}", patient.patient));
    is_outside(gets(&world, "nurse", patient).await);
    // The municipality records what the citizen wants even so; registering her again says where she is to be found.
    let lifted = world.directory("nurse").lift_block(lift(&placed.name)).await.unwrap().into_inner();
    assert_eq!((lifted.etag.as_str(), lifted.lifted_by), ("v2", Some(world.person("nurse").actor())));
    let placed = world.directory("gp").create_block(create(patient, everybody())).await.unwrap().into_inner();
    let lifted = citizen.lift_block(lift(&placed.name)).await.unwrap().into_inner();
    assert_eq!(lifted.lift_time, Some(time::to_wire(world.clock.now())));

    // Another municipality's nurse, and the citizen about others.
    for one in [patient, unknown] {
        is_outside(world.directory("outsider").create_block(create(one, everybody())).await);
        let list = ListBlocksRequest { parent: one.to_string(), ..ListBlocksRequest::default() };
        is_outside(world.directory("outsider").list_blocks(list).await);
    }
    is_outside(citizen.create_block(create(unknown, everybody())).await);
    is_outside(citizen.create_block(create(world.citizen().await, everybody())).await);
    for person in ["specialist", "coordinator", "dpo", "administrator"] {
        let refused = refusal(world.directory(person).create_block(create(patient, everybody())).await);
        assert_eq!(refused.reason, "NO_PERMISSION", "{person}");
    }
    // Somebody with a token of a citizen whom nobody has registered.
    let refused = refusal(as_citizen(&world, unknown).create_block(create(unknown, everybody())).await);
    assert_eq!(refused.reason, "CITIZEN_NOT_FOUND");
});

on_both!(nobody_lifts_a_block_on_oneself, |world| async move {
    let number = person_number();
    let registered = world.directory("nurse").register_citizen(register(&number)).await.unwrap().into_inner();
    let patient: PatientName = registered.name.parse().unwrap();
    let mut citizen = as_citizen(&world, patient);
    let placed = citizen.create_block(create(patient, block(BlockKind::Person, "demo-nurse"))).await.unwrap();
    let name = placed.into_inner().name;
    let mut nurse = world.directory("nurse");
    is_outside(nurse.lift_block(lift(&name)).await);
    is_outside(nurse.list_blocks(ListBlocksRequest { parent: patient.to_string(), ..Default::default() }).await);
    is_outside(nurse.register_citizen(register(&number)).await);
    is_outside(nurse.grant_consent(consent(&world, &patient.to_string(), &[demo::HOSPITAL])).await);
    world.directory("gp").lift_block(lift(&name)).await.unwrap();
    nurse.register_citizen(register(&number)).await.unwrap();
});

on_both!(a_block_is_placed_and_lifted_once_however_often_it_is_asked, |world| async move {
    let patient = world.citizen().await;
    let mut nurse = world.directory("nurse");
    let request = create(patient, block(BlockKind::Person, "demo-specialist"));
    let placed = nurse.create_block(request.clone()).await.unwrap().into_inner();
    assert_eq!(nurse.create_block(request.clone()).await.unwrap().into_inner(), placed);
    let other = CreateBlockRequest { block: Some(block(BlockKind::Everybody, "")), ..request };
    assert_eq!(refusal(nurse.create_block(other).await).reason, "REQUEST_ID_REUSED");

    let stale = LiftBlockRequest { etag: "v9".to_owned(), ..lift(&placed.name) };
    assert_eq!(refusal(nurse.lift_block(stale).await).reason, "ETAG_MISMATCH");
    let request = LiftBlockRequest { etag: "v1".to_owned(), ..lift(&placed.name) };
    let lifted = nurse.lift_block(request.clone()).await.unwrap().into_inner();
    assert_eq!(nurse.lift_block(request).await.unwrap().into_inner(), lifted);
    assert_eq!(refusal(nurse.lift_block(lift(&placed.name)).await).reason, "BLOCK_ALREADY_LIFTED");
    let unknown = format!("{patient}/blocks/{}", uuid::Uuid::new_v4());
    assert_eq!(refusal(nurse.lift_block(lift(&unknown)).await).reason, "BLOCK_NOT_FOUND");
    // Of another patient's it looks like none.
    let another = placed.name.replace(&patient.to_string(), &world.citizen().await.to_string());
    assert_eq!(refusal(nurse.lift_block(lift(&another)).await).reason, "BLOCK_NOT_FOUND");

    let (placings, liftings) = (events(&world, "BlockPlaced").await, events(&world, "BlockLifted").await);
    assert_eq!((placings.len(), liftings.len()), (1, 1));
    assert_eq!((placings[0].subject.as_str(), placings[0].organisations.trim()), (placed.name.as_str(), ""));
});

on_both!(blocks_are_listed_the_newest_first, |world| async move {
    let patient = world.citizen().await;
    let mut placed = Vec::new();
    for person in ["a", "b", "c"] {
        placed.insert(0, blocks(&world, patient, block(BlockKind::Person, person)).await);
        world.clock.advance(TimeDelta::minutes(1));
    }
    let first = list(&world, patient, 2, "").await;
    assert_eq!(first.blocks, placed[..2]);
    let rest = list(&world, patient, 2, &first.next_page_token).await;
    assert_eq!((rest.blocks.as_slice(), rest.next_page_token.as_str()), (&placed[2..], ""));
});

on_both!(everything_that_is_wrong_with_a_block_is_told_at_once, |world| async move {
    let patient = world.citizen().await;
    let now = world.clock.now();
    let past = Some(time::to_wire(now - TimeDelta::hours(1)));
    let no_time = Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 });
    let cases = [
        (block(BlockKind::Unspecified, ""), &["block.kind"][..]),
        (block(BlockKind::Person, ""), &["block.target"]),
        (block(BlockKind::Person, &sor(demo::HOSPITAL)), &["block.target"]),
        (block(BlockKind::Organisation, "demo-nurse"), &["block.target"]),
        (block(BlockKind::Organisation, &sor("99000000001")), &["block.target"]),
        (block(BlockKind::Everybody, "demo-nurse"), &["block.target"]),
        (Block { end_time: past, ..block(BlockKind::Everybody, "") }, &["block.end_time"]),
        (
            Block { begin_time: no_time, end_time: past, ..block(BlockKind::Person, "") },
            &["block.target", "block.begin_time", "block.end_time"],
        ),
    ];
    for (block, fields) in cases {
        let refused = refusal(world.directory("nurse").create_block(create(patient, block)).await);
        assert_eq!(
            (refused.code, refused.fields.as_slice()),
            (Code::InvalidArgument, &fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>()[..])
        );
    }
    assert_eq!(list(&world, patient, 0, "").await.blocks, []);
});
