//! Bytes on their way in: resumed, overtaken, repeated, many at once.

use samspil_phantom::{Metadata, Scene, photograph};
use samspil_proto::wound::v1::*;
use samspil_store::sql;
use samspil_testkit::{World, on_both};
use tonic::Code;

use crate::help::*;

/// A visit with announced pictures: its name.
async fn visit(world: &World, pictures: &[&Picture]) -> String {
    by(world, "nurse").visits(&wound(world).await.name, pictures).await.unwrap().name
}

/// How many parts are written down.
async fn parts(world: &World) -> i64 {
    let mut tx = world.dbs["wound"].read().await.unwrap();
    sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM upload_parts").unwrap().0
}

on_both!(an_upload_goes_on_where_it_stood_when_the_connection_broke, |world| async move {
    let picture = Picture::phantom(1);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let half = picture.bytes.len() / 2;
    {
        // A connection of its own, which is gone at the end of this block.
        let mut sending = by(&world, "nurse").begins(&name).await.unwrap();
        assert_eq!(sending.stands_at().await, 0);
        assert!(sending.sends(0, &picture.bytes[..half]).await);
        sending.hangs_up();
        refused(sending.hears().await, "UPLOAD_INCOMPLETE");
    }
    let upload = nurse.gets_upload(&name).await.unwrap();
    assert_eq!((upload.committed_bytes, upload.size_bytes), (half as i64, picture.len()));
    assert_eq!(upload.state(), PhotoState::Announced);
    world.clock.advance(chrono::TimeDelta::hours(3));
    let mut sending = nurse.begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, half as i64);
    assert!(sending.sends(half as i64, &picture.bytes[half..]).await);
    let (receipt, _) = sending.ends().await.unwrap();
    assert_eq!(at(receipt.receive_time), "2026-11-18T08:00:00Z", "when its first byte came");
    assert_eq!(at(receipt.store_time), "2026-11-18T11:00:00Z");
    let upload = nurse.gets_upload(&name).await.unwrap();
    assert_eq!((upload.state(), upload.committed_bytes), (PhotoState::Stored, picture.len()));
    assert_eq!((objects(&world, "uploads").await, parts(&world).await), (Vec::<String>::new(), 0));
});

on_both!(an_upload_goes_on_when_the_phone_vanished_in_the_middle, |world| async move {
    let picture = Picture::of_two_parts(2);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let mut sending = by(&world, "nurse").begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, 0);
    let five = 5 * (512 << 10);
    assert!(sending.sends(0, &picture.bytes[..512 << 10]).await);
    for at in (512 << 10..five).step_by(512 << 10) {
        assert!(sending.sends(at as i64, &picture.bytes[at..at + (512 << 10)]).await);
    }
    // No half-close, no last word: the phone is out of coverage. What the server has, it writes down.
    drop(sending);
    until(async || nurse.gets_upload(&name).await.unwrap().committed_bytes > 0).await;
    let stands = nurse.gets_upload(&name).await.unwrap().committed_bytes;
    assert!(stands <= five as i64);
    let mut sending = nurse.begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, stands);
    drop(sending);
    let (receipt, verdict) = nurse.uploads(&name, &picture.bytes, 1 << 20).await.unwrap();
    assert_eq!((receipt.state(), verdict.is_some()), (PhotoState::Stored, true));
    assert_eq!((objects(&world, "uploads").await, parts(&world).await), (Vec::<String>::new(), 0));
});

on_both!(a_large_photo_is_written_down_in_parts_that_are_gone_when_it_is_stored, |world| async move {
    let picture = Picture::of_two_parts(3);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let mut sending = nurse.begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, 0);
    let mut at = 0;
    while at < 4 << 20 {
        assert!(sending.sends(at as i64, &picture.bytes[at..at + (1 << 20)]).await);
        at += 1 << 20;
    }
    // Four mebibytes are a part. A slow machine may have written an earlier one.
    loop {
        match sending.hears().await.unwrap() {
            Some(Heard::Progress(committed)) if committed == at as i64 => break,
            Some(Heard::Progress(_)) => {}
            other => panic!("{other:?} in the middle of an upload"),
        }
    }
    assert_eq!(objects(&world, "uploads").await.len() as i64, parts(&world).await);
    assert!(parts(&world).await > 0);
    assert_eq!(nurse.gets_upload(&name).await.unwrap().committed_bytes, at as i64);
    assert!(sending.sends(at as i64, &picture.bytes[at..]).await);
    let (receipt, _) = sending.ends().await.unwrap();
    assert_eq!(receipt.state(), PhotoState::Stored);
    assert_eq!((objects(&world, "uploads").await, parts(&world).await), (Vec::<String>::new(), 0));
    let id = picture.id();
    let mut kept = objects(&world, "photos").await;
    kept.sort();
    assert_eq!(kept, ["display", "original", "thumbnail"].map(|kind| format!("photos/{id}/{kind}")));
});

