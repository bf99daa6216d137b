//! Why this service says no.

samspil_kit::reasons! {
    /// Reasons that `review` gives besides the common ones.
    pub enum Reason {
        TextBlockNotFound = "TEXT_BLOCK_NOT_FOUND", NotFound, "the caller's organisation has no such text block";
        TextBlocksFull = "TEXT_BLOCKS_FULL", FailedPrecondition, "the organisation has as many text blocks as it can have; delete one first";
    }
}
