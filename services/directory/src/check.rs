//! What somebody has to answer for afterwards.
//!
//! Evidence may come late: a nurse registers a citizen before the consent is signed. Such an access leaves a check behind, which
//! settles itself when the consent comes. Whoever broke the glass is always asked.

use chrono::{DateTime, TimeDelta, Utc};
use samspil_kit::Ctx;
use samspil_proto::{
    common::v1::Actor,
    directory::v1::{AccessCheckCause, AccessCheckOutcome},
    names::AccessCheckName,
};
use uuid::Uuid;

use crate::error::Reason;

pub(crate) mod act;
pub(crate) mod rpc;
pub(crate) mod sql;

/// Within this time a check is to be settled.
const DUE_AFTER: TimeDelta = TimeDelta::days(14);

/// A check.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    /// Its id.
    pub id: Uuid,
    /// Who was seen.
    pub patient: Uuid,
    /// What gave rise to it.
    pub cause: AccessCheckCause,
    /// Whom it is about.
    pub about: Actor,
    /// The SOR code on whose behalf: whose matter it is to settle it.
    pub organisation: String,
    /// The emergency access, where that is the cause.
    pub emergency: Option<Uuid>,
    /// What its holder gave as the reason.
    pub reason: String,
    /// When it was opened.
    pub create_time: DateTime<Utc>,
    /// By when it is to be settled.
    pub due_time: DateTime<Utc>,
    /// How it ended. None while it is open.
    pub settled: Option<Settled>,
    /// Counts its changes.
    pub version: i64,
}

/// How a check ended.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    /// Whether the access was right.
    pub outcome: AccessCheckOutcome,
    /// On what grounds. Empty when it settled itself.
    pub note: String,
    /// Who settled it. None when it settled itself.
    pub by: Option<Actor>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Check {
    /// A check on the caller's access to a citizen.
    pub(crate) fn of(ctx: &Ctx, id: Uuid, patient: Uuid, cause: AccessCheckCause) -> Check {
        let now = ctx.now();
        Check {
            id,
            patient,
            cause,
            about: ctx.actor(),
            organisation: ctx.caller.organisation.clone(),
            emergency: None,
            reason: String::new(),
            create_time: now,
            due_time: now + DUE_AFTER,
            settled: None,
            version: 1,
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> String {
        AccessCheckName { patient: self.patient, check: self.id }.to_string()
    }

    /// Changes with every change.
    pub(crate) fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Settles it: somebody other than whom it is about.
    pub(crate) fn settle(&mut self, settled: Settled) -> Result<(), Reason> {
        if settled.by.as_ref().is_some_and(|by| by.person == self.about.person) {
            return Err(Reason::AccessCheckOfOneself);
        }
        if self.settled.is_some() {
            return Err(Reason::AccessCheckSettled);
        }
        self.settled = Some(settled);
        Ok(())
    }
}
