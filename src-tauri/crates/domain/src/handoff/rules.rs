//! The owner's rules of handoff: when a person is asked for, and what the customer is told.

use serde::{Deserialize, Serialize};

use crate::handoff::{Act, Moment, Transition, Why};
use crate::language::Language;
use crate::qa::normalised;

/// Most words that always hand over.
pub const MAX_WORDS: usize = 100;
/// Longest of them, in characters.
pub const MAX_WORD: usize = 100;
/// Most texts of the owner's own.
pub const MAX_TEXTS: usize = 40;
/// Longest of them, in characters.
pub const MAX_TEXT: usize = 1_000;
/// Longest wait of [`HandoffRules::idle_minutes`]: a week.
pub const MAX_IDLE: u32 = 7 * 24 * 60;
/// Most refusals in a row that can be waited for.
pub const MAX_REFUSALS: u32 = 20;
/// What stands in a text for the operator's name.
pub const NAME: &str = "{name}";

/// When a person is asked for, and what the customer is told. A customer who asks for a person is always heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandoffRules {
    /// A person is asked for when the documents do not answer.
    pub on_low_confidence: bool,
    /// A person is asked for when nothing was answered so many times in a row; 0 for never.
    pub after_refusals: u32,
    /// A person is asked for when the customer gives an answer a low rating.
    pub on_low_rating: bool,
    /// Words that always ask for a person. A phrase is looked for as whole words, whatever their case; a `*`
    /// at the end of a word stands for any ending (`возврат*`).
    pub words: Vec<String>,
    /// What the assistant does until somebody comes, where the customer did not ask for a person.
    pub meanwhile: Meanwhile,
    /// Minutes without a word of the operator, or without an operator, after which the assistant answers again.
    pub idle_minutes: u32,
    /// True when customers are told the operator's name.
    pub show_name: bool,
    /// The owner's own words in place of the usual ones; empty words say nothing at that moment.
    pub texts: Vec<HandoffText>,
}

/// What the assistant does after a person was asked for, until one comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meanwhile {
    /// It says nothing.
    Silent,
    /// It goes on answering what it can.
    #[default]
    Answering,
}

/// What is said to customers at one moment in one language. `{name}` stands for the operator's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffText {
    /// When.
    pub moment: Moment,
    /// In which language.
    pub language: Language,
    /// The words; empty for none.
    pub text: String,
}

/// What is wrong with the rules of a handoff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesFault {
    /// A word is empty, too long, or there are too many.
    #[error(
        "at most {MAX_WORDS} phrases hand over, each of letters or digits and at most {MAX_WORD} characters"
    )]
    Words,
    /// The wait is outside its bounds.
    #[error("the assistant answers again after 1 to {MAX_IDLE} minutes")]
    Idle,
    /// The number of refusals is outside its bounds.
    #[error("at most {MAX_REFUSALS} refusals are waited for")]
    Refusals,
    /// A text is too long, or there are too many.
    #[error("at most {MAX_TEXTS} texts of at most {MAX_TEXT} characters")]
    Texts,
    /// Two texts are for the same moment and language.
    #[error("there are two texts for the same moment and language")]
    TextTwice,
}

impl Default for HandoffRules {
    fn default() -> HandoffRules {
        HandoffRules {
            on_low_confidence: true,
            after_refusals: 3,
            on_low_rating: true,
            words: Vec::new(),
            meanwhile: Meanwhile::default(),
            idle_minutes: 30,
            show_name: true,
            texts: Vec::new(),
        }
    }
}

impl HandoffRules {
    /// What an answer that was not given asks for: `refusals` counts it and those right before it.
    pub fn on_refusal(&self, refusals: u32) -> Option<Act> {
        if self.after_refusals > 0 && refusals >= self.after_refusals {
            return Some(Act::RepeatedRefusal { times: refusals });
        }
        self.on_low_confidence.then_some(Act::LowConfidence)
    }

    /// What the words of a message ask for by the owner's rules.
    pub fn on_message(&self, message: &str) -> Option<Act> {
        let said = normalised(message);
        let said: Vec<&str> = said.split(' ').collect();
        let words = self.words.iter().find(|phrase| has_phrase(&said, phrase))?;
        Some(Act::OwnersRule {
            words: words.clone(),
        })
    }

    /// What the customer is told of a transition; nothing where nothing is said. English where neither the
    /// owner nor the program has words in the language.
    pub fn told(&self, transition: &Transition, language: Language) -> Option<String> {
        let moment = transition.moment()?;
        let name = transition.to.operator().map(|operator| &operator.name);
        let name = name.filter(|name| self.show_name && !name.trim().is_empty());
        let own = |language: Language| {
            let texts = &mut self.texts.iter();
            texts.find(|text| text.moment == moment && text.language == language)
        };
        let usual = usual(moment, name.is_some(), language);
        let fallback = match language == Language::RU {
            true => None,
            false => own(Language::EN),
        };
        let text = match own(language).or(fallback) {
            Some(own) => own.text.as_str(),
            None => usual,
        };
        let nobody = match language == Language::RU {
            true => "сотрудник",
            false => "a colleague",
        };
        let said = text.replace(NAME, name.map_or(nobody, |name| name.trim()));
        let said = said.trim();
        (!said.is_empty()).then(|| said.to_owned())
    }

