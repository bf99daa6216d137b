//! Emergencies.

use anyhow::Result;
use samspil_proto::{
    directory::v1::{BreakGlassRequest, EndBreakGlassRequest},
    names::{EmergencyAccessName, PatientName},
};

use super::{
    super::{call, parse, text},
    Desk,
};

/// Breaks the glass.
#[derive(Debug, clap::Args)]
pub(crate) struct Break {
    /// The patient, `patients/…`.
    #[arg(required_unless_present = "person_number")]
    patient: Option<PatientName>,
    /// In place of the patient: CPR or replacement number; `-` reads it from the standard input.
    #[arg(long, conflicts_with = "patient")]
    person_number: Option<String>,
    /// What the emergency is. It stays in the audit log, and somebody will ask.
    #[arg(long)]
    reason: String,
    /// For so many minutes, at most 480.
    #[arg(long, default_value_t = 60)]
    minutes: i32,
}

impl Break {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = BreakGlassRequest {
            parent: self.patient.map_or("patients/-".to_owned(), |patient| patient.to_string()),
            person_number: self.person_number.map(parse::person_number).transpose()?.unwrap_or_default(),
            reason: self.reason,
            duration_minutes: self.minutes,
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, directory.break_glass(request))?, text::emergency_access);
        Ok(())
    }
}

/// Gives an access back.
#[derive(Debug, clap::Args)]
pub(crate) struct End {
    /// The access, `patients/…/emergencyAccesses/…`.
    access: EmergencyAccessName,
}

impl End {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = EndBreakGlassRequest { name: self.access.to_string(), request_id: desk.request_id() };
        desk.out.message(&call!(desk.to, directory.end_break_glass(request))?, text::emergency_access);
        Ok(())
    }
}
