//! What an assistant was asked lately, and how sure the search was of it: for trying another threshold on
//! questions that were really asked.

use std::collections::HashSet;

use domain::answer::Outcome;
use domain::conversation::ChannelKind;
use domain::id::{AssistantId, ConversationId, MessageId};
use domain::member::Permission;
use domain::qa::normalised;
use domain::time::Timestamp;
use domain::trace::What;
use store::past::PastAnswer;

use crate::App;
use crate::error::Result;
use crate::who::Who;

/// Most questions that are told.
const QUESTIONS: usize = 200;
/// Longest part of a question that is told, in characters.
const SHOWN: usize = 300;

/// A question that was held against the threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct PastQuestion {
    /// The answer's message.
    pub message_id: MessageId,
    /// Where it was asked.
    pub conversation_id: ConversationId,
    /// Through which channel.
    pub channel: ChannelKind,
    /// Its words, the beginning of them when there are many.
    pub question: String,
    /// How sure the search was, 0..=1.
    pub confidence: f32,
    /// False where it was sure enough and nothing could be answered all the same: no threshold changes that.
    pub is_decided_by_threshold: bool,
    /// When it was answered.
    pub at: Timestamp,
}

impl App {
    /// The questions of an assistant that were held against its threshold, newest first, at most 200, each once.
    pub async fn past_questions(&self, who: &Who, id: AssistantId) -> Result<Vec<PastQuestion>> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        store.assistant(id).await?;
        let mut seen = HashSet::new();
        let mut questions = Vec::new();
        for answer in store.past_answers(id).await? {
            let Some(question) = held(answer) else {
                continue;
            };
            if seen.insert(normalised(&question.question)) {
                questions.push(question);
            }
            if questions.len() == QUESTIONS {
                break;
            }
        }
        Ok(questions)
    }
}

/// The question of an answer that was held against a threshold; nothing where a rule or a Q&A answered, or where
/// nothing at all was found.
fn held(answer: PastAnswer) -> Option<PastQuestion> {
    let mut question = None;
    let mut found = false;
    let mut held = None;
    for step in answer.trace.steps {
        match step.what {
            What::Question { text, .. } => question = Some(text),
            What::Search { hits, .. } => found |= !hits.is_empty(),
            What::Threshold {
                confidence, passed, ..
            } => held = Some((confidence, passed)),
            _ => {}
        }
    }
    let (confidence, passed) = held.filter(|_| found)?;
    Some(PastQuestion {
        message_id: answer.message_id,
        conversation_id: answer.conversation_id,
        channel: answer.channel,
        question: question?.chars().take(SHOWN).collect(),
        confidence,
        is_decided_by_threshold: !passed || answer.outcome == Some(Outcome::Answered),
        at: answer.at,
    })
}
