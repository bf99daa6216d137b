//! Blocks, wire ↔ model.

use samspil_kit::validate::Violation;
use samspil_proto::{
    directory::v1 as pb,
    names::{BlockName, OrganisationName},
    time,
};
use samspil_store::blocks;
use uuid::Uuid;

use super::Block;

impl From<Block> for pb::Block {
    fn from(block: Block) -> pb::Block {
        let (lifted_by, lift_time) = block.lifted.clone().unzip();
        pb::Block {
            name: block.name(),
            kind: block.whom.kind().into(),
            target: block.whom.target(),
            begin_time: Some(time::to_wire(block.begin_time)),
            end_time: block.end_time.map(time::to_wire),
            etag: block.etag(),
            placed_by: Some(block.placed_by),
            create_time: Some(time::to_wire(block.create_time)),
            lifted_by,
            lift_time: lift_time.map(time::to_wire),
        }
    }
}

/// What a service is told of a block, for its decision.
pub(crate) fn told(patient: Uuid, block: blocks::Block) -> pb::Block {
    let target = match block.kind {
        pb::BlockKind::Organisation => OrganisationName { sor: block.target }.to_string(),
        _ => block.target,
    };
    pb::Block {
        name: BlockName { patient, block: block.block_id }.to_string(),
        kind: block.kind.into(),
        target,
        begin_time: Some(time::to_wire(block.begin_time)),
        end_time: block.end_time.map(time::to_wire),
        ..pb::Block::default()
    }
}

/// Somebody whom a block cannot keep out.
pub(super) fn bad_target(description: &str) -> Violation {
    violation("block.target", "block.target", description)
}

/// A time that a block cannot begin or end at.
pub(super) fn bad_time(field: &'static str, description: &str) -> Violation {
    violation(field, "block.time", description)
}

fn violation(field: &str, rule: &str, description: &str) -> Violation {
    Violation { field: field.to_owned(), rule: rule.to_owned(), description: description.to_owned() }
}
