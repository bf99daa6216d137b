//! What people do with team, conditions, goals and notes: one function per change, one transaction each.

use samspil_kit::{Change, Ctx, Error, common::Common, once};
use samspil_proto::{
    careplan::v1::{
        AddPartRequest, Part, PartAdded, PartUpdated, PartVersion, PartWithdrawn, UpdatePartRequest,
        WithdrawPartRequest, part::Part as Inner,
    },
    names::CarePlanName,
};

use super::{
    fields,
    name::{Collection, PartName},
    references,
};
use crate::{Reason, owners, plan::Held, versions};

/// Adds a part.
pub(crate) async fn add(ctx: &Ctx, request: AddPartRequest) -> Result<PartVersion, Error> {
    let plan: CarePlanName = request.parent.parse()?;
    ctx.cares_for(plan.patient).await?;
    let mut part = fields::inner(request.part.as_ref())?;
    fields::days(&part, |_| true)?;
    for organisation in fields::organisations(&part, |_| true)? {
        owners::takes_part(ctx, plan.patient, &organisation).await?;
    }
    let mut tx = once!(ctx, request);
    let held = Held::begin(&mut tx, plan.patient).await?;
    let (field, names) = fields::references(&part);
    references::exist(&mut tx, plan.patient, field, &names).await?;
    let name = PartName { patient: plan.patient, collection: Collection::of(&part), id: ctx.id() };
    fields::name(&mut part, name);
    let part = Part { part: Some(part) };
    let written = versions::written(part, 1, held.version, Some(ctx.actor()), ctx.now());
    versions::record(&mut tx, &written).await?;
    tx.event(&name.to_string(), &concerns(ctx), &PartAdded {}).await?;
    tx.commit(Some(name.patient), &name.to_string(), written).await
}

/// Changes fields of a part.
pub(crate) async fn update(ctx: &Ctx, request: UpdatePartRequest) -> Result<PartVersion, Error> {
    let name: PartName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    here(name)?;
    let wanted = fields::inner(request.part.as_ref())?;
    let mask = request.update_mask.clone().unwrap_or_default();
    let masked = |field: &str| mask.paths.iter().any(|path| path == field);
    fields::days(&wanted, masked)?;
    for organisation in fields::organisations(&wanted, masked)? {
        owners::takes_part(ctx, name.patient, &organisation).await?;
    }
    let mut tx = once!(ctx, request);
    let held = Held::begin(&mut tx, name.patient).await?;
    let (before, mut part) = begin(ctx, &mut tx, name, &request.etag).await?;
    let changed = fields::apply(&mask, &wanted, &mut part)?;
    let (field, names) = fields::references(&part);
    if changed.iter().any(|changed| field.ends_with(changed.as_str())) {
        references::exist(&mut tx, name.patient, field, &names).await?;
    }
    let part = Part { part: Some(part) };
    let mut written = versions::written(part, before.version + 1, held.version, Some(ctx.actor()), ctx.now());
    written.reason.clone_from(&request.reason);
    versions::record(&mut tx, &written).await?;
    tx.event(&name.to_string(), &concerns(ctx), &PartUpdated { fields: changed }).await?;
    tx.commit(Some(name.patient), &name.to_string(), written).await
}

/// Takes a part off the plan.
pub(crate) async fn withdraw(ctx: &Ctx, request: WithdrawPartRequest) -> Result<PartVersion, Error> {
    let name: PartName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    here(name)?;
    let mut tx = once!(ctx, request);
    let held = Held::begin(&mut tx, name.patient).await?;
    let (before, part) = begin(ctx, &mut tx, name, &request.etag).await?;
    let part = Part { part: Some(part) };
    let mut written = versions::written(part, before.version + 1, held.version, Some(ctx.actor()), ctx.now());
    (written.reason, written.withdrawn) = (request.reason.clone(), true);
    versions::record(&mut tx, &written).await?;
    tx.event(&name.to_string(), &concerns(ctx), &PartWithdrawn {}).await?;
    tx.commit(Some(name.patient), &name.to_string(), written).await
}

/// Passes for a part that is changed here.
fn here(name: PartName) -> Result<(), Error> {
    match name.collection {
        Collection::Activities | Collection::Reconciliations => Err(fields::own_methods("name")),
        Collection::Team | Collection::Conditions | Collection::Goals | Collection::Notes => Ok(()),
    }
}

/// Reads the part that is about to be changed.
async fn begin(ctx: &Ctx, tx: &mut Change, name: PartName, etag: &str) -> Result<(PartVersion, Inner), Error> {
    let last = versions::get(tx, &name.to_string(), 0).await?.ok_or(Common::ResourceNotFound)?;
    if name.collection == Collection::Notes {
        // Its words are its author's, whoever wrote the version that is the last one.
        let first = versions::get(tx, &name.to_string(), 1).await?.and_then(|first| first.author);
        if first.is_none_or(|author| author.person != ctx.caller.person) {
            return Err(Reason::NotTheAuthor.into());
        }
    }
    if !etag.is_empty() && etag != last.etag {
        return Err(Common::EtagMismatch.into());
    }
    if last.withdrawn {
        return Err(Reason::PartWithdrawn.into());
    }
    let part = last.part.clone().and_then(|part| part.part);
    Ok((last, part.ok_or_else(|| Error::internal("a version of nothing"))?))
}

/// A plan is everybody's who may read it; who watches it is asked for the relation. The log names who wrote.
fn concerns(ctx: &Ctx) -> [String; 1] {
    [ctx.caller.organisation.clone()]
}
