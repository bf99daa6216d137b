//! Photos that come in a chunk at a time, each in a call of its own.

use samspil_proto::wound::v1::*;
use samspil_store::sql;
use samspil_testkit::{World, on_both};
use tonic::Code;

use crate::help::*;

const CHUNK: usize = 32 << 10;

/// An announced picture: its name.
async fn announced(world: &World, picture: &Picture) -> String {
    let visit = by(world, "nurse").visits(&wound(world).await.name, &[picture]).await.unwrap().name;
    picture.name(&visit)
}

/// Nothing is left of any upload: neither an object nor a row.
async fn nothing_is_left(world: &World) {
    assert_eq!(objects(world, "uploads").await, [""; 0]);
    let mut tx = world.dbs["wound"].read().await.unwrap();
    let rows = sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM upload_parts").unwrap().0;
    assert_eq!(rows, 0);
}

on_both!(a_photo_comes_in_a_call_at_a_time_and_is_looked_at, |world| async move {
    let picture = Picture::phantom(1);
    let nurse = by(&world, "nurse");
    let name = announced(&world, &picture).await;
    let first = nurse.appends(&name, 0, &picture.bytes[..CHUNK]).await.unwrap();
    assert_eq!((first.committed_bytes, first.photo), (CHUNK as i64, None));
    world.clock.advance(chrono::TimeDelta::hours(3));
    let photo = nurse.appends_from(&name, CHUNK as i64, &picture.bytes, CHUNK).await.unwrap();
    assert_eq!((photo.state(), &photo.name), (PhotoState::Stored, &name));
    assert_eq!(at(photo.receive_time), "2026-11-18T08:00:00Z", "when its first byte came");
    assert_eq!(at(photo.store_time), "2026-11-18T11:00:00Z");
    nothing_is_left(&world).await;
    let (_, _, original) = nurse.downloads(&name, Rendition::Original).await.unwrap();
    assert_eq!(blake3::hash(&original).to_hex().to_string(), photo.stored_blake3);
    until(async || nurse.gets_photo(&name).await.unwrap().quality.is_some()).await;
    nurse.downloads(&name, Rendition::Thumbnail).await.unwrap();
    let visit = name.split("/photos/").next().unwrap();
    assert_eq!(nurse.completes(visit).await.unwrap().state(), VisitState::Complete);
    events_come(&world, "PhotoStored", 1).await;
    events_come(&world, "PhotoAssessed", 1).await;
    let entries = audited(&world, patient_of(&name)).await;
    assert!(entries.contains(&("demo-nurse".into(), "AppendPhoto".into(), "OK".into())), "{entries:?}");
});

on_both!(a_photo_of_one_chunk_is_stored_by_one_call, |world| async move {
    let picture = Picture::png(1, 64, 48);
    let name = announced(&world, &picture).await;
    let answer = by(&world, "nurse").appends(&name, 0, &picture.bytes).await.unwrap();
    assert_eq!(answer.committed_bytes, picture.len());
    assert_eq!(answer.photo.unwrap().state(), PhotoState::Stored);
    nothing_is_left(&world).await;
});

on_both!(what_an_answer_calls_committed_is_there_for_every_replica, |world| async move {
    let picture = Picture::phantom(2);
    let name = announced(&world, &picture).await;
    let replicas = [by(&world, "nurse"), by(&world.replica().await, "nurse")];
    let mut at = 0;
    for turn in 1.. {
        let end = picture.bytes.len().min(at + CHUNK);
        let answer = replicas[turn % 2].appends(&name, at as i64, &picture.bytes[at..end]).await.unwrap();
        let upload = replicas[(turn + 1) % 2].gets_upload(&name).await.unwrap();
        assert_eq!((answer.committed_bytes, upload.committed_bytes), (end as i64, end as i64));
        if answer.photo.is_some() {
            break;
        }
        at = end;
    }
    nothing_is_left(&world).await;
});

