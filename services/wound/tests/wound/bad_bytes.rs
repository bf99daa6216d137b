//! Bytes that are not what they ought to be.

use std::slice::from_ref;

use samspil_proto::wound::v1::*;
use samspil_testkit::{World, on_both};
use tonic::Code;

use crate::help::*;

/// PNG's check sum.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1))))
}

/// A visit with announced pictures: its name.
async fn visit(world: &World, pictures: &[&Picture]) -> String {
    by(world, "nurse").visits(&wound(world).await.name, pictures).await.unwrap().name
}

on_both!(a_file_that_is_no_photo_is_refused_and_blocks_the_visit_until_it_is_withdrawn, |world| async move {
    let letter = Picture::of("Dear nurse, this is not a photo at all.".repeat(100));
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&letter]).await;
    let name = letter.name(&visit);
    let refusal = refused(nurse.uploads(&name, &letter.bytes, 1000).await, "IMAGE_NOT_RECOGNISED");
    assert_eq!(refusal.code, Code::InvalidArgument);
    let photo = nurse.gets_photo(&name).await.unwrap();
    assert_eq!((photo.state(), photo.refusal_reason.as_str()), (PhotoState::Refused, "IMAGE_NOT_RECOGNISED"));
    assert!(photo.refusal_message.contains("not a photo"));
    // The same again, without the bytes.
    refused(nurse.begins(&name).await.map(|_| ()), "IMAGE_NOT_RECOGNISED");
    let refusal = refused(nurse.completes(&visit).await, "PHOTOS_MISSING");
    assert_eq!(refusal.metadata["photos"], name);
    assert_eq!(nurse.gets_visit(&visit).await.unwrap().missing_photos, from_ref(&name));
    let withdrawn = nurse.withdraws(&name).await.unwrap();
    assert_eq!(withdrawn.refusal_reason, "IMAGE_NOT_RECOGNISED", "why it came to that stays in the record");
    assert!(withdrawn.refusal_message.ends_with("; withdrawn: a finger in front of it"));
    assert_eq!(nurse.completes(&visit).await.unwrap().state(), VisitState::Complete);
    assert_eq!(objects(&world, "").await, [""; 0]);
    let refused = events_come(&world, "PhotoRefused", 1).await;
    let refused: PhotoRefused = prost::Message::decode(refused[0].data.as_slice()).unwrap();
    assert_eq!(refused.reason, "IMAGE_NOT_RECOGNISED");
    let entries = audited(&world, patient_of(&name)).await;
    assert!(
        entries.contains(&("demo-nurse".into(), "UploadPhoto".into(), "IMAGE_NOT_RECOGNISED".into())),
        "{entries:?}"
    );
});

on_both!(a_photo_that_is_cut_anywhere_is_refused_and_nothing_of_it_is_kept, |world| async move {
    let whole = Picture::phantom(1).bytes;
    let cut: Vec<_> = (1..8).map(|eighth| Picture::of(whole.slice(..whole.len() * eighth / 8))).collect();
    let visit = visit(&world, &cut.iter().collect::<Vec<_>>()).await;
    let nurse = by(&world, "nurse");
    for picture in &cut {
        let refusal = refused(nurse.uploads(&picture.name(&visit), &picture.bytes, 32 << 10).await, "IMAGE_TRUNCATED");
        assert_eq!(refusal.code, Code::InvalidArgument);
    }
    assert_eq!(objects(&world, "").await, [""; 0]);
    assert_eq!(refused(nurse.completes(&visit).await, "PHOTOS_MISSING").metadata["photos"].split(' ').count(), 7);
});

on_both!(a_header_that_claims_a_gigantic_picture_is_refused_before_anything_is_made_for_it, |world| async move {
    let mut png = Picture::png(1, 8, 8).bytes.to_vec();
    png[16..20].copy_from_slice(&50_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&50_000u32.to_be_bytes());
    let sum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    // The phone's own thumbnail has a frame header too; the picture's is the last.
    let mut jpeg = Picture::phantom(1).bytes.to_vec();
    let frame = jpeg.windows(4).rposition(|window| window[..2] == [0xFF, 0xC0] && window[2] == 0).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xC3, 0x50, 0xC3, 0x50]);
    let pictures = [Picture::of(png), Picture::of(jpeg)];
    let visit = visit(&world, &[&pictures[0], &pictures[1]]).await;
    for picture in &pictures {
        let answer = by(&world, "nurse").uploads(&picture.name(&visit), &picture.bytes, 64 << 10).await;
        refused(answer, "IMAGE_TOO_MANY_PIXELS");
    }
    assert_eq!(objects(&world, "").await, [""; 0]);
});

