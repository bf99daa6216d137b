//! What every answer to a browser carries, and its line in the log.

use std::time::Instant;

use axum::{Router, extract::Request, middleware, middleware::Next, response::Response};
use http::{
    HeaderName, HeaderValue, Uri,
    header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};

/// Nothing runs or loads but what comes from here; nobody puts it into a frame. Data goes nowhere else either, but to the provider
/// that signs people in.
fn content(provider: Option<&str>) -> String {
    let connect = provider.and_then(origin).map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'{connect}; \
         font-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// The origin of an address.
fn origin(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

/// The camera for photographs of wounds. Browsers have no word for all the rest, so what could tell of a person or of the room
/// is named.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), display-capture=(), screen-wake-lock=(), \
    accelerometer=(), gyroscope=(), magnetometer=(), bluetooth=(), usb=(), serial=(), hid=(), midi=(), payment=()";

static HEADERS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS)),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Puts it around everything that a router answers, refusals too.
pub(crate) fn finish(router: Router, provider: Option<&str>) -> Router {
    let content =
        HeaderValue::try_from(content(provider)).expect("an origin has no character that a header cannot have");
    router.layer(middleware::from_fn(move |request, next| answer(content.clone(), request, next)))
}

async fn answer(content: HeaderValue, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    // The path alone: a query may hold a code that signs somebody in.
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    response.headers_mut().extend(HEADERS.iter().cloned());
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, content);
    tracing::debug!(
        %method,
        path,
        status = response.status().as_u16(),
        duration_us = begun.elapsed().as_micros() as u64,
        "web request ended"
    );
    response
}
