//! Following another service's log, so that what happened there has its effect here exactly once.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use prost::Name as _;
use samspil_proto::{
    directory::v1::{Presence, PresenceChanged},
    event::v1::{Event, ReadRequest},
    names::PatientName,
    time,
};
use samspil_store::{Tx, cursors, presences};
use tokio_util::sync::CancellationToken;
use tonic_types::StatusExt as _;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    Base, Error, Reason as _,
    common::Common,
    telemetry::{self, metrics::Following},
};

mod relations;

/// What an event of another service does here.
pub trait Handler: Send + Sync + 'static {
    /// The service that is followed.
    fn source(&self) -> &'static str;

    /// Full message names of the events that matter.
    fn types(&self) -> Vec<String>;

    /// Has the event's effect, all of it in `step`'s transaction. Whatever else it needs, such as a resource of the other
    /// service, it asks for before it begins that transaction. Called again after an error.
    fn handle<'a>(&'a self, event: &'a Event, step: &'a mut Step) -> BoxFuture<'a, Result<(), Error>>;
}

/// The transaction of one event's effect. The cursor moves in it.
pub struct Step {
    base: Base,
    tx: Option<Tx>,
}

impl Step {
    /// The transaction, begun when it is first asked for.
    ///
    /// # Errors
    /// As the engine.
    pub async fn tx(&mut self) -> Result<&mut Tx, Error> {
        if self.tx.is_none() {
            self.tx = Some(self.base.db.begin().await?);
        }
        self.tx.as_mut().ok_or_else(|| Error::internal("a transaction that was just begun"))
    }

    /// What the service stands on.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Writes an event of this service that the effect causes, in the transaction.
    ///
    /// # Errors
    /// As the engine.
    pub async fn event<E: prost::Message + prost::Name>(
        &mut self,
        subject: &str,
        organisations: &[String],
        event: &E,
    ) -> Result<(), Error> {
        let (id, time) = (self.base.clock.id(), self.base.clock.now());
        let traceparent = telemetry::current_traceparent();
        let new = samspil_store::outbox::NewEvent {
            id,
            r#type: &E::full_name(),
            subject,
            organisations,
            time,
            traceparent: &traceparent,
            data: event.encode_to_vec(),
        };
        Ok(samspil_store::outbox::put(self.tx().await?, new).await?)
    }
}

/// Reads an event's payload.
///
/// # Errors
/// When it is not what its type says.
pub fn payload<M: prost::Message + Default>(event: &Event) -> Result<M, Error> {
    let data = event.data.as_ref().map(|data| data.value.as_slice()).unwrap_or_default();
    Ok(M::decode(data)?)
}

/// Follows until it is told to stop. What fails is logged and tried again, later and later: an event is never skipped.
pub async fn run(base: Base, own_name: &'static str, handler: Arc<dyn Handler>, stop: CancellationToken) {
    let mut pause = Pause::new();
    let following = Following::of(base.clock.clone(), own_name, handler.source());
    loop {
        let round = follow(&base, own_name, &*handler, &mut pause, &following);
        tokio::select! {
            () = stop.cancelled() => return,
            // The other replica has done with us, and the next one is asked at once.
            ended = round => if let Err(error) = ended.or_else(moved) {
                following.is_interrupted(base.clock.now());
                tracing::warn!(follower = own_name, source = handler.source(), reason = error.reason(), "following was interrupted");
                // Logs the cause of what broke here.
                let _ = tonic::Status::from(error);
            },
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause.next()) => {}
        }
    }
}

/// A stream that was told to go on elsewhere has not failed.
fn moved(error: Error) -> Result<(), Error> {
    let moved = |status: &tonic::Status| {
        let reason = status.get_details_error_info().map(|info| info.reason);
        reason.as_deref() == Some(Common::StreamMoved.name())
    };
    match error {
        Error::Peer(status) if moved(&status) => Ok(()),
        other => Err(other),
    }
}

/// From a hundredth of a second to five, until something goes well.
struct Pause(Duration);

impl Pause {
    fn new() -> Pause {
        Pause(Duration::from_millis(10))
    }

    fn next(&mut self) -> Duration {
        self.0 = (self.0 * 2).min(Duration::from_secs(5));
        self.0
    }
}

