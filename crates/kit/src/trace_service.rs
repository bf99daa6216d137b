//! The story of a resource, from the spans in memory; and the door through which clients hand their own spans in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use opentelemetry_proto::tonic::{
    collector::trace::v1::{
        ExportTraceServiceRequest, ExportTraceServiceResponse, trace_service_server::TraceService as OtlpService,
    },
    trace::v1::Span,
};
use samspil_proto::{
    names::patient_of,
    time,
    trace::v1::{GetStoryRequest, Span as StorySpan, Story, Trace, trace_service_server::TraceService},
};
use tonic::{Request, Response, Status};

use crate::{
    Base,
    telemetry::{SpanStore, memory_text},
};

/// Both services on one store of spans.
#[derive(Clone)]
pub struct Traces {
    /// The spans.
    pub spans: SpanStore,
    /// What a service of this process stands on, to ask who has business with a patient.
    pub base: Base,
}

#[tonic::async_trait]
impl TraceService for Traces {
    async fn get_story(&self, request: Request<GetStoryRequest>) -> Result<Response<Story>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        // What is asked for by name is checked even when nothing is known of it.
        let asked = patient_of(&request.name);
        if let Some(patient) = asked {
            ctx.cares_for(patient).await?;
        }
        let (spans, truncated) = self.spans.story(&request.name);
        let touched = patients(&spans);
        for patient in touched.iter().filter(|patient| Some(**patient) != asked) {
            ctx.cares_for(*patient).await?;
        }
        ctx.audit_read(touched.iter().map(|patient| (*patient, request.name.as_str()))).await?;
        Ok(Response::new(Story { name: request.name, traces: traces(spans), truncated }))
    }
}

#[tonic::async_trait]
impl OtlpService for Traces {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.spans.add(request.into_inner().resource_spans);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

type Owned = (std::sync::Arc<str>, Span);

/// The patients whom spans tell of.
fn patients(spans: &[Owned]) -> BTreeSet<uuid::Uuid> {
    let attributes = spans.iter().flat_map(|(_, span)| &span.attributes);
    let resources = attributes.filter(|attribute| attribute.key == "samspil.resource");
    resources.filter_map(|attribute| patient_of(&memory_text(attribute.value.as_ref()))).collect()
}

/// Spans as traces: each span after its parent, siblings by start.
fn traces(spans: Vec<Owned>) -> Vec<Trace> {
    let mut by_trace: BTreeMap<Vec<u8>, Vec<Owned>> = BTreeMap::new();
    for span in spans {
        by_trace.entry(span.1.trace_id.clone()).or_default().push(span);
    }
    let mut traces: Vec<_> = by_trace.into_values().map(|spans| (first_start(&spans), trace(spans))).collect();
    traces.sort_by_key(|(start, _)| *start);
    traces.into_iter().map(|(_, trace)| trace).collect()
}

fn first_start(spans: &[Owned]) -> u64 {
    spans.iter().map(|(_, span)| span.start_time_unix_nano).min().unwrap_or_default()
}

fn trace(mut spans: Vec<Owned>) -> Trace {
    spans.sort_by_key(|(_, span)| span.start_time_unix_nano);
    let here: HashMap<&[u8], usize> =
        spans.iter().enumerate().map(|(i, (_, span))| (span.span_id.as_slice(), i)).collect();
    let mut children: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    for (i, (_, span)) in spans.iter().enumerate() {
        // A parent that is not here is a client that keeps its spans to itself: its child stands at the top.
        children.entry(here.get(span.parent_span_id.as_slice()).copied()).or_default().push(i);
    }
    let mut ordered = Vec::with_capacity(spans.len());
    let mut stack: Vec<_> = children.remove(&None).unwrap_or_default().into_iter().rev().map(|i| (i, 0)).collect();
    while let Some((i, depth)) = stack.pop() {
        ordered.push(wire(&spans[i], depth));
        stack.extend(children.remove(&Some(i)).unwrap_or_default().into_iter().rev().map(|child| (child, depth + 1)));
    }
    Trace { trace_id: spans.first().map(|(_, span)| hex(&span.trace_id)).unwrap_or_default(), spans: ordered }
}

fn wire((service, span): &Owned, depth: i32) -> StorySpan {
    let kind = ["internal", "internal", "server", "client", "producer", "consumer"];
    let start = chrono::DateTime::from_timestamp_nanos(span.start_time_unix_nano as i64);
    StorySpan {
        span_id: hex(&span.span_id),
        parent_span_id: hex(&span.parent_span_id),
        depth,
        name: span.name.clone(),
        kind: kind.get(span.kind as usize).copied().unwrap_or("internal").to_owned(),
        service: service.to_string(),
        start_time: Some(time::to_wire(start)),
        duration_us: (span.end_time_unix_nano.saturating_sub(span.start_time_unix_nano) / 1000) as i64,
        failed: span.status.as_ref().is_some_and(|status| status.code == 2),
        attributes: span.attributes.iter().map(|a| (a.key.clone(), memory_text(a.value.as_ref()))).collect(),
        linked_trace_ids: span.links.iter().map(|link| hex(&link.trace_id)).collect(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(id: u8, parent: Option<u8>, start: u64) -> Owned {
        let span = Span {
            trace_id: vec![1; 16],
            span_id: vec![id; 8],
            parent_span_id: parent.map(|id| vec![id; 8]).unwrap_or_default(),
            start_time_unix_nano: start,
            end_time_unix_nano: start + 5_000,
            name: format!("span {id}"),
            ..Span::default()
        };
        ("test".into(), span)
    }

    #[test]
    fn a_span_follows_its_parent_and_siblings_stand_by_start() {
        let spans =
            vec![span(4, Some(2), 4), span(3, Some(1), 3), span(2, Some(1), 2), span(1, None, 1), span(9, Some(8), 0)];
        let told: Vec<_> = traces(spans)[0].spans.iter().map(|s| (s.name.clone(), s.depth)).collect();
        let expected = [("span 9", 0), ("span 1", 0), ("span 2", 1), ("span 4", 2), ("span 3", 1)];
        assert_eq!(told, expected.map(|(name, depth)| (name.to_owned(), depth)));
    }
}
