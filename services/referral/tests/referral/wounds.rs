//! The wound that a referral is about.

use samspil_proto::{referral::v1::*, wound::v1::WoundOpened};
use samspil_testkit::on_both;
use tonic::Code;

use crate::help::*;

on_both!(a_referral_names_a_wound_that_its_sender_takes_part_in, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, gp) = (By(&world, "nurse"), By(&world, "gp"));
    let wound = nurse.opens_wound(patient).await;
    let about = |wound: &str| Referral { wound: wound.to_owned(), ..to_hospital() };
    let unknown = format!("{patient}/wounds/{UNKNOWN}");
    let told = refused(nurse.creates(patient, about(&unknown)).await, Code::FailedPrecondition, "WOUND_NOT_YOURS");
    assert_eq!(told["wound"], unknown);
    refused(gp.creates(patient, about(&wound)).await, Code::FailedPrecondition, "WOUND_NOT_YOURS");
    let name = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let amended = nurse.amends(&name, &["wound"], about(&unknown), "").await;
    refused(amended, Code::FailedPrecondition, "WOUND_NOT_YOURS");
    assert_eq!(nurse.amends(&name, &["wound"], about(&wound), "").await.unwrap().wound, wound);
    let sent = nurse.sends(&name).await.unwrap();
    let replaced = nurse.replaces(&sent.name, about(&unknown), "another wound").await;
    refused(replaced, Code::FailedPrecondition, "WOUND_NOT_YOURS");
    assert_eq!(nurse.gets(&name).await.unwrap().etag, sent.etag, "a refused replacement revokes nothing");
});

on_both!(a_wound_that_was_opened_for_a_referral_is_tied_to_it_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let name = accepted(&world, patient).await;
    let wound = format!("{patient}/wounds/{UNKNOWN}");
    let opened = WoundOpened { referral: name.clone(), ..WoundOpened::default() };
    tell(&world, "wound", &wound, &opened).await;
    let tied = nurse.gets(&name).await.unwrap();
    // The wound service opens one by itself for an accepted referral; whichever is told of first is the one.
    assert_ne!(tied.wound, "");
    let told = events_come(&world, "ReferralWoundOpened", 1).await;
    assert_eq!((told[0].payload::<ReferralWoundOpened>().wound, told[0].organisations.len()), (tied.wound.clone(), 2));
    // Another one for the same referral, one for none, and one for a referral that is not here.
    tell(&world, "wound", &format!("{patient}/wounds/{}", UNKNOWN.replace('1', "2")), &opened).await;
    tell(&world, "wound", &wound, &WoundOpened::default()).await;
    let lost = WoundOpened { referral: format!("{patient}/referrals/{UNKNOWN}"), ..WoundOpened::default() };
    tell(&world, "wound", &wound, &lost).await;
    assert_eq!(nurse.gets(&name).await.unwrap().etag, tied.etag);
    assert_eq!(events_come(&world, "ReferralWoundOpened", 1).await.len(), 1);
});
