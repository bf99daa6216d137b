//! An activity as its row has it.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::Error;
use samspil_proto::{
    careplan::v1::{self as pb, ActivityKind, ActivityState},
    common::v1::Actor,
    directory::v1::OrganisationKind,
};
use samspil_store::clock::DueClock;
use uuid::Uuid;

use crate::{
    activity::{Activity, Owner, Source},
    recurrence::{Recurrence, Series},
};

#[derive(samspil_store::FromRow)]
pub(super) struct Row {
    activity_id: Uuid,
    patient_id: Uuid,
    state: i32,
    kind: i32,
    description: String,
    owner: String,
    owner_kind: i32,
    owner_role: String,
    due_time: Option<DateTime<Utc>>,
    occurrence: i32,
    anchor_number: i32,
    anchor_time: Option<DateTime<Utc>>,
    details: Vec<u8>,
    clock: Option<Vec<u8>>,
    proposed_by: Vec<u8>,
    source: String,
    source_version: i32,
    source_line: i32,
    decided_by: Option<Vec<u8>>,
    outcome: String,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    version: i64,
}

impl TryFrom<Row> for Activity {
    type Error = Error;

    fn try_from(row: Row) -> Result<Activity, Error> {
        let details = pb::Activity::decode(row.details.as_slice())?;
        let recurrence = details.recurrence.as_ref().map(Recurrence::try_from).transpose();
        let recurrence = recurrence.map_err(|unusable| Error::internal(unusable.expected()))?;
        let series = match (recurrence, row.anchor_time) {
            (Some(recurrence), Some(anchor)) => Some(Series {
                recurrence,
                number: u32::try_from(row.occurrence).map_err(Error::internal)?,
                anchor_number: u32::try_from(row.anchor_number).map_err(Error::internal)?,
                anchor,
            }),
            _ => None,
        };
        Ok(Activity {
            id: row.activity_id,
            patient: row.patient_id,
            state: ActivityState::try_from(row.state).map_err(Error::internal)?,
            kind: ActivityKind::try_from(row.kind).map_err(Error::internal)?,
            description: row.description,
            owner: Owner { sor: row.owner, kind: OrganisationKind::try_from(row.owner_kind).map_err(Error::internal)? },
            owner_role: row.owner_role,
            due: row.due_time,
            series,
            occurrences: details.occurrences,
            goals: details.goals,
            clock: row.clock.map(|clock| DueClock::decode(&clock)).transpose()?,
            proposed_by: Actor::decode(row.proposed_by.as_slice())?,
            source: Source { name: row.source, version: row.source_version, line: row.source_line },
            decided_by: row.decided_by.map(|actor| Actor::decode(actor.as_slice())).transpose()?,
            outcome: row.outcome,
            create_time: row.create_time,
            update_time: row.update_time,
            version: i32::try_from(row.version).map_err(Error::internal)?,
        })
    }
}
