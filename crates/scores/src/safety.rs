//! Rules that ask a person to look again. They diagnose nothing.

use std::{collections::BTreeSet, sync::LazyLock};

use serde::Deserialize;

use crate::table::{self, About};

/// A sign of infection, as a visit records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InfectionSign {
    /// Redness.
    Redness,
    /// Warmth.
    Warmth,
    /// Swelling.
    Swelling,
    /// More pain than before.
    IncreasedPain,
    /// Pus.
    Pus,
    /// Fever.
    Fever,
    /// Granulation that bleeds at a touch.
    FriableGranulation,
    /// It no longer heals.
    DelayedHealing,
}

impl InfectionSign {
    /// Every sign.
    pub const ALL: [Self; 8] = [
        Self::Redness,
        Self::Warmth,
        Self::Swelling,
        Self::IncreasedPain,
        Self::Pus,
        Self::Fever,
        Self::FriableGranulation,
        Self::DelayedHealing,
    ];

    /// Its code, as the table has it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Redness => "redness",
            Self::Warmth => "warmth",
            Self::Swelling => "swelling",
            Self::IncreasedPain => "increased_pain",
            Self::Pus => "pus",
            Self::Fever => "fever",
            Self::FriableGranulation => "friable_granulation",
            Self::DelayedHealing => "delayed_healing",
        }
    }
}

/// A rule that has struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The rule.
    pub rule: Rule,
    /// The version of the rules' table.
    pub table_version: &'static str,
}

/// What a rule saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The wound heals too slowly.
    HealingStalls {
        /// Days since the first measurement.
        days: i32,
        /// The area that has gone since, in thousandths; see [`crate::healing_permille`].
        healing_permille: i32,
    },
    /// More signs of infection than at the visit before, or a severe one that is new.
    InfectionRises {
        /// By how many the signs have grown in number; 0 or less where a severe one is new and others have gone.
        more: i32,
        /// The severe signs that are new.
        new_severe: Vec<InfectionSign>,
    },
}

impl Rule {
    /// The rule's id.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::HealingStalls { .. } => "healing_stalls",
            Self::InfectionRises { .. } => "infection_rises",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    about: About,
    healing_stalls: HealingStalls,
    infection_rises: InfectionRises,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HealingStalls {
    after_days: i32,
    below_permille: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InfectionRises {
    more_signs: i32,
    severe: BTreeSet<InfectionSign>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| table::read(include_str!("../data/safety.json")));

/// Where the rules come from.
#[must_use]
pub fn about() -> &'static About {
    &TABLE.about
}

/// After how many days a wound has to have lost how many thousandths of its area.
#[must_use]
pub fn healing_limits() -> (i32, i32) {
    (TABLE.healing_stalls.after_days, TABLE.healing_stalls.below_permille)
}

/// Flags a wound that has not lost enough of its area after the days that the table gives it (28 days, 400 thousandths).
///
/// `days` are whole days since the first measurement, `healing_permille` what [`crate::healing_permille`] gives for it.
#[must_use]
pub fn healing_stalls(days: i32, healing_permille: i32) -> Option<Flag> {
    let rule = &TABLE.healing_stalls;
    let stalls = days >= rule.after_days && healing_permille < rule.below_permille;
    stalls.then(|| flag(Rule::HealingStalls { days, healing_permille }))
}

/// Flags signs of infection that rise from one visit to the next: as many more as the table says (2), or a severe one that
/// was not there before (pus, fever).
///
/// `before` is empty for a first visit. The order of the signs, and a sign told twice, make no difference.
#[must_use]
pub fn infection_rises(before: &[InfectionSign], now: &[InfectionSign]) -> Option<Flag> {
    let rule = &TABLE.infection_rises;
    let before: BTreeSet<_> = before.iter().copied().collect();
    let now: BTreeSet<_> = now.iter().copied().collect();
    let more = count(&now) - count(&before);
    let new_severe: Vec<_> = now.difference(&before).copied().filter(|sign| rule.severe.contains(sign)).collect();
    let rises = more >= rule.more_signs || !new_severe.is_empty();
    rises.then(|| flag(Rule::InfectionRises { more, new_severe }))
}

fn count(signs: &BTreeSet<InfectionSign>) -> i32 {
    i32::try_from(signs.len()).expect("there are eight signs")
}

fn flag(rule: Rule) -> Flag {
    Flag { rule, table_version: &TABLE.about.version }
}
