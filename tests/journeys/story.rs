//! One trace from the nurse's phone to the care plan, received over OTLP.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::{
        ExportTraceServiceRequest, ExportTraceServiceResponse,
        trace_service_server::{TraceService, TraceServiceServer},
    },
    trace::v1::Span,
};
use samspil_client::queue::{Outcome, Queue};
use samspil_kit::telemetry::{self, Telemetry};
use tonic::{Request, Response, Status};
use tracing::Instrument as _;

use crate::{course, server::Server};

/// A collector in this process, behind real gRPC.
#[derive(Clone, Default)]
pub(crate) struct Collector(Arc<Mutex<Vec<Span>>>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let spans = request.into_inner().resource_spans.into_iter().flat_map(|r| r.scope_spans).flat_map(|s| s.spans);
        self.0.lock().unwrap().extend(spans);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Collector {
    pub(crate) async fn listen() -> (Collector, String) {
        let collector = Collector::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let server = tonic::transport::Server::builder().add_service(TraceServiceServer::new(collector.clone()));
        tokio::spawn(server.serve_with_incoming(tokio_stream::wrappers::TcpListenerStream::new(listener)));
        (collector, endpoint)
    }

    /// Everything that was sent so far.
    pub(crate) fn spans(&self) -> Vec<Span> {
        self.0.lock().unwrap().clone()
    }

    /// The trace with this id, once it has a span of each of these names.
    async fn trace(&self, trace_id: &str, names: &[&str]) -> Tree {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let all = self.0.lock().unwrap().clone();
            let tree = Tree(all.into_iter().filter(|span| hex(&span.trace_id) == trace_id).collect());
            let missing: Vec<_> = names.iter().filter(|name| !tree.0.iter().any(|span| span.name == **name)).collect();
            if missing.is_empty() {
                return tree;
            }
            assert!(
                Instant::now() < until,
                "no {missing:?} among {:?}",
                tree.0.iter().map(|s| &s.name).collect::<Vec<_>>()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The spans of one trace.
struct Tree(Vec<Span>);

impl Tree {
    /// Asserts that some span of the first name has exactly these ancestors, from the root down to it.
    fn has_path(&self, path: &[(&str, i32)]) {
        let by_id: HashMap<_, _> = self.0.iter().map(|span| (&span.span_id, span)).collect();
        let (last, _) = path.last().unwrap();
        let paths: Vec<Vec<(String, i32)>> = self
            .0
            .iter()
            .filter(|span| span.name == *last)
            .map(|span| {
                let up = std::iter::successors(Some(span), |span| by_id.get(&span.parent_span_id).copied());
                let mut path: Vec<_> = up.map(|span| (span.name.clone(), span.kind)).collect();
                path.reverse();
                path
            })
            .collect();
        let wanted: Vec<_> = path.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        assert!(paths.contains(&wanted), "no path {wanted:?}, but {paths:?}");
    }
}

const INTERNAL: i32 = 1;
const SERVER: i32 = 2;
const CLIENT: i32 = 3;
const CONSUMER: i32 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_trace_leads_from_the_nurses_phone_to_the_care_plan_and_the_answer_links_back() {
    let (collector, otlp) = Collector::listen().await;
    let folder = tempfile::tempdir().unwrap();
    let environment = [("OTEL_EXPORTER_OTLP_ENDPOINT", otlp.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "50")];
    let server = Server::start(folder.path(), &environment);
    let telemetry = Telemetry::start(&telemetry::Settings {
        service: "nurse",
        otlp_endpoint: Some(otlp.clone()),
        otlp_token: None,
        spans_in_memory: 0,
        log: "error".to_owned(),
    })
    .unwrap();
    let (nurse, specialist) = (server.connect("nurse"), server.connect("specialist"));
    let wound = course::open_wound(&nurse).await;

    let queue = Queue::open(folder.path().join("queue")).unwrap();
    let files = course::photographs(folder.path(), 0..1);
    queue.enqueue(course::visit(wound, &files, true, nurse.clock().now())).await.unwrap();
    let span = tracing::info_span!(target: "samspil", "visit", otel.name = "nurse sends a visit");
    let request_trace = span.in_scope(telemetry::current_trace_id);
    let report = queue.sync(&nurse, |_| {}).instrument(span).await.unwrap();
    let Some((_, Outcome::Done { assessment: Some(assessment) })) = report.visits.into_iter().next() else {
        panic!("not sent")
    };

    let span = tracing::info_span!(target: "samspil", "answer", otel.name = "specialist signs");
    let answer_trace = span.in_scope(telemetry::current_trace_id);
    course::answer(&specialist, &assessment).instrument(span).await;
    tokio::task::spawn_blocking(move || telemetry.stop()).await.unwrap();

    const WOUND: &str = "samspil.wound.v1.WoundService";
    let (ask, upload) = (format!("{WOUND}/RequestAssessment"), format!("{WOUND}/UploadPhoto"));
    let root = ("nurse sends a visit", INTERNAL);
    let request = collector
        .trace(
            &request_trace,
            &["nurse sends a visit", &ask, &upload, "careplan follows AssessmentRequested", "encode"],
        )
        .await;
    for (deeper, kind) in
        [("put original", CLIENT), ("put display", CLIENT), ("image steps", INTERNAL), ("UPDATE photos", CLIENT)]
    {
        request.has_path(&[root, (&upload, CLIENT), (&upload, SERVER), (deeper, kind)]);
    }
    for step in ["decode", "resize", "encode"] {
        request.has_path(&[root, (&upload, CLIENT), (&upload, SERVER), ("image steps", INTERNAL), (step, INTERNAL)]);
    }
    let asked = [root, (ask.as_str(), CLIENT), (ask.as_str(), SERVER)];
    request.has_path(&[&asked[..], &[("INSERT assessments", CLIENT)]].concat());
    request.has_path(&[&asked[..], &[("relay AssessmentRequested", INTERNAL)]].concat());
    let followed = [&asked[..], &[("careplan follows AssessmentRequested", CONSUMER)]].concat();
    request.has_path(&followed);
    request.has_path(&[&followed[..], &[("INSERT activities", CLIENT)]].concat());

    let sign = format!("{WOUND}/AnswerAssessment");
    let answered =
        collector.trace(&answer_trace, &["specialist signs", &sign, "careplan follows AssessmentAnswered"]).await;
    let signed = [("specialist signs", INTERNAL), (sign.as_str(), CLIENT), (sign.as_str(), SERVER)];
    answered.has_path(&[&signed[..], &[("careplan follows AssessmentAnswered", CONSUMER)]].concat());
    let links = answered.0.iter().filter(|span| span.name == sign && span.kind == SERVER).flat_map(|span| &span.links);
    let linked: Vec<_> = links.map(|link| hex(&link.trace_id)).collect();
    assert_eq!(linked, [request_trace], "the answer links back to the request");
}