on_both!(a_stream_goes_on_where_the_calls_stopped_and_calls_where_the_stream_broke, |world| async move {
    let picture = Picture::phantom(3);
    let nurse = by(&world, "nurse");
    let name = announced(&world, &picture).await;
    let (third, half) = (picture.bytes.len() / 3, picture.bytes.len() / 2);
    nurse.appends(&name, 0, &picture.bytes[..third]).await.unwrap();
    let mut sending = nurse.begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, third as i64);
    assert!(sending.sends(third as i64, &picture.bytes[third..half]).await);
    sending.hangs_up();
    assert_eq!(refused(sending.ends().await, "UPLOAD_INCOMPLETE").metadata["committed_bytes"], half.to_string());
    nurse.appends(&name, half as i64, &picture.bytes[half..half + 1000]).await.unwrap();
    let (receipt, verdict) = nurse.uploads(&name, &picture.bytes, CHUNK).await.unwrap();
    assert_eq!((receipt.state(), verdict.is_some()), (PhotoState::Stored, true));
    nothing_is_left(&world).await;

    let picture = Picture::phantom(4);
    let name = announced(&world, &picture).await;
    let half = picture.bytes.len() / 2;
    let mut sending = nurse.begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, 0);
    assert!(sending.sends(0, &picture.bytes[..half]).await);
    sending.hangs_up();
    refused(sending.ends().await, "UPLOAD_INCOMPLETE");
    let other = by(&world.replica().await, "nurse");
    let photo = other.appends_from(&name, half as i64, &picture.bytes, CHUNK).await.unwrap();
    assert_eq!(photo.state(), PhotoState::Stored);
    nothing_is_left(&world).await;
});

on_both!(a_photo_whose_parts_were_lost_in_a_restore_comes_in_anew_by_calls_and_by_a_stream, |world| async move {
    let nurse = by(&world, "nurse");
    for seed in [21, 22] {
        let picture = Picture::phantom(seed);
        let name = announced(&world, &picture).await;
        let half = picture.bytes.len() / 2;
        nurse.appends(&name, 0, &picture.bytes[..half]).await.unwrap();
        world.objects.delete(objects(&world, "uploads").await).await.unwrap();
        let lost = refused(nurse.appends(&name, half as i64, &picture.bytes[half..]).await, "UPLOAD_PARTS_LOST");
        assert_eq!((lost.code, lost.metadata["committed_bytes"].as_str()), (Code::Unavailable, "0"));
        assert_eq!(nurse.gets_upload(&name).await.unwrap().committed_bytes, 0);
        let photo = match seed {
            21 => nurse.appends_from(&name, 0, &picture.bytes, CHUNK).await.unwrap(),
            _ => nurse.uploads(&name, &picture.bytes, CHUNK).await.unwrap().0,
        };
        assert_eq!(photo.state(), PhotoState::Stored);
        nothing_is_left(&world).await;
    }
});

on_both!(a_chunk_whose_answer_was_lost_is_taken_as_sent_again_and_one_behind_a_gap_is_not_taken, |world| async move {
    let picture = Picture::phantom(5);
    let nurse = by(&world, "nurse");
    let name = announced(&world, &picture).await;
    let append = async |from: usize, to: usize| nurse.appends(&name, from as i64, &picture.bytes[from..to]).await;
    assert_eq!(append(0, 2000).await.unwrap().committed_bytes, 2000);
    assert_eq!(append(0, 2000).await.unwrap().committed_bytes, 2000);
    assert_eq!(append(500, 1500).await.unwrap().committed_bytes, 2000);
    assert_eq!(append(1500, 3000).await.unwrap().committed_bytes, 3000, "half of it is new");
    let refusal = refused(append(3001, 4000).await, "UPLOAD_OFFSET");
    assert_eq!((refusal.code, refusal.metadata["expected_offset"].as_str()), (Code::FailedPrecondition, "3000"));
    let long = [&picture.bytes[3000..], b"x"].concat();
    assert_eq!(refused(nurse.appends(&name, 3000, &long).await, "UPLOAD_TOO_LONG").code, Code::OutOfRange);
    assert_eq!(refused(nurse.appends(&name, 3000, b"").await, "INVALID_REQUEST").fields, ["data"]);
    let too_much = vec![0; (1 << 20) + 1];
    assert_eq!(refused(nurse.appends(&name, 3000, &too_much).await, "INVALID_REQUEST").fields, ["data"]);
    assert_eq!(refused(nurse.appends(&name, -1, b"x").await, "INVALID_REQUEST").fields, ["offset"]);
    assert_eq!(nurse.gets_upload(&name).await.unwrap().committed_bytes, 3000, "nothing of these was taken");
    let stored = append(3000, picture.bytes.len()).await.unwrap().photo.unwrap();
    until(async || nurse.gets_photo(&name).await.unwrap().quality.is_some()).await;
    // The receipt was lost: any chunk gives it again.
    for (from, to) in [(3000, picture.bytes.len()), (0, 10)] {
        let again = append(from, to).await.unwrap();
        assert_eq!(again.committed_bytes, picture.len());
        assert_eq!(again.photo.unwrap().store_time, stored.store_time);
    }
    events_come(&world, "PhotoStored", 1).await;
    nothing_is_left(&world).await;
});

