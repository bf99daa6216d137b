//! The offline queue against crashes, refusals and broken links.

mod fake;

use std::{collections::HashMap, fs, path::Path, sync::Mutex};

use chrono::DateTime;
use fake::{Fake, bytes, endpoint, link::Link, wound};
use samspil_client::{
    Error,
    digest::Algorithm,
    queue::{Ask, Event, Opening, Outcome, PhotoDraft, PhotoState, Problem, Queue, Stage, VisitDraft},
};
use samspil_proto::{
    names::VisitName,
    wound::v1::{AssessmentPriority, Findings, VisitState},
};
use tempfile::TempDir;

/// A visit with photos of these sizes and a question. The files go away: the queue has its own.
fn draft(sizes: &[usize]) -> (VisitDraft, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let photos = sizes.iter().map(|size| {
        let file = folder.path().join(format!("IMG_{size}.jpg"));
        fs::write(&file, bytes(*size, *size as u32)).unwrap();
        PhotoDraft { file, capture_time: DateTime::UNIX_EPOCH }
    });
    let draft = VisitDraft {
        wound: wound(),
        visit_time: DateTime::UNIX_EPOCH,
        findings: Findings { length_mm: Some(32), note: "rolig".to_owned(), ..Findings::default() },
        photos: photos.collect(),
        ask: Some(Ask {
            question: "Skal aflastningen ændres?".to_owned(),
            priority: AssessmentPriority::Urgent,
            receiver: "organisations/11111111111".parse().unwrap(),
        }),
    };
    (draft, folder)
}

async fn enqueue(queue: &Queue, sizes: &[usize]) -> VisitName {
    let (draft, _files) = draft(sizes);
    queue.enqueue(draft).await.unwrap()
}

/// Opens a queue that was dropped a moment ago, once the last change of its former holder is on the disk.
async fn reopen(folder: &Path) -> Queue {
    reopen_with(Opening::default, folder).await
}

async fn reopen_with(opening: impl Fn() -> Opening, folder: &Path) -> Queue {
    loop {
        match opening().open(folder) {
            Err(Error::Queue(Problem::Busy(_))) => tokio::task::yield_now().await,
            opened => return opened.unwrap(),
        }
    }
}

fn photo_states(queue: &Queue) -> Vec<PhotoState> {
    let states = queue.states().unwrap();
    states.visits.into_iter().flat_map(|visit| visit.photos).map(|photo| photo.state).collect()
}

/// The bytes that the queue still holds.
fn held(folder: &Path) -> Vec<Vec<u8>> {
    let visits = fs::read_dir(folder.join("visits")).unwrap().map(|visit| visit.unwrap().path().join("photos"));
    let photos = visits.flat_map(|photos| fs::read_dir(photos).unwrap());
    photos.map(|photo| fs::read(photo.unwrap().path()).unwrap()).collect()
}

fn assert_arrived(fake: &Fake, visit: VisitName, sizes: &[usize]) {
    let mut stored: Vec<Vec<u8>> = fake.stored().into_values().collect();
    stored.sort_by_key(Vec::len);
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    let sent: Vec<_> = sizes.iter().map(|size| bytes(*size, *size as u32)).collect();
    assert!(stored == sent, "other bytes are stored than were sent");
    let state = fake.state();
    assert_eq!(state.visits[&visit.to_string()].state(), VisitState::Complete);
    assert_eq!(state.visits[&visit.to_string()].findings.as_ref().unwrap().length_mm, Some(32));
}

