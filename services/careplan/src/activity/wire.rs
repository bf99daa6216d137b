//! Activities on the wire.

use samspil_kit::{Error, validate::Violation};
use samspil_proto::{careplan::v1 as pb, time};

use super::{Activity, DateTime, Utc};

impl From<&Activity> for pb::Activity {
    fn from(activity: &Activity) -> pb::Activity {
        pb::Activity {
            name: activity.name().to_string(),
            state: activity.state.into(),
            kind: activity.kind.into(),
            description: activity.description.clone(),
            owner: activity.owner_name(),
            due_time: activity.due.map(time::to_wire),
            proposed_by: Some(activity.proposed_by.clone()),
            source: activity.source.name.clone(),
            decided_by: activity.decided_by.clone(),
            outcome: activity.outcome.clone(),
            create_time: Some(time::to_wire(activity.create_time)),
            update_time: Some(time::to_wire(activity.update_time)),
            etag: activity.etag(),
            ..pb::Activity::default()
        }
    }
}

/// Reads a due time: none, or one that a calendar has.
pub(super) fn due(field: &str, due: Option<&prost_types::Timestamp>) -> Result<Option<DateTime<Utc>>, Violation> {
    let unreadable = || Violation {
        field: field.to_owned(),
        rule: "timestamp".to_owned(),
        description: "must be a time of the years 1 to 9999".to_owned(),
    };
    due.map(|due| time::from_wire(due).ok_or_else(unreadable)).transpose()
}

/// The same where nothing else can be wrong.
pub(super) fn only_due(field: &str, time: Option<&prost_types::Timestamp>) -> Result<Option<DateTime<Utc>>, Error> {
    due(field, time).map_err(|violation| Error::Invalid(vec![violation]))
}
