//! Every method × every role × every way to stand to a patient × every kind of token.
//!
//! The methods are those of the descriptor set: one that is added is tried without anybody thinking of it. What each role hears is
//! written to [docs/access-table.md](../../../../docs/access-table.md), which a reviewer reads and sees change; what cannot follow from a
//! rule is named there one by one. `SAMSPIL_WRITE_DOCS=1` writes it anew.

mod calls;
mod requests;
mod situations;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use calls::{Heard, call, heard, path};
use chrono::TimeDelta;
use prost_reflect::MethodDescriptor;
use requests::About;
use samspil_kit::{
    Caller,
    identity::{Issuer, demo},
    permission,
};
use samspil_store::sql;
use samspil_testkit::{World, on_both};
use situations::{EMERGENCY, ROLES, SITUATIONS, Situation, patient, token};
use uuid::Uuid;

fn methods() -> Vec<MethodDescriptor> {
    let services = samspil_proto::descriptors().services();
    services.flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
}

fn about(world: &World, patient: Uuid) -> About {
    About { patient, now: world.clock.now().timestamp() }
}

/// Which service's database has a method's audit.
fn service(method: &MethodDescriptor) -> String {
    method.parent_service().full_name().split('.').nth(1).unwrap_or_default().to_owned()
}

on_both!(nobody_gets_in_without_a_good_token, |world| async move {
    let nurse = world.person("nurse");
    let stranger = Issuer::fresh(world.clock.clone()).unwrap();
    let hour = TimeDelta::hours(1);
    let good = world.issuer.sign(&nurse, hour).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", good.split('.').nth(1).unwrap());
    let tokens = [
        (None, "TOKEN_MISSING"),
        (Some(String::new()), "TOKEN_INVALID"),
        (Some(world.issuer.sign(&nurse, TimeDelta::hours(-1)).unwrap()), "TOKEN_EXPIRED"),
        (Some(stranger.sign(&nurse, hour).unwrap()), "TOKEN_INVALID"),
        (Some(world.issuer.sign_for("another", &nurse, hour).unwrap()), "TOKEN_INVALID"),
        (Some(unsigned), "TOKEN_INVALID"),
    ];
    let mut tried = 0;
    for method in methods() {
        let request = about(&world, Uuid::new_v4()).request(method.input());
        for (token, reason) in &tokens {
            let answer = call(&world, &method, token.as_deref(), &request).await;
            assert_eq!(heard(&answer), Heard::Out((*reason).to_owned()), "{}", path(&method));
            assert_eq!(answer.unwrap_err().code(), tonic::Code::Unauthenticated);
            tried += 1;
        }
    }
    assert!(tried > 600, "{tried}");
});

on_both!(everybody_hears_what_the_table_says, |world| async move {
    let methods = methods();
    // Some methods change what they are asked about, so each has patients of its own.
    let mut patients = BTreeMap::new();
    for (index, _) in methods.iter().enumerate() {
        for situation in SITUATIONS {
            match situation {
                Situation::BrokenGlass => {
                    for role in EMERGENCY {
                        patients.insert((index, role, situation as u8), patient(&world, situation, role).await.patient);
                    }
                }
                _ => {
                    let shared = patient(&world, situation, "").await.patient;
                    for role in ROLES {
                        patients.insert((index, role, situation as u8), shared);
                    }
                }
            }
        }
    }
    world.settle().await;

    let (mut rows, mut unseen) = (Vec::new(), BTreeSet::new());
    for (index, method) in methods.iter().enumerate() {
        let needs = permission::method(&path(method)).and_then(|method| method.permission.clone()).unwrap();
        let mut row = table::Row::new(method, &needs);
        for role in ROLES {
            for situation in SITUATIONS {
                let Some(patient) = patients.get(&(index, role, situation as u8)).copied() else {
                    row.no_such(role);
                    continue;
                };
                let caller = situation.caller(role, patient);
                let request = about(&world, patient).request(method.input());
                let names_patient = format!("{request:?}").contains(&patient.to_string());
                row.names_patient |= names_patient;
                let answer = call(&world, method, Some(&token(&world, &caller)), &request).await;
                let heard = heard(&answer);
                if heard == Heard::Out("NO_RELATION".to_owned()) {
                    looks_as_if_there_were_none(&world, method, &caller, &answer.unwrap_err()).await;
                }
                let to_be_seen = names_patient && !caller.is_service();
                if to_be_seen && !is_in_the_audit(&world, method, &caller, patient, &heard).await {
                    unseen.insert(format!("{} by a {role}: {heard:?}", path(method)));
                }
                row.heard(role, situation, permission::may(&caller, &needs), heard);
            }
        }
        rows.push(row);
    }
    assert!(unseen.is_empty(), "left no entry in the audit: {unseen:#?}");
    table::compare(&rows);
});

/// An outsider hears of a patient who exists what is heard of one who does not: the same code, text and details.
async fn looks_as_if_there_were_none(
    world: &World,
    method: &MethodDescriptor,
    caller: &Caller,
    refusal: &tonic::Status,
) {
    let nobody = about(world, Uuid::new_v4()).request(method.input());
    // A citizen is told about herself alone.
    let answer = call(world, method, Some(&token(world, caller)), &nobody).await.unwrap_err();
    let told = |status: &tonic::Status| (status.code(), status.message().to_owned(), status.details().to_vec());
    assert_eq!(told(&answer), told(refusal), "{}", path(method));
}

/// Whoever asks about a patient is in the audit of the service that was asked, let in or not.
async fn is_in_the_audit(
    world: &World,
    method: &MethodDescriptor,
    caller: &Caller,
    patient: Uuid,
    heard: &Heard,
) -> bool {
    // Who may not call it at all is in the audit without the patient: the request was not read.
    let outcome = match heard {
        Heard::Out(reason) => reason.as_str(),
        Heard::In(_) => "",
    };
    let Some(db) = world.dbs.get(service(method).as_str()) else { return true };
    let action = path(method)[1..].to_owned();
    let mut tx = db.read().await.unwrap();
    let (count,) = sql!(
        &mut tx,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM audit WHERE action = $1 AND person = $2 AND (patient_id = $3 OR ($4 = 'NO_PERMISSION' AND
                patient_id IS NULL)) AND ($4 = '' OR outcome = $4)",
        &action,
        &caller.person,
        patient,
        outcome
    )
    .unwrap();
    // A request that is wrong whoever it is about was not followed, and a stream that has begun has told nothing yet.
    let nothing = match heard {
        Heard::In(what) => what == "InvalidArgument" || (what == "OK" && method.is_server_streaming()),
        Heard::Out(_) => false,
    };
    count > 0 || nothing
}

#[test]
fn the_situations_are_of_different_organisations() {
    assert_ne!(demo::MUNICIPALITY, demo::OTHER_MUNICIPALITY);
    assert_ne!(Situation::Own.organisation(), Situation::Consented.organisation());
}
