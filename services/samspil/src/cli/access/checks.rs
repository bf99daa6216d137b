//! Checks on accesses.

use anyhow::Result;
use clap::ValueEnum;
use samspil_client::json;
use samspil_proto::{
    directory::v1::{AccessCheckOutcome, AccessCheckState, ListAccessChecksRequest, SettleAccessCheckRequest},
    names::AccessCheckName,
};
use serde_json::json;

use super::{
    super::{call, text},
    Desk,
};

/// Lists checks.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Those that ended, in place of those that are open.
    #[arg(long)]
    settled: bool,
    /// Only those that should have been settled by now.
    #[arg(long)]
    overdue: bool,
}

impl List {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let state = if self.settled { AccessCheckState::Settled } else { AccessCheckState::Open };
        let mut request = ListAccessChecksRequest {
            parent: "patients/-".to_owned(),
            state: state.into(),
            overdue: self.overdue,
            page_size: 200,
            page_token: String::new(),
        };
        let mut all = Vec::new();
        loop {
            let page = call!(desk.to, directory.list_access_checks(request.clone()))?;
            all.extend(page.access_checks);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        let lines = || match all.len() {
            0 => "nothing to check".to_owned(),
            _ => all.iter().map(|check| text::access_check(check) + "\n").collect(),
        };
        desk.out.value(|| json!({ "access_checks": all.iter().map(json::from_message).collect::<Vec<_>>() }), lines);
        Ok(())
    }
}

/// Settles a check.
#[derive(Debug, clap::Args)]
pub(crate) struct Settle {
    /// The check, `patients/…/accessChecks/…`.
    check: AccessCheckName,
    /// Whether the access was right.
    outcome: Outcome,
    /// On what grounds.
    #[arg(long)]
    note: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Outcome {
    Justified,
    NotJustified,
}

impl Settle {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let outcome = match self.outcome {
            Outcome::Justified => AccessCheckOutcome::Justified,
            Outcome::NotJustified => AccessCheckOutcome::NotJustified,
        };
        let request = SettleAccessCheckRequest {
            name: self.check.to_string(),
            outcome: outcome.into(),
            note: self.note,
            etag: String::new(),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, directory.settle_access_check(request))?, text::access_check);
        Ok(())
    }
}
