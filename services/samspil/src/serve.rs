//! `samspil serve`: read and check the configuration, build, run, wait for the signal, drain.

use std::{
    collections::HashMap,
    fs::File,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use clap::Args;
use samspil_imaging::suggest::Model;
use samspil_kit::{
    self as kit, Base, Clock,
    assemble::{self, Part},
    audit::{Key, Sealing},
    calendar::Calendar,
    deadlines::Deadlines,
    edge::{Limits, Places},
    identity::{Issuer, Provider, Verifier, demo, write_private},
    peers::Peers,
    telemetry::{self, Telemetry},
    tls::Tls,
};
use samspil_review::SignIn;
use samspil_store::{
    Db, Engine, Migrations,
    keyring::{Keyring, MasterKey},
    objects::Objects,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    config::{Config, Flags, Place, SERVICES},
    reference,
};

/// How long a database has to finish what calls that were cut off had begun.
const CLOSING: Duration = Duration::from_secs(2);

/// How long the demo people's tokens hold.
const DEMO_TOKEN: TimeDelta = TimeDelta::days(7);

#[derive(Args)]
pub(crate) struct ServeCommand {
    /// The services to serve; all of them when none is named.
    #[arg(value_parser = SERVICES)]
    services: Vec<String>,
    #[command(flatten)]
    place: Place,
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:50051].
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Refuse to run with anything that is only for trying out.
    #[arg(long)]
    production: bool,
}

#[derive(Args)]
pub(crate) struct ConfigCommand {
    #[command(flatten)]
    serve: ServeCommand,
    /// Print what every key means instead, and its default.
    #[arg(long)]
    reference: bool,
}

impl ConfigCommand {
    pub(crate) fn print(self) -> anyhow::Result<()> {
        if self.reference {
            print!("{}", reference::page()?);
        } else {
            println!("{}", serde_json::to_string_pretty(&self.serve.load()?)?);
        }
        Ok(())
    }
}

impl ServeCommand {
    fn load(&self) -> anyhow::Result<Config> {
        let flags = Flags { listen: self.listen, production: self.production.then_some(true), ..self.place.flags() };
        Config::load(self.place.config.as_ref(), &flags)
    }

    /// The services that are named, or all.
    fn chosen(&self) -> Vec<&'static str> {
        SERVICES.into_iter().filter(|name| is_chosen(&self.services, name)).collect()
    }

    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = self.load()?;
        std::fs::create_dir_all(&config.data_dir)
            .with_context(|| format!("cannot make {}", config.data_dir.display()))?;
        let _lock = lock(&config)?;
        let telemetry = Telemetry::start(&telemetry::Settings {
            service: "samspil",
            otlp_endpoint: std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT").ok(),
            otlp_token: None,
            spans_in_memory: config.spans_in_memory,
            log: std::env::var("RUST_LOG").unwrap_or_else(|_| config.log.clone()),
        })?;
        let services = self.chosen();
        let served = serve(&config, &services, &telemetry).await;
        tokio::task::spawn_blocking(move || telemetry.stop()).await?;
        served
    }
}

/// Whether a service is among those that were named, or none was.
pub(crate) fn is_chosen(named: &[String], service: &str) -> bool {
    named.is_empty() || named.iter().any(|name| name == service)
}

/// Keeps a second process out of the same folder for as long as the file is held.
fn lock(config: &Config) -> anyhow::Result<File> {
    let file = File::create(config.data_dir.join("lock"))?;
    ensure!(file.try_lock().is_ok(), "another process serves from {}", config.data_dir.display());
    Ok(file)
}

async fn serve(config: &Config, services: &[&'static str], telemetry: &Telemetry) -> anyhow::Result<()> {
    let clock = Clock::system();
    let issuer = match &config.service_key {
        Some(path) => Issuer::in_file(path, clock.clone())?,
        None => Issuer::in_folder(&config.data_dir, clock.clone())?,
    };
    if config.master_key.is_none() {
        // Only who serves makes one.
        MasterKey::in_folder(&config.data_dir)?;
    }
    let objects = config.fit_objects(services).await?;
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("cannot listen on {}", config.listen))?;
    let serving = serving(config)?;
    let scheme = if serving.tls.is_some() { "https" } else { "http" };
    let endpoint = format!("{scheme}://{}", reachable(listener.local_addr()?));
    let parts = parts(config, services, objects, &endpoint, &issuer, serving.tls.as_ref(), &clock).await?;
    let dbs: Vec<Db> = parts.iter().map(|part| part.base().db.clone()).collect();
    let tokens = write_demo_tokens(config, &issuer)?;
    let (verifier, sealing) = (verifier(config, &issuer, &clock)?, sealing(config)?);
    let running = assemble::start(listener, parts, verifier, sealing, Some(telemetry.spans.clone()), serving).await?;
    println!("Samspil serves {} on {endpoint}", services.join(", "));
    if services.contains(&"review") {
        println!("The web tool: {endpoint}/");
    }
    if let Some(tokens) = tokens {
        println!("Tokens of made-up people are in {}: this is for trying out, not for patients.", tokens.display());
    }
    stopped().await?;
    println!("Stopping: calls in flight finish; a second signal cuts them off.");
    tokio::select! {
        () = running.stop() => {}
        again = stopped() => return again,
    }
    for db in dbs {
        // A call that was cut off holds its connection until it is dropped.
        if tokio::time::timeout(CLOSING, db.close()).await.is_err() {
            tracing::warn!("a database was left with a statement under way");
        }
    }
    Ok(())
}

