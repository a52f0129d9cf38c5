//! A model in its prepared file: mapped when it is first wanted, given back after some quiet minutes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::bert::Bert;
use super::prepare::{self, Purpose};
use super::prepared::{Header, Prepared};
use super::tokens::Tokens;
use crate::models::PREPARED;

/// A model is unloaded after this many quiet minutes.
const QUIET_MINUTES: u32 = 5;

/// A model, loaded or not.
pub(super) struct Kept {
    key: String,
    file: PathBuf,
    slot: Mutex<Slot>,
}

#[derive(Default)]
struct Slot {
    loaded: Option<Arc<Loaded>>,
    quiet_minutes: u32,
}

/// A model that can be computed with.
pub(super) struct Loaded {
    pub(super) file: Prepared,
    pub(super) bert: Bert,
    pub(super) tokens: Tokens,
}

impl Kept {
    /// The model in `folder`, prepared when that was not done yet, and what it is. The error says what is wrong.
    pub(super) fn open(
        name: &str,
        folder: &Path,
        purpose: Purpose,
    ) -> Result<(Arc<Kept>, Header), String> {
        let file = folder.join(PREPARED);
        if !file.is_file() {
            prepare::prepare(name, folder, purpose)?;
        }
        let header = match map(&file) {
            Ok(prepared) => prepared.header,
            // Damaged, or of a build that wrote it differently: made again from the published files.
            Err(_) => {
                prepare::prepare(name, folder, purpose)?;
                map(&file)?.header
            }
        };
        let kept = Kept {
            key: header.key.clone(),
            file,
            slot: Mutex::default(),
        };
        Ok((Arc::new(kept), header))
    }

    pub(super) fn is_loaded(&self) -> bool {
        self.slot().loaded.is_some()
    }

    /// The model, loaded if it is not. Call it inside a tokio runtime, which minds the quiet minutes.
    pub(super) fn loaded(self: &Arc<Kept>) -> Result<Arc<Loaded>, String> {
        let mut slot = self.slot();
        slot.quiet_minutes = 0;
        if let Some(loaded) = &slot.loaded {
            return Ok(Arc::clone(loaded));
        }
        let file = map(&self.file)?;
        let loaded = Arc::new(Loaded {
            bert: Bert::new(&file)?,
            tokens: Tokens::new(&file)?,
            file,
        });
        slot.loaded = Some(Arc::clone(&loaded));
        tracing::debug!(model = self.key, "loaded the model {}", self.key);
        tokio::spawn(unload_when_quiet(Arc::downgrade(self)));
        Ok(loaded)
    }

    /// One more minute passed; true when the model was unloaded.
    fn minute_passed(&self) -> bool {
        let mut slot = self.slot();
        slot.quiet_minutes += 1;
        if slot.quiet_minutes <= QUIET_MINUTES {
            return false;
        }
        slot.loaded = None;
        tracing::debug!(model = self.key, "unloaded the model {}", self.key);
        true
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn unload_when_quiet(kept: Weak<Kept>) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        match kept.upgrade() {
            Some(kept) if !kept.minute_passed() => {}
            _ => return,
        }
    }
}

/// Maps a prepared file; the error says why not.
pub(super) fn map(file: &Path) -> Result<Prepared, String> {
    match Prepared::open(file) {
        Ok(Ok(prepared)) => Ok(prepared),
        Ok(Err(why)) => Err(why.to_owned()),
        Err(error) => Err(format!("its prepared file cannot be opened: {error}")),
    }
}
