//! Clocks: by when somebody has to do something, kept in the tables of what is to be done.
//!
//! A table that has a clock has three columns: `clock`, the encoded [`Clock`] or NULL; `due_time`, its due time, by which
//! lists are ordered; and `alarm_time`, when it reaches its next stage, NULL while it does not run or has no stage left. An
//! index on `alarm_time` finds the next alarm. Whoever rings it changes the row in the transaction that writes the event, so
//! that each alarm is rung once, by whichever replica was first.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_proto::{
    common::v1::{Clock, ClockPause, ClockStage, ClockState},
    time,
};
use uuid::Uuid;

use crate::{Tx, sql};

/// When a clock reaches its stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// From when on it is SOON.
    pub soon: DateTime<Utc>,
    /// From when on it is DUE: when the day that has the due time opens, and not before it is SOON.
    pub due_day: DateTime<Utc>,
    /// By when it is to be done; after it, it is OVERDUE.
    pub due: DateTime<Utc>,
    /// From when on it is ESCALATED.
    pub escalate: DateTime<Utc>,
    /// The role that is told then.
    pub escalate_to: String,
}

/// A clock.
#[derive(Debug, Clone, PartialEq)]
pub struct DueClock(Clock);

/// The stages that ring, in their order.
const STAGES: [ClockStage; 4] = [ClockStage::Soon, ClockStage::Due, ClockStage::Overdue, ClockStage::Escalated];

impl DueClock {
    /// Starts a clock. Stages that lie behind it already, it has: who asks for something by today knows that it is due.
    pub fn start(at: DateTime<Utc>, times: Times) -> DueClock {
        let mut clock = DueClock(Clock {
            state: ClockState::Running.into(),
            stage: ClockStage::OnTime.into(),
            start_time: Some(time::to_wire(at)),
            soon_time: Some(time::to_wire(times.soon)),
            due_day_time: Some(time::to_wire(times.due_day)),
            due_time: Some(time::to_wire(times.due)),
            escalate_time: Some(time::to_wire(times.escalate)),
            escalate_to: times.escalate_to,
            ..Clock::default()
        });
        for stage in [ClockStage::Soon, ClockStage::Due] {
            if clock.time_of(stage) <= at && clock.due() > at {
                clock.0.stage = stage.into();
            }
        }
        clock
    }

    /// Reads the column.
    ///
    /// # Errors
    /// When it holds no clock.
    pub fn decode(bytes: &[u8]) -> Result<DueClock, prost::DecodeError> {
        Ok(DueClock(Clock::decode(bytes)?))
    }

    /// As the column has it.
    pub fn encode(&self) -> Vec<u8> {
        self.0.encode_to_vec()
    }

    /// By when it is to be done.
    pub fn due(&self) -> DateTime<Utc> {
        self.time_of(ClockStage::Overdue)
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.0.state() == ClockState::Running
    }

    /// Whether it has stopped for good.
    pub fn is_stopped(&self) -> bool {
        self.0.state() == ClockState::Stopped
    }

    /// The last stage whose alarm was rung.
    pub fn stage(&self) -> ClockStage {
        self.0.stage()
    }

    /// Why it is paused or stopped, or empty.
    pub fn stop_reason(&self) -> &str {
        &self.0.stop_reason
    }

    /// When its next alarm is to be rung: the value of `alarm_time`.
    pub fn alarm_time(&self) -> Option<DateTime<Utc>> {
        let next = STAGES.into_iter().find(|stage| *stage > self.stage())?;
        self.is_running().then(|| self.time_of(next))
    }

    /// The stages that it has reached and whose alarms were not rung: each once, in order.
    pub fn ring(&mut self, now: DateTime<Utc>) -> Vec<ClockStage> {
        let mut rung = Vec::new();
        while let Some(stage) = self.alarm_time().filter(|at| *at <= now).and_then(|_| self.next_stage()) {
            self.0.stage = stage.into();
            rung.push(stage);
        }
        rung
    }

    /// The clock as it is to be shown: its stage is that of the moment, whether or not the alarm was rung yet.
    pub fn shown(&self, now: DateTime<Utc>) -> Clock {
        let mut clock = self.clone();
        clock.ring(now);
        clock.0
    }

    /// Stands still for a reason. A second reason may join the first; the clock goes on when none is left. Tells whether
    /// anything changed: the same reason twice is one pause.
    pub fn pause(&mut self, reason: &str, at: DateTime<Utc>) -> bool {
        if self.is_stopped() || self.open_pause(reason).is_some() {
            return false;
        }
        // What it had reached by then it has reached, even if no worker came by.
        self.freeze(at);
        self.0.pauses.push(ClockPause {
            start_time: Some(time::to_wire(at)),
            end_time: None,
            reason: reason.to_owned(),
        });
        if self.0.stop_time.is_none() {
            self.0.stop_time = Some(time::to_wire(at));
        }
        self.0.state = ClockState::Paused.into();
        reason.clone_into(&mut self.0.stop_reason);
        true
    }

