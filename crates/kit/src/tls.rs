//! TLS on the listener and between services.
//!
//! A service is known by its name, on both ends: the certificate that it shows, as a server and as a client, is signed by one of
//! the installation's authorities and names it (`wound`), whatever address it has. Phones and browsers show none.
//!
//! The files are read again every few seconds, so that a certificate is renewed without a restart. A connection lasts longer than
//! a certificate only as long as it is let ([`serve::Settings`](crate::serve::Settings)).

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use anyhow::Context as _;
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
};
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};
use tokio_stream::wrappers::ReceiverStream;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// How long a client may take for its handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Handshakes at a time: each costs a signature, and whoever cannot finish one holds a place until [`HANDSHAKE`].
const HANDSHAKES: usize = 256;

/// Where certificate, key and authorities are, each in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The certificate and what is between it and the authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The authorities that sign the certificates of services.
    pub authorities: PathBuf,
}

/// What this process shows and whom it believes. A clone shares it.
#[derive(Clone)]
pub struct Tls {
    files: Files,
    present: Arc<RwLock<Present>>,
}

#[derive(Clone)]
struct Present {
    texts: [Vec<u8>; 3],
    server: Arc<ServerConfig>,
    client: Arc<ClientConfig>,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// When one cannot be read, holds nothing, or key and certificate do not belong together.
    pub fn read(files: Files) -> anyhow::Result<Tls> {
        let present = Present::of(files.texts()?)?;
        Ok(Tls { files, present: Arc::new(RwLock::new(present)) })
    }

    /// Takes what is in the files over whenever it changes, for ever. What cannot be used is logged, and what was there is used on.
    pub async fn follow_files(self) {
        loop {
            tokio::time::sleep(LOOK).await;
            match self.reread() {
                Ok(false) => {}
                Ok(true) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!(error = format!("{error:#}"), "a new certificate cannot be used"),
            }
        }
    }

    /// Reads the files again; tells whether there was anything new.
    ///
    /// # Errors
    /// As [`Tls::read`]; then nothing changes.
    pub fn reread(&self) -> anyhow::Result<bool> {
        let texts = self.files.texts()?;
        if texts == self.now().texts {
            return Ok(false);
        }
        let present = Present::of(texts)?;
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = present;
        Ok(true)
    }

    fn now(&self) -> Present {
        self.present.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The connections that come in on a listener, once their handshake is done. It stops listening when the stream is dropped.
    pub fn incoming(&self, listener: TcpListener) -> ReceiverStream<std::io::Result<server::TlsStream<TcpStream>>> {
        let (shaken, incoming) = mpsc::channel(64);
        let tls = self.clone();
        let places = Arc::new(Semaphore::new(HANDSHAKES));
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = shaken.closed() => return,
                    accepted = listener.accept() => accepted,
                };
                let Ok((tcp, _)) = accepted else {
                    // Out of file descriptors, most likely: as many come free as connections end.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let Ok(place) = places.clone().try_acquire_owned() else { continue };
                let (acceptor, shaken) = (TlsAcceptor::from(tls.now().server), shaken.clone());
                tokio::spawn(async move {
                    let _place = place;
                    let done = tokio::time::timeout(HANDSHAKE, async {
                        tcp.set_nodelay(true)?;
                        acceptor.accept(tcp).await
                    });
                    match done.await {
                        // Nobody takes it: the server has just stopped listening.
                        Ok(Ok(stream)) => drop(shaken.send(Ok(stream)).await),
                        Ok(Err(error)) => tracing::debug!(error = %error, "a handshake failed"),
                        Err(_) => tracing::debug!("a handshake took too long"),
                    }
                });
            }
        });
        ReceiverStream::new(incoming)
    }

    /// Connects to a service. Whoever answers has to be it.
    ///
    /// # Errors
    /// When nobody answers, or somebody else does.
    pub async fn connect(&self, address: String, service: String) -> std::io::Result<client::TlsStream<TcpStream>> {
        let name = ServerName::try_from(service).map_err(std::io::Error::other)?;
        let tcp = TcpStream::connect(address).await?;
        tcp.set_nodelay(true)?;
        TlsConnector::from(self.now().client).connect(name, tcp).await
    }
}

/// The services that a certificate names.
pub(crate) fn names(certificate: &CertificateDer<'_>) -> Vec<String> {
    webpki::EndEntityCert::try_from(certificate)
        .map(|certificate| certificate.valid_dns_names().map(str::to_owned).collect())
        .unwrap_or_default()
}

impl Files {
    fn texts(&self) -> anyhow::Result<[Vec<u8>; 3]> {
        let read = |path: &PathBuf| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        Ok([read(&self.certificate)?, read(&self.key)?, read(&self.authorities)?])
    }
}

impl Present {
    fn of(texts: [Vec<u8>; 3]) -> anyhow::Result<Present> {
        let [certificate, key, authorities] = &texts;
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate).collect::<Result<_, _>>()?;
        anyhow::ensure!(!chain.is_empty(), "the file of the certificate holds none");
        let key = || PrivateKeyDer::from_pem_slice(key).context("the file of the key holds none");
        let mut roots = RootCertStore::empty();
        for authority in CertificateDer::pem_slice_iter(authorities) {
            roots.add(authority?)?;
        }
        anyhow::ensure!(!roots.is_empty(), "the file of the authorities holds none");
        let roots = Arc::new(roots);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let of_services = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone());
        let of_services = of_services.allow_unauthenticated().build()?;
        let mut server = with(&provider, ServerConfig::builder_with_provider)?
            .with_client_cert_verifier(of_services)
            .with_single_cert(chain.clone(), key()?)?;
        server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let mut client = with(&provider, ClientConfig::builder_with_provider)?
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key()?)?;
        client.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Present { texts, server: Arc::new(server), client: Arc::new(client) })
    }
}

/// TLS 1.2 and 1.3, with the one cryptography that is in this program.
fn with<S: rustls::ConfigSide>(
    provider: &Arc<CryptoProvider>,
    builder: fn(Arc<CryptoProvider>) -> rustls::ConfigBuilder<S, rustls::WantsVersions>,
) -> anyhow::Result<rustls::ConfigBuilder<S, rustls::WantsVerifier>> {
    Ok(builder(provider.clone()).with_safe_default_protocol_versions()?)
}
