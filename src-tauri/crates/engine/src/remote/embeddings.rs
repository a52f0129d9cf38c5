//! Vectors by an OpenAI-compatible server (`/embeddings`).

use futures_util::future::BoxFuture;
use net::{Net, Purpose};
use serde::Deserialize;
use serde_json::json;

use super::{RemoteSettings, call};
use crate::embedder::{Embedder, Role, unit_length};
use crate::error::EngineError;

/// The largest reply that is taken, in bytes: 64 vectors of 4,096 numbers are about 4 MB of JSON.
const LARGEST: usize = 32 << 20;
/// How many texts are sent at a time.
const TOGETHER: usize = 64;

/// An embedder behind a server.
#[derive(Clone)]
pub struct RemoteEmbedder {
    net: Net,
    settings: RemoteSettings,
    key: String,
    dimensions: usize,
}

#[derive(Deserialize)]
struct Reply {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    index: Option<usize>,
    embedding: Vec<f32>,
}

impl RemoteEmbedder {
    /// The embedder as `settings` say; its vectors must have `dimensions` numbers.
    pub fn new(settings: RemoteSettings, net: Net, dimensions: usize) -> RemoteEmbedder {
        RemoteEmbedder {
            key: format!("remote:{}@{dimensions}", settings.model),
            net,
            settings,
            dimensions,
        }
    }

    async fn some(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EngineError> {
        let body =
            json!({ "model": self.settings.model, "input": texts, "encoding_format": "float" });
        let reply = call::post(
            &self.net,
            Purpose::Embedder,
            &self.settings,
            "embeddings",
            &body,
        )
        .await?;
        let bytes = tokio::time::timeout(self.settings.first_timeout, reply.bytes(LARGEST)).await;
        let bytes = bytes
            .map_err(|_| EngineError::TimedOut)?
            .map_err(call::net_error)?;
        let bad = |why| EngineError::BadReply { why };
        let reply: Reply =
            serde_json::from_slice(&bytes).map_err(|_| bad("it is not JSON with vectors"))?;
        if reply.data.len() != texts.len() {
            return Err(bad("it has another number of vectors than texts"));
        }
        let mut vectors = vec![Vec::new(); texts.len()];
        for (at, mut item) in reply.data.into_iter().enumerate() {
            let place = vectors.get_mut(item.index.unwrap_or(at));
            let place = place.ok_or_else(|| bad("a vector's number is out of range"))?;
            let is_finite = item.embedding.iter().all(|x| x.is_finite());
            if item.embedding.len() != self.dimensions || !is_finite || !place.is_empty() {
                return Err(bad("a vector is not as agreed"));
            }
            unit_length(&mut item.embedding);
            *place = item.embedding;
        }
        Ok(vectors)
    }
}

impl Embedder for RemoteEmbedder {
    fn key(&self) -> &str {
        &self.key
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn embed(
        &self,
        _role: Role,
        texts: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EngineError>> {
        Box::pin(async move {
            let mut all = Vec::with_capacity(texts.len());
            for some in texts.chunks(TOGETHER) {
                all.extend(self.some(some).await?);
            }
            Ok(all)
        })
    }
}