on_both!(bytes_that_were_not_announced_are_dropped_and_the_right_ones_still_come_in, |world| async move {
    let nurse = by(&world, "nurse");
    // One that fits into memory, and one that is written down in parts.
    for picture in [Picture::phantom(2), Picture::of_two_parts(2)] {
        let visit = visit(&world, &[&picture]).await;
        let name = picture.name(&visit);
        let mut wrong = picture.bytes.to_vec();
        *wrong.last_mut().unwrap() ^= 1;
        let refusal = refused(nurse.uploads(&name, &wrong, 256 << 10).await, "DIGEST_MISMATCH");
        assert_eq!(refusal.code, Code::DataLoss);
        let upload = nurse.gets_upload(&name).await.unwrap();
        assert_eq!((upload.state(), upload.committed_bytes), (PhotoState::Announced, 0));
        assert_eq!(objects(&world, "uploads").await, [""; 0]);
        let (receipt, _) = nurse.uploads(&name, &picture.bytes, 256 << 10).await.unwrap();
        assert_eq!(receipt.state(), PhotoState::Stored);
    }
});

on_both!(a_photo_may_be_announced_by_sha256, |world| async move {
    use sha2::Digest as _;
    let mut picture = Picture::phantom(3);
    let digest: String = sha2::Sha256::digest(&picture.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    (picture.announced.blake3, picture.announced.sha256) = (String::new(), digest);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let mut wrong = picture.bytes.to_vec();
    wrong[5000] ^= 1;
    refused(nurse.uploads(&name, &wrong, 64 << 10).await, "DIGEST_MISMATCH");
    let (receipt, _) = nurse.uploads(&name, &picture.bytes, 64 << 10).await.unwrap();
    assert_eq!((receipt.sha256, receipt.blake3), (picture.announced.sha256.clone(), String::new()));
});

on_both!(a_chunk_at_a_wrong_place_is_refused_and_what_came_before_is_kept, |world| async move {
    let picture = Picture::phantom(4);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let (mut at, mut expected) = (0, 0);
    for wrong in [50, -1, 2] {
        let mut sending = nurse.begins(&name).await.unwrap();
        assert_eq!(sending.stands_at().await, expected);
        assert!(sending.sends(expected, &picture.bytes[at..at + 1000]).await);
        at += 1000;
        expected += 1000;
        assert!(sending.sends(expected + wrong, &picture.bytes[at..]).await);
        let refusal = refused(sending.ends().await, "UPLOAD_OFFSET");
        assert_eq!(refusal.code, Code::FailedPrecondition);
        assert_eq!(refusal.metadata["expected_offset"], expected.to_string());
        assert_eq!(nurse.gets_upload(&name).await.unwrap().committed_bytes, expected);
    }
    nurse.uploads(&name, &picture.bytes, 64 << 10).await.unwrap();
    assert_eq!(objects(&world, "uploads").await, [""; 0]);
});

on_both!(more_bytes_than_were_announced_are_refused, |world| async move {
    let picture = Picture::phantom(5);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let mut sending = nurse.begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, 0);
    assert!(sending.sends(0, &picture.bytes[..1000]).await);
    let too_much = [&picture.bytes[1000..], b"and more"].concat();
    assert!(sending.sends(1000, &too_much).await);
    let refusal = refused(sending.ends().await, "UPLOAD_TOO_LONG");
    assert_eq!((refusal.code, &refusal.metadata["size_bytes"]), (Code::OutOfRange, &picture.len().to_string()));
    assert_eq!(nurse.gets_upload(&name).await.unwrap().committed_bytes, 1000);
});

on_both!(a_stream_that_ends_early_tells_where_to_go_on, |world| async move {
    let picture = Picture::phantom(6);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    for (send, stands) in [(0, 0), (700, 700), (300, 1000)] {
        let mut sending = nurse.begins(&name).await.unwrap();
        let at = sending.stands_at().await;
        if send > 0 {
            assert!(sending.sends(at, &picture.bytes[at as usize..at as usize + send]).await);
        }
        sending.hangs_up();
        let refusal = refused(sending.ends().await, "UPLOAD_INCOMPLETE");
        assert_eq!((refusal.code, &refusal.metadata["committed_bytes"]), (Code::Unavailable, &stands.to_string()));
    }
});

