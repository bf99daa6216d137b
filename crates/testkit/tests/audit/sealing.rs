//! The chain under load: concurrent writes, two replicas, sealers that are cut off.

use std::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    task::Poll,
};

use futures::future::{join, join_all};
use samspil_store::audit::{self, seals};
use samspil_testkit::on_both;

use super::*;

on_both!(an_untouched_chain_verifies_while_it_is_written, |world| async move {
    let done = AtomicBool::new(false);
    let writing = async {
        join_all((0..4).map(|_| work(&world, 4))).await;
        done.store(true, SeqCst);
    };
    let verifying = async {
        let mut kept = Vec::new();
        while !done.load(SeqCst) {
            assert_eq!(report(&world, &kept).await.findings, []);
            kept.extend(sealer::checkpoint(SERVICE, db(&world), &world.clock, &world.audit_key).await.unwrap());
        }
        kept
    };
    let ((), mut kept) = join(writing, verifying).await;
    kept.push(seal(&world).await);
    let report = report(&world, &kept).await;
    assert_eq!(report.findings, []);
    assert_eq!(report.sealed, 48);
    assert!(report.checkpoints >= kept.len());
});

on_both!(two_replicas_seal_at_once_without_a_double_or_a_hole, |world| async move {
    let other = world.replica().await;
    let done = AtomicBool::new(false);
    let writing = async {
        join(join_all((0..3).map(|_| work(&world, 3))), join_all((0..3).map(|_| work(&other, 3)))).await;
        done.store(true, SeqCst);
    };
    // Beside the sealers of the two, which look once a second: ones that never rest.
    let restless = |world| {
        let done = &done;
        async move {
            while !done.load(SeqCst) {
                seals::seal(db(world), SERVICE, 2).await.unwrap();
            }
        }
    };
    join(writing, join(restless(&world), restless(&other))).await;
    let last = seal(&world).await;
    assert_eq!(last.checkpoint.sequence, 54);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit_seals").await, 54);
    assert_eq!(report(&world, &[last]).await.findings, []);
});

on_both!(a_sealer_that_is_cut_off_anywhere_does_no_harm, |world| async move {
    let mut world = world;
    work(&world, 1).await;
    world.stop().await;
    let mut cut = 0;
    for round in 0..60 {
        let mut tx = db(&world).begin().await.unwrap();
        let entry = audit::Entry { entry_id: world.clock.id(), time: world.clock.now(), ..Default::default() };
        audit::put(&mut tx, &entry).await.unwrap();
        tx.commit().await.unwrap();
        // Each answer of the database is a poll: the cut comes at every place between two of them.
        let ended = after(round % 20, seals::seal(db(&world), SERVICE, 12)).await;
        cut += usize::from(ended.map(Result::unwrap).is_none());
        assert_eq!(report(&world, &[]).await.findings, []);
    }
    assert!(cut > 10, "{cut}");
    assert_eq!(seal(&world).await.checkpoint.sequence, 63);
    assert_eq!(report(&world, &[]).await.sealed, 63);
});

/// What a future gives within so many polls; dropped after them.
async fn after<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(|cx| match left.checked_sub(1) {
        None => Poll::Ready(None),
        Some(less) => {
            left = less;
            future.as_mut().poll(cx).map(Some)
        }
    })
    .await
}

on_both!(an_entry_that_is_committed_late_is_sealed_late, |world| async move {
    let mut world = world;
    work(&world, 1).await;
    world.stop().await;
    let mut late = db(&world).begin().await.unwrap();
    let early = audit::Entry { entry_id: world.clock.id(), time: world.clock.now(), ..Default::default() };
    audit::put(&mut late, &early).await.unwrap();
    if world.engine == samspil_testkit::Engine::Postgres {
        // SQLite has one writer: there nobody overtakes.
        assert_eq!(seal(&world).await.checkpoint.sequence, 3);
    }
    late.commit().await.unwrap();
    world.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(seal(&world).await.checkpoint.sequence, 4);
    assert_eq!(entry_at(&world, 4).await, early.entry_id);
    assert_eq!(report(&world, &[]).await.findings, []);
});

on_both!(a_checkpoint_is_made_by_itself_in_the_first_second, |world| async move {
    work(&world, 1).await;
    let made = async {
        while count(&world, "SELECT COUNT(*) FROM audit_checkpoints").await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), made).await.unwrap();
    let report = report(&world, &[]).await;
    assert_eq!((report.findings, report.checkpoints), (vec![], 1));
});
