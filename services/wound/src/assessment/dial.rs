//! The answer's clock in its row: whole, and beside it the times that the queue and the alarms search by.

use chrono::{DateTime, Utc};
use samspil_kit::{Error, deadlines::Deadlines};
use samspil_proto::{
    common::v1::{Clock, ClockStage},
    time,
    wound::v1::{AssessmentPriority as Priority, AssessmentState as State},
};
use samspil_store::clock::DueClock;

use super::Assessment;

/// The clock's name in rules and events.
pub(crate) const CLOCK: &str = "answer";

/// The columns of the clock.
#[derive(Clone, Default, samspil_store::FromRow)]
pub(crate) struct Dial {
    pub clock: Option<Vec<u8>>,
    pub due_time: DateTime<Utc>,
    pub alarm_time: Option<DateTime<Utc>>,
    /// The last stage that was rung, or where it stands still.
    pub stage: i32,
    pub soon_time: Option<DateTime<Utc>>,
    pub due_day_time: Option<DateTime<Utc>>,
    pub escalate_time: Option<DateTime<Utc>>,
}

impl Dial {
    pub(crate) fn of(clock: &DueClock) -> Dial {
        // At the beginning of time no stage is reached that was not rung.
        let Clock { soon_time, due_day_time, escalate_time, .. } = clock.shown(DateTime::UNIX_EPOCH);
        let read = |time: Option<prost_types::Timestamp>| time.as_ref().and_then(time::from_wire);
        Dial {
            clock: Some(clock.encode()),
            due_time: clock.due(),
            alarm_time: clock.alarm_time(),
            stage: clock.stage().into(),
            soon_time: read(soon_time),
            due_day_time: read(due_day_time),
            escalate_time: read(escalate_time),
        }
    }

    /// The clock as it is to be shown. A row from before clocks were kept tells its due time until a worker has come by.
    pub(crate) fn to_wire(&self, now: DateTime<Utc>) -> Result<Clock, prost::DecodeError> {
        match &self.clock {
            Some(bytes) => Ok(DueClock::decode(bytes)?.shown(now)),
            None => Ok(Clock { due_time: Some(time::to_wire(self.due_time)), ..Clock::default() }),
        }
    }
}

/// Which of the clock's rules a priority goes by.
pub(crate) fn variant(priority: i32) -> &'static str {
    if priority == Priority::Urgent as i32 { "urgent" } else { "routine" }
}

impl Assessment {
    /// The clock. A row from before clocks were kept has what one is wound up from.
    pub(crate) fn clock(&self, deadlines: &Deadlines) -> Result<DueClock, Error> {
        match &self.dial.clock {
            Some(bytes) => Ok(DueClock::decode(bytes)?),
            None => self.wound_up(deadlines),
        }
    }

    fn wound_up(&self, deadlines: &Deadlines) -> Result<DueClock, Error> {
        let detail = self.detail()?;
        let due = self.dial.due_time;
        let mut clock = deadlines.start_due(CLOCK, variant(self.priority), self.create_time, due)?;
        let at = |time: Option<&prost_types::Timestamp>| time.and_then(time::from_wire).unwrap_or(self.update_time);
        let signed = detail.answers.first().map(|answer| at(answer.sign_time.as_ref()));
        match (self.state(), signed) {
            (State::AwaitingMore, _) => {
                let asked = detail.more_requests.last().and_then(|more| more.ask_time.as_ref());
                clock.pause("AWAITING_MORE", at(asked))
            }
            (State::Answered | State::Closed, Some(signed)) => clock.stop("ANSWERED", signed),
            (State::Closed, None) => clock.stop("CLOSED", self.update_time),
            _ => false,
        };
        Ok(clock)
    }

    /// Lets the clock go on after a pause.
    pub(crate) fn resume(
        &self,
        clock: &mut DueClock,
        deadlines: &Deadlines,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        deadlines.resume(clock, (CLOCK, variant(self.priority)), reason, now)
    }

    /// Whether the specialist waits for the nurse.
    pub(crate) fn awaits_more(&self) -> bool {
        self.state() == State::AwaitingMore
    }

    /// Whether the answer has not come in time.
    pub(crate) fn is_overdue(&self) -> bool {
        self.is_open && self.dial.stage >= ClockStage::Overdue as i32
    }
}
