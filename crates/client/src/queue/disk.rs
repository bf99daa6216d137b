//! The queue's folder: what is written so that a crash leaves the old or the new, never something in between.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use chrono::SubsecRound as _;
use samspil_proto::names::VisitName;
use uuid::Uuid;

use super::{
    Problem,
    record::{FORM, Photo, PhotoState, Record},
};
use crate::{Clock, Error, digest, digest::Algorithm};

/// The folder of a queue.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn at(path: &Path) -> Self {
        Folder(path.to_owned())
    }

    /// The folder, made with its parts where they are missing.
    pub(super) fn make(path: &Path) -> Result<Self, Error> {
        let missing: Vec<_> = path.ancestors().take_while(|folder| !folder.exists()).collect();
        for part in [path.to_owned(), path.join("new"), path.join("visits"), path.join("done")] {
            make_dir(&part)?;
        }
        sync_dir(path)?;
        // A folder is there for good once the one that holds it is synced.
        for parent in missing.into_iter().filter_map(Path::parent) {
            sync_dir(if parent.as_os_str().is_empty() { Path::new(".") } else { parent })?;
        }
        Ok(Folder::at(path))
    }

    /// Takes the lock, which the system gives up when the process ends, however it ends.
    pub(super) fn lock(&self) -> Result<File, Error> {
        let path = self.0.join("lock");
        let doing = || format!("lock {}", path.display());
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|source| Error::io(doing(), source))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(Problem::Busy(self.0.clone()).into()),
            Err(fs::TryLockError::Error(source)) => Err(Error::io(doing(), source)),
        }
    }

    pub(super) fn visit(&self, visit_id: Uuid) -> PathBuf {
        self.0.join("visits").join(visit_id.to_string())
    }

    pub(super) fn new_visit(&self, visit_id: Uuid) -> PathBuf {
        self.0.join("new").join(visit_id.to_string())
    }

    pub(super) fn photo(&self, visit_id: Uuid, photo_id: Uuid) -> PathBuf {
        self.visit(visit_id).join("photos").join(photo_id.to_string())
    }

    /// The folders of one part, `visits` or `done`, by their names, which are the ids and sort by time.
    pub(super) fn folders(&self, part: &str) -> Result<Vec<PathBuf>, Error> {
        let part = self.0.join(part);
        let listed = || -> io::Result<Vec<PathBuf>> {
            let mut folders = match fs::read_dir(&part) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                entries => entries?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?,
            };
            folders.sort();
            Ok(folders)
        };
        listed().map_err(|source| Error::io(format!("list {}", part.display()), source))
    }

    pub(super) fn read(&self, visit: VisitName) -> Result<Record, Error> {
        let folder = self.visit(visit.visit);
        if !folder.exists() {
            return Err(Problem::NoVisit(visit).into());
        }
        Ok(read(&folder)?)
    }

    pub(super) fn write(&self, record: &Record) -> Result<(), Error> {
        write_record(&self.visit(record.visit_id), record)
    }

    /// Moves a visit to what has arrived.
    pub(super) fn file(&self, visit_id: Uuid) -> Result<(), Error> {
        let to = self.0.join("done").join(visit_id.to_string());
        rename(&self.visit(visit_id), &to)?;
        sync_dir(&self.0.join("visits"))
    }

    /// Removes the bytes that are no longer needed, after the record that says so is on the disk.
    pub(super) fn drop_bytes(&self, record: &Record) -> Result<(), Error> {
        for photo in record.photos.iter().filter(|photo| photo.state.is_settled()) {
            let path = self.photo(record.visit_id, photo.photo_id);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io(format!("remove {}", path.display()), error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Clears away what a crash has left: visits and photos that never came in, and bytes that have arrived. A visit that
    /// cannot be read is left alone.
    pub(super) fn tidy(&self) -> Result<(), Error> {
        for folder in self.folders("new")? {
            remove_dir(&folder)?;
        }
        for folder in self.folders("visits")? {
            let Ok(record) = read(&folder) else { continue };
            self.drop_bytes(&record)?;
            for entry in fs::read_dir(folder.join("photos")).into_iter().flatten().flatten() {
                let name = entry.file_name();
                if !record.photos.iter().any(|photo| *photo.photo_id.to_string() == *name) {
                    let path = entry.path();
                    fs::remove_file(&path).map_err(|source| Error::io(format!("remove {}", path.display()), source))?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn forget_done(&self) -> Result<usize, Error> {
        let done = self.folders("done")?;
        for folder in &done {
            remove_dir(folder)?;
        }
        Ok(done.len())
    }
}

/// Reads a visit. Whatever is wrong with it is told with its folder.
pub(super) fn read(folder: &Path) -> Result<Record, Problem> {
    let broken = |cause: String| Problem::Broken { folder: folder.to_owned(), cause };
    let text = fs::read(folder.join("visit.json")).map_err(|error| broken(error.to_string()))?;
    let record: Record = serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
    if record.form != FORM {
        return Err(broken(format!("it has form {}, which this version does not know", record.form)));
    }
    if record.name().is_none() {
        return Err(broken("its wound has no proper name".to_owned()));
    }
    if folder.file_name().is_none_or(|name| *name != *record.visit_id.to_string()) {
        return Err(broken("it lies in another visit's folder".to_owned()));
    }
    record.create().map_err(|error| broken(format!("its findings: {error}")))?;
    Ok(record)
}

/// Replaces `visit.json`: the new one is whole and synced before it takes the old one's name.
pub(super) fn write_record(folder: &Path, record: &Record) -> Result<(), Error> {
    let (new, path) = (folder.join("visit.json.new"), folder.join("visit.json"));
    let written = || -> io::Result<()> {
        let mut file = create(&new)?;
        serde_json::to_writer_pretty(&mut file, record)?;
        file.write_all(b"\n")?;
        file.sync_all()
    };
    written().map_err(|source| Error::io(format!("write {}", new.display()), source))?;
    rename(&new, &path)
}

/// Copies a photo in and describes it. The copy is synced; its folder is not yet.
pub(super) fn copy_in(
    draft: &super::PhotoDraft,
    folder: &Path,
    clock: Clock,
    algorithm: Algorithm,
) -> Result<Photo, Error> {
    let photo_id = clock.id();
    let mut from =
        File::open(&draft.file).map_err(|source| Error::io(format!("open {}", draft.file.display()), source))?;
    let path = folder.join(photo_id.to_string());
    let mut copied = || -> io::Result<_> {
        let mut to = create(&path)?;
        let digest = digest::copy(&mut from, &mut to, algorithm)?;
        to.sync_all()?;
        Ok(digest)
    };
    let digest = copied().map_err(|source| Error::io(format!("copy {}", draft.file.display()), source))?;
    Ok(Photo {
        photo_id,
        file_name: draft.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        digest,
        capture_time: draft.capture_time.trunc_subsecs(6),
        with_visit: true,
        announced: false,
        announce_request_id: clock.id(),
        withdraw: None,
        elsewhere: None,
        state: PhotoState::Waiting,
        warnings: Vec::new(),
    })
}

/// Renames and makes the new name durable.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to).map_err(|source| Error::io(format!("rename {}", from.display()), source))?;
    to.parent().map_or(Ok(()), sync_dir)
}

pub(super) fn make_dir(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| Error::io(format!("make {}", path.display()), source))
}

pub(super) fn sync_dir(path: &Path) -> Result<(), Error> {
    // Only Unix lets a folder be opened and synced; elsewhere a rename is as durable as the system makes it.
    if cfg!(unix) {
        let synced = File::open(path).and_then(|folder| folder.sync_all());
        synced.map_err(|source| Error::io(format!("sync {}", path.display()), source))?;
    }
    Ok(())
}

fn remove_dir(path: &Path) -> Result<(), Error> {
    fs::remove_dir_all(path).map_err(|source| Error::io(format!("remove {}", path.display()), source))
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
