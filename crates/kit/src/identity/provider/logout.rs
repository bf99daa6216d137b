//! Logout tokens: a provider's word that somebody has signed out (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6).

use chrono::TimeDelta;
use jsonwebtoken::{DecodingKey, Validation};
use samspil_store::sign_outs::SignOut;
use serde_json::{Map, Value};

use super::{Provider, is_for};
use crate::{Error, common::Common};

/// The claim that tells a logout token from every other statement of a provider.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A provider tells at once. What is older than this was kept by somebody.
const FRESH: TimeDelta = TimeDelta::minutes(5);

/// The most characters of an id.
const TEXT: usize = 200;

impl Provider {
    /// What a logout token of this provider says.
    ///
    /// # Errors
    /// `TOKEN_INVALID` when it is none; `TOKEN_EXPIRED`; `IDENTITY_UNAVAILABLE` as for any of its tokens.
    pub(crate) async fn signed_out(&self, token: &str) -> Result<SignOut, Error> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Common::TokenInvalid)?;
        // Some providers give it no type of its own. No other statement has the claim below.
        let kind = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
        let typed = ["logout+jwt", "application/logout+jwt", "jwt"].contains(&kind.as_str());
        if !typed || !self.settings.algorithms.contains(&header.alg) {
            return Err(Common::TokenInvalid.into());
        }
        let kid = header.kid.as_deref().ok_or(Common::TokenInvalid)?;
        let key = self.key(kid).await?.filter(|key| is_for(key, header.alg)).ok_or(Common::TokenInvalid)?;
        let key = DecodingKey::from_jwk(&key).map_err(|_| Common::TokenInvalid)?;
        let mut validation = Validation::new(header.alg);
        // It is for our clients, where an access token is for our services.
        let clients = [&self.settings.web_client, &self.settings.device_client];
        let clients: Vec<_> = clients.into_iter().filter(|client| !client.is_empty()).collect();
        if clients.is_empty() {
            return Err(Common::TokenInvalid.into());
        }
        validation.set_audience(&clients);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation);
        let claims = claims.map_err(|_| Common::TokenInvalid)?.claims;
        self.in_time(&claims)?;
        let event = claims.get("events").and_then(|events| events.get(EVENT));
        if !event.is_some_and(Value::is_object) || claims.contains_key("nonce") {
            return Err(Common::TokenInvalid.into());
        }
        let (subject, session) = (text(&claims, "sub")?, text(&claims, "sid")?);
        let statement = text(&claims, "jti")?;
        let time = self.issued(&claims)?.ok_or(Common::TokenInvalid)?;
        let old = time + FRESH + self.skew() < self.clock.now();
        if statement.is_empty() || old || (subject.is_empty() && session.is_empty()) {
            return Err(Common::TokenInvalid.into());
        }
        let until = time + self.longest() + self.skew() * 2;
        Ok(SignOut { issuer: self.settings.issuer.clone(), statement, subject, session, time, until })
    }
}

/// A text of a token; empty when it has none.
fn text(claims: &Map<String, Value>, name: &str) -> Result<String, Error> {
    match claims.get(name) {
        None => Ok(String::new()),
        Some(Value::String(text)) if text.len() <= TEXT => Ok(text.clone()),
        Some(_) => Err(Common::TokenInvalid.into()),
    }
}
