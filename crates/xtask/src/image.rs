//! `cargo xtask image`: the container image, built without a daemon.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    repo::Repo,
    run::{Stop, run, say},
    tools,
    web::Web,
};

/// The authorities of the outside that the program believes: of providers, and of object stores that are not one's own.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Builds the program, unless there is a ready one, and the image around it, and runs it once as it will be run.
pub(crate) fn image(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    let binary = match args {
        [] => None,
        [flag, path] if flag == "--binary" => Some(PathBuf::from(path)),
        _ => return Err(Stop::usage("image takes nothing, or `--binary PATH` of a static program")),
    };
    tools::provide(&[tools::BUILDAH, tools::AUTHORITIES])?;
    let binary = binary.map_or_else(|| build(repo), Ok)?;
    let folder = repo.target.join("image");
    let context =
        gather(&folder, &binary).map_err(|error| Stop::because(format!("cannot gather the image's files: {error}")))?;
    let tag = format!("samspil:{}", env!("CARGO_PKG_VERSION"));
    let buildah = |args: &[&str]| {
        // A store of its own: nothing of the machine's is touched, and no filesystem is mounted.
        let mut buildah = Command::new("buildah");
        buildah.args(["--storage-driver", "vfs", "--root"]).arg(folder.join("store"));
        buildah.arg("--runroot").arg(folder.join("run")).args(args).stdout(io::stderr()).current_dir(&context);
        buildah
    };
    let recipe = repo.root.join("deploy/Containerfile");
    // The same files make the same image, whenever.
    // What an earlier try may have left.
    run(&mut buildah(&["rm", "--all"]))?;
    run(buildah(&["bud", "--isolation", "chroot", "--timestamp", "0", "--tag", &tag, "--file"]).arg(recipe).arg("."))?;
    say("running it once, as its own user in nothing but its own files");
    run(&mut buildah(&["from", "--name", "samspil-try", &tag]))?;
    run(&mut buildah(&["run", "--isolation", "chroot", "samspil-try", "--", "/usr/bin/samspil", "--version"]))?;
    run(&mut buildah(&["rm", "samspil-try"]))?;
    let archive = folder.join("samspil.oci.tar");
    let _ = fs::remove_file(&archive);
    run(&mut buildah(&["push", &tag, &format!("oci-archive:{}:{tag}", archive.display())]))?;
    run(&mut buildah(&["rmi", "--prune", "--force"]))?;
    say(&format!("{tag} is in {}", archive.display()));
    Ok(())
}

/// A release that needs no library: only the last step is another than usual, so everything else that was built is used again.
fn build(repo: &Repo) -> Result<PathBuf, Stop> {
    tools::provide(&[tools::C_COMPILER])?;
    Web::open(repo)?.build()?;
    let program =
        ["rustc", "--release", "--package", "samspil", "--bin", "samspil", "--", "-C", "target-feature=+crt-static"];
    run(&mut repo.cargo(program))?;
    Ok(repo.target.join("release/samspil"))
}

/// Puts what the recipe copies into a folder, and nothing else.
fn gather(folder: &Path, binary: &Path) -> io::Result<PathBuf> {
    let context = folder.join("context");
    fs::create_dir_all(context.join("data"))?;
    fs::copy(binary, context.join("samspil"))?;
    fs::copy(AUTHORITIES, context.join("ca-certificates.crt"))?;
    Ok(context)
}
