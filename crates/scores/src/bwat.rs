//! BWAT, the Bates-Jensen wound assessment tool: thirteen items of 1 to 5, 13 to 65.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    Item, Refusal, Scored, measure,
    table::{self, About, Bands, Rows, take_all},
};

/// What BWAT is given: 1 (best) to 5 (worst) for each item. A field that is not set was not assessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bwat {
    /// The greatest length in millimetres. With the width it gives `size`.
    pub length_mm: Option<i32>,
    /// The greatest width at right angles in millimetres.
    pub width_mm: Option<i32>,
    /// The area in mm², where somebody measured it otherwise. Gives `size` where length and width are not set.
    pub area_mm2: Option<i32>,
    /// Size; not needed where an area is measured, and then it must agree with it.
    pub size: Option<i32>,
    /// Depth.
    pub depth: Option<i32>,
    /// Edges.
    pub edges: Option<i32>,
    /// Undermining.
    pub undermining: Option<i32>,
    /// Type of necrotic tissue.
    pub necrosis_type: Option<i32>,
    /// Amount of necrotic tissue.
    pub necrosis_amount: Option<i32>,
    /// Type of exudate.
    pub exudate_type: Option<i32>,
    /// Amount of exudate.
    pub exudate_amount: Option<i32>,
    /// Colour of the skin around.
    pub surrounding_skin: Option<i32>,
    /// Oedema around.
    pub oedema: Option<i32>,
    /// Induration around.
    pub induration: Option<i32>,
    /// Granulation.
    pub granulation: Option<i32>,
    /// Epithelialisation.
    pub epithelialisation: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    about: About,
    size: Size,
    items: [Rows; 13],
    totals: Bands<String>,
}

/// The bands of the size, in mm².
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Size {
    points: Bands<i32>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| table::read(include_str!("../data/bwat.json")));

pub(crate) fn table() -> (&'static About, &'static [Rows]) {
    (&TABLE.about, &TABLE.items)
}

impl Bwat {
    /// Scores it: a total of 13 to 65, its thirteen items, and the band of severity.
    ///
    /// Where length and width are set, the size is looked up in whole mm², without rounding: up to 16 cm² is 2, 1 mm² more
    /// is 3.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`], [`Refusal::OutOfRange`], and [`Refusal::Contradictory`] where `size` is set and the
    /// measures say otherwise, or where only one of length and width is 0.
    pub fn score(&self) -> Result<Scored, Refusal> {
        let [size, picked @ ..] = &TABLE.items;
        let mut items = vec![self.size(size)?];
        items.extend(take_all(picked, self.picked())?);
        let scored = Scored::of(*self, items).summed();
        let band = scored.total.and_then(|total| TABLE.totals.at(total)).map(String::as_str);
        Ok(Scored { band, ..scored })
    }

    fn size(&self, rows: &'static Rows) -> Result<Item, Refusal> {
        let (area, measured_by) = match (self.length_mm, self.width_mm, self.area_mm2) {
            (None, None, None) => return rows.take(self.size),
            (None, None, Some(area)) => (measure::area_in_range(area)?, "area"),
            (length, width, _) => (measure::area_mm2(length, width)?, "length_x_width"),
        };
        rows.measured(*TABLE.size.points.measure("size", area)?, measured_by, self.size)
    }

    /// The items after the size, in the table's order.
    fn picked(&self) -> [(&'static str, Option<i32>); 12] {
        [
            ("depth", self.depth),
            ("edges", self.edges),
            ("undermining", self.undermining),
            ("necrosis_type", self.necrosis_type),
            ("necrosis_amount", self.necrosis_amount),
            ("exudate_type", self.exudate_type),
            ("exudate_amount", self.exudate_amount),
            ("surrounding_skin", self.surrounding_skin),
            ("oedema", self.oedema),
            ("induration", self.induration),
            ("granulation", self.granulation),
            ("epithelialisation", self.epithelialisation),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_hold_every_total_and_no_other() {
        assert_eq!((TABLE.totals.least(), TABLE.totals.most()), (13, 65));
    }
}
