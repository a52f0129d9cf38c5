//! How an assistant fared lately: questions that were held against its threshold, and the rungs of its ladder.

use app::assistants::ladder::{Rung, RungKind};
use app::assistants::past;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::conversations::Channel;
use crate::wire::{Id, Time};

/// Questions that were held against the threshold.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastQuestions {
    /// At most 200, newest first, each once.
    pub items: Vec<PastQuestion>,
}

/// A question that was held against the threshold.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastQuestion {
    /// The answer's message: its trace tells the rest.
    pub message_id: Id,
    /// Where it was asked.
    pub conversation_id: Id,
    /// Through which channel.
    pub channel: Channel,
    /// Its words, the beginning of them when there are many.
    #[schema(example = "How long does delivery take?")]
    pub question: String,
    /// How sure the search was, 0..=1. From the assistant's threshold on it is answered.
    #[schema(example = 0.62)]
    pub confidence: f32,
    /// False where it was sure enough and nothing could be answered all the same: no threshold changes that.
    #[schema(example = true)]
    pub decided_by_threshold: bool,
    /// When it was answered.
    pub at: Time,
}

/// Who writes an assistant's answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct EngineLadder {
    /// The rungs, the first that is tried first.
    pub rungs: Vec<EngineRung>,
}

/// One rung of the ladder.
#[derive(Debug, Serialize, ToSchema)]
pub struct EngineRung {
    /// What it is.
    pub kind: EngineRungKind,
    /// The model's name; empty where there is none.
    #[schema(example = "qwen3:8b")]
    pub model: String,
    /// When it was tried last, within the newest answers.
    #[schema(required)]
    pub last_at: Option<Time>,
    /// Why it failed then, as in a trace; null when it did not.
    #[schema(required, example = "unreachable")]
    pub last_failed: Option<String>,
}

/// What a rung of the ladder is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "quotes")]
pub enum EngineRungKind {
    /// The remote engine of the settings; without a model none is set up.
    Remote,
    /// The chat model on this computer; without a model none is chosen and there.
    Local,
    /// Sentences of the documents, word for word.
    Quotes,
    /// A person is asked for.
    Person,
    /// The owner's words that nothing was found; nobody is asked for.
    Refusal,
}

impl From<past::PastQuestion> for PastQuestion {
    fn from(asked: past::PastQuestion) -> PastQuestion {
        PastQuestion {
            message_id: Id::of(asked.message_id),
            conversation_id: Id::of(asked.conversation_id),
            channel: asked.channel.into(),
            question: asked.question,
            confidence: asked.confidence,
            decided_by_threshold: asked.is_decided_by_threshold,
            at: asked.at.into(),
        }
    }
}

impl From<Rung> for EngineRung {
    fn from(rung: Rung) -> EngineRung {
        let (last_at, last_failed) = match rung.last {
            Some(last) => (Some(last.at.into()), last.failed),
            None => (None, None),
        };
        EngineRung {
            kind: match rung.kind {
                RungKind::Remote => EngineRungKind::Remote,
                RungKind::Local => EngineRungKind::Local,
                RungKind::Quotes => EngineRungKind::Quotes,
                RungKind::Person => EngineRungKind::Person,
                RungKind::Refusal => EngineRungKind::Refusal,
            },
            model: rung.model,
            last_at,
            last_failed,
        }
    }
}
