//! Requests that change some fields: only those have to be right.

use std::collections::HashSet;

use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

/// The paths of a request's `update_mask`, if it can have one. No rule says how many there may be, so each is looked at once.
pub(super) fn paths(request: &DynamicMessage) -> Option<HashSet<String>> {
    let mask = request.get_field_by_name("update_mask")?;
    let paths = mask.as_message()?.get_field_by_name("paths")?;
    Some(paths.as_list()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Whether a rule counts that a request with a mask breaks. What is to be changed comes as a message beside the mask, and only
/// its masked fields have to be there and right; a part of a plan stands one level further in.
pub(super) fn matters(request: &DynamicMessage, mask: &HashSet<String>, path: &str) -> bool {
    let Some((outer, inner)) = path.split_once('.') else { return true };
    let beside = request.descriptor().get_field_by_name(outer).is_some_and(|field| {
        matches!(field.kind(), Kind::Message(_)) && outer != "update_mask" && !outer.contains('[')
    });
    let begins = |with: &str| with.split(['.', '[']).next().is_some_and(|first| mask.contains(first));
    !beside || begins(inner) || inner.split_once('.').is_some_and(|(_, inner)| begins(inner))
}
