//! `samspil audit`, as whoever runs an installation uses it.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use samspil_store::{Db, Settings, sql};
use serde_json::Value;

use crate::{course, server::Server};

/// What a command printed, and its exit code.
fn audit(data: &Path, arguments: &[&str]) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samspil"));
    let output = command.arg("audit").args(arguments).arg("--data-dir").arg(data).output().unwrap();
    let told = [output.stdout, output.stderr].map(|told| String::from_utf8(told).unwrap()).concat();
    (told, output.status.code().unwrap())
}

/// What `verify --json` found: the service, the seal, the entry and what is wrong.
fn findings(data: &Path, arguments: &[&str]) -> Vec<[String; 4]> {
    let (told, code) = audit(data, &[&["verify", "--json"], arguments].concat());
    let told: Value = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}"));
    let services = told["services"].as_array().unwrap();
    let findings: Vec<_> = services.iter().flat_map(|service| service["findings"].as_array().unwrap()).collect();
    assert_eq!(code, i32::from(!findings.is_empty()));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    findings.into_iter().map(|it| ["service", "sequence", "entry_id", "wrong"].map(|key| text(&it[key]))).collect()
}

async fn by_hand(data: &Path, service: &str, statement: &'static str) {
    let db = Db::open(&Settings::Sqlite(data.join(format!("{service}.db")))).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(sql!(&mut tx, execute, statement).unwrap() > 0);
    tx.commit().await.unwrap();
    db.close().await;
}

