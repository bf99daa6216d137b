//! The question to the specialist and the answer: its states, its claim, its clock.
//!
//! ```text
//!              claim            answer              close
//! REQUESTED ─────────► CLAIMED ────────► ANSWERED ────────► CLOSED
//!     ▲  ▲               │  │                                 ▲
//!     │  └── release ────┘  │ ask for more                    │ close, with a reason
//!     │                     ▼                                 │
//!     └── supply ── AWAITING_MORE ────────────────────────────┘ (from every open state)
//! ```
//!
//! The clock runs in REQUESTED and CLAIMED, stands still in AWAITING_MORE, and has stopped for good after that. It stops too
//! when the patient dies.

pub(crate) mod act;
pub(crate) mod alarm;
pub(crate) mod asking;
pub(crate) mod dial;
pub(crate) mod draft;
pub(crate) mod queue;
pub(crate) mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use prost::Message as _;
use samspil_proto::{common::v1::Actor, names::AssessmentName, time, wound::v1 as pb};
use samspil_store::clock::DueClock;
use uuid::Uuid;

use crate::{Reason, access};
use dial::Dial;
use pb::AssessmentState as State;

/// An assessment, as its row has it.
#[derive(Clone, samspil_store::FromRow)]
pub(crate) struct Assessment {
    pub assessment_id: Uuid,
    pub wound_id: Uuid,
    pub patient_id: Uuid,
    pub state: i32,
    pub is_open: bool,
    /// SOR code.
    pub requester: String,
    /// SOR code.
    pub receiver: String,
    pub priority: i32,
    /// A copy, which the queue is searched by.
    pub wound_type: i32,
    #[sqlx(flatten)]
    pub dial: Dial,
    /// Who has claimed it, or empty.
    pub holder: String,
    pub claim_expire: Option<DateTime<Utc>>,
    pub detail: Vec<u8>,
    pub request_traceparent: String,
    pub create_time: DateTime<Utc>,
    pub update_time: DateTime<Utc>,
    pub version: i64,
}

/// What nobody searches: question, visits, requests for more, every version of the answer, who has claimed it.
pub(crate) type Detail = pb::Assessment;

/// Whether it advises another specialist, who alone answers the nurse.
pub(crate) fn is_second_opinion(detail: &Detail) -> bool {
    !detail.second_opinion_of.is_empty()
}

impl Assessment {
    pub(crate) fn name(&self) -> AssessmentName {
        AssessmentName { patient: self.patient_id, wound: self.wound_id, assessment: self.assessment_id }
    }

    pub(crate) fn state(&self) -> State {
        State::try_from(self.state).unwrap_or(State::Unspecified)
    }

    pub(crate) fn detail(&self) -> Result<Detail, prost::DecodeError> {
        Detail::decode(self.detail.as_slice())
    }

    /// Takes it for somebody, or for longer. A claim that has run out stands in nobody's way.
    pub(crate) fn claim(&mut self, actor: Actor, now: DateTime<Utc>, lease: TimeDelta) -> Result<(), Reason> {
        match self.state() {
            State::Requested => {}
            State::Claimed if self.holder == actor.person || self.claim_expire.is_none_or(|end| end <= now) => {}
            State::Claimed => return Err(Reason::AssessmentClaimed),
            state => return Err(not_open(state)),
        }
        self.hold(actor, now + lease);
        Ok(())
    }

    /// Puts it back.
    pub(crate) fn release(&mut self, person: &str) -> Result<(), Reason> {
        self.held_by(person)?;
        self.let_go(State::Requested);
        Ok(())
    }

