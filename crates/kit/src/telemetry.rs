//! Traces and logs.
//!
//! Spans go to the memory of the process, for `samspil trace`, and to a collector when `OTEL_EXPORTER_OTLP_ENDPOINT` names
//! one. Logs are JSON on standard error, one line for each event, with the trace id. Neither holds data of a patient: names
//! are opaque, and what a clinician wrote is in no span.

use std::{
    collections::HashMap,
    fmt,
    sync::LazyLock,
    time::{Duration, SystemTime},
};

use opentelemetry::{
    Context, Key, KeyValue,
    propagation::{Extractor, TextMapPropagator as _},
    trace::{TraceContextExt as _, Tracer as _, TracerProvider as _},
};
use opentelemetry_sdk::{
    Resource, metrics::SdkMeterProvider, propagation::TraceContextPropagator, trace::SdkTracerProvider,
};
use tracing::{
    Event, Span, Subscriber,
    field::{Field, Visit},
};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{
    EnvFilter, Layer as _,
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::Writer,
        time::{FormatTime as _, SystemTime as Timer},
    },
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

mod memory;
pub mod metrics;

pub use memory::SpanStore;
pub(crate) use memory::text as memory_text;

static PROPAGATOR: LazyLock<TraceContextPropagator> = LazyLock::new(TraceContextPropagator::new);

/// What to do with spans and logs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// OpenTelemetry's `service.name`.
    pub service: &'static str,
    /// A collector's OTLP/gRPC endpoint, such as `http://127.0.0.1:4317`.
    pub otlp_endpoint: Option<String>,
    /// A token that the collector wants.
    pub otlp_token: Option<String>,
    /// How many spans are kept in memory.
    pub spans_in_memory: usize,
    /// Which logs to write, in `tracing`'s filter syntax.
    pub log: String,
}

/// Telemetry that runs.
pub struct Telemetry {
    provider: SdkTracerProvider,
    meters: Option<SdkMeterProvider>,
    /// The spans in memory.
    pub spans: SpanStore,
}

impl Telemetry {
    /// Starts telemetry for the whole process.
    ///
    /// # Errors
    /// When the collector's endpoint is none, or telemetry runs already.
    pub fn start(settings: &Settings) -> anyhow::Result<Telemetry> {
        let resource = resource(settings.service);
        let mut meters = None;
        let spans = SpanStore::new(settings.spans_in_memory);
        let mut builder =
            SdkTracerProvider::builder().with_resource(resource.clone()).with_simple_exporter(spans.exporter());
        if let Some(endpoint) = &settings.otlp_endpoint {
            use opentelemetry_otlp::{WithExportConfig as _, WithTonicConfig as _};
            let mut metadata = tonic::metadata::MetadataMap::new();
            if let Some(token) = &settings.otlp_token {
                metadata.insert("authorization", format!("Bearer {token}").parse()?);
            }
            let exporter = opentelemetry_otlp::SpanExporter::builder();
            let exporter = exporter.with_tonic().with_endpoint(endpoint).with_metadata(metadata.clone()).build()?;
            builder = builder.with_batch_exporter(exporter);
            meters = Some(metrics::start(endpoint, metadata, resource)?);
        }
        let provider = builder.build();
        opentelemetry::global::set_tracer_provider(provider.clone());
        // Spans of the transport and of the exporter itself would drown ours, and the exporter's would export themselves.
        let ours = EnvFilter::new(
            "off,samspil=info,samspil_store=info,samspil_kit=info,samspil_client=info,samspil_directory=info,samspil_referral=info,samspil_careplan=info,samspil_upload=info,samspil_wound=info,samspil_demo=info,samspil_imaging=info",
        );
        let otel = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("samspil"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_filter(ours);
        let logs = tracing_subscriber::fmt::layer()
            .event_format(JsonLine)
            .with_writer(std::io::stderr)
            .with_filter(EnvFilter::new(&settings.log));
        tracing_subscriber::registry().with(otel).with(logs).try_init()?;
        Ok(Telemetry { provider, meters, spans })
    }

    /// Sends what is still here. Blocks: call it where that is allowed.
    pub fn stop(self) {
        if let Err(error) = self.provider.shutdown() {
            eprintln!("the last spans could not be sent: {error}");
        }
        if let Some(Err(error)) = self.meters.map(|meters| meters.shutdown()) {
            eprintln!("the last metrics could not be sent: {error}");
        }
    }
}

/// Who speaks: the program, its release, and which of its processes, by a name of chance unless `OTEL_RESOURCE_ATTRIBUTES` gives one.
fn resource(service: &'static str) -> Resource {
    let told = || {
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        Resource::builder().with_service_name(service).with_attribute(version)
    };
    let instance = Key::from_static_str("service.instance.id");
    if told().build().get(&instance).is_some() {
        return told().build();
    }
    told().with_attribute(KeyValue::new(instance, uuid::Uuid::new_v4().to_string())).build()
}

/// The trace context that came with a call.
pub fn extract(headers: &http::HeaderMap) -> Context {
    struct Headers<'a>(&'a http::HeaderMap);
    impl Extractor for Headers<'_> {
        fn get(&self, key: &str) -> Option<&str> {
            self.0.get(key)?.to_str().ok()
        }
        fn keys(&self) -> Vec<&str> {
            self.0.keys().map(http::HeaderName::as_str).collect()
        }
    }
    PROPAGATOR.extract(&Headers(headers))
}

