//! A patient is admitted, comes home or dies.
//!
//! | told | next photos | answer | flags |
//! | --- | --- | --- | --- |
//! | admitted | stands still | goes on: the hospital can answer | `PATIENT_ADMITTED` |
//! | home, on leave | goes on | goes on | that one is cleared |
//! | dead | stops | stops | `PATIENT_DECEASED`; nobody waits for photos or answers any more |
//! | death taken back | starts anew | starts anew | that one is cleared |
//!
//! A death that was told wrongly is the one thing that starts a stopped clock: a patient who lives must not be forgotten.

use futures::future::BoxFuture;
use samspil_kit::{
    Base, Error,
    follow::{OnPresence, Step, why},
};
use samspil_proto::{
    common::v1::{ClockChanged, ClockState},
    directory::v1::{Presence, PresenceChanged},
    time,
    wound::v1::FlagKind,
};
use samspil_store::{Tx, clock::DueClock};
use uuid::Uuid;

use crate::{
    assessment::{
        self, Assessment,
        dial::{self, Dial},
    },
    flag::{
        self, Warning,
        watch::{clear, raise, whereabouts},
    },
    tell::{Teller as _, tell},
    wound::{self, Wound},
};

/// Follows `directory`.
pub(crate) struct Presences;

/// What a presence does with the clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Pause,
    Resume,
    Stop,
    /// A death was taken back.
    Again,
}

impl Turn {
    fn of(presence: Presence, previous: Presence) -> Turn {
        match (presence, previous) {
            (Presence::Deceased, _) => Turn::Stop,
            (_, Presence::Deceased) => Turn::Again,
            (Presence::Admitted, _) => Turn::Pause,
            (Presence::Home | Presence::OnLeave | Presence::Unspecified, _) => Turn::Resume,
        }
    }
}

impl OnPresence for Presences {
    fn changed<'a>(
        &'a self,
        patient: Uuid,
        event: &'a PresenceChanged,
        step: &'a mut Step,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let base = step.base().clone();
            let tx = step.tx().await?;
            for name in wound::sql::open_of_patient(tx, patient).await? {
                wound::sql::hold(tx, name).await?;
                let wound = wound::sql::by_id(tx, name.wound).await?;
                // Somebody may have closed it since.
                if wound.open().is_ok() {
                    of_wound(&base, tx, wound, event).await?;
                }
            }
            Ok(())
        })
    }
}

async fn of_wound(base: &Base, tx: &mut Tx, mut wound: Wound, event: &PresenceChanged) -> Result<(), Error> {
    let turn = Turn::of(event.presence(), event.previous());
    if let Some(mut clock) = wound.clock(&base.deadlines)?
        && turn_photo_clock(base, turn, event, &mut clock)?
    {
        wound.set_clock(Some(&clock));
        wound::sql::update(tx, &mut wound, base.now()).await?;
        let event = changed(wound::clock::CLOCK, &clock, why(event));
        tell(base, tx, &wound.name().to_string(), &wound.organisations(), &event).await?;
    }
    for question in assessment::sql::open_of_wound(tx, wound.wound_id).await? {
        turn_answer_clock(base, tx, &wound, turn, question, event).await?;
    }
    flags(base, tx, &wound, turn, event).await
}

fn turn_photo_clock(base: &Base, turn: Turn, event: &PresenceChanged, clock: &mut DueClock) -> Result<bool, Error> {
    let now = base.now();
    match turn {
        Turn::Pause => Ok(clock.pause("ADMITTED", now)),
        Turn::Resume => base.deadlines.resume(clock, (wound::clock::CLOCK, ""), "ADMITTED", now),
        Turn::Stop => Ok(clock.stop("DECEASED", now)),
        Turn::Again if clock.stop_reason() == "DECEASED" => {
            // As due as it was, and not before somebody has had the time to come.
            let soonest = base.deadlines.calendar.end_of_day_after(now, 1)?;
            *clock = base.deadlines.start_due(wound::clock::CLOCK, "", now, clock.due().max(soonest))?;
            if event.presence() == Presence::Admitted {
                clock.pause("ADMITTED", now);
            }
            Ok(true)
        }
        Turn::Again => Ok(false),
    }
}

