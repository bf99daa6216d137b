//! Messages of the contract as JSON, in the canonical form: for a file that a person can read, and for scripts.

use prost::{Message, Name};
use prost_reflect::{DynamicMessage, MessageDescriptor};
use serde::de::{DeserializeSeed as _, Error as _};
use serde_json::Value;

fn descriptor<M: Name>() -> Option<MessageDescriptor> {
    samspil_proto::descriptors().get_message_by_name(&M::full_name())
}

/// A message of the contract as JSON. Null for a message that is not of the contract.
pub fn from_message<M: Message + Name>(message: &M) -> Value {
    let Some(descriptor) = descriptor::<M>() else { return Value::Null };
    let mut dynamic = DynamicMessage::new(descriptor);
    match dynamic.transcode_from(message) {
        Ok(()) => serde_json::to_value(&dynamic).unwrap_or(Value::Null),
        Err(_) => Value::Null,
    }
}

/// The message that JSON tells.
pub fn to_message<M: Message + Name + Default>(json: &Value) -> Result<M, serde_json::Error> {
    let descriptor = descriptor::<M>().ok_or_else(|| serde_json::Error::custom("not a message of the contract"))?;
    descriptor.deserialize(json)?.transcode_to().map_err(serde_json::Error::custom)
}

#[cfg(test)]
mod tests {
    use samspil_proto::wound::v1::{ExudateAmount, Findings, TissueShare, TissueType};

    use super::*;

    #[test]
    fn findings_read_back_as_they_were_written() {
        let findings = Findings {
            length_mm: Some(0),
            pain: Some(4),
            exudate_amount: ExudateAmount::Small.into(),
            tissue: vec![TissueShare { r#type: TissueType::Slough.into(), percent: 40 }],
            note: "lugter ikke".to_owned(),
            ..Findings::default()
        };
        let json = from_message(&findings);
        assert_eq!(json["exudateAmount"], "EXUDATE_AMOUNT_SMALL");
        assert_eq!(to_message::<Findings>(&json).unwrap(), findings);
    }

    #[test]
    fn json_that_is_no_such_message_is_refused() {
        assert!(to_message::<Findings>(&serde_json::json!({"lengthMm": "long"})).is_err());
        assert!(to_message::<Findings>(&serde_json::json!({"unknown": 1})).is_err());
    }
}
