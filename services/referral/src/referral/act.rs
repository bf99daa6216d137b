//! What is done to referrals: a function for each change, and one transaction in each.

use samspil_kit::{Change, Code, Ctx, Error, common::Common, once};
use samspil_proto::{
    directory::v1::GetOrganisationRequest,
    names::{NotAName, OrganisationName, PatientName, ReferralName},
    referral::v1::{
        self as pb, AcceptReferralRequest, CreateReferralRequest, ReceiveReferralRequest, RejectReferralRequest,
        SendReferralRequest, WithdrawReferralRequest,
    },
};

use super::{Referral, Said, Verb, fault, faults, sql};

/// Writes a referral that is not yet sent.
pub(super) async fn create(ctx: &Ctx, request: CreateReferralRequest) -> Result<pb::Referral, Error> {
    let parent: Result<PatientName, NotAName> = request.parent.parse();
    let PatientName { patient } = parent.map_err(|error| Error::invalid("parent", "name", error.to_string()))?;
    ctx.cares_for(patient).await?;
    let asked = request.referral.clone().unwrap_or_default();
    let receiver: OrganisationName = asked.receiver.parse()?;
    let mut found = faults(patient, &ctx.caller.organisation, &asked);
    // Asked before the transaction begins: nobody else shall wait for a peer's answer.
    if !is_known(ctx, &receiver).await? {
        found.push(fault("referral.receiver", "must be an organisation that is known here"));
    }
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    let mut tx = once!(ctx, request);
    let name = ReferralName { patient, referral: ctx.id() };
    let referral = Referral::write(name, asked, receiver.sor, ctx.actor(), ctx.now());
    sql::insert(&mut tx, &referral).await?;
    tx.commit(Some(patient), &name.to_string(), referral.into()).await
}

/// Sends a referral.
pub(super) async fn send(ctx: &Ctx, request: SendReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let tx = once!(ctx, request);
    step(ctx, tx, name, &request.etag, Verb::Send, Said::default()).await
}

/// Takes a referral back.
pub(super) async fn withdraw(ctx: &Ctx, request: WithdrawReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let tx = once!(ctx, request);
    let said = Said { words: request.reason, ..Said::default() };
    step(ctx, tx, name, &request.etag, Verb::Withdraw, said).await
}

/// Confirms that a referral has arrived.
pub(super) async fn receive(ctx: &Ctx, request: ReceiveReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let tx = once!(ctx, request);
    step(ctx, tx, name, &request.etag, Verb::Receive, Said::default()).await
}

/// Takes the patient on.
pub(super) async fn accept(ctx: &Ctx, request: AcceptReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let tx = once!(ctx, request);
    let said = Said { words: request.note, ..Said::default() };
    step(ctx, tx, name, &request.etag, Verb::Accept, said).await
}

/// Turns a referral down.
pub(super) async fn reject(ctx: &Ctx, request: RejectReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let tx = once!(ctx, request);
    let said = Said { rejection_reason: request.rejection_reason(), words: request.reason };
    step(ctx, tx, name, &request.etag, Verb::Reject, said).await
}

/// The name of a referral of a patient to whom the caller's organisation has a relation.
async fn enter(ctx: &Ctx, name: &str) -> Result<ReferralName, Error> {
    let name: ReferralName = name.parse()?;
    ctx.cares_for(name.patient).await?;
    Ok(name)
}

/// One step of a referral, in the transaction that its verb began.
async fn step(
    ctx: &Ctx,
    mut tx: Box<Change>,
    name: ReferralName,
    etag: &str,
    verb: Verb,
    said: Said,
) -> Result<pb::Referral, Error> {
    let mut referral = sql::get_to_change(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?;
    let side = referral.side(&ctx.caller.organisation).ok_or(Common::ResourceNotFound)?;
    referral.matches(etag)?;
    referral.step(verb, side, said, ctx.actor(), ctx.now())?;
    sql::update(&mut tx, &mut referral).await?;
    tell(&mut tx, &referral, verb).await?;
    tx.commit(Some(name.patient), &name.to_string(), referral.into()).await
}

/// Writes the event of a step that was just made.
async fn tell(tx: &mut Change, referral: &Referral, verb: Verb) -> Result<(), Error> {
    let subject = referral.name.to_string();
    let watchers = referral.watchers();
    let sender = format!("organisations/{}", referral.sender);
    let receiver = format!("organisations/{}", referral.receiver);
    match verb {
        Verb::Send => tx.event(&subject, &watchers, &pb::ReferralSent { sender, receiver }).await,
        Verb::Withdraw => tx.event(&subject, &watchers, &pb::ReferralWithdrawn {}).await,
        Verb::Receive => tx.event(&subject, &watchers, &pb::ReferralReceived {}).await,
        Verb::Accept => {
            let wound = referral.asked.wound.clone();
            tx.event(&subject, &watchers, &pb::ReferralAccepted { sender, receiver, wound }).await
        }
        Verb::Reject => {
            let reason = referral.history.last().map(pb::ReferralStep::rejection_reason).unwrap_or_default();
            let rejection_reason = reason.as_str_name().to_owned();
            tx.event(&subject, &watchers, &pb::ReferralRejected { rejection_reason }).await
        }
    }
}

/// Whether `directory` knows an organisation.
async fn is_known(ctx: &Ctx, organisation: &OrganisationName) -> Result<bool, Error> {
    let question = GetOrganisationRequest { name: organisation.to_string() };
    match ctx.peers().directory().get_organisation(question).await {
        Ok(_) => Ok(true),
        Err(status) if status.code() == Code::NotFound => Ok(false),
        Err(status) => Err(Error::Peer(Box::new(status))),
    }
}
