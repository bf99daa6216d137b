//! A request of any method that keeps the contract's rules, about one patient. It is made from the rules themselves, so that a method
//! that is added tomorrow has one.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, OneofDescriptor, Value};
use samspil_kit::identity::demo;
use uuid::Uuid;

/// What a request is made with.
#[derive(Clone, Copy)]
pub(crate) struct About {
    pub(crate) patient: Uuid,
    /// Seconds since 1970, by the services' clock.
    pub(crate) now: i64,
}

const UUID: &str = "[0-9a-f-]{36}";

impl About {
    pub(crate) fn request(self, message: MessageDescriptor) -> DynamicMessage {
        if message.full_name() == "google.protobuf.Timestamp" {
            let mut time = DynamicMessage::new(message);
            time.set_field_by_name("seconds", Value::I64(self.now));
            return time;
        }
        let mut made = DynamicMessage::new(message.clone());
        for field in message.fields() {
            if field.containing_oneof().is_some_and(|oneof| !oneof.is_synthetic()) {
                continue;
            }
            if let Some(value) = self.needed(&field) {
                made.set_field(&field, value);
            }
        }
        for field in message.oneofs().filter(must_be_set).filter_map(|oneof| oneof.fields().next()) {
            made.set_field(&field, self.any(&field, &rules(&field)));
        }
        for field in one_of_these(&message) {
            made.set_field(&field, self.any(&field, &rules(&field)));
        }
        for name in asked_for_beyond_the_rules(message.full_name()) {
            if let Some(field) = message.get_field_by_name(name) {
                made.set_field(&field, self.any(&field, &rules(&field)));
            }
        }
        if message.full_name() == "samspil.referral.v1.Referral" {
            // To somebody else than whoever calls.
            made.set_field_by_name("receiver", Value::String(format!("organisations/{}", demo::PRACTICE)));
        }
        made
    }

    /// A value, where the rules do not take the default.
    fn needed(self, field: &FieldDescriptor) -> Option<Value> {
        let rules = rules(field);
        let rules = rules?;
        let required = flag(&rules, "required");
        if field.is_list() {
            let list = part(&rules, "repeated")?;
            let items = part(&list, "items");
            let count = number(&list, "min_items");
            return (count > 0).then(|| Value::List((0..count).map(|_| self.any(field, &items)).collect()));
        }
        let text = part(&rules, "string");
        let takes_nothing = match &text {
            Some(text) => {
                number(text, "min_len") == 0 && !flag(text, "uuid") && pattern(text).is_none_or(takes_nothing)
            }
            None => true,
        };
        let bytes = part(&rules, "bytes").is_some_and(|bytes| number(&bytes, "min_len") > 0);
        let least = ["int32", "int64"].into_iter().filter_map(|kind| part(&rules, kind));
        let above = least.into_iter().any(|rule| number(&rule, "gte") > 0 || rule.has_field_by_name("gt"));
        (required || !takes_nothing || bytes || above).then(|| self.any(field, &Some(rules)))
    }

    /// A value that is not the default.
    fn any(self, field: &FieldDescriptor, rules: &Option<DynamicMessage>) -> Value {
        let of = |kind: &str| rules.as_ref().and_then(|rules| part(rules, kind));
        match field.kind() {
            Kind::Message(message) => Value::Message(self.request(message)),
            Kind::Enum(values) => {
                let first = values.values().find(|value| value.number() != 0);
                Value::EnumNumber(first.map_or(0, |value| value.number()))
            }
            Kind::String => Value::String(self.text(field.name(), of("string"))),
            Kind::Bytes => {
                let length = of("bytes").map_or(1, |bytes| number(&bytes, "min_len").max(1));
                Value::Bytes(vec![7; length as usize].into())
            }
            Kind::Int32 => Value::I32(of("int32").map_or(1, |rule| number(&rule, "gte").max(1)) as i32),
            Kind::Int64 => Value::I64(of("int64").map_or(1, |rule| number(&rule, "gte").max(1)) as i64),
            Kind::Bool => Value::Bool(true),
            Kind::Double => Value::F64(1.0),
            Kind::Float => Value::F32(1.0),
            Kind::Uint32 | Kind::Fixed32 => Value::U32(1),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(1),
            Kind::Sint32 | Kind::Sfixed32 => Value::I32(1),
            Kind::Sint64 | Kind::Sfixed64 => Value::I64(1),
        }
    }