on_both!(of_two_tabs_that_bring_one_photo_at_once_the_faster_wins_and_nothing_is_doubled, |world| async move {
    let picture = Picture::phantom(6);
    let name = announced(&world, &picture).await;
    let tabs = [by(&world, "nurse"), by(&world.replica().await, "nurse")];
    let mut at = 0;
    let photo = loop {
        let end = picture.bytes.len().min(at + 2 * CHUNK);
        let chunk = &picture.bytes[at..end];
        let both = futures::future::join_all(tabs.iter().map(|tab| tab.appends(&name, at as i64, chunk))).await;
        let (taken, overtaken): (Vec<_>, Vec<_>) = both.into_iter().partition(Result::is_ok);
        assert!(!taken.is_empty(), "{overtaken:?}");
        for answer in overtaken {
            assert_eq!(refused(answer, "UPLOAD_TAKEN_OVER").code, Code::Aborted);
        }
        for answer in &taken {
            assert_eq!(answer.as_ref().unwrap().committed_bytes, end as i64);
        }
        if let Some(photo) = taken.into_iter().find_map(|answer| answer.unwrap().photo) {
            break photo;
        }
        at = end;
    };
    nothing_is_left(&world).await;
    assert_eq!(objects(&world, "photos").await.iter().filter(|key| key.ends_with("original")).count(), 1);
    let (_, _, original) = tabs[0].downloads(&name, Rendition::Original).await.unwrap();
    assert_eq!(blake3::hash(&original).to_hex().to_string(), photo.stored_blake3);
    events_come(&world, "PhotoStored", 1).await;
});

on_both!(a_call_overtakes_a_stream_that_is_still_open, |world| async move {
    let picture = Picture::phantom(7);
    let nurse = by(&world, "nurse");
    let name = announced(&world, &picture).await;
    let mut sending = nurse.begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, 0);
    nurse.appends(&name, 0, &picture.bytes[..1000]).await.unwrap();
    assert!(sending.sends(0, &picture.bytes[..2000]).await);
    sending.hangs_up();
    refused(sending.ends().await, "UPLOAD_TAKEN_OVER");
    assert_eq!(nurse.gets_upload(&name).await.unwrap().committed_bytes, 1000);
    nurse.appends_from(&name, 1000, &picture.bytes, CHUNK).await.unwrap();
    nothing_is_left(&world).await;
});

on_both!(what_is_no_photo_is_refused_as_from_a_stream, |world| async move {
    let nurse = by(&world, "nurse");
    let letter = Picture::of("Dear nurse, this is not a photo at all.".repeat(100));
    let name = announced(&world, &letter).await;
    let refusal = refused(nurse.appends_from(&name, 0, &letter.bytes, 1000).await, "IMAGE_NOT_RECOGNISED");
    assert_eq!(refusal.code, Code::InvalidArgument);
    assert_eq!(nurse.gets_photo(&name).await.unwrap().state(), PhotoState::Refused);
    refused(nurse.appends(&name, 0, b"x").await, "IMAGE_NOT_RECOGNISED");

    let whole = Picture::phantom(8).bytes;
    let cut = Picture::of(whole.slice(..whole.len() / 2));
    let name = announced(&world, &cut).await;
    refused(nurse.appends_from(&name, 0, &cut.bytes, CHUNK).await, "IMAGE_TRUNCATED");

    let picture = Picture::phantom(9);
    let name = announced(&world, &picture).await;
    let mut wrong = picture.bytes.to_vec();
    wrong[CHUNK + 1] ^= 1;
    assert_eq!(refused(nurse.appends_from(&name, 0, &wrong, CHUNK).await, "DIGEST_MISMATCH").code, Code::DataLoss);
    let upload = nurse.gets_upload(&name).await.unwrap();
    assert_eq!((upload.state(), upload.committed_bytes), (PhotoState::Announced, 0));
    nothing_is_left(&world).await;
    nurse.appends_from(&name, 0, &picture.bytes, CHUNK).await.unwrap();
});

