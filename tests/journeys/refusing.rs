//! Commands on a site that is not as they need it: they say what is wrong, and leave everything as it was. And a copy that was
//! killed goes on.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use samspil_store::objects::{Objects, S3};
use samspil_testkit::{Cluster, fresh_databases, needs_bucket};
use sqlx::{Connection as _, PgConnection};

use crate::{
    course,
    kills::{each_is_there_once, enqueue, is_clear},
    server::Server,
    site::{Variables, in_bucket, samspil, verified},
};

const SERVICES: [&str; 5] = ["directory", "referral", "careplan", "wound", "review"];

/// A place on PostgreSQL and S3 with empty tables, and the keys of another site.
struct Target {
    data: tempfile::TempDir,
    environment: Variables,
    database: String,
    place: S3,
}

impl Target {
    async fn of(source: &Path) -> Target {
        let (data, place) = (tempfile::tempdir().unwrap(), needs_bucket());
        for key in ["master.key", "audit.key", "issuer.key"] {
            std::fs::copy(source.join(key), data.path().join(key)).unwrap();
        }
        let database = fresh_databases(&SERVICES).await;
        let mut environment = in_bucket(&place, data.path());
        environment.push(("SAMSPIL_DATABASE_URL", database.clone()));
        let (told, code) = samspil(data.path(), &environment, &["migrate"]);
        assert_eq!(code, 0, "{told}");
        Target { data, environment, database, place }
    }

    async fn connect(&self, service: &str) -> PgConnection {
        PgConnection::connect(&self.database.replace("{service}", service)).await.unwrap()
    }

    async fn objects(&self) -> usize {
        let place = S3 { prefix: format!("{}/photos", self.place.prefix), ..self.place.clone() };
        Objects::s3(&place).unwrap().list("").await.unwrap().len()
    }

    fn copy(&self, from: &Path) -> (String, i32) {
        samspil(self.data.path(), &self.environment, &["copy", "--from", from.to_str().unwrap()])
    }

    /// The same as a child, to be killed.
    fn copies(&self, from: &Path) -> Child {
        let mut copy = Command::new(env!("CARGO_BIN_EXE_samspil"));
        copy.args(["copy", "--from"]).arg(from).arg("--data-dir").arg(self.data.path());
        copy.envs(self.environment.iter().cloned()).stdout(Stdio::piped()).spawn().unwrap()
    }
}

fn dies(mut copy: Child) {
    copy.kill().unwrap();
    assert!(!copy.wait().unwrap().success(), "it was done before it was killed");
}

