//! Drafts of answers: nobody's but their author's, never lost, gone with the signature.

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::{common::v1::Coding, wound::v1::*};
use samspil_testkit::{World, on_both, refusal};
use tonic::{Code, Status};

use crate::help::*;

fn typed(findings: &str) -> AnswerDraft {
    AnswerDraft {
        findings: findings.to_owned(),
        plan: vec![DraftLine { text: "offload".to_owned(), due_days: 2 }, DraftLine::default()],
        next_photo_days: 7,
        call_in: true,
        ..AnswerDraft::default()
    }
}

async fn saves(world: &World, person: &str, of: &str, draft: AnswerDraft, etag: &str) -> Result<AnswerDraft, Status> {
    let request = SaveAnswerDraftRequest { name: format!("{of}/draft"), draft: Some(draft), etag: etag.to_owned() };
    soon(world.wounds(person).save_answer_draft(request)).await.map(|saved| saved.into_inner())
}

async fn gets(world: &World, person: &str, of: &str) -> Result<AnswerDraft, Status> {
    let request = GetAnswerDraftRequest { name: format!("{of}/draft") };
    world.wounds(person).get_answer_draft(request).await.map(|draft| draft.into_inner())
}

async fn deletes(world: &World, person: &str, of: &str) -> Result<DeleteAnswerDraftResponse, Status> {
    let request = DeleteAnswerDraftRequest { name: format!("{of}/draft") };
    world.wounds(person).delete_answer_draft(request).await.map(|gone| gone.into_inner())
}

fn nothing(of: &str) -> AnswerDraft {
    AnswerDraft { name: format!("{of}/draft"), ..AnswerDraft::default() }
}

on_both!(a_draft_is_its_authors_alone_and_needs_no_claim, |world| async move {
    let asked = question(&world).await.name;
    assert_eq!(gets(&world, "specialist", &asked).await.unwrap(), nothing(&asked));
    let saved = saves(&world, "specialist", &asked, typed("clean"), "").await.unwrap();
    assert_eq!((saved.name.clone(), at(saved.update_time)), (format!("{asked}/draft"), "2026-11-18T08:00:00Z".into()));
    let expected = AnswerDraft {
        name: saved.name.clone(),
        update_time: saved.update_time,
        etag: saved.etag.clone(),
        ..typed("clean")
    };
    assert_eq!(saved, expected);
    assert_eq!(gets(&world, "specialist", &asked).await.unwrap(), saved);
    // A colleague, who holds the claim, sees and saves another.
    by(&world, "specialist2").claims(&asked).await.unwrap();
    assert_eq!(gets(&world, "specialist2", &asked).await.unwrap(), nothing(&asked));
    let other = saves(&world, "specialist2", &asked, typed("infected"), "").await.unwrap();
    assert_eq!(gets(&world, "specialist2", &asked).await.unwrap(), other);
    assert_eq!(gets(&world, "specialist", &asked).await.unwrap(), saved);
    deletes(&world, "specialist2", &asked).await.unwrap();
    deletes(&world, "specialist2", &asked).await.unwrap();
    assert_eq!(gets(&world, "specialist2", &asked).await.unwrap(), nothing(&asked));
    assert_eq!(gets(&world, "specialist", &asked).await.unwrap(), saved);
});

on_both!(of_two_windows_the_older_one_hears_of_it, |world| async move {
    let asked = question(&world).await.name;
    let first = saves(&world, "specialist", &asked, typed("one"), "").await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    let second = saves(&world, "specialist", &asked, typed("two"), &first.etag).await.unwrap();
    assert_ne!(second.etag, first.etag);
    // The answer was lost: saying the same again is no other save.
    world.clock.advance(TimeDelta::minutes(1));
    assert_eq!(saves(&world, "specialist", &asked, typed("two"), &first.etag).await.unwrap(), second);
    for old in [first.etag.as_str(), "", "nonsense"] {
        let refusal = refused(saves(&world, "specialist", &asked, typed("three"), old).await, "ETAG_MISMATCH");
        assert_eq!(refusal.code, Code::Aborted);
    }
    assert_eq!(gets(&world, "specialist", &asked).await.unwrap(), second);
    deletes(&world, "specialist", &asked).await.unwrap();
    // What the other window threw away does not come back unseen.
    refused(saves(&world, "specialist", &asked, typed("three"), &second.etag).await, "ETAG_MISMATCH");
    saves(&world, "specialist", &asked, typed("three"), "").await.unwrap();
});

