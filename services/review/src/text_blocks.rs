//! Texts that an organisation answers with again and again. They are about nobody.

use chrono::{DateTime, Utc};
use samspil_kit::{Error, validate::Violation};
use samspil_proto::{
    common::v1::Actor,
    review::v1::{self as pb, TextBlockPlace},
    time,
};
use uuid::Uuid;

pub(crate) mod act;
mod sql;
mod standard;

/// The most text blocks that an organisation has.
const MOST: i64 = 500;

/// A text block of an organisation.
#[derive(Debug, Clone, PartialEq)]
struct TextBlock {
    id: Uuid,
    organisation: String,
    place: i32,
    label: String,
    text: String,
    due_days: i32,
    created_by: Actor,
    create_time: DateTime<Utc>,
}

impl From<TextBlock> for pb::TextBlock {
    fn from(block: TextBlock) -> pb::TextBlock {
        pb::TextBlock {
            name: format!("textBlocks/{}", block.id),
            place: block.place,
            label: block.label,
            text: block.text,
            due_days: block.due_days,
            standard: false,
            created_by: Some(block.created_by),
            create_time: Some(time::to_wire(block.create_time)),
        }
    }
}

/// Checks what the contract says in words: a text to see, and a time for lines of a plan alone.
fn check(block: &pb::TextBlock) -> Result<(), Error> {
    let violation = |field: &str, rule: &str, description: &str| Violation {
        field: format!("text_block.{field}"),
        rule: rule.to_owned(),
        description: description.to_owned(),
    };
    let mut broken = Vec::new();
    for (field, text) in [("label", &block.label), ("text", &block.text)] {
        if text.trim().is_empty() {
            broken.push(violation(field, "blank", "must have more in it than blanks"));
        }
    }
    if block.place() != TextBlockPlace::Plan && block.due_days != 0 {
        broken.push(violation("due_days", "place", "must be 0 for all but a line of a plan"));
    }
    if broken.is_empty() { Ok(()) } else { Err(Error::Invalid(broken)) }
}

/// What labels are ordered by: letter by letter, large and small alike. æ, ø and å come last in that order, as in Danish, but for å.
fn by_label(block: &pb::TextBlock) -> (String, String) {
    (block.label.to_lowercase().replace('å', "ø\u{10ffff}"), block.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_in_danish_order() {
        let mut blocks: Vec<_> = ["Åben", "ødem", "Zink", "æter", "alginat", "Ørken"]
            .map(|label| pb::TextBlock { label: label.to_owned(), ..pb::TextBlock::default() })
            .into();
        blocks.sort_by_key(by_label);
        let labels: Vec<_> = blocks.iter().map(|block| block.label.as_str()).collect();
        assert_eq!(labels, ["alginat", "Zink", "æter", "ødem", "Ørken", "Åben"]);
    }
}