#[tokio::test]
async fn a_visit_arrives_with_photos_and_question_and_leaves_no_bytes_behind() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
    fake.state().warning = Some("BLURRED");
    let queue = Queue::open(folder.path()).unwrap();
    let sizes = [100_000, 300_000, 50];
    let visit = enqueue(&queue, &sizes).await;
    assert_eq!(queue.states().unwrap().visits[0].stage, Stage::Waiting);
    assert_eq!(photo_states(&queue), vec![PhotoState::Waiting; 3]);

    // On a task of its own, as an app does it.
    let (to, running) = (fake.connection(), queue.clone());
    let report = tokio::spawn(async move { running.sync(&to, |_| ()).await }).await.unwrap().unwrap();
    assert!(report.is_clear(), "{report:?}");
    assert_arrived(&fake, visit, &sizes);
    assert!(held(folder.path()).is_empty());
    let done = &queue.states().unwrap().visits[0];
    assert_eq!((done.stage, &done.photos[0].warnings[0].code), (Stage::Done, &"BLURRED".to_owned()));
    let asked = fake.state().assessments[0].clone();
    assert_eq!((&asked.visits[0], asked.priority()), (&visit.to_string(), AssessmentPriority::Urgent));
    assert_eq!(done.assessment.as_ref(), Some(&asked.name));

    assert!(queue.sync(&fake.connection(), |_| ()).await.unwrap().visits.is_empty());
    assert_eq!(queue.forget_done().unwrap(), 1);
    assert!(queue.states().unwrap().visits.is_empty());
}

#[tokio::test]
async fn a_queue_that_is_dropped_between_any_two_steps_loses_and_doubles_nothing() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
    let sizes = [400_000, 250_000, 90_000];
    let visit = enqueue(&Queue::open(folder.path()).unwrap(), &sizes).await;
    let mut rounds = 0;
    loop {
        let queue = reopen(folder.path()).await;
        let safe: Vec<_> = fake.stored().into_values().chain(held(folder.path())).collect();
        for size in sizes {
            assert!(safe.contains(&bytes(size, size as u32)), "a photo is neither here nor there");
        }
        // Round after round it comes one call, or one effect, further before it is dropped.
        let connection = fake.connection();
        tokio::select! {
            report = queue.sync(&connection, |_| ()) => {
                assert!(report.unwrap().is_clear());
                break;
            }
            () = fake.ticks(1 + rounds % 9) => rounds += 1,
        }
    }
    assert!(rounds > 5, "{rounds} rounds");
    assert_arrived(&fake, visit, &sizes);
    let state = fake.state();
    assert_eq!((state.visits.len(), state.assessments.len()), (1, 1));
}

#[tokio::test]
async fn a_sync_survives_cuts_and_a_service_that_restarts() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
    fake.state().unavailable =
        [("create_visit", 2), ("upload_photo", 2), ("complete_visit", 2), ("request_assessment", 2)].into();
    fake.state().breaks = [10, 100_000].into();
    let link = Link::to(fake.address, [100, 150_000, 300_000]).await;
    let queue = Queue::open(folder.path()).unwrap();
    let sizes = [400_000, 250_000];
    let visit = enqueue(&queue, &sizes).await;
    let report = queue.sync(&endpoint(link.address).connect_lazy().unwrap(), |_| ()).await.unwrap();
    assert!(report.is_clear(), "{report:?}");
    assert_arrived(&fake, visit, &sizes);
}

#[tokio::test]
async fn without_coverage_everything_waits_and_says_why() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
    let queue = Queue::open(folder.path()).unwrap();
    enqueue(&queue, &[10]).await;
    enqueue(&queue, &[20]).await;
    fake.state().unavailable = [("create_visit", 1)].into();
    let away = fake.endpoint().retry(samspil_client::Retry::never()).connect_lazy().unwrap();
    let report = queue.sync(&away, |_| ()).await.unwrap();
    assert!(matches!(report.visits[0].1, Outcome::Failed(Error::Unavailable { .. })));
    assert!(matches!(report.visits[1].1, Outcome::Waiting));
    assert!(queue.states().unwrap().visits[0].problem.as_ref().unwrap().contains("told to fail"));
    assert!(queue.sync(&fake.connection(), |_| ()).await.unwrap().is_clear());
}

