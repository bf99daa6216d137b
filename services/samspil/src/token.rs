//! `samspil token`: a token of a made-up person, signed by the built-in issuer.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::Args;
use samspil_kit::{
    Caller, Clock,
    identity::{Issuer, demo},
};
use samspil_proto::names::PatientName;

#[derive(Args)]
pub(crate) struct TokenCommand {
    /// Who: nurse, specialist, specialist2, other_specialist, coordinator, gp, outsider, dpo, administrator, or citizen.
    person: String,
    /// Who the citizen is: `patients/…`.
    #[arg(long, required_if_eq("person", "citizen"))]
    patient: Option<PatientName>,
    /// How many minutes it holds.
    #[arg(long, default_value_t = 60)]
    minutes: u32,
    /// The folder that `serve` keeps its key in.
    #[arg(long, env = "SAMSPIL_DATA_DIR", default_value = ".samspil")]
    data_dir: PathBuf,
}

impl TokenCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let person = self.person()?;
        anyhow::ensure!(
            self.data_dir.join("issuer.key").exists(),
            "nothing was served from {} yet",
            self.data_dir.display()
        );
        let issuer = Issuer::in_folder(&self.data_dir, Clock::system())?;
        println!("{}", issuer.sign(&person, TimeDelta::minutes(i64::from(self.minutes)))?);
        Ok(())
    }

    fn person(&self) -> anyhow::Result<Caller> {
        match self.patient {
            Some(patient) if self.person == "citizen" => Ok(demo::citizen(patient)),
            Some(_) => anyhow::bail!("`--patient` says who a citizen is; {} is none", self.person),
            None => {
                let person = demo::people().into_iter().find(|(name, _)| *name == self.person);
                Ok(person.with_context(|| format!("{} is none of the demo people", self.person))?.1)
            }
        }
    }
}
