//! Every reason that this service gives besides those that all services give.

use samspil_kit::Error;

use crate::activity::Refusal;

samspil_kit::reasons! {
    /// Reasons of `careplan`.
    pub enum Reason {
        ActivityWrongState = "ACTIVITY_WRONG_STATE", FailedPrecondition, "the activity's state does not allow this";
        NotTheOwner = "NOT_THE_OWNER", PermissionDenied, "only the activity's owner may do this";
        NotRecurring = "NOT_RECURRING", FailedPrecondition, "the activity is done once; there is no time to skip";
        OwnerOutsidePlan = "OWNER_OUTSIDE_PLAN", FailedPrecondition, "the patient's consent does not cover this organisation";
        NotTheAuthor = "NOT_THE_AUTHOR", PermissionDenied, "only its author may change a note";
        PartWithdrawn = "PART_WITHDRAWN", FailedPrecondition, "this was taken off the plan";
        ReconciliationExists = "RECONCILIATION_EXISTS", AlreadyExists, "the patient has an open reconciliation";
        ReconciliationWrongState = "RECONCILIATION_WRONG_STATE", FailedPrecondition, "the reconciliation is closed or cancelled";
        NotYourList = "NOT_YOUR_LIST", PermissionDenied, "a medication list is put in by its own sector";
        TaskNotAccepted = "TASK_NOT_ACCEPTED", FailedPrecondition, "the owner has not taken on the reconciliation's task";
        DifferenceNotFound = "DIFFERENCE_NOT_FOUND", NotFound, "the lists have no such difference; read them again";
        DifferencesOpen = "DIFFERENCES_OPEN", FailedPrecondition, "differences between the lists are not decided";
        ListsMissing = "LISTS_MISSING", FailedPrecondition, "the list before the admission and the last stay's discharge list have to be there";
        ReconciliationOpen = "RECONCILIATION_OPEN", FailedPrecondition, "this task ends with its reconciliation, which is open";
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        match refusal {
            Refusal::WrongState { state, verb } => {
                let state = state.as_str_name().trim_start_matches("ACTIVITY_STATE_");
                Error::from(Reason::ActivityWrongState).with("state", state).with("verb", verb)
            }
            Refusal::NotTheOwner => Reason::NotTheOwner.into(),
            Refusal::NotRecurring => Reason::NotRecurring.into(),
            Refusal::ReconciliationOpen => Reason::ReconciliationOpen.into(),
        }
    }
}
