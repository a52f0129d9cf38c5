//! Trying the search.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Language;
use crate::wire::documents::Passage;

/// Words to search the documents for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SearchQuery {
    /// The query, at most 4,000 characters.
    #[schema(example = "how long does delivery take", max_length = 4000)]
    pub query: String,
    /// At most so many hits, 1..=50.
    #[schema(example = 10, minimum = 1, maximum = 50)]
    pub limit: Option<u32>,
}

/// What the search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchFound {
    /// The passages, best first.
    pub hits: Vec<SearchHit>,
    /// How sure the search is that the documents answer this, 0..=1.
    #[schema(example = 0.82)]
    pub confidence: f32,
    /// The query's language.
    pub language: Language,
    /// Milliseconds for all of it.
    #[schema(example = 14)]
    pub took_ms: u32,
    /// Milliseconds of them for the query's vector.
    #[schema(example = 9)]
    pub embed_ms: u32,
    /// Why the search was less than it could be (`no_embedder`, `index_rebuilding`).
    #[schema(required)]
    pub limited: Option<String>,
}

/// One passage that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchHit {
    /// The passage.
    pub passage: Passage,
    /// Its document's title.
    #[schema(example = "Delivery and returns")]
    pub document_title: String,
    /// The fused score; comparable within one search only.
    #[schema(example = 0.031)]
    pub score: f32,
    /// BM25 score, where the words were found.
    #[schema(required, example = 7.2)]
    pub keyword: Option<f32>,
    /// Cosine of the vectors, -1..=1, where it has one.
    #[schema(required, example = 0.84)]
    pub vector: Option<f32>,
}