    /// Ends a pause. When it was the last one, the clock goes on, and the times that it had not reached move: `moved` is given
    /// when it stopped, when it goes on, and the time, and gives the new one. Tells whether anything changed.
    ///
    /// # Errors
    /// Those of `moved`; then nothing has changed.
    pub fn resume<E>(
        &mut self,
        reason: &str,
        at: DateTime<Utc>,
        moved: impl Fn(DateTime<Utc>, DateTime<Utc>, DateTime<Utc>) -> Result<DateTime<Utc>, E>,
    ) -> Result<bool, E> {
        let Some(open) = self.open_pause(reason).filter(|_| !self.is_stopped()) else { return Ok(false) };
        let others = self.0.pauses.iter().enumerate().filter(|(i, pause)| *i != open && pause.end_time.is_none());
        if let Some(other) = others.map(|(_, pause)| pause.reason.clone()).next_back() {
            self.0.pauses[open].end_time = Some(time::to_wire(at));
            self.0.stop_reason = other;
            return Ok(true);
        }
        let stopped = read(self.0.stop_time.as_ref());
        let mut times = [self.0.soon_time, self.0.due_day_time, self.0.due_time, self.0.escalate_time];
        for time in &mut times {
            let old = read(time.as_ref());
            if old > stopped {
                *time = Some(time::to_wire(moved(stopped, at, old)?));
            }
        }
        [self.0.soon_time, self.0.due_day_time, self.0.due_time, self.0.escalate_time] = times;
        self.0.pauses[open].end_time = Some(time::to_wire(at));
        (self.0.stop_time, self.0.stop_reason) = (None, String::new());
        self.0.state = ClockState::Running.into();
        Ok(true)
    }

    /// Stops it for good, wherever it is. Tells whether anything changed.
    pub fn stop(&mut self, reason: &str, at: DateTime<Utc>) -> bool {
        if self.is_stopped() {
            return false;
        }
        self.freeze(at);
        for pause in self.0.pauses.iter_mut().filter(|pause| pause.end_time.is_none()) {
            pause.end_time = Some(time::to_wire(at));
        }
        // One that stood still when it is stopped for good had stopped before.
        if self.0.stop_time.is_none() {
            self.0.stop_time = Some(time::to_wire(at));
        }
        self.0.state = ClockState::Stopped.into();
        reason.clone_into(&mut self.0.stop_reason);
        true
    }

    /// Whether it passed its due time before it stopped, or has passed it now.
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.shown(now).stage() >= ClockStage::Overdue
    }

    fn freeze(&mut self, at: DateTime<Utc>) {
        // The event of such a stage is not written: the clock no longer runs, and nobody has to hurry.
        self.ring(at);
    }

    fn next_stage(&self) -> Option<ClockStage> {
        STAGES.into_iter().find(|stage| *stage > self.stage())
    }

    fn open_pause(&self, reason: &str) -> Option<usize> {
        self.0.pauses.iter().position(|pause| pause.end_time.is_none() && pause.reason == reason)
    }

    fn time_of(&self, stage: ClockStage) -> DateTime<Utc> {
        read(match stage {
            ClockStage::Unspecified | ClockStage::OnTime => self.0.start_time.as_ref(),
            ClockStage::Soon => self.0.soon_time.as_ref(),
            ClockStage::Due => self.0.due_day_time.as_ref(),
            ClockStage::Overdue => self.0.due_time.as_ref(),
            ClockStage::Escalated => self.0.escalate_time.as_ref(),
        })
    }
}

fn read(time: Option<&prost_types::Timestamp>) -> DateTime<Utc> {
    time.and_then(time::from_wire).unwrap_or(DateTime::UNIX_EPOCH)
}

/// The statements that find the clocks of one table. Made by [`clock_table!`](crate::clock_table!).
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    #[doc(hidden)]
    pub next: &'static str,
    #[doc(hidden)]
    pub due: (&'static str, &'static str),
}

/// The [`Table`] of a domain table with a clock: its name and its key.
#[macro_export]
macro_rules! clock_table {
    ($table:literal, $key:literal) => {
        $crate::clock::Table {
            name: $table,
            next: concat!("SELECT MIN(alarm_time) FROM ", $table, " WHERE alarm_time IS NOT NULL"),
            due: (
                concat!("SELECT ", $key, " FROM ", $table, " WHERE alarm_time <= $1 ORDER BY alarm_time LIMIT 1"),
                concat!(
                    "SELECT ",
                    $key,
                    " FROM ",
                    $table,
                    " WHERE alarm_time <= $1 ORDER BY alarm_time LIMIT 1 FOR UPDATE SKIP LOCKED"
                ),
            ),
        }
    };
}

impl Table {
    /// When the next alarm of the table is to be rung.
    ///
    /// # Errors
    /// As the engine.
    pub async fn next(&self, tx: &mut Tx) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
        let (next,) = sql!(tx, fetch_one as (Option<DateTime<Utc>>,), self.next)?;
        Ok(next)
    }

    /// A row whose alarm is to be rung by now, held until the transaction ends. One that another replica rings is passed over.
    ///
    /// # Errors
    /// As the engine.
    pub async fn due(&self, tx: &mut Tx, now: DateTime<Utc>) -> Result<Option<Uuid>, sqlx::Error> {
        let (sqlite, postgres) = self.due;
        let row = sql!(tx, fetch_optional as (Uuid,), { sqlite: sqlite, postgres: postgres }, now)?;
        Ok(row.map(|(id,)| id))
    }
}

#[cfg(test)]
mod tests;
