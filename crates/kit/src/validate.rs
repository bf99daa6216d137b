//! The contract's own rules, enforced.
//!
//! The rules stand in the `.proto` files as `buf.validate` annotations and nowhere else; here they are read from the
//! descriptors, once for each message type, and every violation of a request is reported at once. `proto/buf/validate` declares
//! only what is enforced here, so that no rule can be written that is then ignored (docs/adr/0001-validation-rules.md).

mod masked;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock, RwLock},
};

use prost::{Message, Name};
use prost_reflect::{DynamicMessage, FieldDescriptor, MessageDescriptor, ReflectMessage as _, Value};
use regex::Regex;
use uuid::Uuid;

use crate::Error;

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field's path, such as `visit.photos[0].size_bytes`.
    pub field: String,
    /// The rule's id, such as `int64.lte`.
    pub rule: String,
    /// What is expected, for a person.
    pub description: String,
}

/// Checks a message against the contract's rules.
///
/// # Errors
/// [`Error::Invalid`] with every violation.
pub fn check<M: Message + Name>(message: &M) -> Result<(), Error> {
    let violations = violations(message)?;
    if violations.is_empty() { Ok(()) } else { Err(Error::Invalid(violations)) }
}

/// A message of the contract by its full name.
pub(crate) fn descriptor(name: &str) -> Option<MessageDescriptor> {
    samspil_proto::descriptors().get_message_by_name(name)
}

fn violations<M: Message + Name>(message: &M) -> Result<Vec<Violation>, Error> {
    let descriptor = descriptor(&M::full_name())
        .ok_or_else(|| Error::internal(format!("{} is not in the contract", M::full_name())))?;
    if !plan(&descriptor).matters {
        return Ok(Vec::new());
    }
    Ok(violations_of(&DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice())?))
}

fn violations_of(message: &DynamicMessage) -> Vec<Violation> {
    let mut found = Vec::new();
    walk(message, "", &mut found);
    if let Some(mask) = masked::paths(message) {
        found.retain(|violation| masked::matters(message, &mask, &violation.field));
    }
    found
}

/// Decodes bytes as a message of the contract and checks it. What does not decode breaks no rule.
#[cfg(test)]
fn check_bytes(descriptor: MessageDescriptor, bytes: &[u8]) -> Vec<Violation> {
    DynamicMessage::decode(descriptor, bytes).map(|message| violations_of(&message)).unwrap_or_default()
}

/// The rules of one message type.
struct Plan {
    fields: Vec<(FieldDescriptor, Rules)>,
    /// Groups of fields of which at most one, or exactly one, is set.
    groups: Vec<(Vec<FieldDescriptor>, bool)>,
    /// Oneofs of which one field has to be set.
    required_oneofs: Vec<prost_reflect::OneofDescriptor>,
    /// There is any rule here or in a message below.
    matters: bool,
}

/// The rules of one field or of the items of one.
#[derive(Default)]
struct Rules {
    required: bool,
    least: Option<i64>,
    most: Option<i64>,
    min_len: Option<u64>,
    max_len: Option<u64>,
    pattern: Option<Regex>,
    uuid: bool,
    defined_only: bool,
    min_items: Option<u64>,
    max_items: Option<u64>,
    unique: bool,
    items: Option<Box<Rules>>,
}

fn plan(message: &MessageDescriptor) -> Arc<Plan> {
    static PLANS: LazyLock<RwLock<HashMap<String, Arc<Plan>>>> = LazyLock::new(RwLock::default);
    let read = PLANS.read().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(plan) = read.get(message.full_name()) {
        return plan.clone();
    }
    drop(read);
    let plan = Arc::new(make_plan(message));
    PLANS
        .write()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .insert(message.full_name().to_owned(), plan.clone());
    plan
}

fn make_plan(message: &MessageDescriptor) -> Plan {
    let fields: Vec<_> = message
        .fields()
        .map(|field| {
            let rules =
                extension(field.options(), "buf.validate.field").map(|rules| read_rules(&rules)).unwrap_or_default();
            (field, rules)
        })
        .collect();
    let groups = extension(message.options(), "buf.validate.message")
        .map(|rules| {
            list(&rules, "oneof").iter().filter_map(Value::as_message).map(|group| read_group(message, group)).collect()
        })
        .unwrap_or_default();
    let required_oneofs = message
        .oneofs()
        .filter(|oneof| extension(oneof.options(), "buf.validate.oneof").is_some_and(|rules| flag(&rules, "required")))
        .collect();
    Plan { fields, groups, required_oneofs, matters: matters(message, &mut HashSet::new()) }
}

