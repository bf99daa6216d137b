//! Referrals and plans played by three organisations at once, in random order, with repetitions, while the server is killed.
//! Afterwards every history is read back and compared with what was acknowledged: each acknowledged change is in it once, and
//! nothing is in it that nobody was told of.
//!
//! `SAMSPIL_PLAY_MOVES` sets how many moves each person makes (40 unless told), `SAMSPIL_PLAY_SEED` which.

mod plans;
mod referrals;
mod watchers;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use prost::{Message, Name};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use samspil_client::{Connection, Error};
use samspil_kit::identity::demo;
use samspil_proto::{
    directory::v1::{Consent, GrantConsentRequest, RegisterCitizenRequest},
    time,
};

use crate::{course::request_id, server::Server};

/// Who plays: the person, and the organisation that the person acts for.
pub(crate) const PLAYERS: [(&str, &str); 4] = [
    ("nurse", demo::MUNICIPALITY),
    ("gp", demo::PRACTICE),
    ("specialist", demo::HOSPITAL),
    ("other_specialist", demo::OTHER_HOSPITAL),
];

pub(crate) fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// A person with a connection and a die.
pub(crate) struct Player {
    pub(crate) person: &'static str,
    pub(crate) connection: Connection,
    pub(crate) random: ChaCha8Rng,
}

impl Player {
    fn new(server: &Server, which: usize, seed: u64) -> Player {
        let (person, _) = PLAYERS[which];
        let random = ChaCha8Rng::seed_from_u64(seed * 100 + which as u64);
        Player { person, connection: server.connect(person), random }
    }

    /// Any of some.
    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { Some(of[self.random.random_range(0..of.len())].clone()) }
    }

    /// Asks until there is an answer: kills come between. A change that was acknowledged is now and then made again with the
    /// same request: it has to get the same answer. `None` for a change that was refused.
    pub(crate) async fn change<M, T, F, Fut>(&mut self, request: M, call: F) -> Option<T>
    where
        M: Message + Name + Clone,
        T: Message + Default + PartialEq,
        F: Fn(Connection, M) -> Fut,
        Fut: Future<Output = Result<tonic::Response<T>, tonic::Status>>,
    {
        let answer = answered(&self.connection, request.clone(), &call).await.ok()?;
        if self.random.random_bool(0.25) {
            let again = answered(&self.connection, request, &call).await;
            assert!(again.is_ok_and(|again| again == answer), "a repeated {} got another answer", M::full_name());
        }
        Some(answer)
    }
}

/// The answer or the refusal, however often the server is killed before it gives one.
pub(crate) async fn answered<M, T, F, Fut>(connection: &Connection, request: M, call: F) -> Result<T, Error>
where
    M: Message + Name + Clone,
    F: Fn(Connection, M) -> Fut,
    Fut: Future<Output = Result<tonic::Response<T>, tonic::Status>>,
{
    loop {
        match connection.call(request.clone(), &call).await {
            Err(error) if error.refusal().is_none() => tokio::time::sleep(Duration::from_millis(20)).await,
            answer => return answer,
        }
    }
}

/// Citizens whose consent covers every player.
async fn citizens(nurse: &Connection, count: u64) -> Vec<String> {
    let mut citizens = Vec::new();
    for serial in 0..count {
        let request = RegisterCitizenRequest {
            person_number: format!("010345{serial:04}"),
            display_name: "Inger Testsen".to_owned(),
            municipality_code: "0766".to_owned(),
            request_id: request_id(),
        };
        let citizen = nurse.call(request, |s, r| async move { s.directory().register_citizen(r).await }).await.unwrap();
        let consent = Consent {
            organisations: PLAYERS.map(|(_, sor)| format!("organisations/{sor}")).into(),
            document: "case 26/1".to_owned(),
            given_time: Some(time::to_wire(nurse.clock().now())),
            ..Consent::default()
        };
        let request =
            GrantConsentRequest { parent: citizen.name.clone(), consent: Some(consent), request_id: request_id() };
        nurse.call(request, |s, r| async move { s.directory().grant_consent(r).await }).await.unwrap();
        citizens.push(citizen.name);
    }
    citizens
}

/// Kills the server at random until it is told that everybody has played.
fn kill_until(mut server: Server, done: Arc<AtomicBool>, seed: u64) -> std::thread::JoinHandle<(Server, u32)> {
    std::thread::spawn(move || {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut kills = 0;
        while !done.load(Relaxed) {
            std::thread::sleep(Duration::from_millis(random.random_range(100..900)));
            server.kill_and_restart();
            kills += 1;
        }
        (server, kills)
    })
}

/// Lets everybody play at once while the server is killed, and gives the server that is left.
async fn play<T, F, Fut>(data: &Path, patients: u64, person: F) -> (Server, u32, Vec<T>)
where
    T: Send + 'static,
    F: Fn(Player, Vec<String>, u64) -> Fut,
    Fut: Future<Output = T> + Send + 'static,
{
    let (moves, seed) = (setting("SAMSPIL_PLAY_MOVES", 40), setting("SAMSPIL_PLAY_SEED", 1));
    let server = Server::start(data, &[]);
    let patients = citizens(&server.connect("nurse"), patients).await;
    let players: Vec<_> = (0..PLAYERS.len()).map(|which| Player::new(&server, which, seed)).collect();
    let done = Arc::new(AtomicBool::new(false));
    let killer = kill_until(server, done.clone(), seed);
    let playing: Vec<_> =
        players.into_iter().map(|player| tokio::spawn(person(player, patients.clone(), moves))).collect();
    let mut played = Vec::new();
    for player in playing {
        played.push(player.await.unwrap());
    }
    done.store(true, Relaxed);
    let (server, kills) = killer.join().unwrap();
    (server, kills, played)
}