#[tokio::test]
async fn a_refused_photo_is_reported_while_the_others_go_on_and_is_replaced_by_a_better_one() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
    fake.state().no_photo_of = Some(70_000);
    let queue = Queue::open(folder.path()).unwrap();
    let visit = enqueue(&queue, &[100_000, 70_000, 50_000]).await;
    let events = Mutex::new(Vec::new());
    let report = queue.sync(&fake.connection(), |event| events.lock().unwrap().push(event)).await.unwrap();
    let [(_, Outcome::Refused(refused))] = report.visits.as_slice() else { panic!("{report:?}") };
    assert_eq!(fake.stored().len(), 2);
    assert_eq!(held(folder.path()), [bytes(70_000, 70_000)], "a refused photo stays on the phone");
    assert_eq!(queue.states().unwrap().visits[0].stage, Stage::Refused);
    let told = |event: &Event| matches!(event, Event::Refused { reason, .. } if reason == "PHOTO_NOT_AN_IMAGE");
    assert!(events.lock().unwrap().iter().any(told));

    queue.withdraw(refused[0], "uskarpt").await.unwrap();
    let (better, _files) = draft(&[80_000]);
    let better = queue.add_photo(visit, better.photos[0].clone()).await.unwrap();
    let (again, _files) = draft(&[80_000]);
    assert_eq!(queue.add_photo(visit, again.photos[0].clone()).await.unwrap(), better, "the same bytes are one photo");
    assert!(queue.sync(&fake.connection(), |_| ()).await.unwrap().is_clear());
    assert!(fake.stored().contains_key(&better.to_string()));
    assert_arrived(&fake, visit, &[100_000, 80_000, 50_000]);
    assert_eq!(photo_states(&queue)[1], PhotoState::Withdrawn);
}

#[tokio::test]
async fn a_photo_that_the_wound_has_already_is_that_one() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
    let queue = Queue::open(folder.path()).unwrap();
    enqueue(&queue, &[100_000]).await;
    assert!(queue.sync(&fake.connection(), |_| ()).await.unwrap().is_clear());
    let there = fake.stored().into_keys().next().unwrap();
    drop(queue);

    // Once announced by the same digest, once by another.
    for (algorithm, new) in [(Algorithm::Blake3, 200_000), (Algorithm::Sha256, 300_000)] {
        let queue = reopen_with(|| Opening::default().algorithm(algorithm), folder.path()).await;
        let visit = enqueue(&queue, &[new, 100_000]).await;
        let report = queue.sync(&fake.connection(), |_| ()).await.unwrap();
        assert!(report.is_clear(), "{report:?}");
        let visits = queue.states().unwrap().visits;
        let photos = &visits.iter().find(|status| status.name == visit).unwrap().photos;
        assert_eq!(photos[1].state, PhotoState::Stored { name: there.clone() });
        assert_ne!(photos[0].state, photos[1].state);
    }
    assert_eq!(fake.stored().len(), 3);
}

#[tokio::test]
async fn bytes_that_are_announced_elsewhere_but_never_came_are_sent_there() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
    let queue = Queue::open(folder.path()).unwrap();
    let visit = enqueue(&queue, &[100_000]).await;
    // A phone that was lost had announced them.
    let name = format!("{}/visits/{}/photos/{}", wound(), wound().wound, wound().wound);
    {
        let digest = samspil_client::digest::Digest::of_bytes(&bytes(100_000, 100_000), Algorithm::Blake3);
        let announced = digest.announce(wound().wound, DateTime::UNIX_EPOCH);
        fake.state().announce(&format!("{}/visits/{}", wound(), wound().wound), &announced).unwrap();
    }
    assert!(queue.sync(&fake.connection(), |_| ()).await.unwrap().is_clear());
    let expected: HashMap<_, _> = [(name, bytes(100_000, 100_000))].into();
    assert!(fake.stored() == expected);
    assert!(held(folder.path()).is_empty());
    assert_eq!(fake.state().visits[&visit.to_string()].state(), VisitState::Complete);
}

