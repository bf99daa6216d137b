//! Who may see a patient: the one place that decides.
//!
//! [`decide`] knows no database and no clock. Whoever calls it has gathered the facts: every service from its own copies, and where
//! those say no, from `directory`, which knows first ([`Ctx::cares_for`](crate::Ctx::cares_for)); `directory` from its own tables.
//! The rules are asked in one order, each says in words what it found, and the first that lets through or keeps out has decided.

use chrono::{DateTime, SecondsFormat, Utc};
use samspil_proto::{
    directory::v1::{AccessVerdict, BlockKind},
    names::{BlockName, ConsentName, EmergencyAccessName},
};
use samspil_store::{blocks::Block, emergencies::Emergency, relations::Relations};
use uuid::Uuid;

use crate::Caller;

/// Who asks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asker<'a> {
    /// The provider's subject, or empty when it is about an organisation as such.
    pub person: &'a str,
    /// SOR code.
    pub organisation: &'a str,
    /// The role.
    pub role: &'a str,
    /// Whom the person is, for a citizen who calls for herself.
    pub patient: Option<Uuid>,
}

impl<'a> From<&'a Caller> for Asker<'a> {
    fn from(caller: &'a Caller) -> Asker<'a> {
        Asker {
            person: &caller.person,
            organisation: &caller.organisation,
            role: &caller.role,
            patient: caller.patient,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To see or treat a patient.
    Care,
    /// To record a citizen's wishes: consents and blocks.
    Record,
    /// To tell where a patient is, as hospitals have to.
    Report,
}

/// What is known.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Whom it is about.
    pub patient: Uuid,
    /// Whether the organisation lies in the municipality where the patient lives. `None` where that lets nobody in: everywhere but
    /// in `directory`.
    pub own_municipality: Option<bool>,
    /// Whether the organisation is a hospital. Told only where something is reported.
    pub hospital: bool,
    /// Consents, blocks and emergency accesses.
    pub relations: Relations,
}

/// What an access stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Another service of this installation asks, on behalf of a call that has its own entry.
    Service,
    /// It is the citizen's own.
    Citizen,
    /// The person broke the glass.
    BreakGlass,
    /// A consent that stands covers the organisation.
    Consent,
    /// The organisation lies in the municipality where the citizen lives.
    Municipality,
    /// A hospital reports where a patient is, as the law wants it.
    Law,
    /// A check on somebody's access, in the own organisation.
    Review,
}

impl Basis {
    /// As an audit entry has it.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Service => "SERVICE",
            Basis::Citizen => "CITIZEN",
            Basis::BreakGlass => "BREAK_GLASS",
            Basis::Consent => "CONSENT",
            Basis::Municipality => "MUNICIPALITY",
            Basis::Law => "LAW",
            Basis::Review => "ACCESS_REVIEW",
        }
    }
}

/// Why somebody is kept out. The caller never hears which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// There is nothing to stand on.
    NoRelation,
    /// The citizen has blocked it.
    Blocked(Uuid),
}

/// What one rule said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The rule.
    pub rule: &'static str,
    /// What it said.
    pub verdict: AccessVerdict,
    /// The same in words.
    pub words: String,
}

/// What was decided.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What the access stands on, or why there is none.
    pub outcome: Result<Basis, Cause>,
    /// The reason that the person gave, empty unless the access takes one.
    pub reason: String,
    /// What each rule said that was asked, in order.
    pub steps: Vec<Step>,
}

impl Decision {
    /// Whether the access is let through.
    pub fn allowed(&self) -> bool {
        self.outcome.is_ok()
    }

    /// An access that stands on something which this module does not decide.
    pub fn on(basis: Basis) -> Decision {
        Decision { outcome: Ok(basis), reason: String::new(), steps: vec![] }
    }

    fn says(&mut self, rule: &'static str, verdict: AccessVerdict, words: impl Into<String>) {
        self.steps.push(Step { rule, verdict, words: words.into() });
    }

    fn allows(mut self, basis: Basis, rule: &'static str, words: impl Into<String>) -> Decision {
        self.says(rule, AccessVerdict::Allows, words);
        self.outcome = Ok(basis);
        self
    }

    fn refuses(mut self, cause: Cause, rule: &'static str, words: impl Into<String>) -> Decision {
        self.says(rule, AccessVerdict::Refuses, words);
        self.outcome = Err(cause);
        self
    }
}

