//! Where a site's rows and objects are, as its environment says, and what is held against each other there.

use std::{path::Path, process::Command};

use samspil_store::objects::{Objects, S3};
use serde_json::Value;

/// Variables of the environment.
pub(crate) type Variables = Vec<(&'static str, String)>;

/// Objects in a bucket. The keys go to files in a folder, as they are no more than that in production.
pub(crate) fn in_bucket(place: &S3, folder: &Path) -> Variables {
    let (id, secret) = place.access_key.clone().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text + "\n").unwrap();
        path.to_str().unwrap().to_owned()
    };
    vec![
        ("SAMSPIL_OBJECT_STORE", format!("s3://{}/{}", place.bucket, place.prefix)),
        ("SAMSPIL_S3_ENDPOINT", place.endpoint.clone()),
        ("SAMSPIL_S3_ALLOW_HTTP", place.allow_http.to_string()),
        ("SAMSPIL_S3_ACCESS_KEY_ID_FILE", file("s3.id", id)),
        ("SAMSPIL_S3_SECRET_ACCESS_KEY_FILE", file("s3.secret", secret)),
    ]
}

/// Copies every object of a site to another place.
pub(crate) async fn copy_objects(from: &S3, to: &S3) {
    for kind in ["photos", "attachments"] {
        let at = |place: &S3| Objects::s3(&S3 { prefix: format!("{}/{kind}", place.prefix), ..place.clone() }).unwrap();
        let (from, to) = (at(from), at(to));
        for found in from.list("").await.unwrap() {
            to.put_once(&found.key, from.get(&found.key).await.unwrap()).await.unwrap();
        }
    }
}

/// Runs a command of the binary on a site: what it printed, and its exit code.
pub(crate) fn samspil(data: &Path, environment: &Variables, arguments: &[&str]) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samspil"));
    command.args(arguments).arg("--data-dir").arg(data);
    let output = command.envs(environment.iter().cloned()).output().unwrap();
    let told = [output.stdout, output.stderr].map(|told| String::from_utf8(told).unwrap()).concat();
    (told, output.status.code().unwrap())
}

/// What `samspil verify` finds wrong, and how many files and events there are in all.
pub(crate) fn verified(data: &Path, environment: &Variables) -> (Vec<String>, u64, u64) {
    let (told, code) = samspil(data, environment, &["verify", "--json"]);
    let report: Value = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}"));
    let services = report["services"].as_array().unwrap();
    assert_eq!(services.len(), 5);
    let findings = services.iter().flat_map(|service| service["findings"].as_array().unwrap());
    let findings: Vec<_> = findings.map(|finding| format!("{} {}", finding["wrong"], finding["row"])).collect();
    assert_eq!(code, i32::from(!findings.is_empty()), "{told}");
    let sum = |key: &str| services.iter().map(|service| service[key].as_u64().unwrap()).sum();
    (findings, sum("files"), sum("events"))
}

/// The variables as the server is started with them.
pub(crate) fn borrowed(environment: &Variables) -> Vec<(&str, &str)> {
    environment.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
