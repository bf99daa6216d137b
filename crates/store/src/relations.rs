//! What a service knows of somebody's relation to a patient: its copies of consents, blocks and emergency accesses, read at once.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use samspil_proto::directory::v1::BlockKind;
use uuid::Uuid;

use crate::{Db, Looks, blocks::Block, emergencies::Emergency, sql};

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
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    source: i32,
    id: Uuid,
    kind: i32,
    target: String,
    reason: String,
    begin_time: Option<DateTime<Utc>>,
    end_time: Option<DateTime<Utc>>,
}

impl Row {
    /// Whether it says something of an organisation or a person.
    fn concerns(&self, organisation: &str, person: &str) -> bool {
        match self.source {
            1 => self.target == person,
            2 => match BlockKind::try_from(self.kind) {
                Ok(BlockKind::Person) => self.target == person,
                Ok(BlockKind::Organisation) => self.target == organisation,
                // Everybody, and what a newer version of this program wrote.
                _ => true,
            },
            _ => self.target == organisation,
        }
    }
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

/// Looks at what the copies say of patients.
pub(crate) type Known = Looks<Uuid, Arc<[Row]>>;

/// What the copies say of an organisation, a person and a patient. Everybody who asks of a patient at the same moment is served by
/// one look: they differ in which of the few rows concern them.
///
/// # Errors
/// As the engine.
pub async fn of(db: &Db, patient: Uuid, organisation: &str, person: &str) -> Result<Relations, sqlx::Error> {
    let rows = db.relations().share(patient, all(db, patient)).await?;
    Ok(rows.iter().filter(|row| row.concerns(organisation, person)).cloned().collect())
}

async fn all(db: &Db, patient: Uuid) -> Result<Arc<[Row]>, sqlx::Error> {
    let mut tx = db.read().await?;
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT 1 AS source, emergency_id AS id, 0 AS kind, person AS target, reason, begin_time, end_time
         FROM emergencies WHERE patient_id = $1
         UNION ALL
         SELECT 2, block_id, kind, target, '', begin_time, end_time FROM blocks WHERE patient_id = $1
         UNION ALL
         SELECT 3, consent_id, 0, organisation, '', NULL, NULL FROM consents WHERE patient_id = $1 AND NOT withdrawn",
        patient
    )?;
    Ok(rows.into())
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
