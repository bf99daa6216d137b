//! Changing what is known of a wound.

use samspil_proto::{common::v1::Coding, wound::v1::*};
use samspil_testkit::{on_both, refusal, request_id};
use tonic::Code;

use crate::help::*;

on_both!(the_owner_changes_the_fields_of_the_mask_and_no_other, |world| async move {
    let wound = wound(&world).await;
    let nurse = by(&world, "nurse");
    world.clock.advance(chrono::TimeDelta::hours(1));
    let new = Wound {
        r#type: WoundType::Ts6Pressure.into(),
        label: "the inner one".to_owned(),
        laterality: Laterality::Right.into(),
        ..Wound::default()
    };
    let changed = nurse.updates(&wound.name, new, &["type", "label"]).await.unwrap();
    assert_eq!((changed.r#type(), changed.label.as_str()), (WoundType::Ts6Pressure, "the inner one"));
    assert_eq!((changed.laterality, &changed.body_site), (wound.laterality, &wound.body_site));
    assert_eq!((changed.etag.as_str(), at(changed.update_time).as_str()), ("v2", "2026-11-18T09:00:00Z"));
    assert_eq!(nurse.gets_wound(&wound.name).await.unwrap(), changed);
    let emptied = nurse.updates(&wound.name, Wound::default(), &["onset_date", "laterality"]).await.unwrap();
    assert_eq!((emptied.onset_date.as_str(), emptied.laterality()), ("", Laterality::Unspecified));
    let same = nurse.updates(&wound.name, emptied.clone(), &["label"]).await.unwrap();
    assert_eq!(same, emptied, "nothing has changed");
    let told = events_come(&world, "WoundUpdated", 2).await;
    let fields: Vec<_> = told
        .iter()
        .map(|event| <WoundUpdated as prost::Message>::decode(event.data.as_slice()).unwrap().fields)
        .collect();
    assert_eq!(fields, [["type", "label"], ["laterality", "onset_date"]]);
});

on_both!(a_wound_is_changed_by_its_owner_alone_and_by_its_etag, |world| async move {
    let asked = question(&world).await;
    let wound = wound_of(&asked.name);
    let nurse = by(&world, "nurse");
    let label = || Wound { label: "x".to_owned(), ..Wound::default() };
    let by_specialist = by(&world, "specialist").updates(&wound, label(), &["label"]).await;
    assert_eq!(refused(by_specialist, "NOT_THE_OWNER").code, Code::PermissionDenied);
    refused(by(&world, "gp").updates(&wound, label(), &["label"]).await, "NO_PERMISSION");
    refused(by(&world, "outsider").updates(&wound, label(), &["label"]).await, "NO_RELATION");
    for (mask, new, field) in [
        (&["owner"][..], label(), "update_mask"),
        (&[], label(), "update_mask"),
        (&["type"], label(), "wound.type"),
        (&["body_site"], label(), "wound.body_site"),
        (&["onset_date"], Wound { onset_date: "2026-02-30".to_owned(), ..label() }, "wound.onset_date"),
        (&["onset_date"], Wound { onset_date: "yesterday".to_owned(), ..label() }, "wound.onset_date"),
        (&["body_site"], Wound { body_site: Some(Coding::default()), ..label() }, "wound.body_site.system"),
    ] {
        let refusal = refusal(nurse.updates(&wound, new, mask).await);
        assert_eq!((refusal.code, refusal.fields[0].as_str()), (Code::InvalidArgument, field), "{refusal:?}");
    }
    let request = |etag: &str| UpdateWoundRequest {
        name: wound.clone(),
        wound: Some(label()),
        update_mask: Some(prost_types::FieldMask { paths: vec!["label".to_owned()] }),
        etag: etag.to_owned(),
        request_id: request_id(),
    };
    refused(world.wounds("nurse").update_wound(request("v99")).await, "ETAG_MISMATCH");
    let etag = nurse.gets_wound(&wound).await.unwrap().etag;
    let first = request(&etag);
    let changed = world.wounds("nurse").update_wound(first.clone()).await.unwrap().into_inner();
    assert_eq!(world.wounds("nurse").update_wound(first.clone()).await.unwrap().into_inner(), changed);
    let other = UpdateWoundRequest { etag: String::new(), ..first };
    refused(world.wounds("nurse").update_wound(other).await, "REQUEST_ID_REUSED");
    let (mut one, mut two) = (world.wounds("nurse"), world.wounds("nurse"));
    let again = |label: &str| {
        let mut request = request(&changed.etag);
        request.wound.as_mut().unwrap().label = label.to_owned();
        request
    };
    let (one, two) = tokio::join!(one.update_wound(again("a")), two.update_wound(again("b")));
    assert!(one.is_ok() != two.is_ok(), "one of two is first");
    refused(if one.is_ok() { two } else { one }, "ETAG_MISMATCH");
    nurse.closes(&asked.name, "taken back").await.unwrap();
    nurse.closes_wound(&wound, WoundCloseReason::Healed).await.unwrap();
    refused(nurse.updates(&wound, label(), &["label"]).await, "WOUND_CLOSED");
});
