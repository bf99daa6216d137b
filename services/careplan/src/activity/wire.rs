//! Activities on the wire.

use chrono::{DateTime, Utc};
use samspil_kit::{Error, validate::Violation};
use samspil_proto::{careplan::v1 as pb, time};

use super::Activity;

impl Activity {
    /// The activity as it is to be shown at a time.
    pub(crate) fn shown(&self, now: DateTime<Utc>) -> pb::Activity {
        pb::Activity {
            name: self.name().to_string(),
            state: self.state.into(),
            kind: self.kind.into(),
            description: self.description.clone(),
            owner: self.owner_name(),
            due_time: self.due.map(time::to_wire),
            proposed_by: Some(self.proposed_by.clone()),
            source: self.source.name.clone(),
            decided_by: self.decided_by.clone(),
            outcome: self.outcome.clone(),
            create_time: Some(time::to_wire(self.create_time)),
            update_time: Some(time::to_wire(self.update_time)),
            etag: self.etag(),
            owner_role: self.owner_role.clone(),
            recurrence: self.series.map(|series| (&series.recurrence).into()),
            occurrences: self.occurrences.clone(),
            clock: self.clock.as_ref().map(|clock| clock.shown(now)),
            goals: self.goals.clone(),
            occurrence: self.occurrence(),
        }
    }
}

/// Reads a due time: none, or one that a calendar has.
pub(crate) fn due(field: &str, due: Option<&prost_types::Timestamp>) -> Result<Option<DateTime<Utc>>, Violation> {
    let unreadable = || Violation {
        field: field.to_owned(),
        rule: "timestamp".to_owned(),
        description: "must be a time of the years 1 to 9999".to_owned(),
    };
    due.map(|due| time::from_wire(due).ok_or_else(unreadable)).transpose()
}

/// The same where nothing else can be wrong.
pub(crate) fn only_due(field: &str, time: Option<&prost_types::Timestamp>) -> Result<Option<DateTime<Utc>>, Error> {
    due(field, time).map_err(|violation| Error::Invalid(vec![violation]))
}
