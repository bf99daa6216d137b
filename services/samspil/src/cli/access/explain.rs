//! Why a call is let through, or not.

use anyhow::Result;
use samspil_proto::{
    directory::v1::{AccessVerdict, ExplainAccessRequest, ExplainAccessResponse},
    names::PatientName,
};

use super::{super::call, Desk};

/// Tells whether a call would be let through.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The patient, `patients/…`.
    patient: PatientName,
    /// The method, such as `samspil.wound.v1.WoundService/GetWound`.
    method: String,
    /// Somebody else of the own organisation: the subject that the provider of identities knows.
    #[arg(long, default_value = "", requires = "role")]
    person: String,
    /// In which role.
    #[arg(long, default_value = "")]
    role: String,
}

impl Explain {
    pub(super) fn is_of_somebody_else(&self) -> bool {
        !self.person.is_empty() || !self.role.is_empty()
    }

    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = ExplainAccessRequest {
            patient: self.patient.to_string(),
            method: self.method,
            person: self.person,
            organisation: String::new(),
            role: self.role,
        };
        desk.out.message(&call!(desk.to, directory.explain_access(request))?, told);
        Ok(())
    }
}

fn told(answer: &ExplainAccessResponse) -> String {
    let mut lines = match answer.allowed {
        true => format!("let through: {}\n", answer.basis),
        false => "not let through\n".to_owned(),
    };
    for step in &answer.steps {
        let sign = match step.verdict() {
            AccessVerdict::Allows => "+",
            AccessVerdict::Refuses => "-",
            AccessVerdict::PassesOn | AccessVerdict::Unspecified => " ",
        };
        lines += &format!("  {sign} {:<13} {}\n", step.rule, step.words);
    }
    lines
}
