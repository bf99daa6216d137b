//! What `directory` tells of who may see a patient, into the service's own copies.

use prost::Name as _;
use samspil_proto::{
    directory::v1::{
        BlockKind, BlockLifted, BlockPlaced, ConsentGranted, ConsentWithdrawn, EmergencyAccessEnded, GlassBroken,
    },
    event::v1::Event,
    names::{BlockName, ConsentName, EmergencyAccessName, OrganisationName},
    time,
};
use samspil_store::{
    blocks::{self, Block},
    consents, emergencies,
};

use super::{Step, payload};
use crate::{Error, access::Asker};

/// The events that have an effect on the copies.
pub(super) fn types() -> Vec<String> {
    vec![
        ConsentGranted::full_name(),
        ConsentWithdrawn::full_name(),
        BlockPlaced::full_name(),
        BlockLifted::full_name(),
        GlassBroken::full_name(),
        EmergencyAccessEnded::full_name(),
    ]
}

/// Has the effect of one of them.
pub(super) async fn copy(event: &Event, step: &mut Step) -> Result<(), Error> {
    let is = |name: String| event.r#type == name;
    if is(ConsentGranted::full_name()) {
        return granted(event, step).await;
    }
    if is(BlockPlaced::full_name()) {
        return placed(event, step).await;
    }
    if is(GlassBroken::full_name()) {
        return broken(event, step).await;
    }
    let tx = step.tx().await?;
    if is(ConsentWithdrawn::full_name()) {
        consents::withdrawn(tx, event.subject.parse::<ConsentName>()?.consent).await?;
    } else if is(BlockLifted::full_name()) {
        blocks::lifted(tx, event.subject.parse::<BlockName>()?.block).await?;
    } else if is(EmergencyAccessEnded::full_name()) {
        emergencies::ended(tx, event.subject.parse::<EmergencyAccessName>()?.access).await?;
    }
    Ok(())
}

async fn granted(event: &Event, step: &mut Step) -> Result<(), Error> {
    let name: ConsentName = event.subject.parse()?;
    let granted: ConsentGranted = payload(event)?;
    for organisation in &granted.organisations {
        let organisation: OrganisationName = organisation.parse()?;
        consents::granted(step.tx().await?, name.consent, name.patient, &organisation.sor).await?;
    }
    Ok(())
}

async fn placed(event: &Event, step: &mut Step) -> Result<(), Error> {
    let name: BlockName = event.subject.parse()?;
    let placed: BlockPlaced = payload(event)?;
    let target = match placed.kind() {
        BlockKind::Organisation => placed.target.parse::<OrganisationName>()?.sor,
        _ => placed.target.clone(),
    };
    let time = |time: &Option<prost_types::Timestamp>| time.as_ref().and_then(time::from_wire);
    let block = Block {
        block_id: name.block,
        kind: placed.kind(),
        target,
        begin_time: time(&placed.begin_time).unwrap_or_default(),
        end_time: time(&placed.end_time),
    };
    Ok(blocks::placed(step.tx().await?, name.patient, &block).await?)
}

/// The reason is asked for: an event has no free text. An access that is over by then lets nobody in, and is not kept.
async fn broken(event: &Event, step: &mut Step) -> Result<(), Error> {
    let name: EmergencyAccessName = event.subject.parse()?;
    let broken: GlassBroken = payload(event)?;
    let organisation: OrganisationName = broken.organisation.parse()?;
    let holder = Asker { person: &broken.person, organisation: &organisation.sor, ..Asker::default() };
    let known = step.base().peers.relations(name.patient, holder).await?;
    if let Some(emergency) = known.emergencies.iter().find(|one| one.emergency_id == name.access) {
        emergencies::begun(step.tx().await?, name.patient, emergency).await?;
    }
    Ok(())
}
