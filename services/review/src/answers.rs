//! What every answer to a browser carries, and its line in the log.

use std::time::Instant;

use axum::{Router, extract::Request, middleware, middleware::Next, response::Response};
use http::{
    HeaderName, HeaderValue,
    header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};

/// Nothing runs or loads but what comes from here; nobody puts it into a frame.
const CONTENT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; \
    font-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// The camera for photographs of wounds. Browsers have no word for all the rest, so what could tell of a person or of the room
/// is named.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), display-capture=(), screen-wake-lock=(), \
    accelerometer=(), gyroscope=(), magnetometer=(), bluetooth=(), usb=(), serial=(), hid=(), midi=(), payment=()";

static HEADERS: [(HeaderName, HeaderValue); 6] = [
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT)),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS)),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Puts it around everything that a router answers, refusals too.
pub(crate) fn finish(router: Router) -> Router {
    router.layer(middleware::from_fn(answer))
}

async fn answer(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    // The path alone: a query may hold a code that signs somebody in.
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    response.headers_mut().extend(HEADERS.iter().cloned());
    tracing::debug!(
        %method,
        path,
        status = response.status().as_u16(),
        duration_us = begun.elapsed().as_micros() as u64,
        "web request ended"
    );
    response
}
