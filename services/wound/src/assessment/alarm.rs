//! Rings the clocks on answers.

use futures::future::BoxFuture;
use samspil_kit::{Base, Error, alarms};
use samspil_proto::{common::v1::ClockStage, wound::v1::FlagKind};
use samspil_store::{Tx, clock::Table};
use uuid::Uuid;

use super::{
    dial::{CLOCK, Dial, variant},
    is_second_opinion, sql,
};
use crate::{
    flag::{self, Warning},
    wound,
};

/// Rings the clocks on answers.
pub(crate) struct AnswerAlarms;

static TABLE: Table = samspil_store::clock_table!("assessments", "assessment_id");

impl alarms::Alarms for AnswerAlarms {
    fn table(&self) -> &'static Table {
        &TABLE
    }

    // The wound is read, not held: whoever holds it may be waiting for this question.
    fn ring<'a>(&'a self, base: &'a Base, tx: &'a mut Tx, id: Uuid) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let mut assessment = sql::by_id(tx, id).await?;
            let wound = wound::sql::by_id(tx, assessment.wound_id).await?;
            let mut clock = assessment.clock(&base.deadlines)?;
            let reached = clock.ring(base.clock.now());
            assessment.dial = Dial::of(&clock);
            sql::update_clock(tx, &assessment).await?;
            let (name, organisations) = (assessment.name().to_string(), wound.organisations());
            for stage in &reached {
                let whose = (CLOCK, assessment.receiver.as_str());
                alarms::reached(base, tx, &name, &organisations, whose, (*stage, &clock)).await?;
            }
            // Whoever waits for a second opinion hears of the stage; the nurse's question is not late by it.
            if reached.contains(&ClockStage::Overdue) && !is_second_opinion(&assessment.detail()?) {
                let due = clock.due().format("%Y-%m-%dT%H:%M:%SZ");
                let reason = format!("no answer to a question of priority {} by {due}", variant(assessment.priority));
                flag::watch::raise(base, tx, &wound, Warning { kind: FlagKind::NoAnswer, reason, cause: name }).await?;
            }
            Ok(())
        })
    }
}
