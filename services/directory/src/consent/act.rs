//! Recording, withdrawing and listing consents.

use chrono::{DateTime, Utc};
use samspil_kit::{
    Ctx, Error,
    common::Common,
    once,
    paging::{Page, Position},
    validate::Violation,
};
use samspil_proto::{
    directory::v1::{
        self as pb, ConsentGranted, ConsentWithdrawn, GrantConsentRequest, ListConsentsRequest, ListConsentsResponse,
        WithdrawConsentRequest,
    },
    names::{ConsentName, OrganisationName, PatientName},
    time,
};
use samspil_store::Tx;

use super::{BadTime, Consent, check_given_time, rpc, sql};
use crate::{check, error::Reason, organisation, relation, rpc::named};

/// Records a citizen's consent.
pub(crate) async fn grant(ctx: &Ctx, request: GrantConsentRequest) -> Result<pb::Consent, Error> {
    let PatientName { patient } = named("parent", &request.parent)?;
    relation::act::may_record(ctx, patient).await?;
    let mut tx = once!(ctx, request);
    let (organisations, given_time) = check(ctx, &mut tx, request.consent.as_ref()).await?;
    let consent = Consent {
        id: ctx.id(),
        patient,
        organisations,
        document: request.consent.unwrap_or_default().document,
        given_time,
        recorded_by: ctx.actor(),
        create_time: ctx.now(),
        withdraw_time: None,
        version: 1,
    };
    sql::insert(&mut tx, &consent).await?;
    for organisation in &consent.organisations {
        check::sql::settle_by_consent(&mut tx, patient, organisation, ctx.now()).await?;
    }
    let organisations = consent.organisations.clone();
    let answer = pb::Consent::from(consent);
    let event = ConsentGranted { patient: request.parent, organisations: answer.organisations.clone() };
    tx.event(&answer.name, &organisations, &event).await?;
    let name = answer.name.clone();
    tx.commit(Some(patient), &name, answer).await
}

/// The organisations' SOR codes and the time, or everything that is wrong with them.
async fn check(ctx: &Ctx, tx: &mut Tx, consent: Option<&pb::Consent>) -> Result<(Vec<String>, DateTime<Utc>), Error> {
    let mut violations: Vec<Violation> = Vec::new();
    let mut organisations = Vec::new();
    for (index, name) in consent.iter().flat_map(|consent| &consent.organisations).enumerate() {
        let OrganisationName { sor } = named(&format!("consent.organisations[{index}]"), name)?;
        if !organisation::sql::exists(tx, &sor).await? {
            violations.push(rpc::unknown_organisation(index));
        }
        organisations.push(sor);
    }
    let given = consent.and_then(|consent| consent.given_time.as_ref()).and_then(time::from_wire);
    let checked = given.ok_or(BadTime::NoTime).and_then(|given| check_given_time(given, ctx.now()).map(|()| given));
    match checked {
        Ok(given) if violations.is_empty() => Ok((organisations, given)),
        Ok(_) => Err(Error::Invalid(violations)),
        Err(why) => {
            violations.push(rpc::bad_time(why));
            Err(Error::Invalid(violations))
        }
    }
}

/// Withdraws a consent.
pub(crate) async fn withdraw(ctx: &Ctx, request: WithdrawConsentRequest) -> Result<pb::Consent, Error> {
    let ConsentName { patient, consent } = named("name", &request.name)?;
    relation::act::may_record(ctx, patient).await?;
    let mut tx = once!(ctx, request);
    let mut consent = sql::get_to_change(&mut tx, patient, consent).await?.ok_or(Reason::ConsentNotFound)?;
    if !request.etag.is_empty() && request.etag != consent.etag() {
        return Err(Common::EtagMismatch.into());
    }
    consent.withdraw(ctx.now())?;
    if !sql::withdraw(&mut tx, &consent).await? {
        return Err(Common::EtagMismatch.into());
    }
    consent.version += 1;
    let event = ConsentWithdrawn { patient: PatientName { patient }.to_string() };
    tx.event(&request.name, &consent.organisations, &event).await?;
    tx.commit(Some(patient), &request.name, consent.into()).await
}

/// Lists a citizen's consents, the newest first.
pub(crate) async fn list(ctx: &Ctx, request: ListConsentsRequest) -> Result<ListConsentsResponse, Error> {
    let PatientName { patient } = named("parent", &request.parent)?;
    relation::act::concerns(ctx, patient).await?;
    let list = [ctx.method, &request.parent, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut consents = sql::list(&mut ctx.read().await?, patient, page.after, page.limit()).await?;
    let next_page_token = page.cut(&mut consents, |last| Position { time: last.create_time, id: last.id });
    ctx.audit_read([(patient, request.parent.as_str())]).await?;
    Ok(ListConsentsResponse { consents: consents.into_iter().map(Into::into).collect(), next_page_token })
}
