//! What is done to the rows by hand, and that each of it is found and named.

use chrono::TimeDelta;
use samspil_kit::audit::{Key, Wrong};
use samspil_store::{audit, sql};
use samspil_testkit::on_both;

use super::*;

/// Runs statements on `directory`'s database as somebody with its password does.
macro_rules! by_hand {
    ($world:expr, $text:expr $(, $bind:expr)*) => {{
        let mut tx = db(&$world).begin().await.unwrap();
        let rows = sql!(&mut tx, execute, $text $(, $bind)*).unwrap();
        tx.commit().await.unwrap();
        rows
    }};
}

/// What a walk finds: where, which entry, what is wrong.
async fn found(world: &World, kept: &[Signed]) -> Vec<(Option<i64>, Option<Uuid>, Wrong)> {
    let findings = report(world, kept).await.findings;
    assert!(findings.iter().all(|finding| finding.service == SERVICE && !finding.text.is_empty()));
    findings.into_iter().map(|finding| (finding.sequence, finding.entry_id, finding.wrong)).collect()
}

on_both!(a_changed_entry_is_named, |world| async move {
    let mut world = world;
    a_dozen(&mut world).await;
    let entry = entry_at(&world, 5).await;
    for change in [
        "UPDATE audit SET person = person || 'x' WHERE entry_id = $1",
        "UPDATE audit SET outcome = 'NO_RELATION' WHERE entry_id = $1",
        "UPDATE audit SET patient_id = NULL WHERE entry_id = $1",
        "UPDATE audit SET basis = 'CONSENT' WHERE entry_id = $1",
        "UPDATE audit SET via = 'wound' WHERE entry_id = $1",
        "UPDATE audit SET display_name = '', organisation = display_name WHERE entry_id = $1",
    ] {
        assert_eq!(by_hand!(world, change, entry), 1);
        assert_eq!(found(&world, &[]).await, [(Some(5), Some(entry), Wrong::EntryChanged)], "{change}");
    }
});

on_both!(an_entry_that_cannot_be_read_any_more_is_named, |world| async move {
    let mut world = world;
    a_dozen(&mut world).await;
    let entry = entry_at(&world, 5).await;
    let change = match world.engine {
        samspil_testkit::Engine::Sqlite => "UPDATE audit SET time = 'yesterday' WHERE entry_id = $1",
        samspil_testkit::Engine::Postgres => "UPDATE audit SET time = 'infinity' WHERE entry_id = $1",
    };
    by_hand!(world, change, entry);
    assert_eq!(found(&world, &[]).await, [(Some(5), Some(entry), Wrong::EntryChanged)]);
});

on_both!(removed_entries_are_named, |world| async move {
    let mut world = world;
    a_dozen(&mut world).await;
    let (second, last) = (entry_at(&world, 2).await, entry_at(&world, 12).await);
    by_hand!(world, "DELETE FROM audit WHERE entry_id IN ($1, $2)", second, last);
    let removed = [(Some(2), Some(second), Wrong::EntryRemoved), (Some(12), Some(last), Wrong::EntryRemoved)];
    assert_eq!(found(&world, &[]).await, removed);
});

on_both!(swapped_entries_are_named, |world| async move {
    let mut world = world;
    a_dozen(&mut world).await;
    let (third, ninth) = (entry_at(&world, 3).await, entry_at(&world, 9).await);
    by_hand!(world, "UPDATE audit_seals SET entry_id = $1 WHERE sequence = 3", Uuid::nil());
    by_hand!(world, "UPDATE audit_seals SET entry_id = $1 WHERE sequence = 9", third);
    by_hand!(world, "UPDATE audit_seals SET entry_id = $1 WHERE sequence = 3", ninth);
    let moved = [(Some(3), Some(ninth), Wrong::EntryMoved), (Some(9), Some(third), Wrong::EntryMoved)];
    assert_eq!(found(&world, &[]).await, moved);
});

