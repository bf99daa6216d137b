//! The bytes on their way in: durable parts, and who may write them.

use chrono::TimeDelta;
use futures::FutureExt as _;
use samspil_testkit::on_both;
use samspil_upload::Settings;
use tonic::Code;
use uuid::Uuid;

use crate::{
    letters::{Letters, Told, WITHDRAWN, settings},
    refused,
};

const TEXT: &[u8] = b"twelve bytes";

on_both!(a_part_is_durable_before_its_offset_is_told, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut sending = letters.begins(letter, 0).await;
    sending.sends(0, &TEXT[..9]).await;
    assert_eq!(sending.hears().await.unwrap(), Told::Progress(9));
    assert_eq!(letters.committed(letter).await, 9);
    let parts = letters.parts().await;
    assert!(parts.len() == 1 && parts[0].starts_with(&format!("letter-uploads/{letter}/part-0-")), "{parts:?}");
    sending.sends(9, &TEXT[9..]).await;
    sending.ends().await.unwrap();
    assert_eq!(letters.text(letter).await, TEXT);
    assert_eq!(letters.parts().await, [""; 0]);
});

on_both!(the_last_bytes_are_no_part_of_their_own_however_many_they_are, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut sending = letters.begins(letter, 0).await;
    sending.sends(0, TEXT).await;
    assert_eq!(sending.hears().await.unwrap(), Told::Receipt);
    assert_eq!(letters.text(letter).await, TEXT);
});

on_both!(the_newest_stream_alone_writes, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut first = letters.begins(letter, 0).await;
    let mut second = letters.begins(letter, 0).await;
    first.sends(0, b"overtaken").await;
    assert_eq!(refused(first.ends().await, "UPLOAD_TAKEN_OVER").code, Code::Aborted);
    assert_eq!((letters.parts().await, letters.committed(letter).await), (vec![], 0));
    second.sends(0, TEXT).await;
    second.ends().await.unwrap();
    assert_eq!(letters.text(letter).await, TEXT);
});

on_both!(a_letter_that_is_no_longer_wanted_takes_no_part, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut sending = letters.begins(letter, 0).await;
    letters.sets(letter, WITHDRAWN).await;
    sending.sends(0, &TEXT[..9]).await;
    refused(sending.ends().await, "UPLOAD_TAKEN_OVER");
    assert_eq!((letters.parts().await, letters.committed(letter).await), (vec![], 0));
});

on_both!(other_bytes_are_dropped_and_the_right_ones_still_come_in, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut sending = letters.begins(letter, 0).await;
    sending.sends(0, b"something").await;
    assert_eq!(sending.hears().await.unwrap(), Told::Progress(9));
    sending.sends(9, b"els").await;
    assert_eq!(refused(sending.ends().await, "DIGEST_MISMATCH").code, Code::DataLoss);
    assert_eq!((letters.parts().await, letters.committed(letter).await), (vec![], 0));
    let mut sending = letters.begins(letter, 0).await;
    sending.sends(0, TEXT).await;
    sending.ends().await.unwrap();
    assert_eq!(letters.text(letter).await, TEXT);
});

on_both!(other_bytes_of_an_overtaken_stream_drop_nothing_of_the_newer_one, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut first = letters.begins(letter, 0).await;
    first.sends(0, b"other b").await;
    let mut second = letters.begins(letter, 0).await;
    second.sends(0, &TEXT[..8]).await;
    assert_eq!(second.hears().await.unwrap(), Told::Progress(8));
    first.sends(7, b"ytes.").await;
    refused(first.ends().await, "UPLOAD_TAKEN_OVER");
    assert_eq!(letters.committed(letter).await, 8);
    second.sends(8, &TEXT[8..]).await;
    second.ends().await.unwrap();
    assert_eq!(letters.text(letter).await, TEXT);
});

on_both!(two_streams_that_both_bring_the_end_keep_the_letter_once, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut before = letters.begins(letter, 0).await;
    before.sends(0, &TEXT[..8]).await;
    before.hangs_up();
    refused(before.ends().await, "UPLOAD_INCOMPLETE");
    let (mut first, mut second) = (letters.begins(letter, 8).await, letters.begins(letter, 8).await);
    tokio::join!(first.sends(8, &TEXT[8..]), second.sends(8, &TEXT[8..]));
    let (one, other) = tokio::join!(first.ends(), second.ends());
    one.unwrap();
    other.unwrap();
    assert_eq!(letters.text(letter).await, TEXT);
    assert_eq!((letters.parts().await, letters.committed(letter).await), (vec![], 0));
});

on_both!(a_stream_that_brings_the_end_of_a_letter_that_is_kept_by_now_hears_so, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut first = letters.begins(letter, 0).await;
    first.sends(0, &TEXT[..8]).await;
    assert_eq!(first.hears().await.unwrap(), Told::Progress(8));
    let mut second = letters.begins(letter, 8).await;
    first.sends(8, &TEXT[8..]).await;
    first.ends().await.unwrap();
    // The parts that it would go on from are gone.
    second.sends(8, &TEXT[8..]).await;
    second.ends().await.unwrap();
    assert_eq!(letters.text(letter).await, TEXT);
});

