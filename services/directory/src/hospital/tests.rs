use chrono::TimeDelta;

use super::*;

fn at(hours: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::hours(hours)
}

fn hospital() -> Actor {
    Actor { organisation: "organisations/990000000006008".to_owned(), ..Actor::default() }
}

fn event(kind: Kind, happened: i64, reported: i64) -> HospitalEvent {
    HospitalEvent {
        id: Uuid::from_u128(reported as u128),
        patient: Uuid::nil(),
        kind,
        event_time: at(happened),
        reported_by: hospital(),
        create_time: at(reported),
        cancelled: None,
    }
}

fn presence(events: &[HospitalEvent]) -> (Presence, Option<i64>) {
    let found = whereabouts(events);
    (found.presence, found.since.map(|since| (since - at(0)).num_hours()))
}

#[test]
fn the_last_event_that_happened_tells_where_somebody_is() {
    let mut told = Vec::new();
    assert_eq!(presence(&told), (Presence::Unspecified, None));
    for (kind, expected) in [
        (Kind::AdmitEmergency, Presence::Admitted),
        (Kind::AdmitInpatient, Presence::Admitted),
        (Kind::StartLeave, Presence::OnLeave),
        (Kind::EndLeave, Presence::Admitted),
        (Kind::DischargeHome, Presence::Home),
    ] {
        let hour = told.len() as i64;
        told.push(event(kind, hour, hour));
        assert_eq!(presence(&told), (expected, Some(hour)), "{kind:?}");
    }
}

#[test]
fn the_order_of_the_reports_does_not_matter() {
    let admitted = event(Kind::AdmitInpatient, 1, 20);
    let discharged = event(Kind::DischargeHome, 5, 10);
    assert_eq!(presence(&[discharged.clone(), admitted.clone()]), (Presence::Home, Some(5)));
    assert_eq!(presence(&[admitted, discharged]), (Presence::Home, Some(5)));
}

#[test]
fn a_death_stands_above_everything_that_is_told_of_later() {
    let death = event(Kind::Death, 5, 5);
    let late = event(Kind::DischargeHome, 9, 4);
    assert_eq!(presence(&[late, death.clone()]), (Presence::Deceased, Some(5)));
    let before = whereabouts(&[death]);
    assert_eq!(check_new(&event(Kind::AdmitInpatient, 6, 7), before), Err(Refusal::Deceased));
    assert_eq!(check_new(&event(Kind::Death, 4, 7), before), Err(Refusal::Deceased));
    assert_eq!(check_new(&event(Kind::AdmitInpatient, 4, 7), before), Ok(()), "told late of the time before");
}

#[test]
fn an_event_that_was_taken_back_counts_for_nothing() {
    let mut death = event(Kind::Death, 5, 5);
    let told = event(Kind::AdmitInpatient, 1, 1);
    let stranger = Actor { organisation: "organisations/990000000000727".to_owned(), ..Actor::default() };
    assert_eq!(death.cancel(stranger, "x".to_owned(), at(6)), Err(Refusal::NotTheReporter));
    assert_eq!(death.cancel(hospital(), "another patient".to_owned(), at(6)), Ok(()));
    assert_eq!(death.cancel(hospital(), "again".to_owned(), at(7)), Err(Refusal::AlreadyCancelled));
    assert_eq!(presence(&[told, death.clone()]), (Presence::Admitted, Some(1)));
    assert_eq!(presence(&[death]), (Presence::Unspecified, None));
}
