//! Where a presence touches the reconciliation of the medication: [`asked`] before the transaction begins, [`effect`] in it,
//! after the effects on the activities.

use samspil_kit::{Error, follow::Step};
use samspil_proto::directory::v1::PresenceChanged;
use uuid::Uuid;

use crate::{activity::Owner, plan::Held};

/// Who is to reconcile, where the event is a discharge and there is somebody to ask.
pub(super) async fn asked(_step: &Step, _patient: Uuid, _event: &PresenceChanged) -> Result<Option<Owner>, Error> {
    Ok(None)
}

/// Opens a reconciliation after a discharge, takes one back after a correction, ends one at a death.
pub(super) async fn effect(
    _step: &mut Step,
    _held: &Held,
    _patient: Uuid,
    _event: &PresenceChanged,
    _owner: Option<Owner>,
) -> Result<(), Error> {
    Ok(())
}
