//! `samspil login`, `samspil logout`, `samspil whoami`: a person signs in with the device flow (RFC 8628), on any browser, also
//! one of another machine.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, bail};
use samspil_proto::review::v1::{Caller, GetCallerRequest};
use serde::Deserialize;

use super::{Globals, call, output::Out};

mod kept;
mod provider;

pub(super) use kept::SignedIn;
use kept::{Kept, path};
use provider::{Answer, Provider};

/// How long a person has whose provider does not say.
const PATIENCE: Duration = Duration::from_secs(600);

/// How often is asked whether the person is done, where the provider does not say.
const INTERVAL: u64 = 5;

#[derive(clap::Args)]
pub(crate) struct LoginCommand {
    /// The provider. Without one, the server says where its people sign in.
    #[arg(long, env = "SAMSPIL_ISSUER", value_name = "URL", requires = "client_id")]
    issuer: Option<String>,
    /// The client id of the command line there.
    #[arg(long, env = "SAMSPIL_CLIENT_ID", value_name = "ID")]
    client_id: Option<String>,
    /// The resource that the token is for, where the provider wants one named.
    #[arg(long, env = "SAMSPIL_RESOURCE", value_name = "URI", default_value = "")]
    resource: String,
}

/// `/app.json` of the server, as far as it is needed here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    sign_in: AboutSignIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AboutSignIn {
    authority: String,
    device_client_id: String,
    resource: String,
}

impl LoginCommand {
    pub(crate) async fn run(self, globals: Globals) -> Result<()> {
        let out = Out { json: globals.json };
        let (issuer, client_id, resource) = match (self.issuer, self.client_id) {
            (Some(issuer), Some(client_id)) => (issuer, client_id, self.resource),
            _ => told_by(&globals.endpoint).await?,
        };
        let provider = Provider::discover(&issuer).await?;
        let device = provider.begin(&client_id, &resource).await?;
        let place = device.verification_uri_complete.as_ref().unwrap_or(&device.verification_uri);
        // Both in JSON too, on a line of its own: a script may want to show it.
        out.value(
            || serde_json::json!({ "verificationUri": place, "userCode": device.user_code }),
            || format!("Open {place}\nThe code is {}", device.user_code),
        );
        let patience = device.expires_in.map_or(PATIENCE, Duration::from_secs);
        let granted = tokio::time::timeout(patience, wait(&provider, &client_id, &device)).await;
        let tokens = granted.context("nobody signed in in time; try again")??;
        let kept = Kept::new(&issuer, &client_id, tokens);
        kept.write(&path(&globals.data_dir))?;
        tell_who(&globals, out).await
    }
}

/// Asks until the person is done, as often as the provider likes.
async fn wait(provider: &Provider, client_id: &str, device: &provider::Device) -> Result<provider::Tokens> {
    let mut interval = Duration::from_secs(device.interval.unwrap_or(INTERVAL));
    loop {
        tokio::time::sleep(interval).await;
        match provider.tokens_for_device(client_id, &device.device_code).await? {
            Answer::Tokens(tokens) => return Ok(tokens),
            Answer::Error(error) => match error.as_str() {
                "authorization_pending" => {}
                "slow_down" => interval += Duration::from_secs(5),
                "access_denied" => bail!("the sign-in was refused"),
                "expired_token" => bail!("nobody signed in in time; try again"),
                other => bail!("the provider says {other}"),
            },
        }
    }
}

/// Where the server's people sign in.
async fn told_by(endpoint: &str) -> Result<(String, String, String)> {
    let address = format!("{}/app.json", endpoint.trim_end_matches('/'));
    let about: About = provider::document(&address).await.context("the server does not say where to sign in")?;
    let at = about.sign_in;
    if at.authority.is_empty() {
        bail!("this server is for trying out: its made-up people have tokens in its data folder, see `samspil token`");
    }
    if at.device_client_id.is_empty() {
        bail!(
            "no client id for the command line is configured at the server (`device_client`); name one with --client-id"
        );
    }
    Ok((at.authority, at.device_client_id, at.resource))
}

/// Signs out. Forgets the tokens here first: a provider out of reach must not keep anybody signed in on this machine.
pub(crate) async fn logout(globals: Globals) -> Result<()> {
    let out = Out { json: globals.json };
    let file = path(&globals.data_dir);
    let kept = Kept::read(&file)?.context("nobody is signed in")?;
    std::fs::remove_file(&file)?;
    let revoked = match Provider::discover(&kept.issuer).await {
        Ok(provider) => provider.revoke(&kept).await,
        Err(error) => Err(error),
    };
    if let Err(error) = revoked {
        out.note(&format!("The provider was not told ({error:#}): what it gave out ends by itself."));
    }
    out.value(|| serde_json::json!({ "signedOut": true }), || "Signed out.".to_owned());
    Ok(())
}

/// Prints who one is to the services.
pub(crate) async fn whoami(globals: Globals) -> Result<()> {
    tell_who(&globals, Out { json: globals.json }).await
}

async fn tell_who(globals: &Globals, out: Out) -> Result<()> {
    let connection = globals.connect("nurse")?;
    let caller: Caller = call!(connection, review.get_caller(GetCallerRequest {}))?;
    out.message(&caller, |caller| {
        let at = if caller.organisation.is_empty() { String::new() } else { format!(" of {}", caller.organisation) };
        format!("{} ({}), {}{at}", caller.display_name, caller.person, caller.role)
    });
    Ok(())
}

/// The tokens of whoever signed in, if somebody did.
pub(super) fn signed_in(data_dir: &std::path::Path) -> Option<SignedIn> {
    let file: PathBuf = path(data_dir);
    file.exists().then(|| SignedIn::new(file))
}
