//! The middle of the pipeline: the question made whole, searched, and written by an engine.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::answer::{Answer, Outcome};
use domain::assistant::{AssistantSettings, EngineChoice};
use domain::conversation::Author;
use domain::trace::What;
use engine::ask::{Ask, Given};
use engine::draft::Draft;
use engine::engine::Engine;
use engine::error::EngineError;
use tokio::time::timeout;

use crate::answer::Answering;
use crate::answer::citations;
use crate::answer::follow_up::{self, Leaning};
use crate::answer::race::{self, Heard, Tried};
use crate::answer::stream::Piece;
use crate::error::Result;
use crate::searching::{Asked, FoundPassage, Searched, trace_hit};
use crate::settings::Place;

/// Passages that an engine is given.
const GIVEN: usize = 6;
/// Passages that a search for an answer looks at.
const LOOKED_AT: usize = 12;

/// How long an engine may take to make a follow-up whole.
const REWRITE_PATIENCE: Duration = Duration::from_secs(10);

/// A question made whole, and what was found for it.
pub(crate) struct Retrieved {
    pub(crate) whole: String,
    pub(crate) searched: Searched,
}

impl Answering<'_> {
    /// Makes the question whole and searches for it.
    pub(crate) async fn retrieve(&mut self) -> Result<Retrieved> {
        let alone = self.question.clone();
        let mut earlier: Vec<String> = self
            .history
            .iter()
            .filter(|said| said.author == Author::Contact)
            .map(|said| said.text.clone())
            .collect();
        // What it replies to is the nearest subject.
        if !self.letters.quoted.is_empty() {
            earlier.push(self.letters.quoted.clone());
        }
        let leaning = if earlier.is_empty() {
            Leaning::Alone
        } else {
            follow_up::leaning(&alone)
        };
        match leaning {
            Leaning::Alone => self.searched_for(alone).await,
            Leaning::Surely => {
                let whole = self.made_whole(&alone, &earlier).await?;
                self.searched_for(whole).await
            }
            Leaning::Perhaps => {
                let first = self.searched_for(alone.clone()).await?;
                if first.searched.confidence >= self.assistant.settings.threshold {
                    return Ok(first);
                }
                let whole = self.made_whole(&alone, &earlier).await?;
                if whole == alone {
                    return Ok(first);
                }
                let second = self.searched_for(whole).await?;
                let is_better = second.searched.confidence > first.searched.confidence;
                Ok(if is_better { second } else { first })
            }
        }
    }

    /// The follow-up as a whole question: by the assistant's model, else by carrying the earlier subject.
    async fn made_whole(&mut self, question: &str, earlier: &[String]) -> Result<String> {
        // A small model on this computer would need seconds for it: there the rules do it at once.
        let engine = match self.assistant.settings.engine {
            EngineChoice::Remote => self.app.remote_engine(self.workspace, Place::First).await?,
            EngineChoice::Local | EngineChoice::Quotes => None,
        };
        if let Some(engine) = engine {
            let turns = self.turns();
            let rewritten = timeout(REWRITE_PATIENCE, engine.rewrite(question, &turns)).await;
            match rewritten.unwrap_or(Err(EngineError::TimedOut)) {
                Ok(Some(text)) => {
                    self.step(What::Rewritten {
                        text: text.clone(),
                        by: "engine".to_owned(),
                    });
                    return Ok(text);
                }
                Ok(None) => return Ok(question.to_owned()),
                Err(error) => {
                    tracing::warn!(%error, "the engine could not rewrite a follow-up: the history does")
                }
            }
        }
        match follow_up::carried(question, earlier) {
            Some(text) => {
                self.step(What::Rewritten {
                    text: text.clone(),
                    by: "history".to_owned(),
                });
                Ok(text)
            }
            None => Ok(question.to_owned()),
        }
    }

    async fn searched_for(&mut self, whole: String) -> Result<Retrieved> {
        let limited = self
            .app
            .workspace(self.workspace)
            .conversation_scope(self.conversation.id)
            .await?;
        let scopes = [self.assistant.settings.knowledge.clone(), limited];
        let asked = Asked {
            text: &whole,
            language: self.language,
            scopes: &scopes,
            rerank_from: self.assistant.settings.threshold,
        };
        let searched = self.app.find(self.workspace, asked, LOOKED_AT).await?;
        self.step(What::Search {
            hits: searched.hits.iter().map(trace_hit).collect(),
            embed_ms: searched.embed_ms,
            limited: searched.limited.clone(),
            reranked: searched.reranked.clone(),
        });
        Ok(Retrieved { whole, searched })
    }

    /// Lets the assistant's engine write, quotes when it fails; `None` when the passages do not answer.
    pub(crate) async fn write(&mut self, retrieved: &Retrieved) -> Result<Option<Answer>> {
        // What a newer document contradicts is not quoted beside it.
        let current = retrieved.searched.hits.iter();
        let current = current.filter(|found| found.newer.is_none());
        let given: Vec<&FoundPassage> = current.take(GIVEN).collect();
        let ask = Ask {
            question: retrieved.whole.clone(),
            language: self.language,
            instructions: instructions(&self.assistant.settings),
            history: self.answered_turns(),
            passages: (1..)
                .zip(&given)
                .map(|(number, found)| given_passage(number, found))
                .collect(),
        };
        let choice = self.assistant.settings.engine;
        let ladder = self.app.ladder(self.workspace, choice).await?;
        if ladder.is_empty() && choice != EngineChoice::Quotes {
            self.step(What::Engine {
                engine: match choice {
                    EngineChoice::Local => "local".to_owned(),
                    EngineChoice::Remote | EngineChoice::Quotes => "remote".to_owned(),
                },
                failed: Some("not_set_up".to_owned()),
            });
        }
        if let Some((engine, draft)) = self.raced(&ladder, &ask, &given).await {
            let checked = self.checked(&draft, &given);
            // A model that was asked and cited nothing real has not answered: its words are not sent.
            if draft.answered && checked.kept() > 0 {
                return Ok(Some(self.answered(
                    engine.name(),
                    &draft,
                    checked,
                    retrieved,
                )));
            }
            let sure = after_refusal(retrieved.searched.confidence, engine.odds_after_refusal());
            if !draft.answered && sure < self.assistant.settings.threshold {
                return Ok(None);
            }
            if !draft.answered {
                self.step(What::Engine {
                    engine: engine.name(),
                    failed: Some("not_believed".to_owned()),
                });
            }
        }
        let quotes: Arc<dyn Engine> = Arc::new(self.app.quotes_engine(self.workspace).await?);
        let Some((engine, draft)) = self.raced(&[quotes], &ask, &given).await else {
            return Ok(None);
        };
        let checked = self.checked(&draft, &given);
        let is_answer = draft.answered && checked.kept() > 0;
        Ok(is_answer.then(|| self.answered(engine.name(), &draft, checked, retrieved)))
    }

    fn checked(&mut self, draft: &Draft, given: &[&FoundPassage]) -> citations::Checked {
        let checked = citations::check(draft, given);
        self.step(What::Citations {
            kept: checked.kept(),
            dropped: checked.dropped,
        });
        checked
    }

    /// The first draft of these engines, and whose it is; whoever watches hears it being written.
    async fn raced(
        &mut self,
        engines: &[Arc<dyn Engine>],
        ask: &Ask,
        given: &[&FoundPassage],
    ) -> Option<(Arc<dyn Engine>, Draft)> {
        let told = &*self;
        let written = Mutex::new(String::new());
        let raced = race::race(engines, ask, &|heard| {
            let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
            match heard {
                Heard::Restarted => {
                    written.clear();
                    told.tell(Piece::Restarted);
                }
                Heard::Piece(text) => {
                    told.tell(Piece::Text(text.to_owned()));
                    written.push_str(text);
                    if text.contains(']')
                        && let Some(proven) = proven(&written, ask, given)
                    {
                        told.tell(Piece::Checked(proven));
                    }
                }
            }
        })
        .await;
        for Tried {
            engine,
            took_ms,
            failed,
        } in raced.tried
        {
            if let Some(error) = &failed {
                tracing::warn!(engine, %error, "an engine failed");
            }
            let failed = failed.map(|error| error.code().to_owned());
            self.step_of(took_ms, What::Engine { engine, failed });
        }
        let (number, draft) = raced.written?;
        Some((Arc::clone(&engines[number]), draft))
    }

    fn answered(
        &self,
        engine: String,
        draft: &Draft,
        checked: citations::Checked,
        retrieved: &Retrieved,
    ) -> Answer {
        Answer {
            text: checked.text,
            outcome: Outcome::Answered,
            confidence: retrieved.searched.confidence,
            citations: checked.citations,
            qa_id: None,
            engine,
            usage: draft.usage,
        }
    }
}

