//! Parts and activities of shared plans, written by everybody at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use rand::Rng as _;
use samspil_proto::{
    careplan::v1::{self as pb, Activity, Goal, Part, PartVersion, part},
    time,
};

use super::{PLAYERS, Player, answered, play, setting};
use crate::{course::request_id, server::Server};

/// The parts and activities that there are so far.
type Written = Arc<Mutex<Vec<String>>>;

/// A version that somebody was told of.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    part: String,
    version: i32,
    author: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_three_organisations_wrote_into_plans_at_once_is_what_their_versions_tell() {
    let folder = tempfile::tempdir().unwrap();
    let written = Written::default();
    let (server, kills, played) = play(folder.path(), 2, |player, patients, moves| {
        let plans = patients.iter().map(|patient| format!("{patient}/carePlan")).collect();
        moves_of(player, plans, written.clone(), moves)
    })
    .await;
    let told: Vec<Told> = played.into_iter().flatten().collect();
    let names = written.lock().unwrap().clone();
    let (mut plans, mut standing) = (BTreeMap::<String, i64>::new(), Vec::new());
    for name in &names {
        let versions = versions(&server, name).await;
        each_version_was_told_once(name, &versions, &told);
        let last = versions.iter().max_by_key(|version| version.version);
        if last.is_some_and(|last| !last.withdrawn) {
            standing.push(name.clone());
        }
        let newest = versions.iter().map(|version| version.plan_version).max().unwrap_or_default();
        let plan = name.split("/carePlan").next().unwrap_or_default().to_owned() + "/carePlan";
        let of_plan = plans.entry(plan).or_default();
        *of_plan = newest.max(*of_plan);
    }
    for (plan, version) in &plans {
        the_plan_reads_back_as_it_was(&server, plan, *version, &standing).await;
    }
    println!("{} parts, {} versions, {kills} kills, seed {}", names.len(), told.len(), setting("SAMSPIL_PLAY_SEED", 1));
}

async fn versions(server: &Server, name: &str) -> Vec<PartVersion> {
    let request = pb::ListPartVersionsRequest { name: name.to_owned(), page_size: 1000, ..Default::default() };
    let nurse = server.connect("nurse");
    answered(&nurse, request, |s, r| async move { s.careplan().list_part_versions(r).await }).await.unwrap().versions
}

fn each_version_was_told_once(name: &str, versions: &[PartVersion], told: &[Told]) {
    let mut kept: Vec<_> = versions
        .iter()
        .map(|version| Told {
            part: name.to_owned(),
            version: version.version,
            author: version.author.clone().unwrap_or_default().person,
        })
        .collect();
    let mut acknowledged: Vec<_> = told.iter().filter(|told| told.part == name).cloned().collect();
    kept.sort_by_key(|kept| kept.version);
    acknowledged.sort_by_key(|told| told.version);
    assert_eq!(kept, acknowledged);
    let numbers: Vec<_> = kept.iter().map(|kept| kept.version).collect();
    assert_eq!(numbers, (1..=kept.len() as i32).collect::<Vec<_>>(), "{name}: versions without a hole");
}

/// The difference from nothing to now has every part that stands; so have the differences of two halves, put together.
async fn the_plan_reads_back_as_it_was(server: &Server, plan: &str, version: i64, standing: &[String]) {
    let diff = |from_version, to_version| {
        let request = pb::DiffCarePlanRequest { name: plan.to_owned(), from_version, to_version };
        let nurse = server.connect("nurse");
        async move {
            answered(&nurse, request, |s, r| async move { s.careplan().diff_care_plan(r).await }).await.unwrap().changes
        }
    };
    let all: BTreeSet<_> = diff(0, version).await.into_iter().map(|change| change.name).collect();
    let standing: BTreeSet<_> = standing.iter().filter(|name| name.starts_with(plan)).cloned().collect();
    assert_eq!(all, standing);
    let middle = version / 2;
    let (first, second) = (diff(0, middle).await, diff(middle, version).await);
    let halves: BTreeSet<_> = first.into_iter().chain(second).map(|change| change.name).collect();
    assert!(halves.is_superset(&standing), "{halves:?} lacks some of {standing:?}");
    let request = pb::GetCarePlanRequest { name: plan.to_owned(), version: middle };
    let practice = server.connect("gp");
    let then = answered(&practice, request, |s, r| async move { s.careplan().get_care_plan(r).await });
    assert_eq!(then.await.unwrap().version, middle);
}

