//! What is measured, received over OTLP; and serving without a collector to tell it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use opentelemetry_proto::tonic::{
    collector::metrics::v1::{
        ExportMetricsServiceRequest, ExportMetricsServiceResponse,
        metrics_service_server::{MetricsService, MetricsServiceServer},
    },
    common::v1::{AnyValue, KeyValue, any_value::Value},
    metrics::v1::{Metric, metric::Data, number_data_point},
};
use samspil_client::queue::{Outcome, Queue};
use samspil_testkit::fresh_schemas;
use tokio::net::TcpListener;
use tonic::{Request, Response, Status};

use crate::{course, server::Server};

/// A collector in this process, behind real gRPC. It keeps the newest of each metric, and who told it.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Told>>);

#[derive(Default)]
struct Told {
    metrics: BTreeMap<String, Metric>,
    resource: BTreeSet<String>,
}

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let mut told = self.0.lock().unwrap();
        for of in request.into_inner().resource_metrics {
            told.resource.extend(of.resource.into_iter().flat_map(|resource| resource.attributes).map(|one| one.key));
            let metrics = of.scope_metrics.into_iter().flat_map(|scope| scope.metrics);
            told.metrics.extend(metrics.map(|metric| (metric.name.clone(), metric)));
        }
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

impl Collector {
    async fn listen() -> (Collector, String) {
        let collector = Collector::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let server = tonic::transport::Server::builder().add_service(MetricsServiceServer::new(collector.clone()));
        tokio::spawn(server.serve_with_incoming(tokio_stream::wrappers::TcpListenerStream::new(listener)));
        (collector, endpoint)
    }

