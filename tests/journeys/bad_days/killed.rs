//! A replica dies, or is told to stop, while eight nurses send and a specialist answers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use samspil_client::Connection;

use super::{
    setting,
    site::{Ground, Site},
    work::{Round, answer, every_event_is_there_once},
};

const NURSES: u64 = 8;

/// How a replica goes.
#[derive(Clone, Copy)]
enum End {
    Killed,
    ToldToStop,
}

/// Plays until every nurse is done and replicas have gone so many times; gives how many times they went.
async fn play(end: End, kills: u64, visits: u64) {
    let seed = setting("SAMSPIL_CHAOS_SEED", 1);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut site = Site::start(Ground::on(None).await).await;
    let nurse = site.connect("nurse");
    let questions = NURSES * visits;
    let answered = Arc::new(AtomicUsize::new(0));
    let specialist = tokio::spawn(answer(site.connect("specialist"), questions as usize, answered.clone()));
    let mut rounds = Vec::new();
    for number in 0..NURSES {
        rounds.push(Arc::new(Round::prepare(number, visits, site.ground.folder.path(), &nurse).await));
    }
    let sends: Vec<_> = rounds
        .iter()
        .map(|round| {
            let (round, nurse): (_, Connection) = (round.clone(), site.connect("nurse"));
            tokio::spawn(async move { round.send(&nurse).await })
        })
        .collect();
    let mut gone = 0;
    while gone < kills || !(sends.iter().all(|send| send.is_finished()) && specialist.is_finished()) {
        tokio::time::sleep(Duration::from_millis(random.random_range(50..500))).await;
        if gone < kills {
            let number = random.random_range(0..2);
            match end {
                End::Killed => site.replicas[number].kill(),
                End::ToldToStop => assert!(site.replicas[number].stop().success()),
            }
            site.replicas[number].start_again();
            gone += 1;
        }
    }
    for send in sends {
        send.await.unwrap();
    }
    specialist.await.unwrap();
    println!("{} photos and {questions} questions; a replica went {gone} times, seed {seed}", 2 * questions);
    assert_eq!(answered.load(Relaxed) as u64, questions);
    for round in &rounds {
        round.is_whole(&nurse).await;
    }
    every_event_is_there_once(&site.ground, questions as i64).await;
    site.ground.verify();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_is_there_once_however_often_a_replica_dies() {
    let kills = setting("SAMSPIL_CHAOS_KILLS", 10);
    play(End::Killed, kills, 1 + kills / 10).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_under_load_loses_nothing() {
    let restarts = setting("SAMSPIL_CHAOS_KILLS", 10).div_ceil(2);
    play(End::ToldToStop, restarts, 1 + restarts / 10).await;
}