async fn moves_of(mut player: Player, plans: Vec<String>, written: Written, moves: u64) -> Vec<Told> {
    let mut told = Vec::new();
    for _ in 0..moves {
        let known = written.lock().unwrap().clone();
        let name = player.pick(&known[known.len().saturating_sub(12)..]);
        let answer = match name {
            Some(name) if player.random.random_bool(0.7) => change(&mut player, name).await,
            _ => add(&mut player, &plans).await,
        };
        let Some(answer) = answer else { continue };
        if answer.version == 1 {
            written.lock().unwrap().push(answer.part.clone());
        }
        told.push(answer);
    }
    told
}

fn of_part(player: &Player, answer: &PartVersion, name: String) -> Told {
    Told { part: name, version: answer.version, author: format!("demo-{}", player.person.replace('_', "-")) }
}

fn of_activity(player: &Player, activity: &Activity) -> Told {
    let version = activity.etag.trim_start_matches('v').parse().expect("a version");
    Told { part: activity.name.clone(), version, author: format!("demo-{}", player.person.replace('_', "-")) }
}

fn goal(player: &mut Player) -> Goal {
    Goal { description: format!("half the area by visit {}", player.random.random_range(1..9)), ..Goal::default() }
}

async fn add(player: &mut Player, plans: &[String]) -> Option<Told> {
    let (parent, request_id) = (player.pick(plans)?, request_id());
    if player.random.random_bool(0.4) {
        let part = Some(Part { part: Some(part::Part::Goal(goal(player))) });
        let request = pb::AddPartRequest { parent, part, request_id };
        let answer = player.change(request, |s, r| async move { s.careplan().add_part(r).await }).await?;
        let Some(part::Part::Goal(goal)) = answer.part.clone().and_then(|part| part.part) else {
            panic!("a goal that became something else")
        };
        return Some(of_part(player, &answer, goal.name));
    }
    let owner = player.pick(&PLAYERS.map(|(_, sor)| sor)).unwrap_or_default();
    let due = player.connection.clock().now() + chrono::TimeDelta::days(5);
    let recurrence = player.random.random_bool(0.4).then(|| pb::Recurrence {
        every: 3,
        unit: pb::RecurrenceUnit::Day.into(),
        end: Some(pb::recurrence::End::Count(4)),
    });
    let activity = Activity {
        kind: pb::ActivityKind::WoundCare.into(),
        description: "change the dressing".to_owned(),
        owner: format!("organisations/{owner}"),
        due_time: Some(time::to_wire(due)),
        recurrence,
        ..Activity::default()
    };
    let request = pb::CreateActivityRequest { parent, activity: Some(activity), request_id };
    let answer = player.change(request, |s, r| async move { s.careplan().create_activity(r).await }).await?;
    Some(of_activity(player, &answer))
}

async fn change(player: &mut Player, name: String) -> Option<Told> {
    let (etag, request_id, reason) = (String::new(), request_id(), "because".to_owned());
    if name.contains("/goals/") {
        if player.random.random_bool(0.1) {
            let request = pb::WithdrawPartRequest { name: name.clone(), reason, etag, request_id };
            let answer = player.change(request, |s, r| async move { s.careplan().withdraw_part(r).await }).await?;
            return Some(of_part(player, &answer, name));
        }
        let request = pb::UpdatePartRequest {
            name: name.clone(),
            part: Some(Part { part: Some(part::Part::Goal(goal(player))) }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["description".to_owned()] }),
            reason,
            etag,
            request_id,
        };
        let answer = player.change(request, |s, r| async move { s.careplan().update_part(r).await }).await?;
        return Some(of_part(player, &answer, name));
    }
    macro_rules! make {
        ($method:ident, $request:ident { $($field:ident: $value:expr),* }) => {{
            let request = pb::$request { name, etag, request_id, $($field: $value),* };
            player.change(request, |s, r| async move { s.careplan().$method(r).await }).await
        }};
    }
    let answer = match player.random.random_range(0..10) {
        0..=2 => make!(
            accept_activity,
            AcceptActivityRequest { due_time: None, activity: None, update_mask: None, reason: String::new() }
        ),
        3 => make!(decline_activity, DeclineActivityRequest { reason: reason }),
        4..=6 => make!(complete_activity, CompleteActivityRequest { outcome: reason }),
        7 => make!(skip_occurrence, SkipOccurrenceRequest { reason: reason }),
        8 => make!(cancel_activity, CancelActivityRequest { reason: reason }),
        _ => {
            let activity =
                Activity { description: format!("v{}", player.random.random::<u32>()), ..Activity::default() };
            let update_mask = prost_types::FieldMask { paths: vec!["description".to_owned()] };
            make!(
                update_activity,
                UpdateActivityRequest { activity: Some(activity), update_mask: Some(update_mask), reason: reason }
            )
        }
    };
    answer.map(|activity| of_activity(player, &activity))
}
