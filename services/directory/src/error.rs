//! Why this service says no.

samspil_kit::reasons! {
    /// Reasons that `directory` gives besides the common ones.
    pub enum Reason {
        OrganisationNotFound = "ORGANISATION_NOT_FOUND", NotFound, "there is no organisation with this SOR code";
        CitizenNotFound = "CITIZEN_NOT_FOUND", NotFound, "no citizen whom the caller may see is registered so";
        ConsentNotFound = "CONSENT_NOT_FOUND", NotFound, "this citizen has no such consent";
        PersonNumberTaken = "PERSON_NUMBER_TAKEN", AlreadyExists, "another citizen is registered under this number";
        CitizenDeceased = "CITIZEN_DECEASED", FailedPrecondition, "the citizen was dead by then; take the report of the death back if it is wrong";
        HospitalEventNotFound = "HOSPITAL_EVENT_NOT_FOUND", NotFound, "nothing such was told of this citizen";
        HospitalEventCancelled = "HOSPITAL_EVENT_CANCELLED", FailedPrecondition, "the report was taken back before";
        NotTheReporter = "NOT_THE_REPORTER", PermissionDenied, "only the organisation that reported it may take it back";
        BlockNotFound = "BLOCK_NOT_FOUND", NotFound, "this citizen has no such block";
        BlockAlreadyLifted = "BLOCK_ALREADY_LIFTED", FailedPrecondition, "the block was lifted before";
        EmergencyAccessOver = "EMERGENCY_ACCESS_OVER", FailedPrecondition, "the emergency access is over";
        AccessCheckSettled = "ACCESS_CHECK_SETTLED", FailedPrecondition, "the check was settled before";
        AccessCheckOfOneself = "ACCESS_CHECK_OF_ONESELF", PermissionDenied, "somebody else has to settle the check on one's own access";
        ConsentAlreadyWithdrawn = "CONSENT_ALREADY_WITHDRAWN", FailedPrecondition, "the consent was withdrawn before";
    }
}
