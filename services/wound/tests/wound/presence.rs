//! Where the patient is turns clocks and flags.

use samspil_proto::{
    common::v1::{ClockStage, ClockState},
    directory::v1::Presence,
    wound::v1::*,
};
use samspil_testkit::on_both;

use crate::help::*;

on_both!(photos_wait_while_the_patient_is_admitted_and_the_answer_does_not, |world| async move {
    let asked = question(&world).await;
    let (wound, patient) = (wound_of(&asked.name), patient_of(&asked.name));
    let nurse = by(&world, "nurse");
    moves_to(&world, "2026-11-18T12:00:00Z");
    is_now(&world, patient, Presence::Home, Presence::Admitted).await;
    let change = |state, reason: &str| (wound.clone(), "next_photo".to_owned(), state, reason.to_owned());
    assert_eq!(changes_come(&world, 1).await, [change(ClockState::Paused, "ADMITTED")]);
    let seen = nurse.gets_wound(&wound).await.unwrap();
    let clock = seen.photo_clock.clone().unwrap();
    assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Paused, "ADMITTED"));
    assert_eq!(seen.flags().collect::<Vec<_>>(), [FlagKind::PatientAdmitted]);
    let flag = &nurse.flags(&wound, FlagState::Unspecified).await.unwrap()[0];
    assert_eq!(flag.reason, "the patient is admitted since 2026-11-18T12:00:00Z");
    assert_eq!(flag.cause, format!("patients/{patient}/hospitalEvents/{UNKNOWN}"));
    assert_eq!(nurse.gets(&asked.name).await.unwrap().clock.unwrap().state(), ClockState::Running);

    // A visit in the hospital: the next photos wait from their start.
    nurse.visits_with(&wound, &[]).await;
    let clock = nurse.gets_wound(&wound).await.unwrap().photo_clock.unwrap();
    assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Paused, "ADMITTED"));
    moves_to(&world, "2026-12-10T12:00:00Z");
    let rung = stages_come(&world, 4).await;
    assert!(rung.iter().all(|(subject, ..)| *subject == asked.name), "{rung:?}");

    is_now(&world, patient, Presence::Admitted, Presence::OnLeave).await;
    assert_eq!(changes_come(&world, 2).await[1], change(ClockState::Running, "ON_LEAVE"));
    let seen = nurse.gets_wound(&wound).await.unwrap();
    assert_eq!(
        at(seen.next_photo_due_time),
        "2026-12-28T15:00:00Z",
        "22 days later is the 24th; then Christmas and a weekend"
    );
    assert_eq!(seen.flags().collect::<Vec<_>>(), [FlagKind::NoAnswer]);
    events_come(&world, "FlagCleared", 1).await;
    // Back from the leave, then home.
    is_now(&world, patient, Presence::OnLeave, Presence::Admitted).await;
    is_now(&world, patient, Presence::Admitted, Presence::Home).await;
    is_now(&world, patient, Presence::Home, Presence::Home).await;
    let changes = changes_come(&world, 4).await;
    assert_eq!(changes[2..], [change(ClockState::Paused, "ADMITTED"), change(ClockState::Running, "DISCHARGED")]);
});

on_both!(an_admission_that_was_told_wrongly_is_taken_back, |world| async move {
    let (wound, _) = wound_with_visit(&world).await;
    let patient = patient_of(&wound);
    is_now(&world, patient, Presence::Unspecified, Presence::Admitted).await;
    tells_presence(&world, patient, Presence::Admitted, Presence::Unspecified, true).await;
    let changes = changes_come(&world, 2).await;
    assert_eq!((changes[1].2, changes[1].3.as_str()), (ClockState::Running, "CORRECTED"));
    let seen = by(&world, "nurse").gets_wound(&wound).await.unwrap();
    assert_eq!((at(seen.next_photo_due_time).as_str(), seen.flags.len()), ("2026-12-02T15:00:00Z", 0));
});

