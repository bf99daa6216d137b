//! Keys that rows are sealed and found with.
//!
//! Envelope encryption: a [`MasterKey`] from outside of the database wraps the keys that are in it, so that a copy of the database
//! alone tells nothing, and a new master key costs a few rows. What is sealed is bound to where it stands (its additional data): a
//! sealed value that is moved to another row does not open. What has to be found without being read is found by a keyed hash.

use std::{
    collections::BTreeMap,
    sync::{Arc, RwLock},
};

use anyhow::{Context as _, anyhow};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac, rand,
};
use chrono::{DateTime, Utc};

use crate::{Db, Tx, sql};

mod master;

pub use master::MasterKey;

/// The key that hashes are keyed with. It is never replaced: what is found by it would no longer be found.
const INDEX: i64 = 1;

/// The first key that rows are sealed with.
const FIRST: i64 = 2;

/// Bytes of a key.
const KEY: usize = 32;

/// The keys of a service. A clone is the same ring.
#[derive(Clone)]
pub struct Keyring {
    db: Db,
    master: MasterKey,
    keys: Arc<RwLock<Keys>>,
}

struct Keys {
    index: hmac::Key,
    sealing: BTreeMap<i64, Arc<RandomizedNonceKey>>,
}

/// Something sealed, and with which key.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The key's id.
    pub key_id: i64,
    /// Nonce, cipher text, tag.
    pub bytes: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Row {
    key_id: i64,
    master: String,
    wrapped: Vec<u8>,
}

impl Keyring {
    /// The keys in a database, which are made when there are none.
    ///
    /// # Errors
    /// When the master key is not the one that they were wrapped with; as the engine.
    pub async fn open(db: &Db, master: MasterKey, now: DateTime<Utc>) -> anyhow::Result<Keyring> {
        let mut tx = db.begin().await?;
        if read(&mut tx).await?.is_empty() {
            // Of two who start at once, the second finds the first one's.
            put(&mut tx, &master, INDEX, now).await?;
            put(&mut tx, &master, FIRST, now).await?;
        }
        let keys = unwrapped(&master, read(&mut tx).await?)?;
        tx.commit().await?;
        Ok(Keyring { db: db.clone(), master, keys: Arc::new(RwLock::new(keys)) })
    }

    /// A keyed hash: the same for the same words, and nothing to anybody without the key. `kind` keeps hashes of different things
    /// apart.
    pub fn hash(&self, kind: &str, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.held().index);
        for part in [kind.as_bytes()].iter().chain(parts) {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign().as_ref().to_vec()
    }

