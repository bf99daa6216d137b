//! Bands of a measurement or a total, and what each gives.

use serde::Deserialize;

use crate::Refusal;

/// A band of whole numbers and what it gives.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Band<T> {
    from: i32,
    /// The last number of the band; the last band may go on for ever.
    to: Option<i32>,
    is: T,
}

/// Bands that follow each other without a gap or an overlap.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<Band<T>>", bound(deserialize = "T: Deserialize<'de>"))]
pub(crate) struct Bands<T>(Vec<Band<T>>);

impl<T> TryFrom<Vec<Band<T>>> for Bands<T> {
    type Error = String;

    fn try_from(bands: Vec<Band<T>>) -> Result<Self, String> {
        if bands.is_empty() {
            return Err("there are no bands".to_owned());
        }
        if let Some(band) = bands.iter().find(|band| band.to.is_some_and(|to| to < band.from)) {
            return Err(format!("the band from {} ends before it begins", band.from));
        }
        match bands.windows(2).find(|pair| pair[0].to.and_then(|to| to.checked_add(1)) != Some(pair[1].from)) {
            Some(pair) => Err(format!("the band from {} does not begin where the one before it ends", pair[1].from)),
            None => Ok(Self(bands)),
        }
    }
}

impl<T> Bands<T> {
    /// What the band gives that holds this number.
    pub(crate) fn at(&self, number: i32) -> Option<&T> {
        let holds = |band: &&Band<T>| band.from <= number && band.to.is_none_or(|to| number <= to);
        self.0.iter().find(holds).map(|band| &band.is)
    }

    /// Looks a measurement up.
    ///
    /// # Errors
    ///
    /// [`Refusal::OutOfRange`].
    pub(crate) fn measure(&self, field: &'static str, number: i32) -> Result<&T, Refusal> {
        self.at(number).ok_or(Refusal::OutOfRange { field, low: self.least(), high: self.most() })
    }

    /// The least number that is in a band.
    pub(crate) fn least(&self) -> i32 {
        self.0[0].from
    }

    /// The greatest number that is in a band.
    pub(crate) fn most(&self) -> i32 {
        self.0[self.0.len() - 1].to.unwrap_or(i32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands(file: &str) -> Result<Bands<i32>, String> {
        serde_json::from_str(file).map_err(|error| error.to_string())
    }

    #[test]
    fn bands_give_what_they_say_and_nothing_outside() {
        let bands = bands(r#"[{"from":0,"to":2,"is":7},{"from":3,"to":3,"is":8}]"#).unwrap();
        let at: Vec<_> = (-1..=4).map(|number| bands.at(number).copied()).collect();
        assert_eq!(at, [None, Some(7), Some(7), Some(7), Some(8), None]);
        assert_eq!((bands.least(), bands.most()), (0, 3));
    }

    #[test]
    fn an_open_band_holds_every_number_from_its_first() {
        let bands = bands(r#"[{"from":5,"is":1}]"#).unwrap();
        assert_eq!(bands.at(i32::MAX), Some(&1));
        assert_eq!(bands.at(4), None);
    }

    #[test]
    fn bands_with_a_gap_an_overlap_or_no_end_in_the_middle_do_not_parse() {
        for broken in [
            r#"[{"from":0,"to":2,"is":1},{"from":4,"to":5,"is":2}]"#,
            r#"[{"from":0,"to":2,"is":1},{"from":2,"to":5,"is":2}]"#,
            r#"[{"from":0,"is":1},{"from":2,"to":5,"is":2}]"#,
            r#"[{"from":3,"to":5,"is":1},{"from":0,"to":2,"is":2}]"#,
        ] {
            assert!(bands(broken).unwrap_err().contains("does not begin where"), "{broken}");
        }
        assert!(bands(r#"[{"from":3,"to":2,"is":1}]"#).unwrap_err().contains("ends before"));
        assert!(bands("[]").unwrap_err().contains("no bands"));
    }
}
