//! The web tool: its files, its sign-in, and what it needs beyond the records themselves.
//!
//! This service answers browsers. Everything about patients it leaves to the others: the tool in the browser calls them over
//! gRPC-Web on the same address, with the token that it got here.
//!
//! | module | what it is about |
//! | --- | --- |
//! | `site` | the built files of `web/`, from within the binary |
//! | `about` | `/app.json`: what the tool has to know of the installation |
//! | `answers` | what every answer to a browser carries, and its line in the log |
//! | `sign_in` | the built-in issuer as an OpenID Connect provider, for trying out |
//! | `caller` | who the caller is here |
//! | `device_key` | the key with which a person's devices encrypt what waits in them |
//! | `text_blocks` | texts that an organisation answers with again and again |

use std::sync::Arc;

use futures::future::BoxFuture;
use samspil_kit::{Base, assemble::Part, follow, identity::Issuer};
use samspil_proto::review::v1::review_service_server::{ReviewServiceServer, SERVICE_NAME};
use samspil_store::Migrations;
use tonic::service::RoutesBuilder;

mod about;
mod answers;
mod caller;
mod device_key;
pub mod error;
mod rpc;
mod sign_in;
mod site;
mod text_blocks;

/// The tables of this service.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: samspil_store::sqlx::migrate!("migrations/sqlite"),
    postgres: samspil_store::sqlx::migrate!("migrations/postgres"),
};

/// What an installation says about its web tool.
pub struct Settings {
    /// Where a person looks at a trace: an address with `{trace_id}` in it. Empty for nowhere.
    pub trace_url: String,
    /// The provider that people sign in at. None for the built-in one, which signs in anybody.
    pub sign_in: Option<SignIn>,
    /// The tool's files. `None` where it was not built.
    pub files: Option<memory_serve::MemoryServe>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { trace_url: String::new(), sign_in: None, files: site::built() }
    }
}

/// A provider that people sign in at, in the words of OpenID Connect.
#[derive(Debug, Clone, Default)]
pub struct SignIn {
    /// The issuer.
    pub authority: String,
    /// The web tool's client id there.
    pub client_id: String,
    /// The command line's client id there. Empty for none.
    pub device_client_id: String,
    /// What is asked for beside `openid`.
    pub scope: String,
    /// The resource that tokens are for (RFC 8707). Empty where the provider wants none.
    pub resource: String,
}

/// The service.
#[derive(Clone)]
pub struct Review {
    base: Base,
    web: axum::Router,
}

impl Review {
    /// On its database, with the issuer that people sign in at.
    pub fn new(base: Base, issuer: Issuer, settings: Settings) -> Self {
        let mut web = site::router(settings.files).merge(about::router(settings.trace_url, settings.sign_in.as_ref()));
        if settings.sign_in.is_none() {
            web = web.merge(sign_in::router(base.db.clone(), base.clock.clone(), issuer));
        }
        let provider = settings.sign_in.map(|sign_in| sign_in.authority);
        Self { base, web: answers::finish(web, provider.as_deref()) }
    }
}

impl Part for Review {
    fn name(&self) -> &'static str {
        "review"
    }

    fn base(&self) -> &Base {
        &self.base
    }

    fn routes(&self, routes: &mut RoutesBuilder) {
        routes.add_service(ReviewServiceServer::new(self.clone()));
    }

    fn web(&self) -> Option<axum::Router> {
        Some(self.web.clone())
    }

    fn health(&self) -> Vec<&'static str> {
        vec![SERVICE_NAME]
    }

    fn handlers(&self) -> Vec<Arc<dyn follow::Handler>> {
        // Nothing here is about a patient, so there is nobody to follow.
        vec![]
    }

    fn workers(&self, _stop: &tokio_util::sync::CancellationToken) -> Vec<BoxFuture<'static, ()>> {
        vec![]
    }
}