/// How sure it is that the passages answer, after an engine found nothing in them: a confidence as that of search.
fn after_refusal(confidence: f32, odds: f32) -> f32 {
    // An engine that is believed leaves no doubt, however sure the search was.
    if odds <= 0.0 {
        return f32::NEG_INFINITY;
    }
    let answers = confidence * odds;
    answers / (answers + 1.0 - confidence)
}

/// The owner's instructions, with the topics that are left alone.
fn instructions(settings: &AssistantSettings) -> String {
    let words = settings.forbidden.words.iter();
    let words: Vec<&str> = words.map(|word| word.trim_end_matches('*')).collect();
    if words.is_empty() {
        return settings.instructions.clone();
    }
    let topics = words.join(", ");
    let told = format!(
        "{}\n\nDo not talk about: {topics}.",
        settings.instructions.trim_end()
    );
    told.trim_start().to_owned()
}

fn given_passage(number: u32, found: &FoundPassage) -> Given {
    Given {
        number,
        title: found.title.clone(),
        headings: found.passage.headings.clone(),
        page: found.passage.page,
        text: found.passage.text.clone(),
        language: found.passage.language,
        table: found.passage.table,
    }
}

/// An answer that is being written, up to its last mark, when everything up to there has its proof.
fn proven(written: &str, ask: &Ask, given: &[&FoundPassage]) -> Option<String> {
    let mark = written.rfind(']')? + 1;
    let stop = written[mark..].find(|sign| !matches!(sign, '.' | '!' | '?'));
    let end = stop.map_or(written.len(), |stop| mark + stop);
    let checked = citations::check(&engine::remote::cited(&written[..end], ask), given);
    (checked.dropped == 0 && checked.kept() > 0).then_some(checked.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_believed_or_weighed_against_how_sure_the_search_was() {
        for confidence in [0.0, 0.5, 1.0] {
            assert!(after_refusal(confidence, 0.0) < 0.0, "it is believed");
            assert!((after_refusal(confidence, 1.0) - confidence).abs() < 1e-6);
        }
        assert!(after_refusal(0.6, 0.4) < 0.5);
        assert!(after_refusal(0.8, 0.4) > 0.5);
        assert!(after_refusal(1.0, 0.4) > 0.99);
    }
}
