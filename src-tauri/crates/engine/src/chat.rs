//! The engine that runs on this computer: a small language model reads the best sentences of what was found and
//! writes an answer; what the passages do not support is not said.
//!
//! Owns: how much a computer of this speed may read before it must begin, the prompt's order, and what becomes of
//! the model's errors. Not here: how a model computes (`lm`), what a sentence's proof is (`grounded`).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use domain::answer::Usage;
use futures_util::future::BoxFuture;

use crate::ask::{Ask, Turn};
use crate::cite::Filter;
use crate::draft::Draft;
use crate::engine::{Engine, Pieces};
use crate::error::EngineError;
use crate::grounded::grounded;
use crate::lm::chat::{Message, Role};
use crate::lm::error::{ModelError, RunError};
use crate::lm::sampling::Sampling;
use crate::lm::worker::{Event, Request, Summary, Worker};
use crate::models::chats::Tried;
use crate::prompt;
use crate::quotes::excerpts::excerpts;
use crate::unrelated::Meaning;

/// Seconds until an answer should begin.
const BEGIN_WITHIN: f32 = 10.0;
/// Tokens of the rules, the places of passages, and the question.
const FRAME_TOKENS: f32 = 180.0;
/// Characters of a passage that are a token: fewer for Cyrillic than for Latin letters.
const LATIN: f32 = 4.0;
const OTHER: f32 = 2.4;
/// Characters of passages that are read at least, however slow the computer is, and at most.
const LEAST: usize = 500;
const MOST: usize = 6_000;
/// The longest answer, in tokens.
const MOST_TOKENS: usize = 220;
/// A small model overlooks much: of questions that their passages answer the 1.5B model said of a third that they do
/// not, of the others of all (`chatai eval assets/demo --chat-model`, 26 November 2026).
const ODDS_AFTER_REFUSAL: f32 = 0.4;
/// How long one answer may take, with its wait for others.
const PATIENCE: Duration = Duration::from_secs(180);

/// A local chat model that answers from passages.
#[derive(Clone)]
pub(crate) struct Chat {
    name: String,
    worker: Arc<Worker>,
    meaning: Option<Meaning>,
}

impl Chat {
    /// With `meaning`, sentences are also supported whose words differ from their proof's, above all those in another
    /// language.
    pub(crate) fn new(name: &str, worker: Arc<Worker>, meaning: Option<Meaning>) -> Chat {
        Chat {
            name: name.to_owned(),
            worker,
            meaning,
        }
    }

    /// Lets the model write something short, to see that it works and how fast.
    ///
    /// # Errors
    /// Any [`EngineError`].
    pub(crate) async fn try_out(&self, text: &str) -> Result<Tried, EngineError> {
        let messages = vec![Message {
            role: Role::User,
            text: text.to_owned(),
        }];
        let mut written = String::new();
        let summary = self
            .run(text, messages, 64, &mut |piece| written.push_str(piece))
            .await?;
        let writing = summary.whole.saturating_sub(summary.first).as_secs_f32();
        Ok(Tried {
            text: written,
            reads: self.worker.prompt_speed().unwrap_or_default(),
            writes: summary.written.saturating_sub(1) as f32 / writing.max(1e-3),
        })
    }

    async fn write(&self, ask: &Ask, pieces: Pieces<'_>) -> Result<Draft, EngineError> {
        if ask.passages.is_empty() {
            return Ok(Draft::default());
        }
        let speed = match self.worker.prompt_speed() {
            Some(speed) => speed,
            // It is loaded, and its speed measured, before it is known how much it may be given.
            None => self.warm_up().await?,
        };
        let given = excerpts(ask, room(speed, &ask.question));
        let messages = prompt::local_answer(ask, &given);
        let messages = messages.into_iter().map(message).collect();
        let first = ask.history.first().map_or(&ask.question, |turn| &turn.text);
        let mut written = String::new();
        let mut filter = Filter::new(ask);
        let summary = self
            .run(first, messages, MOST_TOKENS, &mut |piece| {
                written.push_str(piece);
                let shown = filter.push(piece);
                if !shown.is_empty() {
                    pieces(&shown);
                }
            })
            .await?;
        let rest = filter.finish();
        if !rest.is_empty() {
            pieces(&rest);
        }
        let mut draft = grounded(&written, ask, self.meaning.as_ref()).await;
        draft.usage = Usage {
            prompt_tokens: summary.prompt as u64,
            answer_tokens: summary.written as u64,
        };
        Ok(draft)
    }

