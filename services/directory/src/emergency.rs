//! Accesses in an emergency: somebody breaks the glass, for a reason and a while.

use chrono::{DateTime, TimeDelta, Utc};
use samspil_proto::{common::v1::Actor, names::EmergencyAccessName};
use uuid::Uuid;

use crate::error::Reason;

pub(crate) mod act;
pub(crate) mod rpc;
pub(crate) mod sql;

/// How long an access lasts when nobody says.
const DEFAULT: TimeDelta = TimeDelta::hours(1);

/// Somebody's access in an emergency.
#[derive(Debug, Clone)]
pub(crate) struct EmergencyAccess {
    /// Its id.
    pub id: Uuid,
    /// Whom it opens.
    pub patient: Uuid,
    /// Who has it: nobody else may use it.
    pub holder: Actor,
    /// Why.
    pub reason: String,
    /// From when on.
    pub begin_time: DateTime<Utc>,
    /// Until when, at the latest.
    pub end_time: DateTime<Utc>,
    /// When its holder gave it back.
    pub give_back_time: Option<DateTime<Utc>>,
    /// The check that was opened with it.
    pub check: Uuid,
}

impl EmergencyAccess {
    /// Its name.
    pub(crate) fn name(&self) -> String {
        EmergencyAccessName { patient: self.patient, access: self.id }.to_string()
    }

    /// Gives it back.
    pub(crate) fn give_back(&mut self, at: DateTime<Utc>) -> Result<(), Reason> {
        if self.give_back_time.is_some() || self.end_time <= at {
            return Err(Reason::EmergencyAccessOver);
        }
        self.give_back_time = Some(at);
        Ok(())
    }
}

/// How long an access lasts for which so many minutes were asked.
pub(crate) fn duration(minutes: i32) -> TimeDelta {
    if minutes == 0 { DEFAULT } else { TimeDelta::minutes(i64::from(minutes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_is_given_back_once_and_in_its_time() {
        let begin_time = DateTime::UNIX_EPOCH;
        let access = EmergencyAccess {
            id: Uuid::nil(),
            patient: Uuid::nil(),
            holder: Actor::default(),
            reason: String::new(),
            begin_time,
            end_time: begin_time + duration(0),
            give_back_time: None,
            check: Uuid::nil(),
        };
        let just_before = access.end_time - TimeDelta::microseconds(1);
        let mut given_back = access.clone();
        assert_eq!(given_back.give_back(just_before), Ok(()));
        assert_eq!(given_back.give_back(just_before), Err(Reason::EmergencyAccessOver));
        assert_eq!(access.clone().give_back(access.end_time), Err(Reason::EmergencyAccessOver));
        assert_eq!((duration(0), duration(480)), (TimeDelta::hours(1), TimeDelta::hours(8)));
    }
}
