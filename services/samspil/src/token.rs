//! `samspil token`: a token of a made-up person, signed by the built-in issuer.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::Args;
use samspil_kit::{
    Clock,
    identity::{Issuer, demo},
};

#[derive(Args)]
pub(crate) struct TokenCommand {
    /// Who: nurse, specialist, specialist2, gp, coordinator, dpo, outsider or administrator.
    person: String,
    /// How many minutes it holds.
    #[arg(long, default_value_t = 60)]
    minutes: u32,
    /// The folder that `serve` keeps its key in.
    #[arg(long, env = "SAMSPIL_DATA_DIR", default_value = ".samspil")]
    data_dir: PathBuf,
}

impl TokenCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let people = demo::people();
        let person = people.iter().find(|(name, _)| *name == self.person);
        let (_, person) = person.with_context(|| format!("{} is none of the demo people", self.person))?;
        anyhow::ensure!(
            self.data_dir.join("issuer.key").exists(),
            "nothing was served from {} yet",
            self.data_dir.display()
        );
        let issuer = Issuer::in_folder(&self.data_dir, Clock::system())?;
        println!("{}", issuer.sign(person, TimeDelta::minutes(i64::from(self.minutes)))?);
        Ok(())
    }
}
