//! Trying the search.

use app::searching::Within;
use axum::Json;
use axum::extract::State;
use store::passages::Titled;

use crate::asker::{Asker, Body};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::labels::Scope;
use crate::wire::{Id, search as wire};

/// Hits, unless the caller says otherwise.
const HITS: u32 = 10;
/// The most hits of one search.
const MAX_HITS: u32 = 50;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(search))
}

/// Search the documents as an answer would
#[utoipa::path(post, path = "/api/search", tag = "search",
    request_body = wire::SearchQuery,
    responses((status = 200, body = wire::SearchFound, description = "the passages, best first")))]
async fn search(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::SearchQuery>,
) -> Result<Json<wire::SearchFound>, Problem> {
    let limit = body.limit.unwrap_or(HITS);
    if !(1..=MAX_HITS).contains(&limit) {
        return Err(Problem::invalid("limit", "this is not between 1 and 50"));
    }
    let scope = Scope {
        sources: body.sources,
        labels: body.labels,
    };
    let assistant = body.assistant.map(|id| id.parse("assistant"));
    let within = Within {
        scope: scope.parse()?,
        assistant: assistant.transpose()?,
    };
    let found = api
        .app
        .search_within(&who, &body.query, limit as usize, within)
        .await?;
    let hits = found.hits.into_iter().map(|hit| wire::SearchHit {
        passage: hit.passage.into(),
        document_title: hit.title,
        added_at: hit.added_at.into(),
        score: hit.score,
        keyword: hit.keyword,
        heading: hit.heading,
        vector: hit.vector,
        copies: hit.copies.into_iter().map(copy).collect(),
        newer: hit.newer.map(Id::of),
    });
    Ok(Json(wire::SearchFound {
        hits: hits.collect(),
        confidence: found.confidence,
        language: found.language.into(),
        took_ms: found.took_ms,
        embed_ms: found.embed_ms,
        limited: found.limited,
        reranked: found.reranked.map(Into::into),
    }))
}

fn copy(copy: Titled) -> wire::SearchCopy {
    wire::SearchCopy {
        document_id: Id::of(copy.id),
        document_title: copy.title,
    }
}
