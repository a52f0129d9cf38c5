//! Sealing secrets: XChaCha20-Poly1305 with a random nonce, bound to the row it lies in.
//!
//! A data key seals the secrets; the master key, which is never in the database, seals the data key. When the
//! master key is not the one of the data, old secrets stay unreadable and new ones get a new data key.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::MasterKey;
use crate::error::StoreError;
use crate::open::{private_file, private_folder, sync_folder};
use crate::sql;

type Key = [u8; 32];

/// A sealed value: nonce and ciphertext with its tag.
pub(crate) struct Sealed {
    pub(crate) nonce: [u8; 24],
    pub(crate) bytes: Vec<u8>,
}

/// The keys of an open store.
pub(crate) struct Keys {
    file: PathBuf,
    opened: Mutex<BTreeMap<u32, Key>>,
}

impl Keys {
    /// Opens the data keys that the master key opens. A missing master key is made only where no data key exists.
    pub(crate) fn load(
        conn: &Connection,
        place: &MasterKey,
        data: &Path,
    ) -> Result<Keys, StoreError> {
        let file = match place {
            MasterKey::File(path) => path.clone(),
            MasterKey::DataFolder => data.join("master.key"),
        };
        let rows = sql::many(
            conn,
            "SELECT version, nonce, sealed FROM data_keys",
            [],
            |row| {
                let sealed = Sealed {
                    nonce: row.get(1)?,
                    bytes: row.get(2)?,
                };
                Ok((row.get::<_, u32>(0)?, sealed))
            },
        )?;
        let master = match read_master(&file) {
            Ok(Some(master)) => Some(master),
            Ok(None) if rows.is_empty() => Some(make_master(&file)?),
            Ok(None) => None,
            Err(error) => {
                tracing::warn!(%error, "the master key cannot be read");
                None
            }
        };
        let mut opened = BTreeMap::new();
        for (version, sealed) in rows {
            let key = master.and_then(|master| open(&master, &key_aad(version), &sealed));
            match key.and_then(|key| Key::try_from(key).ok()) {
                Some(key) => {
                    opened.insert(version, key);
                }
                None => tracing::warn!(version, "data key {version} cannot be opened"),
            }
        }
        Ok(Keys {
            file,
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
        let stored = sql::many(conn, "SELECT version FROM data_keys", [], |row| {
            Ok(row.get::<_, u32>(0)?)
        })?;
        let opened = self.opened().clone();
        let newest = opened.iter().rfind(|(version, _)| stored.contains(version));
        if let Some((version, key)) = newest {
            return Ok((*version, *key));
        }
        let master = match read_master(&self.file)? {
            Some(master) => master,
            None => make_master(&self.file)?,
        };
        let known = stored.into_iter().chain(opened.into_keys()).max();
        let version = known.unwrap_or(0) + 1;
        let key = random::<32>()?;
        let sealed = seal(&master, &key_aad(version), &key)?;
        sql::run(
            conn,
            "INSERT INTO data_keys (version, nonce, sealed, created_at) VALUES (?1, ?2, ?3, ?4)",
            params![version, sealed.nonce, sealed.bytes, now.0],
        )?;
        self.opened().insert(version, key);
        Ok((version, key))
    }

    /// The key of a version, when it is open.
    pub(crate) fn of(&self, version: u32) -> Option<Key> {
        self.opened().get(&version).copied()
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, BTreeMap<u32, Key>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Io(std::io::Error::other(error)))?;
    Ok(bytes)
}

fn read_master(file: &Path) -> Result<Option<Key>, StoreError> {
    let mut text = String::new();
    match fs::File::open(file) {
        Ok(opened) => opened.take(1_024).read_to_string(&mut text)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(file)?.permissions().mode();
        if mode & 0o077 != 0 {
            tracing::warn!("others could read the master key: its file is private now");
            fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
        }
    }
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).map_err(|_| StoreError::Secret)?;
    Ok(Some(key))
}

fn make_master(file: &Path) -> Result<Key, StoreError> {
    let key = random::<32>()?;
    let folder = file.parent().filter(|folder| folder.is_dir());
    if folder.is_none()
        && let Some(missing) = file.parent()
    {
        private_folder(missing)?;
    }
    let mut out = private_file().create_new(true).write(true).open(file)?;
    writeln!(out, "{}", hex::encode(key))?;
    out.sync_all()?;
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        sync_folder(folder)?;
    }
    Ok(key)
}
