//! Our own key. With it the services tell each other who they are; and, where it is for trying out, it signs for made-up people.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AUDIENCE, Assurance, Caller, Verifier, write_private};
use crate::Clock;

/// The `iss` of the made-up people.
pub(super) const BUILT_IN: &str = "samspil:built-in";

/// The `iss` of the services.
pub(super) const INTERNAL: &str = "samspil:internal";

#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    pub(super) sub: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) org: String,
    pub(super) role: String,
    #[serde(default)]
    pub(super) assurance: Assurance,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) patient: Option<Uuid>,
    iat: i64,
    pub(super) exp: i64,
}

/// Signs tokens.
#[derive(Clone)]
pub struct Issuer {
    key: Arc<EncodingKey>,
    public: Vec<u8>,
    kid: String,
    clock: Clock,
}

impl Issuer {
    /// An issuer with the key in a file, which is made, readable by its owner alone, when it is not there.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn in_folder(folder: &Path, clock: Clock) -> anyhow::Result<Issuer> {
        let path = folder.join("issuer.key");
        if !path.exists() {
            std::fs::create_dir_all(folder)?;
            let key =
                Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| anyhow::anyhow!("no randomness"))?;
            write_private(&path, key.as_ref())?;
        }
        Issuer::in_file(&path, clock)
    }

    /// An issuer with the key in a file that somebody else has put there.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no key.
    pub fn in_file(path: &Path, clock: Clock) -> anyhow::Result<Issuer> {
        let key = std::fs::read(path).with_context(|| format!("cannot read the key {}", path.display()))?;
        Issuer::of(&key, clock)
    }

    /// An issuer with a key of its own that is kept nowhere.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn fresh(clock: Clock) -> anyhow::Result<Issuer> {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| anyhow::anyhow!("no randomness"))?;
        Issuer::of(key.as_ref(), clock)
    }

    fn of(pkcs8: &[u8], clock: Clock) -> anyhow::Result<Issuer> {
        use sha2::Digest as _;
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8)
            .map_err(|error| anyhow::anyhow!("the issuer's key is damaged: {error}"))?;
        let public = pair.public_key().as_ref().to_vec();
        let kid = sha2::Sha256::digest(&public)[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Issuer { key: Arc::new(EncodingKey::from_ed_der(pkcs8)), public, kid, clock })
    }

    /// Signs a token for a caller.
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn sign(&self, caller: &Caller, for_time: TimeDelta) -> anyhow::Result<String> {
        self.sign_for(AUDIENCE, caller, for_time)
    }

    /// Signs a token that is good for nothing but its audience, whose own [`Verifier::verify_for`] takes it.
    ///
    /// # Errors
    /// As [`Issuer::sign`].
    pub fn sign_for(&self, audience: &str, caller: &Caller, for_time: TimeDelta) -> anyhow::Result<String> {
        let now = self.clock.now();
        self.sign_claims(&Claims {
            iss: if caller.is_service() { INTERNAL } else { BUILT_IN }.to_owned(),
            aud: audience.to_owned(),
            sub: caller.person.clone(),
            name: caller.display_name.clone(),
            org: caller.organisation.clone(),
            role: caller.role.clone(),
            assurance: caller.assurance,
            patient: caller.patient,
            iat: now.timestamp(),
            exp: (now + for_time).timestamp(),
        })
    }

    /// Signs any claims.
    ///
    /// # Errors
    /// As [`Issuer::sign`].
    pub fn sign_claims(&self, claims: &impl Serialize) -> anyhow::Result<String> {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        Ok(jsonwebtoken::encode(&header, claims, &self.key)?)
    }

    /// The same key under another id.
    #[cfg(test)]
    pub(super) fn named(self, kid: &str) -> Issuer {
        Issuer { kid: kid.to_owned(), ..self }
    }

    /// The id of its key.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half of its key: Ed25519, 32 bytes.
    pub fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// Signs a token for one of the services of this installation.
    ///
    /// # Errors
    /// As [`Issuer::sign`].
    pub fn sign_for_service(&self, name: &str, for_time: TimeDelta) -> anyhow::Result<String> {
        let caller = Caller {
            person: format!("service:{name}"),
            display_name: name.to_owned(),
            role: "service".to_owned(),
            ..Caller::default()
        };
        self.sign(&caller, for_time)
    }

    /// Verifies what this issuer signed.
    pub fn verifier(&self) -> Verifier {
        Verifier::of(&self.kid, &self.public, self.clock.clone())
    }
}
