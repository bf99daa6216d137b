//! Referrals between municipality, general practice and hospital.
//!
//! A referral has two sides. The sender writes it, sends it, and can take it back until it is decided. The receiver learns of
//! it when it is sent, confirms that it has arrived, and then takes the patient on or turns the referral down, with a reason.
//! Which verb leads from which state to which stands in one table, `referral/state.rs`.
//!
//! Every step stays in the referral's history, and every verb is an event that both sides can watch; while it is written and
//! not yet sent, there is nothing to watch. `wound` follows `ReferralAccepted`: it lets the receiver take part in the wound
//! that the referral is about. An event names organisations and codes; the referrer's words are in the referral alone.
//!
//! A referral is shown to its two sides, as long as a consent of the patient covers them. To everybody else who may see the
//! patient it does not exist.
//!
//! `referral.rs` is the model with its rules. Below it, `rpc.rs` takes calls in, `act.rs` makes the changes, `read.rs` shows
//! and streams, `sql.rs` has the statements.

use std::sync::Arc;

use futures::future::BoxFuture;
use samspil_kit::{Base, assemble::Part};
use samspil_proto::referral::v1::referral_service_server::ReferralServiceServer;
use samspil_store::Migrations;
use tonic::{server::NamedService, service::RoutesBuilder};

pub mod error;
mod follow;
mod referral;

/// The tables of this service.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: samspil_store::sqlx::migrate!("migrations/sqlite"),
    postgres: samspil_store::sqlx::migrate!("migrations/postgres"),
};

/// The service.
#[derive(Clone)]
pub struct Referrals {
    base: Base,
}

impl Referrals {
    /// On its database.
    pub fn new(base: Base) -> Self {
        Self { base }
    }
}

impl Part for Referrals {
    fn name(&self) -> &'static str {
        "referral"
    }

    fn base(&self) -> &Base {
        &self.base
    }

    fn routes(&self, routes: &mut RoutesBuilder) {
        routes.add_service(ReferralServiceServer::new(self.clone()));
    }

    fn health(&self) -> Vec<&'static str> {
        vec![<ReferralServiceServer<Referrals> as NamedService>::NAME]
    }

    fn handlers(&self) -> Vec<Arc<dyn samspil_kit::follow::Handler>> {
        vec![Arc::new(samspil_kit::follow::Citizens::new(follow::Presences))]
    }

    fn workers(&self, _stop: &tokio_util::sync::CancellationToken) -> Vec<BoxFuture<'static, ()>> {
        vec![]
    }
}
