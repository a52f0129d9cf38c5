//! Finding passages for a question: keywords and vectors, fused, and where a reranker is chosen put in its order; and
//! the Search test of the Knowledge page.

mod recency;
mod reranking;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use domain::document::Passage;
use domain::id::{AssistantId, DocumentId, PassageId, WorkspaceId};
use domain::language::Language;
use domain::member::Permission;
use domain::scope::Scope;
use domain::time::Timestamp;
use domain::trace::{Reranked, TraceHit};
use engine::embedder::{Embedder, Role};
use search::Query;
use store::passages::Titled;

use crate::App;
use crate::error::{Error, Result};
use crate::indexes::{Begun, blocking};
use crate::knowledge::labels::acceptable_scope;
use crate::who::Who;

/// Most passages one search gives.
pub const MAX_HITS: usize = 50;
/// Characters of a passage that a trace keeps.
const SNIPPET: usize = 240;

/// Text that is embedded while somebody waits, in characters: a few tenths of a second.
const LATE_CHARACTERS: usize = 4_000;
/// After this no further passage is embedded while somebody waits: the computer has much else to do.
const LATE_TIME: Duration = Duration::from_millis(500);

/// A passage that was found.
#[derive(Debug, Clone)]
pub struct FoundPassage {
    /// The passage.
    pub passage: Passage,
    /// Its document's title.
    pub title: String,
    /// The address of its page, where the document is one of a web site.
    pub address: Option<String>,
    /// When the newest version of its document was added.
    pub added_at: Timestamp,
    /// The fused score; comparable within one search only.
    pub score: f32,
    /// BM25 score, where the words were found.
    pub keyword: Option<f32>,
    /// The part of it that the title and the headings gave.
    pub heading: f32,
    /// Cosine of the vectors, -1..=1, where it has one.
    pub vector: Option<f32>,
    /// Other documents that say it in nearly the same words: they are left out.
    pub copies: Vec<Titled>,
    /// The newer document that says the same thing with other numbers: this one is not answered from.
    pub newer: Option<DocumentId>,
}

/// What a search is limited to, and whose rules it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Within {
    /// Only documents of this part of the knowledge.
    pub scope: Scope,
    /// As this assistant would search: only what it may use.
    pub assistant: Option<AssistantId>,
}

/// A question and where its answer may lie.
pub(crate) struct Asked<'a> {
    pub(crate) text: &'a str,
    pub(crate) language: Language,
    /// Only in documents that all of these mean.
    pub(crate) scopes: &'a [Scope],
    /// The confidence (0..=1) from which on a reranker is asked: where less is refused its order would help nobody.
    pub(crate) rerank_from: f32,
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
    /// The reranker's look at the best passages, where there was one.
    pub reranked: Option<Reranked>,
}

impl App {
    /// Searches as an answer would. `limit` is 1 to [`MAX_HITS`].
    pub async fn search_test(&self, who: &Who, query: &str, limit: usize) -> Result<Searched> {
        self.search_within(who, query, limit, Within::default())
            .await
    }

    /// Searches as an answer would, in a part of the knowledge. `limit` is 1 to [`MAX_HITS`].
    pub async fn search_within(
        &self,
        who: &Who,
        query: &str,
        limit: usize,
        within: Within,
    ) -> Result<Searched> {
        who.must(Permission::Look)?;
        if query.trim().is_empty() {
            return Err(Error::invalid("query", "the query is empty"));
        }
        acceptable_scope("sources", &within.scope)?;
        let mut scopes = vec![within.scope];
        if let Some(id) = within.assistant {
            let assistant = self.workspace(who.workspace()).assistant(id).await?;
            scopes.push(assistant.settings.knowledge);
        }
        let query: String = query
            .chars()
            .take(domain::conversation::MAX_QUESTION)
            .collect();
        let language = search::language(&query);
        let limit = limit.clamp(1, MAX_HITS);
        let asked = Asked {
            text: &query,
            language,
            scopes: &scopes,
            rerank_from: 0.0,
        };
        self.find(who.workspace(), asked, limit).await
    }

