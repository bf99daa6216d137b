//! The rules, by hand.

use ActivityState::{Accepted, Cancelled, Completed, Declined, Proposed};
use chrono::TimeDelta;
use samspil_kit::{calendar::Calendar, deadlines::Deadlines};
use samspil_proto::careplan::v1::{self as pb, RecurrenceUnit, recurrence::End};

use super::*;
use crate::recurrence::Recurrence;

const NURSE: &str = "990000000000766";
const HOSPITAL: &str = "990000000006008";

fn actor(person: &str, sor: &str) -> Actor {
    Actor { person: person.to_owned(), display_name: String::new(), organisation: format!("organisations/{sor}") }
}

fn nurse() -> Actor {
    actor("nurse", NURSE)
}

fn now() -> DateTime<Utc> {
    "2026-11-18T09:00:00Z".parse().unwrap()
}

fn activity(state: ActivityState) -> Activity {
    let new = New {
        id: Uuid::nil(),
        patient: Uuid::nil(),
        kind: ActivityKind::WoundCare,
        description: "clean daily".to_owned(),
        owner: Owner { sor: NURSE.to_owned(), kind: OrganisationKind::Municipality },
        due: None,
        by: actor("specialist", HOSPITAL),
        source: Source::default(),
        at: now(),
    };
    Activity { state, ..Activity::proposed(new) }
}

/// One that comes daily, so many times, the first time now.
fn daily(count: i32) -> Activity {
    let wire = pb::Recurrence { every: 1, unit: RecurrenceUnit::Day.into(), end: Some(End::Count(count)) };
    let recurrence = Recurrence::try_from(&wire).unwrap();
    let series = Series::from(&Calendar::danish(), recurrence, 1, now()).unwrap();
    let clock = Deadlines::danish().start_due("activity", "", now(), now()).unwrap();
    Activity { due: Some(now()), series: Some(series), clock: Some(clock), ..activity(Accepted) }
}

#[test]
fn each_decision_leads_to_its_state_with_who_and_why() {
    let mut accepted = activity(Proposed);
    accepted.accept(nurse(), now()).unwrap();
    assert_eq!((accepted.state, accepted.version, accepted.decided_by.clone()), (Accepted, 2, Some(nurse())));
    let mut completed = accepted.clone();
    completed.complete(nurse(), "done", now(), &Calendar::danish()).unwrap();
    assert_eq!((completed.state, completed.version, completed.outcome.as_str()), (Completed, 3, "done"));
    assert!(completed.occurrences.is_empty(), "what is done once has no times");
    let mut declined = activity(Proposed);
    declined.decline(nurse(), "no capacity", now()).unwrap();
    assert_eq!((declined.state, declined.outcome.as_str()), (Declined, "no capacity"));
    accepted.cancel(None, "closed", now()).unwrap();
    assert_eq!((accepted.state, accepted.decided_by), (Cancelled, None));
}

#[test]
fn a_refused_change_leaves_no_mark() {
    let calendar = Calendar::danish();
    let mut over = Activity { state: Completed, ..daily(3) };
    let before = over.clone();
    assert!(over.accept(nurse(), now()).is_err());
    assert!(over.complete(nurse(), "", now(), &calendar).is_err());
    assert!(over.skip(nurse(), "", now(), &calendar).is_err());
    assert!(over.cancel(None, "", now()).is_err());
    assert!(over.skip_passed("", now(), &calendar).unwrap().is_empty());
    assert_eq!(over, before);
    let mut once = activity(Accepted);
    assert_eq!(once.skip(nurse(), "", now(), &calendar), Err(Refusal::NotRecurring));
    assert_eq!(once, activity(Accepted));
}

