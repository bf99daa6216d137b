//! The history: one step for each thing that happened, with what was said, and who was told.

use chrono::{DateTime, Utc};
use samspil_proto::{
    referral::v1::{Receipt, ReferralStep, RejectionReason, TriageState},
    time,
};

use super::{
    By, Referral, sor,
    state::{Stage, Verb},
};

/// What somebody says with a step.
#[derive(Default)]
pub(super) struct Said {
    pub(super) words: String,
    pub(super) rejection_reason: RejectionReason,
}

impl Said {
    pub(super) fn words(words: impl Into<String>) -> Said {
        Said { words: words.into(), ..Said::default() }
    }
}

impl Referral {
    /// Comes to a stage, and writes down how. Whatever else the verb changes is changed before, so that the step tells who
    /// was told of it.
    pub(super) fn reach(&mut self, stage: Stage, verb: Verb, by: &By, said: Said) -> &mut ReferralStep {
        self.stage = stage;
        let revoked = stage == Stage::Revoked;
        if let Some(triage) = self.body.triages.last_mut() {
            match stage.triage_state() {
                Some(state) => triage.state = state.into(),
                None if revoked && triage.state() != TriageState::Rejected => {
                    triage.state = TriageState::Cancelled.into();
                }
                None => {}
            }
        }
        self.write_down(verb.name(), by, said)
    }

    /// Writes a step down.
    pub(super) fn write_down(&mut self, verb: &str, by: &By, said: Said) -> &mut ReferralStep {
        self.touch(by.at);
        // A step is sent to everybody who sees it but those who took it.
        let told = self.seen_by().into_iter().filter(|organisation| organisation != sor(&by.actor.organisation));
        let receipts = told.map(|sor| Receipt { organisation: format!("organisations/{sor}"), ..Receipt::default() });
        self.body.history.push(ReferralStep {
            state: self.stage.state().into(),
            triage_state: self.triage_state().into(),
            actor: Some(by.actor.clone()),
            time: Some(time::to_wire(by.at)),
            verb: verb.to_owned(),
            reason: said.words,
            rejection_reason: said.rejection_reason.into(),
            receipts: receipts.collect(),
            ..ReferralStep::default()
        });
        let last = self.body.history.len() - 1;
        &mut self.body.history[last]
    }

    /// It changes now.
    pub(super) fn touch(&mut self, at: DateTime<Utc>) {
        // Two replicas' clocks may differ a little; a list of what has changed must not go back.
        self.update_time = self.update_time.max(at);
    }
}
