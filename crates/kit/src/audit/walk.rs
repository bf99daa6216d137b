//! A walk along a chain: each seal against its entry, the one before it, and the checkpoints.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use samspil_store::audit::{Entry, chain, checkpoints, seals::Found};
use uuid::Uuid;

use super::{Finding, Report, Signed, Wrong};

/// Findings of one service that are told, and entries out of place that are compared with each other.
pub(super) const TOLD: usize = 1000;

/// How long an entry may wait for the sealer, and how far the clocks of replicas may be apart.
pub(super) const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// A walk that has come to a seal.
pub(super) struct Walk {
    pub(super) report: Report,
    /// The number of the last seal.
    sequence: i64,
    /// What the next seal may follow: the hash that the last one has, and the one that it should have. Empty when it is gone.
    previous: Vec<chain::Hash>,
    /// Checkpoints by the number that they are of.
    checkpoints: BTreeMap<i64, Vec<checkpoints::Checkpoint>>,
    /// The time of the last checkpoint that was passed.
    passed: Option<DateTime<Utc>>,
    suspects: Vec<Suspect>,
}

/// An entry that is not the one that was sealed in its place.
struct Suspect {
    /// Its finding.
    finding: usize,
    sequence: i64,
    /// What the seal may follow.
    previous: Vec<chain::Hash>,
    hash: chain::Hash,
    entry: Entry,
}

impl Walk {
    pub(super) fn new(service: &str) -> Walk {
        let report = Report { service: service.to_owned(), sealed: 0, checkpoints: 0, findings: Vec::new() };
        let previous = vec![chain::genesis(service)];
        Walk { report, sequence: 0, previous, checkpoints: BTreeMap::new(), passed: None, suspects: Vec::new() }
    }

    pub(super) fn find(&mut self, sequence: Option<i64>, entry_id: Option<Uuid>, wrong: Wrong, text: String) {
        if self.report.findings.len() < TOLD {
            self.report.findings.push(Finding {
                service: self.report.service.clone(),
                sequence,
                entry_id,
                wrong,
                text,
            });
        }
    }

    /// Takes in the checkpoints that are what they say.
    pub(super) fn hold_to(&mut self, all: impl Iterator<Item = Signed>, key: &[u8]) {
        for signed in all {
            let sequence = Some(signed.checkpoint.sequence);
            let of = signed.checkpoint.time;
            if !signed.is_genuine() {
                let text = format!("a checkpoint of {of} is not signed by the key that it names");
                self.find(sequence, None, Wrong::CheckpointForged, text);
            } else if signed.checkpoint.key != key {
                let text = format!("a checkpoint of {of} is signed with another key than this installation's");
                self.find(sequence, None, Wrong::CheckpointForeign, text);
            } else {
                self.checkpoints.entry(signed.checkpoint.sequence).or_default().push(signed.checkpoint);
            }
        }
    }

    pub(super) fn step(&mut self, found: Found) {
        let Found { sequence, entry_id, hash, entry } = found;
        if sequence < 1 {
            let text = "a seal stands before the first, where the sealer puts none".to_owned();
            return self.find(Some(sequence), Some(entry_id), Wrong::EntryInserted, text);
        }
        if sequence > self.sequence + 1 {
            let text = match sequence - 1 - self.sequence {
                1 => format!("a seal is gone, so that the entry of seal {sequence} cannot be proven either"),
                many => format!("{many} seals are gone, so that the entry of seal {sequence} cannot be proven either"),
            };
            self.find(Some(self.sequence + 1), None, Wrong::SealRemoved, text);
            self.previous.clear();
        }
        self.sequence = sequence;
        self.report.sealed += 1;
        let previous = std::mem::take(&mut self.previous);
        self.previous = vec![hash.clone()];
        match entry {
            None => {
                self.find(Some(sequence), Some(entry_id), Wrong::EntryRemoved, "the sealed entry is gone".to_owned())
            }
            Some(Err(error)) => {
                let text = format!("the entry cannot be read any more: {error}");
                self.find(Some(sequence), Some(entry_id), Wrong::EntryChanged, text);
            }
            Some(Ok(entry)) => self.compare(sequence, previous, &hash, entry),
        }
        self.pass_checkpoints(sequence, &hash);
    }

    /// Compares an entry with its seal.
    fn compare(&mut self, sequence: i64, previous: Vec<chain::Hash>, hash: &chain::Hash, entry: Entry) {
        if self.passed.is_some_and(|passed| entry.time < passed - PATIENCE) {
            let text = format!("the entry of {} was sealed after a checkpoint that is younger", entry.time);
            self.find(Some(sequence), Some(entry.entry_id), Wrong::EntryBackdated, text);
        }
        let follows = previous.iter().position(|previous| chain::link(previous, sequence, &entry) == *hash);
        match follows {
            Some(0) => {}
            // It follows the hash that the seal before should have: the entry there is whole, its seal is not.
            Some(_) => {
                if let Some(suspect) = self.suspects.pop_if(|suspect| suspect.sequence == sequence - 1) {
                    let finding = &mut self.report.findings[suspect.finding];
                    finding.wrong = Wrong::SealChanged;
                    finding.text = "the seal's hash was changed; the entry is what it was".to_owned();
                }
            }
            None if previous.is_empty() => {}
            None => {
                let told = self.report.findings.len();
                let text = "the entry is not what was sealed here".to_owned();
                self.find(Some(sequence), Some(entry.entry_id), Wrong::EntryChanged, text);
                self.previous.push(chain::link(&previous[0], sequence, &entry));
                if told < TOLD {
                    self.suspects.push(Suspect { finding: told, sequence, previous, hash: hash.clone(), entry });
                }
            }
        }
    }

    fn pass_checkpoints(&mut self, sequence: i64, hash: &chain::Hash) {
        for checkpoint in self.checkpoints.remove(&sequence).unwrap_or_default() {
            if checkpoint.hash == *hash {
                self.report.checkpoints += 1;
                self.passed = self.passed.max(Some(checkpoint.time));
            } else {
                let text = format!("the chain up to here is not the one that a checkpoint of {} saw", checkpoint.time);
                self.find(Some(sequence), None, Wrong::ChainReplaced, text);
            }
        }
    }

    pub(super) fn end(&mut self) {
        for (sequence, checkpoint) in std::mem::take(&mut self.checkpoints) {
            for checkpoint in checkpoint {
                let text = if sequence > self.sequence {
                    format!("the chain ends at {}; a checkpoint of {} saw it here", self.sequence, checkpoint.time)
                } else {
                    format!("a checkpoint of {} saw a seal that is gone", checkpoint.time)
                };
                let wrong = if sequence > self.sequence { Wrong::ChainCut } else { Wrong::SealRemoved };
                self.find(Some(sequence), None, wrong, text);
            }
        }
        self.find_moved();
    }

    /// Tells entries that were changed from whole ones in each other's places.
    fn find_moved(&mut self) {
        let mut moved = Vec::new();
        for place in &self.suspects {
            let belongs = self.suspects.iter().find(|other| {
                let fits = |previous: &chain::Hash| {
                    let hash = chain::link(previous, place.sequence, &other.entry);
                    hash == place.hash || hash == other.hash
                };
                other.sequence != place.sequence && place.previous.iter().any(fits)
            });
            moved.extend(belongs.map(|other| (place.finding, other.entry.entry_id)));
        }
        for (finding, belongs) in moved {
            let finding = &mut self.report.findings[finding];
            finding.wrong = Wrong::EntryMoved;
            finding.text = format!("the entry stands in the place of {belongs}");
        }
    }
}
