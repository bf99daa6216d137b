//! The way in: who asks, for whom, and back to the tool with a code.

use axum::{
    Form,
    extract::{
        Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    response::{IntoResponse as _, Redirect, Response},
};
use samspil_kit::{Caller, identity::demo};
use serde::Deserialize;

use super::{CLIENT, Origin, Provider, code, page, page::Wrong};

/// What the tool asks with, by RFC 6749, RFC 7636 and OpenID Connect; on the way back from the page, with whom was chosen.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    pub client_id: String,
    pub redirect_uri: String,
    pub response_type: String,
    pub scope: String,
    pub state: String,
    pub nonce: String,
    pub code_challenge: String,
    pub code_challenge_method: String,
    pub prompt: String,
    pub login_hint: String,
    pub person: String,
    /// Who, when the person is `citizen`: `patients/{patient}`.
    pub citizen: String,
}

/// Why the tool gets an error in place of a code.
type Refusal = (&'static str, &'static str);

/// Shows the page of people.
pub(super) async fn ask(Origin(origin): Origin, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Ok(Query(asked)) = asked else { return page::refusal(Wrong::Request) };
    match asked.refused(&origin) {
        Some(refused) => refused,
        None if asked.prompt.split(' ').any(|word| word == "none") => {
            asked.refuse(("login_required", "nobody is remembered here"))
        }
        None => page::people(&asked),
    }
}

/// Somebody was chosen on the page.
pub(super) async fn chosen(
    State(provider): Provider,
    Origin(origin): Origin,
    asked: Result<Form<Asked>, FormRejection>,
) -> Response {
    let Ok(Form(asked)) = asked else { return page::refusal(Wrong::Request) };
    if let Some(refused) = asked.refused(&origin) {
        return refused;
    }
    let person = match asked.chosen() {
        Ok(person) => person,
        Err(wrong) => return page::refusal(wrong),
    };
    match code::issue(&provider, &asked, &person).await {
        Ok(code) => asked.back(&[("code", &code)]),
        Err(error) => {
            tracing::error!(error = %error, "no code could be issued");
            asked.refuse(("server_error", "the code could not be kept"))
        }
    }
}

impl Asked {
    /// The answer to a wrong question: a page of ours until it is sure that the tool asks, and from then on back at the tool.
    fn refused(&self, origin: &str) -> Option<Response> {
        if self.client_id != CLIENT {
            return Some(page::refusal(Wrong::Client));
        }
        if self.redirect_uri != format!("{origin}/signed-in") {
            return Some(page::refusal(Wrong::Redirect));
        }
        self.check().err().map(|refusal| self.refuse(refusal))
    }

    /// Who was chosen on the page.
    fn chosen(&self) -> Result<Caller, Wrong> {
        if self.person == "citizen" {
            return self.citizen.trim().parse().map(demo::citizen).map_err(|_| Wrong::Citizen);
        }
        let person = demo::people().into_iter().find(|(name, _)| *name == self.person);
        person.map(|(_, person)| person).ok_or(Wrong::Person)
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.response_type != "code" {
            return Err(("unsupported_response_type", "response_type must be code"));
        }
        if !self.scope.split(' ').any(|scope| scope == "openid") {
            return Err(("invalid_scope", "scope must name openid"));
        }
        if self.code_challenge_method != "S256" {
            return Err(("invalid_request", "code_challenge_method must be S256"));
        }
        let is_digest = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if self.code_challenge.len() != 43 || !self.code_challenge.bytes().all(is_digest) {
            return Err(("invalid_request", "code_challenge must be a SHA-256 in base64url"));
        }
        Ok(())
    }

    fn refuse(&self, (error, description): Refusal) -> Response {
        self.back(&[("error", error), ("error_description", description)])
    }

    /// Back to the tool, with the state that it gave.
    fn back(&self, answer: &[(&str, &str)]) -> Response {
        let state = (!self.state.is_empty()).then_some(("state", self.state.as_str()));
        let pairs: Vec<_> = answer.iter().copied().chain(state).collect();
        match serde_urlencoded::to_string(pairs) {
            Ok(query) => Redirect::to(&format!("{}?{query}", self.redirect_uri)).into_response(),
            Err(_) => page::refusal(Wrong::Request),
        }
    }
}