/// The trace context that stands in a row.
pub fn context_of(traceparent: &str) -> Context {
    let carrier = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    PROPAGATOR.extract(&carrier)
}

/// The running span's W3C trace context, or empty.
pub fn current_traceparent() -> String {
    let mut carrier = HashMap::new();
    PROPAGATOR.inject_context(&Span::current().context(), &mut carrier);
    carrier.remove("traceparent").unwrap_or_default()
}

/// The running span's trace id, or empty.
pub fn current_trace_id() -> String {
    let context = Span::current().context();
    let span = context.span();
    let context = span.span_context();
    if context.is_valid() { context.trace_id().to_string() } else { String::new() }
}

/// Makes a span continue the trace that stands in a row or a header.
pub fn continues(span: &Span, parent: Context) {
    if parent.span().span_context().is_valid() {
        // Fails only for a span that has begun already, or when nobody traces.
        let _ = span.set_parent(parent);
    }
}

/// Makes the running span point to the one that it answers.
pub fn answers(traceparent: &str) {
    let context = context_of(traceparent);
    let span = context.span();
    if span.span_context().is_valid() {
        Span::current().add_link(span.span_context().clone());
    }
}

/// Notes on the running span which resource it touches, so that the resource's story can be found.
pub fn touches(resource: &str) {
    Span::current().set_attribute("samspil.resource", resource.to_owned());
}

/// Tells of something that began then, is over now, and belongs to the trace that stands in a row: work on many rows at once,
/// each with a trace of its own.
pub fn past_span(traceparent: &str, name: &str, begun: SystemTime) {
    let parent = context_of(traceparent);
    if parent.span().span_context().is_valid() {
        let tracer = opentelemetry::global::tracer("samspil");
        let mut span = tracer.span_builder(name.to_owned()).with_start_time(begun).start_with_context(&tracer, &parent);
        opentelemetry::trace::Span::end(&mut span);
    }
}

/// Tells of steps that are over, one after the other since `begun`, as children of the running span. For code that measures
/// itself and knows nothing of spans.
pub fn past_steps(begun: SystemTime, steps: impl Iterator<Item = (&'static str, Duration)>) {
    let parent = Span::current().context();
    if !parent.span().span_context().is_valid() {
        return;
    }
    let tracer = opentelemetry::global::tracer("samspil");
    let mut at = begun;
    for (name, duration) in steps {
        let mut span = tracer.span_builder(name).with_start_time(at).start_with_context(&tracer, &parent);
        at += duration;
        opentelemetry::trace::Span::end_with_timestamp(&mut span, at);
    }
}

/// One line of JSON for each event.
struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut time = String::new();
        Timer.format_time(&mut Writer::new(&mut time))?;
        let mut line = serde_json::Map::new();
        line.insert("time".to_owned(), time.into());
        line.insert("level".to_owned(), event.metadata().level().as_str().into());
        line.insert("target".to_owned(), event.metadata().target().into());
        let trace_id = current_trace_id();
        if !trace_id.is_empty() {
            line.insert("trace_id".to_owned(), trace_id.into());
        }
        event.record(&mut Fields(&mut line));
        writeln!(out, "{}", serde_json::Value::Object(line))
    }
}

struct Fields<'a>(&'a mut serde_json::Map<String, serde_json::Value>);

impl Visit for Fields<'_> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }
}
