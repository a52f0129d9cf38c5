//! Sealing secrets: XChaCha20-Poly1305 with a random nonce, bound to the row it lies in.
//!
//! A data key seals the secrets; the master key (`master`), which is never in the database, seals the data key, and
//! so does the recovery key (`recovery`). When the master key is not the one of the data, old secrets stay
//! unreadable and new ones get a new data key.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::master::{Master, MasterKey};
use crate::{recovery, sql};

pub(crate) type Key = [u8; 32];

/// A sealed value: nonce and ciphertext with its tag.
pub(crate) struct Sealed {
    pub(crate) nonce: [u8; 24],
    pub(crate) bytes: Vec<u8>,
}

impl Sealed {
    /// Of a row, with the nonce in this column and the bytes in the next.
    pub(crate) fn at(row: &Row<'_>, column: usize) -> Result<Sealed, StoreError> {
        Ok(Sealed {
            nonce: row.get(column)?,
            bytes: row.get(column + 1)?,
        })
    }
}

/// The keys of an open store.
pub(crate) struct Keys {
    pub(crate) master: Master,
    opened: Mutex<BTreeMap<u32, Key>>,
}

impl Keys {
    /// Opens the data keys that the master key opens. A missing master key is made only where no data key exists.
    pub(crate) fn load(
        conn: &Connection,
        place: &MasterKey,
        data: &Path,
    ) -> Result<Keys, StoreError> {
        let master = Master::new(place, data);
        let rows = sealed_keys(conn)?;
        let in_file = match master.in_file() {
            Ok(None) if rows.is_empty() => master.make_early()?,
            Ok(found) => found,
            Err(error) => {
                let why = error.source().map(ToString::to_string);
                let why = why.unwrap_or_else(|| error.to_string());
                tracing::warn!(
                    "the key of the secrets in {} cannot be used ({why}): what it seals stays closed, and nothing can \
                     be sealed; put the right file there and start again",
                    master.file().display()
                );
                None
            }
        };
        let mut opened = BTreeMap::new();
        let mut open_with = |master: &Key| {
            for (version, sealed) in &rows {
                if let Some(key) = open_key(master, &key_aad(*version), sealed) {
                    opened.insert(*version, key);
                }
            }
            opened.len() == rows.len()
        };
        let all_open = in_file.is_some_and(|key| open_with(&key)) || rows.is_empty();
        if !all_open && let Some(key) = master.in_keychain() {
            open_with(&key);
        }
        let closed = rows.len() - opened.len();
        if closed > 0 {
            tracing::warn!(closed, "{closed} data keys cannot be opened");
        }
        Ok(Keys {
            master,
            opened: Mutex::new(opened),
        })
    }

    /// The newest key that is open, else a new one, kept in the same transaction.
    pub(crate) fn for_sealing(
        &self,
        conn: &Connection,
        now: Timestamp,
    ) -> Result<(u32, Key), StoreError> {
        // A version in memory may be of a transaction that was lost: only what is stored counts.
        let stored = versions(conn)?;
        let opened = self.opened().clone();
        let newest = opened.iter().rfind(|(version, _)| stored.contains(version));
        match newest {
            Some((version, key)) => Ok((*version, *key)),
            None => self.another(conn, now),
        }
    }

    /// A new data key, sealed by the master key and, where a recovery code was made, by its key too.
    pub(crate) fn another(
        &self,
        conn: &Connection,
        now: Timestamp,
    ) -> Result<(u32, Key), StoreError> {
        let known = self.opened().keys().copied().max();
        let newest = versions(conn)?.into_iter().chain(known).max();
        let version = newest.unwrap_or(0) + 1;
        let key = random::<32>()?;
        let master = self.master.for_sealing()?;
        let sealed = seal(&master, &key_aad(version), &key)?;
        sql::run(
            conn,
            "INSERT INTO data_keys (version, nonce, sealed, created_at) VALUES (?1, ?2, ?3, ?4)",
            params![version, sealed.nonce, sealed.bytes, now.0],
        )?;
        if let Some(recovery) = recovery::key(conn, &self.master)? {
            recovery::keep(conn, version, &key, &recovery)?;
        }
        self.opened().insert(version, key);
        Ok((version, key))
    }

    /// A data key that was opened by other means: sealed by this computer's master key from now on.
    pub(crate) fn adopt(
        &self,
        conn: &Connection,
        version: u32,
        key: Key,
    ) -> Result<(), StoreError> {
        let master = self.master.for_sealing()?;
        let sealed = seal(&master, &key_aad(version), &key)?;
        sql::run(
            conn,
            "UPDATE data_keys SET nonce = ?2, sealed = ?3 WHERE version = ?1",
            params![version, sealed.nonce, sealed.bytes],
        )?;
        self.opened().insert(version, key);
        Ok(())
    }

    /// The key of a version, when it is open.
    pub(crate) fn of(&self, version: u32) -> Option<Key> {
        self.opened().get(&version).copied()
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, BTreeMap<u32, Key>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The versions of the data keys, in order.
pub(crate) fn versions(conn: &Connection) -> Result<Vec<u32>, StoreError> {
    let query = "SELECT version FROM data_keys ORDER BY version";
    sql::many(conn, query, [], |row| Ok(row.get::<_, u32>(0)?))
}

fn sealed_keys(conn: &Connection) -> Result<Vec<(u32, Sealed)>, StoreError> {
    let query = "SELECT version, nonce, sealed FROM data_keys";
    sql::many(conn, query, [], |row| {
        Ok((row.get::<_, u32>(0)?, Sealed::at(row, 1)?))
    })
}

/// What a value is bound to: each part with its length before it, so that no two places read alike.
pub(crate) fn aad(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

fn key_aad(version: u32) -> Vec<u8> {
    aad(&[b"data_keys", b"sealed", &version.to_be_bytes()])
}

/// Seals a value.
pub(crate) fn seal(key: &Key, aad: &[u8], plain: &[u8]) -> Result<Sealed, StoreError> {
    let nonce = random::<24>()?;
    let payload = Payload { msg: plain, aad };
    let bytes = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| StoreError::Secret)?;
    Ok(Sealed { nonce, bytes })
}

/// Opens a value; `None` when the key, the place or the bytes are not the ones of the sealing.
pub(crate) fn open(key: &Key, aad: &[u8], sealed: &Sealed) -> Option<Vec<u8>> {
    let payload = Payload {
        msg: &sealed.bytes,
        aad,
    };
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(sealed.nonce), payload)
        .ok()
}

/// Opens a sealed key; `None` as [`open`].
pub(crate) fn open_key(by: &Key, aad: &[u8], sealed: &Sealed) -> Option<Key> {
    open(by, aad, sealed).and_then(|key| Key::try_from(key).ok())
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Io(std::io::Error::other(error)))?;
    Ok(bytes)
}
