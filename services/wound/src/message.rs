//! Messages on the case.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{
    Ctx, Error,
    common::Common,
    once,
    paging::{Page, Position},
};
use samspil_proto::{
    names::{MessageName, WoundName},
    time,
    wound::v1 as pb,
};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use crate::{access, wound::sql::far};

/// A message, as its row has it.
#[derive(samspil_store::FromRow)]
struct Row {
    message_id: Uuid,
    wound_id: Uuid,
    patient_id: Uuid,
    text: String,
    author: Vec<u8>,
    create_time: DateTime<Utc>,
}

impl Row {
    fn to_wire(&self) -> Result<pb::Message, prost::DecodeError> {
        let name = MessageName { patient: self.patient_id, wound: self.wound_id, message: self.message_id };
        Ok(pb::Message {
            name: name.to_string(),
            text: self.text.clone(),
            author: Some(prost::Message::decode(self.author.as_slice())?),
            create_time: Some(time::to_wire(self.create_time)),
        })
    }
}

pub(crate) async fn create(ctx: &Ctx, request: pb::CreateMessageRequest) -> Result<pb::Message, Error> {
    let parent: WoundName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let mut tx = once!(ctx, request);
    let wound = access::wound_to_change(ctx, &mut tx, parent).await?;
    let row = Row {
        message_id: ctx.id(),
        wound_id: wound.wound_id,
        patient_id: wound.patient_id,
        text: request.message.unwrap_or_default().text,
        author: ctx.actor().encode_to_vec(),
        create_time: ctx.now(),
    };
    sql!(
        &mut *tx,
        execute,
        "INSERT INTO messages (message_id, wound_id, patient_id, text, author, create_time) VALUES ($1, $2, $3, $4, $5, $6)",
        row.message_id,
        row.wound_id,
        row.patient_id,
        &row.text,
        &row.author,
        row.create_time
    )?;
    let message = row.to_wire()?;
    tx.event(&message.name, &wound.organisations(), &pb::MessageWritten {}).await?;
    let name = message.name.clone();
    tx.commit(Some(parent.patient), &name, message).await
}

pub(crate) async fn list(ctx: &Ctx, request: pb::ListMessagesRequest) -> Result<pb::ListMessagesResponse, Error> {
    let parent: WoundName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let list = [ctx.method, &request.parent, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut tx = ctx.read().await?;
    access::wound(ctx, &mut tx, parent).await?;
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    let mut rows = sql!(
        &mut tx,
        fetch_all as Row,
        "SELECT * FROM messages WHERE wound_id = $1 AND (create_time, message_id) < ($2, $3)
         ORDER BY create_time DESC, message_id DESC LIMIT $4",
        parent.wound,
        after.time,
        after.id,
        page.limit()
    )?;
    drop(tx);
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.create_time, id: row.message_id });
    let messages = rows.iter().map(Row::to_wire).collect::<Result<_, _>>()?;
    ctx.audit_read([(parent.patient, request.parent.as_str())]).await?;
    Ok(pb::ListMessagesResponse { messages, next_page_token })
}

/// A message by name, for the watch stream.
pub(crate) async fn find(tx: &mut Tx, name: MessageName) -> Result<pb::Message, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        "SELECT * FROM messages WHERE message_id = $1 AND wound_id = $2 AND patient_id = $3",
        name.message,
        name.wound,
        name.patient
    )?;
    Ok(row.ok_or(Common::ResourceNotFound)?.to_wire()?)
}
