//! Signing out at a provider ends what was begun with its tokens, in every process (OpenID Connect Back-Channel Logout 1.0).
//!
//! The provider tells the process that serves the web tool, at `/back-channel-logout`. That writes it down and tells the others by its
//! event log. Each process reads its table anew twice a second, since another replica may have written there.

use std::{sync::Arc, time::Duration};

use axum::{
    Form, Json, Router,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse as _, Response},
    routing::post,
};
use futures::future::BoxFuture;
use http::{HeaderValue, StatusCode, header::CACHE_CONTROL};
use prost::{Message as _, Name as _};
use samspil_proto::{event::v1::Event, review::v1::SignedOut, time};
use samspil_store::{
    outbox::{self, NewEvent},
    sign_outs::{self, SignOut},
};
use serde::Deserialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::{
    Base, Error,
    follow::{Handler, Step, payload},
    identity::{SignOuts, Verifier},
    telemetry,
};

/// How old what is known may be.
const POLL: Duration = Duration::from_millis(500);

/// Rows that no longer matter are removed at every so many looks: once in ten minutes.
const PRUNE: u32 = 1200;

/// The most bytes that a provider sends.
const FORM: usize = 16 * 1024;

/// Keeps what is known up to date until it is told to stop.
pub(crate) async fn keep(base: Base, known: SignOuts, stop: CancellationToken) {
    for look in (0..PRUNE).cycle() {
        if let Err(error) = read(&base, &known, look == 0).await {
            tracing::error!(error = %error, "failed to read who has signed out");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Reads who has signed out.
pub(crate) async fn read(base: &Base, known: &SignOuts, prune: bool) -> Result<(), samspil_store::Error> {
    let now = base.clock.now();
    if prune {
        let mut tx = base.db.begin().await?;
        sign_outs::prune(&mut tx, now).await?;
        tx.commit().await?;
    }
    known.set(sign_outs::all(&mut base.db.read().await?, now).await?);
    Ok(())
}

struct Told {
    base: Base,
    verifier: Verifier,
}

/// Where providers tell who has signed out.
pub(crate) fn router(base: Base, verifier: Verifier) -> Router {
    Router::new()
        .route("/back-channel-logout", post(told))
        .layer(DefaultBodyLimit::max(FORM))
        .with_state(Arc::new(Told { base, verifier }))
}

#[derive(Deserialize)]
struct Statement {
    logout_token: String,
}

async fn told(State(told): State<Arc<Told>>, Form(Statement { logout_token }): Form<Statement>) -> Response {
    let mut response = match told.takes(&logout_token).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => {
            tracing::warn!(reason = error.reason(), "a provider's word that somebody has signed out was refused");
            let status = match error.reason() {
                "TOKEN_INVALID" | "TOKEN_EXPIRED" => StatusCode::BAD_REQUEST,
                // Told again it may be heard.
                _ => StatusCode::SERVICE_UNAVAILABLE,
            };
            (status, Json(json!({"error": "invalid_request", "error_description": error.reason()}))).into_response()
        }
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Told {
    /// Writes it down and tells the others, once, however often it is told.
    async fn takes(&self, token: &str) -> Result<(), Error> {
        let told = self.verifier.signed_out(token).await?;
        let mut tx = self.base.db.begin().await?;
        if sign_outs::put(&mut tx, &told).await? {
            let id = self.base.clock.id();
            let event = SignedOut {
                issuer: told.issuer.clone(),
                statement: told.statement.clone(),
                person: told.subject.clone(),
                session: told.session.clone(),
                time: Some(time::to_wire(told.time)),
                until: Some(time::to_wire(told.until)),
            };
            let new = NewEvent {
                id,
                r#type: &SignedOut::full_name(),
                subject: &format!("signOuts/{id}"),
                organisations: &[],
                time: self.base.clock.now(),
                traceparent: &telemetry::current_traceparent(),
                data: event.encode_to_vec(),
            };
            outbox::put(&mut tx, new).await?;
        }
        tx.commit().await?;
        read(&self.base, self.verifier.sign_outs(), false).await?;
        Ok(())
    }
}

/// Follows the process that providers tell.
pub(crate) struct Follower;

impl Handler for Follower {
    fn source(&self) -> &'static str {
        "review"
    }

    fn types(&self) -> Vec<String> {
        vec![SignedOut::full_name()]
    }

    fn handle<'a>(&'a self, event: &'a Event, step: &'a mut Step) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let told: SignedOut = payload(event)?;
            let at =
                |time: &Option<prost_types::Timestamp>| time.as_ref().and_then(time::from_wire).unwrap_or_default();
            let (time, until) = (at(&told.time), at(&told.until));
            let SignedOut { issuer, statement, person: subject, session, .. } = told;
            sign_outs::put(step.tx().await?, &SignOut { issuer, statement, subject, session, time, until }).await?;
            Ok(())
        })
    }
}
