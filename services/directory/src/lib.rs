//! Who is who: organisations, citizens, consents.
//!
//! This is the one service that knows a person number. It gives each citizen an opaque patient id, and that id is all that
//! any other service, name, event or log has. It also owns the truth about consents: the others keep a copy by following its
//! events, and ask it ([`CheckRelation`](samspil_proto::directory::v1::CheckRelationRequest)) where their copy knows nothing.
//!
//! | module | what it is about |
//! | --- | --- |
//! | `organisation` | who takes part in treatment, by SOR code; which municipality it lies in |
//! | `person_number` | the forms of CPR and of replacement numbers, and what they tell |
//! | `citizen` | registering by number, finding, one more number |
//! | `consent` | who may share a course of treatment, from when until when |
//! | `hospital` | what hospitals tell of a citizen, and where the citizen is by it |
//! | `relation` | who has to do with a citizen, by the rules of [`samspil_kit::access`], and why |
//! | `block` | whom a citizen keeps out |
//! | `emergency` | who broke the glass |
//! | `check` | what somebody has to answer for afterwards |
//!
//! Each has its rules in its own file, and below it `act` (one function per call, one transaction per change), `sql` (the
//! statements) and `rpc` (wire ↔ model). Here a relation is read as it was recorded, so the copies that every
//! service's database has tables for (`consents`, `blocks`, `emergencies`) stay empty.
//!
//! Person numbers stand in one table of their own, sealed (see [`samspil_store::keyring`]), and are found by a keyed hash.

use std::sync::Arc;

use futures::future::BoxFuture;
use samspil_kit::{Base, Error, assemble::Part, follow};
use samspil_proto::directory::v1::directory_service_server::{DirectoryServiceServer, SERVICE_NAME};
use samspil_store::{Db, Migrations};
use tonic::service::RoutesBuilder;
use uuid::Uuid;

mod block;
mod check;
mod citizen;
mod consent;
mod demo;
mod emergency;
pub mod error;
mod hospital;
mod organisation;
mod person_number;
mod relation;
mod rpc;

pub use demo::put_demo_organisations;

/// What an organisation is called, by its SOR code, for who reads the database without the service.
///
/// # Errors
/// As the engine.
pub async fn organisation_name(db: &Db, sor: &str) -> Result<Option<String>, samspil_store::Error> {
    let organisation = organisation::sql::get(&mut db.read().await?, sor).await?;
    Ok(organisation.map(|organisation| organisation.display_name))
}

/// Seals the numbers of a database that is older than their sealing. To be called before anything is served; it tells how many
/// there were.
///
/// # Errors
/// As the engine.
pub async fn seal_numbers(base: &Base) -> Result<u64, Error> {
    citizen::sealing::seal_all(base).await
}

/// Seals every number with the present key. It may run while others are served.
///
/// # Errors
/// As the engine; when a number does not open with the keys that there are.
pub async fn reseal_numbers(base: &Base) -> Result<u64, Error> {
    citizen::sealing::reseal_all(base).await
}

/// The CPR number of a citizen, for a register that knows citizens by nothing else. None where only a replacement number is known.
///
/// # Errors
/// As the engine; when the number does not open with the keys that there are.
pub async fn cpr_number(base: &Base, patient: Uuid) -> Result<Option<String>, Error> {
    let numbers = citizen::sql::numbers(&mut base.db.read().await?, &base.keys, patient).await?;
    let cpr = numbers.into_iter().find(|number| number.kind() == person_number::Kind::Cpr);
    Ok(cpr.map(|number| number.as_stored().to_owned()))
}

/// The tables of this service.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: samspil_store::sqlx::migrate!("migrations/sqlite"),
    postgres: samspil_store::sqlx::migrate!("migrations/postgres"),
};

/// The service.
#[derive(Clone)]
pub struct Directory {
    base: Base,
}

impl Directory {
    /// On its database.
    pub fn new(base: Base) -> Self {
        Self { base }
    }
}

impl Part for Directory {
    fn name(&self) -> &'static str {
        "directory"
    }

    fn base(&self) -> &Base {
        &self.base
    }

    fn routes(&self, routes: &mut RoutesBuilder) {
        routes.add_service(DirectoryServiceServer::new(self.clone()));
    }

    fn health(&self) -> Vec<&'static str> {
        vec![SERVICE_NAME]
    }

    fn handlers(&self) -> Vec<Arc<dyn follow::Handler>> {
        // It follows nobody: the others follow it.
        vec![]
    }

    fn workers(&self, _stop: &tokio_util::sync::CancellationToken) -> Vec<BoxFuture<'static, ()>> {
        vec![]
    }
}