on_both!(of_two_saves_at_once_one_is_kept_and_the_other_is_told, |world| async move {
    let asked = question(&world).await.name;
    let (one, other) = tokio::join!(
        saves(&world, "specialist", &asked, typed("one"), ""),
        saves(&world, "specialist", &asked, typed("other"), "")
    );
    let (kept, lost) = if one.is_ok() { (one, other) } else { (other, one) };
    refused(lost, "ETAG_MISMATCH");
    assert_eq!(gets(&world, "specialist", &asked).await.unwrap(), kept.unwrap());
});

on_both!(signing_takes_the_signers_draft_away_and_nobody_elses, |world| async move {
    let claimed = claimed(&world).await.name;
    let (first, second) = (by(&world, "specialist"), by(&world, "specialist2"));
    let mine = saves(&world, "specialist", &claimed, typed("mine"), "").await.unwrap();
    let theirs = saves(&world, "specialist2", &claimed, typed("theirs"), "").await.unwrap();
    refused(second.answers(&claimed, answer()).await, "ASSESSMENT_NOT_CLAIMED");
    assert_eq!(gets(&world, "specialist2", &claimed).await.unwrap(), theirs, "a refused signature takes nothing");
    first.answers(&claimed, answer()).await.unwrap();
    assert_eq!(gets(&world, "specialist", &claimed).await.unwrap(), nothing(&claimed));
    assert_eq!(gets(&world, "specialist2", &claimed).await.unwrap(), theirs);
    // A window that was left open hears that its draft was signed.
    refused(saves(&world, "specialist", &claimed, typed("too late"), &mine.etag).await, "ETAG_MISMATCH");

    let amending = AnswerDraft { amend_reason: "the swab came back".to_owned(), ..typed("infected") };
    let draft = saves(&world, "specialist", &claimed, amending.clone(), "").await.unwrap();
    assert_eq!(draft.amend_reason, amending.amend_reason);
    by(&world, "nurse").closes(&claimed, "").await.unwrap();
    let draft = saves(&world, "specialist", &claimed, typed("infected after all"), &draft.etag).await.unwrap();
    assert_eq!(gets(&world, "specialist", &claimed).await.unwrap(), draft, "what is closed can still be put right");
    first.amends(&claimed, answer(), "the swab came back").await.unwrap();
    assert_eq!(gets(&world, "specialist", &claimed).await.unwrap(), nothing(&claimed));
});

on_both!(what_was_taken_back_meanwhile_takes_no_draft_and_gives_the_old_one, |world| async move {
    let asked = question(&world).await.name;
    let saved = saves(&world, "specialist", &asked, typed("clean"), "").await.unwrap();
    by(&world, "nurse").closes(&asked, "healed").await.unwrap();
    let refusal = refused(saves(&world, "specialist", &asked, typed("more"), &saved.etag).await, "ASSESSMENT_ENDED");
    assert_eq!(refusal.code, Code::FailedPrecondition);
    assert_eq!(gets(&world, "specialist", &asked).await.unwrap(), saved, "the words are there to be copied");
    deletes(&world, "specialist", &asked).await.unwrap();
});

on_both!(what_is_awaited_can_be_written_on_meanwhile, |world| async move {
    let claimed = claimed(&world).await.name;
    by(&world, "specialist").asks(&claimed, "a photo from the side?").await.unwrap();
    saves(&world, "specialist", &claimed, typed("so far"), "").await.unwrap();
});

