//! An answer while it is being written: its author's alone, kept so that nothing typed is lost, gone once it is signed.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Ctx, Error, common::Common};
use samspil_proto::{
    names::{AnswerDraftName, AssessmentName},
    time,
    wound::v1 as pb,
};
use samspil_store::{Tx, audit, sql};
use uuid::Uuid;

use super::{Assessment, Detail, act, not_open};
use crate::{Reason, access};

/// A draft, as its row has it.
#[derive(samspil_store::FromRow)]
struct Row {
    draft: Vec<u8>,
    update_time: DateTime<Utc>,
}

impl Row {
    /// Of what was typed, whoever sent it and whenever.
    fn of(draft: pb::AnswerDraft, now: DateTime<Utc>) -> Row {
        let typed = pb::AnswerDraft { name: String::new(), update_time: None, etag: String::new(), ..draft };
        Row { draft: typed.encode_to_vec(), update_time: now }
    }

    /// A digest of what was typed: whoever read the same goes on from the same.
    fn etag(&self) -> String {
        blake3::hash(&self.draft).to_hex()[..32].to_owned()
    }

    fn to_wire(&self, name: String) -> Result<pb::AnswerDraft, prost::DecodeError> {
        let typed = pb::AnswerDraft::decode(self.draft.as_slice())?;
        Ok(pb::AnswerDraft { name, update_time: Some(time::to_wire(self.update_time)), etag: self.etag(), ..typed })
    }
}

/// Passes while an answer may come, or a better one. A claim is not asked for: it may have run out while somebody typed.
fn may_be_written(assessment: &Assessment, detail: &Detail) -> Result<(), Reason> {
    if assessment.is_open || !detail.answers.is_empty() { Ok(()) } else { Err(not_open(assessment.state())) }
}

pub(crate) async fn get(ctx: &Ctx, request: pb::GetAnswerDraftRequest) -> Result<pb::AnswerDraft, Error> {
    let name: AnswerDraftName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = ctx.read().await?;
    let assessment = act::find(ctx, &mut tx, of(name)).await?;
    if assessment.receiver != ctx.caller.organisation {
        return Err(Reason::NotTheReceiver.into());
    }
    let row = row(&mut tx, name.assessment, &ctx.caller.person).await?;
    drop(tx);
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    match row {
        Some(row) => Ok(row.to_wire(request.name)?),
        None => Ok(pb::AnswerDraft { name: request.name, ..pb::AnswerDraft::default() }),
    }
}

pub(crate) async fn save(ctx: &Ctx, request: pb::SaveAnswerDraftRequest) -> Result<pb::AnswerDraft, Error> {
    let name: AnswerDraftName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = ctx.db().begin().await?;
    let held = act::hold(ctx, &mut tx, of(name), "", act::Side::Receiver).await?;
    may_be_written(&held.assessment, &held.detail)?;
    let saved = row(&mut tx, name.assessment, &ctx.caller.person).await?;
    let new = Row::of(request.draft.unwrap_or_default(), ctx.now());
    let row = match saved {
        // The answer to the first try was lost.
        Some(saved) if saved.draft == new.draft => saved,
        saved => {
            if saved.map(|saved| saved.etag()).unwrap_or_default() != request.etag {
                return Err(Common::EtagMismatch.into());
            }
            put(&mut tx, name.assessment, &ctx.caller.person, &new).await?;
            new
        }
    };
    audit::put(&mut tx, &ctx.audit_entry(name.patient, &request.name)).await?;
    tx.commit().await?;
    Ok(row.to_wire(request.name)?)
}

pub(crate) async fn delete(
    ctx: &Ctx,
    request: pb::DeleteAnswerDraftRequest,
) -> Result<pb::DeleteAnswerDraftResponse, Error> {
    let name: AnswerDraftName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = ctx.db().begin().await?;
    act::hold(ctx, &mut tx, of(name), "", act::Side::Receiver).await?;
    throw_away(&mut tx, name.assessment, &ctx.caller.person).await?;
    audit::put(&mut tx, &ctx.audit_entry(name.patient, &request.name)).await?;
    tx.commit().await?;
    Ok(pb::DeleteAnswerDraftResponse {})
}

fn of(name: AnswerDraftName) -> AssessmentName {
    AssessmentName { patient: name.patient, wound: name.wound, assessment: name.assessment }
}

async fn row(tx: &mut Tx, assessment: Uuid, person: &str) -> Result<Option<Row>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Row,
        "SELECT draft, update_time FROM answer_drafts WHERE assessment_id = $1 AND person = $2",
        assessment,
        person
    )
}

async fn put(tx: &mut Tx, assessment: Uuid, person: &str, row: &Row) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO answer_drafts (assessment_id, person, draft, update_time) VALUES ($1, $2, $3, $4)
         ON CONFLICT (assessment_id, person) DO UPDATE SET draft = excluded.draft, update_time = excluded.update_time",
        assessment,
        person,
        &row.draft,
        row.update_time
    )?;
    Ok(())
}

/// Throws a person's draft away, if there is one.
pub(crate) async fn throw_away(tx: &mut Tx, assessment: Uuid, person: &str) -> Result<(), samspil_store::Error> {
    sql!(tx, execute, "DELETE FROM answer_drafts WHERE assessment_id = $1 AND person = $2", assessment, person)?;
    Ok(())
}
