//! One trace over the wire. In a process of its own, since other tests run without a collector of traces, and what is collected is
//! decided once for a process.

mod fake;

use fake::Fake;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use samspil_proto::wound::v1::GetPhotoRequest;
use tracing::{Instrument as _, instrument::WithSubscriber as _};
use tracing_subscriber::layer::SubscriberExt as _;

#[tokio::test]
async fn a_call_continues_the_trace_of_the_span_around_it_in_a_client_span() {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let fake = Fake::start().await;
    let connection = fake.connection();
    let request = GetPhotoRequest { name: "patients/none".to_owned() };
    let call = connection.call(request, |to, request| async move { to.wound().get_photo(request).await });
    let visit = async { call.instrument(tracing::info_span!("visit")).await.unwrap_err() };
    visit.with_subscriber(tracing_subscriber::registry().with(layer)).await;

    let spans = exporter.get_finished_spans().unwrap();
    let named = |name: &str| spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {spans:?}"));
    let (visit, call) = (named("visit"), named("samspil.wound.v1.WoundService/GetPhoto"));
    assert_eq!(call.parent_span_id, visit.span_context.span_id());
    assert_eq!(call.span_kind, opentelemetry::trace::SpanKind::Client);
    let attribute = |key: &str| {
        let found = call.attributes.iter().find(|attribute| attribute.key.as_str() == key);
        found.unwrap_or_else(|| panic!("{key}: {call:?}")).value.as_str().into_owned()
    };
    assert_eq!(attribute("rpc.system.name"), "grpc");
    assert_eq!(attribute("rpc.method"), "samspil.wound.v1.WoundService/GetPhoto");
    assert_eq!(attribute("rpc.response.status_code"), "NOT_FOUND");
    let context = &call.span_context;
    let parent = format!("00-{}-{}-01", context.trace_id(), context.span_id());
    assert_eq!(fake.state().carried[0].get("traceparent").unwrap().to_str().unwrap(), parent);
}
