//! What the tool has to know of the installation before anybody has signed in.

use axum::{Json, Router, routing::get};
use http::header::CACHE_CONTROL;
use serde_json::json;

use crate::{SignIn, sign_in::CLIENT};

pub(crate) fn router(trace_url: String, sign_in: Option<&SignIn>) -> Router {
    // An empty authority is the one that the tool came from.
    let built_in =
        || SignIn { client_id: CLIENT.to_owned(), scope: "profile offline_access".to_owned(), ..SignIn::default() };
    let at = sign_in.cloned().unwrap_or_else(built_in);
    let about = json!({
        "signIn": {
            "authority": at.authority, "clientId": at.client_id, "deviceClientId": at.device_client_id,
            "scope": at.scope, "resource": at.resource,
        },
        "traceUrl": trace_url,
        "version": env!("CARGO_PKG_VERSION"),
        "demo": sign_in.is_none(),
    });
    Router::new().route("/app.json", get(async move || ([(CACHE_CONTROL, "no-store")], Json(about))))
}
