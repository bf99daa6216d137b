//! What the events of other services do here.

/// What happens here when a patient is admitted, comes home or dies.
pub(crate) struct Presences;

impl samspil_kit::follow::OnPresence for Presences {
    fn changed<'a>(
        &'a self,
        _patient: uuid::Uuid,
        _event: &'a samspil_proto::directory::v1::PresenceChanged,
        _step: &'a mut samspil_kit::follow::Step,
    ) -> futures::future::BoxFuture<'a, Result<(), samspil_kit::Error>> {
        Box::pin(async { Ok(()) })
    }
}
