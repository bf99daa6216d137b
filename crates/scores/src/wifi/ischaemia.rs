//! The grade of the ischaemia from what was measured.

use serde::Deserialize;

use super::Wifi;
use crate::{Refusal, table::Bands};

/// The limits of the four measurements.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    /// Above this index, in hundredths, the vessel is stiff and the ankle tells nothing.
    abi_not_compressible_above: i32,
    abi_hundredths: Bands<i32>,
    ankle_mmhg: Bands<i32>,
    toe_mmhg: Bands<i32>,
    tcpo2_mmhg: Bands<i32>,
}

/// A grade, and the field that gave it.
type Measured = (i32, &'static str);

impl Limits {
    /// The grade and the measurement that decides it; `None` where nothing was measured.
    ///
    /// Every measurement is checked, also one that does not decide.
    ///
    /// # Errors
    ///
    /// [`Refusal::OutOfRange`] and [`Refusal::NotCompressible`].
    pub(super) fn grade(&self, given: &Wifi) -> Result<Option<Measured>, Refusal> {
        let toe = measure(&self.toe_mmhg, "toe_mmhg", given.toe_mmhg)?;
        let tcpo2 = measure(&self.tcpo2_mmhg, "tcpo2_mmhg", given.tcpo2_mmhg)?;
        let abi = measure(&self.abi_hundredths, "abi_hundredths", given.abi_hundredths)?;
        let ankle = measure(&self.ankle_mmhg, "ankle_mmhg", given.ankle_mmhg)?;
        if let Some(decides) = toe.or(tcpo2) {
            return Ok(Some(decides));
        }
        if given.abi_hundredths.is_some_and(|abi| abi > self.abi_not_compressible_above) {
            return Err(Refusal::NotCompressible { field: "abi_hundredths" });
        }
        // The index is named where both give the same grade.
        Ok([ankle, abi].into_iter().flatten().max_by_key(|(grade, _)| *grade))
    }
}

fn measure(bands: &Bands<i32>, field: &'static str, given: Option<i32>) -> Result<Option<Measured>, Refusal> {
    given.map(|number| bands.measure(field, number).map(|grade| (*grade, field))).transpose()
}
