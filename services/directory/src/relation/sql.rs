//! Statements on relations.

use samspil_store::{Error, FromRow, Tx, sql};
use uuid::Uuid;

#[derive(FromRow)]
pub(crate) struct FactsRow {
    pub(crate) citizen: String,
    pub(crate) organisation: String,
    pub(crate) consented: bool,
}

/// What decides an organisation's relation to a citizen. None when there is no such citizen.
pub(crate) async fn facts(tx: &mut Tx, patient: Uuid, sor: &str) -> Result<Option<FactsRow>, Error> {
    sql!(
        tx,
        fetch_optional as FactsRow,
        "SELECT c.municipality_code AS citizen,
                COALESCE((SELECT municipality_code FROM organisations WHERE sor = $2), '') AS organisation,
                EXISTS (SELECT 1 FROM citizen_consents g JOIN citizen_consent_organisations o USING (consent_id)
                        WHERE g.patient_id = c.patient_id AND g.withdraw_time IS NULL AND o.sor = $2) AS consented
         FROM citizens c WHERE c.patient_id = $1",
        patient,
        sor
    )
}

/// The municipality of an organisation. Empty when it has none or is not known.
pub(crate) async fn municipality_of(tx: &mut Tx, sor: &str) -> Result<String, Error> {
    let row = sql!(tx, fetch_optional as (String,), "SELECT municipality_code FROM organisations WHERE sor = $1", sor)?;
    Ok(row.map(|(code,)| code).unwrap_or_default())
}

/// The consents that stand and cover an organisation, in the order in which they were recorded.
pub(crate) async fn consents_that_cover(tx: &mut Tx, patient: Uuid, sor: &str) -> Result<Vec<(Uuid,)>, Error> {
    sql!(
        tx,
        fetch_all as (Uuid,),
        "SELECT g.consent_id FROM citizen_consents g JOIN citizen_consent_organisations o USING (consent_id)
         WHERE g.patient_id = $1 AND g.withdraw_time IS NULL AND o.sor = $2
         ORDER BY g.create_time, g.consent_id",
        patient,
        sor
    )
}
