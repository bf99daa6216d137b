//! Calls in JSON, of any method, by anybody; and all that is said to them.

use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, MethodDescriptor, ReflectMessage as _, Value as Field};
use samspil_testkit::call_raw;
use serde_json::{Value, json};
use tonic::{Status, transport::Channel};

use super::marks::TEXT;
use crate::{course::request_id, server::Server};

/// What was said that has to be clean.
#[derive(Default)]
pub(crate) struct Said {
    /// Codes, texts, details and metadata of refusals.
    pub(crate) refusals: Vec<(String, String)>,
    /// Names, etags, cursors, page tokens; tokens also as they are before base64.
    pub(crate) handles: Vec<(String, String)>,
    /// What the process keeps of its spans.
    pub(crate) stories: Vec<String>,
}

/// A request that went well.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) person: &'static str,
    pub(crate) method: String,
    pub(crate) request: Value,
}

/// Somebody who asks, and keeps what is said.
pub(crate) struct Asking<'s> {
    server: &'s Server,
    channel: Channel,
    pub(crate) said: Said,
    pub(crate) asked: Vec<Asked>,
}

pub(crate) fn methods() -> Vec<MethodDescriptor> {
    let services = samspil_proto::descriptors().services();
    services.flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
}

/// The method with a short name.
pub(crate) fn method(name: &str) -> MethodDescriptor {
    methods().into_iter().find(|method| method.name() == name).unwrap_or_else(|| panic!("no method {name}"))
}

/// A text field that somebody writes freely: it has a length, and no form.
fn is_free(field: &prost_reflect::FieldDescriptor) -> bool {
    const TECHNICAL: [&str; 11] = [
        "page_token",
        "etag",
        "cursor",
        "person",
        "role",
        "owner_role",
        "target",
        "method",
        "instrument",
        "content_type",
        "person_number",
    ];
    let rules = samspil_proto::descriptors().get_extension_by_name("buf.validate.field").expect("the rules' extension");
    let options = field.options();
    let rules = options.get_extension(&rules);
    let text = rules.as_message().and_then(|rules| rules.get_field_by_name("string")?.as_message().cloned());
    let has = |rule: &str| text.as_ref().is_some_and(|text| text.has_field_by_name(rule));
    field.kind() == Kind::String
        && !field.is_list()
        && has("max_len")
        && !has("pattern")
        && !TECHNICAL.contains(&field.name())
        && !field.parent_message().full_name().ends_with(".Coding")
}

/// Writes the mark into every free text of a request that nobody filled in, and gives it an id.
fn marked(message: &mut DynamicMessage) {
    for field in message.descriptor().fields().collect::<Vec<_>>() {
        let alone = field.containing_oneof().is_none_or(|oneof| oneof.is_synthetic());
        if field.name() == "request_id" && !message.has_field(&field) {
            message.set_field(&field, Field::String(request_id()));
        } else if is_free(&field) && alone && !message.has_field(&field) {
            message.set_field(&field, Field::String(format!("{TEXT} {}", field.name())));
        } else if let Kind::Message(_) = field.kind()
            && message.has_field(&field)
        {
            match message.get_field_mut(&field) {
                Field::Message(part) => marked(part),
                Field::List(parts) => parts.iter_mut().filter_map(Field::as_message_mut).for_each(marked),
                _ => {}
            }
        }
    }
}

