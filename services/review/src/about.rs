//! What the tool has to know of the installation before anybody has signed in.

use axum::{Json, Router, routing::get};
use http::header::CACHE_CONTROL;
use serde_json::json;

use crate::sign_in::CLIENT;

pub(crate) fn router(trace_url: String) -> Router {
    let about = json!({
        // An empty authority is the one that the tool came from.
        "signIn": { "authority": "", "clientId": CLIENT },
        "traceUrl": trace_url,
        "version": env!("CARGO_PKG_VERSION"),
        "demo": true,
    });
    Router::new().route("/app.json", get(async move || ([(CACHE_CONTROL, "no-store")], Json(about))))
}
