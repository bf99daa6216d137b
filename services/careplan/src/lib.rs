//! Shared care plans: who does what by when, across the organisations that a patient's consent covers.
//!
//! A plan is the patient's one list of [activities](activity). Each has one owner, and nothing enters an owner's duty without
//! the owner's yes: what another organisation adds is PROPOSED until the owner accepts or declines it. Nobody opens a plan;
//! a patient without activities has an empty one.
//!
//! Activities come from two sides:
//!
//! - a person adds one (`CreateActivity`, in `activity/act.rs`);
//! - `wound` tells of a question or of an answer ([`follow`]): the question becomes an activity of the hospital, and each line
//!   of the signed answer a proposal to the municipality.
//!
//! Every change of a plan first counts up the plan's own row in `care_plans`. That row is the plan's etag and its lock: two
//! changes of one plan wait for each other, whichever activities they touch, and so cannot lock these in different orders.
//!
//! To add a verb: put it into the table in `activity.rs`, write its use case in `activity/act.rs`, and its event in
//! `proto/samspil/careplan/v1/events.proto`.

pub mod activity;
mod error;
pub mod follow;
mod owners;
mod part;
mod plan;
mod reconciliation;
pub mod recurrence;
mod rpc;
mod versions;

use std::sync::Arc;

use futures::future::BoxFuture;
use samspil_kit::{Base, assemble::Part, follow::Handler};
use samspil_proto::careplan::v1::care_plan_service_server::{CarePlanServiceServer, SERVICE_NAME};
use samspil_store::Migrations;
use tonic::service::RoutesBuilder;

pub use error::Reason;

/// The tables of this service.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: samspil_store::sqlx::migrate!("migrations/sqlite"),
    postgres: samspil_store::sqlx::migrate!("migrations/postgres"),
};

/// The service.
#[derive(Clone)]
pub struct CarePlans {
    base: Base,
}

impl CarePlans {
    /// On its database.
    pub fn new(base: Base) -> Self {
        Self { base }
    }
}

impl Part for CarePlans {
    fn name(&self) -> &'static str {
        "careplan"
    }

    fn base(&self) -> &Base {
        &self.base
    }

    fn routes(&self, routes: &mut RoutesBuilder) {
        routes.add_service(CarePlanServiceServer::new(self.clone()));
    }

    fn health(&self) -> Vec<&'static str> {
        vec![SERVICE_NAME]
    }

    fn handlers(&self) -> Vec<Arc<dyn Handler>> {
        vec![Arc::new(samspil_kit::follow::Citizens::new(follow::Presences)), Arc::new(follow::FollowWound)]
    }

    fn workers(&self, _stop: &tokio_util::sync::CancellationToken) -> Vec<BoxFuture<'static, ()>> {
        vec![]
    }
}
