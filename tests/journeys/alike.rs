//! A refusal takes the same work whether or not there is somebody: counted in statements, by the line that each call leaves in the log.

use std::{collections::BTreeMap, path::Path, time::Duration};

use prost::Message as _;
use samspil_testkit::call_raw;
use serde_json::Value;
use tonic::Code;
use uuid::Uuid;

#[path = "../../crates/testkit/tests/proof/requests.rs"]
mod requests;

use crate::{canary::methods, course, server::Server};
use requests::About;

/// What the outsider's calls took: by method, the code and the statements of each, in order.
fn told(data: &Path) -> Vec<(String, String, i64)> {
    let log = std::fs::read_to_string(data.join("serve.log")).unwrap();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let ended = lines.filter(|line| line["message"] == "request ended" && line["caller"] == "demo-outsider");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    ended.map(|line| (text(&line["method"]), text(&line["code"]), line["statements"].as_i64().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_costs_the_same_whether_or_not_there_is_somebody() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let there = course::open_wound(&server.connect("nurse")).await.patient;
    let channel = tonic::transport::Endpoint::from_shared(server.endpoint()).unwrap().connect_lazy();
    let token = server.token("outsider");
    let clock = samspil_kit::Clock::system();
    let now = clock.now().timestamp();

    let mut asked = 0;
    for method in methods() {
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        let about = |patient: Uuid| About { patient, now }.request(method.input());
        if !format!("{:?}", about(there)).contains(&there.to_string()) {
            continue;
        }
        for patient in [there, clock.id(), there, clock.id()] {
            let call = async {
                let bytes = about(patient).encode_to_vec().into();
                call_raw(channel.clone(), &path, Some(&token), vec![bytes]).await?.message().await.map(drop)
            };
            let answer = tokio::time::timeout(Duration::from_secs(20), call).await.expect("an answer");
            if answer.is_err_and(|status| status.code() == Code::PermissionDenied) {
                asked += 1;
            }
        }
    }
    assert!(asked > 200, "{asked}");
    assert!(server.terminate().success());

    let mut by_method: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
    for (method, code, statements) in told(folder.path()) {
        by_method.entry(method).or_default().push((code, statements));
    }
    let mut refused = 0;
    for (method, calls) in by_method {
        if calls.len() != 4 || calls.iter().any(|(code, _)| code != "PERMISSION_DENIED" && code != "NO_PERMISSION") {
            continue;
        }
        assert_eq!(calls[0], calls[1], "{method}: somebody, nobody");
        assert_eq!(calls[2], calls[3], "{method}: somebody, nobody, once more");
        refused += 1;
    }
    assert!(refused > 50, "{refused}");
}