/// The entries of a service.
async fn count(data: &Path, service: &str) -> i64 {
    let db = Db::open(&Settings::Sqlite(data.join(format!("{service}.db")))).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let (entries,) = sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM audit").unwrap();
    drop(tx);
    db.close().await;
    entries
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_to_the_audit_is_told_by_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert_eq!(audit(data, &["verify"]).1, 2);
    let mut server = Server::start(data, &[]);
    let nurse = server.connect("nurse");
    let wound = course::open_wound(&nurse).await;
    // While it serves, and whether or not the sealer has come to everything.
    assert_eq!(findings(data, &[]), [[""; 4]; 0]);
    let (checkpoints, code) = audit(data, &["checkpoint"]);
    assert_eq!(code, 0, "{checkpoints}");
    assert_eq!(checkpoints.lines().count(), 2, "directory and wound have entries: {checkpoints}");
    let kept = data.join("kept.jsonl");
    std::fs::write(&kept, &checkpoints).unwrap();
    let kept = kept.to_str().unwrap();
    assert_eq!(findings(data, &["--checkpoints", kept]), [[""; 4]; 0]);

    let (exported, code) = audit(data, &["export", "--patient", &format!("patients/{}", wound.patient)]);
    assert_eq!(code, 0, "{exported}");
    let mut lines: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // Which `wound` asks on the nurse's behalf only while it has not heard of the consent itself.
    lines.retain(|line| !line["Activity"].as_str().unwrap().ends_with("/CheckRelation"));
    assert_eq!(lines.len(), 3, "{exported}");
    assert!(lines.iter().all(|line| line["PersonIdentifier"] == format!("patients/{}", wound.patient)));
    let patient = format!("patients/{}", wound.patient);
    let (numbered, code) = audit(data, &["export", "--with-person-number", "--patient", &patient]);
    assert_eq!(code, 0, "{numbered}");
    let numbered: Value = serde_json::from_str(numbered.lines().next().unwrap()).unwrap();
    let number = numbered["PersonIdentifier"].as_str().unwrap();
    assert!(number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_digit()), "{number}");
    assert_eq!(numbered["PersonIdentifierSource"], "urn:oid:1.2.208.176.1.2");
    assert!(lines.iter().all(|line| line["OrganisationName"] == "Hedensted Kommune, Hjemmesygeplejen"));
    assert_eq!(lines[2]["Activity"], "samspil.wound.v1.WoundService/OpenWound");
    assert_eq!(lines[2]["SystemName"], "Samspil wound");

    let who =
        |arguments: &[&str]| audit(data, &[&["who", &patient, "--endpoint", &server.endpoint()], arguments].concat());
    let (told, code) = who(&[]);
    let told: Vec<_> = told.lines().filter(|line| !line.ends_with("directory: check relation")).collect();
    assert_eq!((told.len(), code), (3, 0), "{told:?}");
    assert!(
        told[0].ends_with("  Anna Nørgaard (nurse, Hedensted Kommune, Hjemmesygeplejen)  wound: open wound  CONSENT"),
        "{told:?}"
    );
    let mut token = Command::new(env!("CARGO_BIN_EXE_samspil"));
    let token =
        token.args(["token", "citizen", "--patient", &patient, "--data-dir"]).arg(data).output().unwrap().stdout;
    let (told, code) = who(&["--json", "--token", String::from_utf8(token).unwrap().trim()]);
    let told: Value = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}"));
    let actions = told["audit_events"].as_array().unwrap().iter().map(|event| event["actionText"].as_str().unwrap());
    let actions: Vec<_> = actions.filter(|text| !["list audit events", "check relation"].contains(text)).collect();
    // Both exports in all five services, and what the nurse did.
    assert_eq!(actions[..10], ["samspil audit export"; 10]);
    assert_eq!(actions[10..], ["open wound", "grant consent", "register citizen"]);
    assert_eq!(code, 0);
    assert_eq!(who(&["--token-file", data.join("tokens/nurse.token").to_str().unwrap()]).1, 1);

    // What the export left waits for the sealer; then nothing does.
    assert_eq!(audit(data, &["checkpoint"]).1, 0);
    server.kill();
    by_hand(data, "wound", "UPDATE audit SET person = 'nobody' WHERE role = 'nurse'").await;
    by_hand(data, "directory", "DELETE FROM audit_seals").await;
    by_hand(data, "directory", "DELETE FROM audit").await;
    by_hand(data, "directory", "DELETE FROM audit_checkpoints").await;
    assert_eq!(findings(data, &["--service", "directory"]), [[""; 4]; 0]);
    let found = findings(data, &["--checkpoints", kept]);
    let named: Vec<_> = found.iter().map(|[service, sequence, _, wrong]| [service, sequence, wrong]).collect();
    let seen: Value = serde_json::from_str(checkpoints.lines().next().unwrap()).unwrap();
    let seen = seen["sequence"].to_string();
    assert_eq!(named, [["directory", &seen, "CHAIN_CUT"], ["wound", "1", "ENTRY_CHANGED"]]);
    assert!(audit(data, &["verify"]).0.contains("wound seal 1 entry "));

    std::fs::write(kept, checkpoints.replacen("\"hash\":\"", "\"hash\":\"0", 1)).unwrap();
    let (told, code) = audit(data, &["verify", "--checkpoints", kept]);
    assert!(code == 2 && told.contains("line 1 of"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_moment_leaves_a_chain_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &[("SAMSPIL_AUDIT_CHECKPOINT_ENTRIES", "1")]);
    for _ in 0..6 {
        let nurse = server.connect("nurse");
        for _ in 0..4 {
            course::open_wound(&nurse).await;
        }
        server.kill_and_restart();
        assert_eq!(findings(folder.path(), &[]), [[""; 4]; 0]);
    }
    let (checkpoints, _) = audit(folder.path(), &["checkpoint"]);
    for line in checkpoints.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let service = line["service"].as_str().unwrap();
        let entries = count(folder.path(), service).await;
        assert_eq!(line["sequence"], entries, "{service}");
        // Each wound: a citizen and a consent in `directory`, the wound itself in `wound`.
        assert!(entries >= if service == "directory" { 48 } else { 24 }, "{service}: {entries}");
    }
    assert_eq!(checkpoints.lines().count(), 2, "{checkpoints}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_nobody_reads_to_its_end_ends_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let wound = course::open_wound(&server.connect("nurse")).await;
    let mut export = Command::new(env!("CARGO_BIN_EXE_samspil"));
    export
        .args(["audit", "export", "--patient", &format!("patients/{}", wound.patient), "--data-dir"])
        .arg(folder.path());
    let mut export = export.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(export.stdout.take());
    let ended = export.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap().as_str()), (Some(0), ""));
}