on_both!(a_death_stops_every_clock_for_good, |world| async move {
    let asked = question(&world).await;
    let (wound, patient) = (wound_of(&asked.name), patient_of(&asked.name));
    let nurse = by(&world, "nurse");
    moves_to(&world, "2026-12-03T12:00:00Z");
    stages_come(&world, 7).await;
    assert_eq!(nurse.warned(&wound).await, [FlagKind::NoAnswer, FlagKind::NoPhoto]);
    is_now(&world, patient, Presence::Home, Presence::Deceased).await;
    let mut changes = changes_come(&world, 2).await;
    changes.sort();
    assert_eq!(
        changes,
        [
            (wound.clone(), "next_photo".to_owned(), ClockState::Stopped, "DECEASED".to_owned()),
            (asked.name.clone(), "answer".to_owned(), ClockState::Stopped, "DECEASED".to_owned()),
        ]
    );
    let seen = nurse.gets_wound(&wound).await.unwrap();
    assert_eq!(seen.flags().collect::<Vec<_>>(), [FlagKind::PatientDeceased]);
    assert_eq!((seen.next_photo_due_time, seen.photo_clock.unwrap().stop_reason), (None, "DECEASED".to_owned()));
    let clock = nurse.gets(&asked.name).await.unwrap().clock.unwrap();
    assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Stopped, "DECEASED"));
    // A question that is asked about the dead, such as for the record, rings no more than the one before.
    let late = nurse.requests(&asked.visits[0]).await.unwrap().clock.unwrap();
    assert_eq!((late.state(), late.stop_reason.as_str()), (ClockState::Stopped, "DECEASED"));
    moves_to(&world, "2027-01-15T12:00:00Z");
    // Another's alarms show that the worker has been round. Its visit rings three times, its question four.
    question(&world).await;
    moves_to(&world, "2027-01-21T12:00:00Z");
    let rung = stages_come(&world, 11).await;
    assert!(rung[7..].iter().all(|(subject, ..)| patient_of(subject) != patient), "{rung:?}");

    // Closing ends the watch; that the patient is dead stays.
    for open in [&asked.name, &nurse.open_questions(&wound).await[0]] {
        nurse.closes(open, "the patient is dead").await.unwrap();
    }
    let closed = nurse.closes_wound(&wound, WoundCloseReason::Deceased).await.unwrap();
    assert_eq!(closed.flags().collect::<Vec<_>>(), [FlagKind::PatientDeceased]);
    is_now(&world, patient, Presence::Deceased, Presence::Deceased).await;
    changes_come(&world, 2).await;
});

on_both!(a_death_that_was_told_wrongly_starts_the_clocks_anew, |world| async move {
    let asked = question(&world).await;
    let (wound, patient) = (wound_of(&asked.name), patient_of(&asked.name));
    is_now(&world, patient, Presence::Home, Presence::Deceased).await;
    moves_to(&world, "2026-11-25T08:00:00Z");
    tells_presence(&world, patient, Presence::Deceased, Presence::Home, true).await;
    let changes = changes_come(&world, 4).await;
    assert!(
        changes[2..].iter().all(|change| change.2 == ClockState::Running && change.3 == "CORRECTED"),
        "{changes:?}"
    );
    let nurse = by(&world, "nurse");
    let seen = nurse.gets_wound(&wound).await.unwrap();
    assert_eq!((at(seen.next_photo_due_time).as_str(), seen.flags.len()), ("2026-12-02T15:00:00Z", 0));
    let clock = nurse.gets(&asked.name).await.unwrap().clock.unwrap();
    assert_eq!((clock.state(), at(clock.due_time).as_str()), (ClockState::Running, "2026-11-26T15:00:00Z"));
    moves_to(&world, "2026-11-26T15:00:00Z");
    let rung = stages_come(&world, 3).await;
    assert_eq!(rung.last().unwrap().2, ClockStage::Overdue);
});

on_both!(a_wound_that_is_opened_while_the_patient_is_admitted_says_so, |world| async move {
    let patient = world.citizen_with_consent().await;
    world.settle().await;
    is_now(&world, patient.patient, Presence::Home, Presence::Admitted).await;
    let nurse = by(&world, "nurse");
    let wound = nurse.opens(patient).await.unwrap();
    assert_eq!(wound.flags().collect::<Vec<_>>(), [FlagKind::PatientAdmitted]);
    is_now(&world, patient.patient, Presence::Admitted, Presence::Home).await;
    assert_eq!(nurse.warned(&wound.name).await, []);
});

on_both!(a_closed_wound_hears_of_nothing, |world| async move {
    let (wound, _) = wound_with_visit(&world).await;
    let nurse = by(&world, "nurse");
    let closed = nurse.closes_wound(&wound, WoundCloseReason::Healed).await.unwrap();
    is_now(&world, patient_of(&wound), Presence::Home, Presence::Admitted).await;
    is_now(&world, patient_of(&wound), Presence::Admitted, Presence::Deceased).await;
    assert_eq!(nurse.gets_wound(&wound).await.unwrap(), closed);
    changes_come(&world, 0).await;
});
