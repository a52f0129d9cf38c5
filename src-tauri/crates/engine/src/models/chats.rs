//! Chat models: which are installed, taking in a file of the owner's, and the one thread that runs each.

use std::fs::{self, File};
use std::io;
#[cfg(not(feature = "candle"))]
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
#[cfg(feature = "candle")]
use std::time::Duration;

#[cfg(feature = "candle")]
use super::lock;
use super::{ModelFolder, manifest};
#[cfg(feature = "candle")]
use crate::chat::Chat;
use crate::engine::Engine;
use crate::error::EngineError;
#[cfg(feature = "candle")]
use crate::lm::worker::{Settings, Worker};
use crate::memory::{Memory, memory};
use crate::unrelated::Meaning;

/// A chat model's file within its folder.
pub(crate) const FILE: &str = "model.gguf";
/// Where a file lies while it is copied.
const PART: &str = "model.gguf.part";
/// The longest name of a model, in characters.
const LONGEST_NAME: usize = 80;
/// Most tokens of a prompt and its answer.
#[cfg(feature = "candle")]
const CONTEXT: usize = 4_096;
/// Answers that may wait for a model.
#[cfg(feature = "candle")]
const WAITING: usize = 8;
/// A model is unloaded when nobody has asked it for so long.
#[cfg(feature = "candle")]
const IDLE: Duration = Duration::from_secs(600);
/// Bytes for what was read of conversations.
#[cfg(feature = "candle")]
const SESSIONS: usize = 256 << 20;
/// Bytes that a model needs beside its file: what it read, and room to compute.
const BESIDE_FILE: u64 = 400 << 20;

/// A chat model whose file is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledChat {
    /// Its name, and the name of its folder.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// True while it is in memory.
    pub loaded: bool,
    /// Whether this computer has the memory for it.
    pub fit: Fit,
}

/// What came of trying a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// What it wrote.
    pub text: String,
    /// Tokens of a prompt that it reads in a second.
    pub reads: f32,
    /// Tokens that it writes in a second.
    pub writes: f32,
}

/// Whether a model fits into the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// There is room.
    Fits,
    /// There is room when other programs give some back.
    Tight,
    /// The computer has not that much memory.
    TooLarge,
    /// The system does not say how much there is.
    Unknown,
}

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is no model that can be run; the words say why.
    #[error("this file cannot be used: {0}")]
    Unfit(String),
    /// A model of that name is there.
    #[error("there is a model named {0} already; remove it first")]
    Known(String),
    /// The name is none that a folder may have.
    #[error("a model's name has letters, digits, dots, dashes and underscores, at most 80")]
    BadName,
    /// The disk said no.
    #[error("the model cannot be copied")]
    Disk(#[source] io::Error),
}

impl Fit {
    /// Of a model whose file has so many bytes, on this computer.
    pub fn of(size: u64) -> Fit {
        fit_in(size + BESIDE_FILE, memory())
    }
}

fn fit_in(needs: u64, memory: Option<Memory>) -> Fit {
    match memory {
        None => Fit::Unknown,
        Some(memory) if needs <= memory.free => Fit::Fits,
        // The system and what serves the pages need some as well.
        Some(memory) if needs <= memory.whole / 10 * 8 => Fit::Tight,
        Some(_) => Fit::TooLarge,
    }
}

