//! Spans kept in memory, ours and those that clients hand in.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex},
};

use opentelemetry_proto::{
    tonic::trace::v1::{ResourceSpans, Span},
    transform::{common::tonic::ResourceAttributesWithSchema, trace::tonic::group_spans_by_resource_and_scope},
};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SpanData, SpanExporter},
};

/// The newest spans of this process and its clients, bounded.
#[derive(Debug, Clone)]
pub struct SpanStore {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug)]
struct Kept {
    spans: VecDeque<(Arc<str>, Span)>,
    capacity: usize,
    dropped: bool,
}

impl SpanStore {
    /// Keeps at most `capacity` spans.
    pub fn new(capacity: usize) -> SpanStore {
        SpanStore { kept: Arc::new(Mutex::new(Kept { spans: VecDeque::new(), capacity, dropped: false })) }
    }

    /// Takes spans in, as OTLP has them.
    pub fn add(&self, batches: Vec<ResourceSpans>) {
        let mut kept = self.lock();
        for batch in batches {
            let service: Arc<str> = batch
                .resource
                .iter()
                .flat_map(|resource| &resource.attributes)
                .find(|attribute| attribute.key == "service.name")
                .map_or_else(String::new, |attribute| text(attribute.value.as_ref()))
                .into();
            for span in batch.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                if kept.spans.len() >= kept.capacity {
                    kept.spans.pop_front();
                    kept.dropped = true;
                }
                kept.spans.push_back((service.clone(), span));
            }
        }
    }

    /// Every span of each trace that one of its spans says something about: for a resource those whose `samspil.resource` is it
    /// or lies below it, for a trace id that trace. The flag says whether older spans were dropped.
    pub fn story(&self, name: &str) -> (Vec<(Arc<str>, Span)>, bool) {
        let kept = self.lock();
        let below = format!("{name}/");
        let about = |span: &Span| {
            span.attributes.iter().any(|attribute| {
                attribute.key == "samspil.resource" && {
                    let value = text(attribute.value.as_ref());
                    value == name || value.starts_with(&below)
                }
            })
        };
        let traces: HashSet<_> = match decode_hex(name) {
            Some(trace_id) => HashSet::from([trace_id]),
            None => kept.spans.iter().filter(|(_, span)| about(span)).map(|(_, span)| span.trace_id.clone()).collect(),
        };
        (kept.spans.iter().filter(|(_, span)| traces.contains(&span.trace_id)).cloned().collect(), kept.dropped)
    }

    /// What puts this process's own spans in.
    pub(super) fn exporter(&self) -> impl SpanExporter + 'static {
        Exporter { store: self.clone(), resource: ResourceAttributesWithSchema::default() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// An attribute's value as text.
pub(crate) fn text(value: Option<&opentelemetry_proto::tonic::common::v1::AnyValue>) -> String {
    use opentelemetry_proto::tonic::common::v1::any_value::Value;
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(n)) => n.to_string(),
        Some(Value::DoubleValue(n)) => n.to_string(),
        Some(Value::BoolValue(b)) => b.to_string(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    }
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    (text.len() == 32).then(|| (0..16).map(|i| u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()).collect())?
}

#[derive(Debug)]
struct Exporter {
    store: SpanStore,
    resource: ResourceAttributesWithSchema,
}

impl SpanExporter for Exporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.store.add(group_spans_by_resource_and_scope(batch, &self.resource));
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}
