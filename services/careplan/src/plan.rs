//! A plan as a whole: its version, its lock, and why it stands still.

pub(crate) mod diff;
pub(crate) mod read;
pub(crate) mod sql;
pub(crate) mod watch;

use chrono::{DateTime, Utc};
use samspil_kit::{Error, deadlines::Deadlines};
use samspil_proto::{
    careplan::v1::{ActivityKind, ActivityState, Part, part},
    common::v1::Actor,
    directory::v1::OrganisationKind,
};
use samspil_store::Tx;
use uuid::Uuid;

use crate::{
    activity::{self, Activity},
    versions,
};

/// The name of all plans together: what the caller's organisation owns in them.
pub(crate) const ALL_PLANS: &str = "patients/-/carePlan";

/// Why a plan stands still while the patient is in hospital.
pub(crate) const ADMITTED: &str = "ADMITTED";

/// Why a plan stands still for good.
pub(crate) const DECEASED: &str = "DECEASED";

/// A plan that a transaction is changing: other changes of it wait until that ends.
pub(crate) struct Held {
    patient: Uuid,
    /// The version that the change gives the plan.
    pub(crate) version: i64,
    /// Why it stands still, or empty.
    pub(crate) paused: String,
}

impl Held {
    /// Begins a change of a patient's plan. Comes before anything of it is read, so that what is then read stays as it is until
    /// the end of the transaction.
    pub(crate) async fn begin(tx: &mut Tx, patient: Uuid) -> Result<Held, Error> {
        let version = sql::change_plan(tx, patient).await?;
        let paused = sql::paused(tx, patient, version).await?;
        Ok(Held { patient, version, paused })
    }

    /// Notes that the plan stands still from this version on, or goes on when there is no reason any more.
    pub(crate) async fn pause(&mut self, tx: &mut Tx, reason: &str) -> Result<(), Error> {
        reason.clone_into(&mut self.paused);
        sql::pause(tx, self.patient, self.version, reason).await
    }

    /// Gives an activity the clock that its state asks for, fresh from `at` on: the one on the owner's decision while it is
    /// PROPOSED, then the one on the due time. It stands still with the plan. The answer to a question has its clock in `wound`.
    pub(crate) fn wind(&self, activity: &mut Activity, deadlines: &Deadlines, at: DateTime<Utc>) -> Result<(), Error> {
        let rule = activity.clock_rule();
        activity.clock = match (activity.state, activity.due) {
            _ if self.paused == DECEASED => None,
            // `wound` has a clock on that answer already: one late answer must not ring twice.
            _ if activity.kind == ActivityKind::Assessment && !activity.source.name.is_empty() => None,
            (ActivityState::Proposed, _) => Some(deadlines.start(rule, "", at)?),
            (ActivityState::Accepted, Some(due)) => Some(deadlines.start_due(rule, "", at, due)?),
            (ActivityState::Accepted, None) => None,
            _ => return Ok(()),
        };
        if self.paused == ADMITTED
            && activity.owner.kind == OrganisationKind::Municipality
            && let Some(clock) = &mut activity.clock
        {
            clock.pause(ADMITTED, at);
        }
        Ok(())
    }

    /// Adds an activity, with its first version. `false` when its source has given rise to it before.
    pub(crate) async fn add(&self, tx: &mut Tx, activity: &Activity) -> Result<bool, Error> {
        if !activity::sql::insert(tx, activity).await? {
            return Ok(false);
        }
        self.record(tx, activity, Some(activity.proposed_by.clone()), "").await?;
        Ok(true)
    }

    /// Writes a changed activity, with its new version. `author` is nobody for what an event did.
    pub(crate) async fn write(
        &self,
        tx: &mut Tx,
        activity: &Activity,
        author: Option<Actor>,
        reason: &str,
    ) -> Result<(), Error> {
        activity::sql::update(tx, activity).await?;
        self.record(tx, activity, author, reason).await
    }

    async fn record(&self, tx: &mut Tx, activity: &Activity, author: Option<Actor>, reason: &str) -> Result<(), Error> {
        let at = activity.update_time;
        let part = Part { part: Some(part::Part::Activity(activity.shown(at))) };
        let mut written = versions::written(part, activity.version, self.version, author, at);
        reason.clone_into(&mut written.reason);
        versions::record(tx, &written).await
    }
}
