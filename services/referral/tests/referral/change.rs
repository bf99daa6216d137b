//! Sending, taking back, and what the receiver decides.

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::{
    referral::v1::{
        AcceptReferralRequest, Referral, ReferralAccepted, ReferralRejected, ReferralSent, ReferralState,
        RejectReferralRequest, RejectionReason, SendReferralRequest, WithdrawReferralRequest,
    },
    time,
};
use samspil_store::event_log;
use samspil_testkit::{World, on_both, refusal, request_id};
use tonic::Code;

use crate::help::{By, UNKNOWN, metadata, organisation, to_hospital, to_practice, withdraw_consent};

/// The events so far: type, subject, who may watch, payload.
async fn events(world: &World) -> Vec<(String, String, String, Vec<u8>)> {
    world.settle().await;
    let logged = event_log::read(&world.dbs["referral"], 0, 100).await.unwrap();
    let short = |name: String| name.rsplit('.').next().unwrap().to_owned();
    logged.into_iter().map(|e| (short(e.r#type), e.subject, e.organisations, e.data)).collect()
}

fn payload<M: prost::Message + Default>(data: &[u8]) -> M {
    M::decode(data).unwrap()
}

on_both!(a_referral_goes_from_written_to_accepted_and_keeps_its_history, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let wound = format!("{patient}/wounds/{UNKNOWN}");
    let asked = Referral { wound: wound.clone(), ..to_hospital() };
    let begun = world.clock.now();
    let name = nurse.creates(patient, asked).await.unwrap().name;
    world.clock.advance(TimeDelta::minutes(1));
    nurse.sends(&name).await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    specialist.receives(&name).await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    let accepted = specialist.accepts(&name).await.unwrap();

    assert_eq!((accepted.state(), accepted.etag.as_str()), (ReferralState::Accepted, "v4"));
    let steps: Vec<_> = accepted
        .history
        .iter()
        .map(|step| (step.state(), step.actor.as_ref().unwrap().person.as_str(), step.reason.as_str()))
        .collect();
    assert_eq!(
        steps,
        [
            (ReferralState::Proposed, "demo-nurse", ""),
            (ReferralState::Sent, "demo-nurse", ""),
            (ReferralState::Received, "demo-specialist", ""),
            (ReferralState::Accepted, "demo-specialist", "Thursday at ten"),
        ]
    );
    for (minutes, step) in (0..).zip(&accepted.history) {
        assert_eq!(step.time, Some(time::to_wire(begun + TimeDelta::minutes(minutes))));
    }
    assert_eq!(accepted.create_time, accepted.history[0].time);
    assert_eq!(accepted.update_time, accepted.history[3].time);
    assert_eq!(nurse.gets(&name).await.unwrap(), accepted);
    assert_eq!(specialist.gets(&name).await.unwrap(), accepted);

    let events = events(&world).await;
    let types: Vec<_> = events.iter().map(|event| event.0.as_str()).collect();
    assert_eq!(types, ["ReferralSent", "ReferralReceived", "ReferralAccepted"]);
    for (_, subject, organisations, _) in &events {
        assert_eq!(subject, &name);
        assert_eq!(organisations, &format!(" {} {} ", demo::MUNICIPALITY, demo::HOSPITAL));
    }
    let (sender, receiver) = (organisation(demo::MUNICIPALITY), organisation(demo::HOSPITAL));
    let sent = ReferralSent { sender: sender.clone(), receiver: receiver.clone() };
    assert_eq!(payload::<ReferralSent>(&events[0].3), sent);
    assert_eq!(payload::<ReferralAccepted>(&events[2].3), ReferralAccepted { sender, receiver, wound });
});

on_both!(a_referral_is_turned_down_with_a_code_and_in_words, |world| async move {
    let patient = world.citizen_with_consent().await;
    let specialist = By(&world, "specialist");
    let name = By(&world, "nurse").refers(patient, to_hospital()).await.name;
    specialist.receives(&name).await.unwrap();
    let rejected = specialist.rejects(&name).await.unwrap();
    let last = rejected.history.last().unwrap();
    assert_eq!((rejected.state(), last.state()), (ReferralState::Rejected, ReferralState::Rejected));
    assert_eq!((last.rejection_reason(), last.reason.as_str()), (RejectionReason::Capacity, "no room before May"));
    let event = events(&world).await.pop().unwrap();
    assert_eq!(event.0, "ReferralRejected");
    let told = ReferralRejected { rejection_reason: "REJECTION_REASON_CAPACITY".to_owned() };
    assert_eq!(payload::<ReferralRejected>(&event.3), told, "and none of the words");
});

on_both!(turning_down_needs_a_code_and_words_and_taking_back_needs_words, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = By(&world, "nurse").refers(patient, to_hospital()).await.name;
    By(&world, "specialist").receives(&name).await.unwrap();
    let bare =
        RejectReferralRequest { name: name.clone(), request_id: request_id(), ..RejectReferralRequest::default() };
    let refused = refusal(world.referrals("specialist").reject_referral(bare.clone()).await);
    assert_eq!(
        (refused.code, refused.fields),
        (Code::InvalidArgument, vec!["rejection_reason".into(), "reason".into()])
    );
    let unheard_of = RejectReferralRequest { rejection_reason: 99, reason: "so".to_owned(), ..bare };
    let refused = refusal(world.referrals("specialist").reject_referral(unheard_of).await);
    assert_eq!(refused.fields, ["rejection_reason"]);
    let silent = WithdrawReferralRequest { name, request_id: request_id(), ..WithdrawReferralRequest::default() };
    assert_eq!(refusal(world.referrals("nurse").withdraw_referral(silent).await).fields, ["reason"]);
});

on_both!(a_referral_can_be_taken_back_until_it_is_decided, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let proposed = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let sent = nurse.refers(patient, to_hospital()).await.name;
    let received = nurse.refers(patient, to_hospital()).await.name;
    specialist.receives(&received).await.unwrap();
    for name in [&proposed, &sent, &received] {
        let withdrawn = nurse.withdraws(name).await.unwrap();
        let last = withdrawn.history.last().unwrap();
        assert_eq!((withdrawn.state(), last.reason.as_str()), (ReferralState::Withdrawn, "the wound has closed"));
    }
    // The receiver sees what became of those that had been sent. Of the other it never hears.
    assert_eq!(specialist.gets(&sent).await.unwrap().state(), ReferralState::Withdrawn);
    assert_eq!(refusal(specialist.gets(&proposed).await).reason, "RESOURCE_NOT_FOUND");
    let both = format!(" {} {} ", demo::MUNICIPALITY, demo::HOSPITAL);
    let withdrawn: Vec<_> = events(&world)
        .await
        .into_iter()
        .filter(|event| event.0 == "ReferralWithdrawn")
        .map(|event| (event.1, event.2))
        .collect();
    assert_eq!(
        withdrawn,
        [(proposed, format!(" {} ", demo::MUNICIPALITY)), (sent.clone(), both.clone()), (received, both)]
    );
    let accepted = nurse.refers(patient, to_hospital()).await.name;
    specialist.receives(&accepted).await.unwrap();
    specialist.accepts(&accepted).await.unwrap();
    for (name, state) in [(&accepted, "REFERRAL_STATE_ACCEPTED"), (&sent, "REFERRAL_STATE_WITHDRAWN")] {
        let refused = refusal(nurse.withdraws(name).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "REFERRAL_WRONG_STATE"));
        assert_eq!(refused.metadata, metadata(&[("state", state), ("verb", "withdraw")]));
    }
});

