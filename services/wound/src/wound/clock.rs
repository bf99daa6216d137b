//! The clock on a wound's next photos.

use samspil_kit::{Error, alarms, deadlines::Deadlines};
use samspil_proto::{
    common::v1::ClockStage,
    directory::v1::Presence,
    wound::v1::{FlagKind, VisitState},
};
use samspil_store::{
    Tx,
    clock::{DueClock, Table},
    presences, sql,
};
use uuid::Uuid;

use super::Wound;
use crate::{
    flag::{self, Warning},
    tell::Teller,
    visit::Visit,
};

/// The clock's name in rules and events.
pub(crate) const CLOCK: &str = "next_photo";

impl Wound {
    /// The clock, if anything is due. A row from before clocks were kept gets one for its due time.
    pub(crate) fn clock(&self, deadlines: &Deadlines) -> Result<Option<DueClock>, Error> {
        match (&self.clock, self.next_photo_due) {
            (Some(bytes), _) => Ok(Some(DueClock::decode(bytes)?)),
            (None, Some(due)) => Ok(Some(deadlines.start_due(CLOCK, "", self.update_time, due)?)),
            (None, None) => Ok(None),
        }
    }

    /// Puts the clock into the row. One that has stopped stays to be seen, and nothing is due by it.
    pub(crate) fn set_clock(&mut self, clock: Option<&DueClock>) {
        self.clock = clock.map(DueClock::encode);
        self.alarm_time = clock.and_then(DueClock::alarm_time);
        self.next_photo_due = clock.filter(|clock| !clock.is_stopped()).map(DueClock::due);
    }
}

/// Starts the clock anew, so many days from now. Where the patient is lets it stand still from its start.
pub(crate) async fn start(teller: &impl Teller, tx: &mut Tx, wound: &mut Wound, days: u64) -> Result<(), Error> {
    let (now, deadlines) = (teller.now(), teller.deadlines());
    let due = deadlines.calendar.end_of_day_after(now, days)?;
    let mut clock = deadlines.start_due(CLOCK, "", now, due)?;
    match presences::get(tx, wound.patient_id).await? {
        Presence::Admitted => clock.pause("ADMITTED", now),
        Presence::Deceased => clock.stop("DECEASED", now),
        Presence::Unspecified | Presence::Home | Presence::OnLeave => false,
    };
    wound.set_clock(Some(&clock));
    Ok(())
}

/// Rings the clocks on next photos.
pub(crate) struct PhotoAlarms;

static TABLE: Table = samspil_store::clock_table!("wounds", "wound_id");

impl alarms::Alarms for PhotoAlarms {
    fn table(&self) -> &'static Table {
        &TABLE
    }

    fn ring<'a>(
        &'a self,
        base: &'a samspil_kit::Base,
        tx: &'a mut Tx,
        id: Uuid,
    ) -> futures::future::BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let mut wound = super::sql::by_id(tx, id).await?;
            let mut clock = wound.clock(&base.deadlines)?;
            let reached = clock.as_mut().map(|clock| clock.ring(base.clock.now())).unwrap_or_default();
            wound.set_clock(clock.as_ref());
            super::sql::update_clock(tx, &wound).await?;
            let Some(clock) = clock else { return Ok(()) };
            let (name, organisations) = (wound.name().to_string(), wound.organisations());
            for stage in &reached {
                alarms::reached(base, tx, &name, &organisations, (CLOCK, &wound.owner), (*stage, &clock)).await?;
            }
            if reached.contains(&ClockStage::Overdue) {
                let due = clock.due().format("%Y-%m-%dT%H:%M:%SZ");
                let warning = Warning {
                    kind: FlagKind::NoPhoto,
                    reason: format!("no complete visit by {due}"),
                    cause: last_visit(tx, id).await?,
                };
                flag::watch::raise(base, tx, &wound, warning).await?;
            }
            Ok(())
        })
    }
}

/// The name of the last complete visit, or empty.
async fn last_visit(tx: &mut Tx, wound: Uuid) -> Result<String, Error> {
    let visit = sql!(
        tx,
        fetch_optional as Visit,
        "SELECT * FROM visits WHERE wound_id = $1 AND state = $2 ORDER BY complete_time DESC, visit_id DESC LIMIT 1",
        wound,
        i32::from(VisitState::Complete)
    )?;
    Ok(visit.map(|visit| visit.name().to_string()).unwrap_or_default())
}
