//! Any request of the contract with anything in it: the rules are asked, and never break.

use prost_reflect::{Cardinality, Kind};
use rand::{Rng as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

use super::*;

/// How many of each request are made up.
const EACH: usize = 150;

/// How deep messages lie within each other. Decoders stop at a hundred by themselves.
const DEPTH: usize = 4;

/// What has broken programs before: nothing, too much, the edges of numbers, text that is none, names with holes.
const TEXTS: [&str; 12] = [
    "",
    " ",
    "patients/",
    "patients/-/wounds/-",
    "patients/0198f3a0-0000-7000-8000-000000000001",
    "0198f3a0-0000-7000-8000-00000000000g",
    "organisations/99999999999999999999",
    "\u{0}",
    "\u{202e}\u{1f9b7}é",
    "..//..",
    "9999-99-99",
    "%s' OR 1=1 --",
];

fn text(rng: &mut ChaCha8Rng) -> String {
    match rng.random_range(0..20) {
        0 => "x".repeat(rng.random_range(0..20_000)),
        _ => (*TEXTS.choose(rng).expect("there are texts")).to_owned(),
    }
}

fn value(kind: &Kind, depth: usize, rng: &mut ChaCha8Rng) -> Value {
    let number = *[0, 1, -1, i64::MAX, i64::MIN, 1 << 31, 253_402_300_800].choose(rng).expect("there are numbers");
    let real = *[0.0, -0.0, f64::NAN, f64::INFINITY, f64::MIN, 1e-310].choose(rng).expect("there are numbers");
    match kind {
        Kind::Double => Value::F64(real),
        Kind::Float => Value::F32(real as f32),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(number as i32),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(number),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(number as u32),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(number as u64),
        Kind::Bool => Value::Bool(rng.random()),
        Kind::String => Value::String(text(rng)),
        Kind::Bytes => Value::Bytes(text(rng).into_bytes().into()),
        Kind::Enum(_) => Value::EnumNumber(number as i32),
        Kind::Message(message) => Value::Message(made_up(message.clone(), depth + 1, rng)),
    }
}

fn made_up(descriptor: MessageDescriptor, depth: usize, rng: &mut ChaCha8Rng) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    for field in descriptor.fields() {
        let too_deep = depth >= DEPTH && matches!(field.kind(), Kind::Message(_));
        if too_deep || field.is_map() || rng.random_range(0..4) == 0 {
            continue;
        }
        let made = match field.cardinality() {
            Cardinality::Repeated => {
                let count = *[0, 1, 2, 30].choose(rng).expect("there are counts");
                Value::List((0..count).map(|_| value(&field.kind(), depth, rng)).collect())
            }
            _ => value(&field.kind(), depth, rng),
        };
        message.set_field(&field, made);
    }
    message
}

#[test]
fn whatever_a_request_says_it_is_checked_without_breaking() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let requests: Vec<_> = samspil_proto::descriptors()
        .services()
        .flat_map(|service| service.methods().map(|method| method.input()).collect::<Vec<_>>())
        .collect();
    assert!(requests.len() > 100);
    let (mut broken, mut decoded) = (0, 0);
    for request in requests {
        for _ in 0..EACH {
            let mut bytes = made_up(request.clone(), 0, &mut rng).encode_to_vec();
            let found = check_bytes(request.clone(), &bytes);
            broken += usize::from(!found.is_empty());
            // A field's path begins with a field.
            for violation in found {
                let first = violation.field.split(['.', '[']).next().unwrap_or_default();
                let known =
                    request.get_field_by_name(first).is_some() || request.oneofs().any(|one| one.name() == first);
                assert!(known || first.is_empty(), "{}: {}", request.full_name(), violation.field);
            }
            // And with a byte that is another, or none after it.
            if !bytes.is_empty() {
                let at = rng.random_range(0..bytes.len());
                bytes[at] = rng.random();
                if rng.random() {
                    bytes.truncate(at);
                }
            }
            decoded += usize::from(DynamicMessage::decode(request.clone(), bytes.as_slice()).is_ok());
            check_bytes(request.clone(), &bytes);
        }
    }
    // Or it would be the decoder alone that was tried.
    assert!(broken > 5_000 && decoded > 5_000, "{broken} broke a rule, {decoded} still decoded after a change");
}
