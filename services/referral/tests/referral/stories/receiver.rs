//! 2.1 to 2.6: who is referred to.

use samspil_kit::identity::demo;
use samspil_proto::{common::v1::ClockState, referral::v1::*};
use samspil_testkit::{on_both, request_id};

use crate::help::*;

on_both!(story_2_1_the_receiver_receives_a_referral_and_acknowledges_it, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let (mut updates, _) = specialist.watches("").await;
    let sent = nurse.refers(patient, to_hospital()).await;
    assert_eq!(told(&next(&mut updates).await), ("ReferralSent", sent.name.as_str()));
    let received = specialist.receives(&sent.name).await.unwrap();
    assert_eq!((received.state(), received.triages[0].state()), (ReferralState::Active, TriageState::Received));
    assert_eq!(received.triages[0].receive_time, received.update_time);
    assert_eq!(received.clock, sent.clock, "who has confirmed has still to decide");
    assert_eq!(event_types(&world).await, ["ReferralSent", "ReferralReceived"]);
});

on_both!(story_2_2_the_receiver_triages_the_inbox_the_soonest_due_first, |world| async move {
    let patient = world.citizen_with_consent().await;
    settle(&world).await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let mut sent = Vec::new();
    for priority in [Priority::Routine, Priority::Stat, Priority::Urgent] {
        let asked = Referral { priority: priority.into(), ..to_hospital() };
        sent.push(nurse.refers(patient, asked).await.name);
    }
    specialist.receives(&sent[2]).await.unwrap();
    let inbox = ListReferralsRequest {
        parent: "patients/-".to_owned(),
        r#box: Box::Inbox.into(),
        order: ReferralOrder::Due.into(),
        ..ListReferralsRequest::default()
    };
    let names = async |request: ListReferralsRequest| {
        let page = specialist.lists(request).await.unwrap();
        page.referrals.into_iter().map(|referral| referral.name).collect::<Vec<_>>()
    };
    assert_eq!(names(inbox.clone()).await, [&sent[1], &sent[2], &sent[0]].map(Clone::clone));
    let arrived = ListReferralsRequest { triage_state: TriageState::Received.into(), ..inbox.clone() };
    assert_eq!(names(arrived).await, [sent[2].clone()]);
    let urgent = ListReferralsRequest { priority: Priority::Stat.into(), ..inbox.clone() };
    assert_eq!(names(urgent).await, [sent[1].clone()]);
    let soon = ListReferralsRequest { due_before: wire("2026-11-21T00:00:00Z"), ..inbox };
    assert_eq!(names(soon).await, [sent[1].clone(), sent[2].clone()]);
});

on_both!(story_2_3_the_receiver_accepts_books_and_completes, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let wound = nurse.opens_wound(patient).await;
    let name = nurse.refers(patient, Referral { wound: wound.clone(), ..to_hospital() }).await.name;
    specialist.receives(&name).await.unwrap();
    let accepted = specialist.accepts(&name, "").await.unwrap();
    assert_eq!((&accepted.clock, accepted.clock_owner.as_str()), (&None, ""), "nobody has to decide any more");
    let booking = Booking {
        start_time: wire("2026-11-26T09:00:00Z"),
        mode: BookingMode::InPerson.into(),
        place: "Sårambulatoriet".to_owned(),
        note: "Bring the shoes.".to_owned(),
        ..Booking::default()
    };
    let booked = specialist.books(&name, booking.clone()).await.unwrap();
    let kept = booked.booking.unwrap();
    assert_eq!(
        (kept.start_time, kept.mode(), &kept.place),
        (booking.start_time, BookingMode::InPerson, &booking.place)
    );
    assert_eq!((kept.booked_by, kept.book_time), (Some(world.person("specialist").actor()), booked.update_time));
    let later = Booking { start_time: wire("2026-11-27T09:00:00Z"), ..booking };
    let moved = specialist.books(&name, later.clone()).await.unwrap();
    assert_eq!(moved.booking.unwrap().start_time, later.start_time, "it takes the place of the one before");
    let cancelled = specialist.cancels_booking(&name, "the patient has flu").await.unwrap();
    assert_eq!(cancelled.booking, None);
    assert_eq!(cancelled.history.last().unwrap().reason, "the patient has flu");
    specialist.books(&name, later).await.unwrap();
    let letter = "Healed. Goes on with the shoes.";
    let completed = specialist.completes(&name, letter, vec![]).await.unwrap();
    assert_eq!((completed.state(), completed.triages[0].state()), (ReferralState::Completed, TriageState::Completed));
    let discharge = completed.discharge_letter.unwrap();
    assert_eq!((discharge.text.as_str(), discharge.signed_by), (letter, Some(world.person("specialist").actor())));
    let events = events(&world).await;
    let types: Vec<_> = events.iter().map(|event| event.r#type.as_str()).collect();
    assert_eq!(
        types,
        [
            "ReferralSent",
            "ReferralReceived",
            "ReferralAccepted",
            "ReferralBooked",
            "ReferralBooked",
            "BookingCancelled",
            "ReferralBooked",
            "ReferralCompleted"
        ]
    );
    let (sender, receiver) = (organisation(demo::MUNICIPALITY), organisation(demo::HOSPITAL));
    let accepted = ReferralAccepted {
        sender: sender.clone(),
        receiver: receiver.clone(),
        wound: wound.clone(),
        service_code: "225358003".to_owned(),
        service_system: "http://snomed.info/sct".to_owned(),
    };
    assert_eq!(events[2].payload::<ReferralAccepted>(), accepted);
    assert_eq!(events[3].payload::<ReferralBooked>().start_time, wire("2026-11-26T09:00:00Z"));
    assert_eq!(events[7].payload::<ReferralCompleted>(), ReferralCompleted { sender, receiver, wound });
});

