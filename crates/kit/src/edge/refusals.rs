//! The audit of what is refused before a service has it, or without its saying whom it was about.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex as Lock, PoisonError},
};

use samspil_store::{Db, audit};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::Entered;
use crate::{Caller, Clock, Error, common::Common, permission, telemetry};

/// Entries of nobody that are written in a minute, at most: anybody can send tokens that fail, at any rate.
const NOBODY: usize = 30;

/// What is wrong with a token, as far as it is written down. Who sends none claims to be nobody.
const OF_TOKENS: [&str; 5] = ["TOKEN_EXPIRED", "TOKEN_REVOKED", "TOKEN_INVALID", "CALLER_UNKNOWN", "ASSURANCE_TOO_LOW"];

/// Writes refusals down, each in the database of the service that was called.
#[derive(Clone)]
pub struct Refusals {
    dbs: Arc<HashMap<String, Db>>,
    /// For what is no service's own.
    first: Db,
    clock: Clock,
    nobody: Arc<Mutex<Minute>>,
}

/// What nobody was refused in a minute: the reason and the method.
#[derive(Default)]
struct Minute {
    minute: i64,
    refused: HashSet<(&'static str, &'static str)>,
}

impl Refusals {
    /// Of the services in this process, by name; `first` takes what is none's own.
    pub fn of(dbs: HashMap<String, Db>, first: Db, clock: Clock) -> Refusals {
        Refusals { dbs: Arc::new(dbs), first, clock, nobody: Arc::default() }
    }

    /// The refusal of a token, once it is written down. As often as it happens in a minute it is written once for each reason and
    /// method; the log has every one.
    pub(super) async fn of_token(&self, error: Error, path: &str) -> Error {
        if !OF_TOKENS.contains(&error.reason()) {
            return error;
        }
        let method = permission::method(path).map_or("unknown", |method| method.name);
        // Held while it is written, so that nobody is answered before it is.
        let mut nobody = self.nobody.lock().await;
        let minute = self.clock.now().timestamp() / 60;
        if nobody.minute != minute {
            *nobody = Minute { minute, ..Minute::default() };
        }
        let refused = (error.reason(), method);
        if nobody.refused.len() >= NOBODY || nobody.refused.contains(&refused) {
            return error;
        }
        match self.write(&Caller::default(), method, None, error.reason()).await {
            Ok(()) => {
                nobody.refused.insert(refused);
                error
            }
            Err(unwritten) => unwritten,
        }
    }

    /// The refusal of somebody who is known, once it is written down.
    pub(super) async fn of_caller(&self, error: Error, entered: &Entered, patient: Option<Uuid>) -> Error {
        match self.write(&entered.caller, entered.method, patient, error.reason()).await {
            Ok(()) => error,
            Err(unwritten) => unwritten,
        }
    }

    /// Writes a refusal down.
    ///
    /// # Errors
    /// `DATABASE_BUSY` when it cannot: then this is what the caller hears.
    pub(super) async fn write(
        &self,
        caller: &Caller,
        method: &'static str,
        patient: Option<Uuid>,
        reason: &str,
    ) -> Result<(), Error> {
        let entry = audit::Entry {
            entry_id: self.clock.id(),
            time: self.clock.now(),
            person: caller.person.clone(),
            display_name: caller.display_name.clone(),
            organisation: caller.organisation.clone(),
            role: caller.role.clone(),
            action: method.to_owned(),
            patient_id: patient,
            resource: patient.map(|patient| format!("patients/{patient}")).unwrap_or_default(),
            outcome: reason.to_owned(),
            trace_id: telemetry::current_trace_id(),
            via: caller.via.clone(),
            ..audit::Entry::default()
        };
        let service = method.split('.').nth(1).unwrap_or_default();
        let db = self.dbs.get(service).unwrap_or(&self.first);
        audit::put_together(db, vec![entry]).await.map_err(|error| {
            tracing::error!(error = %error, "failed to write a refusal into the audit");
            Common::DatabaseBusy.into()
        })
    }
}

/// The patient whom a call names, for as long as nothing in the audit says that it was refused.
#[derive(Debug, Clone, Default)]
pub struct Named(Arc<Lock<Option<Uuid>>>);

impl Named {
    /// The call names a patient.
    pub fn set(&self, patient: Uuid) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(patient);
    }

    /// Gives the patient up, once: whoever takes it writes the entry.
    pub fn take(&self) -> Option<Uuid> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
