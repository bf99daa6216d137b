//! The built files of the web tool.
//!
//! A release holds them compressed; a debug build reads them from `web/dist`. The names under `/assets/` change with what is in
//! them, so a browser keeps those for good; everything else it asks for anew, at the price of an ETag.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    extract::Request,
    response::{Html, IntoResponse as _, Response},
};
use http::{
    HeaderValue, Method, StatusCode, Uri,
    header::{ALLOW, CACHE_CONTROL},
};
use memory_serve::{CacheControl, MemoryServe};
use tokio::task::spawn_blocking;
use tower::ServiceExt as _;

/// What stands in the place of a tool that was not built.
const NOT_BUILT: &str = include_str!("site/not_built.html");

/// The files that this build took in.
#[cfg(web_built)]
pub(crate) fn built() -> Option<MemoryServe> {
    Some(memory_serve::load!("web"))
}

/// This build found none to take in.
#[cfg(not(web_built))]
pub(crate) fn built() -> Option<MemoryServe> {
    None
}

/// Serves files: each under its path, and `index.html` wherever the tool itself shows a page.
pub(crate) fn router(files: Option<MemoryServe>) -> Router {
    let Some(files) = files else { return Router::new().fallback(async |request: Request| not_built(&request)) };
    // Unpacked for the first browser that comes: it takes a tenth of a second and some 25 MB, which whoever serves none need not spend.
    let files = Arc::new(LazyLock::new(|| unpacked(files)));
    Router::new().fallback(async move |request: Request| {
        match spawn_blocking(move || LazyLock::force(&files).clone()).await {
            Ok(files) => file(files, request).await,
            Err(error) => {
                tracing::error!(%error, "the web tool's files cannot be unpacked");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    })
}

fn unpacked(files: MemoryServe) -> Router {
    let files: Router = files
        .index_file(Some("/index.html"))
        .html_cache_control(CacheControl::NoCache)
        .cache_control(CacheControl::NoCache)
        .into_router();
    files.fallback(async || StatusCode::NOT_FOUND)
}

async fn file(files: Router, mut request: Request) -> Response {
    if let Some(refusal) = refuse(request.method()) {
        return refusal;
    }
    if is_page(request.uri().path()) {
        *request.uri_mut() = Uri::from_static("/");
    }
    let asset = request.uri().path().starts_with("/assets/");
    let mut response = files.oneshot(request).await.into_response();
    if asset && matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED) {
        let for_good = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(CACHE_CONTROL, for_good);
    }
    response
}

fn not_built(request: &Request) -> Response {
    refuse(request.method()).unwrap_or_else(|| match is_page(request.uri().path()) {
        true => ([(CACHE_CONTROL, "no-store")], Html(NOT_BUILT)).into_response(),
        false => StatusCode::NOT_FOUND.into_response(),
    })
}

/// Whether the tool shows a page at a path, as against a file, whose last part has an extension, and what is for programs: beside a
/// real provider, the built-in one is not there, and no page is in its place.
fn is_page(path: &str) -> bool {
    let for_programs = ["/.well-known/", "/sign-in/"].iter().any(|place| path.starts_with(place));
    !for_programs && path.rsplit('/').next().is_some_and(|last| !last.contains('.'))
}

fn refuse(method: &Method) -> Option<Response> {
    let readable = [Method::GET, Method::HEAD].contains(method);
    (!readable).then(|| (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET,HEAD")]).into_response())
}
