//! What is refused stands in the audit, wherever it was refused.

use chrono::TimeDelta;
use samspil_kit::identity::Issuer;
use samspil_proto::{
    names::PatientName,
    wound::v1::{GetWoundRequest, ListWoundsRequest, wound_service_client::WoundServiceClient},
};
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use super::*;

/// Every entry that says no, of `wound`, in the order in which they were written.
async fn refused(world: &World) -> Vec<(String, String, Option<Uuid>, String)> {
    let mut tx = world.dbs["wound"].read().await.unwrap();
    let text = "SELECT person, action, patient_id, outcome FROM audit WHERE outcome <> 'OK' ORDER BY entry_id";
    sql!(&mut tx, fetch_all as (String, String, Option<Uuid>, String), text).unwrap()
}

fn entry(
    person: &str,
    method: &str,
    patient: Option<PatientName>,
    outcome: &str,
) -> (String, String, Option<Uuid>, String) {
    let action = format!("samspil.wound.v1.WoundService/{method}");
    (person.to_owned(), action, patient.map(|patient| patient.patient), outcome.to_owned())
}

fn nothing() -> ListWoundsRequest {
    ListWoundsRequest { parent: "patients/-".to_owned(), ..Default::default() }
}

on_both!(who_may_not_do_something_is_in_the_audit_each_time, |world| async move {
    for _ in 0..2 {
        let answer = world.wounds("administrator").list_wounds(nothing()).await;
        assert_eq!(refusal(answer).reason, "NO_PERMISSION");
    }
    let no = entry("demo-administrator", "ListWounds", None, "NO_PERMISSION");
    assert_eq!(refused(&world).await, [no.clone(), no]);
});

on_both!(a_token_that_fails_is_in_the_audit_once_a_minute, |world| async move {
    let expired = world.token("nurse");
    world.clock.advance(TimeDelta::days(366));
    let stranger = Issuer::fresh(world.clock.clone()).unwrap();
    let invalid = stranger.sign(&world.person("nurse"), TimeDelta::hours(1)).unwrap();
    let call = async |token: &String| {
        let answer = WoundServiceClient::new(world.with_token(token.clone())).list_wounds(nothing()).await;
        refusal(answer).reason
    };
    for _ in 0..20 {
        assert_eq!(call(&expired).await, "TOKEN_EXPIRED");
        assert_eq!(call(&invalid).await, "TOKEN_INVALID");
    }
    let told = |outcome| entry("", "ListWounds", None, outcome);
    assert_eq!(refused(&world).await, [told("TOKEN_EXPIRED"), told("TOKEN_INVALID")]);
    world.clock.advance(TimeDelta::minutes(1));
    call(&invalid).await;
    assert_eq!(refused(&world).await[2..], [told("TOKEN_INVALID")]);
});

on_both!(a_flood_of_tokens_that_fail_writes_thirty_entries_a_minute, |world| async move {
    let client = || tonic::client::Grpc::new(world.with_token("nonsense".to_owned()));
    let wound = samspil_proto::descriptors().get_service_by_name("samspil.wound.v1.WoundService").unwrap();
    let methods: Vec<_> = wound.methods().map(|method| method.name().to_owned()).collect();
    assert!(methods.len() > 40);
    for method in &methods {
        let path = format!("/samspil.wound.v1.WoundService/{method}").parse().unwrap();
        let mut client = client();
        client.ready().await.unwrap();
        let codec = tonic_prost::ProstCodec::<ListWoundsRequest, ListWoundsRequest>::default();
        let answer = client.unary(tonic::Request::new(nothing()), path, codec).await;
        assert_eq!(refusal(answer).reason, "TOKEN_INVALID");
    }
    assert_eq!(refused(&world).await.len(), 30);
});

on_both!(who_takes_no_part_is_told_nothing_and_stands_in_the_audit, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nowhere = format!("{patient}/wounds/{}", world.clock.id());
    let get = || GetWoundRequest { name: nowhere.clone() };
    // Covered by the consent, so that only the look-up tells.
    assert_eq!(refusal(world.wounds("gp").get_wound(get()).await).reason, "RESOURCE_NOT_FOUND");
    // Not covered: refused before, and once.
    assert_eq!(refusal(world.wounds("outsider").get_wound(get()).await).reason, "NO_RELATION");
    let told = [
        entry("demo-gp", "GetWound", Some(patient), "RESOURCE_NOT_FOUND"),
        entry("demo-outsider", "GetWound", Some(patient), "NO_RELATION"),
    ];
    assert_eq!(refused(&world).await, told);
});

on_both!(where_no_entry_can_be_written_nobody_hears_even_a_no, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nowhere = format!("{patient}/wounds/{}", world.clock.id());
    let mut tx = world.dbs["wound"].begin().await.unwrap();
    sql!(&mut tx, execute, "ALTER TABLE audit RENAME TO gone").unwrap();
    tx.commit().await.unwrap();
    let unavailable = |refused: samspil_testkit::Refusal| {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::Unavailable, "DATABASE_BUSY"));
    };
    unavailable(refusal(world.wounds("administrator").list_wounds(nothing()).await));
    let mut stranger = WoundServiceClient::new(world.with_token("nonsense".to_owned()));
    // And not at the second time either.
    unavailable(refusal(stranger.list_wounds(nothing()).await));
    unavailable(refusal(stranger.list_wounds(nothing()).await));
    unavailable(refusal(world.wounds("gp").get_wound(GetWoundRequest { name: nowhere }).await));
});
