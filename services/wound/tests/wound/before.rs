//! Rows from before clocks were kept, as the migration leaves them.

use samspil_proto::{
    common::v1::{ClockStage, ClockState},
    wound::v1::*,
};
use samspil_store::sql;
use samspil_testkit::{World, on_both};

use crate::help::*;

/// Takes the clocks out of all rows, as they are right after the migration.
async fn takes_clocks_away(world: &World) {
    let mut tx = world.dbs["wound"].begin().await.unwrap();
    sql!(
        tx,
        execute,
        "UPDATE assessments SET clock = NULL, stage = 0, soon_time = NULL, due_day_time = NULL, escalate_time = NULL,
                alarm_time = create_time"
    )
    .unwrap();
    sql!(tx, execute, "UPDATE wounds SET clock = NULL, alarm_time = update_time WHERE next_photo_due IS NOT NULL")
        .unwrap();
    tx.commit().await.unwrap();
}

async fn all_are_wound_up(world: &World) {
    until(async || {
        let mut tx = world.dbs["wound"].read().await.unwrap();
        let (without,) = sql!(tx, fetch_one as (i64,), "SELECT COUNT(*) FROM assessments WHERE clock IS NULL").unwrap();
        let (wounds,) = sql!(
            tx,
            fetch_one as (i64,),
            "SELECT COUNT(*) FROM wounds WHERE clock IS NULL AND next_photo_due IS NOT NULL"
        )
        .unwrap();
        without + wounds == 0
    })
    .await;
}

on_both!(rows_from_before_are_wound_up_as_they_were, |world| async move {
    let running = question(&world).await;
    let paused = claimed(&world).await;
    by(&world, "specialist").asks(&paused.name, "more").await.unwrap();
    let answered = answered(&world).await;
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    let names = [&running.name, &paused.name, &answered.name];
    let read = async || {
        let mut clocks = Vec::new();
        for name in names {
            clocks.push((nurse.gets(name).await.unwrap(), nurse.gets_wound(&wound_of(name)).await.unwrap()));
        }
        clocks
    };
    let before = read().await;
    takes_clocks_away(&world).await;
    all_are_wound_up(&world).await;
    assert_eq!(read().await, before);

    takes_clocks_away(&world).await;
    // Somebody who is quicker than the worker finds a clock, too.
    let supplied = nurse.supplies(&paused.name, "here", "").await.unwrap().clock.unwrap();
    assert_eq!((supplied.state(), at(supplied.due_time).as_str()), (ClockState::Running, "2026-11-19T15:00:00Z"));
    all_are_wound_up(&world).await;
    moves_to(&world, "2026-11-19T15:00:00Z");
    let rung = stages_come(&world, 6).await;
    assert_eq!(rung.iter().filter(|(.., stage, _)| *stage == ClockStage::Overdue).count(), 2);
    assert_eq!(specialist.warned(&wound_of(&running.name)).await, [FlagKind::NoAnswer]);
});
