//! What a walk along a chain finds.

use serde::Serialize;
use uuid::Uuid;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The entry that was sealed is gone.
    EntryRemoved,
    /// The entry is not the one that was sealed.
    EntryChanged,
    /// The entry stands where another one was sealed.
    EntryMoved,
    /// The entry was written past the sealer.
    EntryInserted,
    /// The entry says that it is older than a checkpoint before it.
    EntryBackdated,
    /// The entry has waited for the sealer too long.
    EntryUnsealed,
    /// The seal is gone.
    SealRemoved,
    /// The seal's hash is not the one that was written.
    SealChanged,
    /// The chain was written anew: a checkpoint has another hash.
    ChainReplaced,
    /// The chain ends before a checkpoint.
    ChainCut,
    /// The checkpoint's signature is not its key's.
    CheckpointForged,
    /// The checkpoint was signed with another key than this installation's.
    CheckpointForeign,
}

impl Wrong {
    /// Its stable name, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Wrong::EntryRemoved => "ENTRY_REMOVED",
            Wrong::EntryChanged => "ENTRY_CHANGED",
            Wrong::EntryMoved => "ENTRY_MOVED",
            Wrong::EntryInserted => "ENTRY_INSERTED",
            Wrong::EntryBackdated => "ENTRY_BACKDATED",
            Wrong::EntryUnsealed => "ENTRY_UNSEALED",
            Wrong::SealRemoved => "SEAL_REMOVED",
            Wrong::SealChanged => "SEAL_CHANGED",
            Wrong::ChainReplaced => "CHAIN_REPLACED",
            Wrong::ChainCut => "CHAIN_CUT",
            Wrong::CheckpointForged => "CHECKPOINT_FORGED",
            Wrong::CheckpointForeign => "CHECKPOINT_FOREIGN",
        }
    }
}

impl Serialize for Wrong {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The service.
    pub service: String,
    /// The number in the chain, where there is one.
    pub sequence: Option<i64>,
    /// The entry, where it is known.
    pub entry_id: Option<Uuid>,
    /// What is wrong.
    pub wrong: Wrong,
    /// In words.
    pub text: String,
}

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The service.
    pub service: String,
    /// Seals in the chain.
    pub sealed: i64,
    /// Checkpoints that hold.
    pub checkpoints: usize,
    /// What is wrong: the first thousand things.
    pub findings: Vec<Finding>,
}
