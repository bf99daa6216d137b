//! What other services' events do here.

use futures::future::BoxFuture;
use prost::Name as _;
use samspil_kit::{
    Error,
    follow::{Handler, Step, payload},
};
use samspil_proto::{
    event::v1::Event,
    names::{OrganisationName, WoundName},
    referral::v1::ReferralAccepted,
    wound::v1::WoundReferred,
};

use crate::wound;

/// An accepted referral that names a wound lets the receiver take part in it.
pub(crate) struct Referrals;

impl Handler for Referrals {
    fn source(&self) -> &'static str {
        "referral"
    }

    fn types(&self) -> Vec<String> {
        vec![ReferralAccepted::full_name()]
    }

    fn handle<'a>(&'a self, event: &'a Event, step: &'a mut Step) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let accepted: ReferralAccepted = payload(event)?;
            if accepted.wound.is_empty() {
                return Ok(());
            }
            let name: WoundName = accepted.wound.parse()?;
            let (sender, receiver): (OrganisationName, OrganisationName) =
                (accepted.sender.parse()?, accepted.receiver.parse()?);
            let now = step.base().clock.now();
            let tx = step.tx().await?;
            wound::sql::hold(tx, name).await?;
            let Some(mut found) = wound::sql::get(tx, name).await? else {
                tracing::warn!(wound = %name, "an accepted referral names a wound that is not here");
                return Ok(());
            };
            // Only somebody who takes part can let another in.
            if !found.takes_part(&sender.sor) {
                tracing::warn!(wound = %name, "an accepted referral names a wound that its sender has no part in");
                return Ok(());
            }
            wound::sql::add_participant(tx, &found, &receiver.sor).await?;
            found.referral = event.subject.clone();
            wound::sql::update(tx, &mut found, now).await?;
            let with_receiver =
                wound::sql::get(tx, name).await?.ok_or_else(|| Error::internal("a wound that was just here"))?;
            let referred = WoundReferred { referral: event.subject.clone(), participant: accepted.receiver };
            step.event(&name.to_string(), &with_receiver.organisations(), &referred).await
        })
    }
}

/// What happens here when a patient is admitted, comes home or dies.
pub(crate) struct Presences;

impl samspil_kit::follow::OnPresence for Presences {
    fn changed<'a>(
        &'a self,
        _patient: uuid::Uuid,
        _event: &'a samspil_proto::directory::v1::PresenceChanged,
        _step: &'a mut samspil_kit::follow::Step,
    ) -> futures::future::BoxFuture<'a, Result<(), samspil_kit::Error>> {
        Box::pin(async { Ok(()) })
    }
}
