//! Requests that change some fields: only those have to be right.

use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

/// The paths of a request's `update_mask`, if it can have one.
pub(super) fn paths(request: &DynamicMessage) -> Option<Vec<String>> {
    let mask = request.get_field_by_name("update_mask")?;
    let paths = mask.as_message()?.get_field_by_name("paths")?;
    Some(paths.as_list()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Whether a rule counts that a request with a mask breaks. What is to be changed comes as a message beside the mask, and only
/// its masked fields have to be there and right; a part of a plan stands one level further in.
pub(super) fn matters(request: &DynamicMessage, mask: &[String], path: &str) -> bool {
    let Some((outer, inner)) = path.split_once('.') else { return true };
    let beside = request.descriptor().get_field_by_name(outer).is_some_and(|field| {
        matches!(field.kind(), Kind::Message(_)) && outer != "update_mask" && !outer.contains('[')
    });
    let begins = |with: &str| mask.iter().any(|path| with.split(['.', '[']).next() == Some(path));
    !beside || begins(inner) || inner.split_once('.').is_some_and(|(_, inner)| begins(inner))
}