/// The limits, certificates and times of the configuration.
fn serving(config: &Config) -> anyhow::Result<kit::serve::Settings> {
    let seconds = |n: u32| Duration::from_secs(n.into());
    Ok(kit::serve::Settings {
        places: Places { calls: config.calls_at_once as usize, streams: config.streams_at_once as usize },
        limits: Limits { calls: config.caller_calls_per_second, bytes: config.caller_bytes_per_second },
        connection_age: (config.max_connection_age_seconds > 0).then(|| seconds(config.max_connection_age_seconds)),
        linger: seconds(config.stop_delay_seconds),
        drain: seconds(config.drain_seconds),
        tls: config.tls().map(Tls::read).transpose()?,
        health: config.health_listen,
    })
}

/// An address that this machine reaches itself at.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    address
}

fn sealing(config: &Config) -> anyhow::Result<Sealing> {
    Ok(Sealing {
        key: Key::made_in(&config.audit_key())?,
        entries: config.audit_checkpoint_entries.into(),
        interval: TimeDelta::minutes(config.audit_checkpoint_minutes.into()),
    })
}

/// Verifies what the configured providers sign. Without any, made-up people are let in.
fn verifier(config: &Config, issuer: &Issuer, clock: &Clock) -> anyhow::Result<Verifier> {
    if config.providers.is_empty() {
        return Ok(issuer.verifier());
    }
    let providers = config.providers.iter().map(|settings| Provider::new(settings.clone(), clock.clone()));
    Ok(issuer.verifier().with_providers(providers.collect::<anyhow::Result<_>>()?))
}

/// Waits for somebody to say stop.
async fn stopped() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

