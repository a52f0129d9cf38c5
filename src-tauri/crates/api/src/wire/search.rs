//! Trying the search.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::documents::Passage;
use crate::wire::trace::Reranked;
use crate::wire::{Id, Language, Time};

/// Words to search the documents for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SearchQuery {
    /// The query, at most 4,000 characters.
    #[schema(example = "how long does delivery take", max_length = 4000)]
    pub query: String,
    /// At most so many hits, 1..=50.
    #[schema(example = 10, minimum = 1, maximum = 50)]
    pub limit: Option<u32>,
    /// Only documents of these sources.
    #[serde(default)]
    pub sources: Vec<Id>,
    /// Only documents with one of these labels.
    #[serde(default)]
    #[schema(example = json!(["Prices"]))]
    pub labels: Vec<String>,
    /// As this assistant would search: only what it may use.
    pub assistant: Option<Id>,
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
    /// The reranker's look at the best of them; null where there was none.
    #[schema(required)]
    pub reranked: Option<Reranked>,
}

/// One passage that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchHit {
    /// The passage.
    pub passage: Passage,
    /// Its document's title.
    #[schema(example = "Delivery and returns")]
    pub document_title: String,
    /// When the newest version of its document was added.
    pub added_at: Time,
    /// The fused score; comparable within one search only.
    #[schema(example = 0.031)]
    pub score: f32,
    /// BM25 score, where the words were found.
    #[schema(required, example = 7.2)]
    pub keyword: Option<f32>,
    /// The part of `keyword` that the title and the headings gave.
    #[schema(example = 1.1)]
    pub heading: f32,
    /// Cosine of the vectors, -1..=1, where it has one.
    #[schema(required, example = 0.84)]
    pub vector: Option<f32>,
    /// Other documents that say it in nearly the same words: they are left out.
    pub copies: Vec<SearchCopy>,
    /// The newer document that says the same thing with other numbers: this one is not answered from.
    #[schema(required)]
    pub newer: Option<Id>,
}

/// A document that says a passage in nearly the same words.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchCopy {
    /// The document.
    pub document_id: Id,
    /// Its title.
    #[schema(example = "Delivery and returns (old)")]
    pub document_title: String,
}