on_both!(only_whoever_announced_it_appends_and_not_after_it_was_withdrawn, |world| async move {
    let picture = Picture::phantom(10);
    let nurse = by(&world, "nurse");
    let name = announced(&world, &picture).await;
    let refusal = refused(second_nurse(&world).appends(&name, 0, &picture.bytes).await, "UPLOAD_NOT_YOURS");
    assert_eq!(refusal.code, Code::PermissionDenied);
    refused(by(&world, "outsider").appends(&name, 0, &picture.bytes).await, "NO_RELATION");
    nurse.appends(&name, 0, &picture.bytes[..1000]).await.unwrap();
    nurse.withdraws(&name).await.unwrap();
    refused(nurse.appends(&name, 1000, &picture.bytes[1000..]).await, "PHOTO_WITHDRAWN");
    let unknown = format!("{}/photos/{UNKNOWN}", name.split("/photos/").next().unwrap());
    refused(nurse.appends(&unknown, 0, b"x").await, "RESOURCE_NOT_FOUND");
});

on_both!(one_chunk_more_than_there_is_room_for_is_asked_to_come_again, |world| async move {
    let picture = Picture::phantom(11);
    let nurse = by(&world, "nurse");
    let name = announced(&world, &picture).await;
    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(nurse.begins(&name).await.unwrap());
    }
    assert_eq!(refused(nurse.appends(&name, 0, b"x").await, "OVERLOADED").code, Code::ResourceExhausted);
    drop(open);
    until(async || nurse.appends(&name, 0, &picture.bytes).await.is_ok()).await;
});

/// `cargo test --release -p samspil-wound --test wound -- --ignored --nocapture cost_of_chunks`. Interleaved, so that all of
/// them have the same machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures; says nothing of right and wrong"]
async fn cost_of_chunks() {
    use samspil_phantom::{Metadata, Scene, photograph};
    let world = World::start(samspil_testkit::Engine::Sqlite).await;
    let nurse = by(&world, "nurse");
    let kinds = ["stream, 256 KiB", "calls, 256 KiB", "calls, 1 MiB"];
    let mut times: [Vec<u128>; 3] = Default::default();
    for seed in 0..15 {
        let scene = Scene { width: 4000, height: 3000, ..Scene::visit(seed, 0) };
        let file = photograph(&scene, &Metadata::default()).0;
        for (kind, times) in times.iter_mut().enumerate() {
            let picture = Picture::of(file.clone());
            let name = announced(&world, &picture).await;
            let begun = std::time::Instant::now();
            match kind {
                0 => {
                    let mut sending = nurse.begins(&name).await.unwrap();
                    sending.stands_at().await;
                    for at in (0..picture.bytes.len()).step_by(256 << 10) {
                        let end = picture.bytes.len().min(at + (256 << 10));
                        assert!(sending.sends(at as i64, &picture.bytes[at..end]).await);
                    }
                    while !matches!(sending.hears().await.unwrap(), Some(Heard::Receipt(_))) {}
                }
                1 => drop(nurse.appends_from(&name, 0, &picture.bytes, 256 << 10).await.unwrap()),
                _ => drop(nurse.appends_from(&name, 0, &picture.bytes, 1 << 20).await.unwrap()),
            }
            times.push(begun.elapsed().as_millis());
            until(async || nurse.gets_photo(&name).await.unwrap().quality.is_some()).await;
        }
        println!("{} bytes", file.len());
    }
    for (kind, times) in kinds.iter().zip(&mut times) {
        times.sort_unstable();
        println!("{kind}: median {} ms, least {} ms to the receipt", times[times.len() / 2], times[0]);
    }
}
