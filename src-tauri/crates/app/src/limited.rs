//! A remote engine with a limit a day: once it is reached the engine is not asked, and the next one of the ladder is.
//!
//! Questions count when they are asked, so that two at once do not pass the limit together, and no more when they
//! failed; tokens count when they are told. A day begins at midnight UTC. Not here: what the owner sets (`settings`).

use std::sync::Arc;

use engine::ask::{Ask, Turn};
use engine::draft::Draft;
use engine::engine::{Engine, Pieces};
use engine::error::EngineError;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use store::Workspace;
use store::error::StoreError;

use crate::clock::Clock;
use crate::error::{Error, Result};

/// The largest limit that can be set.
const MOST: u64 = 1_000_000_000_000;

/// How much of an engine may be used in a day; nothing is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Daily {
    /// Most answers.
    pub answers: Option<u64>,
    /// Most tokens, read and written together. The answer that passes it is still written.
    pub tokens: Option<u64>,
}

/// Refuses limits that make no sense: an engine that may never be asked is removed instead.
pub(crate) fn acceptable(daily: Daily) -> Result<Daily> {
    let fields = [
        ("daily_answers", daily.answers),
        ("daily_tokens", daily.tokens),
    ];
    for (field, most) in fields {
        if most.is_some_and(|most| !(1..=MOST).contains(&most)) {
            return Err(Error::invalid(field, "a limit is a number from 1, or none"));
        }
    }
    Ok(daily)
}

/// The engine and what was asked of it.
pub(crate) struct Limited<E> {
    pub(crate) engine: Arc<E>,
    pub(crate) store: Workspace,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) place: &'static str,
    pub(crate) daily: Daily,
}

impl<E: Engine> Engine for Limited<E> {
    fn name(&self) -> String {
        self.engine.name()
    }

    fn answer<'a>(
        &'a self,
        ask: &'a Ask,
        pieces: Pieces<'a>,
    ) -> BoxFuture<'a, std::result::Result<Draft, EngineError>> {
        Box::pin(async move {
            let Daily { answers, tokens } = self.daily;
            let asked_at = self.clock.now();
            let counted = self
                .store
                .engine_asked(self.place, answers, tokens, asked_at)
                .await;
            if !counted.map_err(uncounted)? {
                return Err(EngineError::UsedUp);
            }
            let answered = self.engine.answer(ask, pieces).await;
            let taken = answered.as_ref().ok().map(|draft| {
                let usage = draft.usage;
                usage.prompt_tokens.saturating_add(usage.answer_tokens)
            });
            let told = self.store.engine_told(self.place, asked_at, taken).await;
            if let Err(error) = told {
                tracing::warn!(%error, "what an engine took could not be counted");
            }
            answered
        })
    }

    fn rewrite<'a>(
        &'a self,
        question: &'a str,
        history: &'a [Turn],
    ) -> BoxFuture<'a, std::result::Result<Option<String>, EngineError>> {
        Box::pin(async move {
            let today = self.store.engine_day(self.place, self.clock.now()).await;
            let today = today.map_err(uncounted)?;
            let is_reached = |most: Option<u64>, had: u64| most.is_some_and(|most| had >= most);
            if is_reached(self.daily.answers, today.answers)
                || is_reached(self.daily.tokens, today.tokens)
            {
                return Err(EngineError::UsedUp);
            }
            self.engine.rewrite(question, history).await
        })
    }
}

/// What cannot be counted is not asked: it could cost more than its owner wants.
fn uncounted(error: StoreError) -> EngineError {
    tracing::warn!(%error, "what an engine was asked could not be counted: it is not asked");
    EngineError::UsedUp
}
