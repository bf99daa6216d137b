//! Wounds: from the photo in the patient's home to the specialist's answer.
//!
//! | folder | what |
//! | --- | --- |
//! | `wound` | the wound itself, who takes part in it, the clock on its next photos |
//! | `visit` | what the nurse saw, and the photos that belong to it |
//! | `photo` | announcement, upload, image steps, download |
//! | `assessment` | the question, the claim, the answer, the clock |
//! | `outline` | what a person drew on a photo, measured |
//! | `suggestion` | outlines that a model suggests, and what people made of them |
//! | `score`, `healing` | scores by published tables; the area from visit to visit |
//! | `flag`, `safety` | what somebody should look at before it is too late |
//! | `follow` | referrals, and where the patient is |
//! | `measure` | what is told of the queue and of the image steps |
//! | `message`, `watch`, `viewers`, `sweep` | talk on the case; live streams; who has seen it; orphans |
//!
//! The main line: a nurse opens a wound, records a visit that announces its photos, uploads them, completes the visit and
//! requests an assessment. A specialist claims it from the queue and answers. `careplan` follows.
//!
//! Three things hold throughout. The relation to the patient is checked before anything is looked up, and who takes part
//! in the wound right after it. A photo's bytes are durable before the row says so, and the row before the receipt. What
//! a clinician wrote is never overwritten: an answer has versions.

mod access;
mod assessment;
mod error;
mod flag;
mod follow;
mod healing;
mod measure;
mod message;
mod outline;
mod photo;
mod rpc;
mod safety;
mod score;
mod settings;
mod suggestion;
mod sweep;
mod tell;
mod viewers;
mod visit;
mod watch;
mod wound;

use std::sync::Arc;

use futures::{FutureExt as _, future::BoxFuture};
use samspil_kit::{Base, alarms, assemble::Part, follow as following};
use samspil_proto::wound::v1::wound_service_server::WoundServiceServer;
use samspil_store::{Migrations, objects::Objects};
use samspil_upload::Uploads;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tonic::service::RoutesBuilder;

pub use error::Reason;
pub use settings::Settings;

/// The tables of this service.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: samspil_store::sqlx::migrate!("migrations/sqlite"),
    postgres: samspil_store::sqlx::migrate!("migrations/postgres"),
};

/// What the rows of photos say of their objects, for who looks whether they agree.
pub const FILES: samspil_upload::Files = photo::FILES;

/// The largest message: a chunk of 1 MiB and its frame.
const MAX_MESSAGE: usize = (1 << 20) + (64 << 10);

/// The service.
#[derive(Clone)]
pub struct Wounds {
    base: Base,
    objects: Objects,
    settings: Arc<Settings>,
    uploads: Uploads,
    /// Photos that are decoded at a time.
    decoders: Arc<Semaphore>,
    tiles: photo::tile::Tiles,
    shown: watch::Shown,
}

impl Wounds {
    /// On its database and its store of photos.
    pub fn new(base: Base, objects: Objects, settings: Settings) -> Self {
        let uploads = Uploads::new(base.clone(), objects.clone(), photo::TABLES, settings.uploads.clone());
        let decoders = Arc::new(Semaphore::new(settings.decoders));
        Self {
            base,
            objects,
            settings: Arc::new(settings),
            uploads,
            decoders,
            tiles: Default::default(),
            shown: Default::default(),
        }
    }
}

impl Part for Wounds {
    fn name(&self) -> &'static str {
        "wound"
    }

    fn base(&self) -> &Base {
        &self.base
    }

    fn routes(&self, routes: &mut RoutesBuilder) {
        routes.add_service(WoundServiceServer::new(self.clone()).max_decoding_message_size(MAX_MESSAGE));
    }

    fn health(&self) -> Vec<&'static str> {
        vec!["samspil.wound.v1.WoundService"]
    }

    fn handlers(&self) -> Vec<Arc<dyn following::Handler>> {
        vec![Arc::new(following::Citizens::new(follow::Presences)), Arc::new(follow::Referrals)]
    }

    fn workers(&self, stop: &CancellationToken) -> Vec<BoxFuture<'static, ()>> {
        let clocks: Vec<Arc<dyn alarms::Alarms>> = vec![
            Arc::new(assessment::alarm::AnswerAlarms),
            Arc::new(wound::clock::PhotoAlarms),
            Arc::new(flag::alarm::FlagAlarms),
        ];
        vec![
            photo::steps::work(self.clone(), stop.clone()).boxed(),
            suggestion::analyse::work(self.clone(), stop.clone()).boxed(),
            alarms::work(self.base.clone(), clocks, self.settings.poll, stop.clone()).boxed(),
            sweep::work(self.clone(), stop.clone()).boxed(),
            measure::work(self.base.clone(), stop.clone()).boxed(),
        ]
    }
}
