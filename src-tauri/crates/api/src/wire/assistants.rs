//! Assistants and everything about them that their owner can change.

use domain::{assistant, forbidden};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::wire::handoff::HandoffRules;
use crate::wire::hours::Hours;
use crate::wire::labels::Scope;
use crate::wire::{Id, Language, Time};

/// What answers: instructions, rules, engine.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assistant {
    /// Its id.
    pub id: Id,
    /// The name people see.
    #[schema(example = "Lindenhof helper")]
    pub name: String,
    /// Grows by one with every change.
    #[schema(example = 3)]
    pub version: u32,
    /// Everything that can be changed about it.
    pub settings: AssistantSettings,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// Everything about an assistant that its owner can change.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AssistantSettings {
    /// Instructions for engines that can follow them, at most 8,000 characters.
    #[schema(example = "Be brief and friendly.", max_length = 8000)]
    pub instructions: String,
    /// The first words to a new customer; empty for none.
    #[schema(example = "Hello! Ask me about our bicycles.")]
    pub greeting: String,
    /// What is said when the documents do not answer; one text a language, the first one is the default.
    pub refusals: Vec<Refusal>,
    /// Confidence below which a question is refused, 0..=1.
    #[schema(example = 0.5, minimum = 0, maximum = 1)]
    pub threshold: f32,
    /// Which engine writes.
    pub engine: EngineChoice,
    /// Questions offered to a new customer.
    #[schema(example = json!(["How long does delivery take?"]))]
    pub suggestions: Vec<String>,
    /// The part of the documents it answers from; everything when it names nothing.
    pub knowledge: Scope,
    /// When people are there; always, when absent.
    #[serde(default)]
    #[schema(required)]
    pub hours: Option<Hours>,
    /// When a person is asked for, and what the customer is told; the usual rules when absent.
    #[serde(default)]
    #[schema(required)]
    pub handoff: HandoffRules,
    /// What is not talked about; nothing when absent.
    #[serde(default)]
    #[schema(required)]
    pub forbidden: Forbidden,
}

/// Topics that are left alone, whatever the documents say.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Forbidden {
    /// Words that such questions have, at most 100. `*` at the end of a word stands for any ending.
    #[schema(example = json!(["politics", "diagnos*"]))]
    pub words: Vec<String>,
    /// What is said instead of an answer, at most one text a language; the usual words where there is none.
    #[serde(default)]
    #[schema(required)]
    pub texts: Vec<Refusal>,
}

/// What is said in one language when the documents do not answer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// The language.
    pub language: Language,
    /// The words.
    #[schema(example = "A colleague will get back to you.")]
    pub text: String,
}

/// Which engine writes an answer. When the chosen one fails, quotes answer instead.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "quotes")]
pub enum EngineChoice {
    /// The sentences that answer, verbatim; no model.
    Quotes,
    /// The OpenAI-compatible server of the settings; the local model where that fails and one is chosen.
    Remote,
    /// The chat model of the settings, on this computer.
    Local,
}

/// All assistants.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assistants {
    /// The assistants.
    pub items: Vec<Assistant>,
}

/// A new assistant.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAssistant {
    /// The name people see.
    #[schema(example = "Lindenhof helper", max_length = 100)]
    pub name: String,
    /// Everything about it; the usual settings when absent.
    pub settings: Option<AssistantSettings>,
}

/// An assistant as it should become.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PutAssistant {
    /// The name people see.
    #[schema(example = "Lindenhof helper", max_length = 100)]
    pub name: String,
    /// The version this change was made from; `conflict` when somebody else was faster.
    #[schema(example = 3)]
    pub version: u32,
    /// Everything about it.
    pub settings: AssistantSettings,
}

impl From<assistant::Assistant> for Assistant {
    fn from(assistant: assistant::Assistant) -> Assistant {
        Assistant {
            id: Id::of(assistant.id),
            name: assistant.name,
            version: assistant.version,
            settings: assistant.settings.into(),
            created_at: assistant.created_at.into(),
            updated_at: assistant.updated_at.into(),
        }
    }
}

impl From<assistant::AssistantSettings> for AssistantSettings {
    fn from(settings: assistant::AssistantSettings) -> AssistantSettings {
        AssistantSettings {
            instructions: settings.instructions,
            greeting: settings.greeting,
            refusals: told(settings.refusals),
            threshold: settings.threshold,
            engine: match settings.engine {
                assistant::EngineChoice::Quotes => EngineChoice::Quotes,
                assistant::EngineChoice::Remote => EngineChoice::Remote,
                assistant::EngineChoice::Local => EngineChoice::Local,
            },
            suggestions: settings.suggestions,
            knowledge: settings.knowledge.into(),
            hours: settings.hours.map(Hours::from),
            handoff: settings.handoff.into(),
            forbidden: Forbidden {
                words: settings.forbidden.words,
                texts: told(settings.forbidden.texts),
            },
        }
    }
}

impl TryFrom<AssistantSettings> for assistant::AssistantSettings {
    type Error = Problem;

    fn try_from(settings: AssistantSettings) -> Result<Self, Problem> {
        Ok(assistant::AssistantSettings {
            instructions: settings.instructions,
            greeting: settings.greeting,
            refusals: parsed("refusals", settings.refusals)?,
            threshold: settings.threshold,
            engine: match settings.engine {
                EngineChoice::Quotes => assistant::EngineChoice::Quotes,
                EngineChoice::Remote => assistant::EngineChoice::Remote,
                EngineChoice::Local => assistant::EngineChoice::Local,
            },
            suggestions: settings.suggestions,
            knowledge: settings.knowledge.parse()?,
            hours: settings.hours.map(Hours::parse).transpose()?,
            handoff: settings.handoff.parse()?,
            forbidden: forbidden::Forbidden {
                words: settings.forbidden.words,
                texts: parsed("forbidden", settings.forbidden.texts)?,
            },
        })
    }
}

fn told(texts: Vec<assistant::Refusal>) -> Vec<Refusal> {
    let texts = texts.into_iter().map(|text| Refusal {
        language: text.language.into(),
        text: text.text,
    });
    texts.collect()
}

fn parsed(field: &'static str, texts: Vec<Refusal>) -> Result<Vec<assistant::Refusal>, Problem> {
    let texts = texts.into_iter().map(|text| {
        Ok(assistant::Refusal {
            language: text.language.parse(field)?,
            text: text.text,
        })
    });
    texts.collect()
}