fn matters(message: &MessageDescriptor, seen: &mut HashSet<String>) -> bool {
    if !seen.insert(message.full_name().to_owned()) {
        return false;
    }
    extension(message.options(), "buf.validate.message").is_some()
        || message.oneofs().any(|oneof| extension(oneof.options(), "buf.validate.oneof").is_some())
        || message.fields().any(|field| {
            extension(field.options(), "buf.validate.field").is_some()
                || field.kind().as_message().is_some_and(|below| matters(below, seen))
        })
}

fn extension(options: DynamicMessage, name: &str) -> Option<DynamicMessage> {
    let extension = samspil_proto::descriptors().get_extension_by_name(name)?;
    options.has_extension(&extension).then(|| options.get_extension(&extension).as_message().cloned())?
}

fn read_rules(rules: &DynamicMessage) -> Rules {
    let mut read = Rules { required: flag(rules, "required"), ..Rules::default() };
    let of_type = ["int32", "int64", "string", "bytes", "enum", "repeated"];
    for rules in of_type.iter().filter_map(|name| sub(rules, name)) {
        let set = |name: &str| {
            rules.has_field_by_name(name).then(|| rules.get_field_by_name(name).map(|v| v.into_owned())).flatten()
        };
        let signed = |name: &str| set(name).and_then(|v| v.as_i64().or_else(|| v.as_i32().map(i64::from)));
        let unsigned = |name: &str| set(name).and_then(|v| v.as_u64());
        read.least = signed("gte").or_else(|| signed("gt").map(|v| v + 1));
        read.most = signed("lte").or_else(|| signed("lt").map(|v| v - 1));
        read.min_len = unsigned("min_len");
        read.max_len = unsigned("max_len");
        read.pattern =
            set("pattern").and_then(|v| v.as_str().map(|text| Regex::new(text).expect("the contract's patterns")));
        read.uuid = flag(&rules, "uuid");
        read.defined_only = flag(&rules, "defined_only");
        read.min_items = unsigned("min_items");
        read.max_items = unsigned("max_items");
        read.unique = flag(&rules, "unique");
        read.items = sub(&rules, "items").map(|items| Box::new(read_rules(&items)));
    }
    read
}

fn read_group(message: &MessageDescriptor, group: &DynamicMessage) -> (Vec<FieldDescriptor>, bool) {
    let names = list(group, "fields");
    let fields = names
        .iter()
        .filter_map(Value::as_str)
        .map(|name| message.get_field_by_name(name).expect("a field of its message"));
    (fields.collect(), flag(group, "required"))
}

fn sub(message: &DynamicMessage, name: &str) -> Option<DynamicMessage> {
    message.descriptor().get_field_by_name(name)?;
    message.has_field_by_name(name).then(|| message.get_field_by_name(name)?.as_message().cloned())?
}

fn flag(message: &DynamicMessage, name: &str) -> bool {
    message.get_field_by_name(name).is_some_and(|value| value.as_bool() == Some(true))
}

fn list(message: &DynamicMessage, name: &str) -> Vec<Value> {
    message.get_field_by_name(name).and_then(|value| value.as_list().map(<[_]>::to_vec)).unwrap_or_default()
}

