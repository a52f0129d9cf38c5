//! The folder of models: which are installed, and the embedders made of them.
//!
//! Owns: the manifest of known models, downloading and verifying their files, one embedder for each installed
//! model of that kind, one thread for each chat model, what hears and what reranks; loaded on first use and unloaded
//! when idle. Not here: how a model computes (`local`, `lm`, `speech`).

pub mod chats;
pub mod download;
pub mod manifest;
pub mod ranking;
pub mod speech;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::embedder::Embedder;
use crate::error::EngineError;
#[cfg(feature = "candle")]
use crate::local::Local;
use manifest::{PublishedSpec, Spec};

/// The folder that holds a folder for each model. Clones share what is loaded.
#[derive(Clone)]
pub struct ModelFolder {
    path: PathBuf,
    embedders: Arc<Mutex<HashMap<String, Made>>>,
    #[cfg(feature = "candle")]
    chats: Arc<Mutex<HashMap<String, Arc<crate::lm::worker::Worker>>>>,
    #[cfg(feature = "candle")]
    listeners: Arc<Mutex<HashMap<String, Arc<crate::speech::Listener>>>>,
    #[cfg(feature = "candle")]
    rankers: Arc<Mutex<HashMap<String, Arc<crate::local::ranker::Ranker>>>>,
}

/// A model whose files are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// What it is.
    pub spec: &'static Spec,
    /// What its folder takes, in bytes.
    pub size: u64,
    /// True while it is in memory.
    pub loaded: bool,
}

/// A model whose files are there and say all that has to be known to use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledModel {
    /// Its name.
    pub name: String,
    /// What its folder takes, in bytes.
    pub size: u64,
    /// True while it is in memory.
    pub loaded: bool,
}

#[cfg(feature = "candle")]
type Made = Arc<Local>;
#[cfg(not(feature = "candle"))]
type Made = Arc<dyn Embedder>;

impl ModelFolder {
    /// The folder at `path`; it need not exist.
    pub fn new(path: impl Into<PathBuf>) -> ModelFolder {
        ModelFolder {
            path: path.into(),
            embedders: Arc::default(),
            #[cfg(feature = "candle")]
            chats: Arc::default(),
            #[cfg(feature = "candle")]
            listeners: Arc::default(),
            #[cfg(feature = "candle")]
            rankers: Arc::default(),
        }
    }

    /// Where the files of the model of that name belong.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The known models whose files are there.
    pub fn installed(&self) -> Vec<Installed> {
        let mut found = Vec::new();
        for spec in manifest::known() {
            let folder = self.folder(&spec.name);
            if !is_complete(&folder) {
                continue;
            }
            found.push(Installed {
                spec,
                size: size_of(&folder),
                loaded: self.is_loaded(&spec.name),
            });
        }
        found
    }

    /// True while the model of that name is in memory.
    pub fn is_loaded(&self, name: &str) -> bool {
        #[cfg(feature = "candle")]
        return lock(&self.embedders)
            .get(name)
            .is_some_and(|local| local.is_loaded());
        #[cfg(not(feature = "candle"))]
        {
            lock(&self.embedders).contains_key(name)
        }
    }

    /// Those of `known` whose files are there.
    fn published(
        &self,
        known: &[PublishedSpec],
        is_loaded: impl Fn(&str) -> bool,
    ) -> Vec<InstalledModel> {
        let there = known
            .iter()
            .filter(|spec| is_complete(&self.folder(&spec.name)));
        let installed = there.map(|spec| InstalledModel {
            name: spec.name.clone(),
            size: size_of(&self.folder(&spec.name)),
            loaded: is_loaded(&spec.name),
        });
        installed.collect()
    }

    /// The embedder of that name; `None` when it is not installed, not known, or this build cannot run
    /// models. The first call for a freshly installed model prepares its files, which takes seconds: call it
    /// from a blocking thread. The model itself is loaded when it is first used.
    ///
    /// # Errors
    /// [`EngineError::BadModel`] when the files cannot be read or do not fit together.
    #[cfg(feature = "candle")]
    pub fn embedder(&self, name: &str) -> Result<Option<Arc<dyn Embedder>>, EngineError> {
        let Some(spec) = manifest::find(name) else {
            return Ok(None);
        };
        // Held while a model is prepared, so that two callers do not prepare it twice.
        let mut embedders = lock(&self.embedders);
        if let Some(local) = embedders.get(name) {
            return Ok(Some(local.clone()));
        }
        let folder = self.folder(name);
        if !is_complete(&folder) {
            return Ok(None);
        }
        let local = Local::open(spec, &folder).map_err(|why| EngineError::BadModel {
            name: name.to_owned(),
            why,
        })?;
        embedders.insert(name.to_owned(), local.clone());
        Ok(Some(local))
    }

    /// This build cannot run models: always `None`.
    ///
    /// # Errors
    /// None.
    #[cfg(not(feature = "candle"))]
    pub fn embedder(&self, _name: &str) -> Result<Option<Arc<dyn Embedder>>, EngineError> {
        Ok(None)
    }
}

/// The file that is made of a model's published files.
pub(crate) const PREPARED: &str = "prepared-1.bin";

fn is_complete(folder: &Path) -> bool {
    let published = ["config.json", "tokenizer.json", "model.safetensors"];
    folder.join(PREPARED).is_file() || published.iter().all(|name| folder.join(name).is_file())
}

fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let sizes = entries.flatten().filter_map(|entry| entry.metadata().ok());
    sizes.map(|metadata| metadata.len()).sum()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
