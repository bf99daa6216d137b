//! The clocks of activities: a proposal that nobody answers, something that is not done in time.

use futures::future::BoxFuture;
use samspil_kit::{
    Base, Error,
    alarms::{self, Alarms},
};
use samspil_store::{
    Tx,
    clock::{DueClock, Table},
    clock_table,
};
use uuid::Uuid;

use super::sql;

/// Rings them.
pub(crate) struct ActivityClocks;

static TABLE: Table = clock_table!("activities", "activity_id");

impl Alarms for ActivityClocks {
    fn table(&self) -> &'static Table {
        &TABLE
    }

    fn ring<'a>(&'a self, base: &'a Base, tx: &'a mut Tx, id: Uuid) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let activity = sql::by_id(tx, id).await?.ok_or_else(|| Error::internal("an alarm of no activity"))?;
            let missing = || Error::internal("an alarm without its clock");
            let mut clock: DueClock = activity.clock.clone().ok_or_else(missing)?;
            let stages = clock.ring(base.clock.now());
            let (name, concerns) = (activity.name().to_string(), activity.concerns());
            for stage in stages {
                let whose = (activity.clock_rule(), activity.owner.sor.as_str());
                alarms::reached(base, tx, &name, &concerns, whose, (stage, &clock)).await?;
            }
            sql::rung(tx, id, &clock).await
        })
    }
}
