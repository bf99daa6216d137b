//! Uploads over links that break, against a service that fails as it is told to.

mod fake;

use std::{io::Write as _, time::Duration};

use fake::{Fake, Kept, bytes, endpoint, link::Link, wound};
use samspil_client::{
    Connection, Error,
    digest::{Algorithm, Digest},
    upload::{Event, Options, upload_photo, upload_photo_with},
};
use samspil_proto::{
    names::PhotoName,
    wound::v1::{Photo, PhotoState},
};

/// A photo that the service has been told of.
fn announced(fake: &Fake, photo: &[u8], algorithm: Algorithm) -> PhotoName {
    let wound = wound();
    let (visit, id) = (wound.wound, wound.patient);
    let name = PhotoName { patient: wound.patient, wound: wound.wound, visit, photo: id };
    let announced = Digest::of_bytes(photo, algorithm).announce(id, chrono::DateTime::UNIX_EPOCH);
    let photo = Photo { name: name.to_string(), state: PhotoState::Announced.into(), ..announced };
    fake.state().photos.insert(name.to_string(), Kept { photo, bytes: Vec::new() });
    name
}

async fn upload(to: &Connection, name: &PhotoName, photo: &[u8]) -> (Result<Photo, Error>, Vec<Event>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(photo).unwrap();
    let mut events = Vec::new();
    let done = upload_photo(to, name, file.path(), |event| events.push(event)).await;
    (done, events)
}

fn count(events: &[Event], wanted: fn(&Event) -> bool) -> usize {
    events.iter().filter(|event| wanted(event)).count()
}

#[tokio::test]
async fn a_photo_arrives_with_receipt_and_verdict() {
    for algorithm in [Algorithm::Blake3, Algorithm::Sha256] {
        let fake = Fake::start().await;
        fake.state().warning = Some("BLURRED");
        let photo = bytes(1_000_001, 1);
        let name = announced(&fake, &photo, algorithm);
        let (done, events) = upload(&fake.connection(), &name, &photo).await;
        assert_eq!(done.unwrap().quality.unwrap().warnings[0].code, "BLURRED");
        assert_eq!(fake.stored()[&name.to_string()], photo);
        let Some(Event::Progress { sent: 0, committed: 0, size: 1_000_001 }) = events.first() else {
            panic!("{events:?}")
        };
        assert!(matches!(events[events.len() - 2..], [Event::Stored(_), Event::Verdict(_)]), "{events:?}");
        // The offset comes with the stream: nothing is asked before.
        assert_eq!(fake.state().log[0], "upload_photo");
    }
}

#[tokio::test]
async fn a_broken_upload_goes_on_where_the_service_stands() {
    let fake = Fake::start().await;
    fake.state().breaks = [1, 300_000, 128 * 1024, 200_000].into();
    fake.state().unavailable = [("get_upload", 2), ("upload_photo", 1)].into();
    let photo = bytes(1_000_000, 2);
    let name = announced(&fake, &photo, Algorithm::Blake3);
    let (done, events) = upload(&fake.connection(), &name, &photo).await;
    done.unwrap();
    assert_eq!(fake.stored()[&name.to_string()], photo);
    assert_eq!(count(&events, |event| matches!(event, Event::Interrupted)), 5);
    // The fake itself refuses a chunk that is not the next one: nothing was sent twice that was kept.
}

#[tokio::test]
async fn a_link_that_is_cut_in_the_middle_of_a_packet_costs_only_what_was_under_way() {
    let fake = Fake::start().await;
    let link = Link::to(fake.address, [50, 5_000, 200_123, 400_321, 100_001]).await;
    let photo = bytes(2_000_000, 3);
    let name = announced(&fake, &photo, Algorithm::Blake3);
    let (done, _) = upload(&endpoint(link.address).connect_lazy().unwrap(), &name, &photo).await;
    done.unwrap();
    assert_eq!(fake.stored()[&name.to_string()], photo);
    assert_eq!(link.cuts_left(), 0);
}

