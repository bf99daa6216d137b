//! An OpenID Connect provider, and how its tokens are checked: discovery, keys, signature, times, and then the [`Mapping`].

use std::{
    sync::{Arc, RwLock},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::{Session, Settings, verifier::Verified};
use crate::{Clock, Error, common::Common};

mod logout;

/// How long the provider has to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The most bytes of a document of the provider's: discovery or keys.
const DOCUMENT: usize = 256 * 1024;

/// Keys are fetched again after this, so that one that the provider gave up does not live on here.
const FRESH: TimeDelta = TimeDelta::minutes(15);

/// A token that names a key that is not known has the keys fetched again, but not more often than this: anybody can send one.
const PAUSE: TimeDelta = TimeDelta::seconds(10);

/// A provider whose tokens are taken.
pub struct Provider {
    settings: Settings,
    clock: Clock,
    http: reqwest::Client,
    keys: RwLock<Keys>,
    fetching: Mutex<()>,
}

/// The keys of a provider, and when they were fetched and last asked for.
#[derive(Clone)]
struct Keys {
    set: Arc<JwkSet>,
    fetched: DateTime<Utc>,
    tried: DateTime<Utc>,
}

impl Keys {
    fn with(&self, kid: &str) -> Option<Jwk> {
        self.set.keys.iter().find(|key| key.common.key_id.as_deref() == Some(kid)).cloned()
    }
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Provider {
    /// A provider that was never asked yet: it is when its first token comes, so that one that is down does not keep a service
    /// from starting.
    ///
    /// # Errors
    /// When the settings contradict themselves.
    pub fn new(settings: Settings, clock: Clock) -> anyhow::Result<Provider> {
        settings.check()?;
        // A redirect could lead anywhere, and a token that is taken from there would let anybody in.
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).build()?;
        let never = DateTime::<Utc>::MIN_UTC;
        let keys = Keys { set: Arc::new(JwkSet { keys: vec![] }), fetched: never, tried: never };
        Ok(Provider { settings, clock, http, keys: RwLock::new(keys), fetching: Mutex::new(()) })
    }

    /// The same with keys at hand, as if they were fetched now.
    ///
    /// # Errors
    /// When there is none among them that tokens can be verified with.
    pub fn with_keys(self, set: JwkSet) -> anyhow::Result<Provider> {
        let now = self.clock.now();
        let keys = Keys { set: Arc::new(verifying(set)?), fetched: now, tried: now };
        Ok(Provider { keys: RwLock::new(keys), ..self })
    }

    /// The `iss` of its tokens.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Who a token of this provider says is calling, and until when.
    ///
    /// # Errors
    /// `TOKEN_INVALID`, `TOKEN_EXPIRED`; `IDENTITY_UNAVAILABLE` when the provider has to be asked for its keys and does not answer;
    /// as the [`Mapping`](super::mapping).
    pub(super) async fn verify(&self, token: &str) -> Result<Verified, Error> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Common::TokenInvalid)?;
        // A logout token or any other statement that the provider signs is no access token.
        let kind = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
        if !["jwt", "at+jwt", "application/at+jwt"].contains(&kind.as_str()) {
            return Err(Common::TokenInvalid.into());
        }
        if !self.settings.algorithms.contains(&header.alg) {
            return Err(Common::TokenInvalid.into());
        }
        let kid = header.kid.as_deref().ok_or(Common::TokenInvalid)?;
        let key = self.key(kid).await?.filter(|key| is_for(key, header.alg)).ok_or(Common::TokenInvalid)?;
        let key = DecodingKey::from_jwk(&key).map_err(|_| Common::TokenInvalid)?;
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[&self.settings.audience]);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The times by our own clock, so that a test can move it.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation);
        let claims = claims.map_err(|_| Common::TokenInvalid)?.claims;
        let until = self.in_time(&claims)?;
        let issued = self.issued(&claims)?;
        // Who has signed out is forgotten when no token from before can hold any more.
        if until - issued.unwrap_or_else(|| self.clock.now()) > self.longest() + self.skew() * 2 {
            return Err(Common::TokenInvalid.into());
        }
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let session = Session {
            issuer: self.settings.issuer.clone(),
            subject: text("sub").unwrap_or_default(),
            session: text("sid"),
            issued,
        };
        Ok(Verified { caller: self.settings.caller(&claims)?, until, session: Some(session) })
    }

    fn skew(&self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.settings.skew_seconds))
    }

    /// How long a token of this provider holds at most.
    fn longest(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.settings.longest_token_minutes))
    }

    fn issued(&self, claims: &Map<String, Value>) -> Result<Option<DateTime<Utc>>, Error> {
        time(claims, "iat")
    }

    /// When the token ends, if it is one of now.
    fn in_time(&self, claims: &Map<String, Value>) -> Result<DateTime<Utc>, Error> {
        let (skew, now) = (self.skew(), self.clock.now());
        let time = |name: &str| time(claims, name);
        let end = time("exp")?.and_then(|end| end.checked_add_signed(skew)).ok_or(Common::TokenInvalid)?;
        if end <= now {
            return Err(Common::TokenExpired.into());
        }
        for begin in [time("nbf")?, time("iat")?].into_iter().flatten() {
            if begin > now + skew {
                return Err(Common::TokenInvalid.into());
            }
        }
        Ok(end)
    }

    /// The key with an id. Asks the provider when it is not known, or when what is known is old.
    async fn key(&self, kid: &str) -> Result<Option<Jwk>, Error> {
        let known = self.known();
        let now = self.clock.now();
        if let Some(key) = known.with(kid)
            && now < known.fetched + FRESH
        {
            return Ok(Some(key));
        }
        let _one_at_a_time = self.fetching.lock().await;
        let known = self.known();
        if now < known.tried + PAUSE {
            return self.without_asking(&known, kid);
        }
        match self.fetch().await {
            Ok(set) => {
                let keys = Keys { set: Arc::new(set), fetched: now, tried: now };
                *self.keys.write().expect("nobody panics while it is held") = keys.clone();
                Ok(keys.with(kid))
            }
            Err(error) => {
                tracing::warn!(issuer = self.settings.issuer, error = format!("{error:#}"), "no keys could be fetched");
                self.keys.write().expect("nobody panics while it is held").tried = now;
                self.without_asking(&known, kid)
            }
        }
    }

    /// What is known has to do. Old keys are better than nobody at work while the provider is down for an hour, but not for long.
    fn without_asking(&self, known: &Keys, kid: &str) -> Result<Option<Jwk>, Error> {
        let usable = self.clock.now() < known.fetched.checked_add_signed(FRESH * 4).unwrap_or(known.fetched);
        match known.with(kid) {
            Some(key) if usable => Ok(Some(key)),
            None if usable => Ok(None),
            // Nothing is known that could tell a good token from a bad one.
            _ => Err(Common::IdentityUnavailable.into()),
        }
    }

    fn known(&self) -> Keys {
        self.keys.read().expect("nobody panics while it is held").clone()
    }

    async fn fetch(&self) -> anyhow::Result<JwkSet> {
        let issuer = &self.settings.issuer;
        let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let discovery: Discovery = self.document(&place).await?;
        ensure!(&discovery.issuer == issuer, "{place} is of the issuer {}", discovery.issuer);
        super::mapping::check_address("jwks_uri", &discovery.jwks_uri)?;
        verifying(self.document(&discovery.jwks_uri).await?).with_context(|| discovery.jwks_uri)
    }

    async fn document<T: serde::de::DeserializeOwned>(&self, address: &str) -> anyhow::Result<T> {
        let failed = || format!("{address} gave no document");
        let mut answer = self.http.get(address).send().await.with_context(failed)?;
        ensure!(answer.status() == http::StatusCode::OK, "{address} answered {}", answer.status());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.with_context(failed)? {
            body.extend_from_slice(&chunk);
            ensure!(body.len() <= DOCUMENT, "{address} sent more than {DOCUMENT} bytes");
        }
        serde_json::from_slice(&body).with_context(failed)
    }
}