on_both!(story_2_4_the_receiver_rejects_with_a_code_and_in_words, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = received(&world, patient).await;
    let rejected =
        By(&world, "specialist").rejects(&name, RejectionReason::Capacity, "no room before May").await.unwrap();
    assert_eq!((rejected.state(), &rejected.clock), (ReferralState::Active, &None));
    let triage = &rejected.triages[0];
    assert_eq!((triage.state(), triage.decision()), (TriageState::Rejected, TriageDecision::Reject));
    assert_eq!((triage.rejection_reason(), triage.reason.as_str()), (RejectionReason::Capacity, "no room before May"));
    let step = rejected.history.last().unwrap();
    assert_eq!((step.rejection_reason(), step.reason.as_str()), (RejectionReason::Capacity, "no room before May"));
    let event = events(&world).await.pop().unwrap();
    let told = ReferralRejected {
        rejection_reason: "REJECTION_REASON_CAPACITY".to_owned(),
        sender: organisation(demo::MUNICIPALITY),
    };
    assert_eq!(event.payload::<ReferralRejected>(), told, "and none of the words");
});

on_both!(story_2_5_the_receiver_forwards_and_whoever_had_it_goes_on_seeing_it, |world| async move {
    let patient = world.citizen().await;
    world.consent_to(patient, &[demo::MUNICIPALITY, demo::HOSPITAL, demo::OTHER_HOSPITAL]).await;
    let (nurse, specialist, other) = (By(&world, "nurse"), By(&world, "specialist"), By(&world, "other_specialist"));
    let name = received(&world, patient).await;
    world.clock.advance(chrono::TimeDelta::days(1));
    let to = organisation(demo::OTHER_HOSPITAL);
    let forwarded = specialist.forwards(&name, to.clone(), "an arterial wound").await.unwrap();
    assert_eq!((forwarded.state(), &forwarded.receiver), (ReferralState::Active, &to));
    assert_eq!(forwarded.receiver_gln, "5799900006620");
    let [first, second] = forwarded.triages.as_slice() else { panic!("two receivers") };
    assert_eq!((first.state(), first.decision()), (TriageState::Completed, TriageDecision::Forward));
    assert_eq!((&first.forwarded_to, first.reason.as_str()), (&to, "an arterial wound"));
    assert_eq!((&second.receiver, second.state()), (&to, TriageState::Requested));
    let clock = forwarded.clock.clone().unwrap();
    assert_eq!((&forwarded.clock_owner, clock.state()), (&to, ClockState::Running));
    assert_eq!(clock.start_time, forwarded.update_time, "a clock of its own");
    other.receives(&name).await.unwrap();
    let accepted = other.accepts(&name, "").await.unwrap();
    assert_eq!(accepted.triages[1].state(), TriageState::Accepted);
    for person in [nurse, specialist] {
        assert_eq!(person.gets(&name).await.unwrap().triages, accepted.triages);
    }
    let events = events(&world).await;
    let event = events.iter().find(|event| event.r#type == "ReferralForwarded").unwrap();
    assert_eq!(event.organisations, [demo::MUNICIPALITY, demo::HOSPITAL, demo::OTHER_HOSPITAL]);
    let told = ReferralForwarded { from: organisation(demo::HOSPITAL), to, due_time: clock.due_time };
    assert_eq!(event.payload::<ReferralForwarded>(), told);
    // What the wound service opens for it may have been told of since.
    let event = events.iter().find(|event| event.r#type == "ReferralAccepted").unwrap();
    assert_eq!(event.payload::<ReferralAccepted>().receiver, organisation(demo::OTHER_HOSPITAL));
});

on_both!(story_2_6_the_receiver_changes_the_priority_and_with_it_the_clock, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = received(&world, patient).await;
    let specialist = By(&world, "specialist");
    let before = specialist.gets(&name).await.unwrap().clock.unwrap();
    assert_eq!(before.due_time, wire("2026-11-30T15:00:00Z"), "routine: eight working days");
    world.clock.advance(chrono::TimeDelta::hours(2));
    let changed = specialist.changes_priority(&name, Priority::Urgent, "it is infected").await.unwrap();
    assert_eq!((changed.priority(), changed.triages[0].state()), (Priority::Urgent, TriageState::Received));
    let clock = changed.clock.unwrap();
    assert_eq!((clock.start_time, clock.due_time), (before.start_time, wire("2026-11-20T15:00:00Z")));
    let step = changed.history.last().unwrap();
    assert_eq!(
        (step.verb.as_str(), step.changed.as_ref().unwrap().paths.as_slice()),
        ("change_priority", &["priority".to_owned()][..])
    );
    assert_eq!(step.before.as_ref().unwrap().priority(), Priority::Routine);
    let event = events(&world).await.pop().unwrap();
    assert_eq!(event.payload::<ReferralPriorityChanged>().priority, "PRIORITY_URGENT");
    let request = ChangeReferralPriorityRequest { name, request_id: request_id(), ..Default::default() };
    let refused = samspil_testkit::refusal(world.referrals("specialist").change_referral_priority(request).await);
    assert_eq!(refused.fields, ["priority", "reason"]);
});
