//! Statements on relations.

use samspil_kit::access::Facts;
use samspil_proto::directory::v1::OrganisationKind;
use samspil_store::{
    Error, FromRow, Tx,
    relations::{Relations, Row},
    sql,
};
use uuid::Uuid;

use super::lies_in;

#[derive(FromRow)]
struct Places {
    citizen: String,
    organisation: String,
    kind: i32,
}

/// What decides the relation of an organisation and a person to a citizen. Of a citizen who does not exist nothing is known.
pub(crate) async fn facts(tx: &mut Tx, patient: Uuid, sor: &str, person: &str) -> Result<Facts, Error> {
    let places = sql!(
        tx,
        fetch_optional as Places,
        "SELECT COALESCE((SELECT municipality_code FROM citizens WHERE patient_id = $1), '') AS citizen,
                municipality_code AS organisation, kind
         FROM organisations WHERE sor = $2",
        patient,
        sor
    )?;
    let relations = relations(tx, patient, sor, person).await?;
    Ok(Facts {
        patient,
        own_municipality: Some(places.as_ref().is_some_and(|places| lies_in(&places.organisation, &places.citizen))),
        hospital: places.is_some_and(|places| places.kind == OrganisationKind::Hospital as i32),
        relations,
    })
}

/// What the other services have copies of, here as it was recorded.
async fn relations(tx: &mut Tx, patient: Uuid, sor: &str, person: &str) -> Result<Relations, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT 1 AS source, access_id AS id, 0 AS kind, person AS target, reason, begin_time, end_time
         FROM emergency_accesses WHERE patient_id = $1 AND person = $3 AND give_back_time IS NULL
         UNION ALL
         SELECT 2, block_id, kind, target, '', begin_time, end_time FROM citizen_blocks
         WHERE patient_id = $1 AND lift_time IS NULL
           AND (kind = 1 AND target = $3 OR kind = 2 AND target = $2 OR kind NOT IN (1, 2))
         UNION ALL
         SELECT 3, g.consent_id, 0, o.sor, '', NULL, NULL
         FROM citizen_consents g JOIN citizen_consent_organisations o USING (consent_id)
         WHERE g.patient_id = $1 AND g.withdraw_time IS NULL AND o.sor = $2
         ORDER BY source, id",
        patient,
        sor,
        person
    )?;
    Ok(rows.into_iter().collect())
}

/// The municipality of an organisation. Empty when it has none or is not known.
pub(crate) async fn municipality_of(tx: &mut Tx, sor: &str) -> Result<String, Error> {
    let row = sql!(tx, fetch_optional as (String,), "SELECT municipality_code FROM organisations WHERE sor = $1", sor)?;
    Ok(row.map(|(code,)| code).unwrap_or_default())
}
