//! Every reason that an upload is refused for, whatever is uploaded.

samspil_kit::reasons! {
    /// Why an upload is refused.
    pub enum Reason {
        NotYours = "UPLOAD_NOT_YOURS", PermissionDenied, "only the person who announced a file uploads it";
        NotStarted = "UPLOAD_NOT_STARTED", InvalidArgument, "the first message of an upload says which file it is";
        Offset = "UPLOAD_OFFSET", FailedPrecondition, "the chunk does not begin where the upload stands";
        TooLong = "UPLOAD_TOO_LONG", OutOfRange, "more bytes than were announced";
        Incomplete = "UPLOAD_INCOMPLETE", Unavailable, "the stream ended before the last byte; go on from the committed offset";
        PartsLost = "UPLOAD_PARTS_LOST", Unavailable, "what was received before is not all here any more; go on from the committed offset";
        TakenOver = "UPLOAD_TAKEN_OVER", Aborted, "a newer stream or call goes on with this upload";
        DigestMismatch = "DIGEST_MISMATCH", DataLoss, "the bytes are not those that were announced; they were dropped, begin again from 0";
    }
}
