//! The key with which a person's devices encrypt what waits in them.

use samspil_proto::review::v1::GetDeviceKeyRequest;
use samspil_store::sql;
use samspil_testkit::{World, on_both, refusal};

async fn key(world: &World, person: &str) -> Vec<u8> {
    let answer = world.review(person).get_device_key(GetDeviceKeyRequest {}).await;
    answer.unwrap().into_inner().key.to_vec()
}

on_both!(a_key_is_its_persons_own_and_the_same_ever_after, |world| async move {
    let nurse = key(&world, "nurse").await;
    assert_eq!(nurse.len(), 32);
    assert_ne!(nurse, [0; 32]);
    world.clock.advance(chrono::TimeDelta::days(200));
    assert_eq!(key(&world, "nurse").await, nurse);
    let mut keys = vec![nurse];
    for person in ["specialist", "specialist2", "gp", "coordinator", "outsider"] {
        keys.push(key(&world, person).await);
    }
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 6);
});

on_both!(two_replicas_agree_on_a_key_that_both_are_asked_for_first, |world| async move {
    let other = world.replica().await;
    let asked = (0..8).map(|n| key(if n % 2 == 0 { &world } else { &other }, "nurse"));
    let keys = futures::future::join_all(asked).await;
    assert!(keys.iter().all(|key| *key == keys[0]));
});

on_both!(who_got_a_key_is_audited, |world| async move {
    key(&world, "nurse").await;
    let mut tx = world.dbs["review"].read().await.unwrap();
    let entries = sql!(
        &mut tx,
        fetch_all as (String, String, String, String),
        "SELECT person, action, resource, outcome FROM audit WHERE patient_id IS NULL"
    );
    let method = "samspil.review.v1.ReviewService/GetDeviceKey".to_owned();
    assert_eq!(entries.unwrap(), [("demo-nurse".to_owned(), method, String::new(), "OK".to_owned())]);
});

on_both!(nobody_without_devices_has_a_key, |world| async move {
    let answer = world.review("administrator").get_device_key(GetDeviceKeyRequest {}).await;
    assert_eq!(refusal(answer).reason, "NO_PERMISSION");
});
