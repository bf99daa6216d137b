//! What `serve` runs with: defaults, then a file, then `SAMSPIL_…` in the environment, then flags.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use samspil_kit::{
    edge::{Limits, Places},
    identity, tls,
};
use samspil_store::Settings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod object_store;

/// The services, in the order in which they are started.
pub(crate) const SERVICES: [&str; 5] = ["directory", "referral", "careplan", "wound", "review"];

/// What the environment may set.
pub(crate) const KEYS: [&str; 39] = [
    "data_dir",
    "listen",
    "health_listen",
    "tls_certificate",
    "tls_key",
    "tls_authorities",
    "production",
    "database_url",
    "database_password_file",
    "database_connections",
    "object_store",
    "s3_endpoint",
    "s3_region",
    "s3_access_key_id_file",
    "s3_secret_access_key_file",
    "s3_allow_http",
    "photo_quota_bytes",
    "seal_objects",
    "caller_calls_per_second",
    "caller_bytes_per_second",
    "calendar",
    "clocks",
    "outline_model",
    "expect_marker",
    "peers",
    "providers",
    "service_key",
    "master_key",
    "audit_key",
    "trace_url",
    "audit_checkpoint_entries",
    "audit_checkpoint_minutes",
    "calls_at_once",
    "streams_at_once",
    "max_connection_age_seconds",
    "stop_delay_seconds",
    "drain_seconds",
    "log",
    "spans_in_memory",
];

