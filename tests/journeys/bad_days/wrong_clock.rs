//! A clock that is wrong, and that somebody sets while the process runs: for one process, whatever the machine's own says.

use std::{fs::File, os::unix::fs::FileExt as _, path::Path, process::Command};

/// The clock of whoever is started with its [`environment`](WrongClock::environment).
pub(super) struct WrongClock {
    off_by: File,
    environment: [(&'static str, String); 2],
}

impl WrongClock {
    /// One that is right until it is set. Its files are in a folder.
    pub(super) fn in_folder(folder: &Path) -> WrongClock {
        let (source, library, file) =
            (folder.join("wrong_clock.c"), folder.join("wrong_clock.so"), folder.join("wrong_clock"));
        std::fs::write(&source, include_str!("wrong_clock.c")).unwrap();
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let compiled =
            Command::new(compiler).args(["-shared", "-fPIC", "-o"]).args([&library, &source]).status().unwrap();
        assert!(compiled.success());
        let off_by = File::create(&file).unwrap();
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let environment = [("LD_PRELOAD", text(&library)), ("SAMSPIL_TEST_CLOCK", text(&file))];
        let clock = WrongClock { off_by, environment };
        clock.is_off_by(0);
        clock
    }

    /// Sets it, at once, so many seconds ahead of the time; behind it, when they are negative.
    pub(super) fn is_off_by(&self, seconds: i64) {
        self.off_by.write_all_at(&seconds.to_ne_bytes(), 0).unwrap();
    }

    pub(super) fn environment(&self) -> [(&'static str, &str); 2] {
        self.environment.each_ref().map(|(name, value)| (*name, value.as_str()))
    }
}
