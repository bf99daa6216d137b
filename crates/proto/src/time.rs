//! Times on the wire and in the program.

use chrono::{DateTime, SubsecRound as _, Utc};

/// A time as the wire has it.
pub fn to_wire(time: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: time.timestamp(), nanos: time.timestamp_subsec_nanos() as i32 }
}

/// A time as the program has it, cut to the microseconds that both engines keep. `None` outside of the years 1 to 9999.
pub fn from_wire(time: &prost_types::Timestamp) -> Option<DateTime<Utc>> {
    let nanos = u32::try_from(time.nanos).ok()?;
    let time = DateTime::from_timestamp(time.seconds, nanos)?;
    (1..=9999).contains(&chrono::Datelike::year(&time)).then(|| time.trunc_subsecs(6))
}
