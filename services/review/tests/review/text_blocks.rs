//! Texts that an organisation answers with again and again.

use samspil_proto::{
    review::v1::{CreateTextBlockRequest, DeleteTextBlockRequest, ListTextBlocksRequest, TextBlock, TextBlockPlace},
    time,
};
use samspil_store::sql;
use samspil_testkit::{Refusal, World, on_both, refusal, request_id};
use tonic::{Code, Status};

fn block(place: TextBlockPlace, label: &str) -> TextBlock {
    let text = "Rens såret med lunkent vand.".to_owned();
    TextBlock { place: place.into(), label: label.to_owned(), text, ..TextBlock::default() }
}

fn findings(label: &str) -> TextBlock {
    block(TextBlockPlace::Findings, label)
}

async fn create(world: &World, person: &str, block: TextBlock) -> Result<TextBlock, Status> {
    let request = CreateTextBlockRequest { text_block: Some(block), request_id: request_id() };
    world.review(person).create_text_block(request).await.map(tonic::Response::into_inner)
}

async fn delete(world: &World, person: &str, name: &str) -> Result<(), Status> {
    let request = DeleteTextBlockRequest { name: name.to_owned(), request_id: request_id() };
    world.review(person).delete_text_block(request).await.map(|_| ())
}

async fn list(world: &World, person: &str) -> Vec<TextBlock> {
    let answer = world.review(person).list_text_blocks(ListTextBlocksRequest {}).await;
    answer.unwrap().into_inner().text_blocks
}

async fn own(world: &World, person: &str) -> Vec<TextBlock> {
    list(world, person).await.into_iter().filter(|block| !block.standard).collect()
}

fn reason<T: std::fmt::Debug>(result: Result<T, Status>) -> (Code, String) {
    let Refusal { code, reason, .. } = refusal(result);
    (code, reason)
}

on_both!(a_text_block_is_there_for_the_whole_organisation_and_for_no_other, |world| async move {
    let wanted = TextBlock { due_days: 14, ..block(TextBlockPlace::Plan, "Skift") };
    let made = create(&world, "specialist", wanted.clone()).await.unwrap();
    let expected = TextBlock {
        name: made.name.clone(),
        created_by: Some(world.person("specialist").actor()),
        create_time: Some(time::to_wire(world.clock.now())),
        ..wanted
    };
    assert_eq!(made, expected);
    assert_eq!(own(&world, "specialist2").await, [made]);
    assert!(own(&world, "other_specialist").await.is_empty());
});

on_both!(own_text_blocks_come_first_by_label_and_the_standard_ones_last, |world| async move {
    for label in ["ødem", "Åben", "Alginat", "zink"] {
        create(&world, "specialist", findings(label)).await.unwrap();
    }
    let blocks = list(&world, "specialist").await;
    let labels: Vec<_> = blocks.iter().take(4).map(|block| block.label.as_str()).collect();
    assert_eq!(labels, ["Alginat", "zink", "ødem", "Åben"]);
    assert!(blocks.len() >= 4 + 18);
    for standard in &blocks[4..] {
        assert!(standard.standard && standard.name.starts_with("textBlocks/standard-"), "{standard:?}");
        assert!(standard.created_by.is_none() && standard.create_time.is_none());
    }
});

on_both!(what_only_the_server_sets_is_not_taken_from_a_client, |world| async move {
    let boasting = TextBlock { name: "textBlocks/mine".to_owned(), standard: true, ..findings("a") };
    let made = create(&world, "specialist", boasting).await.unwrap();
    assert!(made.name != "textBlocks/mine" && !made.standard);
});

on_both!(creating_twice_with_one_request_id_gives_one_text_block, |world| async move {
    let request = CreateTextBlockRequest { text_block: Some(findings("a")), request_id: request_id() };
    let first = world.review("specialist").create_text_block(request.clone()).await.unwrap().into_inner();
    let again = world.review("specialist").create_text_block(request.clone()).await.unwrap().into_inner();
    assert_eq!((&first, own(&world, "specialist").await.len()), (&again, 1));
    let other = CreateTextBlockRequest { text_block: Some(findings("b")), ..request };
    let refused = world.review("specialist").create_text_block(other).await;
    assert_eq!(reason(refused), (Code::InvalidArgument, "REQUEST_ID_REUSED".to_owned()));
});

