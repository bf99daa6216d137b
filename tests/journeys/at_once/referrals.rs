//! Every verb of the referral, by everybody on any referral, right or wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rand::Rng as _;
use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::Coding,
    referral::v1::{self as pb, Referral, ReferralStep},
    time,
    wound::v1::ListWoundsRequest,
};

use super::{PLAYERS, Player, answered, play, setting, watchers};
use crate::{course::request_id, server::Server};

/// The referrals that were written so far.
type Written = Arc<Mutex<Vec<String>>>;

/// A step that somebody was told of.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    referral: String,
    /// Its place in the history, from 0. Not known of a referral that was replaced.
    place: Option<usize>,
    step: ReferralStep,
}

/// A step without who was told of it when: that goes on changing.
fn bare(step: &ReferralStep) -> ReferralStep {
    ReferralStep { receipts: Vec::new(), ..step.clone() }
}

fn told(referral: &Referral) -> Told {
    let place = referral.history.len() - 1;
    Told { referral: referral.name.clone(), place: Some(place), step: bare(&referral.history[place]) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_three_organisations_did_to_referrals_at_once_is_what_their_histories_tell() {
    let folder = tempfile::tempdir().unwrap();
    let written = Written::default();
    let (server, kills, played) = play(folder.path(), 3, |player, patients, moves| {
        let written = written.clone();
        async move {
            let watcher = watchers::referrals(&player);
            let told = moves_of(player, patients, written, moves).await;
            (told, watcher)
        }
    })
    .await;
    let (told, watching): (Vec<_>, Vec<_>) = played.into_iter().unzip();
    let told: Vec<Told> = told.into_iter().flatten().collect();
    let names = written.lock().unwrap().clone();
    let mut steps = 0;
    for name in &names {
        let history = history(&server, name).await;
        each_step_was_told_once(name, &history, &told);
        steps += history.len();
    }
    assert_eq!(steps, told.len(), "as many steps as acknowledgements");
    let accepted = told.iter().filter(|told| told.step.verb == "accept").map(|told| told.referral.clone()).collect();
    each_has_one_wound(&server, accepted).await;
    for (watcher, (_, organisation)) in watching.into_iter().zip(PLAYERS) {
        watcher.saw_everything(&server, organisation).await;
    }
    let verbs: BTreeMap<_, usize> = told.iter().fold(BTreeMap::new(), |mut verbs, told| {
        *verbs.entry(told.step.verb.clone()).or_default() += 1;
        verbs
    });
    println!(
        "{} referrals, {steps} steps, {kills} kills, seed {}: {verbs:?}",
        names.len(),
        setting("SAMSPIL_PLAY_SEED", 1)
    );
}

/// The history, as the one who wrote it reads it.
async fn history(server: &Server, name: &str) -> Vec<ReferralStep> {
    for (person, _) in PLAYERS {
        let request = pb::GetReferralRequest { name: name.to_owned() };
        let reader = server.connect(person);
        let found = answered(&reader, request, |s, r| async move { s.referral().get_referral(r).await });
        if let Ok(referral) = found.await {
            return referral.history.iter().map(bare).collect();
        }
    }
    panic!("{name} is gone");
}

/// An accepted referral to wound assessment opens one wound, at the hospital that accepted it, however often that is killed.
async fn each_has_one_wound(server: &Server, accepted: BTreeSet<String>) {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let mut opened = Vec::new();
        for hospital in ["specialist", "other_specialist"] {
            let request = ListWoundsRequest { parent: "patients/-".to_owned(), page_size: 1000, ..Default::default() };
            let reader = server.connect(hospital);
            let listed =
                answered(&reader, request, |s, r| async move { s.wound().list_wounds(r).await }).await.unwrap();
            let own = listed.wounds.into_iter().filter(|wound| wound.owner == organisation_of(hospital));
            opened.extend(own.map(|wound| wound.referral));
        }
        opened.sort();
        if opened == accepted.iter().cloned().collect::<Vec<_>>() {
            return;
        }
        assert!(Instant::now() < until, "accepted {accepted:?}, opened for {opened:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn organisation_of(person: &str) -> String {
    PLAYERS
        .iter()
        .find(|(player, _)| *player == person)
        .map(|(_, sor)| format!("organisations/{sor}"))
        .unwrap_or_default()
}

fn each_step_was_told_once(name: &str, history: &[ReferralStep], told: &[Told]) {
    let of_it: Vec<_> = told.iter().filter(|told| told.referral == name).collect();
    assert_eq!(history.len(), of_it.len(), "{name}: {history:#?}\nwas told as {of_it:#?}");
    for (place, step) in history.iter().enumerate() {
        let times = match of_it.iter().filter(|told| told.place == Some(place)).count() {
            // A referral that was replaced: the answer was the new one.
            0 => of_it.iter().filter(|told| told.place.is_none() && told.step.verb == step.verb).count(),
            times => {
                assert!(of_it.iter().any(|told| told.place == Some(place) && told.step == *step), "{name} {place}");
                times
            }
        };
        assert_eq!(times, 1, "{name}: step {place}, {}", step.verb);
    }
}

async fn moves_of(mut player: Player, patients: Vec<String>, written: Written, moves: u64) -> Vec<Told> {
    let mut told_so_far = Vec::new();
    for _ in 0..moves {
        let known = written.lock().unwrap().clone();
        // Of the last few, so that several come far.
        let recent = &known[known.len().saturating_sub(6)..];
        let name = player.pick(recent);
        let writes = matches!(player.person, "nurse" | "gp");
        let answer = match name {
            Some(name) if !writes || player.random.random_bool(0.85) => verb(&mut player, name).await,
            _ if writes => create(&mut player, &patients).await,
            // Nothing is written yet.
            _ => {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                None
            }
        };
        let Some(answer) = answer else { continue };
        if answer.history.len() == 1 {
            written.lock().unwrap().push(answer.name.clone());
        }
        if answer.history.len() == 1 && !answer.replaces.is_empty() {
            let step = ReferralStep { verb: "replace".to_owned(), ..ReferralStep::default() };
            told_so_far.push(Told { referral: answer.replaces.clone(), place: None, step });
        }
        told_so_far.push(told(&answer));
    }
    told_so_far
}

fn asked(player: &mut Player) -> Referral {
    let receiver = player.pick(&[demo::HOSPITAL, demo::OTHER_HOSPITAL]).unwrap_or_default();
    let through_the_practice = player.person == "nurse" && player.random.random_bool(0.3);
    let coding =
        |code: &str| Coding { system: "http://snomed.info/sct".to_owned(), code: code.to_owned(), ..Coding::default() };
    Referral {
        service: Some(coding("225395003")),
        indications: vec![coding("399912005")],
        receiver: format!("organisations/{receiver}"),
        approver: if through_the_practice { format!("organisations/{}", demo::PRACTICE) } else { String::new() },
        ..Referral::default()
    }
}

async fn create(player: &mut Player, patients: &[String]) -> Option<Referral> {
    let parent = player.pick(patients)?;
    let referral = Some(asked(player));
    let request = pb::CreateReferralRequest { parent, referral, request_id: request_id() };
    player.change(request, |s, r| async move { s.referral().create_referral(r).await }).await
}

/// A throw that brings a referral on, as it stands now. `None` when the player has nothing to do with it.
async fn fitting(player: &mut Player, name: &str) -> Option<u32> {
    use pb::{ReferralState as State, TriageState as Triage};
    let request = pb::GetReferralRequest { name: name.to_owned() };
    let found = answered(&player.connection, request, |s, r| async move { s.referral().get_referral(r).await });
    let referral = found.await.ok()?;
    let writes = matches!(player.person, "nurse" | "gp");
    let triage = referral.triages.last().map(pb::Triage::state).unwrap_or_default();
    let asked = referral.supplements.last().is_some_and(|supplement| supplement.answer.is_empty());
    let throws: &[u32] = match (referral.state(), triage) {
        (State::Proposed, _) if referral.approval.is_some() => &[9, 10],
        (State::Proposed, _) => &[0],
        (State::OnHold, _) => &[6],
        (State::Active, Triage::Requested) if !writes => &[0],
        (State::Active, Triage::Received) if writes && asked => &[7],
        (State::Active, Triage::Received) if writes => &[5, 9],
        (State::Active, Triage::Received) => &[3, 3, 4, 5, 6, 7],
        (State::Active, Triage::Accepted) if !writes => &[8, 11],
        (State::Active, Triage::Rejected) if writes => &[3, 4],
        _ => return None,
    };
    player.pick(throws)
}

/// A verb of the player's: mostly one that fits, else any, whether or not it is allowed now.
async fn verb(player: &mut Player, name: String) -> Option<Referral> {
    let fits = if player.random.random_bool(0.8) { fitting(player, &name).await } else { None };
    let (etag, request_id, why) = (String::new(), request_id(), "because".to_owned());
    macro_rules! make {
        ($method:ident, $request:ident { $($field:ident: $value:expr),* $(,)? }) => {{
            let request = pb::$request { name, etag, request_id, $($field: $value),* };
            player.change(request, |s, r| async move { s.referral().$method(r).await }).await
        }};
    }
    let side = player.person;
    let die = fits.unwrap_or_else(|| player.random.random_range(0..12));
    match (side, die) {
        ("nurse" | "gp", 0..=2) => make!(send_referral, SendReferralRequest {}),
        ("gp", 9..=10) => make!(approve_referral, ApproveReferralRequest { note: why }),
        ("gp", 11) => make!(decline_referral, DeclineReferralRequest { reason: why }),
        ("nurse" | "gp", 3) => make!(withdraw_referral, WithdrawReferralRequest { reason: why }),
        ("nurse" | "gp", 4) => {
            make!(replace_referral, ReplaceReferralRequest { reason: why, referral: Some(asked(player)) })
        }
        ("nurse" | "gp", 5) => make!(hold_referral, HoldReferralRequest { reason: why }),
        ("nurse" | "gp", 6) => make!(resume_referral, ResumeReferralRequest {}),
        ("nurse" | "gp", 7..=8) => {
            make!(answer_supplement, AnswerSupplementRequest { answer: why, attachments: Vec::new() })
        }
        ("nurse" | "gp", _) => {
            let referral = Some(Referral { note: format!("note {}", player.random.random::<u32>()), ..asked(player) });
            let update_mask = Some(prost_types::FieldMask { paths: vec!["note".to_owned()] });
            make!(amend_referral, AmendReferralRequest { referral: referral, update_mask: update_mask, reason: why })
        }
        (_, 0..=2) => make!(receive_referral, ReceiveReferralRequest {}),
        (_, 3) => make!(accept_referral, AcceptReferralRequest { note: why }),
        (_, 4) => make!(
            reject_referral,
            RejectReferralRequest {
                reason: why,
                rejection_reason: pb::RejectionReason::Capacity.into(),
                alternative: None
            }
        ),
        (_, 5) => {
            let receiver = player.pick(&[demo::HOSPITAL, demo::OTHER_HOSPITAL]).unwrap_or_default();
            make!(
                forward_referral,
                ForwardReferralRequest { reason: why, receiver: format!("organisations/{receiver}") }
            )
        }
        (_, 6) => make!(
            change_referral_priority,
            ChangeReferralPriorityRequest { reason: why, priority: pb::Priority::Urgent.into() }
        ),
        (_, 7) => make!(ask_supplement, AskSupplementRequest { question: why }),
        (_, 8) => {
            let start = player.connection.clock().now() + chrono::TimeDelta::days(7);
            let booking = pb::Booking {
                start_time: Some(time::to_wire(start)),
                mode: pb::BookingMode::Video.into(),
                ..pb::Booking::default()
            };
            make!(book_referral, BookReferralRequest { booking: Some(booking) })
        }
        _ => make!(complete_referral, CompleteReferralRequest { letter: why, attachments: Vec::new() }),
    }
}
