//! What changed between two versions of a plan.

use std::collections::HashMap;

use prost::{Message, Name};
use prost_types::FieldMask;
use samspil_kit::{Ctx, Error, mask};
use samspil_proto::{
    careplan::v1::{DiffCarePlanRequest, DiffCarePlanResponse, PartChange, PartVersion, part::Part},
    names::CarePlanName,
};

use super::{read, sql};
use crate::{part::name::name_of, versions};

/// How many parts are told at the most.
const MOST: usize = 1000;

/// Tells what changed between two versions of a plan.
pub(crate) async fn diff(ctx: &Ctx, request: DiffCarePlanRequest) -> Result<DiffCarePlanResponse, Error> {
    let name: CarePlanName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = ctx.read().await?;
    let newest = sql::plan_version(&mut tx, name.patient).await?;
    let (from, to) = (request.from_version, if request.to_version == 0 { newest } else { request.to_version });
    read::there(to, newest, "to_version")?;
    read::there(from, newest, "from_version")?;
    if from > to {
        return Err(Error::invalid("from_version", "order", "must not be newer than to_version"));
    }
    let before = versions::at(&mut tx, name.patient, from).await?;
    let after = versions::at(&mut tx, name.patient, to).await?;
    drop(tx);
    ctx.audit_read([(name.patient, name.to_string().as_str())]).await?;
    let mut changes = changes(before, after, from)?;
    changes.truncate(MOST);
    Ok(DiffCarePlanResponse { changes, from_version: from, to_version: to })
}

/// The parts that differ. `after` is in the order of the last change.
fn changes(before: Vec<PartVersion>, after: Vec<PartVersion>, from: i64) -> Result<Vec<PartChange>, Error> {
    let named = |version: PartVersion| (version.part.as_ref().map(name_of).unwrap_or_default().to_owned(), version);
    let mut before: HashMap<String, PartVersion> = before.into_iter().map(named).collect();
    let mut changes = Vec::new();
    for (name, after) in after.into_iter().map(named).filter(|(_, after)| after.plan_version > from) {
        let before = before.remove(&name).filter(|before| !before.withdrawn);
        let fields = differing(before.as_ref(), &after)?;
        // What came and went in between, or is again as it was, differs in nothing.
        let gone = after.withdrawn && before.is_none();
        if gone || fields.is_empty() && !after.withdrawn {
            continue;
        }
        let changed = Some(FieldMask { paths: fields });
        changes.push(PartChange { name, before, after: Some(after), changed });
    }
    Ok(changes)
}

/// The fields in which a part differs from what it was, all that are set when it was not there.
fn differing(before: Option<&PartVersion>, after: &PartVersion) -> Result<Vec<String>, Error> {
    let inner = |version: &PartVersion| version.part.as_ref().and_then(|part| part.part.clone());
    let after = inner(after).ok_or_else(|| Error::internal("a version of nothing"))?;
    match (before.and_then(inner), after) {
        (Some(Part::TeamMember(before)), Part::TeamMember(after)) => fields(&before, &after),
        (Some(Part::Condition(before)), Part::Condition(after)) => fields(&before, &after),
        (Some(Part::Goal(before)), Part::Goal(after)) => fields(&before, &after),
        (Some(Part::Note(before)), Part::Note(after)) => fields(&before, &after),
        (Some(Part::Activity(before)), Part::Activity(after)) => fields(&before, &after),
        (Some(Part::Reconciliation(before)), Part::Reconciliation(after)) => fields(&before, &after),
        (None, Part::TeamMember(after)) => fields(&Default::default(), &after),
        (None, Part::Condition(after)) => fields(&Default::default(), &after),
        (None, Part::Goal(after)) => fields(&Default::default(), &after),
        (None, Part::Note(after)) => fields(&Default::default(), &after),
        (None, Part::Activity(after)) => fields(&Default::default(), &after),
        (None, Part::Reconciliation(after)) => fields(&Default::default(), &after),
        (Some(_), _) => Err(Error::internal("a part that became another kind")),
    }
}

/// Which fields differ, besides those that only say that something does.
fn fields<M: Message + Name>(before: &M, after: &M) -> Result<Vec<String>, Error> {
    let mut fields = mask::changed(before, after)?;
    fields.retain(|field| !matches!(field.as_str(), "name" | "etag" | "update_time"));
    Ok(fields)
}