    /// Asks for more: the clock stands still.
    pub(crate) fn ask(
        &mut self,
        (detail, clock): (&mut Detail, &mut DueClock),
        question: String,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<(), Reason> {
        self.held_by(&actor.person)?;
        let ask_time = Some(time::to_wire(now));
        detail.more_requests.push(pb::MoreRequest {
            question,
            asked_by: Some(actor),
            ask_time,
            ..pb::MoreRequest::default()
        });
        self.let_go(State::AwaitingMore);
        clock.pause("AWAITING_MORE", now);
        Ok(())
    }

    /// Supplies what was asked for. The clock is to go on.
    pub(crate) fn supply(
        &mut self,
        detail: &mut Detail,
        reply: String,
        visit: String,
        now: DateTime<Utc>,
    ) -> Result<(), Reason> {
        match self.state() {
            State::AwaitingMore => {}
            State::Requested | State::Claimed => return Err(Reason::NothingAskedFor),
            state => return Err(not_open(state)),
        }
        if let Some(open) = detail.more_requests.last_mut() {
            open.reply = reply;
            open.supply_time = Some(time::to_wire(now));
        }
        if !visit.is_empty() {
            detail.visits.push(visit);
        }
        self.state = State::Requested as i32;
        Ok(())
    }

    /// Puts the specialist's answer on it.
    pub(crate) fn answer(
        &mut self,
        (detail, clock): (&mut Detail, &mut DueClock),
        answer: pb::Answer,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<(), Reason> {
        self.held_by(&actor.person)?;
        sign(detail, answer, actor, now, String::new());
        self.let_go(State::Answered);
        clock.stop("ANSWERED", now);
        Ok(())
    }

    /// Puts a better version on it. The old ones stay.
    pub(crate) fn amend(
        &mut self,
        detail: &mut Detail,
        answer: pb::Answer,
        actor: Actor,
        now: DateTime<Utc>,
        reason: String,
    ) -> Result<(), Reason> {
        if detail.answers.is_empty() {
            return Err(Reason::AssessmentNotAnswered);
        }
        sign(detail, answer, actor, now, reason);
        Ok(())
    }

    /// Closes it. Without an answer there has to be a reason.
    pub(crate) fn close(
        &mut self,
        (detail, clock): (&mut Detail, &mut DueClock),
        reason: String,
        now: DateTime<Utc>,
    ) -> Result<(), Reason> {
        match self.state() {
            State::Closed => return Err(Reason::AssessmentEnded),
            State::Answered => {}
            _ if reason.is_empty() => return Err(Reason::AssessmentNotAnswered),
            _ => {
                clock.stop("CLOSED", now);
            }
        }
        self.let_go(State::Closed);
        detail.close_reason = reason;
        Ok(())
    }

    fn held_by(&self, person: &str) -> Result<(), Reason> {
        match self.state() {
            State::Claimed if self.holder == person => Ok(()),
            State::Claimed | State::Requested => Err(Reason::AssessmentNotClaimed),
            state => Err(not_open(state)),
        }
    }

    fn hold(&mut self, actor: Actor, until: DateTime<Utc>) {
        self.state = State::Claimed as i32;
        self.holder = actor.person;
        self.claim_expire = Some(until);
    }

    fn let_go(&mut self, state: State) {
        self.state = state as i32;
        self.is_open = matches!(state, State::Requested | State::Claimed | State::AwaitingMore);
        self.holder = String::new();
        self.claim_expire = None;
    }

    pub(crate) fn to_wire(&self, now: DateTime<Utc>) -> Result<pb::Assessment, prost::DecodeError> {
        let detail = self.detail()?;
        let claim = pb::Claim { expire_time: self.claim_expire.map(time::to_wire), ..detail.claim.unwrap_or_default() };
        Ok(pb::Assessment {
            name: self.name().to_string(),
            state: self.state,
            priority: self.priority,
            receiver: format!("organisations/{}", self.receiver),
            clock: Some(self.dial.to_wire(now)?),
            claim: (!self.holder.is_empty()).then_some(claim),
            create_time: Some(time::to_wire(self.create_time)),
            update_time: Some(time::to_wire(self.update_time)),
            etag: access::etag(self.version),
            ..detail
        })
    }
}

fn not_open(state: State) -> Reason {
    match state {
        State::Answered => Reason::AssessmentAnswered,
        State::AwaitingMore => Reason::AssessmentAwaitsMore,
        _ => Reason::AssessmentEnded,
    }
}

fn sign(detail: &mut Detail, answer: pb::Answer, actor: Actor, now: DateTime<Utc>, amend_reason: String) {
    let version = detail.answers.len() as i32 + 1;
    let sign_time = Some(time::to_wire(now));
    detail.answers.push(pb::Answer { version, signed_by: Some(actor), sign_time, amend_reason, ..answer });
}

#[cfg(test)]
mod tests;
