//! Who the client is: access tokens and where they come from.

use std::{fmt, future, path::PathBuf, sync::Arc};

use futures::{FutureExt as _, future::BoxFuture};

use crate::Error;

/// An access token. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Arc<str>);

impl Token {
    /// Takes a token as the identity provider gave it. White space around it is not a part of it.
    pub fn new(token: &str) -> Self {
        Token(token.trim().into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Gives the token for a call. It is asked before every call, so that a token which is renewed is used at once; what costs
/// a round trip should be kept by the implementation until it expires.
pub trait Tokens: Send + Sync + 'static {
    /// The token for the next call, or none for a call without one.
    fn token(&self) -> BoxFuture<'_, Result<Option<Token>, Error>>;
}

/// Always the same token.
impl Tokens for Token {
    fn token(&self) -> BoxFuture<'_, Result<Option<Token>, Error>> {
        future::ready(Ok(Some(self.clone()))).boxed()
    }
}

/// No token.
impl Tokens for () {
    fn token(&self) -> BoxFuture<'_, Result<Option<Token>, Error>> {
        future::ready(Ok(None)).boxed()
    }
}

impl<T: Tokens + ?Sized> Tokens for Arc<T> {
    fn token(&self) -> BoxFuture<'_, Result<Option<Token>, Error>> {
        (**self).token()
    }
}

/// A file with the token, read for every call, so that whoever renews it only has to replace the file.
#[derive(Debug, Clone)]
pub struct TokenFile(PathBuf);

impl TokenFile {
    /// Names the file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        TokenFile(path.into())
    }
}

impl Tokens for TokenFile {
    fn token(&self) -> BoxFuture<'_, Result<Option<Token>, Error>> {
        async move {
            let text = tokio::fs::read_to_string(&self.0).await;
            let text = text.map_err(|source| Error::io(format!("read the token file {}", self.0.display()), source))?;
            Ok(Some(Token::new(&text)))
        }
        .boxed()
    }
}
