//! 1.1 to 1.6: who refers.

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::referral::v1::*;
use samspil_testkit::{on_both, refusal};

use crate::help::*;

on_both!(story_1_1_the_referrer_creates_a_referral_and_sends_it, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let wound = nurse.opens_wound(patient).await;
    let asked = Referral {
        wound: wound.clone(),
        priority: Priority::Urgent.into(),
        wanted_time: wire("2026-11-25T09:00:00Z"),
        ..to_hospital()
    };
    let written = nurse.creates(patient, asked.clone()).await.unwrap();
    assert_eq!((written.state(), written.etag.as_str()), (ReferralState::Proposed, "v1"));
    assert_eq!((&written.clock, &written.triages, &written.approval), (&None, &vec![], &None));
    world.clock.advance(TimeDelta::minutes(1));
    let sent = nurse.sends(&written.name).await.unwrap();

    assert_eq!((sent.state(), sent.etag.as_str()), (ReferralState::Active, "v2"));
    assert_eq!((&sent.service, &sent.indications, &sent.note), (&asked.service, &asked.indications, &asked.note));
    assert_eq!((&sent.wanted_time, &sent.wound, sent.priority()), (&asked.wanted_time, &wound, Priority::Urgent));
    assert_eq!((&sent.sender, &sent.receiver), (&organisation(demo::MUNICIPALITY), &organisation(demo::HOSPITAL)));
    assert_eq!((sent.sender_gln.as_str(), sent.receiver_gln.as_str()), ("5799900000766", "5799900006008"));
    assert_eq!(sent.referrer, Some(world.person("nurse").actor()));
    let [triage] = sent.triages.as_slice() else { panic!("one receiver") };
    assert_eq!((&triage.receiver, triage.state()), (&sent.receiver, TriageState::Requested));
    assert_eq!((triage.request_time, triage.receive_time, triage.decide_time), (sent.update_time, None, None));
    assert_eq!((&sent.clock_owner, sent.clock.is_some()), (&sent.receiver, true));
    let steps: Vec<_> = sent.history.iter().map(|step| (step.verb.as_str(), step.state(), step.triage_state())).collect();
    assert_eq!(
        steps,
        [
            ("create", ReferralState::Proposed, TriageState::Unspecified),
            ("send", ReferralState::Active, TriageState::Requested),
        ]
    );
    assert_eq!(sent.history[1].actor, Some(world.person("nurse").actor()));

    let events = events(&world).await;
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.r#type.as_str(), &event.subject), ("ReferralSent", &sent.name));
    assert_eq!(event.organisations, [demo::MUNICIPALITY, demo::HOSPITAL]);
    let due_time = sent.clock.unwrap().due_time;
    assert_eq!(due_time, wire("2026-11-20T15:00:00Z"), "urgent: the end of the second working day");
    assert_eq!(
        event.payload::<ReferralSent>(),
        ReferralSent { sender: sent.sender, receiver: sent.receiver, wound, due_time }
    );
});

on_both!(story_1_2_the_referrer_attaches_a_letter, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let written = nurse.creates(patient, to_hospital()).await.unwrap();
    let letter = crate::attachments::letter("Sår på venstre hæl siden oktober.");
    let announced = letter.is_announced_by(&nurse, &written.name).await.unwrap();
    assert_eq!((announced.state(), announced.store_time), (AttachmentState::Announced, None));
    let receipt = letter.is_uploaded_by(&nurse, &announced.name).await.unwrap();
    assert_eq!((receipt.state(), receipt.attached_by.clone()), (AttachmentState::Stored, announced.attached_by));
    nurse.sends(&written.name).await.unwrap();
    let specialist = By(&world, "specialist");
    assert_eq!(specialist.gets(&written.name).await.unwrap().attachments, [receipt]);
    assert_eq!(crate::attachments::downloaded_by(&specialist, &announced.name).await.unwrap().1, letter.bytes);
});

on_both!(story_1_3_the_referrer_changes_a_referral_and_the_old_words_stay_visible, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let name = nurse.refers(patient, to_hospital()).await.name;
    let to = Referral {
        note: "It smells since yesterday.".to_owned(),
        priority: Priority::Asap.into(),
        receiver: organisation(demo::PRACTICE),
        ..to_hospital()
    };
    let amended = nurse.amends(&name, &["note", "priority"], to, "it got worse").await.unwrap();
    assert_eq!((amended.note.as_str(), amended.priority()), ("It smells since yesterday.", Priority::Asap));
    assert_eq!(amended.receiver, organisation(demo::HOSPITAL), "what the mask does not name stays");
    assert_eq!((amended.state(), amended.etag.as_str()), (ReferralState::Active, "v3"));
    let step = amended.history.last().unwrap();
    assert_eq!((step.verb.as_str(), step.reason.as_str()), ("amend", "it got worse"));
    assert_eq!(step.changed.as_ref().unwrap().paths, ["priority", "note"]);
    let before =
        Referral { note: to_hospital().note, priority: Priority::Routine.into(), ..Referral::default() };
    assert_eq!(step.before.as_ref(), Some(&before), "the old values of the two fields, and nothing else");
    assert_eq!(amended.clock.unwrap().due_time, wire("2026-11-19T15:00:00Z"), "asap: the next working day");
    let event = events(&world).await.pop().unwrap();
    assert_eq!(event.payload::<ReferralAmended>().fields, ["priority", "note"]);
    assert_eq!(By(&world, "specialist").gets(&name).await.unwrap().note, "It smells since yesterday.");
});

