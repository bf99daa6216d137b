//! What people do with reconciliations: one function per change, one transaction each.

use prost::{Message, Name};
use samspil_kit::{Change, Ctx, Error, common::Common, once, validate::Violation};
use samspil_proto::{
    careplan::v1::{
        self as pb, ActivityAccepted, ActivityCompleted, ActivityProposed, CloseReconciliationRequest,
        DecideDifferenceRequest, DifferenceDecided, MedicationList, MedicationListKind, MedicationListPut,
        OpenReconciliationRequest, PutMedicationListRequest, ReconciliationClosed, ReconciliationOpened,
    },
    names::{CarePlanName, OrganisationName, ReconciliationName},
    time,
};

use super::{
    Reconciliation, decisions, lines, may_put, sql,
    task::{self, Asked, Opening},
};
use crate::{
    Reason,
    activity::{self, Activity},
    owners,
    plan::Held,
};

/// Opens one by hand: at once for the own organisation, else as a proposal to the owner.
pub(crate) async fn open(ctx: &Ctx, request: OpenReconciliationRequest) -> Result<pb::Reconciliation, Error> {
    let plan: CarePlanName = request.parent.parse()?;
    ctx.cares_for(plan.patient).await?;
    let owner: OrganisationName = request.owner.parse()?;
    let due = activity::wire::only_due("due_time", request.due_time.as_ref())?;
    if let Some(due) = due {
        // A clock that cannot be started would keep the owner from ever taking it on.
        ctx.deadlines().start_due("reconciliation", "", ctx.now(), due)?;
    }
    let accepted = owner.sor == ctx.caller.organisation;
    let owner = owners::of(ctx, plan.patient, &owner).await?;

    let mut tx = once!(ctx, request);
    let held = Held::begin(&mut tx, plan.patient).await?;
    let asked = Asked { owner, by: ctx.actor(), accepted, due, cause: "" };
    let (reconciliation, task) = match task::open(ctx.base(), &mut tx, &held, plan.patient, asked).await? {
        Opening::Begun(begun) => *begun,
        Opening::Exists(open) => {
            return Err(Error::from(Reason::ReconciliationExists).with("reconciliation", open.name()));
        }
    };
    let (name, owner) = (task.name().to_string(), task.owner_name());
    if accepted {
        tx.event(&name, &task.concerns(), &ActivityAccepted { owner }).await?;
    } else {
        let event = ActivityProposed { owner, source: task.source.name.clone() };
        tx.event(&name, &task.concerns(), &event).await?;
    }
    answer(tx, &reconciliation, &task, &ReconciliationOpened { activity: name }).await
}

/// Puts one sector's list in, or in anew.
pub(crate) async fn put(ctx: &Ctx, request: PutMedicationListRequest) -> Result<pb::Reconciliation, Error> {
    let name: ReconciliationName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let list = request.list.clone().unwrap_or_default();
    let violations = violations(&list);
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    if list.kind() != MedicationListKind::BeforeAdmission {
        let own = owners::organisation(ctx.base(), &ctx.caller.organisation).await?;
        may_put(list.kind(), own.map(|own| own.kind()).unwrap_or_default())?;
    }

    let mut tx = once!(ctx, request);
    let (held, mut reconciliation) = begin(&mut tx, name, &request.etag).await?;
    let event = MedicationListPut { kind: list.kind().as_str_name().to_owned() };
    reconciliation.put(list, ctx.actor(), ctx.now())?;
    let task = task::of(&mut tx, &reconciliation).await?;
    write(ctx, &mut tx, &held, &reconciliation, "").await?;
    answer(tx, &reconciliation, &task, &event).await
}

/// Decides on a difference.
pub(crate) async fn decide(ctx: &Ctx, request: DecideDifferenceRequest) -> Result<pb::Reconciliation, Error> {
    let name: ReconciliationName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let decision = request.decision.clone().unwrap_or_default();
    let violations = decisions::violations(&decision);
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }

    let mut tx = once!(ctx, request);
    let (held, mut reconciliation) = begin(&mut tx, name, &request.etag).await?;
    let task = task::of(&mut tx, &reconciliation).await?;
    task::in_charge(&reconciliation, &task, &ctx.caller.organisation)?;
    let reason = decision.reason.clone();
    reconciliation.decide(&request.difference_id, decision, ctx.actor(), ctx.now())?;
    write(ctx, &mut tx, &held, &reconciliation, &reason).await?;
    let event = DifferenceDecided { difference_id: request.difference_id.clone() };
    answer(tx, &reconciliation, &task, &event).await
}

/// Closes it into one agreed list, and its task with it.
pub(crate) async fn close(ctx: &Ctx, request: CloseReconciliationRequest) -> Result<pb::Reconciliation, Error> {
    let name: ReconciliationName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = once!(ctx, request);
    let (held, mut reconciliation) = begin(&mut tx, name, &request.etag).await?;
    let mut task = task::of(&mut tx, &reconciliation).await?;
    task::in_charge(&reconciliation, &task, &ctx.caller.organisation)?;
    reconciliation.close(ctx.actor(), ctx.now())?;
    task.close(ctx.actor(), "reconciled", ctx.now())?;
    held.write(&mut tx, &task, Some(ctx.actor()), "").await?;
    let completed = ActivityCompleted { owner: task.owner_name() };
    tx.event(&task.name().to_string(), &task.concerns(), &completed).await?;
    write(ctx, &mut tx, &held, &reconciliation, "").await?;
    answer(tx, &reconciliation, &task, &ReconciliationClosed {}).await
}

/// What is wrong with a list, besides what the contract's annotations say.
fn violations(list: &MedicationList) -> Vec<Violation> {
    let unreadable = list.effective_time.as_ref().is_some_and(|at| time::from_wire(at).is_none()).then(|| Violation {
        field: "list.effective_time".to_owned(),
        rule: "timestamp".to_owned(),
        description: "must be a time of the years 1 to 9999".to_owned(),
    });
    lines::violations("list.lines", &list.lines).into_iter().chain(unreadable).collect()
}

/// Begins a change of a reconciliation, which must be as the caller has read it.
async fn begin(tx: &mut Change, name: ReconciliationName, etag: &str) -> Result<(Held, Reconciliation), Error> {
    let held = Held::begin(tx, name.patient).await?;
    let found = sql::get(tx, name.patient, name.reconciliation).await?.ok_or(Common::ResourceNotFound)?;
    if !etag.is_empty() && etag != found.etag() {
        return Err(Common::EtagMismatch.into());
    }
    Ok((held, found))
}

async fn write(
    ctx: &Ctx,
    tx: &mut Change,
    held: &Held,
    reconciliation: &Reconciliation,
    reason: &str,
) -> Result<(), Error> {
    sql::update(tx, reconciliation).await?;
    task::record(tx, held, reconciliation, Some(ctx.actor()), reason).await
}

async fn answer<E: Message + Name>(
    mut tx: Box<Change>,
    reconciliation: &Reconciliation,
    task: &Activity,
    event: &E,
) -> Result<pb::Reconciliation, Error> {
    let name = reconciliation.name().to_string();
    tx.event(&name, &task.concerns(), event).await?;
    tx.commit(Some(reconciliation.patient), &name, reconciliation.into()).await
}
