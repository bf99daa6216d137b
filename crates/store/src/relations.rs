//! What a service knows of somebody's relation to a patient: its copies of consents, blocks and emergency accesses, read at once.

use chrono::{DateTime, Utc};
use samspil_proto::directory::v1::BlockKind;
use uuid::Uuid;

use crate::{Tx, blocks::Block, emergencies::Emergency, sql};

/// What there is, whenever it begins and ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relations {
    /// The consents that stand and cover the organisation.
    pub consents: Vec<Uuid>,
    /// The blocks that keep the person, the organisation or everybody out.
    pub blocks: Vec<Block>,
    /// The person's emergency accesses.
    pub emergencies: Vec<Emergency>,
}

/// A row of any of the three: every call reads them, so it is one statement.
#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    source: i32,
    id: Uuid,
    kind: i32,
    target: String,
    reason: String,
    begin_time: Option<DateTime<Utc>>,
    end_time: Option<DateTime<Utc>>,
}

impl FromIterator<Row> for Relations {
    fn from_iter<I: IntoIterator<Item = Row>>(rows: I) -> Relations {
        let mut relations = Relations::default();
        for row in rows {
            let begin_time = row.begin_time.unwrap_or_default();
            match row.source {
                1 => relations.emergencies.push(Emergency {
                    emergency_id: row.id,
                    person: row.target,
                    reason: row.reason,
                    begin_time,
                    end_time: row.end_time.unwrap_or_default(),
                }),
                2 => relations.blocks.push(Block {
                    block_id: row.id,
                    // What a newer version of this program wrote, and this one cannot tell, keeps everybody out.
                    kind: BlockKind::try_from(row.kind).unwrap_or(BlockKind::Everybody),
                    target: row.target,
                    begin_time,
                    end_time: row.end_time,
                }),
                _ => relations.consents.push(row.id),
            }
        }
        relations
    }
}

/// What the copies say of an organisation, a person and a patient.
///
/// # Errors
/// As the engine.
pub async fn of(tx: &mut Tx, patient: Uuid, organisation: &str, person: &str) -> Result<Relations, sqlx::Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT 1 AS source, emergency_id AS id, 0 AS kind, person AS target, reason, begin_time, end_time
         FROM emergencies WHERE patient_id = $1 AND person = $3
         UNION ALL
         SELECT 2, block_id, kind, target, '', begin_time, end_time FROM blocks
         WHERE patient_id = $1 AND (kind = 1 AND target = $3 OR kind = 2 AND target = $2 OR kind NOT IN (1, 2))
         UNION ALL
         SELECT 3, consent_id, 0, organisation, '', NULL, NULL FROM consents
         WHERE patient_id = $1 AND organisation = $2 AND NOT withdrawn",
        patient,
        organisation,
        person
    )?;
    Ok(rows.into_iter().collect())
}

/// The condition of a list over all patients that a patient's data is open to a caller: what the rules say of one patient, in SQL,
/// for organisations whose relation is a consent. It takes the column of the patient, and the binds of organisation, person and time.
///
/// An emergency access does not count here: it opens one patient by name, and puts nobody on a list.
#[macro_export]
macro_rules! open_to {
    ($patient:literal, $organisation:literal, $person:literal, $now:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM consents WHERE consents.patient_id = ",
            $patient,
            " AND consents.organisation = ",
            $organisation,
            " AND NOT consents.withdrawn)
             AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.patient_id = ",
            $patient,
            " AND blocks.begin_time <= ",
            $now,
            " AND (blocks.end_time IS NULL OR blocks.end_time > ",
            $now,
            ") AND (blocks.kind = 1 AND blocks.target = ",
            $person,
            " OR blocks.kind = 2 AND blocks.target = ",
            $organisation,
            " OR blocks.kind NOT IN (1, 2)))"
        )
    };
}
