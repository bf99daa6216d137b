//! What the answer asks of the municipality, and its word on it.

use std::time::{Duration, Instant};

use samspil_client::Connection;
use samspil_kit::identity::demo;
use samspil_proto::{
    careplan::v1::{AcceptActivityRequest, Activity, ActivityState, DeclineActivityRequest, ListActivitiesRequest},
    time,
};

use super::{local, organisation, request_id};
use crate::tell::Teller;

/// What the care plan holds for the municipality, once it has followed.
pub(super) async fn proposals(nurse: &Connection, plan: &str, least: usize) -> anyhow::Result<Vec<Activity>> {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let request = ListActivitiesRequest {
            parent: plan.to_owned(),
            state: ActivityState::Proposed as i32,
            ..ListActivitiesRequest::default()
        };
        let found = nurse.call(request, |s, r| async move { s.careplan().list_activities(r).await }).await?.activities;
        let ours: Vec<_> =
            found.into_iter().filter(|activity| activity.owner == organisation(demo::MUNICIPALITY)).collect();
        if ours.len() >= least {
            return Ok(ours);
        }
        anyhow::ensure!(Instant::now() < until, "the care plan has no proposals");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Accepts what the patient needs, and declines what is done already.
pub(super) async fn decide(nurse: &Connection, teller: &Teller, proposals: &[Activity]) -> anyhow::Result<()> {
    teller.step("care plan", &format!("holds {} proposals for the municipality", proposals.len()));
    for activity in proposals {
        let due = activity.due_time.as_ref().and_then(time::from_wire);
        let (name, etag) = (activity.name.clone(), activity.etag.clone());
        let decided = if activity.description.starts_with("Offload") {
            let reason = "The patient sleeps on the other side already".to_owned();
            let request = DeclineActivityRequest { name, reason, etag, request_id: request_id() };
            nurse.call(request, |s, r| async move { s.careplan().decline_activity(r).await }).await?;
            "declined, with a reason"
        } else {
            let request =
                AcceptActivityRequest { name, etag, request_id: request_id(), ..AcceptActivityRequest::default() };
            nurse.call(request, |s, r| async move { s.careplan().accept_activity(r).await }).await?;
            "accepted"
        };
        teller.detail(&format!("{decided}: {} (by {})", activity.description, local(due)));
    }
    Ok(())
}
