//! What is done to attached files by hand, and that each of it is found and named.

use chrono::TimeDelta;
use samspil_kit::verify::{self, Report};
use samspil_testkit::on_both;

use crate::{
    attachments::{downloaded_by, letter},
    help::*,
};

on_both!(files_that_are_not_what_their_rows_say_are_named, |world| async move {
    let nurse = By(&world, "nurse");
    let referral = nurse.creates(world.citizen_with_consent().await, to_hospital()).await.unwrap().name;
    let file = letter("what the doctor wrote");
    let name = file.is_announced_by(&nurse, &referral).await.unwrap().name;
    file.is_uploaded_by(&nurse, &name).await.unwrap();
    world.settle().await;
    let id = name.rsplit('/').next().unwrap();
    let (key, row) = (format!("attachments/{id}"), format!("attachments {id}"));
    let listed = world.objects.list("attachments").await.unwrap();
    let (db, a_day_later) = (&world.dbs["referral"], listed[0].changed + TimeDelta::hours(25));
    let found = async || {
        let mut report = Report::new("referral");
        verify::events(db, &[samspil_referral::FILES.told], &mut report).await.unwrap();
        samspil_referral::FILES.verify(db, &world.objects, a_day_later, &mut report).await.unwrap();
        assert_eq!(report.files, 1);
        report.findings.into_iter().map(|found| (found.wrong, found.row, found.object)).collect::<Vec<_>>()
    };
    assert_eq!(found().await, []);
    let other = "what somebody else".to_owned() + &"!".repeat(file.bytes.len() - 18);
    world.objects.put(&key, other.into()).await.unwrap();
    assert_eq!(found().await, [("OBJECT_CHANGED", Some(row.clone()), Some(key.clone()))]);
    refused(downloaded_by(&nurse, &name).await, tonic::Code::DataLoss, "OBJECT_DAMAGED");
    world.objects.put(&key, "short".into()).await.unwrap();
    assert_eq!(found().await, [("OBJECT_SIZE", Some(row.clone()), Some(key.clone()))]);
    world.objects.delete([key.clone()]).await.unwrap();
    assert_eq!(found().await, [("OBJECT_MISSING", Some(row), Some(key))]);
});
