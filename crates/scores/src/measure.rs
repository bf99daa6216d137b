//! Length and width, as the nurse's ruler gives them.

use crate::Refusal;

/// The longest length and width that is taken, in millimetres: as long as the contract's fields for a wound allow.
pub const MAX_MM: i32 = 2000;

/// Length times width, in mm².
///
/// Both are 0 for a closed wound. A wound that has one of them has the other: a fissure of 20 mm that is recorded as 0 mm
/// wide would otherwise score as closed.
///
/// # Errors
///
/// [`Refusal::Missing`], [`Refusal::OutOfRange`], and [`Refusal::Contradictory`] when only one of them is 0.
pub(crate) fn area_mm2(length_mm: Option<i32>, width_mm: Option<i32>) -> Result<i32, Refusal> {
    let length = millimetres("length_mm", length_mm)?;
    let width = millimetres("width_mm", width_mm)?;
    match (length, width) {
        (0, 1..) => Err(Refusal::Contradictory { field: "length_mm" }),
        (1.., 0) => Err(Refusal::Contradictory { field: "width_mm" }),
        _ => Ok(length * width),
    }
}

/// An area that was measured as such, in mm².
///
/// # Errors
///
/// [`Refusal::OutOfRange`] beyond the square of [`MAX_MM`].
pub(crate) fn area_in_range(area_mm2: i32) -> Result<i32, Refusal> {
    let high = MAX_MM * MAX_MM;
    if (0..=high).contains(&area_mm2) {
        Ok(area_mm2)
    } else {
        Err(Refusal::OutOfRange { field: "area_mm2", low: 0, high })
    }
}

fn millimetres(field: &'static str, given: Option<i32>) -> Result<i32, Refusal> {
    let given = given.ok_or(Refusal::Missing { field })?;
    if (0..=MAX_MM).contains(&given) { Ok(given) } else { Err(Refusal::OutOfRange { field, low: 0, high: MAX_MM }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_wound_has_no_area_and_an_open_one_has_both_measures() {
        assert_eq!(area_mm2(Some(0), Some(0)), Ok(0));
        assert_eq!(area_mm2(Some(MAX_MM), Some(MAX_MM)), Ok(4_000_000));
        assert_eq!(area_mm2(Some(20), Some(0)), Err(Refusal::Contradictory { field: "width_mm" }));
        assert_eq!(area_mm2(Some(0), Some(20)), Err(Refusal::Contradictory { field: "length_mm" }));
        assert_eq!(area_mm2(None, Some(20)), Err(Refusal::Missing { field: "length_mm" }));
        assert_eq!(area_mm2(Some(20), None), Err(Refusal::Missing { field: "width_mm" }));
        for bad in [-1, MAX_MM + 1, i32::MIN, i32::MAX] {
            let refused = |field| Err(Refusal::OutOfRange { field, low: 0, high: MAX_MM });
            assert_eq!(area_mm2(Some(bad), Some(1)), refused("length_mm"));
            assert_eq!(area_mm2(Some(1), Some(bad)), refused("width_mm"));
        }
    }
}
