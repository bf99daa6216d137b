//! What parts of a plan refer to has to be in the plan.

use samspil_kit::{Error, validate::Violation};
use samspil_store::Tx;
use uuid::Uuid;

use super::name::PartName;
use crate::versions;

/// Passes when each of these names is of a part that the patient's plan has and that was not withdrawn.
///
/// # Errors
/// With each that is not.
pub(crate) async fn exist(tx: &mut Tx, patient: Uuid, field: &str, names: &[String]) -> Result<(), Error> {
    let mut missing = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let of_this_plan = name.parse::<PartName>().is_ok_and(|name| name.patient == patient);
        let found = if of_this_plan { versions::get(tx, name, 0).await? } else { None };
        if found.is_none_or(|found| found.withdrawn) {
            missing.push(Violation {
                field: format!("{field}[{index}]"),
                rule: "reference".to_owned(),
                description: "must be in the patient's plan".to_owned(),
            });
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Error::Invalid(missing)) }
}
