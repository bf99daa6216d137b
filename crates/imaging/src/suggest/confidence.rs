//! How far to believe an outline.

use std::str::FromStr;

use super::looks::{LEAST, Look};
use super::map::probability;
use super::regions::Region;

/// What was learnt, on photos apart from those of the training, about outlines and how far they turned out to be right.
///
/// Three numbers `a b c`: the confidence is that of the odds `a + b ln(own odds) + c ln(part of the photo)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Calibration([f64; 3]);

impl FromStr for Calibration {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let numbers: Vec<f64> =
            text.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>().map_err(|_| ())?;
        let numbers: [f64; 3] = numbers.try_into().map_err(|_| ())?;
        if numbers.iter().all(|number| number.is_finite()) { Ok(Self(numbers)) } else { Err(()) }
    }
}

impl Calibration {
    pub(super) fn of(&self, region: &Region, look: &Look) -> f64 {
        let Self([a, b, c]) = self;
        let own = own(region, look).clamp(0.001, 0.999);
        let odds = a + b * (own / (1.0 - own)).ln() + c * look.part(region).ln();
        1.0 / (1.0 + (-odds).exp())
    }
}

/// What the network itself says: the overlap to expect if every cell were wound as often as it thinks. An outline with a
/// broad uncertain rim, or pale within, has little.
fn own(region: &Region, look: &Look) -> f64 {
    let map = &look.map;
    let bounds = region.bounds;
    let (aside, above) = (bounds.width().div_ceil(2), bounds.height().div_ceil(2));
    let columns = bounds.left.saturating_sub(aside)..=(bounds.right + aside).min(map.width - 1);
    let rows = bounds.top.saturating_sub(above)..=(bounds.bottom + above).min(map.height - 1);
    let (mut inside, mut all) = (0.0, 0.0);
    for (column, row) in rows.flat_map(|row| columns.clone().map(move |column| (column, row))) {
        let (value, is_own) = (map.at(column, row), region.has(column.into(), row.into()));
        // What belongs to another outline says nothing of this one.
        if is_own || value <= LEAST {
            let wound = f64::from(probability(value));
            all += wound;
            inside += if is_own { wound } else { 0.0 };
        }
    }
    2.0 * inside / (region.size as f64 + all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calibration_is_three_numbers() {
        assert_eq!("0.5 1 -2e-1".parse(), Ok(Calibration([0.5, 1.0, -0.2])));
        for text in ["", "1 2", "1 2 3 4", "1 2 x", "1 2 NaN"] {
            assert_eq!(text.parse::<Calibration>(), Err(()), "{text:?}");
        }
    }
}