/// Decides.
pub fn decide(asker: Asker<'_>, facts: &Facts, purpose: Purpose, now: DateTime<Utc>) -> Decision {
    let mut so_far = Decision { outcome: Err(Cause::NoRelation), reason: String::new(), steps: vec![] };
    if asker.role == "service" {
        return match purpose {
            Purpose::Care | Purpose::Report => {
                so_far.allows(Basis::Service, "SERVICE", "a service of this installation asks")
            }
            Purpose::Record => so_far.refuses(Cause::NoRelation, "SERVICE", "a service records nobody's wishes"),
        };
    }
    if asker.role == "citizen" {
        return if asker.patient == Some(facts.patient) {
            so_far.allows(Basis::Citizen, "CITIZEN", "it is the citizen's own")
        } else {
            so_far.refuses(Cause::NoRelation, "CITIZEN", "a citizen sees what is her own, and nothing else")
        };
    }
    if purpose == Purpose::Record {
        return record(so_far, facts, now);
    }
    if purpose == Purpose::Report && facts.hospital {
        return so_far.allows(Basis::Law, "HOSPITAL", "a hospital reports where its patients are, without a consent");
    }
    match emergency(facts, now) {
        Some(emergency) => {
            let name = EmergencyAccessName { patient: facts.patient, access: emergency.emergency_id };
            let words = format!("{name} of this person lasts until {}", written(emergency.end_time));
            so_far.reason.clone_from(&emergency.reason);
            return so_far.allows(Basis::BreakGlass, "EMERGENCY", words);
        }
        None => {
            so_far.says("EMERGENCY", AccessVerdict::PassesOn, "this person has no emergency access to the patient now")
        }
    }
    let Some((basis, rule, words)) = relation(facts, &mut so_far) else {
        return so_far.refuses(Cause::NoRelation, "RELATION", "there is nothing for the access to stand on");
    };
    // After the relation, so that whoever has none is told nothing of blocks.
    if let Some(block) = facts.relations.blocks.iter().find(|block| holds(block, now)) {
        return refused_by(so_far, facts, block);
    }
    so_far.says("BLOCKS", AccessVerdict::PassesOn, "no block of the citizen keeps this person or organisation out");
    so_far.allows(basis, rule, words)
}

/// What the organisation's relation is, the stronger evidence first.
fn relation(facts: &Facts, so_far: &mut Decision) -> Option<(Basis, &'static str, String)> {
    if let Some(consent) = facts.relations.consents.first() {
        let name = ConsentName { patient: facts.patient, consent: *consent };
        return Some((Basis::Consent, "CONSENT", format!("{name} stands and covers the organisation")));
    }
    so_far.says("CONSENT", AccessVerdict::PassesOn, "no consent that stands covers the organisation");
    match facts.own_municipality {
        Some(true) => {
            let words = "the organisation lies in the municipality where the citizen lives";
            Some((Basis::Municipality, "MUNICIPALITY", words.to_owned()))
        }
        Some(false) => {
            let words = "the organisation does not lie in the municipality where the citizen lives";
            so_far.says("MUNICIPALITY", AccessVerdict::PassesOn, words);
            None
        }
        None => None,
    }
}

/// The citizen's own municipality records what the citizen wants, whatever is blocked: somebody has to be able to lift a block on
/// everybody. Only who is blocked in person does not.
fn record(mut so_far: Decision, facts: &Facts, now: DateTime<Utc>) -> Decision {
    if facts.own_municipality != Some(true) {
        let words = "the citizen's wishes are recorded by the municipality where the citizen lives, and by nobody else";
        return so_far.refuses(Cause::NoRelation, "MUNICIPALITY", words);
    }
    let in_person = |block: &&Block| block.kind == BlockKind::Person && holds(block, now);
    if let Some(block) = facts.relations.blocks.iter().find(in_person) {
        return refused_by(so_far, facts, block);
    }
    so_far.says("BLOCKS", AccessVerdict::PassesOn, "no block of the citizen keeps this person out");
    so_far.allows(
        Basis::Municipality,
        "MUNICIPALITY",
        "the organisation lies in the municipality where the citizen lives",
    )
}

fn refused_by(so_far: Decision, facts: &Facts, block: &Block) -> Decision {
    let name = BlockName { patient: facts.patient, block: block.block_id };
    let whom = match block.kind {
        BlockKind::Person => "this person",
        BlockKind::Organisation => "this organisation",
        BlockKind::Everybody | BlockKind::Unspecified => "everybody",
    };
    so_far.refuses(Cause::Blocked(block.block_id), "BLOCKS", format!("{name} keeps {whom} out"))
}

/// The emergency access that lasts longest.
fn emergency(facts: &Facts, now: DateTime<Utc>) -> Option<&Emergency> {
    let lasting = facts.relations.emergencies.iter().filter(|one| one.begin_time <= now && now < one.end_time);
    lasting.max_by_key(|one| (one.end_time, one.emergency_id))
}

/// Whether a block keeps anybody out at a time.
pub fn holds(block: &Block, now: DateTime<Utc>) -> bool {
    block.begin_time <= now && block.end_time.is_none_or(|end| now < end)
}

fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests;
