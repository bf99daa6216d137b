//! The audit of every service: whether what was done to it by hand is found, and what stands in it.
//!
//! `directory` stands for all of them: the tables and the sealer are the same in each.

mod passed_on;
mod reading;
mod refusals;
mod sealing;
mod tampering;

use samspil_kit::{
    audit::{Report, Signed, sealer, verify},
    identity::demo,
};
use samspil_proto::directory::v1::GetCitizenRequest;
use samspil_store::{Db, sql};
use samspil_testkit::World;
use uuid::Uuid;

const SERVICE: &str = "directory";

fn db(world: &World) -> &Db {
    &world.dbs[SERVICE]
}

/// Writes entries by the calls that cause them: three for each citizen.
async fn work(world: &World, citizens: usize) {
    for _ in 0..citizens {
        let patient = world.citizen_with_consent().await;
        let request = GetCitizenRequest { name: patient.to_string() };
        world.directory("specialist").get_citizen(request).await.unwrap();
    }
}

/// Seals what is committed and signs how far that is.
async fn seal(world: &World) -> Signed {
    let sealed = sealer::checkpoint(SERVICE, db(world), &world.clock, &world.audit_key).await;
    sealed.unwrap().expect("entries")
}

/// A dozen sealed entries in a world that has stopped, with a checkpoint that was kept elsewhere.
async fn a_dozen(world: &mut World) -> Signed {
    work(world, 4).await;
    world.stop().await;
    let signed = seal(world).await;
    assert_eq!(signed.checkpoint.sequence, 12);
    signed
}

async fn report(world: &World, kept: &[Signed]) -> Report {
    verify(SERVICE, db(world), world.audit_key.public(), kept, world.clock.now()).await.unwrap()
}

async fn count(world: &World, text: &'static str) -> i64 {
    let mut tx = db(world).read().await.unwrap();
    sql!(&mut tx, fetch_one as (i64,), text).unwrap().0
}

/// The entry at a place in the chain.
async fn entry_at(world: &World, sequence: i64) -> Uuid {
    let mut tx = db(world).read().await.unwrap();
    let text = "SELECT entry_id FROM audit_seals WHERE sequence = $1";
    sql!(&mut tx, fetch_one as (Uuid,), text, sequence).unwrap().0
}
