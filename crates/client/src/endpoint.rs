//! Where the services are and how they are spoken to.

use std::{fmt, sync::Arc, time::Duration};

use tonic::transport::{Certificate, ClientTlsConfig};

use crate::{Clock, Connection, Error, Retry, Tokens, wire::Wire};

/// A stream may have this much under way. A link of 50 ms and 20 Mbit/s holds 125 kB; this fills one of 150 Mbit/s.
const STREAM_WINDOW: u32 = 1024 * 1024;
/// All streams of the connection together may have this much under way.
const CONNECTION_WINDOW: u32 = 4 * 1024 * 1024;

/// An address with everything that a connection to it needs to know.
#[derive(Clone)]
pub struct Endpoint {
    url: String,
    tokens: Arc<dyn Tokens>,
    authorities: Vec<u8>,
    deadline: Duration,
    retry: Retry,
    clock: Clock,
}

impl Endpoint {
    /// An address such as `https://samspil.example.dk` or `http://127.0.0.1:50051`, spoken to without a token and with a
    /// deadline of 15 seconds for each unary call.
    pub fn new(url: impl Into<String>) -> Self {
        Endpoint {
            url: url.into(),
            tokens: Arc::new(()),
            authorities: Vec::new(),
            deadline: Duration::from_secs(15),
            retry: Retry::default(),
            clock: Clock::system(),
        }
    }

    /// Who gives the tokens.
    pub fn tokens(mut self, tokens: impl Tokens) -> Self {
        self.tokens = Arc::new(tokens);
        self
    }

    /// Trusts these authorities besides those of the machine: certificates in PEM.
    pub fn authorities(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.authorities = pem.into();
        self
    }

    /// How long a unary call may take. The service is told, so that it does not work for nobody.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// When calls are made again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Where time and ids come from.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Connects, and fails when there is no way through.
    pub async fn connect(self) -> Result<Connection, Error> {
        let endpoint = self.transport()?;
        let channel = endpoint.connect().await;
        let channel = channel.map_err(|error| tonic::Status::from_error(Box::new(error)))?;
        Ok(self.connection(channel))
    }

    /// Connects with the first call, and again whenever the link was lost. To be called within a tokio runtime.
    pub fn connect_lazy(self) -> Result<Connection, Error> {
        let channel = self.transport()?.connect_lazy();
        Ok(self.connection(channel))
    }

    fn connection(self, channel: tonic::transport::Channel) -> Connection {
        Connection::new(Wire::new(channel, self.tokens, self.deadline), self.retry, self.clock)
    }

    fn transport(&self) -> Result<tonic::transport::Endpoint, Error> {
        let refused = |error: tonic::transport::Error| {
            let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
            Error::Endpoint(format!("{error}{cause}"))
        };
        let mut endpoint = tonic::transport::Endpoint::from_shared(self.url.clone()).map_err(refused)?;
        if endpoint.uri().scheme_str() == Some("https") {
            let mut tls = ClientTlsConfig::new().with_native_roots();
            if !self.authorities.is_empty() {
                tls = tls.ca_certificate(Certificate::from_pem(&self.authorities));
            }
            endpoint = endpoint.tls_config(tls).map_err(refused)?;
        }
        Ok(endpoint
            .user_agent(concat!("samspil-client/", env!("CARGO_PKG_VERSION")))
            .map_err(refused)?
            .connect_timeout(Duration::from_secs(10))
            .tcp_nodelay(true)
            .tcp_keepalive(Some(Duration::from_secs(30)))
            // A phone that changes from Wi-Fi to a mast hears nothing of the old link any more: a ping finds out.
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10))
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