    /// What is wrong with these rules; nothing when all is well.
    pub fn check(&self) -> Result<(), RulesFault> {
        let is_phrase =
            |phrase: &String| phrase.chars().count() <= MAX_WORD && !normalised(phrase).is_empty();
        if self.words.len() > MAX_WORDS || !self.words.iter().all(is_phrase) {
            return Err(RulesFault::Words);
        }
        if !(1..=MAX_IDLE).contains(&self.idle_minutes) {
            return Err(RulesFault::Idle);
        }
        if self.after_refusals > MAX_REFUSALS {
            return Err(RulesFault::Refusals);
        }
        let is_long = |text: &HandoffText| text.text.chars().count() > MAX_TEXT;
        if self.texts.len() > MAX_TEXTS || self.texts.iter().any(is_long) {
            return Err(RulesFault::Texts);
        }
        for (index, text) in self.texts.iter().enumerate() {
            let mut earlier = self.texts[..index].iter();
            if earlier.any(|one| one.moment == text.moment && one.language == text.language) {
                return Err(RulesFault::TextTwice);
            }
        }
        Ok(())
    }

    /// Why a person is asked for by an act; nothing when the rules do not.
    pub(super) fn why(&self, act: &Act) -> Option<Why> {
        match act {
            Act::CustomerAsks { words } => Some(Why::CustomerAsked {
                words: words.clone(),
            }),
            Act::OwnersRule { words } => Some(Why::OwnersRule {
                words: words.clone(),
            }),
            Act::LowConfidence => self.on_low_confidence.then_some(Why::LowConfidence),
            Act::RepeatedRefusal { times } => {
                let is_due = self.after_refusals > 0 && *times >= self.after_refusals;
                is_due.then_some(Why::RepeatedRefusal { times: *times })
            }
            Act::LowRating => self.on_low_rating.then_some(Why::LowRating),
            Act::OperatorTypes { .. }
            | Act::Take { .. }
            | Act::HandBack { .. }
            | Act::Close { .. }
            | Act::Reopen
            | Act::IdleFor { .. } => None,
        }
    }

    /// What the assistant does until somebody comes. A customer who asked for a person, or named what the owner
    /// wants people for, is not answered by a machine any more.
    pub(super) fn meanwhile(&self, why: &Why) -> Meanwhile {
        match why {
            Why::CustomerAsked { .. } | Why::OwnersRule { .. } => Meanwhile::Silent,
            Why::LowConfidence | Why::RepeatedRefusal { .. } | Why::LowRating => self.meanwhile,
        }
    }
}

/// True when the words of a phrase stand in a message one after another; `said` is the message normalised, in words.
pub(crate) fn has_phrase(said: &[&str], phrase: &str) -> bool {
    let wanted: Vec<(String, bool)> = phrase
        .split_whitespace()
        .map(|word| (normalised(word), word.ends_with('*')))
        .filter(|(word, _)| !word.is_empty())
        .collect();
    let is_there = |window: &[&str]| {
        let mut both = window.iter().zip(&wanted);
        both.all(|(said, (word, any_ending))| match any_ending {
            true => said.starts_with(word.as_str()),
            false => said == word,
        })
    };
    !wanted.is_empty() && said.windows(wanted.len()).any(is_there)
}

/// The usual words: English where the language is not Russian.
fn usual(moment: Moment, is_named: bool, language: Language) -> &'static str {
    let (english, russian) = match (moment, is_named) {
        (Moment::Requested, _) => (
            "I have asked a colleague to join. They will answer you here.",
            "Я позвал сотрудника. Он ответит вам здесь.",
        ),
        (Moment::Taken, true) => ("{name} is answering you now.", "Вам отвечает {name}."),
        (Moment::Taken, false) => (
            "A colleague is answering you now.",
            "Вам отвечает сотрудник.",
        ),
        (Moment::HandedBack, _) => (
            "The assistant is answering again. Ask for a person at any time.",
            "Снова отвечает помощник. Позвать человека можно в любой момент.",
        ),
        (Moment::NobodyCame, _) => (
            "Nobody has been free to answer yet; your request is kept. Meanwhile the assistant is answering again.",
            "Пока никто не освободился; ваша просьба сохранена. А пока снова отвечает помощник.",
        ),
        (Moment::Closed, _) => (
            "This conversation is closed. Write again any time.",
            "Разговор завершён. Пишите в любое время.",
        ),
    };
    match language == Language::RU {
        true => russian,
        false => english,
    }
}
