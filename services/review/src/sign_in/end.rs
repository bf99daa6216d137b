//! The way out. Nobody is remembered here, so all there is to do is to send the browser on.

use axum::{
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{Origin, page, page::Wrong};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Leaving {
    post_logout_redirect_uri: String,
    state: String,
}

/// Sends the browser back to the tool, and nowhere else.
pub(super) async fn end(Origin(origin): Origin, leaving: Result<Query<Leaving>, QueryRejection>) -> Response {
    let Ok(Query(leaving)) = leaving else { return page::refusal(Wrong::Request) };
    let Some(path) = path_on(&origin, &leaving.post_logout_redirect_uri) else { return page::refusal(Wrong::Redirect) };
    if leaving.state.is_empty() {
        return Redirect::to(&format!("{origin}{path}")).into_response();
    }
    match serde_urlencoded::to_string([("state", &leaving.state)]) {
        Ok(query) => Redirect::to(&format!("{origin}{path}?{query}")).into_response(),
        Err(_) => page::refusal(Wrong::Request),
    }
}

/// A path of the tool: plain characters, no query.
fn path_on<'a>(origin: &str, uri: &'a str) -> Option<&'a str> {
    if uri.is_empty() {
        return Some("/");
    }
    let path = uri.strip_prefix(origin)?;
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    (path.starts_with('/') && plain).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::path_on;

    #[test]
    fn the_way_out_leads_to_a_path_of_the_tool() {
        let origin = "http://127.0.0.1:50051";
        assert_eq!(path_on(origin, ""), Some("/"));
        assert_eq!(path_on(origin, "http://127.0.0.1:50051/"), Some("/"));
        assert_eq!(path_on(origin, "http://127.0.0.1:50051/signed-out"), Some("/signed-out"));
        for bad in [
            "/",
            "http://127.0.0.1:50051",
            "http://127.0.0.1:50051.evil.example/",
            "http://127.0.0.1:50051@evil.example/",
            "https://127.0.0.1:50051/",
            "http://127.0.0.1:50051/?a=b",
            "http://127.0.0.1:50051/\r\nx: y",
            "//evil.example/",
        ] {
            assert_eq!(path_on(origin, bad), None, "{bad}");
        }
    }
}