on_both!(swapped_seals_are_named, |world| async move {
    let mut world = world;
    a_dozen(&mut world).await;
    let (third, ninth) = (entry_at(&world, 3).await, entry_at(&world, 9).await);
    for (from, to) in [(3_i64, 100_i64), (9, 3), (100, 9)] {
        by_hand!(world, "UPDATE audit_seals SET sequence = $2 WHERE sequence = $1", from, to);
    }
    let found = found(&world, &[]).await;
    assert!(found.contains(&(Some(3), Some(ninth), Wrong::EntryMoved)), "{found:?}");
    assert!(found.contains(&(Some(9), Some(third), Wrong::EntryMoved)), "{found:?}");
});

on_both!(an_entry_that_was_written_past_the_sealer_is_named, |world| async move {
    let mut world = world;
    a_dozen(&mut world).await;
    let (forged, like) = (world.clock.id(), entry_at(&world, 4).await);
    by_hand!(
        world,
        "INSERT INTO audit (entry_id, time, person, organisation, role, action, patient_id, resource, outcome, trace_id)
         SELECT $1, time, 'demo-gp', organisation, role, action, patient_id, resource, outcome, trace_id
         FROM audit WHERE entry_id = $2",
        forged,
        like
    );
    assert_eq!(found(&world, &[]).await, [(None, Some(forged), Wrong::EntryInserted)]);
    by_hand!(world, "INSERT INTO audit_seals (sequence, entry_id, hash) VALUES (0, $1, $2)", forged, vec![1_u8; 32]);
    assert_eq!(found(&world, &[]).await, [(Some(0), Some(forged), Wrong::EntryInserted)]);
});

on_both!(an_entry_that_was_made_older_than_a_checkpoint_is_named, |world| async move {
    let mut world = world;
    a_dozen(&mut world).await;
    world.clock.advance(TimeDelta::hours(3));
    let forged = audit::Entry {
        entry_id: world.clock.id(),
        time: world.clock.now() - TimeDelta::hours(4),
        ..Default::default()
    };
    // As the service itself writes it, so that the sealer takes it for one of its own.
    let mut tx = db(&world).begin().await.unwrap();
    audit::put(&mut tx, &forged).await.unwrap();
    tx.commit().await.unwrap();
    seal(&world).await;
    assert_eq!(found(&world, &[]).await, [(Some(13), Some(forged.entry_id), Wrong::EntryBackdated)]);
});

on_both!(a_seal_that_is_gone_or_changed_is_named, |world| async move {
    let mut world = world;
    a_dozen(&mut world).await;
    let (sixth, seventh) = (entry_at(&world, 6).await, entry_at(&world, 7).await);
    by_hand!(world, "UPDATE audit_seals SET hash = $1 WHERE sequence = 6", vec![7_u8; 32]);
    assert_eq!(found(&world, &[]).await, [(Some(6), Some(sixth), Wrong::SealChanged)]);
    by_hand!(world, "DELETE FROM audit_seals WHERE sequence = 6 OR sequence = 7");
    let gone = [
        (Some(6), None, Wrong::SealRemoved),
        (None, Some(sixth), Wrong::EntryInserted),
        (None, Some(seventh), Wrong::EntryInserted),
    ];
    let mut found = found(&world, &[]).await;
    found[1..].sort_by_key(|(_, entry, _)| *entry);
    let mut gone = gone;
    gone[1..].sort_by_key(|(_, entry, _)| *entry);
    assert_eq!(found, gone);
});