    /// Seals bytes, bound to `place`.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn seal(&self, place: &[u8], bytes: &[u8]) -> anyhow::Result<Sealed> {
        let held = self.held();
        let (key_id, key) = held.sealing.last_key_value().context("a ring without a key")?;
        Ok(Sealed { key_id: *key_id, bytes: seal(key, *key_id, place, bytes)? })
    }

    /// Opens what was sealed at `place`.
    ///
    /// # Errors
    /// When it was changed, moved, or sealed with a key that is not there.
    pub async fn open_sealed(&self, place: &[u8], sealed: &Sealed) -> anyhow::Result<Vec<u8>> {
        let known = self.held().sealing.get(&sealed.key_id).cloned();
        let key = match known {
            Some(key) => key,
            // Another process may have made it since.
            None => {
                let keys = unwrapped(&self.master, read(&mut self.db.read().await?).await?)?;
                let found = keys.sealing.get(&sealed.key_id).cloned();
                *self.keys.write().expect("nobody panics while it is held") = keys;
                found.with_context(|| format!("there is no key {}", sealed.key_id))?
            }
        };
        open(&key, sealed.key_id, place, &sealed.bytes)
    }

    /// The id of the key that is sealed with now. Rows with another are to be sealed anew.
    pub fn current(&self) -> i64 {
        self.held().sealing.last_key_value().map_or(FIRST, |(key_id, _)| *key_id)
    }

    /// Makes a new key to seal with. Rows that were sealed before still open; processes that run go on with the old key until they
    /// meet the new one.
    ///
    /// # Errors
    /// As the engine.
    pub async fn rotate(&self, now: DateTime<Utc>) -> anyhow::Result<i64> {
        let mut tx = self.db.begin().await?;
        let last = read(&mut tx).await?.last().map_or(INDEX, |row| row.key_id);
        put(&mut tx, &self.master, last + 1, now).await?;
        let keys = unwrapped(&self.master, read(&mut tx).await?)?;
        tx.commit().await?;
        *self.keys.write().expect("nobody panics while it is held") = keys;
        Ok(self.current())
    }

    /// Wraps every key that an old master key wraps with the present one, and tells how many.
    ///
    /// # Errors
    /// As [`Keyring::open`].
    pub async fn rewrap(&self) -> anyhow::Result<usize> {
        let mut tx = self.db.begin().await?;
        let mut count = 0;
        for row in read(&mut tx).await?.iter().filter(|row| row.master != self.master.current()) {
            let wrapped = self.master.wrap(row.key_id, &self.master.unwrap(&row.master, row.key_id, &row.wrapped)?)?;
            sql!(
                &mut tx,
                execute,
                "UPDATE keys SET master = $2, wrapped = $3 WHERE key_id = $1",
                row.key_id,
                self.master.current(),
                wrapped
            )?;
            count += 1;
        }
        tx.commit().await?;
        Ok(count)
    }

    fn held(&self) -> std::sync::RwLockReadGuard<'_, Keys> {
        self.keys.read().expect("nobody panics while it is held")
    }
}

async fn read(tx: &mut Tx) -> Result<Vec<Row>, sqlx::Error> {
    sql!(tx, fetch_all as Row, "SELECT key_id, master, wrapped FROM keys ORDER BY key_id")
}

async fn put(tx: &mut Tx, master: &MasterKey, key_id: i64, now: DateTime<Utc>) -> anyhow::Result<()> {
    let mut key = [0; KEY];
    rand::fill(&mut key).map_err(|_| anyhow!("no randomness"))?;
    sql!(
        tx,
        execute,
        "INSERT INTO keys (key_id, master, wrapped, create_time) VALUES ($1, $2, $3, $4) ON CONFLICT (key_id) DO NOTHING",
        key_id,
        master.current(),
        master.wrap(key_id, &key)?,
        now
    )?;
    Ok(())
}

fn unwrapped(master: &MasterKey, rows: Vec<Row>) -> anyhow::Result<Keys> {
    let mut index = None;
    let mut sealing = BTreeMap::new();
    for row in rows {
        let key = master.unwrap(&row.master, row.key_id, &row.wrapped)?;
        if row.key_id == INDEX {
            index = Some(hmac::Key::new(hmac::HMAC_SHA256, &key));
        } else {
            let key = RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| anyhow!("key {} is none", row.key_id))?;
            sealing.insert(row.key_id, Arc::new(key));
        }
    }
    Ok(Keys { index: index.context("the index key is missing")?, sealing })
}

/// Nonce, cipher text, tag.
fn seal(key: &RandomizedNonceKey, key_id: i64, place: &[u8], bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut sealed = bytes.to_vec();
    let nonce =
        key.seal_in_place_append_tag(aad(key_id, place), &mut sealed).map_err(|_| anyhow!("cannot be sealed"))?;
    Ok([&nonce.as_ref()[..], &sealed].concat())
}

fn open(key: &RandomizedNonceKey, key_id: i64, place: &[u8], sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
    let damaged = || anyhow!("what key {key_id} sealed does not open: it was changed or moved");
    let (nonce, rest) = sealed.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
    let mut bytes = rest.to_vec();
    let length = key.open_in_place(nonce, aad(key_id, place), &mut bytes).map_err(|_| damaged())?.len();
    bytes.truncate(length);
    Ok(bytes)
}

fn aad(key_id: i64, place: &[u8]) -> Aad<Vec<u8>> {
    Aad::from([&key_id.to_be_bytes()[..], place].concat())
}