on_both!(parts_that_are_gone_are_asked_for_again_from_the_first_of_them, |world| async move {
    let text = b"four and twenty bytes...";
    let letters = Letters::of(&world, settings()).await;
    for (gone, stands_at) in [(0, 0), (1, 8)] {
        let letter = letters.announces(text).await;
        let mut sending = letters.begins(letter, 0).await;
        for at in [0, 8] {
            sending.sends(at as i64, &text[at..at + 8]).await;
            assert_eq!(sending.hears().await.unwrap(), Told::Progress(at as i64 + 8));
        }
        let parts = letters.parts().await;
        world.objects.delete([parts[gone].clone()]).await.unwrap();
        sending.sends(16, &text[16..]).await;
        let lost = refused(sending.ends().await, "UPLOAD_PARTS_LOST");
        assert_eq!((lost.code, &lost.metadata["committed_bytes"]), (Code::Unavailable, &stands_at.to_string()));
        assert_eq!((letters.committed(letter).await, letters.parts().await), (stands_at, parts[..gone].to_vec()));
        let mut sending = letters.begins(letter, stands_at).await;
        sending.sends(stands_at, &text[stands_at as usize..]).await;
        sending.ends().await.unwrap();
        assert_eq!(letters.text(letter).await, &text[..]);
        assert_eq!(letters.parts().await, [""; 0]);
    }
});

on_both!(a_part_that_is_shorter_than_its_row_says_is_gone_too, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut sending = letters.begins(letter, 0).await;
    sending.sends(0, &TEXT[..8]).await;
    assert_eq!(sending.hears().await.unwrap(), Told::Progress(8));
    world.objects.put(&letters.parts().await[0], "torn".into()).await.unwrap();
    sending.sends(8, &TEXT[8..]).await;
    refused(sending.ends().await, "UPLOAD_PARTS_LOST");
    assert_eq!((letters.parts().await, letters.committed(letter).await), (vec![], 0));
});

on_both!(a_stream_that_is_overtaken_drops_no_parts_that_the_newer_one_has_written, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut first = letters.begins(letter, 0).await;
    first.sends(0, &TEXT[..8]).await;
    assert_eq!(first.hears().await.unwrap(), Told::Progress(8));
    world.objects.delete(letters.parts().await).await.unwrap();
    let _second = letters.begins(letter, 8).await;
    first.sends(8, &TEXT[8..]).await;
    refused(first.ends().await, "UPLOAD_TAKEN_OVER");
    assert_eq!(letters.committed(letter).await, 8);
});

on_both!(a_sweep_removes_old_parts_that_no_row_names_and_nothing_else, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut sending = letters.begins(letter, 0).await;
    sending.sends(0, &TEXT[..8]).await;
    assert_eq!(sending.hears().await.unwrap(), Told::Progress(8));
    let named = letters.parts().await;
    let orphans = [format!("letter-uploads/{letter}/part-9-0"), format!("letter-uploads/{}/part-1-0", Uuid::new_v4())];
    let others =
        [format!("letter-uploads-of-another/{}/part-1-0", Uuid::new_v4()), "letter-uploads/no-id/part-1-0".to_owned()];
    for key in orphans.iter().chain(&others) {
        world.objects.put(key, "left behind".into()).await.unwrap();
    }
    let keys = async || world.objects.list("").await.unwrap().into_iter().map(|found| found.key).collect::<Vec<_>>();
    // Files have the machine's time: now they are an hour old by the test's clock, then a day.
    let written = world.objects.list("").await.unwrap().iter().map(|found| found.changed).max().unwrap();
    letters.clock.advance(written - letters.clock.now() + TimeDelta::hours(1));
    letters.uploads.sweep().await.unwrap();
    assert_eq!(keys().await.len(), named.len() + orphans.len() + others.len());
    letters.clock.advance(TimeDelta::hours(24));
    letters.uploads.sweep().await.unwrap();
    let (mut left, mut expected) = (keys().await, [named, others.into()].concat());
    left.sort();
    expected.sort();
    assert_eq!(left, expected);
    sending.sends(8, &TEXT[8..]).await;
    sending.ends().await.unwrap();
    assert_eq!(letters.text(letter).await, TEXT);
});

on_both!(whole_letters_wait_for_room_in_memory, |world| async move {
    let letters = Letters::of(&world, Settings { memory: 3 << 10, ..settings() }).await;
    let room = |bytes| letters.uploads.room(bytes);
    let first = room(1500).await.unwrap();
    assert!(room(1500).now_or_never().is_none(), "two of three kibibytes are taken");
    drop(first);
    // What is larger than all there is gets all there is.
    let all = room(i64::MAX).now_or_never().expect("all of it is free").unwrap();
    assert!(room(1).now_or_never().is_none());
    drop(all);
    assert!(room(1).now_or_never().is_some());
});

on_both!(a_chunk_in_a_call_of_its_own_goes_on_where_a_stream_ended, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let mut sending = letters.begins(letter, 0).await;
    sending.sends(0, &TEXT[..5]).await;
    sending.hangs_up();
    refused(sending.ends().await, "UPLOAD_INCOMPLETE");
    let append = async |offset: i64, text: &'static [u8]| letters.append(letter, offset, text.into()).await;
    refused(append(-1, TEXT).await, "UPLOAD_OFFSET");
    refused(append(6, b"x").await, "UPLOAD_OFFSET");
    assert_eq!(append(2, &TEXT[2..7]).await.unwrap(), Told::Progress(7), "what is new of it");
    assert_eq!(append(0, &TEXT[..7]).await.unwrap(), Told::Progress(7), "nothing is");
    assert_eq!(append(7, &TEXT[7..]).await.unwrap(), Told::Receipt);
    assert_eq!(append(7, &TEXT[7..]).await.unwrap(), Told::Receipt, "once more");
    assert_eq!(letters.text(letter).await, TEXT);
});