    /// Finds the passages for a question. Without an embedder, or when it fails, by keywords alone.
    pub(crate) async fn find(
        &self,
        workspace: WorkspaceId,
        asked: Asked<'_>,
        limit: usize,
    ) -> Result<Searched> {
        let Asked {
            text,
            language,
            scopes,
            rerank_from,
        } = asked;
        let started = Instant::now();
        let documents = self.documents_in(workspace, scopes).await?;
        if documents.as_ref().is_some_and(HashSet::is_empty) {
            return Ok(Searched {
                hits: Vec::new(),
                confidence: 0.0,
                language,
                took_ms: milliseconds(started),
                embed_ms: 0,
                limited: None,
                reranked: None,
            });
        }
        let reranker = self.reranker(workspace, language).await?;
        let mut embed_ms = 0;
        let mut limited = None;
        let embedder = self.searching_embedder(workspace).await?;
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
        let deviation = match &embedder {
            Some(embedder) if vector.is_some() => {
                let unrelated = self.unrelated(workspace, embedder.as_ref()).await?;
                unrelated.map(|unrelated| unrelated.deviation)
            }
            _ => None,
        };
        let query = Query {
            text: text.to_owned(),
            language,
            vector,
            deviation,
            limit: match reranker {
                Some(_) => limit.max(reranking::LOOKED_AT),
                None => limit,
            },
            documents,
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
        let of_copies = found.copies.iter().map(|(_, document)| *document);
        let of_passages = passages.iter().map(|passage| passage.document_id);
        let documents = of_passages.chain(of_copies).collect();
        let titles = self.titles_of(workspace, documents).await?;
        let mut by_id: HashMap<PassageId, Passage> = passages
            .into_iter()
            .map(|passage| (passage.id, passage))
            .collect();
        // A passage that was removed after the index found it is left out.
        let hits = found.hits.into_iter().filter_map(|hit| {
            let passage = by_id.remove(&hit.passage_id)?;
            let titled = titles.get(&passage.document_id)?;
            let mut copies: Vec<Titled> = Vec::new();
            for (of, document) in &found.copies {
                let is_other = *of == hit.passage_id && *document != passage.document_id;
                if is_other && copies.iter().all(|copy| copy.id != *document) {
                    copies.extend(titles.get(document).cloned());
                }
            }
            Some(FoundPassage {
                passage,
                title: titled.title.clone(),
                address: titled.address.clone(),
                added_at: titled.added_at,
                score: hit.score,
                keyword: hit.keyword,
                heading: hit.heading,
                vector: hit.vector,
                copies,
                newer: None,
            })
        });
        let mut hits: Vec<FoundPassage> = hits.collect();
        let reranked = match reranker {
            Some(spec) if found.confidence >= rerank_from => {
                self.rerank(spec, text, &mut hits).await
            }
            _ => None,
        };
        let mut hits = recency::prefer_newer(hits);
        hits.truncate(limit);
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
            reranked,
        })
    }

    /// Vectors for passages that the words found before the background came to them, the best ones first and
    /// no more than somebody waits for; none when that fails.
    async fn late_vectors(
        &self,
        workspace: WorkspaceId,
        wanting: &[PassageId],
        embedder: &dyn Embedder,
    ) -> Vec<(PassageId, Vec<f32>)> {
        let kept = &self.inner.late_vectors;
        let mut vectors = Vec::new();
        let mut missing = Vec::new();
        for id in wanting {
            match kept.find(embedder.key(), id) {
                Some(vector) => vectors.push((*id, vector)),
                None => missing.push(*id),
            }
        }
        if missing.is_empty() {
            return vectors;
        }
        let passages = self.workspace(workspace).passages_by_id(missing).await;
        let begun = Instant::now();
        let mut length = 0;
        for passage in passages.unwrap_or_default() {
            let text = embedded_text(&passage.headings, &passage.text);
            length += text.chars().count();
            let is_first = vectors.is_empty();
            if (length > LATE_CHARACTERS || begun.elapsed() > LATE_TIME) && !is_first {
                break;
            }
            match embedder.embed(Role::Passage, vec![text]).await {
                Ok(made) => {
                    for vector in made {
                        kept.keep(embedder.key(), passage.id, &vector);
                        vectors.push((passage.id, vector));
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "passages stay without vectors in this search");
                    break;
                }
            }
        }
        vectors
    }

    async fn titles_of(
        &self,
        workspace: WorkspaceId,
        mut documents: Vec<DocumentId>,
    ) -> Result<HashMap<DocumentId, Titled>> {
        documents.sort_unstable();
        documents.dedup();
        let store = self.workspace(workspace);
        let titles = store.document_titles(documents).await?;
        Ok(titles
            .into_iter()
            .map(|titled| (titled.id, titled))
            .collect())
    }

    /// The documents that all of these scopes mean; `None` for all there are.
    async fn documents_in(
        &self,
        workspace: WorkspaceId,
        scopes: &[Scope],
    ) -> Result<Option<HashSet<DocumentId>>> {
        let mut common: Option<HashSet<DocumentId>> = None;
        for scope in scopes.iter().filter(|scope| !scope.is_everything()) {
            let documents = self
                .workspace(workspace)
                .documents_in(scope.clone())
                .await?;
            common = Some(match common {
                Some(before) => &before & &documents,
                None => documents,
            });
        }
        Ok(common)
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
