//! What a score tells.

use crate::{Inputs, Instrument};

/// A score, with what it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// The instrument.
    pub instrument: Instrument,
    /// The version of the instrument's table that gave the numbers.
    pub table_version: &'static str,
    /// What was put in.
    pub inputs: Inputs,
    /// Every item with its points, in the table's order.
    pub items: Vec<Item>,
    /// The sum of the points, for instruments that sum.
    pub total: Option<i32>,
    /// The grade, for instruments that grade.
    pub grade: Option<i32>,
    /// The stage, for instruments that stage.
    pub stage: Option<i32>,
    /// What the table calls a result of this size, by our own short code.
    pub band: Option<&'static str>,
}

/// An item of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The item's code.
    pub code: &'static str,
    /// Its points or grade.
    pub points: i32,
    /// The row's code; `None` where the table has bands of a measurement instead of rows.
    pub choice: Option<&'static str>,
    /// The measurement that gave the points; `None` where a person picked the row.
    pub measured_by: Option<&'static str>,
}

impl Scored {
    /// A score with its items and nothing that follows from them yet.
    pub(crate) fn of(inputs: impl Into<Inputs>, items: Vec<Item>) -> Self {
        let inputs = inputs.into();
        let instrument = inputs.instrument();
        let table_version = &instrument.about().version;
        Self { instrument, table_version, inputs, items, total: None, grade: None, stage: None, band: None }
    }

    /// The same, with the sum of its points.
    pub(crate) fn summed(self) -> Self {
        Self { total: Some(self.items.iter().map(|item| item.points).sum()), ..self }
    }
}
