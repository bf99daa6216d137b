//! Wagner's grades of a foot in diabetes, 0 (at risk) to 5 (extensive gangrene).

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    Refusal, Scored,
    table::{self, About, Rows, take_all},
};

/// What Wagner's classification is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wagner {
    /// The grade, 0 to 5.
    pub grade: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    about: About,
    items: [Rows; 1],
}

static TABLE: LazyLock<Table> = LazyLock::new(|| table::read(include_str!("../data/wagner.json")));

pub(crate) fn table() -> (&'static About, &'static [Rows]) {
    (&TABLE.about, &TABLE.items)
}

impl Wagner {
    /// Checks the grade against the table; the band is the row's code.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`] and [`Refusal::OutOfRange`].
    pub fn score(&self) -> Result<Scored, Refusal> {
        let items = take_all(&TABLE.items, [("grade", self.grade)])?;
        let band = items[0].choice;
        Ok(Scored { grade: self.grade, band, ..Scored::of(*self, items) })
    }
}
