//! Whom a citizen keeps out.
//!
//! A block takes effect on calls between two times, whatever they ask for; docs/adr/0018 says why.

use chrono::{DateTime, Utc};
use samspil_proto::{
    common::v1::Actor,
    directory::v1::BlockKind,
    names::{BlockName, OrganisationName},
};
use uuid::Uuid;

use crate::error::Reason;

pub(crate) mod act;
pub(crate) mod rpc;
pub(crate) mod sql;

/// A block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub patient: Uuid,
    /// Whom it keeps out.
    pub whom: Whom,
    /// From when on.
    pub begin_time: DateTime<Utc>,
    /// Until when; until it is lifted when there is none.
    pub end_time: Option<DateTime<Utc>>,
    /// Who placed it.
    pub placed_by: Actor,
    /// When it was placed.
    pub create_time: DateTime<Utc>,
    /// Who lifted it, and when. None while it stands.
    pub lifted: Option<(Actor, DateTime<Utc>)>,
    /// Counts its changes.
    pub version: i64,
}

/// Whom a block keeps out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whom {
    /// A person, by the subject that the provider of identities knows.
    Person(String),
    /// An organisation, by its SOR code.
    Organisation(String),
    /// Everybody.
    Everybody,
}

impl Whom {
    /// What the contract says, or what is wrong with it.
    pub(crate) fn of(kind: BlockKind, target: &str) -> Result<Whom, &'static str> {
        match kind {
            BlockKind::Person if target.is_empty() || target.parse::<OrganisationName>().is_ok() => {
                Err("must be the subject of the person whom it keeps out")
            }
            BlockKind::Person => Ok(Whom::Person(target.to_owned())),
            BlockKind::Organisation => match target.parse::<OrganisationName>() {
                Ok(OrganisationName { sor }) => Ok(Whom::Organisation(sor)),
                Err(_) => Err("must be the name of the organisation that it keeps out"),
            },
            _ if !target.is_empty() => Err("must be empty where everybody is kept out"),
            _ => Ok(Whom::Everybody),
        }
    }

    /// The contract's kind.
    pub(crate) fn kind(&self) -> BlockKind {
        match self {
            Whom::Person(_) => BlockKind::Person,
            Whom::Organisation(_) => BlockKind::Organisation,
            Whom::Everybody => BlockKind::Everybody,
        }
    }

    /// As tables have it.
    pub(crate) fn stored(&self) -> &str {
        match self {
            Whom::Person(subject) => subject,
            Whom::Organisation(sor) => sor,
            Whom::Everybody => "",
        }
    }

    /// As the wire has it.
    pub(crate) fn target(&self) -> String {
        match self {
            Whom::Organisation(sor) => OrganisationName { sor: sor.clone() }.to_string(),
            other => other.stored().to_owned(),
        }
    }
}

impl Block {
    /// Its name.
    pub(crate) fn name(&self) -> String {
        BlockName { patient: self.patient, block: self.id }.to_string()
    }

    /// Changes with every change.
    pub(crate) fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Lifts it. It stays readable.
    pub(crate) fn lift(&mut self, by: Actor, at: DateTime<Utc>) -> Result<(), Reason> {
        if self.lifted.is_some() {
            return Err(Reason::BlockAlreadyLifted);
        }
        self.lifted = Some((by, at));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_says_whom_it_keeps_out_in_the_words_of_its_kind() {
        let place = "organisations/990000000000766";
        assert_eq!(Whom::of(BlockKind::Person, "anna"), Ok(Whom::Person("anna".to_owned())));
        assert_eq!(Whom::of(BlockKind::Organisation, place).unwrap().target(), place);
        assert_eq!(Whom::of(BlockKind::Everybody, ""), Ok(Whom::Everybody));
        for (kind, target) in [
            (BlockKind::Person, ""),
            (BlockKind::Person, place),
            (BlockKind::Organisation, ""),
            (BlockKind::Organisation, "anna"),
            (BlockKind::Everybody, "anna"),
        ] {
            assert!(Whom::of(kind, target).is_err(), "{kind:?} {target:?}");
        }
    }
}
