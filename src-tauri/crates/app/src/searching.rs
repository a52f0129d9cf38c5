//! Finding passages for a question: keywords and vectors, fused; and the Search test of the Knowledge page.

use std::collections::HashMap;
use std::time::Instant;

use domain::document::Passage;
use domain::id::{DocumentId, PassageId, WorkspaceId};
use domain::language::Language;
use domain::member::Permission;
use domain::trace::TraceHit;
use engine::embedder::{Embedder, Role};
use search::Query;

use crate::App;
use crate::error::{Error, Result};
use crate::indexes::{Begun, blocking};
use crate::who::Who;

/// Most passages one search gives.
pub const MAX_HITS: usize = 50;
/// Characters of a passage that a trace keeps.
const SNIPPET: usize = 240;

/// A passage that was found.
#[derive(Debug, Clone)]
pub struct FoundPassage {
    /// The passage.
    pub passage: Passage,
    /// Its document's title.
    pub title: String,
    /// The fused score; comparable within one search only.
    pub score: f32,
    /// BM25 score, where the words were found.
    pub keyword: Option<f32>,
    /// Cosine of the vectors, -1..=1, where it has one.
    pub vector: Option<f32>,
}

/// What a search gave.
#[derive(Debug, Clone)]
pub struct Searched {
    /// The passages, best first.
    pub hits: Vec<FoundPassage>,
    /// How sure the search is that the documents answer this, 0..=1.
    pub confidence: f32,
    /// Language of the query.
    pub language: Language,
    /// Milliseconds for the whole search.
    pub took_ms: u32,
    /// Milliseconds of it for vectors.
    pub embed_ms: u32,
    /// Why the search was less than it could be: `no_embedder`, `embedder_failed`,
    /// `index_rebuilding` (whatever else: some passages may be missing).
    pub limited: Option<String>,
}

impl App {
    /// Searches as an answer would. `limit` is 1 to [`MAX_HITS`].
    pub async fn search_test(&self, who: &Who, query: &str, limit: usize) -> Result<Searched> {
        who.must(Permission::Look)?;
        if query.trim().is_empty() {
            return Err(Error::invalid("query", "the query is empty"));
        }
        let query: String = query
            .chars()
            .take(domain::conversation::MAX_QUESTION)
            .collect();
        let language = search::language(&query);
        self.find(who.workspace(), &query, language, limit.clamp(1, MAX_HITS))
            .await
    }

    /// Finds the passages for `text`. Without an embedder, or when it fails, by keywords alone.
    pub(crate) async fn find(
        &self,
        workspace: WorkspaceId,
        text: &str,
        language: Language,
        limit: usize,
    ) -> Result<Searched> {
        let started = Instant::now();
        let mut embed_ms = 0;
        let mut limited = None;
        let embedder = self.embedder(workspace).await?;
        let vector = match &embedder {
            None => {
                limited = Some("no_embedder".to_owned());
                None
            }
            Some(embedder) => {
                let begun = Instant::now();
                let embedded = self.question_vector(embedder.as_ref(), text).await;
                embed_ms += milliseconds(begun);
                embedded.map(Some).unwrap_or_else(|error| {
                    tracing::warn!(%error, "the embedder failed: searching by keywords");
                    limited = Some("embedder_failed".to_owned());
                    None
                })
            }
        };
        let query = Query {
            text: text.to_owned(),
            language,
            vector,
            limit,
            documents: None,
        };
        let Begun { round, is_whole } = self.begin_search(workspace, query).await?;
        if !is_whole {
            limited = Some("index_rebuilding".to_owned());
        }
        let begun = Instant::now();
        let late = match &embedder {
            Some(embedder) => {
                self.late_vectors(workspace, round.without_vector(), embedder.as_ref())
                    .await
            }
            None => Vec::new(),
        };
        embed_ms += milliseconds(begun);
        let found = blocking(move || Ok(round.finish(&late))).await?;
        let ids: Vec<PassageId> = found.hits.iter().map(|hit| hit.passage_id).collect();
        let passages = self.workspace(workspace).passages_by_id(ids).await?;
        let titles = self.titles_of(workspace, &passages).await?;
        let mut by_id: HashMap<PassageId, Passage> = passages
            .into_iter()
            .map(|passage| (passage.id, passage))
            .collect();
        // A passage that was removed after the index found it is left out.
        let hits = found.hits.into_iter().filter_map(|hit| {
            let passage = by_id.remove(&hit.passage_id)?;
            let title = titles.get(&passage.document_id).cloned()?;
            Some(FoundPassage {
                passage,
                title,
                score: hit.score,
                keyword: hit.keyword,
                vector: hit.vector,
            })
        });
        let hits: Vec<FoundPassage> = hits.collect();
        let confidence = if hits.is_empty() {
            0.0
        } else {
            found.confidence
        };
        Ok(Searched {
            hits,
            confidence,
            language,
            took_ms: milliseconds(started),
            embed_ms,
            limited,
        })
    }

    /// Vectors for passages that the words found before the background came to them; empty when that fails.
    async fn late_vectors(
        &self,
        workspace: WorkspaceId,
        wanting: &[PassageId],
        embedder: &dyn Embedder,
    ) -> Vec<(PassageId, Vec<f32>)> {
        if wanting.is_empty() {
            return Vec::new();
        }
        let Ok(passages) = self
            .workspace(workspace)
            .passages_by_id(wanting.to_vec())
            .await
        else {
            return Vec::new();
        };
        let texts = passages
            .iter()
            .map(|passage| embedded_text(&passage.headings, &passage.text))
            .collect();
        match embedder.embed(Role::Passage, texts).await {
            Ok(vectors) => passages
                .iter()
                .map(|passage| passage.id)
                .zip(vectors)
                .collect(),
            Err(error) => {
                tracing::warn!(%error, "passages stay without vectors in this search");
                Vec::new()
            }
        }
    }

    async fn titles_of(
        &self,
        workspace: WorkspaceId,
        passages: &[Passage],
    ) -> Result<HashMap<DocumentId, String>> {
        let mut ids: Vec<DocumentId> = passages.iter().map(|passage| passage.document_id).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(self
            .workspace(workspace)
            .document_titles(ids)
            .await?
            .into_iter()
            .collect())
    }
}

/// What of a passage is embedded: its headings and its text.
pub fn embedded_text(headings: &[String], text: &str) -> String {
    match headings.is_empty() {
        true => text.to_owned(),
        false => format!("{}\n{text}", headings.join(" / ")),
    }
}

/// A found passage as a trace keeps it.
pub(crate) fn trace_hit(found: &FoundPassage) -> TraceHit {
    TraceHit {
        passage_id: found.passage.id,
        document_id: found.passage.document_id,
        title: found.title.clone(),
        page: found.passage.page,
        text: found.passage.text.chars().take(SNIPPET).collect(),
        score: found.score,
        keyword: found.keyword,
        vector: found.vector,
    }
}

pub(crate) fn milliseconds(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}
