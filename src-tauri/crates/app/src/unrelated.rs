//! How alike an embedder makes unrelated texts: measured once for each embedder, kept as a setting.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::id::WorkspaceId;
use engine::embedder::Embedder;
use engine::unrelated::Unrelated;

use crate::App;
use crate::error::{Error, ErrorCode, Result};

/// Begins the name of the setting; the embedder's key follows.
const SETTING: &str = "unrelated:";

/// What is known of embedders in this run, by their keys. There are as many as models were used.
#[derive(Debug, Default)]
pub(crate) struct KnownUnrelated(Mutex<HashMap<String, Unrelated>>);

impl App {
    /// How alike this embedder makes unrelated texts; `None` when the embedder fails.
    pub(crate) async fn unrelated(
        &self,
        workspace: WorkspaceId,
        embedder: &dyn Embedder,
    ) -> Result<Option<Unrelated>> {
        let key = embedder.key();
        if let Some(known) = self.inner.unrelated.get(key) {
            return Ok(Some(known));
        }
        let name = format!("{SETTING}{key}");
        let store = self.workspace(workspace);
        let kept = store.setting(&name).await?;
        let kept = kept.and_then(|json| serde_json::from_str(&json).ok());
        let unrelated = match kept {
            Some(kept) => kept,
            None => match Unrelated::of(embedder).await {
                Ok(measured) => {
                    let json = serde_json::to_string(&measured).map_err(|error| {
                        Error::new(ErrorCode::Internal, "write the settings").caused_by(error)
                    })?;
                    store.set_setting(&name, json, self.now()).await?;
                    measured
                }
                Err(error) => {
                    tracing::warn!(%error, "the embedder could not be measured: confidence is that of the words");
                    return Ok(None);
                }
            },
        };
        self.inner.unrelated.keep(key, unrelated);
        Ok(Some(unrelated))
    }
}

impl KnownUnrelated {
    fn get(&self, key: &str) -> Option<Unrelated> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).copied()
    }

    fn keep(&self, key: &str, unrelated: Unrelated) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key.to_owned(), unrelated);
    }
}
