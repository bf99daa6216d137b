//! A browser that follows no redirect and unpacks nothing, so that a test sees what was sent.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// What the tool remembers while somebody signs in.
pub(crate) const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";

pub(crate) struct Browser {
    pub origin: String,
    client: Client,
}

pub(crate) type Fields<'a> = Vec<(&'a str, String)>;

impl Browser {
    pub(crate) fn at(origin: &str) -> Browser {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Browser { origin: origin.to_owned(), client }
    }

    pub(crate) fn asks(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin))
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.asks(Method::GET, path).send().await.unwrap()
    }

    pub(crate) async fn posts(&self, path: &str, fields: &Fields<'_>) -> Response {
        let form = serde_urlencoded::to_string(fields).unwrap();
        let request = self.asks(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
        request.body(form).send().await.unwrap()
    }

    pub(crate) fn redirect_uri(&self) -> String {
        format!("{}/signed-in", self.origin)
    }

    /// What the tool asks with.
    pub(crate) fn question(&self) -> Fields<'static> {
        vec![
            ("client_id", "samspil-web".to_owned()),
            ("redirect_uri", self.redirect_uri()),
            ("response_type", "code".to_owned()),
            ("scope", "openid profile".to_owned()),
            ("state", "a state & more".to_owned()),
            ("nonce", "a nonce".to_owned()),
            ("code_challenge", URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))),
            ("code_challenge_method", "S256".to_owned()),
        ]
    }

    /// Chooses a person and gives the code.
    pub(crate) async fn chooses(&self, person: &str) -> String {
        let answer = self.posts("/sign-in/authorize", &with(self.question(), "person", person)).await;
        assert_eq!(answer.status(), 303);
        back_at_tool(&answer, &self.redirect_uri())["code"].clone()
    }

    /// What a code is turned in with.
    pub(crate) fn turned_in(&self, code: &str) -> Fields<'static> {
        vec![
            ("grant_type", "authorization_code".to_owned()),
            ("client_id", "samspil-web".to_owned()),
            ("redirect_uri", self.redirect_uri()),
            ("code", code.to_owned()),
            ("code_verifier", VERIFIER.to_owned()),
        ]
    }

    pub(crate) async fn tokens(&self, fields: &Fields<'_>) -> (u16, Value) {
        let answer = self.posts("/sign-in/token", fields).await;
        assert_eq!(answer.headers()["cache-control"], "no-store");
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    pub(crate) async fn refreshes(&self, token: &str) -> (u16, Value) {
        let fields = vec![
            ("grant_type", "refresh_token".to_owned()),
            ("client_id", "samspil-web".to_owned()),
            ("refresh_token", token.to_owned()),
        ];
        self.tokens(&fields).await
    }

    pub(crate) async fn signs_in(&self, person: &str) -> Value {
        let code = self.chooses(person).await;
        let (status, tokens) = self.tokens(&self.turned_in(&code)).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }
}

/// The same fields but for one.
pub(crate) fn with<'a>(mut fields: Fields<'a>, name: &'a str, value: &str) -> Fields<'a> {
    fields.retain(|(other, _)| *other != name);
    fields.push((name, value.to_owned()));
    fields
}

/// What the tool is told by a redirect to it.
pub(crate) fn back_at_tool(answer: &Response, redirect_uri: &str) -> HashMap<String, String> {
    let location = answer.headers()["location"].to_str().unwrap();
    let (address, query) = location.split_once('?').unwrap();
    assert_eq!(address, redirect_uri);
    serde_urlencoded::from_str(query).unwrap()
}

pub(crate) fn query(fields: &Fields<'_>) -> String {
    serde_urlencoded::to_string(fields).unwrap()
}
