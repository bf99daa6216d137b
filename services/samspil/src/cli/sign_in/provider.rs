//! The provider's side of a sign-in: discovery, device authorization, tokens, revocation.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use reqwest::{Client, StatusCode, header::CONTENT_TYPE, redirect::Policy};
use serde::{Deserialize, de::DeserializeOwned};

use super::kept::Kept;

const TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
pub(super) struct Provider {
    issuer: String,
    token_endpoint: String,
    device_authorization_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
}

/// A sign-in that has begun.
#[derive(Deserialize)]
pub(super) struct Device {
    pub(super) device_code: String,
    pub(super) user_code: String,
    pub(super) verification_uri: String,
    pub(super) verification_uri_complete: Option<String>,
    pub(super) expires_in: Option<u64>,
    pub(super) interval: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) expires_in: Option<u64>,
}

/// What the token endpoint says: tokens, or an error by its name in RFC 6749 and RFC 8628.
pub(super) enum Answer {
    Tokens(Tokens),
    Error(String),
}

impl Provider {
    pub(super) async fn discover(issuer: &str) -> Result<Provider> {
        let provider: Provider =
            document(&format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))).await?;
        ensure!(provider.issuer == issuer, "the provider at {issuer} calls itself {}", provider.issuer);
        Ok(provider)
    }

    pub(super) async fn begin(&self, client_id: &str, resource: &str) -> Result<Device> {
        let Some(address) = &self.device_authorization_endpoint else {
            bail!("{} has no device flow", self.issuer);
        };
        let scope = "openid offline_access";
        match post(address, &[("client_id", client_id), ("scope", scope), ("resource", resource)]).await? {
            (StatusCode::OK, body) => Ok(serde_json::from_slice(&body).context("an unreadable answer")?),
            (_, body) => bail!("the provider says {}", error(&body)?),
        }
    }

    pub(super) async fn tokens_for_device(&self, client_id: &str, device_code: &str) -> Result<Answer> {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        self.tokens(&[("grant_type", grant), ("device_code", device_code), ("client_id", client_id)]).await
    }

    pub(super) async fn renewed(&self, kept: &Kept) -> Result<Answer> {
        let refresh_token = kept.refresh_token.as_deref().unwrap_or_default();
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("client_id", &kept.client_id)];
        self.tokens(&form).await
    }

    /// Takes back what was given: the refresh token, and with it, at most providers, the rest.
    pub(super) async fn revoke(&self, kept: &Kept) -> Result<()> {
        let Some(address) = &self.revocation_endpoint else { bail!("{} revokes nothing", self.issuer) };
        let token = kept.refresh_token.as_deref().unwrap_or(&kept.access_token);
        let (status, body) = post(address, &[("token", token), ("client_id", &kept.client_id)]).await?;
        ensure!(status.is_success(), "the provider says {}", error(&body)?);
        Ok(())
    }

    async fn tokens(&self, form: &[(&str, &str)]) -> Result<Answer> {
        match post(&self.token_endpoint, form).await? {
            (StatusCode::OK, body) => {
                Ok(Answer::Tokens(serde_json::from_slice(&body).context("an unreadable answer")?))
            }
            (_, body) => Ok(Answer::Error(error(&body)?)),
        }
    }
}

/// Fetches a JSON document.
pub(super) async fn document<T: DeserializeOwned>(address: &str) -> Result<T> {
    let answer = client()?.get(address).send().await.with_context(|| format!("{address} is out of reach"))?;
    ensure!(answer.status() == StatusCode::OK, "{address} answered {}", answer.status());
    serde_json::from_slice(&answer.bytes().await?).with_context(|| format!("{address} gave no such document"))
}

async fn post(address: &str, form: &[(&str, &str)]) -> Result<(StatusCode, Vec<u8>)> {
    let form: Vec<_> = form.iter().filter(|(_, value)| !value.is_empty()).collect();
    let request = client()?.post(address).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = request.body(serde_urlencoded::to_string(form)?).send().await;
    let answer = answer.with_context(|| format!("{address} is out of reach"))?;
    Ok((answer.status(), answer.bytes().await?.into()))
}

fn client() -> Result<Client> {
    Ok(Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build()?)
}

fn error(body: &[u8]) -> Result<String> {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    Ok(serde_json::from_slice::<Refusal>(body).context("an unreadable refusal")?.error)
}
