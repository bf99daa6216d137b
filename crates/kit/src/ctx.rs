//! One call: who, when, and the one way to change anything.

use std::{
    collections::HashMap,
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use prost::{Message, Name};
use samspil_proto::{common::v1::Actor, names::BlockName};
use samspil_store::{Db, Tx, audit, keyring::Keyring, outbox, relations, requests};
use tonic::Request;
use uuid::Uuid;

use crate::{
    Caller, Clock, Error,
    access::{self, Asker, Basis, Cause, Decision, Facts, Purpose},
    common::Common,
    deadlines::Deadlines,
    edge,
    peers::Peers,
    telemetry, validate,
};

/// What a service's methods stand on.
#[derive(Clone)]
pub struct Base {
    /// The service's own database.
    pub db: Db,
    /// Time and ids.
    pub clock: Clock,
    /// What rows are sealed and found with.
    pub keys: Keyring,
    /// The other services.
    pub peers: Peers,
    /// By when something is to be done.
    pub deadlines: Arc<Deadlines>,
}

impl Base {
    /// Begins a call: checks the message against the contract's rules and tells who calls.
    ///
    /// # Errors
    /// With every rule that the message breaks.
    pub fn enter<T: Message + Name>(&self, request: Request<T>) -> Result<(Ctx, T), Error> {
        let ctx = self.ctx(&request)?;
        let message = request.into_inner();
        validate::check(&message)?;
        Ok((ctx, message))
    }

    /// Begins a call whose messages come later.
    ///
    /// # Errors
    /// When the edge let a call through that nobody makes.
    pub fn ctx<T>(&self, request: &Request<T>) -> Result<Ctx, Error> {
        let entered = request.extensions().get::<edge::Entered>().ok_or(Common::TokenMissing)?;
        Ok(Ctx {
            base: self.clone(),
            peers: self.peers.on_behalf_of(&entered.bearer),
            caller: entered.caller.clone(),
            method: entered.method,
            named: entered.named.clone(),
            traceparent: telemetry::current_traceparent(),
            trace_id: telemetry::current_trace_id(),
            stands_on: Arc::default(),
        })
    }
}

/// One call.
#[derive(Clone)]
pub struct Ctx {
    base: Base,
    peers: Peers,
    /// Who calls.
    pub caller: Caller,
    /// The method's full name.
    pub method: &'static str,
    named: edge::Named,
    /// The call's own W3C trace context, or empty.
    pub traceparent: String,
    trace_id: String,
    stands_on: Arc<Mutex<HashMap<Uuid, Ground>>>,
}

/// What was decided about a patient in this call, as its audit entries have it.
#[derive(Clone, Default)]
struct Ground {
    basis: &'static str,
    reason: String,
}

impl Ctx {
    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        self.base.clock.now()
    }

    /// A new id.
    pub fn id(&self) -> Uuid {
        self.base.clock.id()
    }

    /// The caller, as a record keeps it.
    pub fn actor(&self) -> Actor {
        self.caller.actor()
    }

    /// What the service stands on.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// The service's database.
    pub fn db(&self) -> &Db {
        &self.base.db
    }

    /// What rows are sealed and found with.
    pub fn keys(&self) -> &Keyring {
        &self.base.keys
    }

    /// The other services, asked on the caller's behalf.
    pub fn peers(&self) -> &Peers {
        &self.peers
    }

    /// By when something is to be done.
    pub fn deadlines(&self) -> &Deadlines {
        &self.base.deadlines
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// As the engine.
    pub async fn read(&self) -> Result<Tx, Error> {
        Ok(self.base.db.read().await?)
    }

    /// Says whom the call names, so that also a no about her is in the audit log. [`Ctx::cares_for`] says so by itself.
    pub fn is_about(&self, patient: Uuid) {
        if !self.caller.is_service() {
            self.named.set(patient);
        }
    }

    /// Passes when the caller may see the patient, as [`access`] decides. Called before anything is looked up, so that an outsider
    /// cannot tell what is there. A refusal is audited.
    ///
    /// # Errors
    /// `NO_RELATION`, or when `directory` has to be asked and does not answer.
    pub async fn cares_for(&self, patient: Uuid) -> Result<(), Error> {
        telemetry::touches(&format!("patients/{patient}"));
        self.is_about(patient);
        let decision = self.decide(patient, Asker::from(&self.caller)).await?;
        self.stands_on(patient, &decision);
        if decision.allowed() { Ok(()) } else { Err(self.refuse(patient).await?) }
    }

    /// The same for a call that goes on: a stream, a download. As long as the service's own copies let the caller through nobody is
    /// asked, so that it may be called before each piece.
    ///
    /// # Errors
    /// As [`Ctx::cares_for`].
    pub async fn still_cares_for(&self, patient: Uuid) -> Result<(), Error> {
        let decision = self.decide_here(patient, Asker::from(&self.caller)).await?;
        if !decision.allowed() {
            return self.cares_for(patient).await;
        }
        self.stands_on(patient, &decision);
        Ok(())
    }

    /// Whether an organisation as such, by its SOR code, may see the patient. May ask `directory`, so it comes before a transaction
    /// begins.
    ///
    /// # Errors
    /// When `directory` has to be asked and does not answer.
    pub async fn covers(&self, patient: Uuid, organisation: &str) -> Result<bool, Error> {
        Ok(self.decide(patient, Asker { organisation, ..Asker::default() }).await?.allowed())
    }

    async fn decide(&self, patient: Uuid, asker: Asker<'_>) -> Result<Decision, Error> {
        let here = self.decide_here(patient, asker).await?;
        // Who works for nobody has no relation that `directory` could know of.
        if here.allowed() || asker.organisation.is_empty() {
            return Ok(here);
        }
        // The copies may be a moment behind: a nurse opens a wound right after she recorded the consent, or broke the glass.
        let relations = self.peers.relations(patient, asker).await?;
        let facts = Facts { patient, relations, ..Facts::default() };
        Ok(access::decide(asker, &facts, Purpose::Care, self.now()))
    }

    async fn decide_here(&self, patient: Uuid, asker: Asker<'_>) -> Result<Decision, Error> {
        let relations = if asker.role == "service" {
            relations::Relations::default()
        } else {
            relations::of(self.db(), patient, asker.organisation, asker.person).await?
        };
        let facts = Facts { patient, relations, ..Facts::default() };
        Ok(access::decide(asker, &facts, Purpose::Care, self.now()))
    }

    /// Notes what an access to a patient stands on, for the audit entries of this call.
    pub fn stands_on(&self, patient: Uuid, decision: &Decision) {
        let ground = match decision.outcome {
            Ok(basis) => Ground { basis: basis.name(), reason: decision.reason.clone() },
            Err(Cause::Blocked(block)) => Ground { basis: "BLOCK", reason: BlockName { patient, block }.to_string() },
            Err(Cause::NoRelation) => Ground::default(),
        };
        self.stands_on.lock().unwrap_or_else(PoisonError::into_inner).insert(patient, ground);
    }

    /// Whether the caller sees the patient because he broke the glass. Then he may read what his organisation has no part in.
    pub fn in_emergency(&self, patient: Uuid) -> bool {
        self.ground(patient).basis == Basis::BreakGlass.name()
    }

    fn ground(&self, patient: Uuid) -> Ground {
        let grounds = self.stands_on.lock().unwrap_or_else(PoisonError::into_inner);
        grounds.get(&patient).cloned().unwrap_or_default()
    }

    /// The refusal of somebody who has no business with a patient, once it is in the audit log.
    ///
    /// # Errors
    /// When the audit entry cannot be written: then there is no answer at all.
    pub async fn refuse(&self, patient: Uuid) -> Result<Error, Error> {
        let refusal = Error::from(Common::NoRelation);
        audit::put_together(&self.base.db, vec![self.entry(Some(patient), "", refusal.reason())]).await?;
        self.named.take();
        Ok(refusal)
    }

    /// Writes that the caller read something about each of these patients, before the answer leaves. The transaction that read
    /// it has to be dropped before: one that is held while another is asked for has all calls wait for all.
    ///
    /// # Errors
    /// When it cannot be written: then the answer must not leave.
    pub fn audit_read<'a>(
        &self,
        touched: impl IntoIterator<Item = (Uuid, &'a str)>,
    ) -> BoxFuture<'_, Result<(), Error>> {
        // A service reads on behalf of the call that caused it, which has its own entry.
        let shown = !self.caller.is_service() && self.caller.via.is_empty();
        let touched = touched.into_iter().filter(|_| shown);
        let entries: Vec<_> = touched.map(|(patient, resource)| self.entry(Some(patient), resource, "OK")).collect();
        Box::pin(async move {
            if entries.is_empty() {
                return Ok(());
            }
            Ok(audit::put_together(&self.base.db, entries).await?)
        })
    }

    /// The same for a list. Where it goes over all patients, each of them is on it by a consent:
    /// [`open_to!`](samspil_store::open_to) lets nobody else through.
    ///
    /// # Errors
    /// As [`Ctx::audit_read`].
    pub fn audit_list<'a>(
        &self,
        touched: impl IntoIterator<Item = (Uuid, &'a str), IntoIter: Clone>,
    ) -> BoxFuture<'_, Result<(), Error>> {
        let touched = touched.into_iter();
        let mut grounds = self.stands_on.lock().unwrap_or_else(PoisonError::into_inner);
        for (patient, _) in touched.clone() {
            grounds.entry(patient).or_insert_with(|| Ground { basis: Basis::Consent.name(), reason: String::new() });
        }
        drop(grounds);
        self.audit_read(touched)
    }

    /// Begins a change, unless it was made already by the same request: then gives the answer of that time.
    ///
    /// # Errors
    /// `REQUEST_ID_REUSED` when the id was used for another request.
    pub async fn change<R: Message + Default>(
        &self,
        request_id: &str,
        request: &impl Message,
    ) -> Result<Begun<R>, Error> {
        let request_id =
            Uuid::try_parse(request_id).map_err(|_| Error::invalid("request_id", "string.uuid", "must be a UUID"))?;
        // Keyed: a request may hold a person number, of which there are so few that a plain hash would be as good as the number.
        let digest = self.base.keys.hash("request", &[self.method.as_bytes(), &request.encode_to_vec()]);
        let mut tx = self.base.db.begin().await?;
        match requests::get(&mut tx, &self.caller.person, request_id).await? {
            Some(given) if given.digest == digest => Ok(Begun::Again(R::decode(given.response.as_slice())?)),
            Some(_) => Err(Common::RequestIdReused.into()),
            None => Ok(Begun::New(Box::new(Change { tx, ctx: self.clone(), request_id, digest }))),
        }
    }

    /// An audit entry of this call, about a patient or nobody, for a change that is not made through [`Ctx::change`].
    pub fn audit_entry(&self, patient: impl Into<Option<Uuid>>, resource: &str) -> audit::Entry {
        self.entry(patient.into(), resource, "OK")
    }

    fn entry(&self, patient: Option<Uuid>, resource: &str, outcome: &str) -> audit::Entry {
        let Ground { basis, reason } = patient.map(|patient| self.ground(patient)).unwrap_or_default();
        audit::Entry {
            entry_id: self.id(),
            time: self.now(),
            person: self.caller.person.clone(),
            display_name: self.caller.display_name.clone(),
            organisation: self.caller.organisation.clone(),
            role: self.caller.role.clone(),
            action: self.method.to_owned(),
            patient_id: patient,
            resource: resource.to_owned(),
            outcome: outcome.to_owned(),
            trace_id: self.trace_id.clone(),
            basis: basis.to_owned(),
            reason,
            via: self.caller.via.clone(),
        }
    }
}

