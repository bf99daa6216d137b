//! Who calls: tokens in, a [`Caller`] out.
//!
//! | module | what it is about |
//! | --- | --- |
//! | `verifier` | whose token it is, and what the edge gets to know of it |
//! | `provider` | OpenID Connect: discovery, keys, times |
//! | `mapping` | claims of a provider → [`Caller`], by configuration |
//! | `sign_outs` | which tokens are no longer good since their person has signed out |
//! | `issuer` | our own key: services among themselves, and made-up people for trying out and for tests |
//! | `demo` | those people |

use std::path::Path;

use samspil_proto::common::v1::Actor;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub mod demo;
mod issuer;
mod mapping;
mod provider;
mod sign_outs;
mod verifier;

pub use issuer::Issuer;
pub use mapping::{Claims, Client, Settings};
pub use provider::Provider;
pub use sign_outs::{Session, SignOuts};
pub use verifier::{Verified, Verifier};

/// The audience that a token has to name.
pub const AUDIENCE: &str = "samspil";

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
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

    /// A service, by itself or with somebody's call that it passes on.
    pub(crate) fn works_for_others(&self) -> bool {
        self.is_service() || !self.via.is_empty()
    }

    /// Its name, of a service: `wound`.
    pub(crate) fn service(&self) -> Option<&str> {
        self.person.strip_prefix("service:").filter(|_| self.is_service())
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
