//! Watching referrals.

use samspil_kit::identity::demo;
use samspil_proto::{directory::v1::BlockKind, referral::v1::*};
use samspil_store::audit;
use samspil_testkit::{World, on_both};
use tonic::Code;

use crate::help::*;

async fn refused_cursor(world: &World, person: &str, cursor: &str) {
    let request = WatchReferralsRequest { cursor: cursor.to_owned() };
    let answer = world.referrals(person).watch_referrals(request).await;
    refused(answer.map(|_| ()), Code::InvalidArgument, "CURSOR_INVALID");
}

on_both!(everybody_who_sees_a_referral_sees_every_step_as_it_happens_and_nobody_else, |world| async move {
    let patient = world.citizen().await;
    let all = [demo::MUNICIPALITY, demo::HOSPITAL, demo::OTHER_HOSPITAL, demo::PRACTICE];
    world.consent_to(patient, &all).await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let (mut of_sender, _) = nurse.watches("").await;
    let (mut of_receiver, _) = specialist.watches("").await;
    let (mut of_next, _) = By(&world, "other_specialist").watches("").await;
    let (mut of_practice, _) = By(&world, "gp").watches("").await;
    let unsent = nurse.creates(patient, to_hospital()).await.unwrap().name;
    nurse.withdraws(&unsent, "a slip").await.unwrap();
    assert_eq!(told(&next(&mut of_sender).await), ("ReferralWithdrawn", unsent.as_str()));
    let name = received(&world, patient).await;
    specialist.forwards(&name, organisation(demo::OTHER_HOSPITAL), "there").await.unwrap();
    By(&world, "other_specialist").receives(&name).await.unwrap();
    for updates in [&mut of_sender, &mut of_receiver] {
        for step in ["ReferralSent", "ReferralReceived"] {
            assert_eq!(told(&next(updates).await), (step, name.as_str()));
        }
    }
    for updates in [&mut of_sender, &mut of_receiver, &mut of_next] {
        for step in ["ReferralForwarded", "ReferralReceived"] {
            let update = next(updates).await;
            assert_eq!(told(&update), (step, name.as_str()));
            assert!(update.time.is_some());
        }
    }
    // The first that the practice hears of is its own.
    let to_gp = nurse.refers(patient, to_practice()).await.name;
    assert_eq!(told(&next(&mut of_practice).await), ("ReferralSent", to_gp.as_str()));
});

on_both!(an_update_shows_the_referral_as_it_is_now, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (_, cursor) = By(&world, "nurse").watches("").await;
    let name = received(&world, patient).await;
    settle(&world).await;
    let (mut updates, _) = By(&world, "nurse").watches(&cursor).await;
    for step in ["ReferralSent", "ReferralReceived"] {
        let update = next(&mut updates).await;
        assert_eq!(told(&update), (step, name.as_str()));
        assert_eq!(update.referral.unwrap().etag, "v3");
    }
    let mut tx = world.dbs["referral"].read().await.unwrap();
    let entries = audit::of_patient(&mut tx, patient.patient, 100).await.unwrap();
    let watched = entries.iter().filter(|e| e.action.ends_with("/WatchReferrals") && e.resource == name);
    assert_eq!(watched.count(), 2);
});

on_both!(a_stored_attachment_is_an_update_of_its_referral, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let name = received(&world, patient).await;
    settle(&world).await;
    let (mut updates, _) = specialist.watches("").await;
    let letter = crate::attachments::letter("words");
    let attachment = letter.is_announced_by(&nurse, &name).await.unwrap().name;
    letter.is_uploaded_by(&nurse, &attachment).await.unwrap();
    let update = next(&mut updates).await;
    assert_eq!(told(&update), ("AttachmentStored", name.as_str()));
    assert_eq!(update.referral.unwrap().attachments[0].state(), AttachmentState::Stored);
});

