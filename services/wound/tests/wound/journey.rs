//! The whole way: from the photo in the patient's home to the specialist's answer.

use std::slice::from_ref;

use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::{ClockStage, ClockState},
    wound::v1::{wound_update::Resource, *},
};
use samspil_testkit::on_both;

use crate::help::*;

on_both!(a_wound_goes_the_whole_way_from_the_photo_to_the_answer, |world| async move {
    let nurse = by(&world, "nurse");
    let specialist = by(&world, "specialist");
    let patient = world.citizen_with_consent().await;

    let wound = nurse.opens(patient).await.unwrap();
    assert_eq!(wound.state(), WoundState::Open);
    assert_eq!(wound.owner, organisation(demo::MUNICIPALITY));
    assert_eq!(wound.participants, [organisation(demo::MUNICIPALITY)]);
    assert_eq!((wound.next_photo_due_time, wound.etag.as_str()), (None, "v1"));
    assert_eq!(wound.opened_by.as_ref().unwrap().display_name, "Anna Nørgaard");
    assert_eq!((wound.label.as_str(), wound.onset_date.as_str()), ("the outer one", "2026-10-01"));
    // What is committed comes into the log a moment later; the stream is to begin after it.
    world.settle().await;
    let (mut stream, cursor) = nurse.watches(&wound.name, "").await.unwrap();

    let pictures = [Picture::phantom(1), Picture::phantom(2)];
    let visit = nurse.visits(&wound.name, &[&pictures[0], &pictures[1]]).await.unwrap();
    assert_eq!(visit.state(), VisitState::Open);
    assert_eq!(visit.findings, Some(findings()));
    let names: Vec<_> = pictures.iter().map(|picture| picture.name(&visit.name)).collect();
    let mut missing = visit.missing_photos.clone();
    missing.sort();
    let mut expected = names.clone();
    expected.sort();
    assert_eq!(missing, expected);

    for (picture, name) in pictures.iter().zip(&names) {
        let mut sending = nurse.begins(name).await.unwrap();
        assert_eq!(sending.stands_at().await, 0);
        let half = picture.bytes.len() / 2;
        assert!(sending.sends(0, &picture.bytes[..half]).await);
        assert!(sending.sends(half as i64, &picture.bytes[half..]).await);
        let Some(Heard::Receipt(receipt)) = sending.hears().await.unwrap() else { panic!("the receipt comes first") };
        assert_eq!((receipt.state(), &receipt.quality), (PhotoState::Stored, &None));
        let Some(Heard::Verdict(verdict)) = sending.hears().await.unwrap() else { panic!("then the verdict") };
        assert_eq!(
            warnings(&verdict),
            ["TOO_SMALL"],
            "640 x 480 is less than a megapixel, and else it is a good photo"
        );
        assert!(sending.hears().await.unwrap().is_none());
    }
    let visit = nurse.gets_visit(&visit.name).await.unwrap();
    assert_eq!(visit.missing_photos, [""; 0]);
    let visit = nurse.completes(&visit.name).await.unwrap();
    assert_eq!((visit.state(), at(visit.complete_time)), (VisitState::Complete, "2026-11-18T08:00:00Z".to_owned()));
    let after_visit = nurse.gets_wound(&wound.name).await.unwrap();
    assert_eq!(at(after_visit.next_photo_due_time), "2026-12-02T15:00:00Z", "a fortnight later, when the day ends");

    let asked = nurse.requests(&visit.name).await.unwrap();
    assert_eq!(asked.state(), AssessmentState::Requested);
    let clock = asked.clock.clone().unwrap();
    assert_eq!((at(clock.due_time), clock.state()), ("2026-11-19T15:00:00Z".to_owned(), ClockState::Running));
    assert_eq!((clock.stage(), clock.stop_time, clock.stop_reason.as_str()), (ClockStage::OnTime, None, ""));
    assert_eq!(asked.requested_by.as_ref().unwrap().person, "demo-nurse");
    world.settle().await;

    let queue = specialist.queue(AssessmentState::Unspecified).await.unwrap();
    assert_eq!(queue, from_ref(&asked));
    assert_eq!(specialist.gets_wound(&wound.name).await.unwrap().participants.len(), 2);
    let seen = specialist.gets_visit(&asked.visits[0]).await.unwrap();
    assert_eq!(seen, visit);
    for name in &names {
        assert_eq!(specialist.downloads(name, Rendition::Display).await.unwrap().0, "image/jpeg");
    }

    let claimed = specialist.claims(&asked.name).await.unwrap();
    let claim = claimed.claim.clone().unwrap();
    assert_eq!((claimed.state(), at(claim.expire_time)), (AssessmentState::Claimed, "2026-11-18T08:30:00Z".to_owned()));
    assert_eq!(claim.holder.unwrap().display_name, "Søren Holm");
    let signed = specialist.answers(&asked.name, Answer { next_photo_days: 7, ..answer() }).await.unwrap();
    assert_eq!((signed.state(), signed.claim.clone()), (AssessmentState::Answered, None));
    let clock = signed.clock.clone().unwrap();
    assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Stopped, "ANSWERED"));
    assert_eq!((signed.answers.len(), signed.answers[0].version), (1, 1));
    assert_eq!(signed.answers[0].plan, answer().plan);
    assert_eq!(specialist.queue(AssessmentState::Unspecified).await.unwrap(), []);
    assert_eq!(specialist.queue(AssessmentState::Answered).await.unwrap(), from_ref(&signed));
    let after_answer = nurse.gets_wound(&wound.name).await.unwrap();
    assert_eq!(at(after_answer.next_photo_due_time), "2026-11-25T15:00:00Z");

    let mut types = Vec::new();
    let mut last_cursor = cursor.clone();
    loop {
        let update = soon(stream.message()).await.unwrap().unwrap();
        assert!(place(&update.cursor) > place(&last_cursor));
        last_cursor = update.cursor;
        types.push(update.r#type.strip_prefix("samspil.wound.v1.").unwrap().to_owned());
        if types.last().unwrap() == "AssessmentAnswered" {
            assert_eq!(update.subject, signed.name);
            assert_eq!(update.resource, Some(Resource::Assessment(signed.clone())));
            break;
        }
    }
    let photo = ["PhotoStored", "PhotoAssessed"];
    let whole = [
        &["VisitRecorded"],
        &photo[..],
        &photo,
        &["VisitCompleted", "ScoreRecorded", "AssessmentRequested", "AssessmentClaimed", "AssessmentAnswered"],
    ];
    assert_eq!(types, whole.concat());

    let closed = nurse.closes(&asked.name, "").await.unwrap();
    assert_eq!((closed.state(), closed.close_reason.as_str()), (AssessmentState::Closed, ""));
    let healed = nurse.closes_wound(&wound.name, WoundCloseReason::Healed).await.unwrap();
    assert_eq!((healed.state(), healed.next_photo_due_time), (WoundState::Closed, None));
    assert_eq!(healed.close_reason(), WoundCloseReason::Healed);
});

