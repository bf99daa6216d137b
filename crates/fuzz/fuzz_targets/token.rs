//! Tokens as the edge verifies them. What nobody signed never passes; what was signed passes only if it says what it has to.
//!
//! The first byte says what the rest is: a token, changes to a good token, or a header and claims to be signed.

#![no_main]

use std::{str, sync::LazyLock};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta};
use futures::executor::block_on;
use jsonwebtoken::{Algorithm, EncodingKey};
use libfuzzer_sys::fuzz_target;
use samspil_kit::{
    Clock,
    identity::{Issuer, Provider, Verifier},
};
use serde_json::{Map, Value, json};

mod seeds;

const NOW: i64 = 1_800_000_000;
/// By how much clocks may differ.
const SKEW: f64 = 30.0;
const PROVIDER: &str = "https://login.example";
const INTERNAL: &str = "samspil:internal";
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Who signs: each with the same key every time, so that a token that was found holds in the next run.
struct Signer {
    key: EncodingKey,
    issuer: Issuer,
}

impl Signer {
    fn of(secret: u8) -> Signer {
        // PKCS #8 of an Ed25519 key: what stands before the 32 bytes is always the same.
        let mut pkcs8 = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
        pkcs8.extend([secret; 32]);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("key");
        std::fs::write(&file, &pkcs8).expect("a key");
        let clock = Clock::at(DateTime::from_timestamp(NOW, 0).expect("a time"));
        Signer { key: EncodingKey::from_ed_der(&pkcs8), issuer: Issuer::in_file(&file, clock).expect("an issuer") }
    }

    fn sign(&self, header: &[u8], claims: &[u8]) -> String {
        let said = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = jsonwebtoken::crypto::sign(said.as_bytes(), &self.key, Algorithm::EdDSA).expect("a signature");
        format!("{said}.{signature}")
    }

    fn header(&self, kind: &str) -> Value {
        json!({ "alg": "EdDSA", "kid": self.issuer.kid(), "typ": kind })
    }
}

/// An installation that takes a provider's tokens and those of its own services.
struct House {
    provider: Signer,
    own: Signer,
    verifier: Verifier,
    /// Tokens that pass, and one that tells of a sign-out.
    good: Vec<String>,
    logout: String,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let (provider, own) = (Signer::of(1), Signer::of(2));
    let public = URL_SAFE_NO_PAD.encode(provider.issuer.public_key());
    let keys = json!({ "keys": [
        { "kty": "OKP", "crv": "Ed25519", "kid": provider.issuer.kid(), "x": public, "use": "sig", "alg": "EdDSA" },
        { "kty": "oct", "kid": "secret", "k": URL_SAFE_NO_PAD.encode("secret") },
    ] });
    let settings = json!({ "issuer": PROVIDER, "roles": { "sp_nurse": "nurse" }, "web_client": "samspil-web" });
    let clock = Clock::at(DateTime::from_timestamp(NOW, 0).expect("a time"));
    let known = Provider::new(serde_json::from_value(settings).expect("settings"), clock).expect("a provider");
    let known = known.with_keys(serde_json::from_value(keys).expect("keys")).expect("a key to verify with");
    let signed = |kind: &str, claims: Value| {
        provider.sign(provider.header(kind).to_string().as_bytes(), claims.to_string().as_bytes())
    };
    House {
        good: vec![
            signed("at+jwt", claims()),
            own.issuer.sign_for_service("wound", TimeDelta::minutes(5)).expect("a token"),
        ],
        logout: signed("logout+jwt", logout_claims()),
        verifier: own.issuer.verifier().with_providers(vec![known]),
        provider,
        own,
    }
});

fn claims() -> Value {
    json!({
        "iss": PROVIDER, "aud": ["samspil", "other"], "sub": "u1", "iat": NOW, "nbf": NOW, "exp": NOW + 600, "sid": "s1",
        "name": "Anna", "org": "990000000000727", "role": "sp_nurse", "acr": "substantial",
    })
}

fn logout_claims() -> Value {
    json!({
        "iss": PROVIDER, "aud": "samspil-web", "sub": "u1", "sid": "s1", "jti": "1", "iat": NOW, "exp": NOW + 60,
        "events": { LOGOUT: {} },
    })
}

fuzz_target!(init: seeds::write(seeds()), |bytes: &[u8]| {
    let Some((what, rest)) = bytes.split_first() else { return };
    match what {
        0 => {
            if let Ok(token) = str::from_utf8(rest) {
                passes_only_if_good(token);
            }
        }
        1 => {
            for good in HOUSE.good.iter().chain([&HOUSE.logout]) {
                if let Ok(token) = String::from_utf8(changed(good, rest)) {
                    passes_only_if_good(&token);
                }
            }
        }
        2 => signed_by_the_provider(rest),
        3 => signed_by_us(rest),
        _ => {}
    }
});

/// Each pair of bytes says where another byte stands, and which.
fn changed(good: &str, changes: &[u8]) -> Vec<u8> {
    let mut token = good.as_bytes().to_vec();
    for change in changes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % token.len();
        token[at] = change[2];
    }
    token
}

