//! What the events of other services do here.

use futures::future::BoxFuture;
use prost::Name as _;
use samspil_kit::{
    Error,
    follow::{Handler, OnPresence, Step, payload},
};
use samspil_proto::{
    directory::v1::{Presence, PresenceChanged},
    event::v1::Event,
    names::ReferralName,
    wound::v1::WoundOpened,
};
use uuid::Uuid;

use crate::referral::sql;

/// When a patient dies, every open referral ends. An admission changes nothing here: the hospital decides anyway.
pub(crate) struct Presences;

impl OnPresence for Presences {
    fn changed<'a>(
        &'a self,
        patient: Uuid,
        event: &'a PresenceChanged,
        step: &'a mut Step,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            if event.presence() != Presence::Deceased {
                return Ok(());
            }
            let now = step.base().clock.now();
            for name in sql::open_of(step.tx().await?, patient).await? {
                let tx = step.tx().await?;
                let held = sql::hold(tx, name).await?;
                let mut referral = held.ok_or_else(|| Error::internal("a referral that was just here"))?;
                // Somebody may have ended it since it was listed.
                let Some((stopped, withdrawn)) = referral.die(now) else { continue };
                sql::update(tx, &mut referral).await?;
                let (subject, watchers) = (name.to_string(), referral.seen_by());
                if let Some(stopped) = stopped {
                    step.event(&subject, &watchers, &stopped).await?;
                }
                step.event(&subject, &watchers, &withdrawn).await?;
            }
            Ok(())
        })
    }
}

/// A wound that was opened for an accepted referral is tied to it.
pub(crate) struct Wounds;

impl Handler for Wounds {
    fn source(&self) -> &'static str {
        "wound"
    }

    fn types(&self) -> Vec<String> {
        vec![WoundOpened::full_name()]
    }

    fn handle<'a>(&'a self, event: &'a Event, step: &'a mut Step) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let opened: WoundOpened = payload(event)?;
            if opened.referral.is_empty() {
                return Ok(());
            }
            let name: ReferralName = opened.referral.parse()?;
            let now = step.base().clock.now();
            let tx = step.tx().await?;
            let Some(mut referral) = sql::hold(tx, name).await? else {
                tracing::warn!(referral = %name, "a wound was opened for a referral that is not here");
                return Ok(());
            };
            let Some(tied) = referral.tie(&event.subject, now) else { return Ok(()) };
            sql::update(tx, &mut referral).await?;
            step.event(&name.to_string(), &referral.seen_by(), &tied).await
        })
    }
}
