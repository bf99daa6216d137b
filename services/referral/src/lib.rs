//! Referrals between municipality, general practice and hospital, after MedCom's logical model.
//!
//! A referral has a sender and a receiver, and perhaps a general practice that has to let it go out. The sender writes it,
//! sends it, corrects it, holds it, replaces it or takes it back. The receiver confirms that it has arrived and then takes the
//! patient on, turns it down, passes it on or asks for more; who has taken the patient on books and, in the end, writes the
//! discharge letter. Which verb leads from which stage to which stands in one table, `referral/state.rs`, and is drawn in
//! docs/referral-states.md.
//!
//! Who has to decide has a clock. It stands still while the referral is on hold, or while the receiver waits for a supplement.
//! An admission of the patient changes nothing here: the hospital decides all the same, and often sooner. A death ends every
//! referral that is open, so that everybody who waits for one hears of it.
//!
//! Every step stays in the history, with whom it was told to and when that came to them. Every verb is an event that all who
//! see the referral can watch; an event names organisations and codes, the words are in the referral alone. `wound` follows
//! what is accepted: it lets the receiver take part in the wound, or opens one, which is then tied to the referral here.
//!
//! A referral is seen by its sender; by the approver, once it was asked; by each receiver, once it was sent there, for good. A
//! consent has to cover them all the while. To everybody else who may see the patient it does not exist.
//!
//! | file | what |
//! | --- | --- |
//! | `referral` | the model with its rules; `act` makes the changes, `read`, `list`, `watch` and `show` bring them out |
//! | `attachment` | photos that are tied and files that are uploaded |
//! | `follow`, `sweep` | other services' events; objects that nobody names |

use std::{sync::Arc, time::Duration};

use futures::{FutureExt as _, future::BoxFuture};
use samspil_kit::{Base, alarms, assemble::Part, follow as following};
use samspil_proto::referral::v1::referral_service_server::ReferralServiceServer;
use samspil_store::{Migrations, objects::Objects};
use samspil_upload::Uploads;
use tokio_util::sync::CancellationToken;
use tonic::{server::NamedService, service::RoutesBuilder};

mod attachment;
pub mod error;
mod follow;
mod referral;
mod sweep;

/// The tables of this service.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: samspil_store::sqlx::migrate!("migrations/sqlite"),
    postgres: samspil_store::sqlx::migrate!("migrations/postgres"),
};

/// The largest message: a chunk of 1 MiB and its frame.
const MAX_MESSAGE: usize = (1 << 20) + (64 << 10);

/// How often the clocks are looked at.
const ALARMS_EVERY: Duration = Duration::from_secs(1);

/// What the rows of attached files say of their objects, for who looks whether they agree.
pub const FILES: samspil_upload::Files = attachment::FILES;

/// The service.
#[derive(Clone)]
pub struct Referrals {
    base: Base,
    objects: Objects,
    uploads: Uploads,
}

impl Referrals {
    /// On its database and its store of attachments.
    pub fn new(base: Base, objects: Objects) -> Self {
        let settings = samspil_upload::Settings::default();
        let uploads = Uploads::new(base.clone(), objects.clone(), attachment::TABLES, settings);
        Self { base, objects, uploads }
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
        routes.add_service(ReferralServiceServer::new(self.clone()).max_decoding_message_size(MAX_MESSAGE));
    }

    fn health(&self) -> Vec<&'static str> {
        vec![<ReferralServiceServer<Referrals> as NamedService>::NAME]
    }

    fn handlers(&self) -> Vec<Arc<dyn following::Handler>> {
        vec![Arc::new(following::Citizens::new(follow::Presences)), Arc::new(follow::Wounds)]
    }

    fn workers(&self, stop: &CancellationToken) -> Vec<BoxFuture<'static, ()>> {
        let clocks: Vec<Arc<dyn alarms::Alarms>> = vec![Arc::new(referral::ReferralClocks)];
        vec![
            alarms::work(self.base.clone(), clocks, ALARMS_EVERY, stop.clone()).boxed(),
            sweep::work(self.clone(), stop.clone()).boxed(),
        ]
    }
}
