//! Where the master key lies: a file outside the data folder, the data folder itself, or the system's keychain
//! with a file that stands in for it.
//!
//! Not here: how a keychain is spoken to (the program hands two functions in), and what the key seals (`seal`).

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::error::StoreError;
use crate::open::{private_file, private_folder, sync_folder};
use crate::seal::{Key, random};

/// How long a keychain may take. One that asks its user for a password takes longer: then the file serves.
const PATIENCE: Duration = Duration::from_secs(2);
/// The key's name in the data folder.
const IN_DATA: &str = "master.key";

/// Where the master key is to lie.
#[derive(Debug, Clone)]
pub enum MasterKey {
    /// A file outside the data folder, readable by its owner only; created when missing.
    File(PathBuf),
    /// `master.key` inside the data folder: whoever copies the folder has the key too.
    DataFolder,
    /// The system's keychain; the file where none answers within two seconds, or where the file is there already.
    Keychain(Keychain, PathBuf),
}

/// A keychain with one entry, as two functions that may block. Both speak of the key in hexadecimal digits; an
/// error is a sentence without secrets.
#[derive(Clone)]
pub struct Keychain {
    /// The entry's text, when there is one.
    pub read: ReadEntry,
    /// Gives the entry a text.
    pub keep: KeepEntry,
}

/// Reads the entry of a keychain.
pub type ReadEntry = Arc<dyn Fn() -> Result<Option<String>, String> + Send + Sync>;
/// Writes the entry of a keychain.
pub type KeepEntry = Arc<dyn Fn(&str) -> Result<(), String> + Send + Sync>;

impl fmt::Debug for Keychain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keychain")
    }
}

/// Where the master key is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the system's keychain.
    Keychain,
    /// In this file, outside the data folder.
    File(PathBuf),
    /// In this file, because the keychain did not answer, in these words.
    FileInstead(PathBuf, String),
    /// In the data folder: whoever copies it has the key too.
    DataFolder,
}

impl KeyPlace {
    /// True when whoever copies the data folder has the key too; `doctor` warns of it.
    pub fn weak(&self) -> bool {
        matches!(self, KeyPlace::DataFolder)
    }
}

/// The master key of an open store.
pub(crate) struct Master {
    place: MasterKey,
    file: PathBuf,
    /// Why the keychain is not asked again: a silent one would keep every caller waiting.
    silent: Mutex<Option<String>>,
}

impl Master {
    pub(crate) fn new(place: &MasterKey, data: &Path) -> Master {
        let file = match place {
            MasterKey::File(file) | MasterKey::Keychain(_, file) => file.clone(),
            MasterKey::DataFolder => data.join(IN_DATA),
        };
        Master {
            place: place.clone(),
            file,
            silent: Mutex::default(),
        }
    }

    /// Where it is to lie.
    pub(crate) fn place(&self) -> &MasterKey {
        &self.place
    }

    /// The file of the key, there or not.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// The key in the file, if there is one.
    pub(crate) fn in_file(&self) -> Result<Option<Key>, StoreError> {
        read_file(&self.file)
    }

    /// The key in the keychain, if one is used, answers, and has it. Blocks for two seconds at most.
    pub(crate) fn in_keychain(&self) -> Option<Key> {
        let MasterKey::Keychain(keychain, _) = &self.place else {
            return None;
        };
        let read = keychain.read.clone();
        let text = self.ask(move || read())??;
        let mut key = [0; 32];
        match hex::decode_to_slice(text.trim(), &mut key) {
            Ok(()) => Some(key),
            Err(_) => {
                self.note_silence("its entry is not a key of ours".to_owned());
                None
            }
        }
    }

    /// The key that seals from now on; made where there is none, in the keychain if it answers.
    pub(crate) fn for_sealing(&self) -> Result<Key, StoreError> {
        if let Some(key) = self.in_file()? {
            return Ok(key);
        }
        if let Some(key) = self.in_keychain() {
            return Ok(key);
        }
        let key = random::<32>()?;
        if self.keep_in_keychain(&key) {
            return Ok(key);
        }
        make_file(&self.file, &key).map_err(|error| match error {
            StoreError::Io(error) => {
                let place = self.file.display();
                let what = format!("the key of the secrets cannot be kept in {place}: {error}");
                StoreError::Io(io::Error::new(error.kind(), what))
            }
            other => other,
        })?;
        Ok(key)
    }

    /// The file's key, made when it is missing; nothing where the keychain is the place, which is asked only when
    /// there is something to seal.
    pub(crate) fn make_early(&self) -> Result<Option<Key>, StoreError> {
        match self.place {
            MasterKey::Keychain(..) => Ok(None),
            MasterKey::File(_) | MasterKey::DataFolder => self.for_sealing().map(Some),
        }
    }

    /// Where the key is found; asks the keychain, so it may block for two seconds.
    pub(crate) fn found_in(&self) -> KeyPlace {
        match &self.place {
            MasterKey::DataFolder => KeyPlace::DataFolder,
            MasterKey::File(file) => KeyPlace::File(file.clone()),
            MasterKey::Keychain(_, file) => {
                let answers = self.in_keychain().is_some() || self.silence().is_none();
                match (file.exists(), answers) {
                    (false, true) => KeyPlace::Keychain,
                    (true, true) => KeyPlace::File(file.clone()),
                    (_, false) => {
                        let why = self.silence().unwrap_or_default();
                        KeyPlace::FileInstead(file.clone(), why)
                    }
                }
            }
        }
    }

    fn keep_in_keychain(&self, key: &Key) -> bool {
        let MasterKey::Keychain(keychain, _) = &self.place else {
            return false;
        };
        let (keep, text) = (keychain.keep.clone(), hex::encode(key));
        let kept = self.ask(move || keep(&text).map(Some)).is_some();
        // Some keychains forget at the end of the session what they said they kept; none lies at once.
        kept && self.in_keychain() == Some(*key)
    }

    /// What the keychain answers; nothing when it fails, is silent, or was before.
    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce() -> Result<T, String> + Send + 'static,
    ) -> Option<T> {
        if self.silence().is_some() {
            return None;
        }
        let (sender, answer) = mpsc::channel();
        let asking = std::thread::Builder::new().name("keychain".to_owned());
        let asked = asking.spawn(move || {
            // Nobody waits any more: the answer came too late.
            let _ = sender.send(question());
        });
        let why = match asked.map(|_| answer.recv_timeout(PATIENCE)) {
            Ok(Ok(Ok(answer))) => return Some(answer),
            Ok(Ok(Err(why))) => why,
            Ok(Err(RecvTimeoutError::Timeout)) => "it did not answer in time".to_owned(),
            Ok(Err(RecvTimeoutError::Disconnected)) => "asking it failed".to_owned(),
            Err(error) => error.to_string(),
        };
        self.note_silence(why);
        None
    }

    fn note_silence(&self, why: String) {
        tracing::warn!(why, "the system's keychain cannot be used");
        *self.silent.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    fn silence(&self) -> Option<String> {
        self.silent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn read_file(file: &Path) -> Result<Option<Key>, StoreError> {
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

fn make_file(file: &Path, key: &Key) -> Result<(), StoreError> {
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
    Ok(())
}