impl ModelFolder {
    /// The chat models whose files are there, by name.
    pub fn chats(&self) -> Vec<InstalledChat> {
        let Ok(entries) = fs::read_dir(&self.path) else {
            return Vec::new();
        };
        let mut found: Vec<InstalledChat> = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let size = fs::metadata(entry.path().join(FILE)).ok()?.len();
                let loaded = self.is_chat_loaded(&name);
                Some(InstalledChat {
                    fit: match loaded {
                        true => Fit::Fits,
                        false => Fit::of(size),
                    },
                    loaded,
                    name,
                    size,
                })
            })
            .collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    /// Copies a GGUF file of the owner's into the folder, under `name` or the file's own; gives its name. Its header
    /// is read first: what cannot be run is not taken. Blocks; call it from a blocking thread.
    ///
    /// # Errors
    /// Any [`ImportError`]; nothing is left behind.
    pub fn import(&self, file: &Path, name: Option<&str>) -> Result<String, ImportError> {
        let name = match name {
            Some(name) => name.trim().to_owned(),
            None => {
                let stem = file.file_stem().and_then(|stem| stem.to_str());
                slug(stem.unwrap_or_default())
            }
        };
        if !is_name(&name) {
            return Err(ImportError::BadName);
        }
        let is_offered =
            manifest::find(&name).is_some() || manifest::find_published(&name).is_some();
        let is_known = is_offered || self.folder(&name).exists();
        if is_known {
            return Err(ImportError::Known(name));
        }
        check(file).map_err(ImportError::Unfit)?;
        let folder = self.folder(&name);
        fs::create_dir_all(&folder).map_err(ImportError::Disk)?;
        let part = folder.join(PART);
        let copied = copy(file, &part).and_then(|()| fs::rename(&part, folder.join(FILE)));
        if let Err(error) = copied {
            // Where it cannot be removed either it is seen as no model, having no file of that name.
            let _ = fs::remove_dir_all(&folder);
            return Err(ImportError::Disk(error));
        }
        Ok(name)
    }

    /// Removes a model, whatever it is for; false when there is none of that name. One that is in use ends its work
    /// first: whoever waits for it is told that it was stopped.
    ///
    /// # Errors
    /// What the disk says.
    pub fn remove(&self, name: &str) -> io::Result<bool> {
        if !is_name(name) || !self.folder(name).is_dir() {
            return Ok(false);
        }
        #[cfg(feature = "candle")]
        {
            if let Some(worker) = lock(&self.chats).remove(name) {
                worker.unload();
            }
            lock(&self.embedders).remove(name);
            lock(&self.rankers).remove(name);
            if let Some(listener) = lock(&self.listeners).remove(name) {
                listener.unload();
            }
        }
        fs::remove_dir_all(self.folder(name))?;
        Ok(true)
    }

    /// The engine that the chat model of that name is; `None` when it is not installed, or this build cannot run
    /// models. It is loaded when it is first asked. With `meaning`, sentences are also supported whose words differ
    /// from their proof's.
    ///
    /// # Errors
    /// [`EngineError::BadModel`] when the system gives no thread for it.
    #[cfg(feature = "candle")]
    pub fn chat(
        &self,
        name: &str,
        meaning: Option<Meaning>,
    ) -> Result<Option<Arc<dyn Engine>>, EngineError> {
        let worker = self.worker(name)?;
        Ok(worker.map(|worker| Arc::new(Chat::new(name, worker, meaning)) as Arc<dyn Engine>))
    }

    /// This build cannot run models: always `None`.
    ///
    /// # Errors
    /// None.
    #[cfg(not(feature = "candle"))]
    pub fn chat(
        &self,
        _name: &str,
        _meaning: Option<Meaning>,
    ) -> Result<Option<Arc<dyn Engine>>, EngineError> {
        Ok(None)
    }

    /// Lets a chat model write a few words, to see that it works and how fast.
    ///
    /// # Errors
    /// [`EngineError::NoModel`], and any other [`EngineError`].
    #[cfg(feature = "candle")]
    pub async fn try_chat(&self, name: &str, text: &str) -> Result<Tried, EngineError> {
        let worker = self.worker(name)?.ok_or_else(|| EngineError::NoModel {
            name: name.to_owned(),
        })?;
        Chat::new(name, worker, None).try_out(text).await
    }

    /// This build cannot run models.
    ///
    /// # Errors
    /// [`EngineError::NoModel`].
    #[cfg(not(feature = "candle"))]
    pub async fn try_chat(&self, name: &str, _text: &str) -> Result<Tried, EngineError> {
        Err(EngineError::NoModel {
            name: name.to_owned(),
        })
    }

    #[cfg(feature = "candle")]
    fn worker(&self, name: &str) -> Result<Option<Arc<Worker>>, EngineError> {
        if !is_name(name) {
            return Ok(None);
        }
        let path = self.folder(name).join(FILE);
        let mut chats = lock(&self.chats);
        if let Some(worker) = chats.get(name) {
            return Ok(Some(Arc::clone(worker)));
        }
        if !path.is_file() {
            return Ok(None);
        }
        let settings = Settings {
            path,
            threads: threads(),
            context: CONTEXT,
            memory: memory().map(|memory| memory.whole / 10 * 8),
            queue: WAITING,
            idle: IDLE,
            sessions: SESSIONS,
        };
        let worker = Worker::start(settings).map_err(|error| EngineError::BadModel {
            name: name.to_owned(),
            why: error.to_string(),
        })?;
        let worker = Arc::new(worker);
        chats.insert(name.to_owned(), Arc::clone(&worker));
        Ok(Some(worker))
    }

    #[cfg(feature = "candle")]
    fn is_chat_loaded(&self, name: &str) -> bool {
        lock(&self.chats)
            .get(name)
            .is_some_and(|worker| worker.is_loaded())
    }

    #[cfg(not(feature = "candle"))]
    fn is_chat_loaded(&self, _name: &str) -> bool {
        false
    }
}

