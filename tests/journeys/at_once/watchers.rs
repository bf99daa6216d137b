//! A stream of referrals that is opened again after every kill, from the last cursor that was seen.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use samspil_client::Connection;
use samspil_proto::referral::v1::{ListReferralsRequest, ReferralUpdate, WatchReferralsRequest};

use super::{Player, answered};
use crate::server::Server;

/// What a stream has brought.
pub(super) struct Watcher {
    seen: Arc<Mutex<Vec<ReferralUpdate>>>,
    connection: Connection,
    task: tokio::task::JoinHandle<()>,
}

/// Watches the referrals of a player's organisation from now on.
pub(super) fn referrals(player: &Player) -> Watcher {
    let seen = Arc::<Mutex<Vec<ReferralUpdate>>>::default();
    let (connection, to) = (player.connection.clone(), seen.clone());
    let task = tokio::spawn(async move {
        let mut cursor = String::new();
        loop {
            let request = WatchReferralsRequest { cursor: cursor.clone() };
            if let Ok(updates) = connection.referral().watch_referrals(request).await {
                let mut updates = updates.into_inner();
                while let Ok(Some(update)) = updates.message().await {
                    cursor.clone_from(&update.cursor);
                    if update.referral.is_some() {
                        to.lock().unwrap().push(update);
                    }
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    Watcher { seen, connection: player.connection.clone(), task }
}

impl Watcher {
    /// Waits until the stream has brought the last change of every referral of the organisation, and checks that it brought
    /// every change once: those from when the organisation first heard of a referral.
    pub(super) async fn saw_everything(self, server: &Server, organisation: &str) {
        let mine = format!("organisations/{organisation}");
        let request = ListReferralsRequest { parent: "patients/-".to_owned(), page_size: 1000, ..Default::default() };
        let listed = answered(&self.connection, request, |s, r| async move { s.referral().list_referrals(r).await });
        let listed = listed.await.unwrap().referrals;
        let until = Instant::now() + Duration::from_secs(30);
        let missing = |seen: &[ReferralUpdate]| {
            let has = |name: &str, etag: &str| {
                let of_it = seen.iter().filter_map(|update| update.referral.as_ref());
                of_it.filter(|seen| seen.name == name).any(|seen| seen.etag == etag)
            };
            // A draft is nobody's news.
            let told = listed.iter().filter(|referral| referral.history.len() > 1);
            told.filter(|referral| !has(&referral.name, &referral.etag)).map(|r| r.name.clone()).collect::<Vec<_>>()
        };
        loop {
            let missing = missing(&self.seen.lock().unwrap());
            if missing.is_empty() {
                break;
            }
            assert!(Instant::now() < until, "{organisation} did not hear of {missing:?} on {}", server.endpoint());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.task.abort();
        let seen = self.seen.lock().unwrap();
        let cursors: Vec<i64> = seen.iter().map(|update| sequence(&update.cursor)).collect();
        assert!(cursors.is_sorted_by(|before, after| before < after), "an update came twice or out of order");
        let mut updates = BTreeMap::<_, usize>::new();
        // That a wound was opened for it is no step of anybody's.
        let steps = seen.iter().filter(|update| !update.r#type.ends_with(".ReferralWoundOpened"));
        for update in steps.filter_map(|update| update.referral.as_ref()) {
            *updates.entry(&update.name).or_default() += 1;
        }
        for referral in listed.iter().filter(|referral| referral.sender == mine) {
            let told = updates.get(&referral.name).copied().unwrap_or_default();
            assert_eq!(
                told,
                referral.history.len() - 1,
                "of {}: one update for each step but its writing",
                referral.name
            );
        }
    }
}

fn sequence(cursor: &str) -> i64 {
    cursor.split_once('-').and_then(|(sequence, _)| sequence.parse().ok()).expect("a cursor with its place")
}