    async fn warm_up(&self) -> Result<f32, EngineError> {
        let hello = vec![Message {
            role: Role::User,
            text: "Hello".to_owned(),
        }];
        self.run("", hello, 1, &mut |_| {}).await?;
        Ok(self.worker.prompt_speed().unwrap_or_default())
    }

    /// Runs one request. `of` is the same for all requests of one conversation.
    async fn run(
        &self,
        of: &str,
        messages: Vec<Message>,
        most: usize,
        piece: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Summary, EngineError> {
        let mut hasher = DefaultHasher::new();
        of.hash(&mut hasher);
        let request = Request {
            conversation: hasher.finish(),
            messages,
            // The likeliest words: the same question has the same answer.
            sampling: Sampling::default(),
            stops: Vec::new(),
            most,
        };
        let told = |error: RunError| self.told(error);
        let mut reply = self.worker.ask(request).map_err(told)?;
        let whole = async {
            loop {
                match reply.next().await {
                    Some(Ok(Event::Text(text))) => piece(&text),
                    Some(Ok(Event::Done(summary))) => return Ok(summary),
                    Some(Err(error)) => return Err(told(error)),
                    None => return Err(EngineError::CutOff),
                }
            }
        };
        tokio::time::timeout(PATIENCE, whole)
            .await
            .map_err(|_| EngineError::TimedOut)?
    }

    fn told(&self, error: RunError) -> EngineError {
        match error {
            RunError::Busy => EngineError::Busy,
            RunError::Cancelled | RunError::Unloaded | RunError::Stopped => EngineError::Cancelled,
            RunError::TooLong { .. } => EngineError::BadReply {
                why: "the question is longer than the model reads",
            },
            RunError::BadMessages(why) => EngineError::BadModel {
                name: self.name.clone(),
                why,
            },
            RunError::Model(ModelError::TooLarge { needs, has }) => EngineError::NoMemory {
                name: self.name.clone(),
                needs,
                has,
            },
            RunError::Model(error) => EngineError::BadModel {
                name: self.name.clone(),
                why: error.to_string(),
            },
        }
    }
}

impl Engine for Chat {
    fn name(&self) -> String {
        format!("local:{}", self.name)
    }

    fn odds_after_refusal(&self) -> f32 {
        ODDS_AFTER_REFUSAL
    }

    fn answer<'a>(
        &'a self,
        ask: &'a Ask,
        pieces: Pieces<'a>,
    ) -> BoxFuture<'a, Result<Draft, EngineError>> {
        Box::pin(self.write(ask, pieces))
    }

    fn rewrite<'a>(
        &'a self,
        _question: &'a str,
        _history: &'a [Turn],
    ) -> BoxFuture<'a, Result<Option<String>, EngineError>> {
        // The rules do it at once; a small model would need seconds for it, before the answer begins.
        Box::pin(async { Ok(None) })
    }
}

/// Characters of passages that a model may be given which reads so many tokens a second.
fn room(speed: f32, question: &str) -> usize {
    let is_latin = question
        .chars()
        .filter(|c| c.is_alphabetic())
        .all(|c| c.is_ascii());
    let a_token = match is_latin {
        true => LATIN,
        false => OTHER,
    };
    let tokens = (speed * BEGIN_WITHIN - FRAME_TOKENS).max(0.0);
    ((tokens * a_token) as usize).clamp(LEAST, MOST)
}

fn message(told: prompt::Told) -> Message {
    Message {
        role: match told.role {
            prompt::Role::System => Role::System,
            prompt::Role::User => Role::User,
            prompt::Role::Assistant => Role::Assistant,
        },
        text: told.text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_computer_reads_less_before_it_begins() {
        assert_eq!(room(0.0, "What?"), LEAST);
        assert_eq!(room(50.0, "What?"), 1_280);
        assert_eq!(room(50.0, "Что?"), 768);
        assert_eq!(room(1_000.0, "What?"), MOST);
    }
}