fn read(descriptor: MessageDescriptor, json: &Value) -> DynamicMessage {
    DynamicMessage::deserialize(descriptor, json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

impl<'s> Asking<'s> {
    pub(crate) fn of(server: &'s Server) -> Asking<'s> {
        let channel = tonic::transport::Endpoint::from_shared(server.endpoint()).unwrap().connect_lazy();
        Asking { server, channel, said: Said::default(), asked: Vec::new() }
    }

    /// Calls, and gives the answer.
    pub(crate) async fn call(&mut self, person: &'static str, name: &str, request: Value) -> Value {
        let method = method(name);
        let mut message = read(method.input(), &request);
        marked(&mut message);
        let request = serde_json::to_value(&message).unwrap();
        let answers = Box::pin(self.ask(person, &method, &[message], 1)).await;
        let answer = answers.unwrap_or_else(|status| panic!("{name}: {status:?} to {request}")).remove(0);
        self.asked.push(Asked { person, method: name.to_owned(), request });
        answer
    }

    /// Calls with a stream of messages, and gives every answer.
    pub(crate) async fn stream(&mut self, person: &'static str, name: &str, messages: &[Value]) -> Vec<Value> {
        let method = method(name);
        let messages: Vec<_> = messages.iter().map(|message| read(method.input(), message)).collect();
        let answers = self.ask(person, &method, &messages, usize::MAX).await;
        answers.unwrap_or_else(|status| panic!("{name}: {status:?}"))
    }

    /// Calls with a request as it is, whatever comes of it.
    pub(crate) async fn tries(&mut self, person: &str, name: &str, request: &Value) -> Result<Value, Status> {
        let method = method(name);
        // What does not fit into a request at all cannot be sent.
        let Ok(message) = DynamicMessage::deserialize(method.input(), request) else { return Ok(Value::Null) };
        Ok(self.ask(person, &method, &[message], 1).await?.pop().unwrap_or_default())
    }

    async fn ask(
        &mut self,
        person: &str,
        method: &MethodDescriptor,
        messages: &[DynamicMessage],
        most: usize,
    ) -> Result<Vec<Value>, Status> {
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        let token = self.server.token(person);
        let messages = messages.iter().map(|message| Bytes::from(message.encode_to_vec())).collect();
        let answers = async {
            let mut stream = call_raw(self.channel.clone(), &path, Some(&token), messages).await?;
            let mut answers = Vec::new();
            while answers.len() < most
                && let Some(bytes) = stream.message().await?
            {
                answers.push(DynamicMessage::decode(method.output(), bytes).unwrap());
            }
            Ok::<_, Status>(answers)
        };
        match tokio::time::timeout(Duration::from_secs(60), answers).await.expect("an answer by now") {
            Ok(answers) => {
                let answers: Vec<_> = answers.iter().map(|answer| serde_json::to_value(answer).unwrap()).collect();
                answers.iter().for_each(|answer| self.keep(method.name(), answer));
                Ok(answers)
            }
            Err(status) => {
                let details = String::from_utf8_lossy(status.details()).into_owned();
                self.said.refusals.push((path, format!("{status:?} {status} {details} {:?}", status.metadata())));
                Err(status)
            }
        }
    }

    /// Keeps what an answer hands out to be handed in again.
    fn keep(&mut self, method: &str, answer: &Value) {
        use base64::{Engine as _, prelude::*};
        match answer {
            Value::Object(fields) => {
                for (field, value) in fields {
                    let handle = ["name", "etag", "cursor", "nextPageToken", "source", "subject", "wound", "resource"];
                    if let (true, Some(text)) = (handle.contains(&field.as_str()), value.as_str()) {
                        self.said.handles.push((method.to_owned(), text.to_owned()));
                        if let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(text) {
                            let within = String::from_utf8_lossy(&bytes).into_owned();
                            self.said.handles.push((method.to_owned(), within));
                        }
                    }
                    self.keep(method, value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.keep(method, item)),
            _ => {}
        }
    }

    /// Every story that the process can tell of what was named so far.
    pub(crate) async fn stories(&mut self) {
        let mut names: Vec<_> = self.said.handles.iter().map(|(_, handle)| handle.clone()).collect();
        names.retain(|name| name.starts_with("patients/"));
        names.sort();
        names.dedup();
        for name in names {
            if let Ok(story) = self.tries("nurse", "GetStory", &json!({ "name": name })).await {
                self.said.stories.push(story.to_string());
            }
        }
        assert!(self.said.stories.iter().any(|story| story.contains("AnswerAssessment")));
    }
}
