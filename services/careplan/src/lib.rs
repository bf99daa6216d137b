//! Shared care plans: who does what by when, across the organisations that a patient's consent covers.
//!
//! A plan is the patient's one list of [activities](activity), and what they are about: who takes part, the conditions, the
//! goals, the notes (`part`). Each activity has one owner, and nothing enters an owner's duty without the owner's yes: what
//! another organisation adds is PROPOSED until the owner accepts or declines it. Nobody opens a plan; a patient for whom nothing
//! was planned has an empty one.
//!
//! Activities come from two sides:
//!
//! - a person adds one (`CreateActivity`, in `activity/act.rs`), to be done once or again and again ([`recurrence`]);
//! - another service tells of something ([`follow`]): a question becomes an activity of the hospital, each line of the signed
//!   answer a proposal to the municipality, a referral that comes back a proposal to its sender.
//!
//! An activity has a clock: while it is PROPOSED on the owner's decision, so that no proposal is forgotten; from the owner's yes
//! on the due time. The municipality's clocks stand still while the patient is in hospital.
//!
//! Every change of a plan begins with `plan::Held`: it counts up the plan's own row in `care_plans`. That row is the plan's
//! version and its lock: two changes of one plan wait for each other, whichever parts they touch, and so cannot lock these in
//! different orders. Every change of a part ends in `versions`, where nothing is overwritten; older plans, and what changed
//! between two, are read from there.
//!
//! To add a verb: put it into the table in `activity/verb.rs`, its rule into `activity/change.rs`, its use case below
//! `activity/act.rs`, and its event into `proto/samspil/careplan/v1/events.proto`.

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

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use samspil_kit::{
    Base,
    alarms::{self, Alarms},
    assemble::Part,
    follow::Handler,
};
use samspil_proto::careplan::v1::care_plan_service_server::{CarePlanServiceServer, SERVICE_NAME};
use samspil_store::Migrations;
use tokio_util::sync::CancellationToken;
use tonic::service::RoutesBuilder;

pub use error::Reason;

/// The tables of this service.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: samspil_store::sqlx::migrate!("migrations/sqlite"),
    postgres: samspil_store::sqlx::migrate!("migrations/postgres"),
};

/// How often clocks are looked at.
const POLL: Duration = Duration::from_secs(1);

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
        vec![
            Arc::new(samspil_kit::follow::Citizens::new(follow::Presences)),
            Arc::new(follow::FollowWound),
            Arc::new(follow::FollowReferral),
        ]
    }

    fn workers(&self, stop: &CancellationToken) -> Vec<BoxFuture<'static, ()>> {
        let clocks: Vec<Arc<dyn Alarms>> = vec![Arc::new(activity::alarms::ActivityClocks)];
        vec![Box::pin(alarms::work(self.base.clone(), clocks, POLL, stop.clone()))]
    }
}
