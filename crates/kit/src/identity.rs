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

use crate::{Clock, Error, common::Common};

/// The audience that a token has to name.
pub const AUDIENCE: &str = "samspil";

/// The built-in issuer's name.
pub const BUILT_IN: &str = "samspil:built-in";

/// Who calls. What the token said, once it was verified; the token itself goes no further.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    /// The provider's subject, opaque.
    pub person: String,
    /// The display name.
    pub display_name: String,
    /// The SOR code of the organisation on whose behalf. Empty for a service.
    pub organisation: String,
    /// The role.
    pub role: String,
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
        let now = self.clock.now();
        let claims = Claims {
            iss: BUILT_IN.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: caller.person.clone(),
            name: caller.display_name.clone(),
            org: caller.organisation.clone(),
            role: caller.role.clone(),
            iat: now.timestamp(),
            exp: (now + for_time).timestamp(),
        };
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        Ok(jsonwebtoken::encode(&header, &claims, &self.key)?)
    }

    /// Signs a token for one of the services of this installation.
    ///
    /// # Errors
    /// As [`Issuer::sign`].
    pub fn sign_for_service(&self, name: &str, for_time: TimeDelta) -> anyhow::Result<String> {
        let caller = Caller {
            person: format!("service:{name}"),
            display_name: name.to_owned(),
            organisation: String::new(),
            role: "service".to_owned(),
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
        let invalid = |_| Error::from(Common::TokenInvalid);
        let header = jsonwebtoken::decode_header(token).map_err(invalid)?;
        let key = header.kid.as_ref().and_then(|kid| self.keys.get(kid)).ok_or(Common::TokenInvalid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
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
        Ok(Caller { person: claims.sub, display_name: claims.name, organisation: claims.org, role: claims.role })
    }
}

/// The people of the demo: made up, all of them.
pub mod demo {
    use super::Caller;

    /// SOR code of the municipal nursing in Hedensted. Made up.
    pub const MUNICIPALITY: &str = "990000000000766";
    /// SOR code of the wound clinic at Regionshospitalet Horsens. Made up.
    pub const HOSPITAL: &str = "990000000006008";
    /// SOR code of a general practice in Hedensted. Made up.
    pub const PRACTICE: &str = "990000000012345";
    /// SOR code of the wound centre at Aarhus Universitetshospital, to which the clinic in Horsens may forward. Made up.
    pub const OTHER_HOSPITAL: &str = "990000000006620";
    /// SOR code of the municipal nursing in Odder, which has no part in the demo's patient. Made up.
    pub const OTHER_MUNICIPALITY: &str = "990000000000727";

    /// Who can be tried out: the name of the token file, and the person.
    pub fn people() -> Vec<(&'static str, Caller)> {
        [
            ("nurse", "demo-nurse", "Anna Nørgaard", MUNICIPALITY, "nurse"),
            ("specialist", "demo-specialist", "Søren Holm", HOSPITAL, "specialist"),
            ("specialist2", "demo-specialist-2", "Mette Lund", HOSPITAL, "specialist"),
            ("other_specialist", "demo-other-specialist", "Lise Bak", OTHER_HOSPITAL, "specialist"),
            ("coordinator", "demo-coordinator", "Ole Friis", MUNICIPALITY, "coordinator"),
            ("gp", "demo-gp", "Karen Dahl", PRACTICE, "gp"),
            ("outsider", "demo-outsider", "Jens Krog", OTHER_MUNICIPALITY, "nurse"),
            ("administrator", "demo-administrator", "Administrator", "", "administrator"),
        ]
        .map(|(file, person, display_name, organisation, role)| {
            let caller = Caller {
                person: person.to_owned(),
                display_name: display_name.to_owned(),
                organisation: organisation.to_owned(),
                role: role.to_owned(),
            };
            (file, caller)
        })
        .into()
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
