//! A marked person goes through every call. Neither the number nor the name comes out where it must not.

mod shared;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use samspil_kit::identity::demo;
use samspil_proto::{
    directory::v1::{
        AddPersonNumberRequest, BreakGlassRequest, Consent, FindCitizenRequest, GetCitizenRequest, GrantConsentRequest,
        ListConsentsRequest, RegisterCitizenRequest, WithdrawConsentRequest,
    },
    time,
};
use samspil_store::{Inner, sql, sqlx};
use samspil_testkit::{Engine, World, on_both, request_id};
use tonic::Status;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// The marked person's numbers, in every spelling, and name.
const NUMBER: &str = "1109514242";
const HYPHENATED: &str = "110951-4242";
const REPLACEMENT: &str = "1109511QZ4";
const MALFORMED: &str = "3109514242";
const NAME: &str = "Kanariefugl Kvidder";

const NUMBERS: [&str; 5] = [NUMBER, HYPHENATED, REPLACEMENT, "110951-1QZ4", MALFORMED];

/// Everything that the process logs, with every span that opens and closes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

/// The log of this process: both engines' tests run in it.
fn log() -> Log {
    static LOG: std::sync::OnceLock<Log> = std::sync::OnceLock::new();
    let start = || {
        let log = Log::default();
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new("trace"))
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(log.clone())
            .init();
        log
    };
    LOG.get_or_init(start).clone()
}

fn holds(text: &[u8], word: &str) -> bool {
    text.windows(word.len()).any(|window| window == word.as_bytes())
}

#[track_caller]
fn clean(text: &[u8], words: &[&str], of: &str) {
    for word in words {
        assert!(!holds(text, word), "{of} holds {word}");
    }
}

fn register(person_number: &str) -> RegisterCitizenRequest {
    RegisterCitizenRequest {
        person_number: person_number.to_owned(),
        display_name: NAME.to_owned(),
        municipality_code: "0766".to_owned(),
        request_id: request_id(),
    }
}

fn find(person_number: &str) -> FindCitizenRequest {
    FindCitizenRequest { person_number: person_number.to_owned() }
}

/// What the marked person's day gives: the refusals.
async fn a_day(world: &World) -> Vec<Status> {
    let mut nurse = world.directory("nurse");
    let mut outsider = world.directory("outsider");
    let first = register(NUMBER);
    let citizen = nurse.register_citizen(first.clone()).await.unwrap().into_inner();
    let citizen_again = nurse.register_citizen(register(HYPHENATED)).await.unwrap().into_inner();
    assert_eq!((citizen.name.as_str(), citizen.display_name.as_str()), (citizen_again.name.as_str(), NAME));
    nurse.find_citizen(find(HYPHENATED)).await.unwrap();
    nurse.get_citizen(GetCitizenRequest { name: citizen.name.clone() }).await.unwrap();
    let add = |name: &str, number: &str| AddPersonNumberRequest {
        name: name.to_owned(),
        person_number: number.to_owned(),
        request_id: request_id(),
    };
    nurse.add_person_number(add(&citizen.name, REPLACEMENT)).await.unwrap();
    let consent = Consent {
        organisations: vec![format!("organisations/{}", demo::HOSPITAL)],
        document: "case 26/1234".to_owned(),
        given_time: Some(time::to_wire(world.clock.now())),
        ..Consent::default()
    };
    let grant = |consent: Consent| GrantConsentRequest {
        parent: citizen.name.clone(),
        consent: Some(consent),
        request_id: request_id(),
    };
    let granted = nurse.grant_consent(grant(consent.clone())).await.unwrap().into_inner();
    let list = ListConsentsRequest { parent: citizen.name.clone(), ..ListConsentsRequest::default() };
    nurse.list_consents(list.clone()).await.unwrap();
    let withdraw =
        || WithdrawConsentRequest { name: granted.name.clone(), etag: String::new(), request_id: request_id() };
    nurse.withdraw_consent(withdraw()).await.unwrap();
    let glass = |number: &str| BreakGlassRequest {
        parent: "patients/-".to_owned(),
        reason: "found unconscious on the floor".to_owned(),
        person_number: number.to_owned(),
        request_id: request_id(),
        ..BreakGlassRequest::default()
    };
    nurse.break_glass(glass(HYPHENATED)).await.unwrap();

    let other = world.citizen().await.to_string();
    let unknown = Consent { organisations: vec!["organisations/99000000001".to_owned()], ..consent };
    let mut reused = first;
    reused.person_number = REPLACEMENT.to_owned();
    vec![
        nurse.register_citizen(register(MALFORMED)).await.unwrap_err(),
        nurse.register_citizen(register(&format!("{NUMBER}12"))).await.unwrap_err(),
        nurse.register_citizen(reused).await.unwrap_err(),
        nurse.find_citizen(find(MALFORMED)).await.unwrap_err(),
        nurse.add_person_number(add(&citizen.name, MALFORMED)).await.unwrap_err(),
        nurse.add_person_number(add(&other, NUMBER)).await.unwrap_err(),
        nurse.grant_consent(grant(unknown)).await.unwrap_err(),
        nurse.withdraw_consent(withdraw()).await.unwrap_err(),
        outsider.register_citizen(register(NUMBER)).await.unwrap_err(),
        outsider.find_citizen(find(NUMBER)).await.unwrap_err(),
        outsider.get_citizen(GetCitizenRequest { name: citizen.name.clone() }).await.unwrap_err(),
        outsider.add_person_number(add(&citizen.name, NUMBER)).await.unwrap_err(),
        outsider.list_consents(list).await.unwrap_err(),
        world.directory("specialist").register_citizen(register(NUMBER)).await.unwrap_err(),
        outsider.break_glass(glass(MALFORMED)).await.unwrap_err(),
        world.directory("coordinator").break_glass(glass(NUMBER)).await.unwrap_err(),
    ]
}