on_both!(a_text_block_that_breaks_rules_is_refused_with_each_of_them, |world| async move {
    let fields = async |block: TextBlock| refusal(create(&world, "specialist", block).await).fields;
    assert_eq!(fields(findings("")).await, ["text_block.label"]);
    assert_eq!(fields(findings(&"a".repeat(101))).await, ["text_block.label"]);
    assert_eq!(fields(TextBlock { text: "a".repeat(4001), ..findings("a") }).await, ["text_block.text"]);
    assert_eq!(fields(block(TextBlockPlace::Unspecified, "a")).await, ["text_block.place"]);
    assert_eq!(fields(TextBlock { due_days: 366, ..block(TextBlockPlace::Plan, "a") }).await, ["text_block.due_days"]);
    let blank = TextBlock { text: "\n".to_owned(), due_days: 7, ..findings(" ") };
    assert_eq!(fields(blank).await, ["text_block.label", "text_block.text", "text_block.due_days"]);
    let nothing = CreateTextBlockRequest { text_block: None, request_id: request_id() };
    assert_eq!(refusal(world.review("specialist").create_text_block(nothing).await).fields, ["text_block"]);
    assert!(own(&world, "specialist").await.is_empty());
});

on_both!(an_organisation_deletes_its_own_text_blocks_and_no_others, |world| async move {
    let made = create(&world, "specialist", findings("a")).await.unwrap();
    let not_found = (Code::NotFound, "TEXT_BLOCK_NOT_FOUND".to_owned());
    let standard = list(&world, "specialist").await.pop().unwrap();
    for name in [standard.name.as_str(), "textBlocks/mine", "textBlocks/00000000-0000-4000-8000-000000000000"] {
        assert_eq!(reason(delete(&world, "specialist", name).await), not_found, "{name}");
    }
    assert_eq!(reason(delete(&world, "other_specialist", &made.name).await), not_found);
    assert_eq!(refusal(delete(&world, "specialist", "wounds/1").await).fields, ["name"]);
    let request = DeleteTextBlockRequest { name: made.name.clone(), request_id: request_id() };
    for _ in 0..2 {
        world.review("specialist2").delete_text_block(request.clone()).await.unwrap();
    }
    assert!(own(&world, "specialist").await.is_empty());
    assert_eq!(reason(delete(&world, "specialist", &made.name).await), not_found);
});

on_both!(an_organisation_has_at_most_five_hundred, |world| async move {
    let mut tx = world.dbs["review"].begin().await.unwrap();
    for _ in 0..499 {
        sql!(
            &mut tx,
            execute,
            "INSERT INTO text_blocks (text_block_id, organisation, place, label, text, due_days, created_by, create_time)
             VALUES ($1, $2, 1, 'a', 'b', 0, $3, $4)",
            world.clock.id(),
            world.person("specialist").organisation,
            Vec::<u8>::new(),
            world.clock.now()
        )
        .unwrap();
    }
    tx.commit().await.unwrap();
    let replica = world.replica().await;
    let (one, other) =
        tokio::join!(create(&world, "specialist", findings("b")), create(&replica, "specialist2", findings("c")));
    let refused = if one.is_err() { one } else { other };
    assert_eq!(reason(refused), (Code::FailedPrecondition, "TEXT_BLOCKS_FULL".to_owned()));
    assert_eq!(own(&world, "specialist").await.len(), 500);
    create(&world, "other_specialist", findings("d")).await.unwrap();
});

on_both!(text_blocks_are_for_those_who_answer, |world| async move {
    assert_eq!(reason(create(&world, "nurse", findings("a")).await).1, "NO_PERMISSION");
    let answer = world.review("gp").list_text_blocks(ListTextBlocksRequest {}).await;
    assert_eq!(refusal(answer).reason, "NO_PERMISSION");
});