/// The keys of a set that tokens can be verified with. A symmetric key in public would let whoever reads it sign.
fn verifying(mut set: JwkSet) -> anyhow::Result<JwkSet> {
    set.keys.retain(|key| !matches!(key.algorithm, jsonwebtoken::jwk::AlgorithmParameters::OctetKey(_)));
    ensure!(!set.keys.is_empty(), "there are no keys");
    Ok(set)
}

/// A time of a token. A fraction of a second is allowed there (RFC 7519, section 2).
fn time(claims: &Map<String, Value>, name: &str) -> Result<Option<DateTime<Utc>>, Error> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let at = value.as_f64().and_then(|at| DateTime::<Utc>::from_timestamp(at as i64, 0));
    Ok(Some(at.ok_or(Common::TokenInvalid)?))
}

/// Whether a key is one to sign with by an algorithm. The key's own word counts, never the token's alone: or a public key would
/// pass as a secret.
fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    use jsonwebtoken::jwk::AlgorithmParameters as Parameters;
    if !matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return false;
    }
    let family = matches!(
        (&key.algorithm, algorithm),
        (
            Parameters::RSA(_),
            Algorithm::RS256
                | Algorithm::RS384
                | Algorithm::RS512
                | Algorithm::PS256
                | Algorithm::PS384
                | Algorithm::PS512
        ) | (Parameters::EllipticCurve(_), Algorithm::ES256 | Algorithm::ES384)
            | (Parameters::OctetKeyPair(_), Algorithm::EdDSA)
    );
    let named = key.common.key_algorithm;
    family && named.is_none_or(|named| is(named, algorithm))
}

fn is(named: KeyAlgorithm, algorithm: Algorithm) -> bool {
    format!("{named:?}") == format!("{algorithm:?}")
}
