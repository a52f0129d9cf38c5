//! The face of everything that writes answers.

use futures_util::future::BoxFuture;

use crate::ask::{Ask, Turn};
use crate::draft::Draft;
use crate::error::EngineError;

/// Takes the text of an answer piece by piece while it is written.
pub type Pieces<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Writes answers from passages. Dropping a future cancels its work.
pub trait Engine: Send + Sync {
    /// What stands in an answer's record: `quotes`, `remote:<model>`.
    fn name(&self) -> String;

    /// How its "not in the documents" is taken: the odds that the passages answer all the same are multiplied by
    /// this (0..=1). 0, unless an engine says otherwise: it is believed.
    fn odds_after_refusal(&self) -> f32 {
        0.0
    }

    /// Answers from the passages of `ask` alone, and cites them. The pieces joined are the draft's text,
    /// citation marks of passages that were not given aside.
    ///
    /// # Errors
    /// Any [`EngineError`]. "Not in the documents" is no error but a draft that is not `answered`.
    fn answer<'a>(
        &'a self,
        ask: &'a Ask,
        pieces: Pieces<'a>,
    ) -> BoxFuture<'a, Result<Draft, EngineError>>;

    /// Makes a follow-up whole ("And to Kazan?" becomes "What does delivery to Kazan cost?"); `None` when
    /// the question stands on its own or the engine cannot do it.
    ///
    /// # Errors
    /// Any [`EngineError`].
    fn rewrite<'a>(
        &'a self,
        question: &'a str,
        history: &'a [Turn],
    ) -> BoxFuture<'a, Result<Option<String>, EngineError>>;
}