/// The configuration, checked before a port is opened.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The folder of everything that is kept: databases, photos, the issuer's key, the audit's, the demo people's tokens.
    pub data_dir: PathBuf,
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// A second address that answers about health only, without TLS: for the probes of Kubernetes.
    pub health_listen: Option<SocketAddr>,
    /// The certificate that is shown to clients and to other services, PEM, with what is between it and its authority. It names every
    /// service that runs here (`wound`) beside the host. Read again when it changes. Without one, only loopback addresses are listened
    /// on.
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's key, PEM.
    pub tls_key: Option<PathBuf>,
    /// The authorities that sign the certificates of services, PEM.
    pub tls_authorities: Option<PathBuf>,
    /// In production nothing runs that is only for trying out.
    pub production: bool,
    /// A PostgreSQL URL in which `{service}` stands for the service's name; empty for SQLite in the data folder.
    pub database_url: String,
    /// A file with the password for `database_url`, so that it need not stand there.
    pub database_password_file: Option<PathBuf>,
    /// Connections of each service to PostgreSQL.
    pub database_connections: u32,
    /// Where photos and attachments are: `s3://BUCKET` or `s3://BUCKET/PREFIX`; empty for the data folder.
    pub object_store: String,
    /// The address of an S3-compatible store; empty for Amazon's own.
    pub s3_endpoint: String,
    /// The region of the bucket; empty for the store's default.
    pub s3_region: String,
    /// A file with the id of an access key. Without one, the environment or the machine says who we are, as on Amazon's own machines.
    pub s3_access_key_id_file: Option<PathBuf>,
    /// A file with the secret of the access key.
    pub s3_secret_access_key_file: Option<PathBuf>,
    /// Whether to speak to a store on this machine without TLS.
    pub s3_allow_http: bool,
    /// The most bytes of photos in the data folder; 0 for as many as fit on the disk.
    pub photo_quota_bytes: u64,
    /// Whether photos and files are sealed before they are written. Off leaves it to the store, and reads none that are sealed.
    pub seal_objects: bool,
    /// Calls that one person or program may begin in a second, in this process; ten seconds' worth can be saved up. 0 for no limit.
    pub caller_calls_per_second: u32,
    /// Bytes that one person or program may send in a second, likewise.
    pub caller_bytes_per_second: u64,
    /// A calendar of working days in place of the Danish one that is built in, as JSON.
    pub calendar: Option<PathBuf>,
    /// Rules of the clocks in place of those that are built in, as JSON.
    pub clocks: Option<PathBuf>,
    /// The weights of the network that suggests outlines, an ONNX file; nothing suggests any without.
    pub outline_model: Option<PathBuf>,
    /// Whether a photo without a marker card is warned of.
    pub expect_marker: bool,
    /// Where the other services are, for one that runs alone: endpoint by name.
    pub peers: HashMap<String, String>,
    /// The OpenID Connect providers whose tokens are taken. Without any, made-up people may try things out.
    pub providers: Vec<identity::Settings>,
    /// The key with which the services tell each other who they are, Ed25519 in PKCS #8: the same for all of them. Without one, a key
    /// in the data folder is made.
    pub service_key: Option<PathBuf>,
    /// The master key, which wraps the keys that person numbers and photos are sealed with: lines of an id and 32 bytes in base64, the present
    /// one first. Without one, `master.key` in the data folder is made.
    pub master_key: Option<PathBuf>,
    /// The key that the audit's checkpoints are signed with: the same for all replicas. Without one, `audit.key` in the data folder.
    pub audit_key: Option<PathBuf>,
    /// Where the web tool shows a trace: an address in which `{trace_id}` stands for its id; empty for nowhere.
    pub trace_url: String,
    /// After how many entries of a service's audit a checkpoint is signed.
    pub audit_checkpoint_entries: u32,
    /// After how many minutes one is signed when there are new entries.
    pub audit_checkpoint_minutes: u32,
    /// How many calls with one answer there may be at a time; one more is refused at once.
    pub calls_at_once: u32,
    /// How many streams there may be at a time.
    pub streams_at_once: u32,
    /// After how many seconds, more or less, a connection or a stream of news is asked to come again, so that new replicas get their
    /// share; 0 for never.
    pub max_connection_age_seconds: u32,
    /// How many seconds calls are still taken after health says that this replica stops: until nobody is sent here any more.
    pub stop_delay_seconds: u32,
    /// How many seconds calls in flight then have to finish.
    pub drain_seconds: u32,
    /// Which logs to write, in the syntax of `RUST_LOG`.
    pub log: String,
    /// How many spans are kept in memory for `samspil trace`.
    pub spans_in_memory: usize,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            data_dir: ".samspil".into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 50051)),
            health_listen: None,
            tls_certificate: None,
            tls_key: None,
            tls_authorities: None,
            production: false,
            database_url: String::new(),
            database_password_file: None,
            database_connections: 10,
            object_store: String::new(),
            s3_endpoint: String::new(),
            s3_region: String::new(),
            s3_access_key_id_file: None,
            s3_secret_access_key_file: None,
            s3_allow_http: false,
            photo_quota_bytes: 0,
            seal_objects: true,
            caller_calls_per_second: Limits::default().calls,
            caller_bytes_per_second: Limits::default().bytes,
            calendar: None,
            clocks: None,
            outline_model: None,
            expect_marker: false,
            peers: HashMap::new(),
            providers: Vec::new(),
            service_key: None,
            master_key: None,
            audit_key: None,
            trace_url: String::new(),
            audit_checkpoint_entries: 1000,
            audit_checkpoint_minutes: 60,
            calls_at_once: Places::default().calls as u32,
            streams_at_once: Places::default().streams as u32,
            max_connection_age_seconds: 600,
            stop_delay_seconds: 0,
            drain_seconds: 10,
            log: "warn,samspil=info,samspil_kit=info,samspil_upload=info,samspil_wound=info,samspil_review=info"
                .to_owned(),
            spans_in_memory: 50_000,
        }
    }
}

/// What says on the command line where everything is.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Place {
    /// A configuration file, TOML.
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// The folder of everything that is kept [default: .samspil].
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// A PostgreSQL URL in which {service} stands for the service's name.
    #[arg(long)]
    pub database_url: Option<String>,
}

impl Place {
    pub(crate) fn flags(&self) -> Flags {
        Flags { data_dir: self.data_dir.clone(), database_url: self.database_url.clone(), ..Flags::default() }
    }

    /// The configuration that `serve` has with the same flags.
    pub(crate) fn load(&self) -> anyhow::Result<Config> {
        Config::load(self.config.as_ref(), &self.flags())
    }
}

/// What stands on the command line.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Flags {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub production: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
}

impl Config {
    /// Reads and checks everything.
    pub(crate) fn load(file: Option<&PathBuf>, flags: &Flags) -> anyhow::Result<Config> {
        let mut sources = Figment::from(Serialized::defaults(Config::default()));
        if let Some(file) = file {
            ensure!(file.exists(), "there is no configuration file {}", file.display());
            sources = sources.merge(Toml::file(file));
        }
        // Only these: clients and tests have variables of the same prefix.
        let env = Env::prefixed("SAMSPIL_").only(&KEYS);
        let config: Config =
            sources.merge(env).merge(Serialized::defaults(flags)).extract().context("the configuration is wrong")?;
        config.check()?;
        Ok(config)
    }

