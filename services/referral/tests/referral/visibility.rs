//! Who sees a referral, and to whom it does not exist.

use samspil_proto::referral::v1::*;
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use crate::help::*;

on_both!(without_a_relation_to_the_patient_nobody_writes_or_reads, |world| async move {
    let patient = world.citizen_with_consent().await;
    let written = By(&world, "nurse").refers(patient, to_hospital()).await;
    let outsider = By(&world, "outsider");
    let unknown = format!("{patient}/referrals/{UNKNOWN}");
    let mut all = vec![outsider.creates(patient, to_hospital()).await];
    for name in [written.name.as_str(), &unknown] {
        all.push(outsider.gets(name).await);
        all.push(outsider.sends(name).await);
        all.push(outsider.withdraws(name, "over").await);
        all.push(outsider.amends(name, &["note"], to_hospital(), "why").await);
        all.push(outsider.replaces(name, to_hospital(), "why").await);
        all.push(outsider.answers(name, "this", vec![]).await);
    }
    // Nobody's consent covers the hospital here.
    let stranger = format!("patients/{UNKNOWN}/referrals/{UNKNOWN}");
    let specialist = By(&world, "specialist");
    all.push(specialist.receives(&stranger).await);
    all.push(specialist.accepts(&stranger, "").await);
    all.push(specialist.completes(&stranger, "done", vec![]).await);
    for answer in all {
        refused(answer, Code::PermissionDenied, "NO_RELATION");
    }
});

on_both!(to_everybody_who_has_no_part_in_it_a_referral_does_not_exist, |world| async move {
    let patient = world.citizen_with_consent().await;
    let another = world.citizen_with_consent().await;
    let (nurse, gp, specialist) = (By(&world, "nurse"), By(&world, "gp"), By(&world, "specialist"));
    let draft = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let sent = nurse.refers(patient, to_hospital()).await.name;
    let of_another = sent.replace(&patient.to_string(), &another.to_string());
    let unknown = format!("{patient}/referrals/{UNKNOWN}");
    for answer in [
        // The patient has consented, but the practice has no part in it.
        gp.gets(&sent).await,
        gp.sends(&draft).await,
        gp.withdraws(&sent, "over").await,
        gp.approves(&sent, "").await,
        gp.receives(&sent).await,
        gp.forwards(&sent, organisation("99999999999999"), "there").await,
        gp.replaces(&sent, to_hospital(), "new").await,
        // The receiver, before it is sent.
        specialist.gets(&draft).await,
        specialist.receives(&draft).await,
        // None, and one of another patient.
        nurse.gets(&unknown).await,
        nurse.withdraws(&unknown, "over").await,
        nurse.gets(&of_another).await,
        nurse.sends(&of_another).await,
    ] {
        refused(answer, Code::NotFound, "RESOURCE_NOT_FOUND");
    }
});

on_both!(the_role_decides_who_may_send_approve_and_triage, |world| async move {
    let patient = world.citizen_with_consent().await;
    let sent = By(&world, "nurse").refers(patient, to_practice()).await.name;
    let (nurse, specialist, coordinator) = (By(&world, "nurse"), By(&world, "specialist"), By(&world, "coordinator"));
    for answer in [
        specialist.creates(patient, to_practice()).await,
        specialist.sends(&sent).await,
        specialist.approves(&sent, "").await,
        nurse.receives(&sent).await,
        nurse.accepts(&sent, "").await,
        nurse.declines(&sent, "no").await,
        coordinator.withdraws(&sent, "over").await,
        By(&world, "administrator").gets(&sent).await,
    ] {
        refused(answer, Code::PermissionDenied, "NO_PERMISSION");
    }
    coordinator.gets(&sent).await.unwrap();
});

on_both!(withdrawn_consent_closes_the_door_to_both_sides, |world| async move {
    let patient = world.citizen().await;
    let consent = world.consent(patient).await;
    let name = By(&world, "nurse").refers(patient, to_hospital()).await.name;
    withdraw_consent(&world, consent.name).await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    for answer in [
        specialist.gets(&name).await,
        specialist.receives(&name).await,
        nurse.gets(&name).await,
        nurse.creates(patient, to_hospital()).await,
    ] {
        refused(answer, Code::PermissionDenied, "NO_RELATION");
    }
    let listed = ListReferralsRequest { parent: patient.to_string(), ..ListReferralsRequest::default() };
    assert_eq!(refusal(nurse.lists(listed).await).reason, "NO_RELATION");
});
