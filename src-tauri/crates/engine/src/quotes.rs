//! The engine without a model: answers with the sentences that answer, verbatim.
//!
//! Owns: cutting passages into what can be quoted, scoring that against the question, choosing one to three
//! pieces, and setting them as a short reply. Where words do not decide, an embedder may.
//! Not here: finding passages, and the threshold below which nothing is answered (`app`).

mod choose;
mod cues;
#[cfg(feature = "candle")]
pub(crate) mod excerpts;
mod meaning;
mod reply;
pub(crate) mod row;
mod score;
mod units;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::ask::{Ask, Turn};
use crate::draft::Draft;
use crate::embedder::Embedder;
use crate::engine::{Engine, Pieces};
use crate::error::EngineError;

/// Below this share of the question's weight found in the best unit, words alone do not decide.
const CLEAR: f32 = 0.85;
/// The same for a unit that holds the price, day or number that is asked for.
const CLEAR_AND_HELD: f32 = 0.6;
/// Below this share nothing in the passages speaks to the question.
const SILENT: f32 = 0.25;

/// Answers with sentences of the passages.
#[derive(Clone, Default)]
pub struct Quotes {
    embedder: Option<Arc<dyn Embedder>>,
}

impl Quotes {
    /// Quotes by words alone.
    pub fn new() -> Quotes {
        Quotes::default()
    }

    /// Quotes that ask `embedder` where words do not decide: no clear match, or another language.
    pub fn with_embedder(embedder: Arc<dyn Embedder>) -> Quotes {
        Quotes {
            embedder: Some(embedder),
        }
    }

    async fn quote(&self, ask: &Ask, pieces: Pieces<'_>) -> Draft {
        let units = units::units(&ask.passages);
        let mut scores = score::scores(ask, &units);
        let best = scores
            .iter()
            .map(|score| score.coverage)
            .fold(0.0, f32::max);
        let is_clear = best >= CLEAR
            || scores
                .iter()
                .any(|score| score.holds && score.coverage >= CLEAR_AND_HELD);
        let is_foreign = ask
            .passages
            .first()
            .is_some_and(|given| given.language != ask.language);
        let mut understood = false;
        if let Some(embedder) = &self.embedder
            && (!is_clear || is_foreign)
        {
            understood = meaning::add(embedder.as_ref(), ask, &units, &mut scores).await;
        }
        if best < SILENT && !understood {
            return Draft::default();
        }
        let chosen = choose::choose(ask, &units, &scores);
        reply::reply(ask, &units, &chosen, pieces)
    }
}

impl Engine for Quotes {
    fn name(&self) -> String {
        "quotes".to_owned()
    }

    fn answer<'a>(
        &'a self,
        ask: &'a Ask,
        pieces: Pieces<'a>,
    ) -> BoxFuture<'a, Result<Draft, EngineError>> {
        Box::pin(async move { Ok(self.quote(ask, pieces).await) })
    }

    fn rewrite<'a>(
        &'a self,
        _question: &'a str,
        _history: &'a [Turn],
    ) -> BoxFuture<'a, Result<Option<String>, EngineError>> {
        Box::pin(async { Ok(None) })
    }
}