on_both!(a_draft_that_breaks_a_rule_is_refused_with_its_fields, |world| async move {
    let asked = question(&world).await.name;
    let long = |count| "x".repeat(count);
    let coding = Coding { system: String::new(), code: "1".to_owned(), display: String::new() };
    for (draft, field) in [
        (AnswerDraft { findings: long(10_001), ..typed("") }, "draft.findings"),
        (AnswerDraft { amend_reason: long(2001), ..typed("") }, "draft.amend_reason"),
        (AnswerDraft { plan: vec![DraftLine::default(); 21], ..typed("") }, "draft.plan"),
        (AnswerDraft { plan: vec![DraftLine { text: long(4001), due_days: 0 }], ..typed("") }, "draft.plan[0].text"),
        (AnswerDraft { next_photo_days: 366, ..typed("") }, "draft.next_photo_days"),
        (AnswerDraft { diagnosis: Some(coding), ..typed("") }, "draft.diagnosis.system"),
    ] {
        let refusal = refusal(saves(&world, "specialist", &asked, draft, "").await);
        assert_eq!((refusal.code, refusal.fields), (Code::InvalidArgument, vec![field.to_owned()]));
    }
    let without = SaveAnswerDraftRequest { name: format!("{asked}/draft"), ..SaveAnswerDraftRequest::default() };
    assert_eq!(refusal(world.wounds("specialist").save_answer_draft(without).await).fields, ["draft"]);
    assert_eq!(gets(&world, "specialist", &asked).await.unwrap(), nothing(&asked));
    let longest = AnswerDraft { findings: "ø".repeat(10_000), ..typed("") };
    assert_eq!(saves(&world, "specialist", &asked, longest.clone(), "").await.unwrap().findings, longest.findings);
});

on_both!(a_draft_is_for_whom_the_question_is_to_while_the_consent_stands, |world| async move {
    let asked = question(&world).await;
    let mut request = assessment_request(&asked.visits[0]);
    request.assessment.as_mut().unwrap().receiver = organisation(demo::PRACTICE);
    let to_practice = world.wounds("nurse").request_assessment(request).await.unwrap().into_inner().name;
    for refused_too in [
        saves(&world, "specialist", &to_practice, typed("x"), "").await.map(|_| ()),
        gets(&world, "specialist", &to_practice).await.map(|_| ()),
        deletes(&world, "specialist", &to_practice).await.map(|_| ()),
    ] {
        assert_eq!(refused(refused_too, "NOT_THE_RECEIVER").code, Code::PermissionDenied);
    }
    refused(gets(&world, "nurse", &asked.name).await, "NO_PERMISSION");
    let unknown = format!("{}/assessments/{UNKNOWN}", wound_of(&asked.name));
    refused(saves(&world, "specialist", &unknown, typed("x"), "").await, "RESOURCE_NOT_FOUND");
    refused(saves(&world, "other_specialist", &asked.name, typed("x"), "").await, "NO_RELATION");

    let patient = world.citizen().await;
    consent(&world, patient, &[demo::MUNICIPALITY]).await;
    let to_hospital = consent(&world, patient, &[demo::HOSPITAL]).await;
    let nurse = by(&world, "nurse");
    let wound = nurse.opens(patient).await.unwrap().name;
    let visit = nurse.visits_with(&wound, &[]).await.name;
    let asked = nurse.requests(&visit).await.unwrap().name;
    let saved = saves(&world, "specialist", &asked, typed("x"), "").await.unwrap();
    withdraw_consent(&world, &to_hospital).await;
    for refused_too in [
        saves(&world, "specialist", &asked, typed("y"), &saved.etag).await.map(|_| ()),
        gets(&world, "specialist", &asked).await.map(|_| ()),
        deletes(&world, "specialist", &asked).await.map(|_| ()),
    ] {
        refused(refused_too, "NO_RELATION");
    }
});

on_both!(whoever_reads_or_saves_a_draft_stands_in_the_audit_log_and_in_no_event, |world| async move {
    let asked = question(&world).await.name;
    let logged = samspil_store::event_log::last(&world.dbs["wound"]).await.unwrap();
    saves(&world, "specialist", &asked, typed("x"), "").await.unwrap();
    gets(&world, "specialist", &asked).await.unwrap();
    deletes(&world, "specialist", &asked).await.unwrap();
    let entries = audited(&world, patient_of(&asked)).await;
    for method in ["SaveAnswerDraft", "GetAnswerDraft", "DeleteAnswerDraft"] {
        assert!(entries.contains(&("demo-specialist".into(), method.into(), "OK".into())), "{entries:?}");
    }
    world.settle().await;
    assert_eq!(samspil_store::event_log::last(&world.dbs["wound"]).await.unwrap(), logged);
});
