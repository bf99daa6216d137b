//! Everything that went well once more, wrongly: with the marked person in each text in turn, and by somebody without business.

use serde_json::Value;

use super::{
    asking::{Asked, Asking},
    marks::{HYPHENATED, NAME, NUMBER, TEXT},
};

pub(crate) async fn play(asking: &mut Asking<'_>) {
    for Asked { person, method, request } in asking.asked.clone() {
        // A stranger, and the same again: an answer that is kept.
        let _ = asking.tries("outsider", &method, &request).await;
        let _ = asking.tries(person, &method, &request).await;
        let reads =
            ["Get", "List", "Find", "Batch", "Check", "Explain", "Diff"].iter().any(|verb| method.starts_with(verb));
        // What was done under a request id cannot be done otherwise under the same: nothing of this is written.
        if !reads && request.get("requestId").is_none() {
            continue;
        }
        for place in texts(&request, String::new()) {
            let mut wrong = request.clone();
            let text = wrong.pointer_mut(&place).unwrap();
            *text = format!("{NUMBER} {HYPHENATED} {NAME} {TEXT}").into();
            let _ = asking.tries(person, &method, &wrong).await;
            if let Some(name) =
                request.pointer(&place).and_then(Value::as_str).filter(|name| name.starts_with("patients/"))
            {
                // A name with something behind it, and one of nothing.
                for name in [format!("{name}/{NAME}"), format!("{}0", &name[..name.len() - 1])] {
                    *wrong.pointer_mut(&place).unwrap() = name.into();
                    let _ = asking.tries(person, &method, &wrong).await;
                }
            }
        }
    }
}

/// Where the texts of a request stand.
fn texts(value: &Value, place: String) -> Vec<String> {
    match value {
        Value::String(_) if place != "/requestId" => vec![place],
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| texts(value, format!("{place}/{name}"))).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(at, item)| texts(item, format!("{place}/{at}"))).collect()
        }
        _ => vec![],
    }
}