/// Threads that compute: one core is left for those who are served meanwhile.
#[cfg(feature = "candle")]
pub(super) fn threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores.saturating_sub(1).clamp(1, 8)
}

/// Whether a file is a model that can be run; the error says why not.
#[cfg(feature = "candle")]
fn check(file: &Path) -> Result<(), String> {
    let open = || {
        let model = crate::lm::model::Model::open(file, 1, None)?;
        let header = crate::lm::gguf::Gguf::read(model.file())?;
        crate::lm::tokens::Tokens::read(&header, model.vocabulary())
    };
    open().map(|_| ()).map_err(|error| error.to_string())
}

#[cfg(not(feature = "candle"))]
fn check(file: &Path) -> Result<(), String> {
    let mut magic = [0; 4];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut magic));
    match read {
        Ok(()) if magic == *b"GGUF" => Ok(()),
        Ok(()) => Err("this is not a GGUF file".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut target = File::create(to)?;
    io::copy(&mut source, &mut target)?;
    target.sync_all()
}

/// A name as a folder may have it.
fn is_name(name: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name.chars().all(is_sign)
        && !name.starts_with('.')
}

fn slug(text: &str) -> String {
    let signs = text.chars().map(|c| match c {
        c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') => c.to_ascii_lowercase(),
        _ => '-',
    });
    signs.take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for good in ["qwen2.5-1.5b", "a_b"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "..", "a/b", "a\\b", ".hidden", "имя", &"a".repeat(81)] {
            assert!(!is_name(bad), "{bad}");
        }
        assert_eq!(slug("My Model (v2)"), "my-model--v2-");
    }

    #[test]
    fn whether_a_model_fits_is_said_by_the_memory() {
        let memory = Some(Memory {
            whole: 8 << 30,
            free: 2 << 30,
        });
        assert_eq!(fit_in(1 << 30, memory), Fit::Fits);
        assert_eq!(fit_in(4 << 30, memory), Fit::Tight);
        assert_eq!(fit_in(7 << 30, memory), Fit::TooLarge);
        assert_eq!(fit_in(1, None), Fit::Unknown);
    }

    #[test]
    fn what_is_no_model_is_not_taken_and_leaves_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let models = ModelFolder::new(folder.path().join("models"));
        let file = folder.path().join("not a model.gguf");
        fs::write(&file, b"MZ\x90\x00 and so on").unwrap();
        let refused = models.import(&file, None).unwrap_err();
        assert!(refused.to_string().contains("not a GGUF file"), "{refused}");
        assert!(matches!(
            models.import(&file, Some("../x")),
            Err(ImportError::BadName)
        ));
        assert_eq!(models.chats(), []);
        assert!(!models.folder("not-a-model").exists());
    }
}