#[tokio::test]
async fn a_visit_that_cannot_be_read_is_reported_and_left_alone() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
    let queue = Queue::open(folder.path()).unwrap();
    let broken = enqueue(&queue, &[100]).await;
    enqueue(&queue, &[200]).await;
    let visit = folder.path().join("visits").join(broken.visit.to_string());
    let text = fs::read_to_string(visit.join("visit.json")).unwrap();
    for spoilt in [
        &text[..text.len() / 2],
        "",
        &text.replace("\"lengthMm\"", "\"breadth\""),
        &text.replace("\"form\": 1", "\"form\": 2"),
    ] {
        fs::write(visit.join("visit.json"), spoilt).unwrap();
        let states = queue.states().unwrap();
        assert_eq!(states.broken.len(), 1, "{spoilt}");
        assert_eq!(states.broken[0].folder, visit);
        let report = queue.sync(&fake.connection(), |_| ()).await.unwrap();
        assert_eq!(report.broken.len(), 1);
        assert!(!report.is_clear());
    }
    assert_eq!(fake.stored().len(), 1);
    drop(queue);
    let queue = reopen(folder.path()).await;
    assert_eq!(held(folder.path()), [bytes(100, 100)]);
    fs::write(visit.join("visit.json"), text).unwrap();
    assert!(queue.sync(&fake.connection(), |_| ()).await.unwrap().is_clear());
    assert_eq!(fake.stored().len(), 2);
}

#[tokio::test]
async fn a_photo_whose_bytes_are_damaged_is_reported_and_the_others_go_on() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
    let queue = Queue::open(folder.path()).unwrap();
    let visit = enqueue(&queue, &[100, 200]).await;
    let photos = folder.path().join("visits").join(visit.visit.to_string()).join("photos");
    let first = queue.states().unwrap().visits[0].photos[0].name;
    fs::write(photos.join(first.photo.to_string()), "x").unwrap();
    let report = queue.sync(&fake.connection(), |_| ()).await.unwrap();
    let Outcome::Failed(Error::Queue(Problem::Damaged(damaged))) = &report.visits[0].1 else { panic!("{report:?}") };
    assert_eq!((*damaged, fake.stored().len()), (first, 1));
}

#[tokio::test]
async fn one_process_at_a_time_runs_a_queue_and_any_may_look() {
    let folder = tempfile::tempdir().unwrap();
    let queue = Queue::open(folder.path()).unwrap();
    enqueue(&queue, &[10]).await;
    assert!(matches!(Queue::open(folder.path()), Err(Error::Queue(Problem::Busy(_)))));
    assert_eq!(Queue::look(folder.path()).unwrap().visits.len(), 1);
    drop(queue);
    reopen(folder.path()).await;
}

#[tokio::test]
async fn what_was_half_put_in_is_cleared_away_and_a_missing_file_puts_nothing_in() {
    let folder = tempfile::tempdir().unwrap();
    let queue = Queue::open(folder.path()).unwrap();
    let (mut missing, _files) = draft(&[10, 20]);
    missing.photos[1].file = folder.path().join("no such file");
    assert!(matches!(queue.enqueue(missing).await, Err(Error::Io { .. })));
    assert!(queue.states().unwrap().visits.is_empty());
    drop(queue);
    reopen(folder.path()).await;
    assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 0);
}

#[tokio::test]
async fn the_same_photo_twice_in_a_visit_is_one_photo() {
    let folder = tempfile::tempdir().unwrap();
    let queue = Queue::open(folder.path()).unwrap();
    let (mut twice, _files) = draft(&[10]);
    twice.photos.push(twice.photos[0].clone());
    queue.enqueue(twice).await.unwrap();
    assert_eq!(photo_states(&queue).len(), 1);
}
