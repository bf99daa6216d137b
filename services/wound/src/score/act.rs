//! What is done with scores: recorded by a person, or by itself when a visit is complete; listed.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{
    Ctx, Error,
    common::Common,
    once,
    paging::{Page, Position},
};
use samspil_proto::{
    names::{ScoreName, VisitName, WoundName},
    time,
    wound::v1 as pb,
};
use samspil_scores::{Instrument, Scored, pressure::Stage};
use samspil_store::Tx;

use super::{Score, inputs, push, refused, result, sql};
use crate::{
    access,
    tell::tell,
    visit::{self, Visit},
    wound::Wound,
};
use pb::score::Input;

pub(crate) async fn create(ctx: &Ctx, request: pb::CreateScoreRequest) -> Result<pb::Score, Error> {
    let parent: WoundName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let mut tx = once!(ctx, request);
    let asked = request.score.unwrap_or_default();
    let wound = access::wound_to_change(ctx, &mut tx, parent).await?;
    wound.open()?;
    let visit = of_visit(&mut tx, parent, &asked.visit).await?;
    let input = asked.input.ok_or_else(|| Error::invalid("score.input", "required", "must be given"))?;
    let scored = inputs(&input, earlier_stages(&mut tx, &wound).await?).score().map_err(refused)?;
    let observe_time = match &asked.observe_time {
        Some(told) => time::from_wire(told).ok_or_else(|| {
            Error::invalid("score.observe_time", "timestamp", "must be a time of the years 1 to 9999")
        })?,
        None => visit.map_or(ctx.now(), |visit| visit.visit_time),
    };
    let score = write(ctx, &mut tx, &wound, (asked.visit, observe_time), input, &scored).await?;
    let name = score.name().to_string();
    tx.commit(Some(parent.patient), &name, score.to_wire()?).await
}

/// The visit that a score is about, if it is about one.
async fn of_visit(tx: &mut Tx, wound: WoundName, visit: &str) -> Result<Option<Visit>, Error> {
    if visit.is_empty() {
        return Ok(None);
    }
    let other = || Error::invalid("score.visit", "parent", "must be a visit of this wound");
    let name: VisitName = visit.parse().map_err(|_| other())?;
    if (name.patient, name.wound) != (wound.patient, wound.wound) {
        return Err(other());
    }
    Ok(Some(visit::sql::get(tx, name).await?.ok_or_else(other)?))
}

/// Every stage that the wound was recorded with as a pressure ulcer.
async fn earlier_stages(tx: &mut Tx, wound: &Wound) -> Result<Vec<Stage>, Error> {
    let recorded = sql::of_instrument(tx, wound.wound_id, result::name(Instrument::PressureStage)).await?;
    let stages = recorded.iter().map(Score::stage).collect::<Result<Vec<_>, _>>()?;
    Ok(stages.into_iter().flatten().collect())
}

/// Records PUSH for a visit that has just become complete, if it has what PUSH needs.
pub(crate) async fn push_of_visit(ctx: &Ctx, tx: &mut Tx, wound: &Wound, visit: &Visit) -> Result<(), Error> {
    let findings = pb::Findings::decode(visit.findings.as_slice())?;
    let Some(input) = push::of_visit(&findings).map(Input::Push) else { return Ok(()) };
    // A width without a length is no area; the visit is as the nurse recorded it all the same.
    let Ok(scored) = inputs(&input, Vec::new()).score() else { return Ok(()) };
    write(ctx, tx, wound, (visit.name().to_string(), visit.visit_time), input, &scored).await?;
    Ok(())
}

async fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    wound: &Wound,
    (visit, observe_time): (String, DateTime<Utc>),
    input: Input,
    scored: &Scored,
) -> Result<Score, Error> {
    let result = result::to_wire(scored);
    let event = pb::ScoreRecorded { instrument: result.instrument.clone(), total: result.total };
    let detail = pb::Score {
        visit,
        input: Some(input),
        result: Some(result),
        recorded_by: Some(ctx.actor()),
        ..pb::Score::default()
    };
    let score = Score {
        score_id: ctx.id(),
        wound_id: wound.wound_id,
        patient_id: wound.patient_id,
        instrument: event.instrument.clone(),
        detail: detail.encode_to_vec(),
        observe_time,
        create_time: ctx.now(),
    };
    sql::insert(tx, &score).await?;
    tell(ctx, tx, &score.name().to_string(), &wound.organisations(), &event).await?;
    Ok(score)
}

pub(crate) async fn list(ctx: &Ctx, request: pb::ListScoresRequest) -> Result<pb::ListScoresResponse, Error> {
    let parent: WoundName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let list = [ctx.method, &request.parent, &request.instrument, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut tx = ctx.read().await?;
    access::wound(ctx, &mut tx, parent).await?;
    let mut rows = sql::list(&mut tx, parent.wound, &request.instrument, &page).await?;
    drop(tx);
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.observe_time, id: row.score_id });
    let scores = rows.iter().map(Score::to_wire).collect::<Result<_, _>>()?;
    ctx.audit_read([(parent.patient, request.parent.as_str())]).await?;
    Ok(pb::ListScoresResponse { scores, next_page_token })
}

/// The score, for somebody who takes part in its wound.
pub(crate) async fn find(ctx: &Ctx, tx: &mut Tx, name: ScoreName) -> Result<Score, Error> {
    access::wound(ctx, tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    Ok(sql::get(tx, name).await?.ok_or(Common::ResourceNotFound)?)
}
