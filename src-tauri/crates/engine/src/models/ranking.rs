//! Rerankers: which are installed, and asking them how well passages answer a question.

#[cfg(feature = "candle")]
use std::sync::Arc;
use std::time::Instant;

use super::{InstalledModel, ModelFolder, manifest};
#[cfg(feature = "candle")]
use super::{is_complete, lock};
use crate::error::EngineError;
#[cfg(feature = "candle")]
use crate::local::ranker::Ranker;

impl ModelFolder {
    /// The rerankers whose files are there.
    pub fn rankers(&self) -> Vec<InstalledModel> {
        self.published(manifest::rerankers(), |name| self.is_ranking(name))
    }

    /// How well each passage answers the question, in their order: a number without bounds, comparable within one
    /// model, about 0 where it is undecided. Only the first ones have one where `until` comes before the last is read.
    /// A passage is read as far as it fits beside the question. The model is loaded when it is first asked; a freshly
    /// installed one is prepared, which takes seconds. It computes on one thread; dropping the future ends the work.
    ///
    /// # Errors
    /// `NoModel`, `Busy` when others wait, `BadModel` when its files cannot be read or do not fit together.
    #[cfg(feature = "candle")]
    pub async fn rank(
        &self,
        name: &str,
        question: &str,
        passages: Vec<String>,
        until: Instant,
    ) -> Result<Vec<f32>, EngineError> {
        let (folder, owned) = (self.clone(), name.to_owned());
        let opened = tokio::task::spawn_blocking(move || folder.ranker(&owned));
        let opened = opened.await.map_err(|_| EngineError::Cancelled)??;
        let ranker = opened.ok_or_else(|| EngineError::NoModel {
            name: name.to_owned(),
        })?;
        ranker.scores(question.to_owned(), passages, until).await
    }

    /// This build cannot run models.
    ///
    /// # Errors
    /// `NoModel`.
    #[cfg(not(feature = "candle"))]
    pub async fn rank(
        &self,
        name: &str,
        _question: &str,
        _passages: Vec<String>,
        _until: Instant,
    ) -> Result<Vec<f32>, EngineError> {
        let name = name.to_owned();
        Err(EngineError::NoModel { name })
    }

    #[cfg(feature = "candle")]
    fn ranker(&self, name: &str) -> Result<Option<Arc<Ranker>>, EngineError> {
        if manifest::find_reranker(name).is_none() {
            return Ok(None);
        }
        // Held while a model is prepared, so that two callers do not prepare it twice.
        let mut rankers = lock(&self.rankers);
        if let Some(ranker) = rankers.get(name) {
            return Ok(Some(Arc::clone(ranker)));
        }
        let folder = self.folder(name);
        if !is_complete(&folder) {
            return Ok(None);
        }
        let ranker = Ranker::open(name, &folder).map_err(|why| EngineError::BadModel {
            name: name.to_owned(),
            why,
        })?;
        rankers.insert(name.to_owned(), Arc::clone(&ranker));
        Ok(Some(ranker))
    }

    #[cfg(feature = "candle")]
    fn is_ranking(&self, name: &str) -> bool {
        lock(&self.rankers)
            .get(name)
            .is_some_and(|ranker| ranker.is_loaded())
    }

    #[cfg(not(feature = "candle"))]
    fn is_ranking(&self, _name: &str) -> bool {
        false
    }
}
