//! EPUAP/NPIAP: the stage of a pressure ulcer, and the rule that it is never staged down.
//!
//! A stage tells how deep tissue was lost. What heals is filled with scar, so a healing stage IV is not a stage III: it is
//! recorded as stage IV, healing. `data/pressure_stage.json` holds one cell for each pair of an earlier stage and the
//! stage now:
//!
//! | earlier, down; now, across | SDTI | I | II | unstageable | III | IV |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | suspected deep tissue injury | same | revealed | revealed | revealed | revealed | revealed |
//! | I | deeper | same | deeper | deeper | deeper | deeper |
//! | II | deeper | — | same | deeper | deeper | deeper |
//! | unstageable | — | — | — | same | revealed | revealed |
//! | III | — | — | — | covered | same | deeper |
//! | IV | — | — | — | covered | — | same |
//!
//! - A **suspected deep tissue injury** was a suspicion, not a depth that somebody saw. It may turn out to be anything,
//!   also a reddening that goes away.
//! - An **unstageable** ulcer has lost its full thickness; slough or necrosis hides how deep. Once bare it is III or IV, and
//!   nothing less.
//! - A **III or IV** may be covered again, and is then unstageable. What was seen before is not forgotten: when the base is
//!   bare again, the ulcer is held to the III or IV. Therefore all earlier stages are asked for, not only the last.
//! - Suspected deep tissue injury says that the skin still covers the harm. It **follows I and II**, as harm that goes
//!   deeper than was thought, and never full thickness loss.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::{
    Refusal, Scored,
    table::{self, About, Rows, take_all},
};

/// The stage of a pressure ulcer, in the order of what it tells of the depth that is lost. A depth that somebody saw
/// stands above one that was hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub enum Stage {
    /// Suspected deep tissue injury.
    #[serde(rename = "suspected_deep_tissue")]
    SuspectedDeepTissue,
    /// Category or stage I: redness that does not blanch.
    #[serde(rename = "stage_1")]
    I,
    /// Category or stage II: partial thickness.
    #[serde(rename = "stage_2")]
    II,
    /// Unstageable: full thickness, the base hidden.
    #[serde(rename = "unstageable")]
    Unstageable,
    /// Category or stage III: full thickness of the skin.
    #[serde(rename = "stage_3")]
    III,
    /// Category or stage IV: full thickness down to muscle, tendon or bone.
    #[serde(rename = "stage_4")]
    IV,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 6] = [Self::SuspectedDeepTissue, Self::I, Self::II, Self::Unstageable, Self::III, Self::IV];

    /// Its code, as the table has it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SuspectedDeepTissue => "suspected_deep_tissue",
            Self::I => "stage_1",
            Self::II => "stage_2",
            Self::Unstageable => "unstageable",
            Self::III => "stage_3",
            Self::IV => "stage_4",
        }
    }

    /// Its number, 1 to 4; `None` for the two that have none.
    #[must_use]
    pub fn number(self) -> Option<i32> {
        match self {
            Self::SuspectedDeepTissue | Self::Unstageable => None,
            Self::I => Some(1),
            Self::II => Some(2),
            Self::III => Some(3),
            Self::IV => Some(4),
        }
    }
}

/// What an earlier stage and the stage now tell together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The stage it was.
    Same,
    /// More is lost than before.
    Deeper,
    /// What was hidden or only suspected shows itself.
    Revealed,
    /// What was seen is hidden again.
    Covered,
    /// A step down, which is no stage of this ulcer any more.
    Refused,
}

/// What staging is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PressureUlcer {
    /// The stage now.
    pub stage: Option<Stage>,
    /// Whether it heals. A healing ulcer keeps its stage.
    pub healing: bool,
    /// Every stage that this ulcer was ever recorded with, in any order; empty for an ulcer that is new.
    pub earlier: Vec<Stage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    about: About,
    items: [Rows; 1],
    changes: BTreeMap<Stage, BTreeMap<Stage, Change>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| table::read(include_str!("../data/pressure_stage.json")));

pub(crate) fn table() -> (&'static About, &'static [Rows]) {
    (&TABLE.about, &TABLE.items)
}

/// What it means that an ulcer was recorded as `earlier` and is now staged as `now`.
#[must_use]
pub fn change(earlier: Stage, now: Stage) -> Change {
    TABLE.changes[&earlier][&now]
}

impl PressureUlcer {
    /// Checks the stage against all earlier ones: its number where it has one, its code as band, and the item `healing`.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`], and [`Refusal::DownStaging`] with the deepest earlier stage that the ulcer keeps.
    pub fn score(&self) -> Result<Scored, Refusal> {
        let stage = self.stage.ok_or(Refusal::Missing { field: "stage" })?;
        let keeps = self.earlier.iter().filter(|earlier| change(**earlier, stage) == Change::Refused).max();
        if let Some(record) = keeps {
            return Err(Refusal::DownStaging { field: "stage", record: *record });
        }
        let items = take_all(&TABLE.items, [("healing", Some(i32::from(self.healing)))])?;
        Ok(Scored { stage: stage.number(), band: Some(stage.code()), ..Scored::of(self.clone(), items) })
    }
}
