//! What the safety watch and the clocks say.

use std::fmt::Write as _;

use samspil_proto::{
    common::v1::{Clock, ClockStage, ClockState},
    wound::v1::{Flag, FlagState, Score},
};

use super::{when, who, words};

/// A warning, its reason, and who has taken note of it.
pub(in crate::cli) fn flag(flag: &Flag) -> String {
    let kind = words(flag.kind().as_str_name(), "FLAG_KIND_");
    let state = match flag.state() {
        FlagState::Raised if flag.returns > 0 => format!("came back {} times", flag.returns),
        state => words(state.as_str_name(), "FLAG_STATE_"),
    };
    let mut text = format!("! {kind}, {state}: {}\n", flag.reason);
    for noted in &flag.acknowledgements {
        let _ = writeln!(text, "  {} {}: {}", when(noted.time.as_ref()), who(noted.actor.as_ref()), noted.note);
    }
    let _ = write!(text, "  {}", flag.name);
    text
}

/// A score with its range and its band.
pub(in crate::cli) fn score(score: &Score) -> String {
    let result = score.result.clone().unwrap_or_default();
    let band = if result.band.is_empty() { String::new() } else { format!(", {}", result.band) };
    format!(
        "{} {} of {} to {}{band} (table {})\n  {}",
        result.instrument, result.total, result.minimum, result.maximum, result.table_version, score.name
    )
}

/// By when, and how far it has come.
pub(in crate::cli) fn clock(clock: &Clock) -> String {
    let due = when(clock.due_time.as_ref());
    match (clock.state(), clock.stage()) {
        (ClockState::Running, ClockStage::Escalated) => format!("OVERDUE since {due}, {} was told", clock.escalate_to),
        (ClockState::Running, ClockStage::Overdue) => format!("OVERDUE since {due}"),
        (ClockState::Running, ClockStage::Due) => format!("due today, {due}"),
        (ClockState::Running, ClockStage::Soon) => format!("due soon, {due}"),
        (ClockState::Paused, _) => format!("paused: {}", words(&clock.stop_reason, "")),
        (ClockState::Stopped, stage) if stage >= ClockStage::Overdue => format!("late, was due {due}"),
        (ClockState::Stopped, _) => format!("in time, was due {due}"),
        (ClockState::Running | ClockState::Unspecified, _) => format!("due {due}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_says_how_far_it_has_come() {
        let at = |state: ClockState, stage: ClockStage| {
            super::clock(&Clock {
                state: state.into(),
                stage: stage.into(),
                escalate_to: "coordinator".to_owned(),
                stop_reason: "AWAITING_MORE".to_owned(),
                ..Clock::default()
            })
        };
        assert_eq!(at(ClockState::Running, ClockStage::OnTime), "due –");
        assert_eq!(at(ClockState::Running, ClockStage::Escalated), "OVERDUE since –, coordinator was told");
        assert_eq!(at(ClockState::Paused, ClockStage::Due), "paused: awaiting more");
        assert_eq!(at(ClockState::Stopped, ClockStage::Overdue), "late, was due –");
        assert_eq!(at(ClockState::Stopped, ClockStage::Due), "in time, was due –");
    }
}
