//! What a discharge, its correction and a death do to a patient's reconciliation.
//!
//! | presence | effect |
//! | --- | --- |
//! | HOME after a stay | one is opened, once for each hospital event; an open one whose task came to nothing gets a new task |
//! | HOME was told wrongly | the one that the discharge opened is CANCELLED while nobody has touched it, with its task |
//! | ADMITTED to another stay | a discharge list that the open one has is of an earlier stay: it cannot be closed with it |
//! | DECEASED | the open one is CANCELLED; its task is cancelled with every other activity |

use samspil_kit::{Error, follow::Step};
use samspil_proto::{
    careplan::v1::{ActivityCancelled, ActivityProposed, ReconciliationCancelled, ReconciliationOpened},
    common::v1::Actor,
    directory::v1::{Presence, PresenceChanged},
    time,
};
use uuid::Uuid;

use super::{
    Reconciliation, reconciler, sql,
    task::{self, Asked, Opening},
};
use crate::{activity::Owner, plan::Held};

/// Why the task of a reconciliation ends whose discharge did not happen.
const TAKEN_BACK: &str = "DISCHARGE_TAKEN_BACK";

/// Who is asked to reconcile, if this is a discharge and the patient's consent covers anybody. Asks `directory`, so it comes
/// before the transaction.
pub(crate) async fn owner(step: &Step, patient: Uuid, event: &PresenceChanged) -> Result<Option<Owner>, Error> {
    if !is_discharge(event) {
        return Ok(None);
    }
    let owner = reconciler::choose_for(step.base(), patient).await?;
    if owner.is_none() {
        // Nobody could see it, nor put a list in.
        tracing::warn!(
            resource = event.hospital_event,
            "nobody is there to reconcile the medication after a discharge"
        );
    }
    Ok(owner)
}

/// Has the effect of a presence. `owner` is whom [`owner`] found.
pub(crate) async fn changed(
    step: &mut Step,
    held: &Held,
    patient: Uuid,
    event: &PresenceChanged,
    owner: Option<Owner>,
) -> Result<(), Error> {
    if event.presence() == Presence::Deceased {
        return end_at_death(step, held, patient).await;
    }
    if is_discharge(event)
        && let Some(owner) = owner
    {
        return open_after_discharge(step, held, patient, event, owner).await;
    }
    if event.presence() == Presence::Admitted && event.previous() != Presence::OnLeave && !event.correction {
        let at = event.time.as_ref().and_then(time::from_wire).unwrap_or_else(|| step.base().clock.now());
        return sql::admitted(step.tx().await?, patient, at).await;
    }
    take_back(step, held, patient, event).await
}

/// Whether a change of presence says that the patient came home from a hospital. A stay that nobody told of ends by it too.
fn is_discharge(event: &PresenceChanged) -> bool {
    let stayed = matches!(event.previous(), Presence::Admitted | Presence::OnLeave | Presence::Unspecified);
    event.presence() == Presence::Home && stayed && !event.correction && !event.hospital_event.is_empty()
}

/// Opens a reconciliation after a discharge, as a proposal to `owner`.
async fn open_after_discharge(
    step: &mut Step,
    held: &Held,
    patient: Uuid,
    event: &PresenceChanged,
    owner: Owner,
) -> Result<(), Error> {
    let base = step.base().clone();
    let tx = step.tx().await?;
    if sql::has_cause(tx, &event.hospital_event).await? {
        return Ok(());
    }
    // Nobody asks: the discharge does.
    let asked = Asked { owner, by: Actor::default(), accepted: false, due: None, cause: &event.hospital_event };
    let Opening::Begun(begun) = task::open(&base, tx, held, patient, asked).await? else { return Ok(()) };
    let (reconciliation, task) = *begun;
    let name = task.name().to_string();
    let proposed = ActivityProposed { owner: task.owner_name(), source: task.source.name.clone() };
    step.event(&name, &task.concerns(), &proposed).await?;
    let opened = ReconciliationOpened { activity: name };
    step.event(&reconciliation.name().to_string(), &task.concerns(), &opened).await
}

/// Has the effect of a correction: the reconciliation of a discharge that did not happen ends, unless somebody has put something
/// in. What people have done is theirs to end.
async fn take_back(step: &mut Step, held: &Held, patient: Uuid, event: &PresenceChanged) -> Result<(), Error> {
    let not_home = event.presence() != Presence::Home && event.previous() == Presence::Home;
    if !event.correction || !not_home {
        return Ok(());
    }
    let now = step.base().clock.now();
    let tx = step.tx().await?;
    let Some(mut open) = sql::open(tx, patient).await? else { return Ok(()) };
    if open.cause.is_empty() || !open.is_untouched() {
        return Ok(());
    }
    let mut task = task::of(tx, &open).await?;
    open.cancel(now)?;
    if task.is_open() {
        task.cancel(None, TAKEN_BACK, now)?;
        held.write(tx, &task, None, TAKEN_BACK).await?;
        let cancelled = ActivityCancelled { owner: task.owner_name() };
        step.event(&task.name().to_string(), &task.concerns(), &cancelled).await?;
    }
    cancelled(step, held, &open, &task.concerns(), TAKEN_BACK).await
}

/// Has the effect of a death on the open reconciliation.
async fn end_at_death(step: &mut Step, held: &Held, patient: Uuid) -> Result<(), Error> {
    let now = step.base().clock.now();
    let tx = step.tx().await?;
    let Some(mut open) = sql::open(tx, patient).await? else { return Ok(()) };
    let concerns = task::of(tx, &open).await?.concerns();
    open.cancel(now)?;
    cancelled(step, held, &open, &concerns, crate::plan::DECEASED).await
}

async fn cancelled(
    step: &mut Step,
    held: &Held,
    reconciliation: &Reconciliation,
    concerns: &[String],
    reason: &str,
) -> Result<(), Error> {
    let tx = step.tx().await?;
    sql::update(tx, reconciliation).await?;
    task::record(tx, held, reconciliation, None, reason).await?;
    step.event(&reconciliation.name().to_string(), concerns, &ReconciliationCancelled {}).await
}
