//! Every reason of its own that this service gives.

samspil_kit::reasons! {
    /// Reasons that `referral` gives.
    pub enum Reason {
        NotYourSide = "NOT_YOUR_SIDE", PermissionDenied, "this is for the other side of the referral to do";
        ReferralWrongState = "REFERRAL_WRONG_STATE", FailedPrecondition, "the referral's state does not allow this";
    }
}