on_both!(a_chain_that_was_cut_off_needs_a_checkpoint_from_elsewhere, |world| async move {
    let mut world = world;
    work(&world, 2).await;
    world.stop().await;
    let early = seal(&world).await;
    let mut again = world.replica().await;
    work(&again, 2).await;
    again.stop().await;
    let late = seal(&world).await;
    by_hand!(world, "DELETE FROM audit WHERE entry_id IN (SELECT entry_id FROM audit_seals WHERE sequence > 10)");
    by_hand!(world, "DELETE FROM audit_seals WHERE sequence > 10");
    assert_eq!(found(&world, &[]).await, [(Some(12), None, Wrong::ChainCut)]);
    by_hand!(world, "DELETE FROM audit_checkpoints WHERE sequence > 10");
    // Nothing here tells any more; what was kept elsewhere does.
    assert_eq!(found(&world, std::slice::from_ref(&early)).await, []);
    assert_eq!(found(&world, &[early, late]).await, [(Some(12), None, Wrong::ChainCut)]);
});

on_both!(a_chain_that_was_written_anew_is_not_the_one_of_a_checkpoint, |world| async move {
    let mut world = world;
    let kept = a_dozen(&mut world).await;
    by_hand!(world, "DELETE FROM audit_seals");
    by_hand!(world, "DELETE FROM audit_checkpoints");
    by_hand!(world, "UPDATE audit SET person = 'somebody-else' WHERE role = 'specialist'");
    by_hand!(world, "INSERT INTO audit_unsealed (entry_id) SELECT entry_id FROM audit ORDER BY time, entry_id");
    seal(&world).await;
    assert_eq!(found(&world, &[]).await, []);
    assert_eq!(found(&world, &[kept]).await, [(Some(12), None, Wrong::ChainReplaced)]);
});

on_both!(a_forged_checkpoint_is_named, |world| async move {
    let mut world = world;
    let good = a_dozen(&mut world).await;
    let mut forged = good.clone();
    forged.checkpoint.hash = vec![9; 32];
    assert_eq!(found(&world, &[forged]).await, [(Some(12), None, Wrong::CheckpointForged)]);
    let head = audit::seals::head(&mut db(&world).read().await.unwrap(), SERVICE).await.unwrap();
    let foreign = Key::fresh().unwrap().sign(SERVICE, head, world.clock.now());
    assert_eq!(found(&world, &[foreign, good]).await, [(Some(12), None, Wrong::CheckpointForeign)]);
    by_hand!(world, "UPDATE audit_checkpoints SET hash = $1", vec![9_u8; 32]);
    assert_eq!(found(&world, &[]).await, [(Some(12), None, Wrong::CheckpointForged)]);
});

on_both!(an_entry_that_waits_too_long_or_is_gone_before_it_was_sealed_is_named, |world| async move {
    let mut world = world;
    a_dozen(&mut world).await;
    let entry =
        |world: &World| audit::Entry { entry_id: world.clock.id(), time: world.clock.now(), ..Default::default() };
    let (waits, gone) = (entry(&world), entry(&world));
    let mut tx = db(&world).begin().await.unwrap();
    audit::put(&mut tx, &waits).await.unwrap();
    audit::put(&mut tx, &gone).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&world, &[]).await, []);
    by_hand!(world, "DELETE FROM audit WHERE entry_id = $1", gone.entry_id);
    assert_eq!(found(&world, &[]).await, [(None, Some(gone.entry_id), Wrong::EntryRemoved)]);
    world.clock.advance(TimeDelta::hours(1));
    assert!(found(&world, &[]).await.contains(&(None, Some(waits.entry_id), Wrong::EntryUnsealed)));
});

on_both!(every_column_of_the_table_is_in_the_chain, |world| async move {
    let mut tx = db(&world).read().await.unwrap();
    let columns = sql!(
        &mut tx,
        fetch_all as (String,),
        {
            sqlite: "SELECT name FROM pragma_table_info('audit')",
            postgres: "SELECT column_name::TEXT FROM information_schema.columns
                       WHERE table_schema = current_schema() AND table_name = 'audit'"
        }
    );
    // Fourteen: as many as `audit::chain` hashes.
    assert_eq!(columns.unwrap().len(), 14);
});
