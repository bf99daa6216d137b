//! The time limit, carried into the decoders.

use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

use crate::Refusal;

/// The moment until which a photo may be worked on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    started: Instant,
    allowed: Duration,
}

impl Deadline {
    /// Starts the watch.
    pub(crate) fn within(allowed: Duration) -> Self {
        Self { started: Instant::now(), allowed }
    }

    /// Whether the time is up.
    pub(crate) fn passed(&self) -> bool {
        self.started.elapsed() > self.allowed
    }

    /// The time that is left.
    pub(crate) fn left(&self) -> Duration {
        self.allowed.saturating_sub(self.started.elapsed())
    }

    /// # Errors
    ///
    /// [`Refusal::TooSlow`] once the time is up.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.passed() { Err(self.refusal()) } else { Ok(()) }
    }

    /// What to say when the time is up.
    pub(crate) fn refusal(&self) -> Refusal {
        Refusal::TooSlow { allowed: self.allowed }
    }

    /// What a decoder's failure means: the time was up, or the photo is bad.
    pub(crate) fn or_damaged(&self, what: &'static str) -> Refusal {
        if self.passed() { self.refusal() } else { Refusal::damaged(what) }
    }
}

/// Bytes in memory that stop being readable when the time is up.
#[derive(Debug)]
pub(crate) struct TimedReader<'a> {
    bytes: io::Cursor<&'a [u8]>,
    deadline: Deadline,
}

impl<'a> TimedReader<'a> {
    /// Reads `bytes` until `deadline`.
    pub(crate) fn new(bytes: &'a [u8], deadline: Deadline) -> Self {
        Self { bytes: io::Cursor::new(bytes), deadline }
    }

    fn check(&self) -> io::Result<()> {
        if self.deadline.passed() {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the time is up"));
        }
        Ok(())
    }
}

/// How many bytes are handed out between two looks at the clock.
const STRIDE: usize = 64 * 1024;

impl Read for TimedReader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let len = buf.len().min(STRIDE);
        self.bytes.read(&mut buf[..len])
    }
}

impl BufRead for TimedReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check()?;
        let rest = self.bytes.fill_buf()?;
        Ok(&rest[..rest.len().min(STRIDE)])
    }

    fn consume(&mut self, amount: usize) {
        self.bytes.consume(amount);
    }
}

impl Seek for TimedReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}
