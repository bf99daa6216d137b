//! Why a call would be let through, or not.

use samspil_kit::{
    Ctx, Error,
    access::{self, Asker, Basis, Decision, Purpose, Step},
    common::Common,
    permission::{self, Method},
};
use samspil_proto::{
    directory::v1::{
        self as pb, AccessVerdict, ExplainAccessRequest, ExplainAccessResponse, directory_service_server::SERVICE_NAME,
    },
    names::{OrganisationName, PatientName},
};
use uuid::Uuid;

use super::{act, sql};
use crate::rpc::named;

/// What records a citizen's wishes, and what reports where a citizen is: the methods whose purpose is not care.
const RECORDING: [&str; 6] =
    ["RegisterCitizen", "GrantConsent", "WithdrawConsent", "CreateBlock", "LiftBlock", "ListBlocks"];
const REPORTING: [&str; 2] = ["RecordHospitalEvent", "CancelHospitalEvent"];

/// Tells whether a call would be let through, and why.
pub(crate) async fn explain(ctx: &Ctx, request: ExplainAccessRequest) -> Result<ExplainAccessResponse, Error> {
    let PatientName { patient } = named("patient", &request.patient)?;
    let unknown = || Error::invalid("method", "method.known", "must be the full name of a method of the contract");
    let method = permission::method(&format!("/{}", request.method)).ok_or_else(unknown)?;
    ctx.is_about(patient);
    let own = &ctx.caller;
    let organisation = match request.organisation.as_str() {
        "" => own.organisation.clone(),
        name => named::<OrganisationName>("organisation", name)?.sor,
    };
    let or_own = |asked: &str, own: &str| if asked.is_empty() { own.to_owned() } else { asked.to_owned() };
    let (person, role) = (or_own(&request.person, &own.person), or_own(&request.role, &own.role));
    if (&person, &organisation, &role) == (&own.person, &own.organisation, &own.role) {
        may_ask(ctx, "CITIZEN_READ")?;
        // Who would be refused is refused here too, with not a word more.
        act::concerns(ctx, patient).await?;
    } else {
        may_ask(ctx, "ACCESS_REVIEW")?;
        if organisation != own.organisation {
            return Err(ctx.refuse(patient).await?);
        }
        ctx.stands_on(patient, &Decision::on(Basis::Review));
    }
    let whose = own.patient.filter(|_| person == own.person);
    let asker = Asker { person: &person, organisation: &organisation, role: &role, patient: whose };
    let (allowed, basis, steps) = explained(ctx, asker, patient, method).await?;
    ctx.audit_read([(patient, request.patient.as_str())]).await?;
    let wire =
        |step: Step| pb::AccessStep { rule: step.rule.to_owned(), verdict: step.verdict.into(), words: step.words };
    Ok(ExplainAccessResponse { allowed, basis, steps: steps.into_iter().map(wire).collect() })
}

/// Whether the call would be let through, on what, and what each rule says.
async fn explained(
    ctx: &Ctx,
    asker: Asker<'_>,
    patient: Uuid,
    method: &Method,
) -> Result<(bool, String, Vec<Step>), Error> {
    let needed = method.permission.as_deref().unwrap_or_default();
    if !permission::carries(asker.role, needed) {
        let words = format!("the role {} does not carry the permission {needed}, which the method needs", asker.role);
        let refused = Step { rule: "PERMISSION", verdict: AccessVerdict::Refuses, words };
        return Ok((false, String::new(), vec![refused]));
    }
    let words = format!("the role {} carries the permission {needed}, which the method needs", asker.role);
    let mut steps = vec![Step { rule: "PERMISSION", verdict: AccessVerdict::PassesOn, words }];
    let (service, short) = method.name.split_once('/').unwrap_or_default();
    let mut facts = sql::facts(&mut ctx.read().await?, patient, asker.organisation, asker.person).await?;
    let purpose = match short {
        _ if service != SERVICE_NAME => Purpose::Care,
        short if RECORDING.contains(&short) => Purpose::Record,
        short if REPORTING.contains(&short) => Purpose::Report,
        _ => Purpose::Care,
    };
    if service != SERVICE_NAME {
        // Only here the own municipality is something to stand on.
        facts.own_municipality = None;
    }
    let decision = access::decide(asker, &facts, purpose, ctx.now());
    let basis = decision.outcome.map(Basis::name).unwrap_or_default().to_owned();
    let allowed = decision.allowed();
    steps.extend(decision.steps);
    if let (true, Some(part)) = (allowed, part(service)) {
        steps.push(Step { rule: "PART", verdict: AccessVerdict::PassesOn, words: part.to_owned() });
    }
    Ok((allowed, basis, steps))
}

/// What a service asks on its own, of each thing.
fn part(service: &str) -> Option<&'static str> {
    match service {
        "samspil.wound.v1.WoundService" => Some(
            "the service shows a wound to organisations that take part in it, and to read to whoever is here in an emergency",
        ),
        "samspil.referral.v1.ReferralService" => Some("the service shows a referral to its sender and its receivers"),
        _ => None,
    }
}

fn may_ask(ctx: &Ctx, permission: &str) -> Result<(), Error> {
    if permission::carries(&ctx.caller.role, permission) {
        return Ok(());
    }
    Err(Error::from(Common::NoPermission).with("permission", permission).with("role", &ctx.caller.role))
}
