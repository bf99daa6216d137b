//! Reconciliations on the wire.

use samspil_kit::Error;
use samspil_proto::{careplan::v1 as pb, names::ActivityName, time};

use super::{Reconciliation, Refusal};
use crate::Reason;

/// So many ids of open differences stand in a refusal: they travel in a header, and the reconciliation has them all.
const NAMED: usize = 50;

impl From<&Reconciliation> for pb::Reconciliation {
    fn from(reconciliation: &Reconciliation) -> pb::Reconciliation {
        let task = ActivityName { patient: reconciliation.patient, activity: reconciliation.task };
        pb::Reconciliation {
            name: reconciliation.name().to_string(),
            state: reconciliation.state.into(),
            activity: task.to_string(),
            cause: reconciliation.cause.clone(),
            lists: reconciliation.lists.clone(),
            differences: reconciliation.differences.clone(),
            agreed: reconciliation.agreed.clone(),
            create_time: Some(time::to_wire(reconciliation.create_time)),
            update_time: Some(time::to_wire(reconciliation.update_time)),
            closed_by: reconciliation.closed_by.clone(),
            close_time: reconciliation.close_time.map(time::to_wire),
            etag: reconciliation.etag(),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        match refusal {
            Refusal::WrongState(state) => {
                let state = state.as_str_name().trim_start_matches("RECONCILIATION_STATE_");
                Error::from(Reason::ReconciliationWrongState).with("state", state)
            }
            Refusal::NotYourList => Reason::NotYourList.into(),
            Refusal::DifferenceNotFound => Reason::DifferenceNotFound.into(),
            Refusal::Misplaced(violation) => Error::Invalid(vec![violation]),
            Refusal::DifferencesOpen(ids) => {
                let named = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(",");
                Error::from(Reason::DifferencesOpen).with("count", ids.len()).with("differences", named)
            }
            Refusal::ListsMissing(kinds) => {
                let kinds: Vec<_> =
                    kinds.iter().map(|kind| kind.as_str_name().trim_start_matches("MEDICATION_LIST_KIND_")).collect();
                Error::from(Reason::ListsMissing).with("lists", kinds.join(","))
            }
        }
    }
}
