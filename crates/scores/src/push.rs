//! PUSH 3.0, the pressure ulcer scale for healing: area, exudate and tissue, 0 (closed) to 17.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    Item, Refusal, Scored, measure,
    table::{self, About, Bands, Rows, take_all},
};

/// What PUSH is given. A field that is not set was not assessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Push {
    /// The greatest length, head to toe, in millimetres.
    pub length_mm: Option<i32>,
    /// The greatest width, at right angles, in millimetres.
    pub width_mm: Option<i32>,
    /// Exudate after the dressing is off, 0 none to 3 heavy.
    pub exudate: Option<i32>,
    /// The worst tissue that is seen, 0 closed to 4 necrotic.
    pub tissue: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    about: About,
    area: Area,
    items: [Rows; 2],
}

/// The bands of an open wound's area, in steps of a tenth of a square centimetre.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Area {
    closed: i32,
    step_mm2: i32,
    points: Bands<i32>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| table::read(include_str!("../data/push.json")));

pub(crate) fn table() -> (&'static About, &'static [Rows]) {
    (&TABLE.about, &TABLE.items)
}

impl Push {
    /// Scores it: a total of 0 to 17, and the items `area`, `exudate` and `tissue`.
    ///
    /// The published bands leave gaps (0.6 cm², then 0.7 cm²). So the product of length and width is rounded to a tenth of a
    /// square centimetre first, half up: 64 mm² is 0.6 and 65 mm² is 0.7. Only 0 mm² gives 0 points.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`], [`Refusal::OutOfRange`], and [`Refusal::Contradictory`] where only one of length and width
    /// is 0.
    pub fn score(&self) -> Result<Scored, Refusal> {
        let area = measure::area_mm2(self.length_mm, self.width_mm)?;
        let mut items = vec![area_item(area)?];
        items.extend(take_all(&TABLE.items, [("exudate", self.exudate), ("tissue", self.tissue)])?);
        Ok(Scored::of(*self, items).summed())
    }
}

fn area_item(area_mm2: i32) -> Result<Item, Refusal> {
    let Area { closed, step_mm2, points } = &TABLE.area;
    let points = match area_mm2 {
        0 => closed,
        open => points.measure("area", (open + step_mm2 / 2) / step_mm2)?,
    };
    Ok(Item { code: "area", points: *points, choice: None, measured_by: Some("length_x_width") })
}
