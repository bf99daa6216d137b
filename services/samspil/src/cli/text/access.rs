//! Accesses that somebody answers for.

use samspil_proto::directory::v1::{AccessCheck, AccessCheckCause, AccessCheckOutcome, EmergencyAccess};

use super::{when, who, words};

pub(in crate::cli) fn emergency_access(access: &EmergencyAccess) -> String {
    let end = match &access.give_back_time {
        Some(time) => format!("given back {}", when(Some(time))),
        None => format!("until {}", when(access.end_time.as_ref())),
    };
    format!(
        "emergency access of {}, {end}\n  {}\n  to be answered for: {}\n{}\n",
        who(access.holder.as_ref()),
        access.reason,
        access.access_check,
        access.name
    )
}

pub(in crate::cli) fn access_check(check: &AccessCheck) -> String {
    let cause = match check.cause() {
        AccessCheckCause::BreakGlass => format!("broke the glass: {}", check.reason),
        AccessCheckCause::WeakEvidence => "looked before there was a consent".to_owned(),
        AccessCheckCause::Unspecified => "–".to_owned(),
    };
    let state = match check.outcome() {
        AccessCheckOutcome::Unspecified => format!("due {}", when(check.due_time.as_ref())),
        outcome => {
            let note = if check.note.is_empty() { String::new() } else { format!(": {}", check.note) };
            format!(
                "{} {}{note}",
                words(outcome.as_str_name(), "ACCESS_CHECK_OUTCOME_"),
                when(check.settle_time.as_ref())
            )
        }
    };
    let opened = when(check.create_time.as_ref());
    format!("{opened}  {}  {cause}\n  {state}\n{}\n", who(check.about.as_ref()), check.name)
}