#[test]
fn a_recurring_one_goes_on_until_its_last_time() {
    let calendar = Calendar::danish();
    let mut daily = daily(3);
    daily.complete(nurse(), "clean", now(), &calendar).unwrap();
    assert_eq!((daily.state, daily.occurrence(), daily.due), (Accepted, 2, Some(now() + TimeDelta::days(1))));
    daily.skip(nurse(), "not at home", now(), &calendar).unwrap();
    assert_eq!((daily.state, daily.occurrence(), daily.version), (Accepted, 3, 3));
    daily.complete(nurse(), "healed", now(), &calendar).unwrap();
    assert_eq!((daily.state, daily.occurrence()), (Completed, 3));
    assert!(daily.clock.unwrap().is_stopped());
    let told: Vec<_> = daily.occurrences.iter().map(|o| (o.number, o.done, o.outcome.as_str())).collect();
    assert_eq!(told, [(1, true, "clean"), (2, false, "not at home"), (3, true, "healed")]);
}

#[test]
fn times_that_nobody_could_do_are_skipped_as_one_change() {
    let calendar = Calendar::danish();
    let mut away = daily(5);
    let back = now() + TimeDelta::days(2) + TimeDelta::hours(1);
    assert_eq!(away.skip_passed("ADMITTED", back, &calendar).unwrap(), [1, 2, 3]);
    assert_eq!((away.occurrence(), away.due, away.version), (4, Some(now() + TimeDelta::days(3)), 2));
    assert!(away.occurrences.iter().all(|over| !over.done && over.actor.is_none()));
    assert!(away.skip_passed("ADMITTED", back, &calendar).unwrap().is_empty());

    let mut over = daily(2);
    assert_eq!(over.skip_passed("ADMITTED", back, &calendar).unwrap(), [1, 2]);
    assert_eq!(over.state, Completed);
}

#[test]
fn only_the_last_fifty_times_are_kept() {
    let calendar = Calendar::danish();
    let mut daily = daily(60);
    for _ in 0..55 {
        daily.complete(nurse(), "", now(), &calendar).unwrap();
    }
    let numbers: Vec<_> = daily.occurrences.iter().map(|over| over.number).collect();
    assert_eq!(numbers, (6..=55).collect::<Vec<_>>());
}

#[test]
fn while_it_is_proposed_the_proposer_has_a_say_and_then_the_owner_alone() {
    let proposed = activity(Proposed);
    assert_eq!(proposed.in_the_hands_of(HOSPITAL), Ok(()));
    assert_eq!(proposed.in_the_hands_of(NURSE), Ok(()));
    assert_eq!(proposed.owned_by(HOSPITAL), Err(Refusal::NotTheOwner));
    assert_eq!(proposed.in_the_hands_of("990000000012345"), Err(Refusal::NotTheOwner));
    assert_eq!(activity(Accepted).in_the_hands_of(HOSPITAL), Err(Refusal::NotTheOwner));
}

#[test]
fn a_change_concerns_owner_and_proposer_each_once() {
    assert_eq!(activity(Proposed).concerns(), [NURSE, HOSPITAL]);
    let own = Activity { proposed_by: nurse(), ..activity(Proposed) };
    assert_eq!(own.concerns(), [NURSE]);
    let nobody = Activity { proposed_by: Actor::default(), ..activity(Proposed) };
    assert_eq!(nobody.concerns(), [NURSE]);
}

#[test]
fn the_clock_goes_by_the_state_and_by_what_it_is_the_task_of() {
    assert_eq!(activity(Proposed).clock_rule(), "proposal");
    assert_eq!(activity(Accepted).clock_rule(), "activity");
    let name = format!("patients/{}/carePlan/reconciliations/{}", Uuid::nil(), Uuid::nil());
    let task = Activity { source: Source { name, version: 0, line: 0 }, ..activity(Accepted) };
    assert_eq!(task.clock_rule(), "reconciliation");
}

#[test]
fn no_words_about_a_patient_are_in_a_debug_output() {
    assert!(!format!("{:?}", activity(Proposed)).contains("clean"));
}

#[test]
fn the_order_of_what_is_never_due_is_a_time_that_the_wire_can_say() {
    assert_eq!(activity(Proposed).due_order(), NEVER_DUE);
    let wire = samspil_proto::time::to_wire(NEVER_DUE);
    assert_eq!(samspil_proto::time::from_wire(&wire), Some(NEVER_DUE));
}
