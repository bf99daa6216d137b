//! Every reason of its own that this service gives.

use samspil_kit::Error;

use crate::referral::Refusal;

samspil_kit::reasons! {
    /// Reasons that `referral` gives.
    pub enum Reason {
        NotYourSide = "NOT_YOUR_SIDE", PermissionDenied, "this is for the other side of the referral to do";
        ReferralWrongState = "REFERRAL_WRONG_STATE", FailedPrecondition, "the referral's state does not allow this";
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        match refusal {
            Refusal::NotYourSide { verb } => Error::from(Reason::NotYourSide).with("verb", verb.name()),
            Refusal::WrongState { state, verb } => {
                Error::from(Reason::ReferralWrongState).with("state", state.as_str_name()).with("verb", verb.name())
            }
        }
    }
}
