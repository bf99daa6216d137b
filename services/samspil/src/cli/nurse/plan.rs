//! The care plan: what is to be done, and the nurse's word on it.

use anyhow::Result;
use chrono::{DateTime, Utc};
use samspil_proto::{
    careplan::v1::{AcceptActivityRequest, CompleteActivityRequest, DeclineActivityRequest, GetCarePlanRequest},
    names::{ActivityName, CarePlanName, PatientName},
    time,
};

use super::{
    super::{call, parse, text},
    Desk,
};

/// Shows a plan.
#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// Whose, `patients/…`.
    #[arg(long)]
    patient: PatientName,
}

impl Plan {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let name = CarePlanName { patient: self.patient.patient }.to_string();
        desk.out.message(&call!(desk.to, careplan.get_care_plan(GetCarePlanRequest { name, version: 0 }))?, text::plan);
        Ok(())
    }
}

/// Takes a proposal on.
#[derive(Debug, clap::Args)]
pub(crate) struct Accept {
    /// The activity, `patients/…/carePlan/activities/…`.
    activity: ActivityName,
    /// By when instead.
    #[arg(long, value_parser = parse::time)]
    due: Option<DateTime<Utc>>,
}

impl Accept {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = AcceptActivityRequest {
            name: self.activity.to_string(),
            due_time: self.due.map(time::to_wire),
            request_id: desk.request_id(),
            ..AcceptActivityRequest::default()
        };
        desk.out.message(&call!(desk.to, careplan.accept_activity(request))?, text::activity);
        Ok(())
    }
}

/// Turns a proposal down.
#[derive(Debug, clap::Args)]
pub(crate) struct Decline {
    /// The activity, `patients/…/carePlan/activities/…`.
    activity: ActivityName,
    /// Why.
    #[arg(long)]
    reason: String,
}

impl Decline {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = DeclineActivityRequest {
            name: self.activity.to_string(),
            reason: self.reason,
            etag: String::new(),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, careplan.decline_activity(request))?, text::activity);
        Ok(())
    }
}

/// Marks an activity as done.
#[derive(Debug, clap::Args)]
pub(crate) struct Complete {
    /// The activity, `patients/…/carePlan/activities/…`.
    activity: ActivityName,
    /// What came of it.
    #[arg(long, default_value = "")]
    outcome: String,
}

impl Complete {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = CompleteActivityRequest {
            name: self.activity.to_string(),
            outcome: self.outcome,
            etag: String::new(),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, careplan.complete_activity(request))?, text::activity);
        Ok(())
    }
}
