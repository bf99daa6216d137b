//! Who calls: tokens in, a [`Caller`] out.
//!
//! The built-in [`Issuer`] is for trying out and for tests. It signs with a key of its own that never leaves the data folder.

use std::{collections::HashMap, path::Path, sync::Arc};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use samspil_proto::common::v1::Actor;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Clock, Error, common::Common};

pub mod demo;

/// The audience that a token has to name.
pub const AUDIENCE: &str = "samspil";

/// The built-in issuer's name.
pub const BUILT_IN: &str = "samspil:built-in";

/// Who calls. What the token said, once it was verified; the token itself goes no further.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The provider's subject, opaque.
    pub person: String,
    /// The display name.
    pub display_name: String,
    /// The SOR code of the organisation on whose behalf. Empty for a service.
    pub organisation: String,
    /// The role.
    pub role: String,
    /// How sure the provider is of who it is.
    pub assurance: Assurance,
    /// Whom the person is, for a citizen who calls for herself: then nobody else is concerned.
    pub patient: Option<Uuid>,
    /// The service that passes the person's call on, or empty when the person calls.
    pub via: String,
}

/// How sure a provider is of who somebody is: the levels of the Danish standard NSIS and of eIDAS.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assurance {
    /// Not told.
    #[default]
    None,
    /// Low.
    Low,
    /// Substantial.
    Substantial,
    /// High.
    High,
}

impl Caller {
    /// Another service of this installation, not a person.
    pub fn is_service(&self) -> bool {
        self.role == "service"
    }

    /// The organisation's name, `organisations/{sor}`.
    pub fn organisation_name(&self) -> String {
        format!("organisations/{}", self.organisation)
    }

    /// As a record keeps it.
    pub fn actor(&self) -> Actor {
        Actor {
            person: self.person.clone(),
            display_name: self.display_name.clone(),
            organisation: if self.organisation.is_empty() { String::new() } else { self.organisation_name() },
        }
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Caller({} as {})", self.person, self.role)
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    name: String,
    #[serde(default)]
    org: String,
    role: String,
    #[serde(default)]
    assurance: Assurance,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patient: Option<Uuid>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    via: String,
    iat: i64,
    exp: i64,
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
        Issuer::of(&std::fs::read(&path)?, clock)
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
            iss: BUILT_IN.to_owned(),
            aud: audience.to_owned(),
            sub: caller.person.clone(),
            name: caller.display_name.clone(),
            org: caller.organisation.clone(),
            role: caller.role.clone(),
            assurance: caller.assurance,
            patient: caller.patient,
            via: caller.via.clone(),
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
        Verifier {
            keys: Arc::new(HashMap::from([(self.kid.clone(), DecodingKey::from_ed_der(&self.public))])),
            clock: self.clock.clone(),
        }
    }
}

/// Writes a file that only its owner can read.
///
/// # Errors
/// As the file system.
pub fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let temporary = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(temporary, path)
}

/// Verifies tokens.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<HashMap<String, DecodingKey>>,
    clock: Clock,
}

impl Verifier {
    /// Who a token says is calling.
    ///
    /// # Errors
    /// `TOKEN_EXPIRED`, or `TOKEN_INVALID` for everything else that is wrong with it.
    pub fn verify(&self, token: &str) -> Result<Caller, Error> {
        self.verify_for(AUDIENCE, token)
    }

    /// Whom a token of another audience is about.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_for(&self, audience: &str, token: &str) -> Result<Caller, Error> {
        let invalid = |_| Error::from(Common::TokenInvalid);
        let header = jsonwebtoken::decode_header(token).map_err(invalid)?;
        let key = header.kid.as_ref().and_then(|kid| self.keys.get(kid)).ok_or(Common::TokenInvalid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[BUILT_IN]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // By our own clock below, so that a test can move it.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation).map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => Error::from(Common::TokenExpired),
            _ => Common::TokenInvalid.into(),
        })?;
        let claims = claims.claims;
        if DateTime::<Utc>::from_timestamp(claims.exp, 0).is_none_or(|end| end <= self.clock.now()) {
            return Err(Common::TokenExpired.into());
        }
        Ok(Caller {
            person: claims.sub,
            display_name: claims.name,
            organisation: claims.org,
            role: claims.role,
            assurance: claims.assurance,
            patient: claims.patient,
            via: claims.via,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nurse() -> Caller {
        demo::people().remove(0).1
    }

    #[test]
    fn a_token_says_who_calls_until_it_expires() {
        let clock = Clock::at(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let issuer = Issuer::fresh(clock.clone()).unwrap();
        let token = issuer.sign(&nurse(), TimeDelta::hours(1)).unwrap();
        assert_eq!(issuer.verifier().verify(&token).unwrap(), nurse());
        clock.advance(TimeDelta::hours(1));
        assert_eq!(issuer.verifier().verify(&token).unwrap_err().reason(), "TOKEN_EXPIRED");
    }

    #[test]
    fn a_token_is_good_for_its_own_audience_alone() {
        let issuer = Issuer::fresh(Clock::system()).unwrap();
        let (ours, other) =
            (issuer.sign(&nurse(), TimeDelta::hours(1)), issuer.sign_for("other", &nurse(), TimeDelta::hours(1)));
        let (ours, other) = (ours.unwrap(), other.unwrap());
        assert_eq!(issuer.verifier().verify_for("other", &other).unwrap(), nurse());
        assert_eq!(issuer.verifier().verify(&other).unwrap_err().reason(), "TOKEN_INVALID");
        assert_eq!(issuer.verifier().verify_for("other", &ours).unwrap_err().reason(), "TOKEN_INVALID");
    }

    #[test]
    fn a_token_of_another_key_or_none_is_refused() {
        let clock = Clock::system();
        let ours = Issuer::fresh(clock.clone()).unwrap();
        let theirs = Issuer::fresh(clock).unwrap();
        let token = theirs.sign(&nurse(), TimeDelta::hours(1)).unwrap();
        // Theirs, but claiming our key.
        let forged = Issuer { kid: ours.kid.clone(), ..theirs }.sign(&nurse(), TimeDelta::hours(1)).unwrap();
        let unsigned = format!("{}.{}.", "eyJhbGciOiJub25lIn0", token.split('.').nth(1).unwrap());
        for bad in [token.as_str(), &forged, &unsigned, "", "a.b.c"] {
            assert_eq!(ours.verifier().verify(bad).unwrap_err().reason(), "TOKEN_INVALID", "{bad}");
        }
    }
}
