//! What a hospital tells of a patient.

use chrono::TimeDelta;
use samspil_proto::{
    common::v1::{Actor, ClockChanged, ClockState},
    directory::v1::Presence,
    referral::v1::*,
};
use samspil_testkit::on_both;

use crate::help::*;

on_both!(a_death_revokes_every_open_referral_and_everybody_hears_it, |world| async move {
    let (patient, another) = (world.citizen_with_consent().await, world.citizen_with_consent().await);
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let draft = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let sent = nurse.refers(patient, to_hospital()).await;
    let taken_on = accepted(&world, patient).await;
    let done = accepted(&world, patient).await;
    specialist.completes(&done, "healed", vec![]).await.unwrap();
    let of_another = nurse.refers(another, to_hospital()).await;
    world.clock.advance(TimeDelta::minutes(1));
    is_now(&world, patient, Presence::Deceased).await;

    for name in [&draft, &sent.name, &taken_on] {
        let ended = nurse.gets(name).await.unwrap();
        assert_eq!((ended.state(), &ended.clock), (ReferralState::Revoked, &None));
        let step = ended.history.last().unwrap();
        assert_eq!((step.verb.as_str(), step.reason.as_str(), step.time), ("die", "DECEASED", ended.update_time));
        assert_eq!(step.actor, Some(Actor { person: "service:referral".to_owned(), ..Actor::default() }));
    }
    assert_eq!(nurse.gets(&taken_on).await.unwrap().triages[0].state(), TriageState::Cancelled);
    assert_eq!(nurse.gets(&done).await.unwrap().state(), ReferralState::Completed);
    assert_eq!(nurse.gets(&of_another.name).await.unwrap().etag, of_another.etag);
    let told = events_come(&world, "ReferralWithdrawn", 3).await;
    assert!(told.iter().all(|event| event.payload::<ReferralWithdrawn>().cause == "DECEASED"));
    let heard: Vec<_> = told.iter().map(|event| event.organisations.len()).collect();
    assert_eq!(heard.iter().sum::<usize>(), 5, "the draft concerns the sender alone");
    let [stopped] = <[Logged; 1]>::try_from(events_come(&world, "ClockChanged", 1).await).unwrap();
    let expected = ClockChanged {
        clock: "decision".to_owned(),
        state: ClockState::Stopped.into(),
        reason: "DECEASED".to_owned(),
        due_time: sent.clock.unwrap().due_time,
    };
    assert_eq!((stopped.subject.as_str(), stopped.payload::<ClockChanged>()), (sent.name.as_str(), expected));
    world.clock.advance(TimeDelta::days(30));
    let rung = events_come(&world, "ClockStageReached", 4).await;
    assert!(rung.iter().all(|event| event.subject == of_another.name), "a clock that was stopped does not ring");
});

on_both!(an_admission_changes_no_referral, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let sent = nurse.refers(patient, to_hospital()).await;
    for presence in [Presence::Admitted, Presence::OnLeave, Presence::Home] {
        is_now(&world, patient, presence).await;
        assert_eq!(nurse.gets(&sent.name).await.unwrap().etag, sent.etag);
    }
    let later = nurse.refers(patient, to_hospital()).await;
    assert_eq!(later.clock.unwrap().state(), ClockState::Running);
    assert_eq!(event_types(&world).await, ["ReferralSent", "ReferralSent"]);
});
