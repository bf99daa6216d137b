//! The audit, for those whom it is kept for: the citizen, and an organisation's data protection officer.

use std::{collections::HashMap, sync::Arc};

use samspil_proto::{
    audit::v1::{AuditEvent, ListAuditEventsRequest, ListAuditEventsResponse, audit_service_server::AuditService},
    common::v1::Actor,
    directory::v1::GetOrganisationRequest,
    names::PatientName,
    time,
};
use samspil_store::audit::{self, Entry, Filter};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::{
    Base, Ctx, Error,
    common::Common,
    paging::{Page, Position},
};

/// The audits of the services in this process, and the way to those of the others.
#[derive(Clone)]
pub struct Audits {
    bases: Arc<HashMap<&'static str, Base>>,
    /// Whose clock and peers a call has before it is known which service it asks.
    first: Base,
}

impl Audits {
    /// Of these services, by name.
    pub fn of(bases: HashMap<&'static str, Base>, first: Base) -> Audits {
        Audits { bases: Arc::new(bases), first }
    }

    async fn list(&self, request: Request<ListAuditEventsRequest>) -> Result<ListAuditEventsResponse, Error> {
        let source = request.get_ref().source.clone();
        let base = self.bases.get(source.as_str());
        let (ctx, request) = base.unwrap_or(&self.first).enter(request)?;
        let patient: PatientName = request.parent.parse()?;
        let organisation = may_read(&ctx, patient.patient).await?;
        if base.is_none() {
            return elsewhere(&ctx, patient, request).await;
        }
        let list = [ctx.method, &request.parent, &source, organisation.unwrap_or_default()];
        let page = Page::of(request.page_size, &request.page_token, &list)?;
        let before = page.after.map(|after| (after.time, after.id));
        let filter = Filter { organisation, before, ..Filter::default() };
        let mut entries = audit::list(&mut ctx.read().await?, patient.patient, filter, page.limit()).await?;
        let next_page_token = page.cut(&mut entries, |entry| Position { time: entry.time, id: entry.entry_id });
        ctx.audit_read([(patient.patient, request.parent.as_str())]).await?;
        let names = organisation_names(&ctx, &entries).await;
        let audit_events = entries.into_iter().map(|entry| wire(&source, entry, &names)).collect();
        Ok(ListAuditEventsResponse { audit_events, next_page_token })
    }
}

#[tonic::async_trait]
impl AuditService for Audits {
    async fn list_audit_events(
        &self,
        request: Request<ListAuditEventsRequest>,
    ) -> Result<Response<ListAuditEventsResponse>, Status> {
        Ok(Response::new(self.list(request).await?))
    }
}

/// What the audit of a service says that runs in another process: whoever reads has one place to ask. That she read stands here, as
/// the other service leaves it to the one that was called.
async fn elsewhere(
    ctx: &Ctx,
    patient: PatientName,
    request: ListAuditEventsRequest,
) -> Result<ListAuditEventsResponse, Error> {
    // What was passed on once is not passed on again, wherever the configuration leads.
    if !ctx.caller.via.is_empty() || !ctx.peers().knows(&request.source) {
        return Err(Error::from(Common::ResourceNotFound).with("source", request.source));
    }
    let mut audit = ctx.peers().audit(&request.source);
    let answer = audit.list_audit_events(request).await.map_err(|status| Error::Peer(Box::new(status)))?;
    ctx.audit_read([(patient.patient, patient.to_string().as_str())]).await?;
    Ok(answer.into_inner())
}

/// Whose entries the caller reads: all for the patient herself, those of the own organisation for its officer.
async fn may_read(ctx: &Ctx, patient: Uuid) -> Result<Option<&str>, Error> {
    let caller = &ctx.caller;
    if caller.patient.is_some() {
        return if caller.patient == Some(patient) { Ok(None) } else { Err(ctx.refuse(patient).await?) };
    }
    // Who calls on behalf of nobody would see what stands there of nobody.
    let officer = caller.role == "data_protection_officer" && !caller.organisation.is_empty();
    if officer { Ok(Some(&caller.organisation)) } else { Err(ctx.refuse(patient).await?) }
}

/// What the organisations are called. One whose name cannot be had now has none: who looked matters more.
async fn organisation_names(ctx: &Ctx, entries: &[Entry]) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for sor in entries.iter().map(|entry| &entry.organisation).filter(|sor| !sor.is_empty()) {
        if names.contains_key(sor) {
            continue;
        }
        let request = GetOrganisationRequest { name: format!("organisations/{sor}") };
        // As the service itself: a citizen may not ask for organisations.
        let name = match ctx.base().peers.directory().get_organisation(request).await {
            Ok(organisation) => organisation.into_inner().display_name,
            Err(status) => {
                tracing::warn!(code = ?status.code(), sor, "an organisation's name cannot be had");
                String::new()
            }
        };
        names.insert(sor.clone(), name);
    }
    names
}

fn wire(source: &str, entry: Entry, names: &HashMap<String, String>) -> AuditEvent {
    let organisation = match entry.organisation.as_str() {
        "" => String::new(),
        sor => format!("organisations/{sor}"),
    };
    AuditEvent {
        id: entry.entry_id.to_string(),
        source: source.to_owned(),
        time: Some(time::to_wire(entry.time)),
        who: Some(Actor { person: entry.person, display_name: entry.display_name, organisation }),
        role: entry.role,
        organisation_display_name: names.get(&entry.organisation).cloned().unwrap_or_default(),
        via: entry.via,
        action_text: words(&entry.action),
        action: entry.action,
        resource: entry.resource,
        outcome: entry.outcome,
        basis: entry.basis,
        reason: entry.reason,
        trace_id: entry.trace_id,
    }
}

/// `get wound` of `samspil.wound.v1.WoundService/GetWound`.
fn words(action: &str) -> String {
    let mut words = String::new();
    for letter in action.rsplit('/').next().unwrap_or(action).chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_method_is_said_in_words() {
        assert_eq!(words("samspil.wound.v1.WoundService/GetWound"), "get wound");
        assert_eq!(words("samspil.directory.v1.DirectoryService/BatchGetCitizens"), "batch get citizens");
        assert_eq!(words("samspil audit export"), "samspil audit export");
    }
}