/// Where in the log a cursor stands.
fn place(cursor: &str) -> i64 {
    cursor.split('-').next().unwrap().parse().unwrap()
}

on_both!(whoever_reads_and_whoever_changes_stands_in_the_audit_log, |world| async move {
    let nurse = by(&world, "nurse");
    let picture = Picture::phantom(1);
    let wound = wound(&world).await.name;
    let visit = nurse.visits_with(&wound, &[&picture]).await;
    let asked = nurse.requests(&visit.name).await.unwrap();
    world.settle().await;
    let patient = patient_of(&wound);
    let specialist = by(&world, "specialist");
    specialist.gets_wound(&wound).await.unwrap();
    specialist.downloads(&picture.name(&visit.name), Rendition::Thumbnail).await.unwrap();
    assert_eq!(specialist.queue(AssessmentState::Unspecified).await.unwrap().len(), 1);
    specialist.claims(&asked.name).await.unwrap();
    refused(by(&world, "outsider").gets_wound(&wound).await, "NO_RELATION");
    let entries = audited(&world, patient).await;
    let entries: Vec<_> = entries.iter().map(|(who, what, how)| (who.as_str(), what.as_str(), how.as_str())).collect();
    assert_eq!(
        entries,
        [
            ("demo-nurse", "OpenWound", "OK"),
            ("demo-nurse", "CreateVisit", "OK"),
            ("demo-nurse", "UploadPhoto", "OK"),
            ("demo-nurse", "CompleteVisit", "OK"),
            ("demo-nurse", "RequestAssessment", "OK"),
            ("demo-specialist", "GetWound", "OK"),
            ("demo-specialist", "DownloadPhoto", "OK"),
            ("demo-specialist", "ListQueue", "OK"),
            ("demo-specialist", "ClaimAssessment", "OK"),
            ("demo-outsider", "GetWound", "NO_RELATION"),
        ]
    );
});

on_both!(a_list_over_several_patients_writes_one_entry_for_each, |world| async move {
    let first = wound(&world).await.name;
    let second = wound(&world).await.name;
    world.settle().await;
    let request = ListWoundsRequest { parent: "patients/-".to_owned(), ..ListWoundsRequest::default() };
    let listed = world.wounds("nurse").list_wounds(request).await.unwrap().into_inner().wounds;
    assert_eq!(listed.len(), 2);
    for wound in [first, second] {
        let entries = audited(&world, patient_of(&wound)).await;
        assert_eq!(entries.iter().filter(|(_, what, _)| what == "ListWounds").count(), 1);
    }
});
