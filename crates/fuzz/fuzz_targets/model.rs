//! What an upload has to do, in memory.

use std::collections::BTreeSet;

use crate::letters::Told;

/// Bytes that are held before they are written down.
pub const PART: usize = 8;

/// What a client hears after a step.
pub enum Outcome {
    Nothing,
    Progress(i64),
    Ends(Result<(), &'static str>),
}

/// One file: what is written down of it, and the streams that are open.
pub struct Model {
    text: Vec<u8>,
    stored: bool,
    generation: u32,
    parts: Vec<Part>,
    /// The parts whose bytes are still there. A stream that stores the file removes those that it knows.
    objects: BTreeSet<u32>,
    written: u32,
    streams: Vec<Option<Stream>>,
}

#[derive(Clone)]
struct Part {
    object: u32,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct Stream {
    generation: u32,
    parts: Vec<Part>,
    held: Vec<u8>,
}

impl Stream {
    fn whole(&self) -> Vec<u8> {
        let parts: Vec<_> = self.parts.iter().map(|part| part.bytes.as_slice()).collect();
        [parts.concat(), self.held.clone()].concat()
    }
}

impl Model {
    pub fn new(text: &[u8], streams: usize) -> Model {
        Model {
            text: text.to_vec(),
            stored: false,
            generation: 0,
            parts: Vec::new(),
            objects: BTreeSet::new(),
            written: 0,
            streams: (0..streams).map(|_| None).collect(),
        }
    }

    /// Bytes that will not have to be sent again.
    pub fn committed(&self) -> i64 {
        self.parts.iter().map(|part| part.bytes.len() as i64).sum()
    }

    /// Where a stream goes on.
    pub fn stands(&self, at: usize) -> i64 {
        self.streams[at].as_ref().map_or(0, |stream| stream.whole().len() as i64)
    }

    pub fn open(&mut self, at: usize) -> Outcome {
        if self.stored {
            return Outcome::Ends(Ok(()));
        }
        self.streams[at] = Some(self.newest());
        Outcome::Progress(self.committed())
    }

    pub fn chunk(&mut self, at: usize, offset: i64, data: &[u8]) -> Outcome {
        let mut stream = self.streams[at].take().expect("it is open");
        if let Err(refusal) = self.take(&mut stream, offset, data) {
            return Outcome::Ends(self.write_down(&mut stream).and(Err(refusal)));
        }
        if stream.whole().len() == self.text.len() {
            return Outcome::Ends(self.keep(stream));
        }
        if stream.held.len() >= PART {
            if let Err(refusal) = self.write_down(&mut stream) {
                return Outcome::Ends(Err(refusal));
            }
            let committed = stream.whole().len() as i64;
            self.streams[at] = Some(stream);
            return Outcome::Progress(committed);
        }
        self.streams[at] = Some(stream);
        Outcome::Nothing
    }

    /// The stream ends before the file does.
    pub fn end(&mut self, at: usize) -> Outcome {
        let mut stream = self.streams[at].take().expect("it is open");
        Outcome::Ends(self.write_down(&mut stream).and(Err("UPLOAD_INCOMPLETE")))
    }

    /// A chunk in a call of its own: what is known of it already is left out.
    pub fn append(&mut self, offset: i64, data: &[u8]) -> Result<Told, &'static str> {
        if self.stored {
            return Ok(Told::Receipt);
        }
        let committed = self.committed();
        let known = if (0..committed).contains(&offset) { committed - offset } else { 0 };
        let (offset, data) = match data.get(known as usize..) {
            Some(new) if known == 0 || !new.is_empty() => (offset + known, new),
            _ => return Ok(Told::Progress(committed)),
        };
        let mut call = Stream { generation: self.generation, parts: self.parts.clone(), held: Vec::new() };
        self.take(&mut call, offset, data)?;
        // That it has something to write makes it the newest.
        self.generation += 1;
        call.generation = self.generation;
        if call.whole().len() == self.text.len() {
            return self.keep(call).map(|()| Told::Receipt);
        }
        self.write_down(&mut call)?;
        Ok(Told::Progress(self.committed()))
    }

    fn newest(&mut self) -> Stream {
        self.generation += 1;
        Stream { generation: self.generation, parts: self.parts.clone(), held: Vec::new() }
    }

    fn take(&self, stream: &mut Stream, offset: i64, data: &[u8]) -> Result<(), &'static str> {
        let stands = stream.whole().len();
        if offset != stands as i64 {
            return Err("UPLOAD_OFFSET");
        }
        if data.is_empty() {
            return Err("INVALID_REQUEST");
        }
        if stands + data.len() > self.text.len() {
            return Err("UPLOAD_TOO_LONG");
        }
        stream.held.extend(data);
        Ok(())
    }

    fn write_down(&mut self, stream: &mut Stream) -> Result<(), &'static str> {
        if stream.held.is_empty() {
            return Ok(());
        }
        if self.stored || stream.generation != self.generation {
            return Err("UPLOAD_TAKEN_OVER");
        }
        self.written += 1;
        let part = Part { object: self.written, bytes: std::mem::take(&mut stream.held) };
        self.objects.insert(part.object);
        self.parts.push(part.clone());
        stream.parts.push(part);
        Ok(())
    }

    /// Every byte is here. If they are the right ones it does not matter who brought them.
    fn keep(&mut self, stream: Stream) -> Result<(), &'static str> {
        if !stream.parts.iter().all(|part| self.objects.contains(&part.object)) {
            return if self.stored { Ok(()) } else { Err("UPLOAD_TAKEN_OVER") };
        }
        let right = stream.whole() == self.text;
        if !right && stream.generation != self.generation {
            return Err("UPLOAD_TAKEN_OVER");
        }
        self.parts.clear();
        stream.parts.iter().for_each(|part| {
            self.objects.remove(&part.object);
        });
        self.stored |= right;
        if right { Ok(()) } else { Err("DIGEST_MISMATCH") }
    }
}