async fn parts(
    config: &Config,
    services: &[&'static str],
    mut objects: HashMap<&'static str, Objects>,
    endpoint: &str,
    issuer: &Issuer,
    tls: Option<&Tls>,
    clock: &Clock,
) -> anyhow::Result<Vec<Box<dyn Part>>> {
    // A service that runs here is reached here; one that does not, where the configuration says.
    let mut peers = config.peers.clone();
    peers.extend(services.iter().map(|name| ((*name).to_owned(), endpoint.to_owned())));
    let mut parts: Vec<Box<dyn Part>> = Vec::new();
    for name in services {
        let base = base(config, name, Peers::new(name, &peers, issuer.clone(), tls)?, clock).await?;
        parts.push(match *name {
            "directory" => {
                let sealed =
                    samspil_directory::seal_numbers(&base).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
                if sealed > 0 {
                    tracing::info!(sealed, "person numbers of before are sealed now");
                }
                if config.providers.is_empty() {
                    samspil_directory::put_demo_organisations(&base)
                        .await
                        .map_err(|error| anyhow::anyhow!("{error:?}"))?;
                }
                Box::new(samspil_directory::Directory::new(base))
            }
            "referral" => {
                let objects = objects.remove("referral").context("referral keeps objects")?;
                let objects = sealed(config, objects, &base.keys);
                Box::new(samspil_referral::Referrals::new(base, objects))
            }
            "careplan" => Box::new(samspil_careplan::CarePlans::new(base)),
            "review" => {
                let settings = samspil_review::Settings {
                    trace_url: config.trace_url.clone(),
                    sign_in: sign_in(config),
                    ..samspil_review::Settings::default()
                };
                Box::new(samspil_review::Review::new(base, issuer.clone(), settings))
            }
            _ => {
                let objects = objects.remove("wound").context("wound keeps objects")?;
                let objects = sealed(config, objects, &base.keys);
                let settings = samspil_wound::Settings {
                    model: outline_model(config)?,
                    expect_marker: config.expect_marker,
                    ..samspil_wound::Settings::default()
                };
                Box::new(samspil_wound::Wounds::new(base, objects, settings))
            }
        });
    }
    Ok(parts)
}

/// The same, sealed by us unless the configuration leaves that to the store.
pub(crate) fn sealed(config: &Config, objects: Objects, keys: &Keyring) -> Objects {
    if config.seal_objects { objects.sealed(keys.clone()) } else { objects }
}

/// What a service seals with. The master key has to be there: a new one would open nothing that was sealed before.
pub(crate) async fn keyring(config: &Config, service: &str, db: &Db, clock: &Clock) -> anyhow::Result<Keyring> {
    let master = MasterKey::in_file(&config.master_key())?;
    Keyring::open(db, master, clock.now()).await.with_context(|| format!("the keys of {service}"))
}

/// The model that is installed. One that cannot be used is found here, before a port is opened.
fn outline_model(config: &Config) -> anyhow::Result<Option<Arc<Model>>> {
    let Some(path) = &config.outline_model else { return Ok(None) };
    let wrong = || format!("`outline_model` {} cannot be used", path.display());
    let onnx = std::fs::read(path).with_context(wrong)?;
    Ok(Some(Arc::new(Model::read(onnx).with_context(wrong)?)))
}

async fn base(config: &Config, name: &'static str, peers: Peers, clock: &Clock) -> anyhow::Result<Base> {
    let db = Db::open(&config.database(name)?).await.with_context(|| format!("cannot open the database of {name}"))?;
    match db.engine() {
        // Nobody else is there to be surprised.
        Engine::Sqlite => db.migrate(migrations(name)).await.map(|_| ()),
        Engine::Postgres => db.schema(migrations(name)).await.map_err(anyhow::Error::from),
    }
    .with_context(|| format!("the database of {name} cannot be served from"))?;
    let keys = keyring(config, name, &db, clock).await?;
    Ok(Base { db, keys, clock: clock.clone(), peers, deadlines: deadlines(config)? })
}

/// A service's own tables.
pub(crate) fn migrations(name: &str) -> &'static Migrations {
    match name {
        "directory" => &samspil_directory::MIGRATIONS,
        "referral" => &samspil_referral::MIGRATIONS,
        "careplan" => &samspil_careplan::MIGRATIONS,
        "review" => &samspil_review::MIGRATIONS,
        _ => &samspil_wound::MIGRATIONS,
    }
}

/// What each service stands on, for a command that works on their databases beside those that serve.
pub(crate) async fn stands_on(place: &Place) -> anyhow::Result<Vec<(&'static str, Base)>> {
    let config = place.load()?;
    let clock = Clock::system();
    let issuer = Issuer::fresh(clock.clone())?;
    let mut bases = Vec::new();
    for name in SERVICES {
        let nobody = Peers::new(name, &HashMap::new(), issuer.clone(), None)?;
        bases.push((name, base(&config, name, nobody, &clock).await?));
    }
    Ok(bases)
}

/// The calendar and the rules of the clocks, built in or from files.
fn deadlines(config: &Config) -> anyhow::Result<Arc<Deadlines>> {
    let read = |path: &Path| std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let mut deadlines = Deadlines::danish();
    if let Some(path) = &config.calendar {
        deadlines.calendar =
            Calendar::read(&read(path)?).with_context(|| format!("{} is no calendar", path.display()))?;
    }
    if let Some(path) = &config.clocks {
        deadlines = Deadlines::read(deadlines.calendar, &read(path)?)
            .with_context(|| format!("{} holds no rules of clocks", path.display()))?;
    }
    Ok(Arc::new(deadlines))
}

/// Where people sign in to the web tool. None is the built-in provider.
fn sign_in(config: &Config) -> Option<SignIn> {
    // A provider that nobody may sign in at is not the built-in one either.
    let at = config.providers.iter().find(|provider| !provider.web_client.is_empty()).or(config.providers.first())?;
    Some(SignIn {
        authority: at.issuer.clone(),
        client_id: at.web_client.clone(),
        device_client_id: at.device_client.clone(),
        scope: at.web_scope.clone(),
        resource: at.resource.clone(),
    })
}

/// Tokens of the demo people, in files that only their owner can read, and their folder. None beside a provider, whose people are
/// real: what an earlier trial has left is taken away.
fn write_demo_tokens(config: &Config, issuer: &Issuer) -> anyhow::Result<Option<PathBuf>> {
    let folder = config.data_dir.join("tokens");
    if !config.providers.is_empty() {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        return Ok(None);
    }
    std::fs::create_dir_all(&folder)?;
    for (name, person) in demo::people() {
        write_private(&folder.join(format!("{name}.token")), issuer.sign(&person, DEMO_TOKEN)?.as_bytes())?;
    }
    Ok(Some(folder))
}
