//! Tokens for a code, and new ones for as long as the sign-in lasts.

use axum::{
    Form, Json,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse as _, Response},
};
use chrono::TimeDelta;
use http::StatusCode;
use samspil_kit::{Caller, identity::demo};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CLIENT, Origin, Provider, SignIn, code};

/// How long an access token is good.
const ACCESS: TimeDelta = TimeDelta::hours(1);

/// How long somebody stays signed in: a long shift. New access tokens do not make it longer.
const SIGN_IN: TimeDelta = TimeDelta::hours(12);

/// The audience of the token that only gets new ones.
const REFRESH: &str = "samspil:refresh";

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Grant {
    grant_type: String,
    client_id: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    refresh_token: String,
}

/// Who signed in, for the tool to show.
#[derive(Serialize)]
struct IdToken<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    name: &'a str,
    org: &'a str,
    role: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    nonce: &'a str,
    iat: i64,
    exp: i64,
}

/// An error by RFC 6749, section 5.2. It says nothing of what was sent.
struct Refusal(StatusCode, &'static str, &'static str);

const BAD: StatusCode = StatusCode::BAD_REQUEST;

/// Gives tokens.
pub(super) async fn give(
    State(provider): Provider,
    Origin(origin): Origin,
    grant: Result<Form<Grant>, FormRejection>,
) -> Response {
    let Ok(Form(grant)) = grant else {
        return Refusal(BAD, "invalid_request", "send a form, each of its fields once").into_response();
    };
    let answer = match grant.grant_type.as_str() {
        _ if grant.client_id != CLIENT => Err(Refusal(BAD, "invalid_client", "there is no such client")),
        "authorization_code" => for_code(&provider, &origin, grant).await,
        "refresh_token" => for_refresh(&provider, &grant),
        "" => Err(Refusal(BAD, "invalid_request", "grant_type is missing")),
        _ => Err(Refusal(BAD, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token")),
    };
    answer.unwrap_or_else(Refusal::into_response)
}

async fn for_code(provider: &SignIn, origin: &str, grant: Grant) -> Result<Response, Refusal> {
    if grant.code.is_empty() || grant.code_verifier.is_empty() {
        return Err(Refusal(BAD, "invalid_request", "code and code_verifier are needed"));
    }
    let taken = code::take(provider, &grant.code, &grant.redirect_uri, &grant.code_verifier).await;
    let taken = taken.map_err(Refusal::broken)?;
    let invalid =
        Refusal(BAD, "invalid_grant", "the code was used, has expired or is not for this client, address and verifier");
    let Some((caller, nonce)) = taken.and_then(|taken| Some((demo::person(&taken.person)?, taken.nonce))) else {
        return Err(invalid);
    };
    let now = provider.clock.now();
    let id_token = IdToken {
        iss: origin,
        aud: CLIENT,
        sub: &caller.person,
        name: &caller.display_name,
        org: &caller.organisation,
        role: &caller.role,
        nonce: &nonce,
        iat: now.timestamp(),
        exp: (now + ACCESS).timestamp(),
    };
    let id_token = provider.issuer.sign_claims(&id_token).map_err(Refusal::broken)?;
    let refresh_token = provider.issuer.sign_for(REFRESH, &caller, SIGN_IN).map_err(Refusal::broken)?;
    access(provider, &caller, json!({ "id_token": id_token, "refresh_token": refresh_token }))
}

fn for_refresh(provider: &SignIn, grant: &Grant) -> Result<Response, Refusal> {
    let told = provider.issuer.verifier().verify_for(REFRESH, &grant.refresh_token).ok();
    // As the person is now, not as the old token has it.
    let caller = told.and_then(|told| demo::person(&told.person));
    let caller = caller.ok_or(Refusal(BAD, "invalid_grant", "the refresh token has expired or is none of ours"))?;
    access(provider, &caller, json!({}))
}

fn access(provider: &SignIn, caller: &Caller, mut answer: serde_json::Value) -> Result<Response, Refusal> {
    answer["access_token"] = provider.issuer.sign(caller, ACCESS).map_err(Refusal::broken)?.into();
    answer["token_type"] = "Bearer".into();
    answer["expires_in"] = ACCESS.num_seconds().into();
    Ok(Json(answer).into_response())
}

impl Refusal {
    fn broken(error: impl std::fmt::Display) -> Refusal {
        tracing::error!(error = %error, "no token could be given");
        Refusal(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "something broke")
    }

    fn into_response(self) -> Response {
        let Refusal(status, error, error_description) = self;
        (status, Json(json!({ "error": error, "error_description": error_description }))).into_response()
    }
}