async fn follow(
    base: &Base,
    own_name: &'static str,
    handler: &dyn Handler,
    pause: &mut Pause,
    following: &Following,
) -> Result<(), Error> {
    let follower = format!("{own_name}<{}", handler.source());
    let mut at = cursors::get(&mut base.db.read().await?, &follower).await?;
    let request = ReadRequest { source: handler.source().to_owned(), after_sequence: at, types: handler.types() };
    let peer = |status: tonic::Status| Error::Peer(Box::new(status));
    let mut events = base.peers.event_log(handler.source()).read(request).await.map_err(peer)?.into_inner();
    following.is_up_to_date();
    while let Some(event) = events.message().await.map_err(peer)? {
        let span = tracing::info_span!(
            "event",
            otel.name = format!("{own_name} follows {}", event.r#type.rsplit('.').next().unwrap_or_default()),
            otel.kind = "consumer",
            messaging.system = "samspil",
            messaging.operation.type = "process",
            messaging.message.id = event.id,
            samspil.resource = event.subject,
        );
        telemetry::continues(&span, telemetry::context_of(&event.traceparent));
        following.has(event.time.as_ref().and_then(time::from_wire).unwrap_or_else(|| base.clock.now()));
        let handled = async {
            let mut step = Step { base: base.clone(), tx: None };
            handler.handle(&event, &mut step).await?;
            step.tx().await?;
            let mut tx = step.tx.take().ok_or_else(|| Error::internal("a transaction that was just begun"))?;
            // Another replica was faster: its transaction had the effect, ours must not.
            if !cursors::advance(&mut tx, &follower, at, event.sequence).await? {
                return Err(Error::from(Common::EtagMismatch));
            }
            Ok(tx.commit().await?)
        };
        let handled = handled.instrument(span).await;
        following.handled(match &handled {
            Ok(()) => "done",
            // No failure: the effect was had, by another replica.
            Err(error) if error.reason() == "ETAG_MISMATCH" => "elsewhere",
            Err(_) => "failed",
        });
        handled?;
        following.is_up_to_date();
        at = event.sequence;
        *pause = Pause::new();
    }
    Ok(())
}

/// What a service does when a patient is admitted, comes home or dies.
pub trait OnPresence: Send + Sync + 'static {
    /// Has the effect, in `step`'s transaction. The copy in `presences` still has the presence before.
    fn changed<'a>(
        &'a self,
        patient: Uuid,
        event: &'a PresenceChanged,
        step: &'a mut Step,
    ) -> BoxFuture<'a, Result<(), Error>>;
}

/// Why a clock changed with a presence, as its [`ClockChanged`](samspil_proto::common::v1::ClockChanged) says.
pub fn why(event: &PresenceChanged) -> &'static str {
    match event.presence() {
        _ if event.correction => "CORRECTED",
        Presence::Admitted => "ADMITTED",
        Presence::OnLeave => "ON_LEAVE",
        Presence::Deceased => "DECEASED",
        Presence::Home | Presence::Unspecified => "DISCHARGED",
    }
}

/// Follows `directory`, as every other service does: keeps the copies of consents, blocks, emergency accesses and presences, and
/// has the effect of a presence.
pub struct Citizens {
    on_presence: Arc<dyn OnPresence>,
}

impl Citizens {
    /// With this effect of a presence.
    pub fn new(on_presence: impl OnPresence) -> Citizens {
        Citizens { on_presence: Arc::new(on_presence) }
    }
}

impl Handler for Citizens {
    fn source(&self) -> &'static str {
        "directory"
    }

    fn types(&self) -> Vec<String> {
        relations::types().into_iter().chain([PresenceChanged::full_name()]).collect()
    }

    fn handle<'a>(&'a self, event: &'a Event, step: &'a mut Step) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            if event.r#type != PresenceChanged::full_name() {
                return relations::copy(event, step).await;
            }
            let PatientName { patient } = event.subject.parse()?;
            let changed: PresenceChanged = payload(event)?;
            self.on_presence.changed(patient, &changed, step).await?;
            let since = changed.time.as_ref().and_then(time::from_wire).unwrap_or_else(|| step.base.clock.now());
            Ok(presences::put(step.tx().await?, patient, changed.presence(), since).await?)
        })
    }
}