on_both!(a_chunk_has_between_one_byte_and_a_mebibyte, |world| async move {
    let picture = Picture::of_two_parts(7);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    for bad in [0, (1 << 20) + 1, 2 << 20] {
        let mut sending = nurse.begins(&name).await.unwrap();
        let at = sending.stands_at().await;
        sending.sends(at, &picture.bytes[at as usize..at as usize + bad]).await;
        let refusal = refused(sending.ends().await, "INVALID_REQUEST");
        assert_eq!((refusal.code, refusal.fields), (Code::InvalidArgument, vec!["chunk.data".to_owned()]), "{bad}");
    }
    assert_eq!(nurse.gets_upload(&name).await.unwrap().committed_bytes, 0);
});

on_both!(an_upload_begins_with_a_start_and_has_only_one, |world| async move {
    let picture = Picture::phantom(8);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let start = |name: &str| UploadPhotoRequest {
        message: Some(upload_photo_request::Message::Start(UploadStart { name: name.to_owned() })),
    };
    for first in [chunk_message(0, b"abc"), UploadPhotoRequest::default()] {
        let answer = world.wounds("nurse").upload_photo(tokio_stream::iter([first])).await;
        assert_eq!(refused(answer.map(|_| ()), "UPLOAD_NOT_STARTED").code, Code::InvalidArgument);
    }
    let silent = world.wounds("nurse").upload_photo(tokio_stream::iter([])).await;
    refused(silent.map(|_| ()), "UPLOAD_NOT_STARTED");
    let nameless = world.wounds("nurse").upload_photo(tokio_stream::iter([start("patients/1")])).await;
    refused(nameless.map(|_| ()), "INVALID_REQUEST");
    let mut sending = nurse.begins(&name).await.unwrap();
    assert_eq!(sending.stands_at().await, 0);
    assert!(sending.sends(0, &picture.bytes[..100]).await);
    assert!(sending.sends_any(start(&name)).await);
    refused(sending.ends().await, "UPLOAD_NOT_STARTED");
    assert_eq!(nurse.gets_upload(&name).await.unwrap().committed_bytes, 100);
});

on_both!(only_the_person_who_announced_a_photo_uploads_it, |world| async move {
    let picture = Picture::phantom(9);
    let visit = visit(&world, &[&picture]).await;
    let name = picture.name(&visit);
    let colleague = second_nurse(&world);
    assert_eq!(colleague.gets_photo(&name).await.unwrap().state(), PhotoState::Announced);
    for answer in [colleague.begins(&name).await.map(|_| ()), colleague.gets_upload(&name).await.map(|_| ())] {
        assert_eq!(refused(answer, "UPLOAD_NOT_YOURS").code, Code::PermissionDenied);
    }
    let nurse = by(&world, "nurse");
    let unknown = format!("{visit}/photos/{UNKNOWN}");
    refused(nurse.begins(&unknown).await.map(|_| ()), "RESOURCE_NOT_FOUND");
    refused(nurse.gets_upload(&unknown).await, "RESOURCE_NOT_FOUND");
    for outside in [&name, &unknown] {
        refused(by(&world, "outsider").begins(outside).await.map(|_| ()), "NO_RELATION");
    }
    refused(by(&world, "specialist").begins(&name).await.map(|_| ()), "NO_PERMISSION");
});

on_both!(what_is_announced_has_to_make_sense, |world| async move {
    let good = Picture::phantom(10);
    let nurse = by(&world, "nurse");
    let visit = visit(&world, &[]).await;
    let with = |change: &dyn Fn(&mut Photo)| {
        let mut picture = good.clone();
        change(&mut picture.announced);
        picture
    };
    for (bad, field) in [
        (with(&|photo| photo.size_bytes = 0), "photo.size_bytes"),
        (with(&|photo| photo.size_bytes = (40 << 20) + 1), "photo.size_bytes"),
        (with(&|photo| photo.blake3 = photo.blake3.to_uppercase()), "photo.blake3"),
        (with(&|photo| photo.sha256 = photo.blake3.clone()), "photo.sha256"),
        (with(&|photo| photo.blake3.clear()), "photo.sha256"),
        (with(&|photo| photo.capture_time = None), "photo.capture_time"),
        (with(&|photo| photo.capture_time.as_mut().unwrap().seconds = i64::MAX), "photo.capture_time"),
        (with(&|photo| photo.photo_id = "1".to_owned()), "photo.photo_id"),
    ] {
        let refusal = refused(nurse.announces(&visit, &bad).await, "INVALID_REQUEST");
        assert!(refusal.fields.contains(&field.to_owned()), "{field}: {refusal:?}");
    }
});