on_both!(story_1_4_the_referrer_withdraws_a_referral_with_a_reason, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let name = received(&world, patient).await;
    let withdrawn = nurse.withdraws(&name, "the wound has closed").await.unwrap();
    assert_eq!((withdrawn.state(), &withdrawn.clock), (ReferralState::Revoked, &None));
    assert_eq!(withdrawn.triages[0].state(), TriageState::Cancelled);
    let step = withdrawn.history.last().unwrap();
    assert_eq!((step.verb.as_str(), step.reason.as_str()), ("withdraw", "the wound has closed"));
    let event = events(&world).await.pop().unwrap();
    assert_eq!(event.r#type, "ReferralWithdrawn");
    assert_eq!(event.payload::<ReferralWithdrawn>().cause, "WITHDRAWN");
    assert_eq!(event.organisations, [demo::MUNICIPALITY, demo::HOSPITAL]);
    assert_eq!(specialist.gets(&name).await.unwrap().state(), ReferralState::Revoked);
});

on_both!(story_1_5_the_referrer_monitors_where_a_referral_stands, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let sent = nurse.refers(patient, to_hospital()).await;
    let receipt = |seen: &Referral| seen.history[1].receipts[0].clone();
    let untold = receipt(&nurse.gets(&sent.name).await.unwrap());
    assert_eq!(untold, Receipt { organisation: organisation(demo::HOSPITAL), ..Receipt::default() });
    world.settle().await;
    world.clock.advance(TimeDelta::minutes(5));
    specialist.lists(ListReferralsRequest { parent: "patients/-".to_owned(), ..Default::default() }).await.unwrap();
    let delivered = receipt(&nurse.gets(&sent.name).await.unwrap());
    assert_eq!(delivered.deliver_time, wire("2026-11-18T08:05:00Z"));
    assert_eq!((delivered.delivered_to, delivered.read_time), (Some(world.person("specialist").actor()), None));
    world.clock.advance(TimeDelta::minutes(5));
    By(&world, "specialist2").gets(&sent.name).await.unwrap();
    let read = receipt(&nurse.gets(&sent.name).await.unwrap());
    assert_eq!((read.read_time, read.read_by), (wire("2026-11-18T08:10:00Z"), Some(world.person("specialist2").actor())));
    specialist.receives(&sent.name).await.unwrap();
    let seen = nurse.gets(&sent.name).await.unwrap();
    assert_eq!(seen.triages[0].receive_time, wire("2026-11-18T08:10:00Z"));
});

on_both!(story_1_6_the_referrer_receives_the_decision, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let name = received(&world, patient).await;
    let (mut updates, _) = nurse.watches("").await;
    specialist.accepts(&name, "Thursday at ten").await.unwrap();
    let update = next(&mut updates).await;
    assert_eq!(told(&update), ("ReferralAccepted", name.as_str()));
    let decided = update.referral.unwrap();
    let triage = &decided.triages[0];
    assert_eq!((triage.state(), triage.decision()), (TriageState::Accepted, TriageDecision::Accept));
    assert_eq!((triage.reason.as_str(), &triage.decided_by), ("Thursday at ten", &Some(world.person("specialist").actor())));
    assert_eq!(triage.decide_time, decided.update_time);
    // A referral that was turned down is replaced by another.
    let turned_down = received(&world, patient).await;
    specialist.rejects(&turned_down, RejectionReason::WrongTrack, "to the practice first").await.unwrap();
    let replacing = nurse.replaces(&turned_down, to_practice(), "to the practice, as asked").await.unwrap();
    assert_eq!((replacing.state(), &replacing.replaces), (ReferralState::Proposed, &turned_down));
    assert_ne!(replacing.name, turned_down);
    let replaced = specialist.gets(&turned_down).await.unwrap();
    assert_eq!((replaced.state(), &replaced.replaced_by), (ReferralState::Revoked, &replacing.name));
    assert_eq!(replaced.triages[0].state(), TriageState::Rejected, "what was decided stays decided");
    assert_eq!(refusal(specialist.gets(&replacing.name).await).reason, "RESOURCE_NOT_FOUND");
    nurse.sends(&replacing.name).await.unwrap();
    let replaced = events_come(&world, "ReferralReplaced", 1).await.pop().unwrap();
    assert_eq!(replaced.payload::<ReferralReplaced>().replaced_by, replacing.name);
});