#[tokio::test]
async fn after_the_receipt_a_lost_verdict_is_asked_for() {
    let fake = Fake::start().await;
    fake.state().no_verdict = true;
    fake.state().unavailable = [("get_photo", 2)].into();
    let photo = bytes(100_000, 4);
    let name = announced(&fake, &photo, Algorithm::Blake3);
    let (done, events) = upload(&fake.connection(), &name, &photo).await;
    assert!(done.unwrap().quality.is_some());
    assert_eq!(count(&events, |event| matches!(event, Event::Stored(_))), 1);
    assert_eq!(fake.state().log.iter().filter(|call| *call == "upload_photo").count(), 1);
}

#[tokio::test]
async fn a_refused_photo_is_refused_for_good_and_with_its_reason() {
    let fake = Fake::start().await;
    fake.state().no_photo_of = Some(70_000);
    let photo = bytes(70_000, 5);
    let name = announced(&fake, &photo, Algorithm::Blake3);
    let (done, events) = upload(&fake.connection(), &name, &photo).await;
    assert_eq!(done.unwrap_err().reason(), "PHOTO_NOT_AN_IMAGE");
    assert_eq!(count(&events, |event| matches!(event, Event::Stored(_) | Event::Interrupted)), 0);
    assert_eq!(fake.state().log.iter().filter(|call| *call == "upload_photo").count(), 1);
}

#[tokio::test]
async fn a_refusal_that_was_lost_on_the_way_is_found_again() {
    let fake = Fake::start().await;
    let photo = bytes(70_000, 6);
    let name = announced(&fake, &photo, Algorithm::Blake3);
    {
        let mut state = fake.state();
        state.unavailable = [("upload_photo", 1)].into();
        let kept = &mut state.photos.get_mut(&name.to_string()).unwrap().photo;
        kept.state = PhotoState::Refused.into();
        kept.refusal_reason = "PHOTO_TOO_LARGE".to_owned();
    }
    let (done, _) = upload(&fake.connection(), &name, &photo).await;
    assert_eq!(done.unwrap_err().reason(), "PHOTO_TOO_LARGE");
}

#[tokio::test]
async fn a_photo_that_is_stored_already_gives_its_receipt_again() {
    let fake = Fake::start().await;
    let photo = bytes(70_000, 7);
    let name = announced(&fake, &photo, Algorithm::Blake3);
    let (first, _) = upload(&fake.connection(), &name, &photo).await;
    let (again, events) = upload(&fake.connection(), &name, &photo).await;
    assert_eq!(first.unwrap(), again.unwrap());
    assert_eq!(count(&events, |event| matches!(event, Event::Stored(_))), 1);
    assert_eq!(fake.state().log.iter().filter(|call| *call == "chunk").count(), 1);
}

#[tokio::test]
async fn bytes_in_memory_arrive_like_those_of_a_file() {
    let fake = Fake::start().await;
    fake.state().breaks = [100_000].into();
    let photo = bytes(300_000, 8);
    let name = announced(&fake, &photo, Algorithm::Blake3);
    let (connection, bytes) = (fake.connection(), photo.clone());
    // On a task of its own, as an app does it.
    let task = tokio::spawn(async move { upload_photo(&connection, &name, bytes, |_| ()).await });
    task.await.unwrap().unwrap();
    assert_eq!(fake.stored()[&name.to_string()], photo);
}

#[tokio::test]
async fn a_service_that_stands_still_is_not_waited_for_for_ever() {
    // Accepts connections and says nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let link = Link::to(listener.local_addr().unwrap(), []).await;
    let retry = samspil_client::Retry::never();
    let connection = endpoint(link.address).retry(retry).connect_lazy().unwrap();
    let options = Options { stalled_after: Duration::from_millis(50), ..Options::default() };
    let fake = Fake::start().await;
    let name = announced(&fake, &[1], Algorithm::Blake3);
    let done = upload_photo_with(&connection, &name, vec![1], &options, |_| ()).await;
    assert!(matches!(done, Err(Error::Unavailable { .. })), "{done:?}");
}
