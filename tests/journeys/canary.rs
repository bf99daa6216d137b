//! A marked person goes through the whole workflow, and then is looked for: in every span, log line, error, name, token and event,
//! in every file, and in every column of every table.
//!
//! Her number is nowhere; her name is where `directory` keeps it; what was written about her is in the tables that own it, which
//! `canary/text.txt` lists so that a reviewer sees one more. `SAMSPIL_WRITE_DOCS=1` writes the list anew.

mod asking;
mod disk;
mod marks;
mod workflow;
mod wrong;

use asking::Asking;
pub(crate) use asking::methods;
use marks::{ALL, clean};
use samspil_testkit::{Engine, fresh_schemas};

use crate::{server::Server, story::Collector};

const SERVICES: [&str; 5] = ["directory", "referral", "careplan", "wound", "review"];

async fn goes_through_everything(engine: Engine) {
    let (collector, otlp) = Collector::listen().await;
    let folder = tempfile::tempdir().unwrap();
    let url = match engine {
        Engine::Sqlite => String::new(),
        Engine::Postgres => fresh_schemas("service", &SERVICES).await,
    };
    let environment = [
        ("RUST_LOG", "trace"),
        ("SAMSPIL_DATABASE_URL", &url),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &otlp),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100000"),
    ];
    if engine == Engine::Postgres {
        let mut migrate = std::process::Command::new(env!("CARGO_BIN_EXE_samspil"));
        let migrated =
            migrate.args(["migrate", "--data-dir"]).arg(folder.path()).args(["--database-url", &url]).output();
        assert!(migrated.unwrap().status.success());
    }
    let server = Server::start(folder.path(), &environment);
    let mut asking = Asking::of(&server);
    let known = workflow::play(&mut asking).await;
    wrong::play(&mut asking).await;
    asking.stories().await;
    let said = asking.said;
    assert!(server.terminate().success());

    assert!(said.refusals.len() > 200, "{}", said.refusals.len());
    for (method, refusal) in &said.refusals {
        clean(refusal.as_bytes(), &ALL, &format!("the refusal of {method}"));
    }
    assert!(said.handles.len() > 200, "{}", said.handles.len());
    for (method, handle) in &said.handles {
        clean(handle.as_bytes(), &ALL, &format!("a name or token of {method}"));
    }
    for story in &said.stories {
        clean(story.as_bytes(), &ALL, "a story");
    }
    let spans = collector.spans();
    for name in ["samspil.wound.v1.WoundService/AnswerAssessment", "put original", "INSERT assessments"] {
        assert!(spans.iter().any(|span| span.name == name), "no span {name}");
    }
    for span in &spans {
        clean(format!("{span:?}").as_bytes(), &ALL, "a span");
    }
    disk::look(folder.path(), &url, &known).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_marked_person_comes_out_nowhere_sqlite() {
    goes_through_everything(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_marked_person_comes_out_nowhere_postgres() {
    goes_through_everything(Engine::Postgres).await;
}