/// A change that begins, or the answer that was already given.
pub enum Begun<R> {
    /// The same request was answered before: this is the answer.
    Again(R),
    /// It is new.
    New(Box<Change>),
}

/// A change in the making: a transaction that ends with an answer. Dropped without [`Change::commit`], it never happened.
pub struct Change {
    tx: Tx,
    ctx: Ctx,
    request_id: Uuid,
    digest: Vec<u8>,
}

impl Change {
    /// Writes an event of this change. `organisations` are the SOR codes of those who may watch it.
    ///
    /// # Errors
    /// As the engine.
    pub async fn event<E: Message + Name>(
        &mut self,
        subject: &str,
        organisations: &[String],
        event: &E,
    ) -> Result<(), Error> {
        let event = outbox::NewEvent {
            id: self.ctx.id(),
            r#type: &E::full_name(),
            subject,
            organisations,
            time: self.ctx.now(),
            traceparent: &self.ctx.traceparent,
            data: event.encode_to_vec(),
        };
        Ok(outbox::put(&mut self.tx, event).await?)
    }

    /// Ends the change: its audit entry, its remembered answer, and the commit.
    ///
    /// # Errors
    /// As the engine; then nothing has changed.
    pub async fn commit<R: Message>(
        mut self: Box<Self>,
        patient: Option<Uuid>,
        resource: &str,
        answer: R,
    ) -> Result<R, Error> {
        telemetry::touches(resource);
        let now = self.ctx.now();
        audit::put(&mut self.tx, &self.ctx.entry(patient, resource, "OK")).await?;
        let response = answer.encode_to_vec();
        requests::put(&mut self.tx, &self.ctx.caller.person, self.request_id, &self.digest, &response, now).await?;
        self.tx.commit().await?;
        Ok(answer)
    }
}

impl Deref for Change {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl DerefMut for Change {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}

/// Begins a change in a method that answers `Result<R, Error>`; a repeated request returns from it with its first answer.
#[macro_export]
macro_rules! once {
    ($ctx:expr, $request:expr) => {
        match $ctx.change(&$request.request_id, &$request).await? {
            $crate::Begun::Again(answer) => return Ok(answer),
            $crate::Begun::New(change) => change,
        }
    };
}