on_both!(the_newest_stream_overtakes_the_one_before, |world| async move {
    let picture = Picture::phantom(4);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let half = picture.bytes.len() / 2;
    let mut first = nurse.begins(&name).await.unwrap();
    assert_eq!(first.stands_at().await, 0);
    assert!(first.sends(0, &picture.bytes[..half]).await);
    let mut second = nurse.begins(&name).await.unwrap();
    assert_eq!(second.stands_at().await, 0);
    first.hangs_up();
    let refusal = refused(first.hears().await, "UPLOAD_TAKEN_OVER");
    assert_eq!(refusal.code, Code::Aborted);
    assert_eq!(
        nurse.gets_upload(&name).await.unwrap().committed_bytes,
        0,
        "what the overtaken stream sent is not taken"
    );
    assert!(second.sends(0, &picture.bytes).await);
    assert_eq!(second.ends().await.unwrap().0.state(), PhotoState::Stored);
    assert_eq!(objects(&world, "uploads").await, [""; 0]);
});

on_both!(two_streams_that_both_bring_the_whole_photo_store_it_once, |world| async move {
    let picture = Picture::phantom(5);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let mut first = nurse.begins(&name).await.unwrap();
    let mut second = nurse.begins(&name).await.unwrap();
    assert_eq!((first.stands_at().await, second.stands_at().await), (0, 0));
    let (one, other) = tokio::join!(first.sends(0, &picture.bytes), second.sends(0, &picture.bytes));
    assert!(one && other);
    let (one, other) = tokio::join!(first.ends(), second.ends());
    for (receipt, _) in [one.unwrap(), other.unwrap()] {
        assert_eq!(receipt.state(), PhotoState::Stored);
    }
    world.settle().await;
    assert_eq!(events_come(&world, "PhotoStored", 1).await[0].subject, name);
    events_come(&world, "PhotoAssessed", 1).await;
});

on_both!(two_streams_that_both_bring_the_end_of_a_photo_store_it_once, |world| async move {
    let picture = Picture::of_two_parts(5);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let mut sending = nurse.begins(&name).await.unwrap();
    sending.stands_at().await;
    for at in (0..4 << 20).step_by(1 << 20) {
        assert!(sending.sends(at as i64, &picture.bytes[at..at + (1 << 20)]).await);
    }
    sending.hangs_up();
    refused(sending.ends().await, "UPLOAD_INCOMPLETE");
    // Whoever comes second finds the photo stored and the parts gone.
    let (mut first, mut second) = (nurse.begins(&name).await.unwrap(), nurse.begins(&name).await.unwrap());
    assert_eq!((first.stands_at().await, second.stands_at().await), (4 << 20, 4 << 20));
    let rest = &picture.bytes[4 << 20..];
    let (one, other) = tokio::join!(first.sends(4 << 20, rest), second.sends(4 << 20, rest));
    assert!(one && other);
    let (one, other) = tokio::join!(first.ends(), second.ends());
    for (receipt, _) in [one.unwrap(), other.unwrap()] {
        assert_eq!(receipt.state(), PhotoState::Stored);
    }
    events_come(&world, "PhotoStored", 1).await;
    assert_eq!(objects(&world, "uploads").await, [""; 0]);
});

on_both!(uploading_a_stored_photo_again_gives_the_receipt_again_and_doubles_nothing, |world| async move {
    let picture = Picture::phantom(6);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let once = nurse.uploads(&name, &picture.bytes, 32 << 10).await.unwrap();
    world.settle().await;
    let kept = world.objects.list("").await.unwrap();
    let again = nurse.uploads(&name, &picture.bytes, 32 << 10).await.unwrap();
    assert_eq!(again, (once.1.clone().unwrap(), once.1));
    // A phone that did not listen sends everything anyway.
    let mut sending = nurse.begins(&name).await.unwrap();
    sending.sends(0, &picture.bytes).await;
    assert_eq!(sending.ends().await.unwrap(), again);
    world.settle().await;
    assert_eq!(world.objects.list("").await.unwrap(), kept);
    events_come(&world, "PhotoStored", 1).await;
    events_come(&world, "PhotoAssessed", 1).await;
});

on_both!(the_same_bytes_are_one_photo_in_a_wound, |world| async move {
    let picture = Picture::phantom(7);
    let double = Picture::of(picture.bytes.clone());
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    for _ in ["announced", "stored"] {
        let refusal = refused(nurse.announces(&visit, &double).await, "PHOTO_ALREADY_ANNOUNCED");
        assert_eq!((refusal.code, &refusal.metadata["photo"]), (Code::AlreadyExists, &name));
        assert_eq!(refusal.metadata["field"], "photo");
        nurse.uploads(&name, &picture.bytes, 64 << 10).await.unwrap();
    }
    let refusal =
        refused(nurse.visits(&wound_of(&visit), &[&Picture::phantom(8), &double]).await, "PHOTO_ALREADY_ANNOUNCED");
    assert_eq!(refusal.metadata["field"], "visit.photos[1]");
    // In another wound they are another photo.
    let elsewhere = nurse.visits(&wound(&world).await.name, &[&double]).await.unwrap();
    nurse.uploads(&double.name(&elsewhere.name), &double.bytes, 64 << 10).await.unwrap();
});

