//! A patient's plan, now or as it was.

use samspil_kit::{Ctx, Error};
use samspil_proto::{
    careplan::v1::{
        self as pb, ActivityState, CarePlan, GetCarePlanRequest, PartVersion, ReconciliationState, part::Part,
    },
    names::CarePlanName,
    time,
};
use samspil_store::Tx;
use uuid::Uuid;

use super::sql;
use crate::{
    activity::{NEVER_DUE, sql::lists},
    part::name::Collection,
    versions,
};

/// How many open activities a plan shows at once.
const ACTIVITIES: usize = 200;

/// How many notes.
const NOTES: usize = 100;

/// A patient's plan.
pub(crate) async fn plan(ctx: &Ctx, request: GetCarePlanRequest) -> Result<CarePlan, Error> {
    let name: CarePlanName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = ctx.read().await?;
    // The version first: should a change come in between, the etag is old, and the next read shows it.
    let newest = sql::plan_version(&mut tx, name.patient).await?;
    let plan = match request.version {
        0 => now(ctx, &mut tx, name.patient, newest).await?,
        version => {
            there(version, newest, "version")?;
            as_it_was(&mut tx, name.patient, version).await?
        }
    };
    drop(tx);
    ctx.audit_read([(name.patient, name.to_string().as_str())]).await?;
    Ok(CarePlan { name: name.to_string(), ..plan })
}

/// Passes for a version that the plan has or had.
pub(super) fn there(version: i64, newest: i64, field: &str) -> Result<(), Error> {
    if version <= newest {
        return Ok(());
    }
    Err(Error::invalid(field, "version", format!("must be a version that the plan has: the newest is {newest}")))
}

async fn now(ctx: &Ctx, tx: &mut Tx, patient: Uuid, version: i64) -> Result<CarePlan, Error> {
    let mut plan = begin(tx, patient, version).await?;
    // From their own table: the clocks have gone on since the last version was written.
    let activities = lists::open(tx, patient, ACTIVITIES as i64).await?;
    for collection in [Collection::Team, Collection::Conditions, Collection::Goals, Collection::Notes] {
        put(&mut plan, versions::now(tx, patient, collection.as_str()).await?);
    }
    put(&mut plan, versions::now(tx, patient, Collection::Reconciliations.as_str()).await?);
    plan.activities = activities.iter().map(|activity| activity.shown(ctx.now())).collect();
    Ok(plan)
}

async fn as_it_was(tx: &mut Tx, patient: Uuid, version: i64) -> Result<CarePlan, Error> {
    let mut plan = begin(tx, patient, version).await?;
    put(&mut plan, versions::at(tx, patient, version).await?);
    let due = |activity: &pb::Activity| activity.due_time.as_ref().and_then(time::from_wire).unwrap_or(NEVER_DUE);
    plan.activities.sort_by(|one, other| (due(one), &one.name).cmp(&(due(other), &other.name)));
    plan.activities.truncate(ACTIVITIES);
    Ok(plan)
}

async fn begin(tx: &mut Tx, patient: Uuid, version: i64) -> Result<CarePlan, Error> {
    let paused = sql::paused(tx, patient, version).await?;
    Ok(CarePlan { version, etag: format!("v{version}"), paused, ..CarePlan::default() })
}

/// Puts parts where they belong: those that count, the oldest first, notes the newest first.
fn put(plan: &mut CarePlan, versions: Vec<PartVersion>) {
    for version in versions.into_iter().filter(|version| !version.withdrawn) {
        match version.part.and_then(|part| part.part) {
            None => {}
            Some(Part::TeamMember(member)) => plan.team.push(member),
            Some(Part::Condition(condition)) => plan.conditions.push(condition),
            Some(Part::Goal(goal)) => plan.goals.push(goal),
            Some(Part::Note(note)) => plan.notes.push(note),
            Some(Part::Activity(activity)) if is_open(&activity) => plan.activities.push(activity),
            Some(Part::Reconciliation(one)) if one.state() == ReconciliationState::Open => {
                plan.reconciliations.push(one)
            }
            Some(Part::Activity(_) | Part::Reconciliation(_)) => {}
        }
    }
    // By their names, whose ids are in the order in which they came: a part that is changed stays in its place.
    plan.team.sort_by(|one, other| one.name.cmp(&other.name));
    plan.conditions.sort_by(|one, other| one.name.cmp(&other.name));
    plan.goals.sort_by(|one, other| one.name.cmp(&other.name));
    plan.reconciliations.sort_by(|one, other| one.name.cmp(&other.name));
    plan.notes.sort_by(|one, other| other.name.cmp(&one.name));
    plan.notes.truncate(NOTES);
}

fn is_open(activity: &pb::Activity) -> bool {
    matches!(activity.state(), ActivityState::Proposed | ActivityState::Accepted)
}
