//! A provider tells that somebody has signed out (OpenID Connect Back-Channel Logout 1.0): every process refuses the tokens from
//! before, and open streams end. Whoever else says so is not believed.

use std::time::Duration;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use axum::{Json, Router, routing::get};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use bytes::Bytes;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use prost::Message as _;
use samspil_kit::{Clock, identity::demo};
use samspil_proto::{
    careplan::v1::{ListActivitiesRequest, WatchCarePlanRequest},
    review::v1::GetCallerRequest,
    wound::v1::WatchWoundsRequest,
};
use samspil_testkit::call_raw;
use serde_json::{Value, json};
use tonic::{Status, Streaming};
use tonic_types::StatusExt as _;

use crate::server::Server;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A provider, and what it signs with.
struct Provider {
    issuer: String,
    pair: Vec<u8>,
    public: Vec<u8>,
}

impl Provider {
    async fn start() -> Provider {
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap().as_ref().to_vec();
        let public = Ed25519KeyPair::from_pkcs8(&pair).unwrap().public_key().as_ref().to_vec();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let discovery = json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys")});
        let key = json!({"kty": "OKP", "crv": "Ed25519", "kid": "one", "x": BASE64.encode(&public), "use": "sig"});
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(async move || Json(discovery)))
            .route("/keys", get(async move || Json(json!({"keys": [key]}))));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Provider { issuer, pair, public }
    }

    /// As the configuration has it.
    fn settings(&self) -> String {
        let issuer = &self.issuer;
        format!(
            r#"[{{issuer="{issuer}",roles={{sp_nurse="nurse"}},web_client="samspil-web",longest_token_minutes=60}}]"#
        )
    }

    fn sign(&self, kind: &str, claims: &Value) -> String {
        let header =
            Header { kid: Some("one".to_owned()), typ: Some(kind.to_owned()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&self.pair)).unwrap()
    }

    fn token(&self, subject: &str, session: &str, issued: i64) -> String {
        let claims = json!({
            "iss": self.issuer, "aud": "samspil", "sub": subject, "sid": session, "iat": issued, "exp": issued + 600,
            "name": "Anna", "org": demo::MUNICIPALITY, "role": "sp_nurse",
        });
        self.sign("at+jwt", &claims)
    }

    /// What it tells when somebody has signed out, but for these claims; null takes one away.
    fn logout(&self, statement: &str, changes: Value) -> Value {
        let mut claims = json!({
            "iss": self.issuer, "aud": "samspil-web", "sub": "anna", "sid": "s1", "iat": now(), "exp": now() + 120,
            "jti": statement, "events": {EVENT: {}},
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }
}

fn now() -> i64 {
    Clock::system().now().timestamp()
}

async fn tells(server: &Server, token: &str) -> reqwest::Response {
    let place = format!("{}/back-channel-logout", server.endpoint());
    let body = format!("logout_token={token}");
    let request = reqwest::Client::new().post(place).header("content-type", "application/x-www-form-urlencoded");
    request.body(body).send().await.unwrap()
}

async fn opens(server: &Server, path: &str, token: &str, message: Vec<u8>) -> Result<Streaming<Bytes>, Status> {
    let channel = tonic::transport::Endpoint::from_shared(server.endpoint()).unwrap().connect_lazy();
    call_raw(channel, path, Some(token), vec![message.into()]).await
}

/// Why a call is refused, or nothing when it is not.
async fn refused(server: &Server, path: &str, token: &str, message: Vec<u8>) -> String {
    let answer = async { opens(server, path, token, message).await?.message().await };
    answer.await.err().map(|status| reason(&status)).unwrap_or_default()
}

async fn refused_at_all(server: &Server, token: &str) -> String {
    let path = "/samspil.review.v1.ReviewService/GetCaller";
    refused(server, path, token, GetCallerRequest {}.encode_to_vec()).await
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map_or_else(|| format!("{status:?}"), |info| info.reason)
}

/// Why an open stream ends.
async fn end(mut stream: Streaming<Bytes>) -> String {
    let ended = async {
        loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => return "an orderly end".to_owned(),
                Err(status) => return reason(&status),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("an end")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_signed_out_at_the_provider_is_out_everywhere() {
    let provider = Provider::start().await;
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let providers = provider.settings();
    let server = Server::start(folder.path(), &[("SAMSPIL_PROVIDERS", &providers)]);
    // A service in a process and on a database of its own.
    let peers = format!("{{review=\"{0}\",directory=\"{0}\",wound=\"{0}\",referral=\"{0}\"}}", server.endpoint());
    let key = folder.path().join("issuer.key").display().to_string();
    let alone = [("SAMSPIL_PROVIDERS", providers.as_str()), ("SAMSPIL_PEERS", &peers), ("SAMSPIL_SERVICE_KEY", &key)];
    let careplan = Server::start_with(other.path(), &["careplan"], &alone);

    let anna = provider.token("anna", "s1", now() - 5);
    let (elsewhere, bo) = (provider.token("anna", "s2", now() - 5), provider.token("bo", "s3", now() - 5));
    for token in [&anna, &elsewhere, &bo] {
        assert_eq!(refused_at_all(&server, token).await, "");
    }
    let watch = WatchWoundsRequest { name: "patients/-/wounds/-".to_owned(), cursor: String::new() }.encode_to_vec();
    let mut wounds = opens(&server, "/samspil.wound.v1.WoundService/WatchWounds", &anna, watch).await.unwrap();
    let watch = WatchCarePlanRequest { name: "patients/-/carePlan".to_owned(), cursor: String::new() }.encode_to_vec();
    let mut plans = opens(&careplan, "/samspil.careplan.v1.CarePlanService/WatchCarePlan", &anna, watch).await.unwrap();
    wounds.message().await.unwrap().expect("a beginning");
    plans.message().await.unwrap().expect("a beginning");

    nobody_else_is_believed(&provider, &server).await;
    assert_eq!(refused_at_all(&server, &anna).await, "", "nobody has signed out yet");

    let logout = provider.sign("logout+jwt", &provider.logout("first", json!({})));
    let told = tells(&server, &logout).await;
    assert_eq!((told.status().as_u16(), &told.headers()["cache-control"]), (200, &"no-store".parse().unwrap()));
    assert_eq!(refused_at_all(&server, &anna).await, "TOKEN_REVOKED");
    assert_eq!(end(wounds).await, "TOKEN_REVOKED");
    assert_eq!(end(plans).await, "TOKEN_REVOKED");
    let list = ListActivitiesRequest { parent: "patients/-/carePlan".to_owned(), ..Default::default() }.encode_to_vec();
    let path = "/samspil.careplan.v1.CarePlanService/ListActivities";
    assert_eq!(refused(&careplan, path, &anna, list.clone()).await, "TOKEN_REVOKED");
    assert_eq!(refused(&careplan, path, &bo, list).await, "");
    // Another session of hers goes on, and so does somebody else.
    for token in [&elsewhere, &bo] {
        assert_eq!(refused_at_all(&server, token).await, "");
    }
    // Told again, as providers do that heard no answer.
    assert_eq!(tells(&server, &logout).await.status().as_u16(), 200);

    // All her sessions; afterwards she signs in again.
    let all = provider.sign("logout+jwt", &provider.logout("second", json!({"sid": null})));
    assert_eq!(tells(&server, &all).await.status().as_u16(), 200);
    assert_eq!(refused_at_all(&server, &elsewhere).await, "TOKEN_REVOKED");
    assert_eq!(refused_at_all(&server, &provider.token("anna", "s4", now() + 2)).await, "");
    assert_eq!(refused_at_all(&server, &bo).await, "");
}

/// Statements that a provider did not make, or not about this.
async fn nobody_else_is_believed(provider: &Provider, server: &Server) {
    let stranger = Provider { pair: Provider::start().await.pair, issuer: provider.issuer.clone(), public: vec![] };
    let good = provider.logout("forged", json!({}));
    let signed = provider.sign("logout+jwt", &good);
    let payload = signed.split('.').nth(1).unwrap();
    let symmetric = Header { kid: Some("one".to_owned()), typ: Some("logout+jwt".to_owned()), ..Header::default() };
    let symmetric = jsonwebtoken::encode(&symmetric, &good, &EncodingKey::from_secret(&provider.public)).unwrap();
    let mut forged = vec![
        ("of another key", stranger.sign("logout+jwt", &good)),
        ("unsigned", format!("{}.{payload}.", BASE64.encode(r#"{"alg":"none","typ":"logout+jwt","kid":"one"}"#))),
        ("the public key as a secret", symmetric),
        ("of another type", provider.sign("at+jwt", &good)),
        ("an access token", provider.token("anna", "s1", now())),
        ("cut off", signed[..signed.len() - 4].to_owned()),
        ("nothing", String::new()),
    ];
    for (how, changes) in [
        ("for another client", json!({"aud": "somebody"})),
        ("for the services", json!({"aud": "samspil"})),
        ("of another issuer", json!({"iss": "https://elsewhere.example"})),
        ("about nothing", json!({"events": null})),
        ("about something else", json!({"events": {"http://schemas.openid.net/event/other": {}}})),
        ("about it in a word", json!({"events": {EVENT: "yes"}})),
        ("an ID token", json!({"nonce": "n"})),
        ("about nobody", json!({"sub": null, "sid": null})),
        ("about a number", json!({"sub": 7})),
        ("without an id", json!({"jti": null})),
        ("kept for ten minutes", json!({"iat": now() - 600})),
        ("of tomorrow", json!({"iat": now() + 86_400})),
        ("without its time", json!({"iat": null})),
        ("expired", json!({"exp": now() - 60})),
        ("without an end", json!({"exp": null})),
    ] {
        forged.push((how, provider.sign("logout+jwt", &provider.logout("forged", changes))));
    }
    for (how, token) in forged {
        let answer = tells(server, &token).await;
        assert_eq!(answer.status().as_u16(), 400, "{how}");
        let told: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        assert_eq!(told["error"], "invalid_request", "{how}");
    }
}