on_both!(the_same_id_for_other_bytes_is_refused, |world| async move {
    let picture = Picture::phantom(7);
    let mut other = Picture::phantom(8);
    other.announced.photo_id = picture.id();
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    assert_eq!(refused(nurse.announces(&visit, &other).await, "PHOTO_ID_TAKEN").code, Code::AlreadyExists);
    let other_wound = wound(&world).await.name;
    refused(nurse.visits(&other_wound, &[&other]).await, "PHOTO_ID_TAKEN");
});

on_both!(eight_uploads_at_once_are_all_stored, |world| async move {
    let pictures: Vec<_> = (20..28).map(Picture::phantom).collect();
    let visit = visit(&world, &pictures.iter().collect::<Vec<_>>()).await;
    let nurse = by(&world, "nurse");
    let uploads = pictures
        .iter()
        .map(async |picture| nurse.uploads(&picture.name(&visit), &picture.bytes, 16 << 10).await.unwrap());
    for (receipt, verdict) in futures::future::join_all(uploads).await {
        assert_eq!(receipt.state(), PhotoState::Stored);
        assert!(verdict.unwrap().quality.is_some());
    }
    let visit = nurse.completes(&visit).await.unwrap();
    assert_eq!((visit.photos.len(), visit.missing_photos.len()), (8, 0));
    events_come(&world, "PhotoStored", 8).await;
    assert_eq!(objects(&world, "photos").await.len(), 24);
    assert_eq!(objects(&world, "uploads").await, [""; 0]);
});

on_both!(a_withdrawn_photo_is_not_waited_for_and_takes_no_bytes, |world| async move {
    let picture = Picture::phantom(9);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let mut sending = nurse.begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, 0);
    assert!(sending.sends(0, &picture.bytes[..1000]).await);
    let withdrawn = nurse.withdraws(&name).await.unwrap();
    assert_eq!(withdrawn.state(), PhotoState::Withdrawn);
    assert_eq!(withdrawn.refusal_message, "a finger in front of it");
    assert!(sending.sends(1000, &picture.bytes[1000..]).await);
    refused(sending.ends().await, "UPLOAD_TAKEN_OVER");
    refused(nurse.begins(&name).await.map(|_| ()), "PHOTO_WITHDRAWN");
    refused(nurse.withdraws(&name).await, "PHOTO_WITHDRAWN");
    // The same picture may be announced again, under an id of its own.
    let again = Picture::of(picture.bytes.clone());
    nurse.announces(&visit, &again).await.unwrap();
    nurse.uploads(&again.name(&visit), &again.bytes, 64 << 10).await.unwrap();
    refused(nurse.withdraws(&again.name(&visit)).await, "PHOTO_STORED");
    let visit = nurse.completes(&visit).await.unwrap();
    assert_eq!(visit.photos.len(), 2, "the withdrawn one stays in the record");
    let completed = events_come(&world, "VisitCompleted", 1).await;
    let completed: VisitCompleted = prost::Message::decode(completed[0].data.as_slice()).unwrap();
    assert_eq!(completed.photos, 1);
});

on_both!(whoever_completes_a_visit_in_spite_of_warnings_leaves_a_record, |world| async move {
    let scene = Scene { width: 1280, height: 960, ..Scene::visit(11, 0) };
    let (good, small) = (Picture::of(photograph(&scene, &Metadata::default()).0), Picture::png(1, 64, 48));
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&good, &small]).await;
    for picture in [&good, &small] {
        nurse.uploads(&picture.name(&visit), &picture.bytes, 64 << 10).await.unwrap();
    }
    let said = warnings(&nurse.gets_photo(&small.name(&visit)).await.unwrap()).join(" ");
    assert!(said.contains("TOO_SMALL"), "{said}");
    let completed = nurse.completes(&visit).await.unwrap();
    let overridden = completed.overridden.clone().expect("a warning stood");
    assert_eq!(overridden.by.unwrap().person, "demo-nurse");
    let [photo] = overridden.photos.as_slice() else { panic!("{:?}", overridden.photos) };
    assert_eq!((&photo.photo, photo.warnings.join(" ")), (&small.name(&visit), said));
    assert_eq!(nurse.gets_visit(&visit).await.unwrap().overridden, completed.overridden, "it stays in the record");
    let told = events_come(&world, "VisitCompleted", 1).await;
    let told: VisitCompleted = prost::Message::decode(told[0].data.as_slice()).unwrap();
    assert_eq!(told.overridden, overridden.photos);
});

on_both!(one_upload_more_than_there_is_room_for_is_asked_to_come_again, |world| async move {
    let picture = Picture::phantom(10);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(nurse.begins(&name).await.unwrap());
    }
    let refusal = refused(nurse.begins(&name).await.map(|_| ()), "OVERLOADED");
    assert_eq!(refusal.code, Code::ResourceExhausted);
    // Those who are gone make room.
    drop(open);
    until(async || nurse.uploads(&name, &picture.bytes, 64 << 10).await.is_ok()).await;
    assert_eq!(nurse.gets_photo(&name).await.unwrap().state(), PhotoState::Stored);
});
