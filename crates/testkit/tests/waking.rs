//! Who waits for events is woken by the commit of another process.

use std::time::Duration;

use samspil_store::{Db, outbox};
use samspil_testkit::{Engine, World};

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

    let mut tx = db.begin().await.unwrap();
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
    tx.commit().await.unwrap();
    assert!(!woken.has_changed().unwrap(), "a commit is not yet in the log");
    assert_eq!(outbox::relay(db, 10).await.unwrap().len(), 1);
    tokio::time::timeout(Duration::from_secs(30), woken.changed()).await.expect("a notification").unwrap();
    assert!(!not_woken.has_changed().unwrap(), "another service's events are not its own");
}
