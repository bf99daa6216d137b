//! SINBAD: site, ischaemia, neuropathy, bacterial infection, area and depth of a foot ulcer in diabetes, 0 to 6.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    Item, Refusal, Scored, measure,
    table::{self, About, Bands, Rows},
};

/// What SINBAD is given: 0 or 1 for each item. A field that is not set was not assessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sinbad {
    /// 1 behind the forefoot.
    pub site: Option<i32>,
    /// 1 where the blood flow is reduced.
    pub ischaemia: Option<i32>,
    /// 1 where the protective sense is lost.
    pub neuropathy: Option<i32>,
    /// 1 where there is infection.
    pub infection: Option<i32>,
    /// The greatest length in millimetres. With the width it gives `area`.
    pub length_mm: Option<i32>,
    /// The greatest width at right angles in millimetres.
    pub width_mm: Option<i32>,
    /// 1 from 1 cm²; not needed where length and width are set, and then it must agree with them.
    pub area: Option<i32>,
    /// 1 where it reaches muscle, tendon or deeper.
    pub depth: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    about: About,
    area: Area,
    items: [Rows; 6],
    totals: Bands<String>,
}

/// The bands of the area, in mm².
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Area {
    points: Bands<i32>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| table::read(include_str!("../data/sinbad.json")));

pub(crate) fn table() -> (&'static About, &'static [Rows]) {
    (&TABLE.about, &TABLE.items)
}

impl Sinbad {
    /// Scores it: a total of 0 to 6, its six items, and whether the total is below 3.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`], [`Refusal::OutOfRange`], and [`Refusal::Contradictory`] where `area` is set and the
    /// measures say otherwise, or where only one of length and width is 0.
    pub fn score(&self) -> Result<Scored, Refusal> {
        let [site, ischaemia, neuropathy, infection, area, depth] = &TABLE.items;
        let items = vec![
            site.take(self.site)?,
            ischaemia.take(self.ischaemia)?,
            neuropathy.take(self.neuropathy)?,
            infection.take(self.infection)?,
            self.area(area)?,
            depth.take(self.depth)?,
        ];
        let scored = Scored::of(*self, items).summed();
        let band = scored.total.and_then(|total| TABLE.totals.at(total)).map(String::as_str);
        Ok(Scored { band, ..scored })
    }

    fn area(&self, rows: &'static Rows) -> Result<Item, Refusal> {
        if self.length_mm.is_none() && self.width_mm.is_none() {
            return rows.take(self.area);
        }
        let area = measure::area_mm2(self.length_mm, self.width_mm)?;
        rows.measured(*TABLE.area.points.measure("area", area)?, "length_x_width", self.area)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_hold_every_total_and_no_other() {
        assert_eq!((TABLE.totals.least(), TABLE.totals.most()), (0, 6));
    }
}
