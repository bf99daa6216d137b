//! What is said when: starts, chunks, ends, silence.

use std::time::Duration;

use chrono::TimeDelta;
use samspil_testkit::on_both;
use samspil_upload::Settings;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::{
    client::Sending,
    letters::{Asked, Letters, Told, settings},
    refused,
};

const TEXT: &[u8] = b"Dear colleague, this letter is as long as several parts and a bit.";
const SIZE: i64 = TEXT.len() as i64;

on_both!(a_letter_that_comes_in_one_go_is_never_written_down_in_parts, |world| async move {
    let letters = Letters::of(&world, Settings { part_bytes: 1 << 20, ..settings() }).await;
    let letter = letters.announces(TEXT).await;
    let mut sending = letters.begins(letter, 0).await;
    for at in (0..TEXT.len()).step_by(10) {
        sending.sends(at as i64, &TEXT[at..TEXT.len().min(at + 10)]).await;
    }
    // Nothing lies between the offset at the beginning and the receipt.
    assert_eq!(sending.hears().await.unwrap(), Told::Receipt);
    assert_eq!(letters.text(letter).await, TEXT);
    assert_eq!(letters.parts().await, [""; 0]);
});

on_both!(an_upload_goes_on_where_the_stream_before_ended_however_it_ended, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let began = letters.clock.now();
    let ends: [fn(&mut Sending); 2] = [|sending| sending.hangs_up(), |sending| sending.breaks()];
    let mut at = 0;
    for end in ends {
        // Five bytes, fewer than a part: what is held is written down at the end.
        let mut sending = letters.begins(letter, at).await;
        sending.sends(at, &TEXT[at as usize..at as usize + 5]).await;
        at += 5;
        end(&mut sending);
        let refusal = refused(sending.ends().await, "UPLOAD_INCOMPLETE");
        assert_eq!((refusal.code, &refusal.metadata["committed_bytes"]), (Code::Unavailable, &at.to_string()));
        assert_eq!((letters.committed(letter).await, letters.parts().await.len() as i64), (at, at / 5));
        letters.clock.advance(TimeDelta::hours(1));
    }
    let mut sending = letters.begins(letter, at).await;
    sending.sends(at, &TEXT[at as usize..]).await;
    sending.ends().await.unwrap();
    assert_eq!(letters.text(letter).await, TEXT);
    assert_eq!((letters.parts().await, letters.committed(letter).await), (vec![], 0));
    assert_eq!(letters.receive_time(letter).await, Some(began), "when its first stream came");
    // Once more, without a byte: the receipt again.
    letters.opens([Ok(Asked::Start(letter))]).await.unwrap().ends().await.unwrap();
});

on_both!(a_stream_that_says_nothing_for_too_long_counts_as_ended, |world| async move {
    let letters = Letters::of(&world, Settings { idle: Duration::from_millis(20), ..settings() }).await;
    let letter = letters.announces(TEXT).await;
    refused(letters.opens([]).await, "UPLOAD_NOT_STARTED");
    // What lies ready is no silence, however slow the machine is.
    let sending = letters.opens([Ok(Asked::Start(letter)), Ok(Asked::Chunk(0, TEXT[..5].into()))]).await.unwrap();
    refused(sending.ends().await, "UPLOAD_INCOMPLETE");
    assert_eq!(letters.committed(letter).await, 5);
});

on_both!(what_is_no_next_chunk_is_refused_and_what_came_before_is_kept, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let too_large = vec![b'x'; (1 << 20) + 1];
    let chunk = |offset: i64, data: &[u8]| Ok(Asked::Chunk(offset, data.to_vec().into()));
    type Bad = (Result<Asked, Status>, &'static str, Code, &'static [(&'static str, i64)]);
    let bad: [Bad; 8] = [
        (chunk(2, b"x"), "UPLOAD_OFFSET", Code::FailedPrecondition, &[("expected_offset", 1), ("offset", 2)]),
        (chunk(1, b"x"), "UPLOAD_OFFSET", Code::FailedPrecondition, &[("expected_offset", 2), ("offset", 1)]),
        (chunk(3, &TEXT[2..]), "UPLOAD_TOO_LONG", Code::OutOfRange, &[("size_bytes", SIZE)]),
        (chunk(4, b""), "INVALID_REQUEST", Code::InvalidArgument, &[]),
        (chunk(5, &too_large), "INVALID_REQUEST", Code::InvalidArgument, &[]),
        (Err(Status::out_of_range("a message that is too large")), "INVALID_REQUEST", Code::InvalidArgument, &[]),
        (Ok(Asked::Start(letter)), "UPLOAD_NOT_STARTED", Code::InvalidArgument, &[]),
        (Ok(Asked::Nothing), "UPLOAD_NOT_STARTED", Code::InvalidArgument, &[]),
    ];
    for (at, (message, reason, code, facts)) in bad.into_iter().enumerate() {
        let mut sending = letters.begins(letter, at as i64).await;
        sending.sends(at as i64, &TEXT[at..=at]).await;
        sending.says(message).await;
        let refusal = refused(sending.ends().await, reason);
        assert_eq!(refusal.code, code);
        for (fact, value) in facts {
            assert_eq!(refusal.metadata[*fact], value.to_string());
        }
    }
    let mut sending = letters.begins(letter, 8).await;
    sending.sends(8, &TEXT[8..]).await;
    sending.ends().await.unwrap();
    assert_eq!(letters.text(letter).await, TEXT);
});

on_both!(a_stream_begins_with_the_start_of_a_letter_that_is_announced, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let broken = Status::cancelled("the connection broke");
    for first in [Ok(Asked::Nothing), Ok(Asked::Chunk(0, TEXT.into())), Err(broken)] {
        refused(letters.opens([first]).await, "UPLOAD_NOT_STARTED");
    }
    refused(letters.opens([Ok(Asked::Start(Uuid::nil()))]).await, "RESOURCE_NOT_FOUND");
    refused(letters.uploads.open(Uuid::nil(), 1).await.map(|_| ()), "RESOURCE_NOT_FOUND");
});

on_both!(one_stream_more_than_there_may_be_is_asked_to_come_again, |world| async move {
    let letters = Letters::of(&world, settings()).await;
    let letter = letters.announces(TEXT).await;
    let first = letters.begins(letter, 0).await;
    let mut second = letters.begins(letter, 0).await;
    let start = || [Ok(Asked::Start(letter))];
    assert_eq!(refused(letters.opens(start()).await, "OVERLOADED").code, Code::ResourceExhausted);
    // Who ends makes room, before the answers do.
    second.hangs_up();
    refused(second.ends().await, "UPLOAD_INCOMPLETE");
    letters.begins(letter, 0).await;
    drop(first);
});

on_both!(bytes_that_wait_long_enough_are_written_down_while_more_come, |world| async move {
    let letters = Letters::of(&world, Settings { part_bytes: 1 << 20, part_wait: Duration::ZERO, ..settings() }).await;
    let letter = letters.announces(TEXT).await;
    let mut sending = letters.begins(letter, 0).await;
    for at in 0..3 {
        sending.sends(at, &TEXT[at as usize..=at as usize]).await;
        assert_eq!(sending.hears().await.unwrap(), Told::Progress(at + 1));
    }
    assert_eq!(letters.parts().await.len(), 3);
});
