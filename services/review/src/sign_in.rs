//! The built-in issuer as an OpenID Connect provider, so that the web tool signs in here as it does at a real one.
//!
//! It is for trying out: whoever asks may be any of the made-up people, or any citizen whose name she knows. The rest is as it should be anywhere: the code flow with
//! PKCE (RFC 6749, RFC 7636), a code that is good once and for a minute, errors by the book. Two tokens come of it: the access
//! token that the services take, and one that only gets new ones here. Neither is good in the other's place.
//!
//! | path | what it is |
//! | --- | --- |
//! | `/.well-known/openid-configuration` | where everything is |
//! | `/sign-in/keys` | the key that tokens are verified with |
//! | `/sign-in/authorize` | the page on which somebody is chosen |
//! | `/sign-in/token` | tokens for a code |
//! | `/sign-in/end` | the way out |

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    middleware::map_response,
    response::Response,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use samspil_kit::{Clock, identity::Issuer};
use samspil_store::Db;
use serde_json::{Value, json};

mod authorize;
mod code;
mod end;
mod origin;
mod page;
mod token;

use origin::Origin;

/// The one client: the web tool.
pub(crate) const CLIENT: &str = "samspil-web";

/// The most bytes of a form.
const FORM: usize = 16 * 1024;

struct SignIn {
    db: Db,
    clock: Clock,
    issuer: Issuer,
}

type Provider = State<Arc<SignIn>>;

pub(crate) fn router(db: Db, clock: Clock, issuer: Issuer) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/sign-in/keys", get(keys))
        .route("/sign-in/authorize", get(authorize::ask).post(authorize::chosen))
        .route("/sign-in/style.css", get(async || ([(CONTENT_TYPE, "text/css")], include_str!("sign_in/style.css"))))
        .route("/sign-in/token", post(token::give))
        .route("/sign-in/end", get(end::end))
        .layer(DefaultBodyLimit::max(FORM))
        .layer(map_response(never_stored))
        .with_state(Arc::new(SignIn { db, clock, issuer }))
}

async fn never_stored(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// OpenID Connect Discovery 1.0.
async fn discovery(Origin(origin): Origin) -> Json<Value> {
    Json(json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/sign-in/authorize"),
        "token_endpoint": format!("{origin}/sign-in/token"),
        "jwks_uri": format!("{origin}/sign-in/keys"),
        "end_session_endpoint": format!("{origin}/sign-in/end"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "profile", "offline_access"],
        "claims_supported": ["iss", "aud", "sub", "name", "nonce", "org", "role", "iat", "exp"],
    }))
}

/// RFC 7517 and RFC 8037.
async fn keys(State(provider): Provider) -> Json<Value> {
    Json(json!({ "keys": [{
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": provider.issuer.kid(),
        "x": URL_SAFE_NO_PAD.encode(provider.issuer.public_key()),
    }] }))
}
