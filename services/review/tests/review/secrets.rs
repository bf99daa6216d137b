//! What signs somebody in, or opens what waits in a device, stands in no log.

use std::{
    io,
    sync::{Arc, Mutex, OnceLock},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Method;
use samspil_proto::review::v1::GetDeviceKeyRequest;
use samspil_testkit::on_both;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use crate::browser::{Browser, VERIFIER, query};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
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

/// The log of this process: tests of both engines may run in it.
fn log() -> Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    let start = || {
        let log = Log::default();
        let filter = EnvFilter::new("info,samspil_review=trace,samspil_kit=trace,samspil_store=trace,sqlx=debug");
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(log.clone()).init();
        log
    };
    LOG.get_or_init(start).clone()
}

on_both!(a_sign_in_leaves_its_paths_in_the_log_and_no_secret, |world| async move {
    let log = log();
    let browser = Browser::at(&world.endpoint);
    browser.get(&format!("/sign-in/authorize?{}", query(&browser.question()))).await;
    let code = browser.chooses("nurse").await;
    // As the browser does on its way back.
    browser.asks(Method::GET, &format!("/signed-in?code={code}&state=s")).send().await.unwrap();
    let (_, tokens) = browser.tokens(&browser.turned_in(&code)).await;
    let key = world.review("nurse").get_device_key(GetDeviceKeyRequest {}).await.unwrap().into_inner().key;

    let told = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for path in ["/sign-in/authorize", "/signed-in", "/sign-in/token"] {
        let line = told.lines().find(|line| line.contains("web request ended") && line.contains(&format!("{path:?}")));
        assert!(line.is_some_and(|line| line.contains("status=") && line.contains("duration_us=")), "{path}");
    }
    let tokens = ["access_token", "id_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap().to_owned());
    let key = [STANDARD.encode(&key), format!("{key:?}"), format!("{:?}", key.to_vec())];
    for secret in tokens.iter().chain(&key).chain([&code, &VERIFIER.to_owned(), &"a+state".to_owned()]) {
        assert!(!told.contains(secret.as_str()), "{secret} is in the log");
    }
});
