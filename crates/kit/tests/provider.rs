//! Tokens of a provider, good and forged in every way that is known, against keys that come and go.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use axum::{Json, Router, http::StatusCode, response::IntoResponse as _, routing::get};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chrono::{DateTime, TimeDelta};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use samspil_kit::{
    Clock,
    identity::{Issuer, Provider, Verifier},
};
use serde_json::{Value, json};

const ODDER: &str = "990000000000727";

struct Key {
    kid: &'static str,
    pair: Vec<u8>,
    public: String,
}

impl Key {
    fn new(kid: &'static str) -> Key {
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap().as_ref().to_vec();
        let public = BASE64.encode(Ed25519KeyPair::from_pkcs8(&pair).unwrap().public_key().as_ref());
        Key { kid, pair, public }
    }

    fn public(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": self.kid, "x": self.public, "use": "sig", "alg": "EdDSA" })
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_ed_der(&self.pair)).unwrap()
    }

    fn header(&self) -> Header {
        Header { kid: Some(self.kid.to_owned()), typ: Some("at+jwt".to_owned()), ..Header::new(Algorithm::EdDSA) }
    }
}

/// What the provider answers: its discovery, its keys.
#[derive(Default)]
struct Answers {
    discovery: Option<(StatusCode, Value)>,
    keys: Vec<Value>,
}

struct Site {
    issuer: String,
    answers: Arc<Mutex<Answers>>,
    asked: Arc<AtomicUsize>,
    clock: Clock,
    verifier: Verifier,
}

impl Site {
    async fn start(keys: Vec<Value>) -> Site {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let answers = Arc::new(Mutex::new(Answers { discovery: None, keys }));
        let asked = Arc::new(AtomicUsize::new(0));
        let (document, place) = (answers.clone(), issuer.clone());
        let (set, count) = (answers.clone(), asked.clone());
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(async move || {
                    let usual = || json!({ "issuer": place, "jwks_uri": format!("{place}/keys") });
                    let other = document.lock().unwrap().discovery.clone();
                    let (status, document) = other.unwrap_or_else(|| (StatusCode::OK, usual()));
                    (status, Json(document)).into_response()
                }),
            )
            .route(
                "/keys",
                get(async move || {
                    count.fetch_add(1, SeqCst);
                    Json(json!({ "keys": set.lock().unwrap().keys }))
                }),
            );
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let clock = Clock::at(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let settings = json!({ "issuer": issuer, "roles": { "sp_nurse": "nurse" } });
        let provider = Provider::new(serde_json::from_value(settings).unwrap(), clock.clone()).unwrap();
        let verifier = Issuer::fresh(clock.clone()).unwrap().verifier().with_providers(vec![provider]);
        Site { issuer, answers, asked, clock, verifier }
    }

    fn claims(&self) -> Value {
        let now = self.clock.now().timestamp();
        json!({
            "iss": self.issuer, "aud": "samspil", "sub": "u1", "iat": now, "nbf": now, "exp": now + 600,
            "name": "Anna", "org": ODDER, "role": "sp_nurse",
        })
    }

    /// The usual claims but for these; null takes one away.
    fn but(&self, changes: Value) -> Value {
        let mut claims = self.claims();
        for (name, value) in changes.as_object().unwrap() {
            claims.as_object_mut().unwrap().insert(name.clone(), value.clone());
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    async fn told(&self, token: &str) -> Result<String, &'static str> {
        self.verifier.verify(token).await.map(|told| told.caller.person).map_err(|error| error.reason())
    }

    fn down(&self, status: StatusCode) {
        self.answers.lock().unwrap().discovery = Some((status, json!({})));
    }
}

fn good() -> Result<String, &'static str> {
    Ok("u1".to_owned())
}

