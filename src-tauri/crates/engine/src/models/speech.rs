//! Models that turn speech into text: which are installed, and hearing with them.

#[cfg(feature = "candle")]
use std::sync::Arc;

use domain::language::Language;
use domain::sound::Sound;

#[cfg(feature = "candle")]
use super::chats::threads;
use super::{InstalledModel, ModelFolder, manifest};
#[cfg(feature = "candle")]
use super::{is_complete, lock};
use crate::error::EngineError;
#[cfg(feature = "candle")]
use crate::speech::Listener;

/// What was said in a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The words; empty where nobody speaks.
    pub text: String,
    /// The language of the words, as the model guesses it.
    pub language: Language,
    /// How long the recording is, in seconds.
    pub seconds: f32,
}

impl ModelFolder {
    /// The models that hear and whose files are there.
    pub fn listeners(&self) -> Vec<InstalledModel> {
        self.published(manifest::speech(), |name| self.is_listening(name))
    }

    /// What is said. The model is loaded when it is first asked; a freshly installed one is prepared, which takes
    /// seconds. Where the language is doubtful `hint` goes first. Dropping the future ends the work.
    ///
    /// # Errors
    /// `NoModel`, `Busy` when too many wait, `Cancelled` when the model is removed meanwhile, and any other
    /// [`EngineError`].
    #[cfg(feature = "candle")]
    pub async fn hear(
        &self,
        name: &str,
        sound: Sound,
        hint: Language,
    ) -> Result<Heard, EngineError> {
        let (folder, owned) = (self.clone(), name.to_owned());
        let opened = tokio::task::spawn_blocking(move || folder.listener(&owned));
        let opened = opened.await.map_err(|_| EngineError::Cancelled)??;
        let listener = opened.ok_or_else(|| EngineError::NoModel {
            name: name.to_owned(),
        })?;
        listener.hear(sound, hint).await
    }

    /// This build cannot run models.
    ///
    /// # Errors
    /// `NoModel`.
    #[cfg(not(feature = "candle"))]
    pub async fn hear(
        &self,
        name: &str,
        _sound: Sound,
        _hint: Language,
    ) -> Result<Heard, EngineError> {
        let name = name.to_owned();
        Err(EngineError::NoModel { name })
    }

    #[cfg(feature = "candle")]
    fn listener(&self, name: &str) -> Result<Option<Arc<Listener>>, EngineError> {
        if manifest::find_speech(name).is_none() {
            return Ok(None);
        }
        // Held while a model is prepared, so that two callers do not prepare it twice.
        let mut listeners = lock(&self.listeners);
        if let Some(listener) = listeners.get(name) {
            return Ok(Some(Arc::clone(listener)));
        }
        let folder = self.folder(name);
        if !is_complete(&folder) {
            return Ok(None);
        }
        let listener =
            Listener::open(name, &folder, threads()).map_err(|why| EngineError::BadModel {
                name: name.to_owned(),
                why,
            })?;
        listeners.insert(name.to_owned(), Arc::clone(&listener));
        Ok(Some(listener))
    }

    #[cfg(feature = "candle")]
    fn is_listening(&self, name: &str) -> bool {
        lock(&self.listeners)
            .get(name)
            .is_some_and(|listener| listener.is_loaded())
    }

    #[cfg(not(feature = "candle"))]
    fn is_listening(&self, _name: &str) -> bool {
        false
    }
}
