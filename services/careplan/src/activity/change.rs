//! How an activity changes. Each change counts its version up once; a refused one leaves no mark.

use chrono::{DateTime, Utc};
use samspil_kit::calendar::Calendar;
use samspil_proto::{
    careplan::v1::{ActivityState, Occurrence},
    common::v1::Actor,
    time,
};

use super::{Activity, Refusal, Verb};

/// How many of the times that are over an activity keeps. Its versions have the others.
pub(super) const KEPT: usize = 50;

impl Activity {
    /// Takes a proposal on.
    ///
    /// # Errors
    /// When it is no proposal any more.
    pub fn accept(&mut self, by: Actor, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.decide(Verb::Accept, Some(by), "", at)
    }

    /// Turns a proposal down.
    ///
    /// # Errors
    /// When it is no proposal any more.
    pub fn decline(&mut self, by: Actor, reason: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.decide(Verb::Decline, Some(by), reason, at)
    }

    /// Marks it as done; a recurring one this time of it, and it goes on to the next until the last.
    ///
    /// # Errors
    /// When the owner has not taken it on, or it is over.
    pub fn complete(
        &mut self,
        by: Actor,
        outcome: &str,
        at: DateTime<Utc>,
        calendar: &Calendar,
    ) -> Result<(), Refusal> {
        Verb::Complete.from(self.state)?;
        self.pass(true, Some(by), outcome, at, calendar)
    }

    /// Does without the next time of a recurring one.
    ///
    /// # Errors
    /// When it does not come again, is not taken on or over.
    pub fn skip(&mut self, by: Actor, reason: &str, at: DateTime<Utc>, calendar: &Calendar) -> Result<(), Refusal> {
        Verb::Skip.from(self.state)?;
        if self.series.is_none() {
            return Err(Refusal::NotRecurring);
        }
        self.pass(false, Some(by), reason, at, calendar)
    }

    /// Skips the times of an accepted recurring one that were due by now, because nobody could do them. Tells their numbers.
    ///
    /// # Errors
    /// Never while it is open.
    pub fn skip_passed(&mut self, outcome: &str, at: DateTime<Utc>, calendar: &Calendar) -> Result<Vec<i32>, Refusal> {
        let mut passed = Vec::new();
        while self.state == ActivityState::Accepted && self.series.is_some() && self.due.is_some_and(|due| due <= at) {
            passed.push(self.occurrence());
            let decided_by = self.decided_by.clone();
            let version = self.version;
            self.pass(false, None, outcome, at, calendar)?;
            // However many times have passed, it is one change.
            (self.version, self.decided_by) = (version, decided_by);
        }
        if !passed.is_empty() {
            self.touch(at);
        }
        Ok(passed)
    }

    /// Takes it off the plan. `by` is who did or caused that, where somebody did.
    ///
    /// # Errors
    /// When it is over.
    pub fn cancel(&mut self, by: Option<Actor>, why: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.decide(Verb::Cancel, by, why, at)
    }

    /// Marks the assessment that it asks for as given.
    ///
    /// # Errors
    /// When it is over.
    pub fn answer(&mut self, by: Option<Actor>, outcome: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.decide(Verb::Answer, by, outcome, at)
    }

    /// Marks the task of a reconciliation as done, which is closed in the same transaction.
    ///
    /// # Errors
    /// When the owner has not taken it on, or it is over.
    pub fn close(&mut self, by: Actor, outcome: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.decide(Verb::Complete, Some(by), outcome, at)
    }

    /// Counts a change of its fields or of its clock.
    pub fn touch(&mut self, at: DateTime<Utc>) {
        self.update_time = at;
        self.version += 1;
    }

    fn pass(
        &mut self,
        done: bool,
        actor: Option<Actor>,
        outcome: &str,
        at: DateTime<Utc>,
        calendar: &Calendar,
    ) -> Result<(), Refusal> {
        let Some(mut series) = self.series else { return self.decide(Verb::Complete, actor, outcome, at) };
        let over = Occurrence {
            number: self.occurrence(),
            due_time: self.due.map(time::to_wire),
            done,
            actor: actor.clone(),
            time: Some(time::to_wire(at)),
            outcome: outcome.to_owned(),
        };
        match series.go_on(calendar) {
            Some(next) => {
                self.decide(Verb::GoOn, actor, outcome, at)?;
                (self.series, self.due) = (Some(series), Some(next));
            }
            None => self.decide(Verb::Complete, actor, outcome, at)?,
        }
        self.occurrences.push(over);
        let old = self.occurrences.len().saturating_sub(KEPT);
        self.occurrences.drain(..old);
        Ok(())
    }

    fn decide(&mut self, verb: Verb, by: Option<Actor>, outcome: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.state = verb.from(self.state)?;
        self.decided_by = by;
        outcome.clone_into(&mut self.outcome);
        self.touch(at);
        if !self.is_open()
            && let Some(clock) = &mut self.clock
        {
            clock.stop(self.state.as_str_name().trim_start_matches("ACTIVITY_STATE_"), at);
        }
        Ok(())
    }
}
