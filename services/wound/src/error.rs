//! Every reason that this service gives, beside those that every service can give.

samspil_kit::reasons! {
    /// Why this service refuses.
    pub enum Reason {
        WoundClosed = "WOUND_CLOSED", FailedPrecondition, "the wound is closed";
        NotTheOwner = "NOT_THE_OWNER", PermissionDenied, "only the organisation that keeps the wound's record may do this";
        AssessmentOpen = "ASSESSMENT_OPEN", FailedPrecondition, "a question is still open; close it first";
        VisitExists = "VISIT_EXISTS", AlreadyExists, "there is a visit with this id already";
        VisitComplete = "VISIT_COMPLETE", FailedPrecondition, "the visit is complete; record another one";
        VisitNotComplete = "VISIT_NOT_COMPLETE", FailedPrecondition, "complete the visit before you ask about it";
        PhotosMissing = "PHOTOS_MISSING", FailedPrecondition, "announced photos are not stored yet";
        PhotoIdTaken = "PHOTO_ID_TAKEN", AlreadyExists, "there is another photo with this id";
        PhotoAlreadyAnnounced = "PHOTO_ALREADY_ANNOUNCED", AlreadyExists, "the wound has a photo with the same bytes";
        PhotoStored = "PHOTO_STORED", FailedPrecondition, "the photo is stored; what is stored is not taken back";
        PhotoNotStored = "PHOTO_NOT_STORED", FailedPrecondition, "the photo has not arrived yet";
        PhotoWithdrawn = "PHOTO_WITHDRAWN", FailedPrecondition, "the photo's announcement was taken back";
        PhotoRefused = "PHOTO_REFUSED", FailedPrecondition, "the photo was refused; withdraw it and announce another";
        TileOutside = "TILE_OUTSIDE", OutOfRange, "the photo has no such tile";
        RenditionNotReady = "RENDITION_NOT_READY", FailedPrecondition, "this picture of the photo is not made yet, or cannot be made";
        ReceiverNotCovered = "RECEIVER_NOT_COVERED", FailedPrecondition, "the patient's consent does not cover the receiving organisation";
        AssessmentClaimed = "ASSESSMENT_CLAIMED", Aborted, "somebody else is on it";
        AssessmentNotClaimed = "ASSESSMENT_NOT_CLAIMED", FailedPrecondition, "claim the assessment first";
        AssessmentAnswered = "ASSESSMENT_ANSWERED", FailedPrecondition, "the assessment has an answer; amend it";
        AssessmentNotAnswered = "ASSESSMENT_NOT_ANSWERED", FailedPrecondition, "the assessment has no answer yet";
        AssessmentAwaitsMore = "ASSESSMENT_AWAITS_MORE", FailedPrecondition, "the assessment waits for what was asked for";
        NothingAskedFor = "NOTHING_ASKED_FOR", FailedPrecondition, "nothing more was asked for";
        AssessmentEnded = "ASSESSMENT_ENDED", FailedPrecondition, "the assessment is closed";
        NotTheReceiver = "NOT_THE_RECEIVER", PermissionDenied, "only the organisation that was asked may do this";
        SecondOpinionOfOwn = "SECOND_OPINION_OF_OWN", FailedPrecondition, "a second opinion is another organisation's";
        SecondOpinionOpen = "SECOND_OPINION_OPEN", FailedPrecondition, "that organisation is being asked for a second opinion already";
        FlagCleared = "FLAG_CLEARED", FailedPrecondition, "the flag's cause is gone; there is nothing to take note of";
        DownStaging = "DOWN_STAGING", FailedPrecondition, "a pressure ulcer keeps its deepest stage; record that one as healing";
        AbiNotCompressible = "ABI_NOT_COMPRESSIBLE", InvalidArgument, "the vessels at the ankle cannot be compressed; measure the toe pressure";
        ScoreInputMissing = "SCORE_INPUT_MISSING", InvalidArgument, "the score needs a field that is not set";
        ScoreInputOutOfRange = "SCORE_INPUT_OUT_OF_RANGE", InvalidArgument, "the score's table has no row for this value";
        ScoreInputContradictory = "SCORE_INPUT_CONTRADICTORY", InvalidArgument, "two fields of the score contradict each other; correct one of them";
        OutlineCrosses = "OUTLINE_CROSSES", InvalidArgument, "the outline crosses or touches itself";
        OutlineOutside = "OUTLINE_OUTSIDE", InvalidArgument, "a point is not on the photo";
        SuggestionDecided = "SUGGESTION_DECIDED", FailedPrecondition, "somebody has decided on this suggestion already; draw an outline instead";
        CalibrationTooShort = "CALIBRATION_TOO_SHORT", InvalidArgument, "the ends of the calibration are less than 20 pixels apart; take places that are further apart";
        CalibrationOutOfRange = "CALIBRATION_OUT_OF_RANGE", InvalidArgument, "the calibration's distance is not from 1 to 1000 mm";
        NotTheRequester = "NOT_THE_REQUESTER", PermissionDenied, "only the organisation that asked may do this";
    }
}
