//! The tokens of whoever signed in, in a file that only its owner can read.

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail};
use futures::{FutureExt as _, future::BoxFuture};
use samspil_client::{Error, Token};
use samspil_kit::identity::write_private;
use serde::{Deserialize, Serialize};

use super::provider::{Answer, Provider, Tokens};

/// A token that ends sooner than this, in seconds, is renewed before it is used.
const MARGIN: u64 = 30;

/// How long a token is taken to hold whose provider does not say, in seconds.
const UNTOLD: u64 = 60;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    /// Seconds since 1970.
    expires: u64,
}

/// Where it is kept.
pub(super) fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("sign-in.json")
}

impl Kept {
    pub(super) fn new(issuer: &str, client_id: &str, tokens: Tokens) -> Kept {
        Kept {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            expires: now() + tokens.expires_in.unwrap_or(UNTOLD),
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
        }
    }

    pub(super) fn read(file: &Path) -> Result<Option<Kept>> {
        match std::fs::read(file) {
            Ok(text) => {
                Ok(Some(serde_json::from_slice(&text).with_context(|| format!("{} is damaged", file.display()))?))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    pub(super) fn write(&self, file: &Path) -> Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(write_private(file, &serde_json::to_vec(self)?)?)
    }

    fn holds(&self) -> bool {
        now() + MARGIN < self.expires
    }
}

/// The token of whoever signed in, renewed when it is about to end.
pub(crate) struct SignedIn(PathBuf);

impl SignedIn {
    pub(super) fn new(file: PathBuf) -> SignedIn {
        SignedIn(file)
    }

    async fn current(&self) -> Result<String> {
        let signed_out = "nobody is signed in; use `samspil login`";
        let kept = Kept::read(&self.0)?.context(signed_out)?;
        if kept.holds() {
            return Ok(kept.access_token);
        }
        // One process at a time: a provider may let a refresh token be used but once.
        let lock = File::create(self.0.with_extension("lock"))?;
        let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
        let kept = Kept::read(&self.0)?.context(signed_out)?;
        if kept.holds() {
            return Ok(kept.access_token);
        }
        if kept.refresh_token.is_none() {
            bail!("the sign-in has ended; use `samspil login`");
        }
        let renewed = match Provider::discover(&kept.issuer).await?.renewed(&kept).await? {
            Answer::Tokens(tokens) => Kept::new(&kept.issuer, &kept.client_id, tokens),
            Answer::Error(error) => bail!("the sign-in has ended ({error}); use `samspil login`"),
        };
        // Without a new one, the old refresh token goes on.
        let renewed = Kept { refresh_token: renewed.refresh_token.clone().or(kept.refresh_token), ..renewed };
        renewed.write(&self.0)?;
        drop(lock);
        Ok(renewed.access_token)
    }
}

impl samspil_client::Tokens for SignedIn {
    fn token(&self) -> BoxFuture<'_, Result<Option<Token>, Error>> {
        async move {
            let token = self.current().await;
            Ok(Some(Token::new(&token.map_err(|error| Error::SignIn(format!("{error:#}")))?)))
        }
        .boxed()
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
