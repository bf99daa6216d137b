//! Why this service says no.

samspil_kit::reasons! {
    /// Reasons that `directory` gives besides the common ones.
    pub enum Reason {
        OrganisationNotFound = "ORGANISATION_NOT_FOUND", NotFound, "there is no organisation with this SOR code";
        CitizenNotFound = "CITIZEN_NOT_FOUND", NotFound, "no citizen whom the caller may see is registered so";
        ConsentNotFound = "CONSENT_NOT_FOUND", NotFound, "this citizen has no such consent";
        PersonNumberTaken = "PERSON_NUMBER_TAKEN", AlreadyExists, "another citizen is registered under this number";
        ConsentAlreadyWithdrawn = "CONSENT_ALREADY_WITHDRAWN", FailedPrecondition, "the consent was withdrawn before";
    }
}
