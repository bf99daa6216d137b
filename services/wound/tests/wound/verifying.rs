//! What is done to photos by hand, and that each of it is found and named.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use samspil_kit::verify::{self, Report};
use samspil_proto::wound::v1::Rendition;
use samspil_store::{objects::Objects, sql};
use samspil_testkit::{World, on_both};

use crate::help::*;

type Told = (&'static str, Option<String>, Option<String>);

/// What does not agree at a time: what is wrong, with which row and which object.
async fn found_at(world: &World, now: DateTime<Utc>) -> Vec<Told> {
    let mut report = Report::new("wound");
    let db = &world.dbs["wound"];
    verify::events(db, &[samspil_wound::FILES.told], &mut report).await.unwrap();
    samspil_wound::FILES.verify(db, &world.objects, now, &mut report).await.unwrap();
    assert!(report.findings.iter().all(|finding| finding.service == "wound" && !finding.text.is_empty()));
    assert!(report.events > 0 && report.files == 1);
    report.findings.into_iter().map(|finding| (finding.wrong, finding.row, finding.object)).collect()
}

/// When the newest object was written: stores have the machine's time, not the test's.
async fn written(objects: &Objects) -> DateTime<Utc> {
    objects.list("").await.unwrap().into_iter().map(|found| found.changed).max().unwrap()
}

async fn found(world: &World) -> Vec<Told> {
    found_at(world, written(&world.objects).await).await
}

/// One wrong thing.
fn one(wrong: &'static str, row: &str, object: &str) -> Vec<Told> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    vec![(wrong, some(row), some(object))]
}

/// A stored photo, and one of which two parts are here: their ids and the key of the second part.
async fn two_photos(world: &World) -> (String, String, String) {
    let (whole, half) = (Picture::phantom(1), Picture::of_two_parts(2));
    let nurse = by(world, "nurse");
    let visit = nurse.visits(&wound(world).await.name, &[&whole, &half]).await.unwrap().name;
    nurse.uploads(&whole.name(&visit), &whole.bytes, 64 << 10).await.unwrap();
    for (from, to) in [(0, 1000), (1000, 3000)] {
        nurse.appends(&half.name(&visit), from as i64, &half.bytes[from..to]).await.unwrap();
    }
    world.settle().await;
    let parts = objects(world, &format!("uploads/{}", half.id())).await;
    let second = parts.into_iter().find(|key| key.contains("part-1000-")).unwrap();
    (whole.id(), half.id(), second)
}

on_both!(objects_that_are_not_what_their_rows_say_are_named, |world| async move {
    let (photo, half, part) = two_photos(&world).await;
    assert_eq!(found(&world).await, []);

    let key = format!("photos/{photo}/original");
    let row = format!("photos {photo}");
    let original = world.objects.get(&key).await.unwrap();
    let mut other = original.to_vec();
    other[1000] ^= 1;
    world.objects.put(&key, other.into()).await.unwrap();
    assert_eq!(found(&world).await, one("OBJECT_CHANGED", &row, &key));
    refused(by(&world, "nurse").downloads(&name(&world, &photo).await, Rendition::Original).await, "OBJECT_DAMAGED");
    world.objects.put(&key, original.slice(1..)).await.unwrap();
    assert_eq!(found(&world).await, one("OBJECT_SIZE", &row, &key));
    world.objects.delete([key.clone()]).await.unwrap();
    assert_eq!(found(&world).await, one("OBJECT_MISSING", &row, &key));
    world.objects.put(&key, original).await.unwrap();

    let thumbnail = format!("photos/{photo}/thumbnail");
    let small = world.objects.get(&thumbnail).await.unwrap();
    world.objects.delete([thumbnail.clone()]).await.unwrap();
    assert_eq!(found(&world).await, one("RENDITION_MISSING", &row, &thumbnail));
    world.objects.put(&thumbnail, small).await.unwrap();

    let row = format!("photos {half} from 1000");
    let bytes = world.objects.get(&part).await.unwrap();
    world.objects.put(&part, bytes.slice(1..)).await.unwrap();
    assert_eq!(found(&world).await, one("OBJECT_SIZE", &row, &part));
    world.objects.delete([part.clone()]).await.unwrap();
    assert_eq!(found(&world).await, one("OBJECT_MISSING", &row, &part));
    world.objects.put(&part, bytes).await.unwrap();
    assert_eq!(found(&world).await, []);
});

on_both!(objects_without_a_row_and_rows_without_their_neighbours_are_named, |world| async move {
    let (photo, half, _) = two_photos(&world).await;
    let orphans = [format!("photos/{UNKNOWN}/original"), format!("uploads/{half}/part-9-{UNKNOWN}")];
    for orphan in &orphans {
        world.objects.put(orphan, Bytes::from_static(b"left behind")).await.unwrap();
    }
    let written = written(&world.objects).await;
    assert_eq!(found_at(&world, written + TimeDelta::hours(23)).await, [], "they may still get their rows");
    let unnamed = orphans.iter().flat_map(|orphan| one("OBJECT_UNNAMED", "", orphan)).collect::<Vec<_>>();
    assert_eq!(found_at(&world, written + TimeDelta::hours(25)).await, unnamed);
    world.objects.delete(orphans).await.unwrap();

    let mut tx = world.dbs["wound"].begin().await.unwrap();
    sql!(&mut tx, execute, "DELETE FROM upload_parts WHERE start = 0").unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&world).await, one("PART_MISSING", &format!("photos {half} from 1000"), ""));

    let mut tx = world.dbs["wound"].begin().await.unwrap();
    sql!(&mut tx, execute, "DELETE FROM upload_parts WHERE start = 1000").unwrap();
    // As a row that was lost: what is told of it no more, and nobody knows its objects.
    let stored = uuid::Uuid::parse_str(&photo).unwrap();
    sql!(&mut tx, execute, "UPDATE photos SET state = 4 WHERE photo_id = $1", stored).unwrap();
    sql!(
        &mut tx,
        execute,
        "UPDATE photos SET state = 2, stored_blake3 = 'f', stored_size_bytes = 3000 WHERE state = 1"
    )
    .unwrap();
    tx.commit().await.unwrap();
    let name = name(&world, &photo).await;
    let lost = [
        one("ROW_MISSING", &name, ""),
        one("OBJECT_MISSING", &format!("photos {half}"), &format!("photos/{half}/original")),
    ];
    assert_eq!(found(&world).await, lost.concat());
});

/// The name of a stored photo, as its event has it.
async fn name(world: &World, id: &str) -> String {
    let stored = events(world, "PhotoStored").await;
    stored.into_iter().find(|event| event.subject.ends_with(id)).unwrap().subject
}
