//! The municipality's activities go on when the patient is at home again.
//!
//! What is done once has as much time left as before. What comes again keeps to its days: the times that passed meanwhile are
//! over, also one that was late when the patient was admitted, and the first that is still to come is next.

use chrono::{DateTime, Utc};
use samspil_kit::{Error, deadlines::Deadlines, follow::Step};
use samspil_proto::{
    careplan::v1::{ActivityCompleted, ActivityState, OccurrencePassed},
    common::v1::ClockState,
};
use uuid::Uuid;

use super::changed;
use crate::{
    activity::{Activity, sql},
    plan::{ADMITTED, Held},
};

/// Lets every clock of a plan go on that stood still while the patient was admitted.
pub(super) async fn go_on(step: &mut Step, held: &Held, patient: Uuid, reason: &str) -> Result<(), Error> {
    let (now, deadlines) = (step.base().clock.now(), step.base().deadlines.clone());
    for mut activity in sql::open_held(step.tx().await?, patient).await? {
        if !resume(&mut activity, &deadlines, now)? {
            continue;
        }
        let passed = activity.skip_passed(ADMITTED, now, &deadlines.calendar)?;
        if passed.is_empty() {
            activity.touch(now);
        }
        if activity.series.is_some() && activity.state == ActivityState::Accepted {
            held.wind(&mut activity, &deadlines, now)?;
        }
        let (name, owner, concerns) = (activity.name().to_string(), activity.owner_name(), activity.concerns());
        if activity.is_open() {
            changed(step, held, &activity, ClockState::Running, reason).await?;
        } else {
            held.write(step.tx().await?, &activity, None, reason).await?;
        }
        for number in passed {
            let event = OccurrencePassed { owner: owner.clone(), number, done: false };
            step.event(&name, &concerns, &event).await?;
        }
        if !activity.is_open() {
            step.event(&name, &concerns, &ActivityCompleted { owner }).await?;
        }
    }
    Ok(())
}

/// Ends the pause of a clock, if it had one. The due time of what is done once moves with it; a proposal's is the owner's to
/// change.
fn resume(activity: &mut Activity, deadlines: &Deadlines, now: DateTime<Utc>) -> Result<bool, Error> {
    let rule = activity.clock_rule();
    let Some(clock) = &mut activity.clock else { return Ok(false) };
    if !deadlines.resume(clock, (rule, ""), ADMITTED, now)? {
        return Ok(false);
    }
    if activity.state == ActivityState::Accepted && activity.series.is_none() {
        activity.due = Some(clock.due());
    }
    Ok(true)
}
