//! Access from the command line: explained, taken in an emergency, and answered for.

use std::{path::Path, process::Command};

use samspil_proto::names::{PatientName, WoundName};
use serde_json::Value;

use crate::{course, server::Server};

const GET_WOUND: &str = "samspil.wound.v1.WoundService/GetWound";

/// What `samspil access --json …` says, with somebody's token, and whether it went well.
fn access(server: &Server, data: &Path, person: &str, arguments: &[&str]) -> (bool, Value) {
    let out = Command::new(env!("CARGO_BIN_EXE_samspil"))
        .args(["access", "--json", "--endpoint", &server.endpoint(), "--token-file"])
        .arg(data.join(format!("tokens/{person}.token")))
        .args(arguments)
        .output()
        .unwrap();
    let said = serde_json::from_slice(&out.stdout);
    (out.status.success(), said.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&out.stderr))))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emergency_is_explained_and_answered_for_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Server::start(data, &[]);
    let WoundName { patient, .. } = course::open_wound(&server.connect("nurse")).await;
    let patient = PatientName { patient }.to_string();

    let explain = ["explain", &patient, GET_WOUND];
    let (done, refused) = access(&server, data, "outsider", &explain);
    assert_eq!((done, refused["error"]["reason"].as_str()), (false, Some("NO_RELATION")));
    let (_, own) = access(&server, data, "nurse", &explain);
    assert_eq!((own["allowed"].as_bool(), own["basis"].as_str()), (Some(true), Some("CONSENT")));

    let (done, short) = access(&server, data, "nurse", &["break", &patient, "--reason", "please"]);
    assert_eq!((done, short["error"]["violations"][0]["field"].as_str()), (false, Some("reason")));
    let reason = ["--reason", "found unconscious on the floor", "--minutes", "5"];
    for person in ["outsider", "nurse"] {
        let (done, broken) = access(&server, data, person, &[&["break", patient.as_str()][..], &reason].concat());
        assert!(done, "{broken}");
        let (_, now) = access(&server, data, person, &explain);
        assert_eq!(now["basis"].as_str(), Some("BREAK_GLASS"));
        let (done, ended) = access(&server, data, person, &["end", broken["name"].as_str().unwrap()]);
        assert!(done && ended["giveBackTime"].is_string(), "{ended}");
    }

    // Of the two checks one is the municipality's.
    let (_, checks) = access(&server, data, "dpo", &["checks"]);
    let checks = checks["access_checks"].as_array().unwrap().clone();
    assert_eq!((checks.len(), checks[0]["about"]["displayName"].as_str()), (1, Some("Anna Nørgaard")));
    let name = checks[0]["name"].as_str().unwrap();
    let settle = ["settle", name, "justified", "--note", "called the ward"];
    let (done, refused) = access(&server, data, "nurse", &settle);
    assert_eq!((done, refused["error"]["reason"].as_str()), (false, Some("NO_PERMISSION")));
    let (done, settled) = access(&server, data, "dpo", &settle);
    assert_eq!((done, settled["outcome"].as_str()), (true, Some("ACCESS_CHECK_OUTCOME_JUSTIFIED")));
    let (_, left) = access(&server, data, "dpo", &["checks"]);
    assert_eq!(left["access_checks"], serde_json::json!([]));
    let of = ["explain", &patient, GET_WOUND, "--person", "demo-nurse", "--role", "nurse"];
    assert_eq!(access(&server, data, "dpo", &of).1["basis"].as_str(), Some("CONSENT"));
}
