//! A long queue, written straight into the wound service's tables while nobody serves from them.

use chrono::{DateTime, TimeDelta, Utc};
use prost::Message as _;
use samspil_kit::{deadlines::Deadlines, identity::demo};
use samspil_proto::{common::v1::Actor, wound::v1 as pb};
use samspil_store::{Db, Engine, sql};
use uuid::Uuid;

/// Questions about each wound.
const OF_A_WOUND: i64 = 10;

/// A queue that was filled.
pub(crate) struct Filled {
    count: i64,
    first_due: DateTime<Utc>,
}

impl Filled {
    /// The key of the row in the middle, by due time.
    pub(crate) fn middle(&self) -> (DateTime<Utc>, Uuid) {
        (self.first_due + TimeDelta::seconds(self.count / 2), id(self.count / 2))
    }
}

/// The id of the nth row, the same on both engines: its number, as text.
fn id(n: i64) -> Uuid {
    format!("{n:016}").into_bytes().try_into().map(Uuid::from_bytes).unwrap_or_default()
}

/// Writes `count` open questions to the hospital, due one second after the other from tomorrow on, of a tenth as many patients.
/// Of one in a hundred the consent is withdrawn; one in a thousand waits for more.
pub(crate) async fn fill(db: &Db, count: i64, now: DateTime<Utc>) -> anyhow::Result<Filled> {
    let (wounds, first_due) = (count / OF_A_WOUND, now + TimeDelta::days(1));
    let first_due = DateTime::from_timestamp(first_due.timestamp(), 0).unwrap_or(first_due);
    let mut tx = db.begin().await?;
    sql!(
        &mut tx,
        execute,
        { sqlite: "INSERT INTO consents (consent_id, organisation, patient_id, withdrawn)
                   WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
                   SELECT CAST(printf('%016d', i) AS BLOB), $2, CAST(printf('%016d', i) AS BLOB), i % 100 = 0 FROM n",
          postgres: "INSERT INTO consents (consent_id, organisation, patient_id, withdrawn)
                     SELECT encode(convert_to(lpad(i::text, 16, '0'), 'UTF8'), 'hex')::uuid, $2,
                            encode(convert_to(lpad(i::text, 16, '0'), 'UTF8'), 'hex')::uuid, i % 100 = 0
                     FROM generate_series(1, $1) n(i)" },
        wounds,
        demo::HOSPITAL
    )?;
    sql!(
        &mut tx,
        execute,
        { sqlite: "INSERT INTO wounds (wound_id, patient_id, state, type, body_site, laterality, onset_date, label, owner,
                                       referral, close_reason, opened_by, create_time, update_time, version)
                   WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
                   SELECT CAST(printf('%016d', i) AS BLOB), CAST(printf('%016d', i) AS BLOB), 1, 6, x'', 1, '', 'heel', $2,
                          '', 0, x'', $3, $3, 1 FROM n",
          postgres: "INSERT INTO wounds (wound_id, patient_id, state, type, body_site, laterality, onset_date, label, owner,
                                         referral, close_reason, opened_by, create_time, update_time, version)
                     SELECT encode(convert_to(lpad(i::text, 16, '0'), 'UTF8'), 'hex')::uuid,
                            encode(convert_to(lpad(i::text, 16, '0'), 'UTF8'), 'hex')::uuid, 1, 6, '', 1, '', 'heel', $2,
                            '', 0, '', $3, $3, 1 FROM generate_series(1, $1) n(i)" },
        wounds,
        demo::MUNICIPALITY,
        now
    )?;
    for organisation in [demo::MUNICIPALITY, demo::HOSPITAL] {
        sql!(
            &mut tx,
            execute,
            "INSERT INTO participants (wound_id, organisation, create_time) SELECT wound_id, $1, create_time FROM wounds",
            organisation
        )?;
    }
    sql!(
        &mut tx,
        execute,
        { sqlite: "INSERT INTO assessments (assessment_id, wound_id, patient_id, state, is_open, requester, receiver, priority,
                       wound_type, due_time, alarm_time, clock, stage, holder, detail, request_traceparent, create_time,
                       update_time, version)
                   WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
                   SELECT CAST(printf('%016d', i) AS BLOB), CAST(printf('%016d', 1 + i % $2) AS BLOB),
                          CAST(printf('%016d', 1 + i % $2) AS BLOB), iif(i % 1000 = 0, 3, 1), 1, $3, $4, 1, 6,
                          strftime('%Y-%m-%dT%H:%M:%S+00:00', $5 + i, 'unixepoch'),
                          strftime('%Y-%m-%dT%H:%M:%S+00:00', $5 + i, 'unixepoch'), $8, 1, '', $6, '', $7, $7, 1 FROM n",
          postgres: "INSERT INTO assessments (assessment_id, wound_id, patient_id, state, is_open, requester, receiver, priority,
                         wound_type, due_time, alarm_time, clock, stage, holder, detail, request_traceparent, create_time,
                         update_time, version)
                     SELECT encode(convert_to(lpad(i::text, 16, '0'), 'UTF8'), 'hex')::uuid,
                            encode(convert_to(lpad((1 + i % $2)::text, 16, '0'), 'UTF8'), 'hex')::uuid,
                            encode(convert_to(lpad((1 + i % $2)::text, 16, '0'), 'UTF8'), 'hex')::uuid,
                            CASE WHEN i % 1000 = 0 THEN 3 ELSE 1 END, TRUE, $3, $4, 1, 6, to_timestamp(($5 + i)::float8),
                            to_timestamp(($5 + i)::float8), $8, 1, '', $6, '', $7, $7, 1
                     FROM generate_series(1, $1) n(i)" },
        count,
        wounds,
        demo::MUNICIPALITY,
        demo::HOSPITAL,
        first_due.timestamp(),
        detail(),
        now,
        clock(now)?
    )?;
    tx.commit().await?;
    if db.engine() == Engine::Postgres {
        // Autovacuum does it in an hour's time.
        let mut tx = db.begin().await?;
        sql!(&mut tx, execute, "ANALYZE")?;
        tx.commit().await?;
    }
    Ok(Filled { count, first_due })
}

/// A clock as long as any other. What the queue is searched by stands beside it, in the row.
fn clock(now: DateTime<Utc>) -> anyhow::Result<Vec<u8>> {
    let started = Deadlines::danish().start("answer", "routine", now);
    let clock = started.map_err(|error| anyhow::anyhow!("no clock: {}", error.reason()))?;
    Ok(clock.encode())
}

/// What a question holds besides its columns, in the usual length.
fn detail() -> Vec<u8> {
    let visit = format!("patients/{0}/wounds/{0}/visits/{0}", id(1));
    let requested_by = Actor { person: "0000-nurse".to_owned(), ..Actor::default() };
    let question = "The wound has not become smaller in four weeks. Is the present dressing right, and may we stop \
                    offloading at night?";
    let detail = pb::Assessment {
        question: question.to_owned(),
        visits: vec![visit],
        requested_by: Some(requested_by),
        ..pb::Assessment::default()
    };
    detail.encode_to_vec()
}
