//! What the nurse sees while it is sent: a bar for each photo, and each warning at once, while the patient is there.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use samspil_client::{
    queue::{Event, States},
    upload,
};
use samspil_proto::names::PhotoName;

use super::super::super::{output::Out, text};

/// Bars and lines on the terminal. Without a terminal there are only lines; for a script there is nothing.
pub(super) struct Show {
    out: Out,
    all: MultiProgress,
    names: HashMap<PhotoName, String>,
    bars: Mutex<HashMap<PhotoName, ProgressBar>>,
}

impl Show {
    pub(super) fn new(out: Out, states: &States) -> Self {
        let photos = states.visits.iter().flat_map(|visit| &visit.photos);
        let names = photos.map(|photo| (photo.name, photo.file_name.clone())).collect();
        Show { out, all: MultiProgress::new(), names, bars: Mutex::default() }
    }

    pub(super) fn event(&self, event: Event) {
        if self.out.json {
            return;
        }
        match event {
            Event::Upload(photo, event) => self.upload(photo, event),
            Event::AlreadyThere { photo, existing } => {
                self.line(&format!("{}: is there already as {existing}", self.name(photo)))
            }
            Event::Refused { photo, reason, message } => {
                self.bar(photo).abandon_with_message("refused");
                self.line(&format!("! {}: refused: {message} ({reason})", self.name(photo)));
            }
            Event::Withdrawn(photo) => self.line(&format!("{}: taken back", self.name(photo))),
            Event::Recorded(_) => self.line("the visit is recorded"),
            Event::Completed(_) => self.line("the visit is complete: every photo is stored"),
            Event::Asked(_) => self.line("the question is asked"),
            // It is told at the end, and with it everything else that is new.
            _ => {}
        }
    }

    pub(super) fn end(&self) {
        let _ = self.all.clear();
    }

    fn upload(&self, photo: PhotoName, event: upload::Event) {
        match event {
            upload::Event::Progress { sent, size, .. } => {
                let bar = self.bar(photo);
                bar.set_length(size);
                bar.set_position(sent);
                bar.set_message("");
            }
            upload::Event::Interrupted => self.bar(photo).set_message("the link broke; it goes on"),
            upload::Event::Stored(_) => {
                let bar = self.bar(photo);
                bar.set_position(bar.length().unwrap_or_default());
                bar.set_message("stored; looking at it");
                self.line(&format!("{}: stored", self.name(photo)));
            }
            upload::Event::Verdict(judged) => {
                let warnings = text::warnings(judged.quality.as_ref());
                self.bar(photo).finish_with_message(if warnings.is_empty() { "good" } else { "see below" });
                for warning in warnings {
                    self.line(&format!("{}: {warning}", self.name(photo)));
                }
            }
        }
    }

    fn line(&self, line: &str) {
        // The bars keep their place below the lines.
        self.all.suspend(|| eprintln!("{line}"));
    }

    fn name(&self, photo: PhotoName) -> &str {
        self.names.get(&photo).map_or("photo", |name| name)
    }

    fn bar(&self, photo: PhotoName) -> ProgressBar {
        let mut bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || {
            let style = ProgressStyle::with_template("  {prefix:20!} {bar:30} {bytes:>10} of {total_bytes:10} {msg}");
            let bar = self.all.add(ProgressBar::no_length());
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_prefix(self.name(photo).to_owned());
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        };
        bars.entry(photo).or_insert_with(made).clone()
    }
}
