//! Who waits for events: woken by the commit of another process, and given every one, however many come at once.

use std::time::Duration;

use samspil_store::{Db, event_log, outbox};
use samspil_testkit::{Engine, World, on_both};

/// Commits events that nobody has relayed yet.
async fn put(world: &World, db: &Db, count: usize) {
    let mut tx = db.begin().await.unwrap();
    for _ in 0..count {
        let event = outbox::NewEvent {
            id: world.clock.id(),
            r#type: "samspil.wound.v1.WoundOpened",
            subject: "patients/1",
            organisations: &[],
            time: world.clock.now(),
            traceparent: "",
            data: Vec::new(),
        };
        outbox::put(&mut tx, event).await.unwrap();
    }
    tx.commit().await.unwrap();
}

on_both!(whoever_reads_on_gets_every_event_at_once_in_order, |world| async move {
    let mut world = world;
    world.stop().await;
    let db = &world.dbs["wound"];
    let begin = event_log::last(db).await.unwrap();
    let (mut ahead, mut behind) = (begin, begin);
    for _ in 0..3 {
        assert!(event_log::read(db, ahead, 2).await.unwrap().is_empty(), "nothing is there yet");
        put(&world, db, 5).await;
        assert_eq!(outbox::relay(db, 10).await.unwrap().len(), 5);
        // In pieces smaller than what has come, without a pause.
        for expected in [2, 2, 1, 0] {
            let read = event_log::read(db, ahead, 2).await.unwrap();
            assert_eq!(read.len(), expected);
            assert!(read.iter().map(|event| event.sequence).eq(ahead + 1..=ahead + expected as i64));
            ahead += expected as i64;
        }
        assert_eq!(
            event_log::read(db, begin, 1000).await.unwrap().len() as i64,
            ahead - begin,
            "also from the beginning"
        );
        put(&world, db, 1).await;
        outbox::relay(db, 10).await.unwrap();
        ahead += 1;
        assert_eq!(
            event_log::read(db, begin, 1000).await.unwrap().len() as i64,
            ahead - begin,
            "with what has just come"
        );
    }
    // Somebody else, later, from the beginning.
    while behind < ahead {
        let read = event_log::read(db, behind, 4).await.unwrap();
        assert!(
            !read.is_empty() && read.iter().map(|event| event.sequence).eq(behind + 1..=behind + read.len() as i64)
        );
        behind += read.len() as i64;
    }
});

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_has_logged_wakes_who_listens() {
    let mut world = World::start(Engine::Postgres).await;
    // Nobody else relays.
    world.stop().await;
    let db = &world.dbs["wound"];
    // No relay runs over these connections: only a notification can wake who waits.
    let other = Db::open(&world.places["wound"]).await.unwrap();
    let stranger = Db::open(&world.places["careplan"]).await.unwrap();
    for listens in [&other, &stranger] {
        let mut logged = listens.logged();
        let db = listens.clone();
        tokio::spawn(async move { db.listen().await });
        // That it listens from now on.
        tokio::time::timeout(Duration::from_secs(30), logged.changed()).await.unwrap().unwrap();
    }
    let (mut woken, not_woken) = (other.logged(), stranger.logged());

    put(&world, db, 1).await;
    assert!(!woken.has_changed().unwrap(), "a commit is not yet in the log");
    assert_eq!(outbox::relay(db, 10).await.unwrap().len(), 1);
    tokio::time::timeout(Duration::from_secs(30), woken.changed()).await.expect("a notification").unwrap();
    assert!(!not_woken.has_changed().unwrap(), "another service's events are not its own");
}
