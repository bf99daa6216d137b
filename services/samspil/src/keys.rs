//! `samspil keys`: the keys that person numbers are sealed with.

use anyhow::Result;
use clap::Subcommand;
use samspil_kit::Clock;
use samspil_store::keyring::MasterKey;

use crate::{config::Place, serve::stands_on};

#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Print a new line for the file of master keys. The first line of the file is the present one; the others only open what they
    /// have wrapped.
    New {
        /// What the key is to be called.
        id: String,
    },
    /// Wrap every key with the present master key. Afterwards older lines of the file can go.
    Rewrap(Place),
    /// Make a new key, and seal every person number with it. The services may run.
    Rotate(Place),
}

impl KeysCommand {
    pub(crate) async fn run(self) -> Result<()> {
        match self {
            KeysCommand::New { id } => println!("{}", MasterKey::line(&id)?),
            KeysCommand::Rewrap(place) => {
                for (name, base) in stands_on(&place).await? {
                    println!("{name}: {} keys wrapped anew", base.keys.rewrap().await?);
                }
            }
            KeysCommand::Rotate(place) => {
                let clock = Clock::system();
                for (name, base) in stands_on(&place).await?.into_iter().filter(|(name, _)| *name == "directory") {
                    let key = base.keys.rotate(clock.now()).await?;
                    let count = samspil_directory::reseal_numbers(&base).await;
                    let count = count.map_err(|error| anyhow::anyhow!("{error:?}"))?;
                    println!("{name}: {count} person numbers sealed with key {key}");
                }
            }
        }
        Ok(())
    }
}
