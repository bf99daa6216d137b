//! The text blocks that come with Samspil, from `data/text-blocks-da.json`.

use std::sync::LazyLock;

use samspil_proto::review::v1::{TextBlock, TextBlockPlace};
use serde::Deserialize;

use super::by_label;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    /// The place's name in the contract, without its prefix.
    place: String,
    label: String,
    text: String,
    #[serde(default)]
    due_days: i32,
}

static STANDARD: LazyLock<Vec<TextBlock>> = LazyLock::new(|| {
    let entries: Vec<Entry> =
        serde_json::from_str(include_str!("../../data/text-blocks-da.json")).expect("the file is part of the build");
    let mut blocks: Vec<_> = entries.into_iter().map(TextBlock::from).collect();
    blocks.sort_by_key(by_label);
    blocks
});

impl From<Entry> for TextBlock {
    fn from(entry: Entry) -> TextBlock {
        let place = TextBlockPlace::from_str_name(&format!("TEXT_BLOCK_PLACE_{}", entry.place)).unwrap_or_default();
        TextBlock {
            name: format!("textBlocks/standard-{}", entry.id),
            place: place.into(),
            label: entry.label,
            text: entry.text,
            due_days: entry.due_days,
            standard: true,
            created_by: None,
            create_time: None,
        }
    }
}

/// All of them, by label.
pub(super) fn all() -> &'static [TextBlock] {
    &STANDARD
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_is_one_that_an_organisation_could_have_added() {
        let names: HashSet<_> = all().iter().map(|block| &block.name).collect();
        assert_eq!(names.len(), all().len(), "two have one name");
        for block in all() {
            samspil_kit::validate::check(block).unwrap();
            super::super::check(block).unwrap();
            let named = samspil_proto::review::v1::DeleteTextBlockRequest {
                name: block.name.clone(),
                request_id: uuid::Uuid::nil().to_string(),
            };
            samspil_kit::validate::check(&named).unwrap();
        }
    }

    #[test]
    fn there_are_some_for_every_place() {
        for (place, some) in [(TextBlockPlace::Findings, 6), (TextBlockPlace::Plan, 8), (TextBlockPlace::More, 4)] {
            assert!(all().iter().filter(|block| block.place() == place).count() >= some, "{place:?}");
        }
    }
}
