//! What the sender fills in: a new referral, and its corrections.

use prost_types::FieldMask;
use samspil_kit::{Error, deadlines::Deadlines, mask, validate::Violation};
use samspil_proto::{
    names::{ReferralName, WoundName},
    referral::v1::{self as pb, Priority, ReferralAmended},
};
use uuid::Uuid;

use super::{
    By, Reason, Referral, codes,
    history::Said,
    state::{Stage, Verb},
};

/// What a sender can correct.
const AMENDABLE: &[&str] =
    &["priority", "service", "indications", "note", "wanted_time", "wound", "receiver", "approver"];

/// What is wrong with a referral, as far as it shows in itself. `sender` is an organisation's name.
pub(super) fn faults(patient: Uuid, sender: &str, asked: &pb::Referral) -> Vec<Violation> {
    let mut found = Vec::new();
    if asked.receiver == sender {
        found.push(fault("receiver", "must be another organisation than the sender"));
    }
    if !asked.approver.is_empty() && (asked.approver == sender || asked.approver == asked.receiver) {
        found.push(fault("approver", "must be another organisation than the sender and the receiver"));
    }
    if !asked.wound.is_empty() && !asked.wound.parse::<WoundName>().is_ok_and(|wound| wound.patient == patient) {
        found.push(fault("wound", "must be a wound of the patient whom the referral is about"));
    }
    let service = asked.service.iter().map(|service| ("service".to_owned(), service));
    let indications = (0..).zip(&asked.indications).map(|(i, indication)| (format!("indications[{i}]"), indication));
    found.extend(service.chain(indications).filter_map(|(field, coding)| Some(fault(&field, codes::wrong(coding)?))));
    found
}

pub(super) fn fault(field: &str, description: &str) -> Violation {
    Violation { field: format!("referral.{field}"), rule: "referral".to_owned(), description: description.to_owned() }
}

fn told(priority: Priority) -> Priority {
    if priority == Priority::Unspecified { Priority::Routine } else { priority }
}

impl Referral {
    /// Writes a referral. What only the service says is not taken from the sender.
    pub(super) fn write(name: ReferralName, asked: pb::Referral, by: &By) -> Referral {
        let mut referral = Referral {
            name,
            stage: Stage::Draft,
            body: pb::Referral {
                priority: told(asked.priority()).into(),
                service: asked.service,
                indications: asked.indications,
                note: asked.note,
                receiver: asked.receiver,
                approver: asked.approver,
                wound: asked.wound,
                wanted_time: asked.wanted_time,
                sender: by.actor.organisation.clone(),
                referrer: Some(by.actor.clone()),
                ..pb::Referral::default()
            },
            clock: None,
            create_time: by.at,
            update_time: by.at,
            version: 1,
        };
        referral.write_down("create", by, Said::default());
        referral
    }

    /// Corrects what is asked for. `None` when nothing is other than before.
    pub(super) fn amend(
        &mut self,
        asked: &pb::Referral,
        fields: &FieldMask,
        reason: String,
        by: &By,
        deadlines: &Deadlines,
    ) -> Result<Option<ReferralAmended>, Error> {
        let stage = self.may(Verb::Amend, by.organisation())?;
        let mut after = self.body.clone();
        mask::apply(fields, AMENDABLE, asked, &mut after)?;
        after.priority = told(after.priority()).into();
        let readdressed = after.receiver != self.body.receiver || after.approver != self.body.approver;
        if stage != Stage::Draft && readdressed {
            return Err(Reason::ReferralSent.into());
        }
        let mut found = faults(self.name.patient, &self.body.sender, &after);
        if stage != Stage::Draft && reason.is_empty() {
            found.push(Violation {
                field: "reason".to_owned(),
                rule: "referral".to_owned(),
                description: "must be told for a referral that is sent".to_owned(),
            });
        }
        if !found.is_empty() {
            return Err(Error::Invalid(found));
        }
        let changed = FieldMask { paths: mask::changed(&self.body, &after)? };
        if changed.paths.is_empty() {
            return Ok(None);
        }
        let mut before = pb::Referral::default();
        mask::apply(&changed, AMENDABLE, &self.body, &mut before)?;
        self.body = after;
        if changed.paths.iter().any(|path| path == "priority") {
            self.restart_decision(deadlines)?;
        }
        let step = self.reach(stage, Verb::Amend, by, Said::words(reason));
        step.before = Some(before);
        step.changed = Some(changed.clone());
        Ok(Some(ReferralAmended { fields: changed.paths }))
    }
}