    /// Waits for a point of a metric with these attributes, among others, whose value is as it should be.
    async fn has(&self, metric: &str, attributes: &[(&str, &str)], value: impl Fn(f64) -> bool) {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let points = self.0.lock().unwrap().metrics.get(metric).map(points).unwrap_or_default();
            let here = |(of, _): &&(BTreeMap<String, String>, f64)| {
                attributes.iter().all(|(key, value)| of.get(*key).is_some_and(|own| own == value))
            };
            if points.iter().filter(here).any(|(_, own)| value(*own)) {
                return;
            }
            assert!(Instant::now() < until, "no {metric} {attributes:?} among {points:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// A metric's points: attributes, and the value or how many were counted.
fn points(metric: &Metric) -> Vec<(BTreeMap<String, String>, f64)> {
    let number = |value: Option<number_data_point::Value>| match value {
        Some(number_data_point::Value::AsDouble(value)) => value,
        Some(number_data_point::Value::AsInt(value)) => value as f64,
        None => f64::NAN,
    };
    match metric.data.as_ref().unwrap() {
        Data::Gauge(gauge) => gauge.data_points.iter().map(|one| (texts(&one.attributes), number(one.value))).collect(),
        Data::Sum(sum) => sum.data_points.iter().map(|one| (texts(&one.attributes), number(one.value))).collect(),
        Data::Histogram(one) => one.data_points.iter().map(|one| (texts(&one.attributes), one.count as f64)).collect(),
        other => panic!("of no kind that is documented: {other:?}"),
    }
}

fn texts(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Option<AnyValue>| match value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        other => panic!("no text: {other:?}"),
    };
    attributes.iter().map(|one| (one.key.clone(), text(&one.value))).collect()
}

const SERVICES: [&str; 5] = ["directory", "referral", "careplan", "wound", "review"];

const WOUND: &str = "samspil.wound.v1.WoundService";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_metric_is_told_after_a_course_of_treatment_on_sqlite() {
    is_measured(String::new(), "wound.db writer", 1.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_metric_is_told_after_a_course_of_treatment_on_postgres() {
    let url = fresh_schemas("service", &SERVICES).await;
    let mut migrate = std::process::Command::new(env!("CARGO_BIN_EXE_samspil"));
    assert!(migrate.args(["migrate", "--database-url", &url]).output().unwrap().status.success());
    let (before, _) = url.split_once('?').unwrap();
    let database = before.rsplit('/').next().unwrap().to_owned();
    is_measured(url, &database, 10.0).await;
}

/// A course of treatment, with a collector to tell of it; the page lists all that it was told. `pool` has `most` connections.
async fn is_measured(database: String, pool: &str, most: f64) {
    let (collector, otlp) = Collector::listen().await;
    let folder = tempfile::tempdir().unwrap();
    let environment = [
        ("SAMSPIL_DATABASE_URL", database.as_str()),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", otlp.as_str()),
        ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
    ];
    let mut server = Server::start(folder.path(), &environment);
    let nurse = server.connect("nurse");
    let wound = course::open_wound(&nurse).await;
    let queue = Queue::open(folder.path().join("queue")).unwrap();
    let files = course::photographs(folder.path(), 0..1);
    let bytes = fs::metadata(&files[0]).unwrap().len() as f64;
    queue.enqueue(course::visit(wound, &files, true, nurse.clock().now())).await.unwrap();
    let report = queue.sync(&nurse, |_| {}).await.unwrap();
    let outcome = report.visits.into_iter().next().unwrap().1;
    assert!(matches!(outcome, Outcome::Done { assessment: Some(_) }));
    unknown_method(&server).await;

    let some = |value: f64| value >= 1.0;
    let call = |method: &'static str, code: &'static str| {
        [("rpc.system.name", "grpc"), ("rpc.method", method), ("rpc.response.status_code", code)]
    };
    let upload: &str = format!("{WOUND}/UploadPhoto").leak();
    collector.has("rpc.server.call.duration", &call(upload, "OK"), some).await;
    let failed = [&call("_OTHER", "UNIMPLEMENTED")[..], &[("error.type", "UNIMPLEMENTED")]].concat();
    collector.has("rpc.server.call.duration", &failed, some).await;
    collector.has("rpc.server.call.duration", &call(upload, "UNAUTHENTICATED"), some).await;
    collector.has("samspil.upload.io", &[("samspil.upload.kind", "uploads")], |sent| sent == bytes).await;
    for step in ["decode", "resize", "encode"] {
        collector.has("samspil.image.step.duration", &[("samspil.image.step", step)], some).await;
    }
    let pool = ("db.client.connection.pool.name", pool);
    collector.has("db.client.connection.wait_time", &[pool], some).await;
    collector.has("db.client.connection.max", &[pool], |max| max >= most).await;
    for state in ["idle", "used"] {
        collector.has("db.client.connection.count", &[pool, ("db.client.connection.state", state)], |n| n >= 0.0).await;
    }
    let follower = [("samspil.service", "careplan"), ("samspil.follower.source", "wound")];
    collector.has("samspil.follower.events", &[&follower[..], &[("samspil.outcome", "done")]].concat(), some).await;
    collector.has("samspil.follower.lag", &follower, |lag| lag == 0.0).await;
    collector.has("samspil.alarm.lateness", &[("samspil.clock", "assessments")], |late| late == 0.0).await;
    for service in SERVICES {
        for waits in ["outbox.events", "outbox.age", "audit.unsealed.entries", "audit.unsealed.age"] {
            collector.has(&format!("samspil.{waits}"), &[("samspil.service", service)], |n| n >= 0.0).await;
        }
    }
    // What waits is looked at now and then, and when the server starts.
    assert!(server.stop().success());
    server.start_again();
    collector.has("samspil.assessment.queue.length", &[], |n| n == 1.0).await;
    collector.has("samspil.assessment.queue.age", &[], |age| age > 0.0).await;
    collector.has("samspil.assessment.queue.overdue", &[], |n| n == 0.0).await;

    let told = collector.0.lock().unwrap();
    for who in ["service.name", "service.version", "service.instance.id"] {
        assert!(told.resource.contains(who), "nobody says {who}");
    }
    assert_eq!(
        read_or_write("docs/metrics.md", &page(&told.metrics)),
        page(&told.metrics),
        "docs/metrics.md is out of date"
    );
}

/// A call of a method that there is not, by somebody who may call, and one by nobody.
async fn unknown_method(server: &Server) {
    let channel = tonic::transport::Endpoint::new(server.endpoint()).unwrap().connect().await.unwrap();
    for (path, token) in
        [("/samspil.wound.v1.WoundService/Guess", true), ("/samspil.wound.v1.WoundService/UploadPhoto", false)]
    {
        let mut grpc = tonic::client::Grpc::new(channel.clone());
        grpc.ready().await.unwrap();
        let mut request = Request::new(samspil_proto::event::v1::ReadRequest::default());
        if token {
            let token = format!("Bearer {}", server.token("nurse").trim()).parse().unwrap();
            request.metadata_mut().insert("authorization", token);
        }
        let codec = tonic_prost::ProstCodec::<_, samspil_proto::event::v1::Event>::default();
        grpc.unary(request, path.parse().unwrap(), codec).await.unwrap_err();
    }
}

/// The page, as the metrics themselves tell it.
fn page(metrics: &BTreeMap<String, Metric>) -> String {
    let mut page = String::from(
        "# Metrics\n\n\
         What `samspil serve` tells a collector ([how](running.md#metrics)). Names, units and attributes are those of OpenTelemetry's\n\
         conventions where it has any. Prometheus puts `_` for each dot, the unit after the name, and `_total` after a counter's. No attribute\n\
         names a person, a patient or an organisation, and each has few values: `rpc.method` is a method of the contract or `_OTHER`.\n\n\
         Each process tells of itself, by `service.instance.id`. What waits in a database every replica of a service tells alike; it is looked\n\
         at every 20 seconds. Histograms have no exemplars: OpenTelemetry's SDK for Rust makes none. From a slow call to its trace leads the\n\
         line in the log, which has `method`, `code`, `duration_us` and `trace_id`.\n\n\
         This page is compared with what a collector gets by a test; `SAMSPIL_WRITE_DOCS=1 cargo test -p samspil --test journeys metric`\n\
         writes it anew.\n\n\
         | metric | kind | unit | attributes | meaning |\n| --- | --- | --- | --- | --- |\n",
    );
    for (name, metric) in metrics {
        let kind = match metric.data.as_ref().unwrap() {
            Data::Gauge(_) => "gauge",
            Data::Sum(sum) if sum.is_monotonic => "counter",
            Data::Sum(_) => "up-down counter",
            _ => "histogram",
        };
        let keys: BTreeSet<_> = points(metric).into_iter().flat_map(|(of, _)| of.into_keys()).collect();
        let keys = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let _ = writeln!(page, "| `{name}` | {kind} | {} | {keys} | {} |", metric.unit, metric.description);
    }
    page
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read_or_write(path: &str, text: &str) -> String {
    if std::env::var_os("SAMSPIL_WRITE_DOCS").is_some() {
        fs::write(root().join(path), text).unwrap();
    }
    fs::read_to_string(root().join(path)).unwrap()
}

/// What Prometheus knows of: the names that it makes of the page's metrics, and of their attributes.
fn known_to_prometheus() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/metrics.md")).unwrap();
    let mut known = BTreeSet::new();
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let name = cells[1].trim_matches('`').replace('.', "_");
        let name = match cells[3] {
            "s" => format!("{name}_seconds"),
            "By" => format!("{name}_bytes"),
            _ => name,
        };
        match cells[2] {
            "histogram" => known.extend(["bucket", "count", "sum"].map(|part| format!("{name}_{part}"))),
            "counter" => known.extend([format!("{name}_total")]),
            _ => known.extend([name]),
        }
        known.extend(cells[4].split(", ").map(|key| key.trim_matches('`').replace('.', "_")));
    }
    known
}

#[test]
fn alerts_and_dashboard_ask_for_metrics_that_there_are() {
    let known = known_to_prometheus();
    for file in
        ["deploy/chart/files/alerts.yaml", "deploy/chart/files/dashboard.json", "deploy/chart/ci/alerts-test.yaml"]
    {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let ours = |word: &&str| ["rpc_", "db_", "samspil_"].iter().any(|prefix| word.starts_with(prefix));
        // A pool's name on PostgreSQL, which is no metric's.
        let asked: BTreeSet<_> = words.filter(ours).filter(|word| *word != "samspil_wound").collect();
        assert!(asked.len() > 8, "{file} asks for next to nothing: {asked:?}");
        let unknown: Vec<_> = asked.iter().filter(|word| !known.contains(**word)).collect();
        assert!(unknown.is_empty(), "{file} asks for {unknown:?}");
    }
}

#[test]
fn each_alert_has_its_paragraph() {
    let alerts = fs::read_to_string(root().join("deploy/chart/files/alerts.yaml")).unwrap();
    let tests = fs::read_to_string(root().join("deploy/chart/ci/alerts-test.yaml")).unwrap();
    let page = fs::read_to_string(root().join("docs/running.md")).unwrap();
    let named = |key: &str| -> Vec<String> {
        alerts.lines().filter_map(|line| Some(line.split_once(key)?.1.trim().to_owned())).collect()
    };
    let (names, runbooks) = (named("- alert:"), named("runbook:"));
    assert_eq!(names.len(), 10);
    for (name, runbook) in names.iter().zip(&runbooks) {
        assert_eq!(*runbook, format!("docs/running.md#{}", name.to_lowercase()));
        let paragraph =
            page.split_once(&format!("\n### {name}\n\n")).map(|(_, rest)| rest.split("\n\n").next().unwrap());
        assert!(paragraph.is_some_and(|text| text.len() > 100), "{name} has no paragraph in docs/running.md");
        assert!(tests.contains(name.as_str()), "{name} has no test");
    }
    assert_eq!(runbooks.len(), names.len());
}

/// A course of treatment, and the end of the server, in an environment.
async fn serves(otlp: &str) {
    let folder = tempfile::tempdir().unwrap();
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", otlp),
        ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
    ];
    let server = Server::start(folder.path(), &environment);
    let nurse = server.connect("nurse");
    let wound = course::open_wound(&nurse).await;
    let queue = Queue::open(folder.path().join("queue")).unwrap();
    let files = course::photographs(folder.path(), 0..2);
    queue.enqueue(course::visit(wound, &files, true, nurse.clock().now())).await.unwrap();
    let report = queue.sync(&nurse, |_| {}).await.unwrap();
    assert!(matches!(report.visits[0].1, Outcome::Done { assessment: Some(_) }));
    let begun = Instant::now();
    assert!(tokio::task::spawn_blocking(move || server.terminate()).await.unwrap().success());
    // Kubernetes kills what has not ended 20 seconds after its calls have.
    assert!(begun.elapsed() < Duration::from_secs(20), "it took {:?} to stop", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_gone_holds_nobody_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    serves(&nobody).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_never_answers_holds_nobody_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let accepted = tokio::spawn(async move {
        let mut held = Vec::new();
        let accept = async {
            loop {
                held.push(listener.accept().await.unwrap());
            }
        };
        tokio::select! { () = accept => {}, _ = stopped => {} }
        held.len()
    });
    serves(&silent).await;
    stop.send(()).unwrap();
    assert!(accepted.await.unwrap() > 0, "nobody asked the collector for anything");
}
