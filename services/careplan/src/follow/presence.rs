//! What happens to a plan when the patient is admitted, comes home or dies.
//!
//! | the patient is | effect |
//! | --- | --- |
//! | admitted | the clocks of the municipality's open activities stand still |
//! | at home, on leave, or it was all a mistake | they go on ([`go_on`]) |
//! | dead | every open activity is CANCELLED and its clock stops for good |
//!
//! What it means for the reconciliation of the medication stands in [`discharge`].
//!
//! A death that is taken back lets the plan go on, but opens no activity again: who is to do what is decided anew, by people.

mod go_on;

use std::collections::HashMap;

use futures::future::BoxFuture;
use samspil_kit::{
    Base, Error,
    follow::{OnPresence, Step, why},
};
use samspil_proto::{
    careplan::v1::ActivityCancelled,
    common::v1::{ClockChanged, ClockState},
    directory::v1::{OrganisationKind, Presence, PresenceChanged},
    time,
};
use samspil_store::Tx;
use uuid::Uuid;

use crate::{
    activity::{Activity, sql},
    owners,
    plan::{ADMITTED, DECEASED, Held},
    reconciliation::discharge,
};

/// Has the effects of where a patient is.
pub(crate) struct Presences;

impl OnPresence for Presences {
    fn changed<'a>(
        &'a self,
        patient: Uuid,
        event: &'a PresenceChanged,
        step: &'a mut Step,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            // Asked for before the transaction begins: it must not wait for another service.
            let kinds = kinds(step.base(), patient).await?;
            let reconciler = discharge::owner(step, patient, event).await?;
            let mut held = Held::begin(step.tx().await?, patient).await?;
            match event.presence() {
                Presence::Admitted => admitted(step, &mut held, patient, &kinds).await?,
                Presence::Deceased => deceased(step, &mut held, patient).await?,
                Presence::Home | Presence::OnLeave | Presence::Unspecified => {
                    held.pause(step.tx().await?, "").await?;
                    go_on::go_on(step, &held, patient, why(event)).await?;
                }
            }
            discharge::changed(step, &held, patient, event, reconciler).await
        })
    }
}

type Kinds = HashMap<String, OrganisationKind>;

/// What directory says of those owners of something open whose kind the plan does not know yet.
async fn kinds(base: &Base, patient: Uuid) -> Result<Kinds, Error> {
    let unknown = sql::lists::unknown_owners(&mut base.db.read().await?, patient).await?;
    let mut kinds = HashMap::new();
    for sor in unknown {
        let found = owners::organisation(base, &sor).await?;
        kinds.insert(sor, found.map(|found| found.kind()).unwrap_or_default());
    }
    Ok(kinds)
}

/// The municipality does nothing at home for somebody who is not there.
async fn admitted(step: &mut Step, held: &mut Held, patient: Uuid, kinds: &Kinds) -> Result<(), Error> {
    let now = step.base().clock.now();
    let tx = step.tx().await?;
    held.pause(tx, ADMITTED).await?;
    for mut activity in sql::open_held(tx, patient).await? {
        if activity.owner.kind == OrganisationKind::Unspecified {
            activity.owner.kind = kinds.get(&activity.owner.sor).copied().unwrap_or_default();
        }
        if activity.owner.kind != OrganisationKind::Municipality {
            continue;
        }
        let Some(clock) = &mut activity.clock else { continue };
        if clock.pause(ADMITTED, now) {
            activity.touch(now);
            changed(step, held, &activity, ClockState::Paused, ADMITTED).await?;
        }
    }
    Ok(())
}

async fn deceased(step: &mut Step, held: &mut Held, patient: Uuid) -> Result<(), Error> {
    let now = step.base().clock.now();
    let tx: &mut Tx = step.tx().await?;
    held.pause(tx, DECEASED).await?;
    for mut activity in sql::open_held(tx, patient).await? {
        // Before the state changes, so that the clock says why.
        let stopped = activity.clock.as_mut().is_some_and(|clock| clock.stop(DECEASED, now));
        let rule = activity.clock_rule();
        activity.cancel(None, DECEASED, now)?;
        held.write(step.tx().await?, &activity, None, DECEASED).await?;
        if stopped {
            clock_changed(step, &activity, rule, ClockState::Stopped, DECEASED).await?;
        }
        let event = ActivityCancelled { owner: activity.owner_name() };
        step.event(&activity.name().to_string(), &activity.concerns(), &event).await?;
    }
    Ok(())
}

/// Writes an activity whose clock changed, and tells it.
async fn changed(
    step: &mut Step,
    held: &Held,
    activity: &Activity,
    state: ClockState,
    reason: &str,
) -> Result<(), Error> {
    held.write(step.tx().await?, activity, None, reason).await?;
    clock_changed(step, activity, activity.clock_rule(), state, reason).await
}

async fn clock_changed(
    step: &mut Step,
    activity: &Activity,
    rule: &str,
    state: ClockState,
    reason: &str,
) -> Result<(), Error> {
    let event = ClockChanged {
        clock: rule.to_owned(),
        state: state.into(),
        reason: reason.to_owned(),
        due_time: activity.clock.as_ref().map(|clock| time::to_wire(clock.due())),
    };
    step.event(&activity.name().to_string(), &activity.concerns(), &event).await
}