fn passes_only_if_good(token: &str) {
    let House { verifier, good, logout, .. } = &*HOUSE;
    match block_on(verifier.verify(token)) {
        Ok(_) => assert!(good.iter().any(|good| good == token), "nobody signed {token}"),
        Err(error) => assert_eq!(error.reason(), "TOKEN_INVALID", "{token}"),
    }
    let service = verifier.verify_service(token).is_ok();
    assert!(!service || token == good[1], "no service signed {token}");
    assert_eq!(block_on(verifier.signed_out(token)).is_ok(), token == logout, "{token}");
}

/// A header and claims, with a line break between them.
fn parts(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

fn signed_by_the_provider(bytes: &[u8]) {
    let Some((header, claims)) = parts(bytes) else { return };
    let token = HOUSE.provider.sign(header, claims);
    if let Ok(verified) = block_on(HOUSE.verifier.verify(&token)) {
        let (header, claims) = (object(header), object(claims));
        assert_eq!(
            (header["alg"].as_str(), header["kid"].as_str()),
            (Some("EdDSA"), Some(HOUSE.provider.issuer.kid()))
        );
        assert_ne!(header.get("typ").and_then(Value::as_str), Some("logout+jwt"));
        let number = |name: &str| claims.get(name).and_then(Value::as_f64);
        assert_eq!(claims["iss"], PROVIDER);
        assert!(names(&claims["aud"], "samspil"), "{claims:?}");
        assert!(number("exp").is_some_and(|end| end + SKEW > NOW as f64 && end < (NOW + 8 * 24 * 3600) as f64));
        assert!(["iat", "nbf"].iter().filter_map(|name| number(name)).all(|begin| begin < NOW as f64 + SKEW + 1.0));
        let caller = &verified.caller;
        assert_eq!(claims["sub"], *caller.person);
        assert!(!caller.person.is_empty() && !caller.is_service() && caller.role == "nurse" && caller.via.is_empty());
        assert!(names(&claims["role"], "sp_nurse"), "{claims:?}");
        let sor = caller.organisation.bytes().all(|digit| digit.is_ascii_digit()) && caller.organisation.len() <= 18;
        assert!(sor && claims.get("org").is_none_or(|org| *org == *caller.organisation || !org.is_string()));
    }
    assert!(HOUSE.verifier.verify_service(&token).is_err(), "the provider is none of our services");
    if let Ok(sign_out) = block_on(HOUSE.verifier.signed_out(&token)) {
        let claims = object(claims);
        assert!(names(&claims["aud"], "samspil-web") && claims["events"][LOGOUT].is_object(), "{claims:?}");
        assert!(claims.get("nonce").is_none());
        assert_eq!((&*sign_out.issuer, &claims["iss"]), (PROVIDER, &json!(PROVIDER)));
        assert!(!sign_out.statement.is_empty() && !(sign_out.subject.is_empty() && sign_out.session.is_empty()));
    }
}

fn signed_by_us(bytes: &[u8]) {
    let Some((header, claims)) = parts(bytes) else { return };
    let token = HOUSE.own.sign(header, claims);
    if let Ok(verified) = block_on(HOUSE.verifier.verify(&token)) {
        let claims = object(claims);
        assert_eq!(
            (&claims["iss"], &claims["role"]),
            (&json!(INTERNAL), &json!("service")),
            "nobody made up is let in"
        );
        assert!(names(&claims["aud"], "samspil") && claims["exp"].as_i64().is_some_and(|end| end > NOW), "{claims:?}");
        assert!(verified.caller.is_service() && verified.session.is_none());
    }
    assert!(block_on(HOUSE.verifier.signed_out(&token)).is_err(), "we are no provider");
}

fn object(bytes: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(bytes).expect("what passed can be read")
}

fn names(told: &Value, name: &str) -> bool {
    told == name || told.as_array().is_some_and(|all| all.iter().any(|one| one == name))
}

/// Good tokens, small changes to them, and claims to be signed: good ones, and some at the edge of what there is.
fn seeds() -> Vec<Vec<u8>> {
    let House { provider, own, good, logout, .. } = &*HOUSE;
    let token = |token: &String| [b"\0", token.as_bytes()].concat();
    let to_sign = |by: u8, header: Value, claims: Value| [&[by], format!("{header}\n{claims}").as_bytes()].concat();
    let but = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        to_sign(2, provider.header("JWT"), claims)
    };
    let service = json!({
        "iss": INTERNAL, "aud": "samspil", "sub": "service:wound", "name": "wound", "role": "service",
        "iat": NOW, "exp": NOW + 300,
    });
    let mut seeds: Vec<_> = good.iter().chain([logout]).map(token).collect();
    seeds.extend([
        vec![1, 0, 0, b'e'],
        vec![1, 60, 0, b'A', 61, 0, b'_'],
        to_sign(2, provider.header("at+jwt"), claims()),
        to_sign(2, provider.header("logout+jwt"), logout_claims()),
        but("exp", json!(DateTime::<chrono::Utc>::MAX_UTC.timestamp())),
        but("exp", json!(NOW as f64 + 0.5)),
        but("iat", json!(-1e300)),
        but("role", json!(["sp_nurse", "other"])),
        but("client_id", json!("u1")),
        to_sign(3, own.header("JWT"), service),
        to_sign(3, own.header("JWT"), claims()),
    ]);
    seeds
}
