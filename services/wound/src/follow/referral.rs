//! Referrals: one that is sent or accepted is tied to the wound that it is about; one that is accepted without a wound opens
//! one; one that general practice declines is a warning.

use std::sync::LazyLock;

use futures::future::BoxFuture;
use prost::{Message as _, Name as _};
use samspil_kit::{
    Base, Error,
    follow::{Handler, Step, payload},
};
use samspil_proto::{
    common::v1::{Actor, Coding},
    event::v1::Event,
    names::{OrganisationName, ReferralName, WoundName},
    referral::v1::{ReferralAccepted, ReferralDeclined, ReferralSent},
    wound::v1::{FlagKind, WoundOpened, WoundReferred, WoundState, WoundType, WoundUpdated},
};
use samspil_store::Tx;
use serde::Deserialize;

use crate::{
    flag::{self, Warning},
    tell::{Teller as _, tell},
    wound::{self, Wound},
};

/// Follows `referral`.
pub(crate) struct Referrals;

#[derive(Deserialize)]
struct Services {
    codes: Vec<Service>,
}

#[derive(Deserialize)]
struct Service {
    code: String,
    /// Empty when the code counts with any.
    system: String,
}

static SERVICES: LazyLock<Services> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/wound-services.json")).expect("the codes are part of the build")
});

fn is_about_a_wound(code: &str, system: &str) -> bool {
    SERVICES.codes.iter().any(|known| known.code == code && known.system == system)
}

impl Handler for Referrals {
    fn source(&self) -> &'static str {
        "referral"
    }

    fn types(&self) -> Vec<String> {
        vec![ReferralSent::full_name(), ReferralAccepted::full_name(), ReferralDeclined::full_name()]
    }

    fn handle<'a>(&'a self, event: &'a Event, step: &'a mut Step) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let base = step.base().clone();
            let tx = step.tx().await?;
            let referral = event.subject.as_str();
            if event.r#type == ReferralSent::full_name() {
                sent(&base, tx, referral, payload(event)?).await
            } else if event.r#type == ReferralDeclined::full_name() {
                declined(&base, tx, referral, payload(event)?).await
            } else {
                accepted(&base, tx, referral, payload(event)?).await
            }
        })
    }
}

/// The wound that a referral names, held. `None` when there is none here: another service's word is no reason to stop.
async fn named(tx: &mut Tx, wound: &str) -> Result<Option<Wound>, Error> {
    let name: WoundName = wound.parse()?;
    wound::sql::hold(tx, name).await?;
    let found = wound::sql::get(tx, name).await?;
    if found.is_none() {
        tracing::warn!(wound = %name, "a referral names a wound that is not here");
    }
    Ok(found)
}

/// The same, for a sender who takes part in it: only such a one can tie others to it.
async fn named_by(tx: &mut Tx, wound: &str, sender: &str) -> Result<Option<Wound>, Error> {
    let sender: OrganisationName = sender.parse()?;
    let found = named(tx, wound).await?;
    let theirs = |found: &Wound| {
        let takes_part = found.takes_part(&sender.sor);
        if !takes_part {
            tracing::warn!(wound = %found.name(), "a referral names a wound that its sender has no part in");
        }
        takes_part
    };
    Ok(found.filter(theirs))
}

/// Shows on the wound that it was referred. The receiver has no part in it before it accepts.
async fn sent(base: &Base, tx: &mut Tx, referral: &str, event: ReferralSent) -> Result<(), Error> {
    if event.wound.is_empty() {
        return Ok(());
    }
    let Some(mut wound) = named_by(tx, &event.wound, &event.sender).await? else { return Ok(()) };
    if !wound.referral.is_empty() {
        return Ok(());
    }
    referral.clone_into(&mut wound.referral);
    wound::sql::update(tx, &mut wound, base.now()).await?;
    let fields = vec!["referral".to_owned()];
    tell(base, tx, &event.wound, &wound.organisations(), &WoundUpdated { fields }).await
}

async fn accepted(base: &Base, tx: &mut Tx, referral: &str, event: ReferralAccepted) -> Result<(), Error> {
    if event.wound.is_empty() {
        if is_about_a_wound(&event.service_code, &event.service_system) {
            return open(base, tx, referral, &event).await;
        }
        return Ok(());
    }
    let receiver: OrganisationName = event.receiver.parse()?;
    let Some(mut wound) = named_by(tx, &event.wound, &event.sender).await? else { return Ok(()) };
    wound::sql::add_participant(tx, &wound, &receiver.sor).await?;
    referral.clone_into(&mut wound.referral);
    wound::sql::update(tx, &mut wound, base.now()).await?;
    let wound = wound::sql::by_id(tx, wound.wound_id).await?;
    let referred = WoundReferred { referral: referral.to_owned(), participant: event.receiver };
    tell(base, tx, &event.wound, &wound.organisations(), &referred).await?;
    flag::watch::clear(base, tx, &wound, FlagKind::ReferralDeclined).await
}

/// Opens a wound for a referral to wound assessment that named none. The hospital that accepted keeps its record.
async fn open(base: &Base, tx: &mut Tx, referral: &str, event: &ReferralAccepted) -> Result<(), Error> {
    let name: ReferralName = referral.parse()?;
    let (sender, receiver): (OrganisationName, OrganisationName) = (event.sender.parse()?, event.receiver.parse()?);
    let now = base.now();
    let participants =
        if sender.sor == receiver.sor { receiver.sor.clone() } else { format!("{} {}", receiver.sor, sender.sor) };
    let wound = Wound {
        wound_id: base.id(),
        patient_id: name.patient,
        state: WoundState::Open.into(),
        r#type: WoundType::Unspecified.into(),
        body_site: Coding::default().encode_to_vec(),
        laterality: 0,
        onset_date: String::new(),
        label: String::new(),
        owner: receiver.sor,
        participants,
        referral: referral.to_owned(),
        opened_for: referral.to_owned(),
        next_photo_due: None,
        clock: None,
        alarm_time: None,
        flags: None,
        close_reason: 0,
        opened_by: Actor { person: "service:wound".to_owned(), ..Actor::default() }.encode_to_vec(),
        create_time: now,
        update_time: now,
        version: 1,
    };
    if !wound::sql::insert(tx, &wound).await? {
        return Ok(());
    }
    let opened = WoundOpened { owner: event.receiver.clone(), r#type: wound.r#type, referral: referral.to_owned() };
    tell(base, tx, &wound.name().to_string(), &wound.organisations(), &opened).await?;
    flag::watch::of_presence(base, tx, &wound).await
}

/// Warns that general practice did not let a referral out: the wound is to leave tele-assessment.
async fn declined(base: &Base, tx: &mut Tx, referral: &str, event: ReferralDeclined) -> Result<(), Error> {
    if event.wound.is_empty() {
        return Ok(());
    }
    let Some(wound) = named(tx, &event.wound).await?.filter(|wound| wound.open().is_ok()) else { return Ok(()) };
    let warning = Warning {
        kind: FlagKind::ReferralDeclined,
        reason: format!("declined by {}", event.approver),
        cause: referral.to_owned(),
    };
    flag::watch::raise(base, tx, &wound, warning).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_of_wound_assessment_open_a_wound() {
        assert!(is_about_a_wound("225395003", "http://snomed.info/sct"));
        assert!(!is_about_a_wound("225395003", "http://loinc.org"), "a bare number of another system");
        assert!(is_about_a_wound("ZZ0150A", "urn:oid:1.2.208.176.2.4"));
        assert!(!is_about_a_wound("225358003", "http://snomed.info/sct"), "wound care");
        assert!(!is_about_a_wound("", ""));
    }
}
