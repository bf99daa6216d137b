//! The clock on who has to decide: the approver (`approval`), then the receiver (`decision`).

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use samspil_kit::{Base, Error, alarms, deadlines::Deadlines};
use samspil_proto::{
    referral::v1::{Priority, Triage},
    time,
};
use samspil_store::{
    Tx,
    clock::{DueClock, Table},
    clock_table,
};
use uuid::Uuid;

use super::{Referral, sor, sql, state::Stage};

/// A referral on hold.
const ON_HOLD: &str = "ON_HOLD";
/// A receiver that waits for a supplement.
const AWAITING_SUPPLEMENT: &str = "AWAITING_SUPPLEMENT";

const DECISION: &str = "decision";
const APPROVAL: &str = "approval";

impl Referral {
    /// The clock's name, and the variant of its rule.
    pub(super) fn rule(&self) -> (&'static str, &'static str) {
        if self.stage == Stage::AwaitingApproval {
            return (APPROVAL, "");
        }
        let variant = match self.body.priority() {
            Priority::Unspecified | Priority::Routine => "routine",
            Priority::Urgent => "urgent",
            Priority::Asap => "asap",
            Priority::Stat => "stat",
        };
        (DECISION, variant)
    }

    /// Whose turn it is by the clock, `organisations/{sor}`. Empty while there is none.
    pub(super) fn clock_owner(&self) -> &str {
        match (&self.clock, self.stage) {
            (None, _) => "",
            (Some(_), Stage::AwaitingApproval) => &self.body.approver,
            (Some(_), _) => &self.body.receiver,
        }
    }

    /// Its due time while it runs: one that stands still is not due.
    pub(super) fn running_until(&self) -> Option<DateTime<Utc>> {
        self.clock.as_ref().filter(|clock| clock.is_running()).map(DueClock::due)
    }

    /// The approver has to decide from now on. Gives by when.
    pub(super) fn start_approval(&mut self, deadlines: &Deadlines, at: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
        let clock = deadlines.start(APPROVAL, "", at)?;
        Ok(self.clock.insert(clock).due())
    }

    /// The receiver has to decide from now on. Gives by when.
    pub(super) fn start_decision(&mut self, deadlines: &Deadlines, at: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
        let clock = deadlines.start(DECISION, self.rule().1, at)?;
        Ok(self.clock.insert(clock).due())
    }

    /// Starts the decision's clock anew from when the present receiver was sent the referral, for another priority. What it
    /// stood still before it stood still for good reasons: those pauses count again.
    pub(super) fn restart_decision(&mut self, deadlines: &Deadlines) -> Result<(), Error> {
        let sent = self.triage().and_then(|triage: &Triage| time::from_wire(triage.request_time.as_ref()?));
        let (Some(old), Some(sent)) = (&self.clock, sent) else { return Ok(()) };
        let (rule, variant) = (DECISION, self.rule().1);
        let mut clock = deadlines.start(rule, variant, sent)?;
        let mut turns = Vec::new();
        for pause in old.shown(sent).pauses {
            for (at, ends) in [(pause.start_time, false), (pause.end_time, true)] {
                turns.extend(at.as_ref().and_then(time::from_wire).map(|at| (at, ends, pause.reason.clone())));
            }
        }
        turns.sort_by_key(|(at, ..)| *at);
        for (at, ends, reason) in turns {
            if ends {
                deadlines.resume(&mut clock, (rule, variant), &reason, at)?;
            } else {
                clock.pause(&reason, at);
            }
        }
        self.clock = Some(clock);
        Ok(())
    }

    /// The clock stands still during a hold.
    pub(super) fn hold_clock(&mut self, at: DateTime<Utc>) {
        self.pause(ON_HOLD, at);
    }

    /// The hold has ended.
    pub(super) fn unhold_clock(&mut self, deadlines: &Deadlines, at: DateTime<Utc>) -> Result<(), Error> {
        self.resume(ON_HOLD, deadlines, at)
    }

    /// The clock stands still until the sender answers.
    pub(super) fn await_supplement(&mut self, at: DateTime<Utc>) {
        self.pause(AWAITING_SUPPLEMENT, at);
    }

    /// The sender has answered.
    pub(super) fn supplement_came(&mut self, deadlines: &Deadlines, at: DateTime<Utc>) -> Result<(), Error> {
        self.resume(AWAITING_SUPPLEMENT, deadlines, at)
    }

    fn pause(&mut self, reason: &str, at: DateTime<Utc>) {
        if let Some(clock) = &mut self.clock {
            clock.pause(reason, at);
        }
    }

    fn resume(&mut self, reason: &str, deadlines: &Deadlines, at: DateTime<Utc>) -> Result<(), Error> {
        let rule = self.rule();
        if let Some(clock) = &mut self.clock {
            deadlines.resume(clock, rule, reason, at)?;
        }
        Ok(())
    }
}

/// The clocks of referrals, for the worker that rings them.
pub(crate) struct ReferralClocks;

static TABLE: Table = clock_table!("referrals", "referral_id");

impl alarms::Alarms for ReferralClocks {
    fn table(&self) -> &'static Table {
        &TABLE
    }

    fn ring<'a>(&'a self, base: &'a Base, tx: &'a mut Tx, id: Uuid) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let Some(mut referral) = sql::by_id(tx, id).await? else {
                return Err(Error::internal("a clock without its referral"));
            };
            let (subject, watchers) = (referral.name.to_string(), referral.seen_by());
            let (rule, owner) = (referral.rule().0, sor(referral.clock_owner()).to_owned());
            let Some(clock) = &mut referral.clock else { return Err(Error::internal("an alarm without a clock")) };
            for stage in clock.ring(base.clock.now()) {
                alarms::reached(base, tx, &subject, &watchers, (rule, &owner), (stage, clock)).await?;
            }
            sql::rung(tx, &referral).await
        })
    }
}