/// A site in a folder that has begun to live: its keys, and rows of each service.
fn begun(folder: &Path) {
    drop(Server::start(folder, &[]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_killed_among_the_objects_and_among_the_rows_goes_on_when_it_is_run_again() {
    let laptop = tempfile::tempdir().unwrap();
    let server = Server::start(laptop.path(), &[]);
    let nurse = server.connect("nurse");
    let wound = course::open_wound(&nurse).await;
    let (files, queue) = (course::photographs(laptop.path(), 0..20), laptop.path().join("queue"));
    enqueue(&queue, wound, &files, &nurse).await;
    while !is_clear(&queue) {
        samspil_client::queue::Queue::open(&queue).unwrap().sync(&nurse, |_| {}).await.unwrap();
    }
    assert!(server.terminate().success());
    let target = Target::of(laptop.path()).await;

    let copy = target.copies(laptop.path());
    let some = async {
        while target.objects().await < 5 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), some).await.unwrap();
    dies(copy);
    assert!(target.objects().await < 3 * files.len(), "it was killed in their midst");

    // It cannot come further than the rows of `wound`.
    let mut holds = target.connect("wound").await;
    sqlx::raw_sql("BEGIN; LOCK TABLE wounds IN ACCESS EXCLUSIVE MODE").execute(&mut holds).await.unwrap();
    let mut copy = target.copies(laptop.path());
    let mut lines = BufReader::new(copy.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("careplan: ")));
    dies(copy);
    drop(holds);

    let (told, code) = target.copy(laptop.path());
    assert_eq!(code, 0, "{told}");
    assert!(
        told.contains("directory: the rows were copied before") && !told.contains("wound: the rows were"),
        "{told}"
    );
    let at_home = verified(laptop.path(), &Vec::new());
    assert_eq!(at_home, (Vec::new(), 20, at_home.2));
    assert_eq!(verified(target.data.path(), &target.environment), at_home);
    let server = Server::start(target.data.path(), &crate::site::borrowed(&target.environment));
    each_is_there_once(&server.connect("nurse"), wound, &files).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_site_with_as_many_rows_is_not_taken_for_an_earlier_copy() {
    let (source, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    begun(source.path());
    begun(other.path());
    let target = Target::of(other.path()).await;
    assert_eq!(target.copy(other.path()).1, 0);
    for key in ["master.key", "audit.key"] {
        std::fs::copy(source.path().join(key), target.data.path().join(key)).unwrap();
    }
    let (told, code) = target.copy(source.path());
    assert!(code == 1 && told.contains("the target is another site"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_of_another_version_are_not_copied_from_or_to() {
    const OLDER: &str = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    let source = tempfile::tempdir().unwrap();
    begun(source.path());
    let target = Target::of(source.path()).await;
    sqlx::query(OLDER).execute(&mut target.connect("wound").await).await.unwrap();
    let (told, code) = target.copy(source.path());
    assert!(code == 1 && told.contains("the target's database of wound"), "{told}");

    let target = Target::of(source.path()).await;
    let file = format!("sqlite://{}", source.path().join("referral.db").display());
    sqlx::query(OLDER).execute(&mut sqlx::SqliteConnection::connect(&file).await.unwrap()).await.unwrap();
    let (told, code) = target.copy(source.path());
    assert!(code == 1 && told.contains("the source's database of referral"), "{told}");
    // Nothing was begun: not even the service that is first.
    let rows = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM organisations");
    assert_eq!(rows.fetch_one(&mut target.connect("directory").await).await.unwrap(), 0);
}

#[test]
fn a_site_without_its_master_key_is_not_looked_over_and_gets_no_other_key() {
    let folder = tempfile::tempdir().unwrap();
    begun(folder.path());
    let key = folder.path().join("master.key");
    std::fs::remove_file(&key).unwrap();
    for (command, wanted) in [(&["verify"][..], 2), (&["keys", "rewrap"], 1), (&["keys", "rotate"], 1)] {
        let (told, code) = samspil(folder.path(), &Vec::new(), command);
        assert!(code == wanted && told.contains(&format!("the master key {}", key.display())), "{command:?}: {told}");
        assert!(!key.exists(), "{command:?} made a key that opens nothing");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_wants_a_password_gets_the_one_in_the_file() {
    const PASSWORD: &str = "p@ss/w%rd? &=æ";
    let cluster = Cluster::start(&[]);
    let url = cluster.schemas("service", &SERVICES).await;
    cluster.guards("guarded", PASSWORD).await;
    let folder = tempfile::tempdir().unwrap();
    let mut environment = vec![("SAMSPIL_DATABASE_URL", url.replace("postgres@", "guarded@"))];
    let (told, code) = samspil(folder.path(), &environment, &["migrate"]);
    assert!(code == 1 && told.contains("cannot open the database of directory"), "{told}");

    let file = folder.path().join("password");
    environment.push(("SAMSPIL_DATABASE_PASSWORD_FILE", file.display().to_string()));
    std::fs::write(&file, "another\n").unwrap();
    let (told, code) = samspil(folder.path(), &environment, &["migrate"]);
    assert!(code == 1 && told.contains("password authentication failed") && !told.contains("another"), "{told}");

    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    let (told, code) = samspil(folder.path(), &environment, &["migrate"]);
    assert!(code == 0 && !told.contains(PASSWORD), "{told}");
    let server = Server::start(folder.path(), &crate::site::borrowed(&environment));
    course::open_wound(&server.connect("nurse")).await;
    let log = std::fs::read_to_string(folder.path().join("serve.log")).unwrap();
    assert!(!log.contains(PASSWORD), "{log}");
}