on_both!(a_verb_that_the_state_does_not_allow_changes_nothing, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let sent = nurse.refers(patient, to_hospital()).await;
    let refused = [
        (refusal(nurse.sends(&sent.name).await), "send"),
        (refusal(specialist.accepts(&sent.name).await), "accept"),
        (refusal(specialist.rejects(&sent.name).await), "reject"),
    ];
    for (refused, verb) in refused {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "REFERRAL_WRONG_STATE"));
        assert_eq!(refused.metadata, metadata(&[("state", "REFERRAL_STATE_SENT"), ("verb", verb)]));
    }
    assert_eq!(nurse.gets(&sent.name).await.unwrap(), sent);
    assert_eq!(events(&world).await.len(), 1);
});

on_both!(each_side_has_its_own_verbs, |world| async move {
    let patient = world.citizen_with_consent().await;
    // A practice may both send and triage, so that only the side can refuse it.
    let gp = By(&world, "gp");
    let to_gp = By(&world, "nurse").refers(patient, to_practice()).await.name;
    let from_gp = gp.refers(patient, to_hospital()).await.name;
    let refused = [
        (refusal(gp.sends(&to_gp).await), "send"),
        (refusal(gp.withdraws(&to_gp).await), "withdraw"),
        (refusal(gp.receives(&from_gp).await), "receive"),
        (refusal(gp.accepts(&from_gp).await), "accept"),
        (refusal(gp.rejects(&from_gp).await), "reject"),
    ];
    for (refused, verb) in refused {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NOT_YOUR_SIDE"));
        assert_eq!(refused.metadata, metadata(&[("verb", verb)]));
    }
    // A colleague of the same side may.
    By(&world, "specialist").receives(&from_gp).await.unwrap();
    By(&world, "specialist2").accepts(&from_gp).await.unwrap();
    gp.receives(&to_gp).await.unwrap();
});

