//! The University of Texas classification of a foot ulcer in diabetes: grade 0 to 3 by depth, stage A to D by infection
//! and ischaemia.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    Refusal, Scored,
    table::{self, About, Rows},
};

/// What the classification is given. A field that is not set was not assessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texas {
    /// The grade by depth, 0 healed over to 3 bone or joint.
    pub grade: Option<i32>,
    /// 1 where there is infection.
    pub infection: Option<i32>,
    /// 1 where there is ischaemia.
    pub ischaemia: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    about: About,
    items: [Rows; 3],
    stages: [Stage; 4],
}

/// A stage, and when it is that one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stage {
    infection: i32,
    ischaemia: i32,
    stage: i32,
    code: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| table::read(include_str!("../data/texas.json")));

pub(crate) fn table() -> (&'static About, &'static [Rows]) {
    (&TABLE.about, &TABLE.items)
}

impl Texas {
    /// Scores it: the grade 0 to 3, the stage 1 to 4, and the stage's letter, `a` to `d`, as band.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`] and [`Refusal::OutOfRange`].
    pub fn score(&self) -> Result<Scored, Refusal> {
        let [grade, infection, ischaemia] = &TABLE.items;
        let grade = grade.take(self.grade)?;
        let infection = infection.take(self.infection)?;
        let ischaemia = ischaemia.take(self.ischaemia)?;
        let stage = TABLE
            .stages
            .iter()
            .find(|stage| (stage.infection, stage.ischaemia) == (infection.points, ischaemia.points))
            .expect("there is a stage for each of the four, and a test walks all of them");
        Ok(Scored {
            grade: Some(grade.points),
            stage: Some(stage.stage),
            band: Some(&stage.code),
            ..Scored::of(*self, vec![grade, infection, ischaemia])
        })
    }
}
