//! What the files in `data/` have in common: where a table comes from, the rows to pick from, the bands to look up.
//!
//! A file that breaks a rule of its kind does not parse: bands with a gap, rows out of order, a code used twice. So the
//! code that interprets a table need not ask whether it is whole.

mod bands;

use std::collections::HashSet;

use serde::{Deserialize, de::DeserializeOwned};

pub(crate) use bands::Bands;

use crate::{Item, Refusal};

/// Where a table comes from, and which one it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The table's id, which never changes: `push`.
    pub id: String,
    /// The table's version: the instrument's own edition, a dash, and the number of our table of it. Changes with every
    /// change of a number, so that a stored score tells which numbers it was made with.
    pub version: String,
    /// What people call the instrument.
    pub name: String,
    /// The day from which the table is used, as `YYYY-MM-DD`.
    pub effective: String,
    /// The published form, by name. Its wording is its owner's and is not repeated here.
    pub form: String,
    /// Where the numbers come from.
    pub source: String,
    /// What was decided where the form is silent, and what could not be verified.
    pub note: String,
}

/// A row of an item that a person picks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What it gives.
    pub points: i32,
    /// Our own short code for it.
    pub code: String,
}

/// An item of an instrument, with its rows in the order of their points.
#[derive(Debug, Deserialize)]
#[serde(try_from = "WrittenItem")]
pub struct Rows {
    /// The item's code, which is also the name of the input's field.
    pub code: String,
    /// The rows; their points follow each other without a gap.
    pub choices: Vec<Choice>,
}

/// An item as the file has it, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenItem {
    code: String,
    choices: Vec<Choice>,
}

impl TryFrom<WrittenItem> for Rows {
    type Error = String;

    fn try_from(written: WrittenItem) -> Result<Self, String> {
        let WrittenItem { code, choices } = written;
        if choices.is_empty() || choices.windows(2).any(|pair| pair[1].points != pair[0].points + 1) {
            return Err(format!("the points of {code} do not follow each other"));
        }
        let mut codes = HashSet::new();
        match choices.iter().find(|choice| !codes.insert(&choice.code)) {
            Some(twice) => Err(format!("{code} has {} twice", twice.code)),
            None => Ok(Self { code, choices }),
        }
    }
}

impl Rows {
    /// Takes the points that a person gave.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`] and [`Refusal::OutOfRange`].
    pub(crate) fn take(&'static self, given: Option<i32>) -> Result<Item, Refusal> {
        let field = self.code.as_str();
        let points = given.ok_or(Refusal::Missing { field })?;
        match self.choices.iter().find(|choice| choice.points == points) {
            Some(choice) => Ok(Item { code: field, points, choice: Some(&choice.code), measured_by: None }),
            None => Err(Refusal::OutOfRange { field, low: self.least(), high: self.most() }),
        }
    }

    /// Takes points that come from a measurement. A person who gave points as well must have given the same.
    ///
    /// # Errors
    ///
    /// [`Refusal::Contradictory`], and those of [`Rows::take`].
    pub(crate) fn measured(
        &'static self,
        points: i32,
        measured_by: &'static str,
        given: Option<i32>,
    ) -> Result<Item, Refusal> {
        if given.is_some() && self.take(given)?.points != points {
            return Err(Refusal::Contradictory { field: &self.code });
        }
        Ok(Item { measured_by: Some(measured_by), ..self.take(Some(points))? })
    }

    fn least(&self) -> i32 {
        self.choices[0].points
    }

    fn most(&self) -> i32 {
        self.choices[self.choices.len() - 1].points
    }
}

/// Takes what a person gave for each item, in the table's order.
///
/// # Errors
///
/// Those of [`Rows::take`], for the first item that is refused.
pub(crate) fn take_all<const N: usize>(
    items: &'static [Rows; N],
    given: [(&'static str, Option<i32>); N],
) -> Result<Vec<Item>, Refusal> {
    items
        .iter()
        .zip(given)
        .map(|(rows, (field, points))| {
            debug_assert_eq!(rows.code, field, "the table has the items of its input, in its order");
            rows.take(points)
        })
        .collect()
}

/// Reads a file of `data/`, which is part of the build.
pub(crate) fn read<T: DeserializeOwned>(file: &str) -> T {
    serde_json::from_str(file).expect("the tables are part of the build, and a test reads each")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_out_of_order_or_with_a_code_twice_do_not_parse() {
        let rows = |file| serde_json::from_str::<Rows>(file).map_err(|error| error.to_string());
        let gap = r#"{"code":"x","choices":[{"points":0,"code":"a"},{"points":2,"code":"b"}]}"#;
        assert!(rows(gap).unwrap_err().contains("follow each other"));
        let twice = r#"{"code":"x","choices":[{"points":0,"code":"a"},{"points":1,"code":"a"}]}"#;
        assert!(rows(twice).unwrap_err().contains("has a twice"));
        assert!(rows(r#"{"code":"x","choices":[]}"#).is_err());
    }
}
