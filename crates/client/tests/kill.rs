//! A process that is killed in the middle of a sync, again and again.

mod fake;

use std::{env, fs, process::Stdio};

use chrono::DateTime;
use fake::{Fake, bytes, wound};
use samspil_client::queue::{PhotoDraft, Queue, VisitDraft};
use tokio::process::{Child, Command};

const SIZES: [usize; 4] = [600_000, 400_000, 300_000, 150_000];

/// Runs in the child process: syncs the queue that it is told of.
#[tokio::test]
#[ignore = "the child of the test below"]
async fn child() {
    let (Ok(folder), Ok(service)) = (env::var("TEST_QUEUE"), env::var("TEST_SERVICE")) else { return };
    let queue = Queue::open(folder).unwrap();
    let connection = fake::endpoint(service.parse().unwrap()).connect_lazy().unwrap();
    assert!(queue.sync(&connection, |_| ()).await.unwrap().is_clear());
}

fn start(folder: &std::path::Path, fake: &Fake) -> Child {
    let mut child = Command::new(env::current_exe().unwrap());
    child
        .args(["--exact", "child", "--ignored"])
        .env("TEST_QUEUE", folder)
        .env("TEST_SERVICE", fake.address.to_string());
    child.stdout(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

#[tokio::test]
async fn a_process_that_is_killed_again_and_again_delivers_everything_once() {
    let (fake, folder, files) = (Fake::start().await, tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let photos = SIZES.iter().map(|size| {
        let file = files.path().join(size.to_string());
        fs::write(&file, bytes(*size, *size as u32)).unwrap();
        PhotoDraft { file, capture_time: DateTime::UNIX_EPOCH }
    });
    let (wound, visit_time, photos) = (wound(), DateTime::UNIX_EPOCH, photos.collect());
    let draft = VisitDraft { wound, visit_time, findings: Default::default(), photos, ask: None };
    let queue = Queue::open(folder.path()).unwrap();
    let visit = queue.enqueue(draft).await.unwrap();
    drop(queue);

    let mut killed = 0;
    loop {
        let more = fake.ticks(1 + killed % 5);
        let mut child = start(folder.path(), &fake);
        tokio::select! {
            ended = child.wait() => {
                assert!(ended.unwrap().success());
                break;
            }
            () = more => {
                // SIGKILL, wherever it is.
                child.kill().await.unwrap();
                killed += 1;
            }
        }
        let left = Queue::look(folder.path()).unwrap();
        assert!(left.broken.is_empty(), "{left:?}");
    }
    assert!(killed > 3, "killed {killed} times");
    let mut stored: Vec<_> = fake.stored().into_values().map(|bytes| bytes.len()).collect();
    stored.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(stored, SIZES);
    assert_eq!(fake.state().visits.len(), 1);
    assert!(Queue::look(folder.path()).unwrap().visits.iter().all(|status| status.name == visit));
}