#[tokio::test]
async fn a_good_token_says_who_calls_and_until_when() {
    let key = Key::new("a");
    let site = Site::start(vec![key.public()]).await;
    let verified = site.verifier.verify(&key.sign(&key.header(), &site.claims())).await.unwrap();
    assert_eq!((verified.caller.organisation.as_str(), verified.caller.role.as_str()), (ODDER, "nurse"));
    // Its end, and the half minute that clocks may differ by.
    assert_eq!(verified.until, site.clock.now() + TimeDelta::seconds(630));
    let plain = Header { typ: Some("JWT".to_owned()), ..key.header() };
    assert_eq!(site.told(&key.sign(&plain, &site.claims())).await, good());
    let several = site.but(json!({ "aud": ["other", "samspil"], "exp": site.clock.now().timestamp() as f64 + 0.5 }));
    assert_eq!(site.told(&key.sign(&key.header(), &several)).await, good());
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let (key, thief) = (Key::new("a"), Key::new("a"));
    let encrypting = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "enc", "x": key.public, "use": "enc" });
    let secret = json!({ "kty": "oct", "kid": "oct", "k": BASE64.encode("secret") });
    let site = Site::start(vec![key.public(), encrypting, secret]).await;
    let claims = site.claims();
    let hmac = |kid: &str, secret: &[u8]| {
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret)).unwrap()
    };
    let true_one = key.sign(&key.header(), &claims);
    let parts: Vec<_> = true_one.split('.').collect();
    let none = |algorithm: &str| {
        let header = BASE64.encode(json!({ "alg": algorithm, "kid": "a", "typ": "JWT" }).to_string());
        format!("{header}.{}.", parts[1])
    };
    let richer = BASE64.encode(site.but(json!({ "role": "sp_other" })).to_string());
    let own_key = serde_json::from_value(thief.public()).unwrap();
    let forged = [
        ("another key under the same id", thief.sign(&key.header(), &claims)),
        ("a key that it brings along", thief.sign(&Header { jwk: Some(own_key), ..key.header() }, &claims)),
        ("a place to fetch a key from", {
            let place = Some(format!("{}/keys", site.issuer));
            thief.sign(&Header { jku: place, ..key.header() }, &claims)
        }),
        ("the public key as a secret", hmac("a", key.public.as_bytes())),
        ("the public key's bytes as a secret", hmac("a", &BASE64.decode(&key.public).unwrap())),
        ("a secret that the provider published", hmac("oct", b"secret")),
        ("no algorithm", none("none")),
        ("no algorithm, in capitals", none("NONE")),
        ("other claims under a true signature", format!("{}.{richer}.{}", parts[0], parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("a key for something else", key.sign(&Header { kid: Some("enc".to_owned()), ..key.header() }, &claims)),
        ("no key id", key.sign(&Header { kid: None, ..key.header() }, &claims)),
        ("an unknown key id", key.sign(&Header { kid: Some("b".to_owned()), ..key.header() }, &claims)),
        ("a logout token", key.sign(&Header { typ: Some("logout+jwt".to_owned()), ..key.header() }, &claims)),
        ("another audience", key.sign(&key.header(), &site.but(json!({ "aud": "samspil-web" })))),
        ("no audience", key.sign(&key.header(), &site.but(json!({ "aud": null })))),
        ("another issuer", key.sign(&key.header(), &site.but(json!({ "iss": "https://login.example" })))),
        ("no issuer", key.sign(&key.header(), &site.but(json!({ "iss": null })))),
        ("our own issuer", key.sign(&key.header(), &site.but(json!({ "iss": "samspil:internal", "role": "service" })))),
        ("no end", key.sign(&key.header(), &site.but(json!({ "exp": null })))),
        ("an end that is a text", key.sign(&key.header(), &site.but(json!({ "exp": "tomorrow" })))),
        ("an end after the last second that there is", {
            let last = DateTime::<chrono::Utc>::MAX_UTC.timestamp();
            key.sign(&key.header(), &site.but(json!({ "exp": last })))
        }),
        ("a begin to come", {
            key.sign(&key.header(), &site.but(json!({ "nbf": site.clock.now().timestamp() + 31 })))
        }),
        ("issued in the future", {
            key.sign(&key.header(), &site.but(json!({ "iat": site.clock.now().timestamp() + 31 })))
        }),
        ("nobody", key.sign(&key.header(), &site.but(json!({ "sub": null })))),
    ];
    for (how, token) in &forged {
        assert_eq!(site.told(token).await, Err("TOKEN_INVALID"), "{how}");
        // What is remembered of the one must not help the next.
        assert_eq!(site.told(&true_one).await, good(), "after {how}");
    }
    let late = key.sign(&key.header(), &site.but(json!({ "exp": site.clock.now().timestamp() - 30 })));
    assert_eq!(site.told(&late).await, Err("TOKEN_EXPIRED"));
    let stranger = key.sign(&key.header(), &site.but(json!({ "role": "sp_boss" })));
    assert_eq!(site.told(&stranger).await, Err("CALLER_UNKNOWN"));
}

#[tokio::test]
async fn a_new_key_is_fetched_and_one_that_was_given_up_ends() {
    let (old, new) = (Key::new("old"), Key::new("new"));
    let site = Site::start(vec![old.public()]).await;
    let sign = |key: &Key, site: &Site| key.sign(&key.header(), &site.claims());
    assert_eq!(site.told(&sign(&old, &site)).await, good());
    site.clock.advance(TimeDelta::minutes(1));
    site.answers.lock().unwrap().keys = vec![new.public()];
    assert_eq!(site.told(&sign(&new, &site)).await, good());
    assert_eq!(site.told(&sign(&old, &site)).await, Err("TOKEN_INVALID"));
    // One that vanishes without another in its place is noticed after a while.
    site.answers.lock().unwrap().keys = vec![old.public()];
    assert_eq!(site.told(&sign(&new, &site)).await, good());
    site.clock.advance(TimeDelta::minutes(15));
    assert_eq!(site.told(&sign(&new, &site)).await, Err("TOKEN_INVALID"));
}

#[tokio::test]
async fn unknown_keys_do_not_make_us_flood_the_provider() {
    let key = Key::new("a");
    let site = Site::start(vec![key.public()]).await;
    for n in 0..50 {
        let kid = Some(format!("unheard-{n}"));
        let token = key.sign(&Header { kid, ..key.header() }, &site.claims());
        assert_eq!(site.told(&token).await, Err("TOKEN_INVALID"));
    }
    assert_eq!(site.asked.load(SeqCst), 1);
    site.clock.advance(TimeDelta::seconds(10));
    let token = key.sign(&Header { kid: Some("unheard".to_owned()), ..key.header() }, &site.claims());
    assert_eq!(site.told(&token).await, Err("TOKEN_INVALID"));
    assert_eq!(site.asked.load(SeqCst), 2);
}

#[tokio::test]
async fn a_provider_that_is_down_is_no_bad_token_and_known_keys_do_for_an_hour() {
    let key = Key::new("a");
    let site = Site::start(vec![key.public()]).await;
    let token = |site: &Site| key.sign(&key.header(), &site.claims());
    site.down(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.told(&token(&site)).await, Err("IDENTITY_UNAVAILABLE"));
    site.answers.lock().unwrap().discovery = None;
    site.clock.advance(TimeDelta::seconds(10));
    assert_eq!(site.told(&token(&site)).await, good());
    site.down(StatusCode::SERVICE_UNAVAILABLE);
    site.clock.advance(TimeDelta::minutes(59));
    assert_eq!(site.told(&token(&site)).await, good());
    site.clock.advance(TimeDelta::minutes(1));
    assert_eq!(site.told(&token(&site)).await, Err("IDENTITY_UNAVAILABLE"));
}

#[tokio::test]
async fn keys_of_somewhere_else_are_not_taken() {
    let key = Key::new("a");
    let site = Site::start(vec![key.public()]).await;
    let elsewhere = [
        json!({ "issuer": "https://login.example", "jwks_uri": format!("{}/keys", site.issuer) }),
        json!({ "issuer": site.issuer, "jwks_uri": "http://login.example/keys" }),
        json!({ "issuer": site.issuer, "jwks_uri": format!("{}/keys", site.issuer), "x": "x".repeat(300_000) }),
        json!({ "issuer": site.issuer }),
    ];
    for discovery in elsewhere {
        site.answers.lock().unwrap().discovery = Some((StatusCode::OK, discovery));
        assert_eq!(site.told(&key.sign(&key.header(), &site.claims())).await, Err("IDENTITY_UNAVAILABLE"));
        site.clock.advance(TimeDelta::seconds(10));
    }
    assert_eq!(site.asked.load(SeqCst), 0, "no keys were asked for");
}

#[tokio::test]
async fn a_token_with_any_byte_changed_or_cut_off_is_refused() {
    let key = Key::new("a");
    let site = Site::start(vec![key.public()]).await;
    let token = key.sign(&key.header(), &site.claims());
    assert_eq!(site.told(&token).await, good());
    let mut tried = 0;
    for at in 0..token.len() {
        assert_ne!(site.told(&token[..at]).await, good(), "cut at {at}");
        for byte in *b"A_.z0=" {
            let mut changed = token.clone().into_bytes();
            if changed[at] == byte {
                continue;
            }
            changed[at] = byte;
            let changed = String::from_utf8(changed).unwrap();
            assert_ne!(site.told(&changed).await, good(), "{byte} at {at}");
            tried += 1;
        }
    }
    assert!(tried > 2_000, "{tried}");
    // None of them made us ask the provider again and again.
    assert_eq!(site.asked.load(SeqCst), 1);
}
