//! `samspil copy`: moves a site from a laptop's files to PostgreSQL and S3.
//!
//! Objects go first, then they are held against the source's rows where they now are, then the rows go, a service at a time. So no
//! row ever names what is not there, and a copy that was interrupted can simply be made again: objects that are there are
//! compared, services that are there are left alone.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use futures::{StreamExt as _, TryStreamExt as _};
use samspil_kit::{Clock, audit::Key, verify::Report};
use samspil_store::{
    Db,
    copy::{Copied, copy},
    keyring::{Keyring, MasterKey},
    objects::{Error as ObjectError, Listed, Objects},
};

use crate::{
    audit::open,
    config::{Config, Place, SERVICES},
    serve, verify,
};

/// Objects that are copied at a time.
const AT_ONCE: usize = 4;

#[derive(clap::Args)]
pub(crate) struct CopyCommand {
    /// The data folder of the site that is moved. Nothing may serve from it.
    #[arg(long)]
    from: PathBuf,
    /// Where it is moved to: PostgreSQL databases with the tables that `samspil migrate` makes and nothing in them, and S3.
    #[command(flatten)]
    to: Place,
}

impl CopyCommand {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let (from, to) = (Config { data_dir: self.from, ..Config::default() }, self.to.load()?);
        ensure!(!to.database_url.is_empty(), "`database_url` does not say where the rows are moved to");
        ensure!(!to.object_store.is_empty(), "`object_store` does not say where photos and attachments are moved to");
        let _lock = hold(&from.data_dir)?;
        ensure!(
            Key::in_file(&from.audit_key())?.public() == Key::in_file(&to.audit_key())?.public(),
            "the audit's key of the target ({}) is another than the source's: checkpoints would not hold any more; copy {} there",
            to.audit_key().display(),
            from.audit_key().display()
        );
        let mut services = Vec::new();
        for service in SERVICES {
            services.push((service, both(&from, &to, service).await?));
        }
        for (service, (source, _, keys)) in &services {
            move_objects(&from, &to, service, source, keys)
                .await
                .with_context(|| format!("the objects of {service}"))?;
        }
        for (service, (source, target, _)) in &services {
            match copy(source, target).await.with_context(|| format!("the rows of {service}"))? {
                Copied::Now(rows) => println!("{service}: {rows} rows copied"),
                Copied::Before => println!("{service}: the rows were copied before"),
            }
        }
        say_keys(&from, &to);
        Ok(())
    }
}

/// Keeps a server out of the folder, as one server keeps the other.
fn hold(folder: &Path) -> anyhow::Result<File> {
    ensure!(folder.join("directory.db").exists(), "nothing was served from {} yet", folder.display());
    let file = File::create(folder.join("lock"))?;
    ensure!(file.try_lock().is_ok(), "a process serves from {}: stop it first", folder.display());
    Ok(file)
}

/// The two databases of a service, with the same tables, and the keys of what the source has sealed, opened by the target's master key.
async fn both(from: &Config, to: &Config, service: &'static str) -> anyhow::Result<(Db, Db, Keyring)> {
    let (source, target) = (open(from, service).await?, open(to, service).await?);
    for (name, db) in [("source", &source), ("target", &target)] {
        let same = db.schema(serve::migrations(service)).await;
        same.with_context(|| format!("the {name}'s database of {service}"))?;
    }
    let master = to.master_key();
    let opens = Keyring::open(&source, MasterKey::in_file(&master)?, Clock::system().now()).await;
    let keys = opens
        .with_context(|| format!("the target's master key {} does not open the keys of {service}", master.display()))?;
    Ok((source, target, keys))
}

/// Objects are copied as they are, sealed or not. Held against their rows they are as who has the keys reads them.
async fn move_objects(from: &Config, to: &Config, service: &str, rows: &Db, keys: &Keyring) -> anyhow::Result<()> {
    let (Some(source), Some(target), Some(files)) =
        (from.objects(service).await?, to.objects(service).await?, verify::files(service))
    else {
        return Ok(());
    };
    target.probe().await?;
    let mut there = target.walk("");
    while let Some(Listed { key, .. }) = there.try_next().await? {
        match source.stream(&key).await {
            Ok(_) => {}
            Err(ObjectError::NotFound(_)) => {
                bail!("the target is not empty: it holds {key}, which the source does not")
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read {key}")),
        }
    }
    let copies = source.walk("").map(|listed| copy_object(&source, &target, listed)).buffer_unordered(AT_ONCE);
    let copied: u64 = copies.try_fold(0, async |copied, ()| Ok(copied + 1)).await?;
    let mut report = Report::new(service);
    let target = serve::sealed(to, target, keys);
    let looked = files.verify(rows, &target, Clock::system().now(), &mut report).await;
    looked.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    if let Some(finding) = report.findings.first() {
        bail!(
            "{} objects at the target are not what the source's rows say; `samspil verify` tells of the source. The first: {}: {}",
            report.wrong,
            finding.wrong,
            finding.text
        );
    }
    println!("{service}: {copied} objects copied, {} of them held against their rows", report.objects);
    Ok(())
}

async fn copy_object(source: &Objects, target: &Objects, listed: Result<Listed, ObjectError>) -> anyhow::Result<()> {
    let key = listed?.key;
    let bytes = source.get(&key).await.with_context(|| format!("cannot read {key}"))?;
    target.put_once(&key, bytes).await.with_context(|| format!("cannot write {key}"))
}

/// What the site cannot do without and is in no database.
fn say_keys(from: &Config, to: &Config) {
    let service_key = to.service_key.clone().unwrap_or_else(|| to.data_dir.join("issuer.key"));
    println!("These files are the site's keys. The target has the first two already; without them it is lost:");
    println!("  the master key, which opens the person numbers: {}", to.master_key().display());
    println!("  the audit's key, which signs its checkpoints: {}", to.audit_key().display());
    println!(
        "  the services' key: {}; that of {} goes on only for tokens of made-up people",
        service_key.display(),
        from.data_dir.display()
    );
    println!(
        "Now look at the target with `samspil verify`, then serve it. Do not serve from {} again.",
        from.data_dir.display()
    );
}