    fn text(self, name: &str, rules: Option<DynamicMessage>) -> String {
        let Some(rules) = rules else { return "x".to_owned() };
        if flag(&rules, "uuid") {
            return Uuid::new_v4().to_string();
        }
        if let Some(pattern) = pattern(&rules) {
            return self.name(&pattern);
        }
        match name {
            "person_number" => return "0101450001".to_owned(),
            "system" => return "http://snomed.info/sct".to_owned(),
            "code" => return "84607009".to_owned(),
            "method" => return "samspil.wound.v1.WoundService/GetWound".to_owned(),
            _ => {}
        }
        "x".repeat(number(&rules, "min_len").max(1) as usize)
    }

    /// What a pattern of the contract takes: names, codes, digests.
    fn name(self, pattern: &str) -> String {
        let mut name = pattern.trim_start_matches('^').trim_end_matches('$').to_owned();
        // Of several ways to write it, the first.
        while let Some((begin, end)) = innermost(&name) {
            let first = name[begin + 1..end].split('|').next().unwrap_or_default().to_owned();
            name.replace_range(begin..=end, &first);
        }
        for (these, that) in [
            ("[0-9]{11,18}", demo::HOSPITAL),
            ("[0-9a-f]{64}", &"0".repeat(64)),
            ("[0-9A-Za-z_-]{1,40}", "code"),
            ("[0-9a-z-]{1,64}", "block"),
            ("[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}", "A00AA00"),
            ("[0-9]{4}", "0766"),
        ] {
            name = name.replace(these, that);
        }
        // What may be left out is there.
        name = name.replace('?', "");
        // The first is the patient; what comes below it is there for nobody.
        name = name.replacen(UUID, &self.patient.to_string(), 1);
        name.replace(UUID, "0198f3a0-0000-7000-8000-00000000dead")
    }
}

/// What a service wants of a message where the contract's rules would do without: one of two fields, or a field for one kind.
fn asked_for_beyond_the_rules(message: &str) -> &'static [&'static str] {
    match message {
        "samspil.directory.v1.Block" => &["target"],
        "samspil.referral.v1.UploadAttachmentRequest" => &["start"],
        "samspil.wound.v1.SupplyMoreRequest" => &["reply"],
        _ => &[],
    }
}

fn rules(field: &FieldDescriptor) -> Option<DynamicMessage> {
    extension(field.options(), "buf.validate.field")
}

fn must_be_set(oneof: &OneofDescriptor) -> bool {
    extension(oneof.options(), "buf.validate.oneof").is_some_and(|rules| flag(&rules, "required"))
}

/// The first of each group of fields of which one has to be there.
fn one_of_these(message: &MessageDescriptor) -> Vec<FieldDescriptor> {
    let Some(rules) = extension(message.options(), "buf.validate.message") else { return vec![] };
    let groups = rules.get_field_by_name("oneof").and_then(|groups| groups.as_list().map(<[_]>::to_vec));
    let first = |group: &Value| {
        let group = group.as_message()?.clone();
        let fields = group.get_field_by_name("fields")?.as_list()?.to_vec();
        flag(&group, "required").then(|| message.get_field_by_name(fields.first()?.as_str()?)).flatten()
    };
    groups.unwrap_or_default().iter().filter_map(first).collect()
}

fn extension(options: DynamicMessage, name: &str) -> Option<DynamicMessage> {
    let extension = samspil_proto::descriptors().get_extension_by_name(name)?;
    options.has_extension(&extension).then(|| options.get_extension(&extension).as_message().cloned()).flatten()
}

fn part(rules: &DynamicMessage, name: &str) -> Option<DynamicMessage> {
    rules.has_field_by_name(name).then(|| rules.get_field_by_name(name)?.as_message().cloned()).flatten()
}

fn flag(rules: &DynamicMessage, name: &str) -> bool {
    rules.get_field_by_name(name).is_some_and(|value| value.as_bool() == Some(true))
}

fn number(rules: &DynamicMessage, name: &str) -> u64 {
    let value = rules.get_field_by_name(name);
    let value = value.map(|value| value.into_owned());
    match value {
        Some(Value::U64(number)) => number,
        Some(Value::I32(number)) => u64::try_from(number).unwrap_or(0),
        Some(Value::I64(number)) => u64::try_from(number).unwrap_or(0),
        _ => 0,
    }
}

fn pattern(rules: &DynamicMessage) -> Option<String> {
    rules.has_field_by_name("pattern").then(|| Some(rules.get_field_by_name("pattern")?.as_str()?.to_owned())).flatten()
}

/// Where the first group begins and ends that has none within.
fn innermost(pattern: &str) -> Option<(usize, usize)> {
    let end = pattern.find(')')?;
    Some((pattern[..end].rfind('(')?, end))
}

/// Whether a pattern takes an empty text: those of the contract say so with a question mark at the end.
fn takes_nothing(pattern: String) -> bool {
    pattern.ends_with(")?$") || pattern == "^$"
}
