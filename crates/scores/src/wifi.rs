//! WIfI: wound, ischaemia and foot infection, 0 to 3 each, and the stage 1 to 4 that the three give together.

mod ischaemia;

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    Item, Refusal, Scored,
    table::{self, About, Bands, Rows},
};

/// What WIfI is given. A field that is not set was not assessed.
///
/// Ischaemia is measured in at least one of four ways, or graded by hand; where both are set, they must agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wifi {
    /// The wound's grade, 0 none to 3 extensive.
    pub wound: Option<i32>,
    /// The grade of the ischaemia, 0 none to 3 severe.
    pub ischaemia: Option<i32>,
    /// The grade of the foot's infection, 0 none to 3 systemic.
    pub infection: Option<i32>,
    /// The ankle-brachial index in hundredths: 0.80 is 80.
    pub abi_hundredths: Option<i32>,
    /// The systolic pressure at the ankle in mmHg.
    pub ankle_mmhg: Option<i32>,
    /// The pressure of the toe in mmHg.
    pub toe_mmhg: Option<i32>,
    /// The oxygen pressure through the skin, TcPO2, in mmHg.
    pub tcpo2_mmhg: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    about: About,
    ischaemia: ischaemia::Limits,
    items: [Rows; 3],
    stages_by_wound_ischaemia_infection: [[[i32; 4]; 4]; 4],
    bands: Bands<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| table::read(include_str!("../data/wifi.json")));

pub(crate) fn table() -> (&'static About, &'static [Rows]) {
    (&TABLE.about, &TABLE.items)
}

impl Wifi {
    /// Scores it: the stage 1 to 4, its band (`very_low` to `high` risk of amputation within a year), and the three
    /// grades as items. The item `ischaemia` tells which measurement decided.
    ///
    /// A toe pressure decides where there is one, then TcPO2. Else the worse of what the ankle-brachial index and the
    /// ankle's pressure give.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`], [`Refusal::OutOfRange`], [`Refusal::Contradictory`] where `ischaemia` is set and the
    /// measurement says otherwise, and [`Refusal::NotCompressible`] where the index is above 1.30 and neither a toe
    /// pressure nor TcPO2 is set.
    pub fn score(&self) -> Result<Scored, Refusal> {
        let [wound, ischaemia, infection] = &TABLE.items;
        let wound = wound.take(self.wound)?;
        let ischaemia = match TABLE.ischaemia.grade(self)? {
            Some((grade, measured_by)) => ischaemia.measured(grade, measured_by, self.ischaemia)?,
            None => ischaemia.take(self.ischaemia)?,
        };
        let infection = infection.take(self.infection)?;
        let stage = TABLE.stages_by_wound_ischaemia_infection[at(wound)][at(ischaemia)][at(infection)];
        let band = TABLE.bands.at(stage).map(String::as_str);
        Ok(Scored { stage: Some(stage), band, ..Scored::of(*self, vec![wound, ischaemia, infection]) })
    }
}

/// Where a grade stands in the table of stages.
fn at(grade: Item) -> usize {
    usize::try_from(grade.points).expect("the rows go from 0 to 3, and a test walks all of them")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_hold_every_stage_and_no_other() {
        assert_eq!((TABLE.bands.least(), TABLE.bands.most()), (1, 4));
    }
}
