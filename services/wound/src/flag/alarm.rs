//! Brings acknowledged flags back whose cause still stands.

use futures::future::BoxFuture;
use samspil_kit::{Base, Error, alarms};
use samspil_proto::wound::v1 as pb;
use samspil_store::{Tx, clock::Table};
use uuid::Uuid;

use super::sql;
use crate::{tell::tell, wound};

/// Rings when a flag is to come back.
pub(crate) struct FlagAlarms;

static TABLE: Table = samspil_store::clock_table!("flags", "flag_id");

impl alarms::Alarms for FlagAlarms {
    fn table(&self) -> &'static Table {
        &TABLE
    }

    fn ring<'a>(&'a self, base: &'a Base, tx: &'a mut Tx, id: Uuid) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let mut flag = sql::by_id(tx, id).await?;
            let wound = wound::sql::by_id(tx, flag.wound_id).await?;
            let back = flag.come_back(wound.open().is_ok());
            sql::update(tx, &mut flag).await?;
            if back {
                let event = pb::FlagRaised { kind: flag.kind, returned: true };
                tell(base, tx, &flag.name().to_string(), &wound.organisations(), &event).await?;
            }
            Ok(())
        })
    }
}