on_both!(a_patient_who_withdraws_the_consent_is_no_longer_watched, |world| async move {
    let (leaves, stays) = (world.citizen().await, world.citizen().await);
    let consent = world.consent(leaves).await;
    world.consent(stays).await;
    let nurse = By(&world, "nurse");
    let (_, cursor) = By(&world, "specialist").watches("").await;
    nurse.refers(leaves, to_hospital()).await;
    withdraw_consent(&world, consent.name).await;
    let name = nurse.refers(stays, to_hospital()).await.name;
    let (mut updates, _) = By(&world, "specialist").watches(&cursor).await;
    assert_eq!(told(&next(&mut updates).await), ("ReferralSent", name.as_str()));
});

on_both!(an_open_stream_hears_no_more_of_a_patient_who_withdraws_or_blocks, |world| async move {
    let (leaves, blocks, stays) = (world.citizen().await, world.citizen().await, world.citizen().await);
    world.consent_to(leaves, &[demo::MUNICIPALITY]).await;
    let consent = world.consent_to(leaves, &[demo::HOSPITAL]).await;
    world.consent(blocks).await;
    world.consent(stays).await;
    let nurse = By(&world, "nurse");
    let (mut blocked, _) = By(&world, "specialist").watches("").await;
    let (mut colleague, _) = By(&world, "specialist2").watches("").await;
    let first = nurse.refers(leaves, to_hospital()).await.name;
    for updates in [&mut blocked, &mut colleague] {
        assert_eq!(told(&next(updates).await), ("ReferralSent", first.as_str()));
    }
    withdraw_consent(&world, consent.name).await;
    world.block(blocks, BlockKind::Person, "demo-specialist").await;
    nurse.withdraws(&first, "no consent any more").await.unwrap();
    let of_blocking = nurse.refers(blocks, to_hospital()).await.name;
    let last = nurse.refers(stays, to_hospital()).await.name;
    assert_eq!(told(&next(&mut blocked).await), ("ReferralSent", last.as_str()));
    for name in [&of_blocking, &last] {
        assert_eq!(told(&next(&mut colleague).await), ("ReferralSent", name.as_str()));
    }
    let names = async |person| {
        let all = ListReferralsRequest { parent: "patients/-".to_owned(), ..ListReferralsRequest::default() };
        let page = By(&world, person).lists(all).await.unwrap();
        page.referrals.into_iter().map(|referral| referral.name).collect::<Vec<_>>()
    };
    assert_eq!(names("specialist").await, std::slice::from_ref(&last));
    assert_eq!(names("specialist2").await, [last, of_blocking]);
});

on_both!(a_download_of_a_file_stops_on_its_way, |world| async move {
    let patient = world.citizen().await;
    world.consent_to(patient, &[demo::MUNICIPALITY]).await;
    let consent = world.consent_to(patient, &[demo::HOSPITAL]).await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let name = received(&world, patient).await;
    // More than lies in the buffers between the two.
    let file = crate::attachments::scan(12 << 20);
    let attachment = file.is_announced_by(&nurse, &name).await.unwrap().name;
    file.is_uploaded_by(&nurse, &attachment).await.unwrap();
    let request = DownloadAttachmentRequest { name: attachment };
    let mut stream = world.referrals(specialist.1).download_attachment(request).await.unwrap().into_inner();
    let mut messages = 0;
    soon(stream.message()).await.unwrap().unwrap();
    withdraw_consent(&world, consent.name).await;
    let end = loop {
        match soon(stream.message()).await {
            Ok(Some(_)) => messages += 1,
            end => break end,
        }
    };
    refused(end, Code::PermissionDenied, "NO_RELATION");
    assert!(messages < (12 << 20) / (256 << 10), "{messages} pieces came");
});

on_both!(a_cursor_is_for_the_organisation_that_got_it_and_for_what_has_happened, |world| async move {
    let patient = world.citizen_with_consent().await;
    By(&world, "nurse").refers(patient, to_hospital()).await;
    settle(&world).await;
    let (_, own) = By(&world, "nurse").watches("").await;
    By(&world, "coordinator").watches(&own).await;
    refused_cursor(&world, "specialist", &own).await;
    let future = own.replacen('1', "2", 1);
    for cursor in ["1", "-1", "nonsense", &future] {
        refused_cursor(&world, "nurse", cursor).await;
    }
});
