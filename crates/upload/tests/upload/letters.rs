//! Letters: a service that takes files in and does nothing else.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use samspil_kit::{Base, Clock, Error, common::Common};
use samspil_store::{Db, objects::Objects, sql};
use samspil_upload::{
    Appended, Chunk, Out, Reason, Receiver, Requests, Settings, Tables, Uploads, is_digest_of, tables,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use uuid::Uuid;

const LETTERS: Tables =
    tables! { files: "letters", id: "letter_id", waits: "state = 1", parts: "letter_parts", objects: "letter-uploads" };

const ANNOUNCED: i32 = 1;
const STORED: i32 = 2;
pub(crate) const WITHDRAWN: i32 = 3;

/// What a client says.
pub(crate) enum Asked {
    Start(Uuid),
    Chunk(i64, Bytes),
    Nothing,
}

/// What it hears.
#[derive(Debug, PartialEq)]
pub(crate) enum Told {
    Progress(i64),
    Receipt,
}

pub(crate) struct Wire;

impl samspil_upload::Wire for Wire {
    type Request = Asked;
    type Start = Uuid;
    type Response = Told;

    fn start(request: Asked) -> Option<Uuid> {
        if let Asked::Start(letter) = request { Some(letter) } else { None }
    }

    fn chunk(request: Asked) -> Option<Chunk> {
        if let Asked::Chunk(offset, data) = request { Some(Chunk { offset, data }) } else { None }
    }

    fn progress(committed_bytes: i64) -> Told {
        Told::Progress(committed_bytes)
    }
}

#[derive(samspil_store::FromRow)]
struct Letter {
    letter_id: Uuid,
    state: i32,
    size_bytes: i64,
    digest: String,
    generation: i64,
    receive_time: Option<DateTime<Utc>>,
}

/// The service.
#[derive(Clone)]
pub(crate) struct Letters {
    db: Db,
    objects: Objects,
    pub(crate) clock: Clock,
    pub(crate) uploads: Uploads,
}

/// Parts of eight bytes, two streams, and a client that is slow but comes.
pub(crate) fn settings() -> Settings {
    Settings { streams: 2, idle: Duration::from_secs(30), part_bytes: 8, part_wait: Duration::MAX, memory: 64 << 10 }
}

impl Letters {
    /// Puts up the service in a database that has nothing of it.
    pub(crate) async fn on(base: Base, objects: Objects, settings: Settings) -> Letters {
        let (db, clock) = (base.db.clone(), base.clock.clone());
        let mut tx = db.begin().await.unwrap();
        sql!(&mut tx, execute, {
            sqlite: "CREATE TABLE letters (letter_id BLOB PRIMARY KEY, state INTEGER NOT NULL, size_bytes INTEGER NOT NULL,
                     digest TEXT NOT NULL, generation INTEGER NOT NULL, receive_time TEXT) STRICT",
            postgres: "CREATE TABLE letters (letter_id UUID PRIMARY KEY, state INTEGER NOT NULL, size_bytes BIGINT NOT NULL,
                       digest TEXT NOT NULL, generation BIGINT NOT NULL, receive_time TIMESTAMPTZ)"
        })
        .unwrap();
        sql!(&mut tx, execute, {
            sqlite: "CREATE TABLE letter_parts (letter_id BLOB NOT NULL REFERENCES letters, start INTEGER NOT NULL,
                     length INTEGER NOT NULL, object TEXT NOT NULL, PRIMARY KEY (letter_id, start)) STRICT",
            postgres: "CREATE TABLE letter_parts (letter_id UUID NOT NULL REFERENCES letters, start BIGINT NOT NULL,
                       length BIGINT NOT NULL, object TEXT NOT NULL, PRIMARY KEY (letter_id, start))"
        })
        .unwrap();
        tx.commit().await.unwrap();
        Letters { db, objects: objects.clone(), clock, uploads: Uploads::new(base, objects, LETTERS, settings) }
    }

    pub(crate) async fn announces(&self, text: &[u8]) -> Uuid {
        let (letter, digest) = (Uuid::new_v4(), blake3::hash(text).to_hex().to_string());
        let mut tx = self.db.begin().await.unwrap();
        sql!(
            &mut tx,
            execute,
            "INSERT INTO letters (letter_id, state, size_bytes, digest, generation) VALUES ($1, $2, $3, $4, 0)",
            letter,
            ANNOUNCED,
            text.len() as i64,
            digest
        )
        .unwrap();
        tx.commit().await.unwrap();
        letter
    }

    pub(crate) async fn sets(&self, letter: Uuid, state: i32) {
        let mut tx = self.db.begin().await.unwrap();
        sql!(&mut tx, execute, "UPDATE letters SET state = $1 WHERE letter_id = $2", state, letter).unwrap();
        tx.commit().await.unwrap();
    }

    async fn get(&self, letter: Uuid) -> Result<Letter, Error> {
        let mut tx = self.db.read().await?;
        let found = sql!(
            &mut tx,
            fetch_optional as Letter,
            "SELECT letter_id, state, size_bytes, digest, generation, receive_time FROM letters WHERE letter_id = $1",
            letter
        )?;
        Ok(found.ok_or(Common::ResourceNotFound)?)
    }

    pub(crate) async fn receive_time(&self, letter: Uuid) -> Option<DateTime<Utc>> {
        self.get(letter).await.unwrap().receive_time
    }

    pub(crate) async fn committed(&self, letter: Uuid) -> i64 {
        LETTERS.committed(&mut self.db.read().await.unwrap(), letter).await.unwrap()
    }

    /// The bytes of a stored letter.
    pub(crate) async fn text(&self, letter: Uuid) -> Bytes {
        assert_eq!(self.get(letter).await.unwrap().state, STORED);
        self.objects.get(&format!("letters/{letter}")).await.unwrap()
    }

    /// The objects of parts that are written down.
    pub(crate) async fn parts(&self) -> Vec<String> {
        let mut parts: Vec<_> =
            self.objects.list("letter-uploads").await.unwrap().into_iter().map(|found| found.key).collect();
        parts.sort();
        parts
    }

    /// Serves one upload.
    pub(crate) async fn upload(
        &self,
        stream: ReceiverStream<Result<Asked, Status>>,
    ) -> Result<ReceiverStream<Result<Told, Status>>, Error> {
        let mut call = self.uploads.enter::<Wire>(stream)?;
        let letter = self.get(call.start().await?).await?;
        let letters = self.clone();
        Ok(call.answer(|requests, out| async move { letters.run(letter, requests, &out).await }))
    }

    /// Serves one chunk in a call of its own.
    pub(crate) async fn append(&self, letter: Uuid, offset: i64, data: Bytes) -> Result<Told, Error> {
        let letter = self.get(letter).await?;
        if letter.state == ANNOUNCED {
            let (id, size, generation) = (letter.letter_id, letter.size_bytes, letter.generation);
            match self.uploads.append(id, size, generation, Chunk { offset, data }).await? {
                Appended::Committed(committed) => return Ok(Told::Progress(committed)),
                Appended::Whole(receiver) => self.keep(letter, receiver).await?,
            }
        }
        Ok(Told::Receipt)
    }

    async fn run(&self, letter: Letter, mut requests: Requests<Wire>, out: &Out<Told>) -> Result<(), Error> {
        if letter.state == ANNOUNCED {
            let mut receiver = self.uploads.open(letter.letter_id, letter.size_bytes).await?;
            receiver.receive(&mut requests, out).await?;
            self.keep(letter, receiver).await?;
        }
        out.say(Told::Receipt).await;
        Ok(())
    }

    /// The bytes, then the row and the parts' rows, then the parts.
    async fn keep(&self, letter: Letter, mut receiver: Receiver<'_>) -> Result<(), Error> {
        let _room = self.uploads.room(letter.size_bytes).await?;
        let id = letter.letter_id;
        let Some(whole) = receiver.whole().await? else {
            let stored = self.get(id).await?.state == STORED;
            return if stored { Ok(()) } else { Err(Reason::TakenOver.into()) };
        };
        if !is_digest_of(&whole, "blake3", &letter.digest) {
            return Err(receiver.refuse_other_bytes().await?);
        }
        self.objects.put(&format!("letters/{id}"), whole).await?;
        let mut tx = self.db.begin().await?;
        sql!(&mut tx, execute, "UPDATE letters SET state = $1 WHERE letter_id = $2", STORED, id)?;
        LETTERS.drop_parts(&mut tx, id).await?;
        tx.commit().await?;
        receiver.forget().await;
        Ok(())
    }
}