async fn turn_answer_clock(
    base: &Base,
    tx: &mut Tx,
    wound: &Wound,
    turn: Turn,
    question: Assessment,
    event: &PresenceChanged,
) -> Result<(), Error> {
    let held = assessment::sql::hold(tx, question.name()).await?;
    let Some(mut question) = held.filter(|question| question.is_open) else { return Ok(()) };
    let mut clock = question.clock(&base.deadlines)?;
    let now = base.now();
    let turned = match turn {
        Turn::Pause | Turn::Resume => false,
        Turn::Stop => clock.stop("DECEASED", now),
        Turn::Again if clock.stop_reason() == "DECEASED" => {
            clock = base.deadlines.start(dial::CLOCK, dial::variant(question.priority), now)?;
            if question.awaits_more() {
                clock.pause("AWAITING_MORE", now);
            }
            true
        }
        Turn::Again => false,
    };
    if turned {
        question.dial = Dial::of(&clock);
        assessment::sql::update(tx, &mut question, now).await?;
        let event = changed(dial::CLOCK, &clock, why(event));
        tell(base, tx, &question.name().to_string(), &wound.organisations(), &event).await?;
    }
    Ok(())
}

async fn flags(base: &Base, tx: &mut Tx, wound: &Wound, turn: Turn, event: &PresenceChanged) -> Result<(), Error> {
    let since = event.time.as_ref().and_then(time::from_wire).unwrap_or_else(|| base.now());
    let warning = |kind| Warning {
        kind,
        reason: format!("{} since {}", whereabouts(kind), since.format("%Y-%m-%dT%H:%M:%SZ")),
        cause: event.hospital_event.clone(),
    };
    if turn == Turn::Again {
        clear(base, tx, wound, FlagKind::PatientDeceased).await?;
    }
    if event.presence() == Presence::Admitted {
        return raise(base, tx, wound, warning(FlagKind::PatientAdmitted)).await;
    }
    clear(base, tx, wound, FlagKind::PatientAdmitted).await?;
    if turn == Turn::Stop {
        for kind in [FlagKind::NoAnswer, FlagKind::NoPhoto] {
            flag::watch::clear(base, tx, wound, kind).await?;
        }
        raise(base, tx, wound, warning(FlagKind::PatientDeceased)).await?;
    }
    Ok(())
}

fn changed(name: &str, clock: &DueClock, reason: &str) -> ClockChanged {
    let state = match (clock.is_running(), clock.is_stopped()) {
        (true, _) => ClockState::Running,
        (_, true) => ClockState::Stopped,
        (false, false) => ClockState::Paused,
    };
    ClockChanged {
        clock: name.to_owned(),
        state: state.into(),
        reason: reason.to_owned(),
        due_time: Some(time::to_wire(clock.due())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_presence_turns_the_clocks_by_what_was_before() {
        use Presence::{Admitted, Deceased, Home, OnLeave, Unspecified};
        for before in [Unspecified, Home, Admitted, OnLeave, Deceased] {
            assert_eq!(Turn::of(Deceased, before), Turn::Stop);
        }
        for after in [Unspecified, Home, Admitted, OnLeave] {
            assert_eq!(Turn::of(after, Deceased), Turn::Again);
        }
        assert_eq!(Turn::of(Admitted, OnLeave), Turn::Pause);
        for after in [Unspecified, Home, OnLeave] {
            assert_eq!(Turn::of(after, Admitted), Turn::Resume);
        }
    }

    #[test]
    fn a_correction_is_told_as_one() {
        let event = |presence: Presence, correction| {
            why(&PresenceChanged { presence: presence.into(), correction, ..PresenceChanged::default() })
        };
        assert_eq!(event(Presence::Home, true), "CORRECTED");
        assert_eq!(
            [Presence::Admitted, Presence::Home, Presence::OnLeave, Presence::Deceased].map(|p| event(p, false)),
            ["ADMITTED", "DISCHARGED", "ON_LEAVE", "DECEASED"]
        );
    }
}
