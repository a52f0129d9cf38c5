//! Assistants: what answers.

use serde::{Deserialize, Serialize};

use crate::forbidden::Forbidden;
use crate::handoff::rules::HandoffRules;
use crate::hours::Hours;
use crate::id::AssistantId;
use crate::language::Language;
use crate::scope::Scope;
use crate::time::Timestamp;

/// What answers: instructions, rules, engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assistant {
    /// Its id.
    pub id: AssistantId,
    /// The name people see.
    pub name: String,
    /// Everything that can be changed about it.
    pub settings: AssistantSettings,
    /// Grows by one with every change of its settings.
    pub version: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Everything about an assistant that its owner can change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssistantSettings {
    /// Instructions for engines that can follow them, at most 8,000 characters.
    pub instructions: String,
    /// The first words to a new customer; empty for none.
    pub greeting: String,
    /// What is said when the documents do not answer; one text a language, the first one is the default.
    pub refusals: Vec<Refusal>,
    /// Confidence (0..=1) below which a question is refused.
    pub threshold: f32,
    /// Which engine writes.
    pub engine: EngineChoice,
    /// Questions offered to a new customer.
    pub suggestions: Vec<String>,
    /// The part of the documents it answers from. Approved answers (Q&A) are for every assistant.
    pub knowledge: Scope,
    /// When people are there; always, when absent.
    pub hours: Option<Hours>,
    /// When a person is asked for, and what the customer is told.
    pub handoff: HandoffRules,
    /// What is not talked about.
    pub forbidden: Forbidden,
}

/// An assistant as it was from one change to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// The name people saw.
    pub name: String,
    /// Everything that could be changed about it.
    pub settings: AssistantSettings,
    /// Who made it: the member's name as it was then; empty where that is not known.
    pub changed_by: String,
    /// When.
    pub changed_at: Timestamp,
    /// The earlier version that it returned to.
    pub returned_to: Option<u32>,
}

/// A part of an assistant that a change can touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Its name.
    Name,
    /// The first words to a customer.
    Greeting,
    /// The questions that it suggests.
    Suggestions,
    /// Its instructions.
    Instructions,
    /// What it does not talk about.
    Forbidden,
    /// What it says when the documents do not answer.
    Refusals,
    /// How sure it must be.
    Threshold,
    /// When a person is asked for.
    Handoff,
    /// When people are there.
    Hours,
    /// Which documents it answers from.
    Knowledge,
    /// Who writes its answers.
    Engine,
}

impl Version {
    /// The parts in which it differs from another version.
    pub fn differences(&self, other: &Version) -> Vec<Part> {
        let (mine, theirs) = (&self.settings, &other.settings);
        let parts = [
            (Part::Name, self.name != other.name),
            (Part::Greeting, mine.greeting != theirs.greeting),
            (Part::Suggestions, mine.suggestions != theirs.suggestions),
            (Part::Instructions, mine.instructions != theirs.instructions),
            (Part::Forbidden, mine.forbidden != theirs.forbidden),
            (Part::Refusals, mine.refusals != theirs.refusals),
            (Part::Threshold, mine.threshold != theirs.threshold),
            (Part::Handoff, mine.handoff != theirs.handoff),
            (Part::Hours, mine.hours != theirs.hours),
            (Part::Knowledge, mine.knowledge != theirs.knowledge),
            (Part::Engine, mine.engine != theirs.engine),
        ];
        let changed = parts.into_iter().filter(|(_, is_changed)| *is_changed);
        changed.map(|(part, _)| part).collect()
    }
}

/// What is said in one language when the documents do not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The language.
    pub language: Language,
    /// The words.
    pub text: String,
}

/// Which engine writes an answer. When the chosen one fails, quotes answer instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineChoice {
    /// The sentences that answer, verbatim; no model.
    #[default]
    Quotes,
    /// The OpenAI-compatible server of the workspace's settings; the local model where that fails and one is chosen.
    Remote,
    /// The chat model of the workspace's settings, on this computer.
    Local,
}

/// Confidence below which a question is refused, unless the owner says otherwise.
pub const DEFAULT_THRESHOLD: f32 = 0.5;

impl Default for AssistantSettings {
    fn default() -> Self {
        AssistantSettings {
            instructions: String::new(),
            greeting: String::new(),
            refusals: vec![
                Refusal {
                    language: Language::EN,
                    text:
                        "I could not find this in our documents. A colleague will get back to you."
                            .to_owned(),
                },
                Refusal {
                    language: Language::RU,
                    text: "Я не нашёл этого в наших документах. Вам ответит сотрудник.".to_owned(),
                },
            ],
            threshold: DEFAULT_THRESHOLD,
            engine: EngineChoice::Quotes,
            suggestions: Vec::new(),
            knowledge: Scope::default(),
            hours: None,
            handoff: HandoffRules::default(),
            forbidden: Forbidden::default(),
        }
    }
}

impl AssistantSettings {
    /// The refusal in `language`, else the first one; empty only when the owner left none.
    pub fn refusal(&self, language: Language) -> &str {
        let fitting = self
            .refusals
            .iter()
            .find(|refusal| refusal.language == language);
        fitting
            .or(self.refusals.first())
            .map_or("", |refusal| &refusal.text)
    }

    /// The language that it speaks where the customer's is not known: that of the first refusal.
    pub fn language(&self) -> Language {
        self.refusals
            .first()
            .map_or(Language::EN, |refusal| refusal.language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_in_the_customers_language_where_there_is_one() {
        let settings = AssistantSettings::default();
        assert!(settings.refusal(Language::RU).starts_with("Я не нашёл"));
        assert!(
            settings
                .refusal(Language::UNKNOWN)
                .starts_with("I could not find")
        );
        assert_eq!(settings.language(), Language::EN);
    }

    #[test]
    fn a_change_names_the_parts_that_it_touches() {
        let first = Version {
            number: 1,
            name: "Tea".to_owned(),
            settings: AssistantSettings::default(),
            changed_by: String::new(),
            changed_at: Timestamp(0),
            returned_to: None,
        };
        let mut second = first.clone();
        assert_eq!(second.differences(&first), []);
        second.settings.threshold = 0.7;
        second.settings.forbidden.words = vec!["politics".to_owned()];
        assert_eq!(
            second.differences(&first),
            [Part::Forbidden, Part::Threshold]
        );
    }
}
