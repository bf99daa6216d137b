//! `samspil migrate`: brings the databases up to date, before the new version is served.

use anyhow::Context as _;
use clap::Args;
use samspil_store::Db;

use crate::{
    config::{Place, SERVICES},
    serve,
};

#[derive(Args)]
pub(crate) struct MigrateCommand {
    /// The services whose databases are meant; all of them when none is named.
    #[arg(value_parser = SERVICES)]
    services: Vec<String>,
    #[command(flatten)]
    place: Place,
}

impl MigrateCommand {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = self.place.load()?;
        if config.database_url.is_empty() {
            std::fs::create_dir_all(&config.data_dir)?;
        }
        for name in SERVICES.into_iter().filter(|name| serve::is_chosen(&self.services, name)) {
            let settings = config.database(name)?;
            let db = Db::open(&settings).await.with_context(|| format!("cannot open the database of {name}"))?;
            let applied = db.migrate(serve::migrations(name)).await;
            match applied.with_context(|| format!("cannot bring the database of {name} up to date"))? {
                0 => println!("{name}: up to date"),
                1 => println!("{name}: 1 migration applied"),
                n => println!("{name}: {n} migrations applied"),
            }
            db.close().await;
        }
        Ok(())
    }
}
