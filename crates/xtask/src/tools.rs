//! What has to be on the machine, and how it gets there.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    postgres,
    run::{Stop, output, run, say},
};

/// Something that a task cannot do without.
pub(crate) struct Need {
    what: &'static str,
    present: fn() -> bool,
    debian: &'static str,
    elsewhere: &'static str,
}

/// Compiles and links what the crates have in C (SQLite, aws-lc).
pub(crate) const C_COMPILER: Need = Need {
    what: "a C compiler",
    present: || env::var_os("CC").is_some() || find("cc").is_some() || find("gcc").is_some() || find("clang").is_some(),
    debian: "build-essential",
    elsewhere: "Fedora: dnf install gcc; macOS: xcode-select --install",
};

/// Compiles the fuzzer's engine.
pub(crate) const CXX_COMPILER: Need = Need {
    what: "a C++ compiler",
    present: || env::var_os("CXX").is_some() || find("c++").is_some() || find("g++").is_some(),
    debian: "build-essential",
    elsewhere: "Fedora: dnf install gcc-c++; macOS: xcode-select --install",
};

/// The second engine of every storage test.
pub(crate) const POSTGRES: Need = Need {
    what: "PostgreSQL 15 or later, with its server",
    present: || postgres::binaries().is_some(),
    debian: "postgresql",
    elsewhere: "Fedora: dnf install postgresql-server; macOS: brew install postgresql@17",
};

/// The browser that the web tool is tried in, with letters to write.
pub(crate) const CHROMIUM: Need = Need {
    what: "Chromium",
    present: || find("chromium").is_some(),
    debian: "chromium",
    elsewhere: "Fedora: dnf install chromium; macOS: brew install chromium",
};

/// Reads and tests alert rules.
pub(crate) const PROMTOOL: Need = Need {
    what: "promtool",
    present: || find("promtool").is_some(),
    debian: "prometheus",
    elsewhere: "Fedora: dnf install golang-github-prometheus; macOS: brew install prometheus",
};

/// Builds the image, without a daemon.
pub(crate) const BUILDAH: Need = Need {
    what: "buildah",
    present: || find("buildah").is_some(),
    debian: "buildah",
    elsewhere: "Fedora: dnf install buildah; it runs on Linux alone",
};

/// The authorities that the image takes along.
pub(crate) const AUTHORITIES: Need = Need {
    what: "a list of certificate authorities",
    present: || Path::new("/etc/ssl/certs/ca-certificates.crt").is_file(),
    debian: "ca-certificates",
    elsewhere: "Fedora: dnf install ca-certificates, and link its bundle to /etc/ssl/certs/ca-certificates.crt",
};

/// Sees to it that everything needed is there: installs what is missing when it may, else says what to install and stops.
pub(crate) fn provide(needs: &[Need]) -> Result<(), Stop> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let Some(apt_get) = apt_get() else {
        return Err(Stop::because(refusal(
            &missing,
            "It cannot be installed from here (that takes apt-get and root or sudo).",
        )));
    };
    let packages: Vec<&str> = missing.iter().map(|need| need.debian).collect();
    say(&format!("missing: {}; installing the Debian packages {}", names(&missing), packages.join(" ")));
    let installed = run(apt_get().arg("update"))
        .and_then(|()| run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(&packages)));
    let still: Vec<&Need> = missing.into_iter().filter(|need| !(need.present)()).collect();
    match (installed, still.is_empty()) {
        (_, true) => Ok(()),
        (Ok(()), false) => {
            Err(Stop::because(refusal(&still, "apt-get installed its packages, but that is not there.")))
        }
        (Err(_), false) => Err(Stop::because(refusal(&still, "apt-get failed (see above)."))),
    }
}

/// A program on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Installs a package of Python's into `venv` of a folder, where there is Python to do it with.
pub(crate) fn from_python(folder: &Path, package: &str) -> bool {
    let venv = folder.join("venv");
    find("python3").is_some()
        && quietly(Command::new("python3").args(["-m", "venv"]).arg(&venv))
        && quietly(Command::new(venv.join("bin/pip")).args(["install", "--quiet"]).arg(package))
}

/// Runs an installer; what it prints is not our output.
pub(crate) fn quietly(command: &mut Command) -> bool {
    run(command.stdin(Stdio::null()).stdout(Stdio::null())).is_ok()
}

/// Whether this is root.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// How to call apt-get without being asked anything, if at all.
fn apt_get() -> Option<fn() -> Command> {
    find("apt-get")?;
    if is_root() {
        return Some(|| {
            let mut apt = Command::new("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
            apt
        });
    }
    output(Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()))?;
    Some(|| {
        let mut apt = Command::new("sudo");
        apt.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]).stdin(Stdio::null());
        apt
    })
}

fn names(needs: &[&Need]) -> String {
    needs.iter().map(|need| need.what).collect::<Vec<_>>().join(" and ")
}

fn refusal(missing: &[&Need], why: &str) -> String {
    let mut text = format!("missing: {}. {why} Please install:", names(missing));
    for need in missing {
        text += &format!("\n    {}: apt-get install {}   ({})", need.what, need.debian, need.elsewhere);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_every_missing_thing_and_its_package() {
        let text = refusal(&[&C_COMPILER, &POSTGRES], "Why.");
        assert!(text.starts_with("missing: a C compiler and PostgreSQL 15 or later, with its server. Why."), "{text}");
        assert!(
            text.contains("apt-get install build-essential") && text.contains("apt-get install postgresql"),
            "{text}"
        );
    }

    #[test]
    fn programs_are_found_on_the_path_only() {
        assert!(find("sh").is_some());
        assert!(find("a-program-that-nobody-has").is_none());
    }
}