/// What somebody finds who has a copy of the disk: the files, or every row of every table as text.
async fn on_disk(world: &World) {
    let mut seen = 0;
    let mut folders = vec![world.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                clean(&bytes, &NUMBERS, &path.display().to_string());
                seen += bytes.len();
            }
        }
    }
    if world.engine == Engine::Sqlite {
        assert!(seen > 100_000, "the databases are among the files");
        return;
    }
    for (service, db) in &world.dbs {
        let mut tx = db.read().await.unwrap();
        let tables = sql!(
            &mut tx,
            fetch_all as (String,),
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()"
        );
        for (table,) in tables.unwrap() {
            // Bytes come out in hexadecimal, so the words are looked for in both.
            let rows = format!("SELECT convert_to(CAST(t AS TEXT), 'UTF8') FROM {table} t");
            let Inner::Postgres(postgres) = &mut tx.inner else { panic!("it is PostgreSQL") };
            let rows: Vec<(Vec<u8>,)> =
                sqlx::query_as(sqlx::AssertSqlSafe(rows)).fetch_all(&mut **postgres).await.unwrap();
            let rows: Vec<u8> = rows.into_iter().flat_map(|(row,)| row).collect();
            clean(&rows, &NUMBERS, &format!("{service}.{table}"));
            let hexadecimal = NUMBERS.map(|word| word.bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
            clean(&rows, &hexadecimal.each_ref().map(String::as_str), &format!("{service}.{table}"));
        }
    }
}

type Row = (String, String, String, String, String, String, String);

on_both!(the_number_and_the_name_of_a_citizen_come_out_nowhere, |world| async move {
    let log = log();
    let everything = [&NUMBERS[..], &[NAME]].concat();
    for status in a_day(&world).await {
        clean(format!("{status:?} {status}").as_bytes(), &everything, "an error's text");
        clean(status.details(), &everything, "an error's details");
    }

    let db = &world.dbs["directory"];
    let events = shared::log(&world).await;
    assert!(events.len() > 5);
    for event in events {
        clean(format!("{event:?}").as_bytes(), &everything, "an event");
        clean(&event.data, &everything, "an event's payload");
    }

    let mut tx = db.read().await.unwrap();
    let audit = sql!(
        &mut tx,
        fetch_all as Row,
        "SELECT person, organisation, role, action, resource, outcome, trace_id FROM audit"
    );
    let audit = audit.unwrap();
    assert!(audit.len() > 10);
    clean(format!("{audit:?}").as_bytes(), &everything, "the audit log");

    // The answers that are kept for a repeated call hold the name, as the table of citizens does, but not the number.
    let answers = sql!(&mut tx, fetch_all as (Vec<u8>, Vec<u8>), "SELECT response, digest FROM requests").unwrap();
    assert!(answers.iter().any(|(answer, _)| holds(answer, NAME)));
    for (answer, digest) in &answers {
        clean(answer, &NUMBERS, "a kept answer");
        clean(digest, &NUMBERS, "a kept digest");
    }

    on_disk(&world).await;

    let log = log.0.lock().unwrap();
    assert!(holds(&log, "request ended") && holds(&log, "INSERT sealed_numbers"));
    clean(&log, &everything, "the log");
});
