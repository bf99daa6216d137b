//! How large a card came out of the printer.

use crate::card::{RULER_MM, SIDE_MM};

/// One run of a printer: how large its cards are, as a share of what they should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Print {
    /// 1.0 is right, 0.9 is printed at 90 %.
    pub scale: f64,
    /// The standard uncertainty of that.
    pub u: f64,
}

/// No length that a printed line of 50 mm can have.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "{0} mm is no length of the printed line, which should be 50 mm: read the ruler from one end of it to the other"
)]
pub struct NotARuler(pub f64);

impl Print {
    /// A print at 100 %, which a ruler has confirmed or nobody has looked at. Printers that do not scale keep to about
    /// half a percent, and card stock moves with the air's moisture by a tenth of that.
    pub const AS_SENT: Self = Self { scale: 1.0, u: 0.003 };

    /// A ruler was held to the 50 mm line.
    ///
    /// # Errors
    ///
    /// [`NotARuler`] for less than 25 or more than 100 mm: half or double size is no accident of a printer.
    pub fn from_ruler(measured_mm: f64) -> Result<Self, NotARuler> {
        // A person reads each end to half a millimetre, which is a standard deviation of 0.14 mm, twice.
        const READING_MM: f64 = 0.2;
        if !(RULER_MM / 2.0..=RULER_MM * 2.0).contains(&measured_mm) {
            return Err(NotARuler(measured_mm));
        }
        Ok(Self { scale: measured_mm / RULER_MM, u: READING_MM / RULER_MM })
    }

    /// Whether the cards may be used as if they were right: the line is from 49.5 to 50.5 mm, and areas are at most 2 %
    /// off.
    #[must_use]
    pub fn is_good(&self) -> bool {
        (self.scale - 1.0).abs() <= 0.010_001
    }

    /// How much too large an area comes out when nobody says that the print is off: 0.23 is 23 % too large.
    #[must_use]
    pub fn area_error(&self) -> f64 {
        1.0 / (self.scale * self.scale) - 1.0
    }

    /// How long the sides of this print's tags are.
    #[must_use]
    pub fn side_mm(&self) -> f64 {
        SIDE_MM * self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_at_90_percent_is_found_and_can_be_used_as_what_it_is() {
        let print = Print::from_ruler(45.0).unwrap();
        assert!(!print.is_good());
        assert!((print.side_mm() - 22.5).abs() < 1e-12);
        assert!((print.area_error() - 0.2346).abs() < 1e-4);
    }

    #[test]
    fn half_a_millimetre_passes_and_more_does_not() {
        for (mm, good) in [(49.4, false), (49.5, true), (50.0, true), (50.5, true), (50.6, false)] {
            assert_eq!(Print::from_ruler(mm).unwrap().is_good(), good, "{mm}");
        }
    }

    #[test]
    fn what_cannot_be_the_line_is_refused() {
        for mm in [0.0, -50.0, 24.9, 100.1, 500.0, f64::NAN, f64::INFINITY] {
            assert!(Print::from_ruler(mm).is_err(), "{mm}");
        }
    }
}