fn walk(message: &DynamicMessage, path: &str, found: &mut Vec<Violation>) {
    let plan = plan(&message.descriptor());
    let mut break_rule = |field: String, rule: &str, description: String| {
        found.push(Violation { field, rule: rule.to_owned(), description });
    };
    for (fields, required) in &plan.groups {
        let names: Vec<_> = fields.iter().map(FieldDescriptor::name).collect();
        match fields.iter().filter(|field| message.has_field(field)).count() {
            0 if *required => {
                break_rule(join(path, names[0]), "message.oneof", format!("one of {} must be set", names.join(", ")))
            }
            0 | 1 => {}
            _ => break_rule(
                join(path, names[0]),
                "message.oneof",
                format!("only one of {} can be set", names.join(", ")),
            ),
        }
    }
    for oneof in &plan.required_oneofs {
        if !oneof.fields().any(|field| message.has_field(&field)) {
            break_rule(join(path, oneof.name()), "required", "must be set".to_owned());
        }
    }
    for (field, rules) in &plan.fields {
        let path = join(path, field.name());
        if !message.has_field(field) {
            if rules.required {
                found.push(Violation {
                    field: path,
                    rule: "required".to_owned(),
                    description: "must be set".to_owned(),
                });
                continue;
            }
            // A field that tracks presence and is not set has nothing to check.
            if field.supports_presence() {
                continue;
            }
        }
        check_value(&message.get_field(field), field, rules, &path, found);
    }
}

fn check_value(value: &Value, field: &FieldDescriptor, rules: &Rules, path: &str, found: &mut Vec<Violation>) {
    let mut expect = |holds: bool, rule: &str, description: String| {
        if !holds {
            found.push(Violation { field: path.to_owned(), rule: rule.to_owned(), description });
        }
    };
    match value {
        Value::I32(n) => bounds(i64::from(*n), "int32", rules, &mut expect),
        Value::I64(n) => bounds(*n, "int64", rules, &mut expect),
        Value::EnumNumber(n) if rules.defined_only => {
            let known = field.kind().as_enum().is_some_and(|kind| kind.get_value(*n).is_some());
            expect(known, "enum.defined_only", "must be one of the values that the contract names".to_owned());
        }
        Value::String(text) => {
            length(text.chars().count() as u64, "string", "characters", rules, &mut expect);
            // PostgreSQL has no room for it in a text, and nobody writes it.
            expect(!text.contains('\0'), "string.nul", "must not contain the character NUL".to_owned());
            if let Some(pattern) = &rules.pattern {
                expect(pattern.is_match(text), "string.pattern", format!("must match {pattern}"));
            }
            if rules.uuid {
                let canonical = text.len() == 36 && Uuid::try_parse(text).is_ok();
                expect(canonical, "string.uuid", "must be a UUID".to_owned());
            }
        }
        Value::Bytes(bytes) => length(bytes.len() as u64, "bytes", "bytes", rules, &mut expect),
        Value::Message(below) => walk(below, path, found),
        Value::List(items) => {
            let count = items.len() as u64;
            let least = rules.min_items.unwrap_or(0);
            expect(count >= least, "repeated.min_items", format!("must have at least {least} items"));
            let most = rules.max_items.unwrap_or(u64::MAX);
            expect(count <= most, "repeated.max_items", format!("must have at most {most} items"));
            // Each is held against each. Of far too many that would take hours, and that they are too many is said already.
            if rules.unique && count <= most {
                let doubled = items.iter().enumerate().any(|(i, item)| items[..i].contains(item));
                expect(!doubled, "repeated.unique", "must not have the same item twice".to_owned());
            }
            let none = Rules::default();
            for (i, item) in items.iter().enumerate().take(most.min(10_000) as usize) {
                check_value(item, field, rules.items.as_deref().unwrap_or(&none), &format!("{path}[{i}]"), found);
            }
        }
        _ => {}
    }
}

fn bounds(n: i64, kind: &str, rules: &Rules, expect: &mut impl FnMut(bool, &str, String)) {
    if let Some(least) = rules.least {
        expect(n >= least, &format!("{kind}.gte"), format!("must be at least {least}"));
    }
    if let Some(most) = rules.most {
        expect(n <= most, &format!("{kind}.lte"), format!("must be at most {most}"));
    }
}

fn length(n: u64, kind: &str, unit: &str, rules: &Rules, expect: &mut impl FnMut(bool, &str, String)) {
    if let Some(least) = rules.min_len {
        expect(n >= least, &format!("{kind}.min_len"), format!("must have at least {least} {unit}"));
    }
    if let Some(most) = rules.max_len {
        expect(n <= most, &format!("{kind}.max_len"), format!("must have at most {most} {unit}"));
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod anything;
#[cfg(test)]
mod tests;
