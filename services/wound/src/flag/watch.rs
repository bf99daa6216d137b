//! Raising and clearing flags, in the transaction of what is their cause or takes it away.

use samspil_kit::Error;
use samspil_proto::{directory::v1::Presence, names::FlagName, wound::v1 as pb};
use samspil_store::{Tx, presences};

use super::{Flag, Warning, sql};
use crate::{
    access,
    tell::{Teller, tell},
    wound::Wound,
};
use pb::FlagKind as Kind;

/// Raises a flag, unless one of its kind stands.
pub(crate) async fn raise(teller: &impl Teller, tx: &mut Tx, wound: &Wound, warning: Warning) -> Result<(), Error> {
    let flag = Flag {
        flag_id: teller.id(),
        wound_id: wound.wound_id,
        patient_id: wound.patient_id,
        kind: warning.kind.into(),
        state: pb::FlagState::Raised.into(),
        reason: warning.reason,
        cause: warning.cause,
        raise_time: teller.now(),
        returns: 0,
        acknowledgements: Vec::new(),
        alarm_time: None,
        clear_time: None,
        version: 1,
    };
    if sql::insert(tx, &flag).await? {
        let event = pb::FlagRaised { kind: flag.kind, returned: false };
        tell(teller, tx, &flag.name().to_string(), &wound.organisations(), &event).await?;
    }
    Ok(())
}

/// Clears the standing flag of a kind, if there is one: its cause is gone.
pub(crate) async fn clear(teller: &impl Teller, tx: &mut Tx, wound: &Wound, kind: Kind) -> Result<(), Error> {
    if let Some(flag) = sql::clear(tx, wound.wound_id, kind, teller.now()).await? {
        let name = FlagName { patient: wound.patient_id, wound: wound.wound_id, flag };
        let event = pb::FlagCleared { kind: kind.into() };
        tell(teller, tx, &name.to_string(), &wound.organisations(), &event).await?;
    }
    Ok(())
}

/// A wound that leaves tele-assessment needs no watch. That its patient is dead stays true.
pub(crate) async fn closed(teller: &impl Teller, tx: &mut Tx, wound: &Wound) -> Result<(), Error> {
    for kind in [
        Kind::NoAnswer,
        Kind::NoPhoto,
        Kind::NotHealing,
        Kind::InfectionRising,
        Kind::PatientAdmitted,
        Kind::ReferralDeclined,
    ] {
        clear(teller, tx, wound, kind).await?;
    }
    Ok(())
}

/// What is known of the patient's whereabouts holds for a wound that is opened later, too.
pub(crate) async fn of_presence(teller: &impl Teller, tx: &mut Tx, wound: &Wound) -> Result<(), Error> {
    let kind = match presences::get(tx, wound.patient_id).await? {
        Presence::Admitted => Kind::PatientAdmitted,
        Presence::Deceased => Kind::PatientDeceased,
        Presence::Unspecified | Presence::Home | Presence::OnLeave => return Ok(()),
    };
    let reason = format!("{} when the wound was opened", whereabouts(kind));
    let cause = access::patient_name(wound.patient_id).to_string();
    raise(teller, tx, wound, Warning { kind, reason, cause }).await
}

/// What a flag of a presence says.
pub(crate) fn whereabouts(kind: Kind) -> &'static str {
    if kind == Kind::PatientDeceased { "the patient is dead" } else { "the patient is admitted" }
}
