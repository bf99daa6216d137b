//! What people do with activities: one function per change, one transaction each.

use samspil_kit::{Change, Ctx, Error, common::Common, once, validate::Violation};
use samspil_proto::{
    careplan::v1::{
        self as pb, AcceptActivityRequest, ActivityAccepted, ActivityCompleted, ActivityDeclined, ActivityKind,
        ActivityProposed, ActivityState, CompleteActivityRequest, CreateActivityRequest, DeclineActivityRequest,
    },
    directory::v1::{CheckRelationRequest, GetOrganisationRequest},
    names::{ActivityName, CarePlanName, OrganisationName},
};
use samspil_store::consents::{self, Standing};
use uuid::Uuid;

use super::{Activity, Source, sql, wire};

/// Adds an activity: at once where the own organisation does it, else as a proposal to the owner.
pub(super) async fn create(ctx: &Ctx, request: CreateActivityRequest) -> Result<pb::Activity, Error> {
    let plan: CarePlanName = request.parent.parse()?;
    ctx.cares_for(plan.patient).await?;
    let wanted = request.activity.clone().unwrap_or_default();
    let owner: OrganisationName = wanted.owner.parse()?;
    let (due, violation) = match wire::due("activity.due_time", wanted.due_time.as_ref()) {
        Ok(due) => (due, None),
        Err(violation) => (None, Some(violation)),
    };
    let own = owner.sor == ctx.caller.organisation;
    // The own organisation is known and covered: it passed `cares_for`.
    let stranger = if own { None } else { check_owner(ctx, plan.patient, &owner).await? };
    let violations: Vec<_> = violation.into_iter().chain(stranger).collect();
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }

    let mut tx = once!(ctx, request);
    sql::change_plan(&mut tx, plan.patient).await?;
    let now = ctx.now();
    let activity = Activity {
        id: ctx.id(),
        patient: plan.patient,
        state: if own { ActivityState::Accepted } else { ActivityState::Proposed },
        kind: ActivityKind::try_from(wanted.kind).map_err(Error::internal)?,
        description: wanted.description,
        owner: owner.sor,
        due,
        proposed_by: ctx.actor(),
        source: Source::default(),
        decided_by: own.then(|| ctx.actor()),
        outcome: String::new(),
        create_time: now,
        update_time: now,
        version: 1,
    };
    sql::insert(&mut tx, &activity).await?;
    if own {
        accepted(&mut tx, &activity).await?;
    } else {
        let event = ActivityProposed { owner: activity.owner_name(), source: String::new() };
        tx.event(&activity.name().to_string(), &activity.concerns(), &event).await?;
    }
    answer(tx, &activity).await
}

/// Takes a proposal on.
pub(super) async fn accept(ctx: &Ctx, request: AcceptActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let due = wire::only_due("due_time", request.due_time.as_ref())?;
    let mut tx = once!(ctx, request);
    let mut activity = begin(ctx, &mut tx, name, &request.etag).await?;
    activity.accept(ctx.actor(), due, ctx.now())?;
    sql::update(&mut tx, &activity).await?;
    accepted(&mut tx, &activity).await?;
    answer(tx, &activity).await
}

/// Turns a proposal down.
pub(super) async fn decline(ctx: &Ctx, request: DeclineActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut activity = begin(ctx, &mut tx, name, &request.etag).await?;
    activity.decline(ctx.actor(), &request.reason, ctx.now())?;
    sql::update(&mut tx, &activity).await?;
    let event = ActivityDeclined { owner: activity.owner_name() };
    tx.event(&name.to_string(), &activity.concerns(), &event).await?;
    answer(tx, &activity).await
}

/// Marks an activity as done.
pub(super) async fn complete(ctx: &Ctx, request: CompleteActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut activity = begin(ctx, &mut tx, name, &request.etag).await?;
    activity.complete(ctx.actor(), &request.outcome, ctx.now())?;
    sql::update(&mut tx, &activity).await?;
    let event = ActivityCompleted { owner: activity.owner_name() };
    tx.event(&name.to_string(), &activity.concerns(), &event).await?;
    answer(tx, &activity).await
}

/// Reads the activity that its owner is about to change.
async fn begin(ctx: &Ctx, tx: &mut Change, name: ActivityName, etag: &str) -> Result<Activity, Error> {
    sql::change_plan(tx, name.patient).await?;
    let activity = sql::get(tx, name.patient, name.activity).await?.ok_or(Common::ResourceNotFound)?;
    activity.owned_by(&ctx.caller.organisation)?;
    if !etag.is_empty() && etag != activity.etag() {
        return Err(Common::EtagMismatch.into());
    }
    Ok(activity)
}

async fn accepted(tx: &mut Change, activity: &Activity) -> Result<(), Error> {
    let event = ActivityAccepted { owner: activity.owner_name() };
    tx.event(&activity.name().to_string(), &activity.concerns(), &event).await
}

async fn answer(tx: Box<Change>, activity: &Activity) -> Result<pb::Activity, Error> {
    tx.commit(Some(activity.patient), &activity.name().to_string(), activity.into()).await
}

/// What is wrong with another organisation as an owner: `directory` does not know it, or the patient has not agreed to share
/// with it. Who cannot see a plan can do nothing in it.
async fn check_owner(ctx: &Ctx, patient: Uuid, owner: &OrganisationName) -> Result<Option<Violation>, Error> {
    let violation = |rule: &str, description: &str| {
        Some(Violation {
            field: "activity.owner".to_owned(),
            rule: rule.to_owned(),
            description: description.to_owned(),
        })
    };
    match ctx.peers().directory().get_organisation(GetOrganisationRequest { name: owner.to_string() }).await {
        Ok(_) => {}
        Err(status) if status.code() == tonic::Code::NotFound => {
            return Ok(violation("owner.known", "must be an organisation that directory knows"));
        }
        Err(status) => return Err(Error::Peer(Box::new(status))),
    }
    let covered = match consents::standing(&mut ctx.read().await?, patient, &owner.sor).await? {
        Standing::Stands => true,
        // The copy may be a moment behind: a nurse plans right after she recorded the consent, or the new one after a withdrawal.
        Standing::Withdrawn | Standing::Unknown => {
            let question =
                CheckRelationRequest { patient: format!("patients/{patient}"), organisation: owner.to_string() };
            let answer = ctx.peers().directory().check_relation(question).await;
            answer.map_err(|status| Error::Peer(Box::new(status)))?.into_inner().stands
        }
    };
    if covered { Ok(None) } else { Ok(violation("owner.covered", "must be covered by the patient's consent")) }
}
