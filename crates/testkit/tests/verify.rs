//! What is done to an event log by hand, and that each of it is found and named.

use samspil_kit::verify::{self, Report};
use samspil_store::{event_log, sql};
use samspil_testkit::{World, on_both};

/// What does not agree in `directory`: what is wrong with which row.
async fn found(world: &World) -> Vec<(&'static str, String)> {
    let mut report = Report::new("directory");
    verify::events(&world.dbs["directory"], &[], &mut report).await.unwrap();
    report.findings.into_iter().map(|finding| (finding.wrong, finding.row.unwrap())).collect()
}

/// Runs statements on `directory`'s database as somebody with its password does.
macro_rules! by_hand {
    ($world:expr, $text:expr $(, $bind:expr)*) => {{
        let mut tx = $world.dbs["directory"].begin().await.unwrap();
        assert!(sql!(&mut tx, execute, $text $(, $bind)*).unwrap() > 0);
        tx.commit().await.unwrap();
    }};
}

/// Six events in the log.
async fn six(world: &mut World) {
    for _ in 0..6 {
        world.citizen_with_consent().await;
    }
    world.settle().await;
    // Nobody moves what is done here by hand.
    world.stop().await;
    assert_eq!(event_log::last(&world.dbs["directory"]).await.unwrap(), 6);
    assert_eq!(found(world).await, []);
}

on_both!(events_that_are_gone_are_named, |world| async move {
    let mut world = world;
    six(&mut world).await;
    by_hand!(world, "DELETE FROM event_log WHERE sequence IN (1, 3, 4)");
    let gone = [("EVENT_MISSING", "event_log 1".to_owned()), ("EVENT_MISSING", "event_log 3".to_owned())];
    assert_eq!(found(&world).await, gone);
});

on_both!(events_that_are_out_of_place_are_named, |world| async move {
    let mut world = world;
    six(&mut world).await;
    by_hand!(world, "UPDATE event_log SET sequence = 0 WHERE sequence = 6");
    assert_eq!(found(&world).await, [("EVENT_MISPLACED", "event_log 0".to_owned())]);
    by_hand!(world, "UPDATE event_log SET sequence = 6 WHERE sequence = 0");
    let later = world.clock.now() + chrono::TimeDelta::hours(3);
    by_hand!(world, "UPDATE event_log SET time = $1 WHERE sequence = 5", later);
    assert_eq!(found(&world).await, [("EVENT_OUT_OF_ORDER", "event_log 6".to_owned())]);
});

on_both!(events_that_nobody_could_read_are_named, |world| async move {
    let mut world = world;
    six(&mut world).await;
    by_hand!(world, "UPDATE event_log SET type = 'samspil.directory.v1.Nothing' WHERE sequence = 2");
    by_hand!(world, "UPDATE event_log SET data = $1 WHERE sequence = 4", vec![0xff_u8; 3]);
    let unreadable = ["event_log 2", "event_log 4"].map(|row| ("EVENT_UNREADABLE", row.to_owned()));
    assert_eq!(found(&world).await, unreadable);
});

on_both!(an_event_that_waits_and_is_in_the_log_is_named, |world| async move {
    let mut world = world;
    six(&mut world).await;
    by_hand!(
        world,
        "INSERT INTO outbox (event_id, type, subject, organisations, time, traceparent, data)
         SELECT event_id, type, subject, organisations, time, traceparent, data FROM event_log WHERE sequence = 3"
    );
    let mut report = Report::new("directory");
    verify::events(&world.dbs["directory"], &[], &mut report).await.unwrap();
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].wrong, "EVENT_TWICE");
    assert!(report.findings[0].text.contains("3 in the log"), "{}", report.findings[0].text);
});

on_both!(a_follower_that_has_passed_the_end_is_named, |world| async move {
    let mut world = world;
    six(&mut world).await;
    let mut tx = world.dbs["wound"].begin().await.unwrap();
    sql!(&mut tx, execute, "UPDATE cursors SET sequence = 7 WHERE follower = 'wound<directory'").unwrap();
    tx.commit().await.unwrap();
    let mut named = Vec::new();
    for service in ["wound", "careplan", "referral"] {
        let mut report = Report::new(service);
        for (follower, sequence) in verify::cursors(&world.dbs[service]).await.unwrap() {
            let (_, followed) = follower.split_once('<').unwrap();
            let last = event_log::last(&world.dbs[followed]).await.unwrap();
            verify::cursor(&mut report, &follower, sequence, last);
        }
        named.extend(report.findings.into_iter().map(|finding| (finding.wrong, finding.row.unwrap())));
    }
    assert_eq!(named, [("CURSOR_BEYOND_LOG", "cursors wound<directory".to_owned())]);
});
