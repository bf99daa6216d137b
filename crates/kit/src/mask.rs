//! Field masks: which fields of a message a change is about.

use std::collections::BTreeSet;

use prost::{Message, Name};
use prost_reflect::{DynamicMessage, ReflectMessage as _};
use prost_types::FieldMask;

use crate::{Error, validate::Violation};

/// Takes the fields of a mask over from one message into another. A field that is empty in `from` is emptied.
///
/// # Errors
/// When the mask is empty, or names a field that is not one of `allowed`.
pub fn apply<M: Message + Name + Default>(
    mask: &FieldMask,
    allowed: &[&str],
    from: &M,
    into: &mut M,
) -> Result<(), Error> {
    let refuse = |path: &str| Violation {
        field: "update_mask".to_owned(),
        rule: "mask".to_owned(),
        description: match path {
            "" => format!("must name a field: one of {}", allowed.join(", ")),
            path => format!("{path} cannot be changed; these can: {}", allowed.join(", ")),
        },
    };
    let wrong: Vec<_> =
        mask.paths.iter().filter(|path| !allowed.contains(&path.as_str())).map(|path| refuse(path)).collect();
    if !wrong.is_empty() || mask.paths.is_empty() {
        return Err(Error::Invalid(if wrong.is_empty() { vec![refuse("")] } else { wrong }));
    }
    let (source, mut target) = (reflect(from)?, reflect(into)?);
    for path in &mask.paths {
        let descriptor = source.descriptor();
        let field = descriptor.get_field_by_name(path).ok_or_else(|| Error::internal(format!("no field {path}")))?;
        if source.has_field(&field) {
            target.set_field(&field, source.get_field(&field).into_owned());
        } else {
            target.clear_field(&field);
        }
    }
    *into = M::decode(target.encode_to_vec().as_slice())?;
    Ok(())
}

/// The fields in which two messages differ, in the order of the contract.
///
/// # Errors
/// When the contract does not have the message.
pub fn changed<M: Message + Name>(before: &M, after: &M) -> Result<Vec<String>, Error> {
    let (before, after) = (reflect(before)?, reflect(after)?);
    let fields = before.descriptor();
    let differs = |field: &prost_reflect::FieldDescriptor| {
        before.has_field(field) != after.has_field(field) || before.get_field(field) != after.get_field(field)
    };
    Ok(fields.fields().filter(differs).map(|field| field.name().to_owned()).collect())
}

/// The fields of a mask, each once.
pub fn paths(mask: Option<&FieldMask>) -> BTreeSet<String> {
    mask.map(|mask| mask.paths.iter().cloned().collect()).unwrap_or_default()
}

fn reflect<M: Message + Name>(message: &M) -> Result<DynamicMessage, Error> {
    let descriptor = crate::validate::descriptor(&M::full_name())
        .ok_or_else(|| Error::internal(format!("the contract has no {}", M::full_name())))?;
    DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice()).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use samspil_proto::careplan::v1::Goal;

    use super::*;

    fn mask(paths: &[&str]) -> FieldMask {
        FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() }
    }

    fn goal(description: &str, target_date: &str) -> Goal {
        Goal { description: description.to_owned(), target_date: target_date.to_owned(), ..Goal::default() }
    }

    #[test]
    fn only_the_fields_of_the_mask_change_and_an_empty_one_is_emptied() {
        let allowed = ["description", "target_date", "measures"];
        let mut kept = goal("closed", "2027-01-01");
        apply(&mask(&["description"]), &allowed, &goal("smaller", ""), &mut kept).unwrap();
        assert_eq!(kept, goal("smaller", "2027-01-01"));
        apply(&mask(&["target_date"]), &allowed, &goal("ignored", ""), &mut kept).unwrap();
        assert_eq!(kept, goal("smaller", ""));
    }

    #[test]
    fn a_mask_of_nothing_or_of_what_cannot_be_changed_is_refused_whole() {
        let mut kept = goal("closed", "");
        for bad in [&[][..], &["description", "name"], &["measures[0]"], &["*"]] {
            let refused = apply(&mask(bad), &["description"], &goal("x", "y"), &mut kept).unwrap_err();
            assert!(matches!(refused, Error::Invalid(ref found) if found.len() == 1), "{bad:?}");
            assert_eq!(kept, goal("closed", ""));
        }
    }

    #[test]
    fn what_differs_is_named() {
        assert_eq!(changed(&goal("a", "b"), &goal("a", "c")).unwrap(), ["target_date"]);
        assert_eq!(changed(&goal("a", "b"), &goal("", "c")).unwrap(), ["description", "target_date"]);
        assert!(changed(&goal("a", "b"), &goal("a", "b")).unwrap().is_empty());
    }
}
