//! `cargo xtask chart`: the Helm chart, rendered in several value sets and read by machines that know Kubernetes, and what else is
//! in `deploy/`.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    deploy,
    repo::Repo,
    run::{Stop, output, run, say},
    tools::from_python,
};

/// Helm's own code as a library, and the schemas of the API server of each release. One release of each for everybody.
const PACKAGES: [&str; 2] = ["helm-python-sdk==0.2.2", "kubernetes-validate==1.37.0"];

/// Renders every value set, checks each object by itself, and then whether the objects fit each other.
pub(crate) fn chart(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    if !args.is_empty() {
        return Err(Stop::usage("chart takes no arguments"));
    }
    deploy::containerfile(repo)?;
    let python = python(repo)?;
    let rendered = repo.target.join("chart");
    let script = include_str!("chart.py");
    run(Command::new(python).args(["-c", script]).arg(repo.root.join("deploy/chart")).arg(&rendered))?;
    deploy::alerts(repo, &rendered.join("dashboard.yaml"))?;
    run(repo.cargo(["run", "--quiet", "--package", "chart-check", "--"]).arg(&rendered))
}

/// A Python that has the packages: the one installed before, or one installed now.
fn python(repo: &Repo) -> Result<PathBuf, Stop> {
    let folder = repo.tools("helm");
    let python = folder.join("venv/bin/python");
    if works(&python) {
        return Ok(python);
    }
    say(&format!("installing {} under {}", PACKAGES.join(" and "), folder.display()));
    if PACKAGES.iter().all(|package| from_python(&folder, package)) && works(&python) {
        return Ok(python);
    }
    Err(Stop::because(
        "Helm could not be installed: that takes python3 with venv (apt-get install python3-venv) and its packages",
    ))
}

fn works(python: &Path) -> bool {
    let script = "import helm_python, kubernetes_validate";
    output(Command::new(python).args(["-c", script]).stderr(Stdio::null())).is_some()
}
