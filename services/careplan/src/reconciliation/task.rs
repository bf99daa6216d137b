//! The task of a reconciliation: an activity of the plan, with its owner and its clock, that comes from the reconciliation and
//! ends with it.

use chrono::{DateTime, Utc};
use samspil_kit::{Base, Error};
use samspil_proto::{
    careplan::v1::{ActivityKind, ActivityState, Part, part},
    common::v1::Actor,
};
use samspil_store::Tx;
use uuid::Uuid;

use super::{Reconciliation, sql};
use crate::{
    Reason,
    activity::{self, Activity, New, Owner, Source},
    plan::Held,
    versions,
};

/// Who is asked to reconcile, by whom and by when.
pub(super) struct Asked<'a> {
    pub(super) owner: Owner,
    pub(super) by: Actor,
    /// The owner itself asks: there is nobody to wait for.
    pub(super) accepted: bool,
    /// By when; by the rule, when nobody says.
    pub(super) due: Option<DateTime<Utc>>,
    /// The hospital event that gave rise to it, or empty.
    pub(super) cause: &'a str,
}

/// What came of asking.
pub(super) enum Opening {
    /// There is a reconciliation with this task. Both are written, nothing is told yet.
    Begun(Box<(Reconciliation, Activity)>),
    /// There is an open one, which somebody is asked to do already.
    Exists(Box<Reconciliation>),
}

/// Opens a reconciliation with its task. An open one whose task came to nothing gets a new task.
pub(super) async fn open(
    base: &Base,
    tx: &mut Tx,
    held: &Held,
    patient: Uuid,
    asked: Asked<'_>,
) -> Result<Opening, Error> {
    let (now, id) = (base.clock.now(), base.clock.id());
    let author = (asked.by != Actor::default()).then(|| asked.by.clone());
    let reconciliation = match sql::open(tx, patient).await? {
        None => {
            let begun = Reconciliation::opened(base.clock.id(), patient, id, asked.cause, now);
            sql::insert(tx, &begun).await?;
            begun
        }
        Some(open) if of(tx, &open).await?.is_open() => return Ok(Opening::Exists(Box::new(open))),
        Some(mut open) => {
            open.give(id, now)?;
            sql::update(tx, &open).await?;
            open
        }
    };
    let task = new(base, held, &reconciliation, asked)?;
    held.add(tx, &task).await?;
    record(tx, held, &reconciliation, author, "").await?;
    Ok(Opening::Begun(Box::new((reconciliation, task))))
}

fn new(base: &Base, held: &Held, reconciliation: &Reconciliation, asked: Asked<'_>) -> Result<Activity, Error> {
    let (now, deadlines) = (base.clock.now(), &base.deadlines);
    let by_rule = || deadlines.start("reconciliation", "", now).map(|clock| clock.due());
    let mut task = Activity::proposed(New {
        id: reconciliation.task,
        patient: reconciliation.patient,
        kind: ActivityKind::MedicationReconciliation,
        description: "Reconcile the medication".to_owned(),
        owner: asked.owner,
        due: Some(asked.due.map_or_else(by_rule, Ok)?),
        by: asked.by.clone(),
        source: Source { name: reconciliation.name().to_string(), version: reconciliation.tasks, line: 0 },
        at: now,
    });
    if asked.accepted {
        (task.state, task.decided_by) = (ActivityState::Accepted, Some(asked.by));
    }
    held.wind(&mut task, deadlines, now)?;
    Ok(task)
}

/// The task of a reconciliation.
pub(super) async fn of(tx: &mut Tx, reconciliation: &Reconciliation) -> Result<Activity, Error> {
    let task = activity::sql::get_held(tx, reconciliation.patient, reconciliation.task).await?;
    task.ok_or_else(|| Error::internal("a reconciliation without its task"))
}

/// Passes for the organisation that owns the task of an open reconciliation and has taken it on.
pub(super) fn in_charge(reconciliation: &Reconciliation, task: &Activity, sor: &str) -> Result<(), Error> {
    task.owned_by(sor)?;
    reconciliation.open()?;
    if task.state == ActivityState::Accepted { Ok(()) } else { Err(Reason::TaskNotAccepted.into()) }
}

/// Keeps a version of a reconciliation for good. `author` is nobody for what an event did.
pub(super) async fn record(
    tx: &mut Tx,
    held: &Held,
    reconciliation: &Reconciliation,
    author: Option<Actor>,
    reason: &str,
) -> Result<(), Error> {
    let part = Part { part: Some(part::Part::Reconciliation(reconciliation.into())) };
    let at = reconciliation.update_time;
    let mut written = versions::written(part, reconciliation.version, held.version, author, at);
    reason.clone_into(&mut written.reason);
    versions::record(tx, &written).await
}
