//! Every reason of its own that this service gives.

samspil_kit::reasons! {
    /// Reasons that `referral` gives.
    pub enum Reason {
        NotYourSide = "NOT_YOUR_SIDE", PermissionDenied, "this is for another side of the referral to do";
        ReferralWrongState = "REFERRAL_WRONG_STATE", FailedPrecondition, "the referral's state does not allow this";
        ReferralSent = "REFERRAL_SENT", FailedPrecondition, "receiver and approver can be changed only before it is sent; replace it";
        ReceiverNotCovered = "RECEIVER_NOT_COVERED", FailedPrecondition, "the patient's consent does not cover the organisation that is to get it";
        ForwardedInACircle = "FORWARDED_IN_A_CIRCLE", FailedPrecondition, "that organisation has had the referral before";
        WoundNotYours = "WOUND_NOT_YOURS", FailedPrecondition, "there is no such wound, or the sender takes no part in it";
        SupplementOpen = "SUPPLEMENT_OPEN", FailedPrecondition, "the question before is not answered yet";
        NoSupplementAskedFor = "NO_SUPPLEMENT_ASKED_FOR", FailedPrecondition, "no question is open";
        NothingBooked = "NOTHING_BOOKED", FailedPrecondition, "there is no appointment";
        AttachmentExists = "ATTACHMENT_EXISTS", AlreadyExists, "this attachment id is taken";
        AttachmentNotStored = "ATTACHMENT_NOT_STORED", FailedPrecondition, "the attachment is not stored, or not yet";
        AttachmentRefused = "ATTACHMENT_REFUSED", InvalidArgument, "the file is not of the type that was announced; attach another";
        AttachmentIsPhoto = "ATTACHMENT_IS_PHOTO", FailedPrecondition, "a photo is downloaded from the wound service";
        PhotoNotOfWound = "PHOTO_NOT_OF_WOUND", FailedPrecondition, "the photo is not a stored photo of the referral's wound";
    }
}
