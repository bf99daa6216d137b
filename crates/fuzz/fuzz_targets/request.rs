//! Any request of the contract, taken as a server takes it: decoded, and checked by the contract's rules.
//!
//! The first byte says which request it is, the rest is its message.

#![no_main]

use std::{collections::BTreeMap, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use prost::{Message, Name};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};
use regex::Regex;
use samspil_kit::{Error, validate};
use tonic::Status;

mod seeds;

/// What a client reads of headers before it ends the connection, by HTTP/2's usual settings.
const HEADERS: usize = 16 * 1024;

/// A request of the contract: its name, and what is promised of it for any bytes.
type Request = (String, fn(&[u8]));

/// All of them, by name.
static REQUESTS: LazyLock<Vec<Request>> =
    LazyLock::new(|| Vec::from(include!(concat!(env!("OUT_DIR"), "/requests.rs"))));

fuzz_target!(init: seeds::write(seeds()), |bytes: &[u8]| {
    let Some((which, message)) = bytes.split_first() else { return };
    if let Some((_, keep)) = REQUESTS.get(usize::from(*which)) {
        keep(message);
    }
});

fn request<M: Message + Name + Default>() -> Request {
    (M::full_name(), keep::<M>)
}

fn descriptor(name: &str) -> MessageDescriptor {
    samspil_proto::descriptors().get_message_by_name(name).expect("a message of the contract")
}

fn keep<M: Message + Name + Default>(bytes: &[u8]) {
    let Ok(message) = M::decode(bytes) else { return };
    let encoded = message.encode_to_vec();
    let again = M::decode(encoded.as_slice()).expect("what was encoded can be decoded");
    assert_eq!(again.encode_to_vec(), encoded, "a message that was read says the same");
    // The rules read it by its descriptor. They have to see the message that the service sees.
    let by_descriptor = DynamicMessage::decode(descriptor(&M::full_name()), encoded.as_slice());
    let seen = by_descriptor.expect("what the one decoder reads, the other does").encode_to_vec();
    assert_eq!(M::decode(seen.as_slice()).expect("the same message").encode_to_vec(), encoded, "as the rules see it");
    match validate::check(&message) {
        Ok(()) => {}
        Err(Error::Invalid(violations)) => {
            assert!(!violations.is_empty());
            let answer = Status::from(Error::Invalid(violations)).into_http::<()>();
            let size: usize = answer.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
            assert!(size < HEADERS, "a refusal of {size} bytes");
        }
        Err(other) => panic!("{other:?}"),
    }
}

/// Of each request one that is as full as it can be, and keeps the rules as far as it is easily done.
fn seeds() -> Vec<Vec<u8>> {
    assert!(REQUESTS.len() <= 256, "one byte says which request it is");
    let mut patterns = BTreeMap::new();
    let message = |(name, _): &Request| filled(descriptor(name), 0, &mut patterns).encode_to_vec();
    let messages: Vec<_> = REQUESTS.iter().map(message).collect();
    (0..).zip(messages).map(|(which, message)| [vec![which], message].concat()).collect()
}

/// How deep seeds go.
const DEPTH: usize = 5;

/// Texts for every pattern of the contract: names, ids, dates, codes.
const TEXTS: &[&str] = &[
    "patients/0198f3a0-0000-7000-8000-000000000001",
    "patients/0198f3a0-0000-7000-8000-000000000001/wounds/0198f3a0-0000-7000-8000-000000000002",
    "patients/0198f3a0-0000-7000-8000-000000000001/wounds/0198f3a0-0000-7000-8000-000000000002/visits/0198f3a0-0000-7000-8000-000000000003",
    "patients/0198f3a0-0000-7000-8000-000000000001/referrals/0198f3a0-0000-7000-8000-000000000002",
    "patients/0198f3a0-0000-7000-8000-000000000001/carePlan",
    "patients/-",
    "organisations/990000000000727",
    "2026-11-18",
    "0766",
    "0101450000",
    "990000000000727",
    "a3f1c2d4e5b60718293a4b5c6d7e8f90a3f1c2d4e5b60718293a4b5c6d7e8f90",
    "A01AA01",
];

fn filled(descriptor: MessageDescriptor, depth: usize, patterns: &mut BTreeMap<String, Regex>) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    for field in descriptor.fields() {
        let is_message = matches!(field.kind(), Kind::Message(_));
        if field.is_map()
            || (is_message && depth == DEPTH)
            || field
                .containing_oneof()
                .is_some_and(|of| message.fields().any(|(set, _)| of.fields().any(|one| one == set)))
        {
            continue;
        }
        let value = match field.kind() {
            Kind::Message(below) => Value::Message(filled(below, depth + 1, patterns)),
            Kind::String => Value::String(text(&field, patterns).to_owned()),
            Kind::Bytes => Value::Bytes(vec![7; 32].into()),
            Kind::Enum(_) => Value::EnumNumber(1),
            Kind::Bool => Value::Bool(true),
            Kind::Double => Value::F64(0.5),
            Kind::Float => Value::F32(0.5),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(1),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(1),
            Kind::Uint32 | Kind::Fixed32 => Value::U32(1),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(1),
        };
        message.set_field(&field, if field.is_list() { Value::List(vec![value]) } else { value });
    }
    message
}

/// A text that has the field's pattern, if there is one among ours.
fn text(field: &FieldDescriptor, patterns: &mut BTreeMap<String, Regex>) -> &'static str {
    let usual = "0198f3a0-0000-7000-8000-000000000001";
    let rules = samspil_proto::descriptors().get_extension_by_name("buf.validate.field").expect("the contract's rules");
    let rules = field.options().get_extension(&rules).into_owned();
    let of_text = rules.as_message().and_then(|rules| Some(rules.get_field_by_name("string")?.into_owned()));
    let pattern =
        of_text.as_ref().and_then(|rules| Some(rules.as_message()?.get_field_by_name("pattern")?.as_str()?.to_owned()));
    let Some(pattern) = pattern else { return usual };
    let regex = patterns.entry(pattern).or_insert_with_key(|text| Regex::new(text).expect("the contract's patterns"));
    TEXTS.iter().find(|text| regex.is_match(text)).unwrap_or(&usual)
}