    /// Where the rows of a service are.
    pub(crate) fn database(&self, service: &str) -> anyhow::Result<Settings> {
        if self.database_url.is_empty() {
            return Ok(Settings::Sqlite(self.data_dir.join(format!("{service}.db"))));
        }
        let mut url = self.database_url.replace("{service}", service);
        if let Some(file) = &self.database_password_file {
            url.push(if url.contains('?') { '&' } else { '?' });
            url += &serde_urlencoded::to_string([("password", secret(file)?)])?;
        }
        Ok(Settings::Postgres { url, connections: self.database_connections })
    }

    /// The key that wraps those in the databases.
    pub(crate) fn master_key(&self) -> PathBuf {
        self.master_key.clone().unwrap_or_else(|| self.data_dir.join("master.key"))
    }

    /// The key that signs the audit's checkpoints.
    pub(crate) fn audit_key(&self) -> PathBuf {
        self.audit_key.clone().unwrap_or_else(|| self.data_dir.join("audit.key"))
    }

    /// Certificate, key and authorities, if there is to be TLS.
    pub(crate) fn tls(&self) -> Option<tls::Files> {
        Some(tls::Files {
            certificate: self.tls_certificate.clone()?,
            key: self.tls_key.clone()?,
            authorities: self.tls_authorities.clone()?,
        })
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            !self.production || !self.providers.is_empty(),
            "in production nobody made up is let in, and `providers` names no OpenID Connect provider; leave `production` off to try \
             things out"
        );
        self.check_providers()?;
        self.check_listeners()?;
        if !self.database_url.is_empty() {
            ensure!(
                self.database_url.contains("{service}"),
                "`database_url` has no {{service}} in it: each service has a database of its own"
            );
        }
        ensure!(
            self.database_password_file.is_none() || !self.database_url.is_empty(),
            "`database_password_file` is of no use without `database_url`"
        );
        self.check_object_store()?;
        if !self.trace_url.is_empty() {
            ensure!(
                self.trace_url.starts_with("https://") || self.trace_url.starts_with("http://"),
                "`trace_url` begins with neither https:// nor http://"
            );
            ensure!(
                self.trace_url.contains("{trace_id}"),
                "`trace_url` has no {{trace_id}} in it: it would show the same page for every trace"
            );
        }
        ensure!(
            self.audit_checkpoint_entries > 0 && self.audit_checkpoint_minutes > 0,
            "`audit_checkpoint_entries` and `audit_checkpoint_minutes` begin at 1"
        );
        for peer in self.peers.keys() {
            ensure!(SERVICES.contains(&peer.as_str()), "`peers` names {peer}, which is no service");
        }
        Ok(())
    }

    fn check_listeners(&self) -> anyhow::Result<()> {
        let files = [&self.tls_certificate, &self.tls_key, &self.tls_authorities];
        let named = files.iter().filter(|file| file.is_some()).count();
        ensure!(
            named == 0 || named == files.len(),
            "`tls_certificate`, `tls_key` and `tls_authorities` go together, and only {named} of the three is named"
        );
        ensure!(
            named > 0 || self.listen.ip().is_loopback(),
            "without TLS only a loopback address is listened on; {} is none",
            self.listen.ip()
        );
        ensure!(
            self.health_listen.is_none_or(|health| health.port() == 0 || health.port() != self.listen.port()),
            "`health_listen` is a port of its own"
        );
        ensure!(self.calls_at_once > 0 && self.streams_at_once > 0, "`calls_at_once` and `streams_at_once` begin at 1");
        Ok(())
    }

    fn check_providers(&self) -> anyhow::Result<()> {
        let (mut issuers, mut names) = (HashSet::new(), HashSet::new());
        for provider in &self.providers {
            provider.check()?;
            ensure!(issuers.insert(&provider.issuer), "`providers` names {} twice", provider.issuer);
            ensure!(
                names.insert(&provider.name),
                "two of `providers` have the name \"{}\": then a subject of the one would pass for one of the other",
                provider.name
            );
        }
        Ok(())
    }
}

/// What stands in the file of a secret, without the line's end that editors put there.
pub(crate) fn secret(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = text.trim_end_matches(['\r', '\n']);
    ensure!(!text.is_empty(), "{} is empty", file.display());
    Ok(text.to_owned())
}
