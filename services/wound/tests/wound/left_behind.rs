//! What a crash leaves behind is taken up or cleared away.

use bytes::Bytes;
use samspil_kit::assemble::Part as _;
use samspil_proto::wound::v1::*;
use samspil_store::sql;
use samspil_testkit::{World, on_both};
use tokio_util::sync::CancellationToken;

use crate::help::*;

/// A stored photo of a fresh wound.
async fn stored(world: &World, seed: u64) -> String {
    let picture = Picture::phantom(seed);
    let nurse = by(world, "nurse");
    let visit = nurse.visits(&wound(world).await.name, &[&picture]).await.unwrap().name;
    nurse.uploads(&picture.name(&visit), &picture.bytes, 64 << 10).await.unwrap();
    picture.name(&visit)
}

on_both!(image_steps_that_a_crash_interrupted_are_taken_up, |world| async move {
    let nurse = by(&world, "nurse");
    let name = stored(&world, 1).await;
    let before = nurse.gets_photo(&name).await.unwrap();
    let id = photo_id(&name);
    // As it was between the receipt and the verdict.
    let renditions = ["display", "thumbnail"].map(|kind| format!("photos/{id}/{kind}"));
    world.objects.delete(renditions).await.unwrap();
    let due = world.clock.now() + chrono::TimeDelta::minutes(2);
    let mut tx = world.dbs["wound"].begin().await.unwrap();
    sql!(&mut tx, execute, "UPDATE photos SET quality = NULL, steps_due = $1 WHERE photo_id = $2", due, id).unwrap();
    tx.commit().await.unwrap();
    assert_eq!(nurse.gets_photo(&name).await.unwrap().quality, None);
    let again = nurse.uploads(&name, b"", 1).await.unwrap();
    assert_eq!(again.1, None, "a receipt, and no verdict yet");
    refused(nurse.downloads(&name, Rendition::Thumbnail).await, "RENDITION_NOT_READY");
    nurse.downloads(&name, Rendition::Original).await.unwrap();

    world.clock.advance(chrono::TimeDelta::minutes(2));
    until(async || nurse.gets_photo(&name).await.unwrap().quality.is_some()).await;
    assert_eq!(nurse.gets_photo(&name).await.unwrap(), before, "the same verdict as the first time");
    for rendition in [Rendition::Display, Rendition::Thumbnail] {
        nurse.downloads(&name, rendition).await.unwrap();
    }
    events_come(&world, "PhotoAssessed", 2).await;
});

on_both!(objects_that_no_row_names_are_cleared_away_after_a_day, |world| async move {
    let name = stored(&world, 2).await;
    let kept = objects(&world, "").await;
    // An upload in the middle, whose part is named by its row.
    let large = Picture::of_two_parts(3);
    let nurse = by(&world, "nurse");
    let visit = name.split("/photos").next().unwrap();
    nurse.announces(visit, &large).await.unwrap();
    let mut sending = nurse.begins(&large.name(visit)).await.unwrap();
    sending.stands_at().await;
    assert!(sending.sends(0, &large.bytes[..1000]).await);
    sending.hangs_up();
    refused(sending.ends().await, "UPLOAD_INCOMPLETE");
    let part = objects(&world, "uploads").await;
    assert_eq!(part.len(), 1);
    let orphans = [
        format!("uploads/{UNKNOWN}/part-1-0"),
        format!("uploads/{}/part-9-0", large.id()),
        format!("photos/{UNKNOWN}/original"),
        format!("photos/{UNKNOWN}/thumbnail"),
    ];
    for orphan in &orphans {
        world.objects.put(orphan, Bytes::from_static(b"left behind")).await.unwrap();
    }
    // Written before the row that makes it stored: an upload that is about to be finished.
    let about_to_be = format!("photos/{}/original", large.id());
    world.objects.put(&about_to_be, Bytes::from_static(b"not yet")).await.unwrap();
    // Files have the machine's time, and it is a day ago by the test's clock.
    let written = world.objects.list("").await.unwrap().iter().map(|found| found.changed).max().unwrap();
    let wait = written + chrono::TimeDelta::hours(25) - world.clock.now();
    world.clock.advance(wait.max(chrono::TimeDelta::zero()));

    // A replica that starts looks first of all.
    let replica = samspil_wound::Wounds::new(
        world.base("wound").await,
        world.objects.clone(),
        samspil_wound::Settings::default(),
    );
    let stop = CancellationToken::new();
    let workers = tokio::spawn(futures::future::join_all(replica.workers(&stop)));
    until(async || !objects(&world, "").await.iter().any(|key| orphans.contains(key))).await;
    stop.cancel();
    workers.await.unwrap();
    let mut expected = [kept, part, vec![about_to_be]].concat();
    let mut left = objects(&world, "").await;
    expected.sort();
    left.sort();
    assert_eq!(left, expected);
    by(&world, "nurse").downloads(&name, Rendition::Display).await.unwrap();
    by(&world, "nurse").uploads(&large.name(visit), &large.bytes, 1 << 20).await.unwrap();
});