on_both!(to_everybody_but_its_sides_a_referral_does_not_exist, |world| async move {
    let patient = world.citizen_with_consent().await;
    let another = world.citizen_with_consent().await;
    let (nurse, gp, specialist) = (By(&world, "nurse"), By(&world, "gp"), By(&world, "specialist"));
    let proposed = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let sent = nurse.refers(patient, to_hospital()).await.name;
    let of_another = sent.replace(&patient.to_string(), &another.to_string());
    let refused = [
        // The patient has consented, but the practice is neither side.
        refusal(gp.gets(&sent).await),
        refusal(gp.sends(&proposed).await),
        refusal(gp.withdraws(&sent).await),
        refusal(gp.receives(&sent).await),
        refusal(gp.accepts(&sent).await),
        refusal(gp.rejects(&sent).await),
        // The receiver, before it is sent.
        refusal(specialist.gets(&proposed).await),
        refusal(specialist.receives(&proposed).await),
        // None, and one of another patient.
        refusal(nurse.gets(&format!("{patient}/referrals/{UNKNOWN}")).await),
        refusal(nurse.withdraws(&format!("{patient}/referrals/{UNKNOWN}")).await),
        refusal(nurse.gets(&of_another).await),
        refusal(nurse.withdraws(&of_another).await),
    ];
    for refused in refused {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "RESOURCE_NOT_FOUND"));
    }
});

on_both!(who_has_read_an_older_version_is_told_so, |world| async move {
    let patient = world.citizen_with_consent().await;
    let written = By(&world, "nurse").creates(patient, to_hospital()).await.unwrap();
    let with = |etag: &str| SendReferralRequest {
        name: written.name.clone(),
        etag: etag.to_owned(),
        request_id: request_id(),
    };
    let refused = refusal(world.referrals("nurse").send_referral(with("v2")).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    world.referrals("nurse").send_referral(with(&written.etag)).await.unwrap();
    let refused = refusal(world.referrals("nurse").send_referral(with(&written.etag)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::Aborted, "ETAG_MISMATCH"));
});

on_both!(a_repeated_verb_gets_its_first_answer, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = By(&world, "nurse").refers(patient, to_hospital()).await.name;
    By(&world, "specialist").receives(&name).await.unwrap();
    let request = AcceptReferralRequest { name, request_id: request_id(), ..AcceptReferralRequest::default() };
    let mut specialist = world.referrals("specialist");
    let first = specialist.accept_referral(request.clone()).await.unwrap().into_inner();
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(specialist.accept_referral(request.clone()).await.unwrap().into_inner(), first);
    let another = AcceptReferralRequest { note: "another".to_owned(), ..request.clone() };
    assert_eq!(refusal(specialist.accept_referral(another).await).reason, "REQUEST_ID_REUSED");
    let another_method = RejectReferralRequest {
        name: request.name,
        rejection_reason: RejectionReason::Capacity.into(),
        reason: "no room".to_owned(),
        request_id: request.request_id,
        etag: String::new(),
    };
    assert_eq!(refusal(specialist.reject_referral(another_method).await).reason, "REQUEST_ID_REUSED");
    assert_eq!(events(&world).await.len(), 3);
});

on_both!(of_two_who_decide_at_once_one_wins, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = By(&world, "nurse").refers(patient, to_hospital()).await.name;
    By(&world, "specialist").receives(&name).await.unwrap();
    let (one, other) = (By(&world, "specialist"), By(&world, "specialist2"));
    let (accepted, rejected) = tokio::join!(one.accepts(&name), other.rejects(&name));
    assert_ne!(accepted.is_ok(), rejected.is_ok());
    let (won, lost) = if accepted.is_ok() { (accepted, rejected) } else { (rejected, accepted) };
    assert_eq!(refusal(lost).reason, "REFERRAL_WRONG_STATE");
    assert_eq!(one.gets(&name).await.unwrap(), won.unwrap());
    assert_eq!(events(&world).await.len(), 3);
});

on_both!(withdrawn_consent_closes_the_door_to_both_sides, |world| async move {
    let patient = world.citizen().await;
    let consent = world.consent(patient).await;
    let name = By(&world, "nurse").refers(patient, to_hospital()).await.name;
    withdraw_consent(&world, consent.name).await;
    let refused = [
        refusal(By(&world, "specialist").gets(&name).await),
        refusal(By(&world, "specialist").receives(&name).await),
        refusal(By(&world, "nurse").gets(&name).await),
        refusal(By(&world, "nurse").creates(patient, to_hospital()).await),
    ];
    for refused in refused {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
    }
});
