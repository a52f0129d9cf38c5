//! What an assistant does not talk about: words of the owner's. A question that has one of them is not answered,
//! whatever the documents say.

use serde::{Deserialize, Serialize};

use crate::assistant::Refusal;
use crate::handoff::rules::has_phrase;
use crate::language::Language;
use crate::qa::normalised;

/// Most words.
pub const MAX_WORDS: usize = 100;
/// Longest of them, in characters.
pub const MAX_WORD: usize = 100;
/// Most languages with words of the owner's own.
pub const MAX_TEXTS: usize = 20;
/// Longest of these texts, in characters.
pub const MAX_TEXT: usize = 1_000;

/// Topics that are left alone, and what is said instead.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Forbidden {
    /// A phrase is looked for as whole words, whatever their case; a `*` at the end of a word stands for any
    /// ending (`диагноз*`).
    pub words: Vec<String>,
    /// The owner's own words in place of the usual ones, one text a language.
    pub texts: Vec<Refusal>,
}

/// What is wrong with topics that are left alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForbiddenFault {
    /// A word is empty, too long, or there are too many.
    #[error(
        "at most {MAX_WORDS} topics are left alone, each of letters or digits and at most {MAX_WORD} characters"
    )]
    Words,
    /// A text is empty, too long, or there are too many.
    #[error("at most {MAX_TEXTS} texts of 1 to {MAX_TEXT} characters")]
    Texts,
    /// Two texts are in one language.
    #[error("there are two texts in the same language")]
    TextTwice,
}

impl Forbidden {
    /// The first of the words that stands in a question.
    pub fn in_question(&self, question: &str) -> Option<&str> {
        let said = normalised(question);
        let said: Vec<&str> = said.split(' ').collect();
        let word = self.words.iter().find(|phrase| has_phrase(&said, phrase))?;
        Some(word)
    }

    /// What is said instead of an answer; English where neither the owner nor the program has words in the
    /// language.
    pub fn told(&self, language: Language) -> &str {
        let own = |language: Language| {
            let mut texts = self.texts.iter();
            texts.find(|text| text.language == language)
        };
        if let Some(text) = own(language) {
            return &text.text;
        }
        if language == Language::RU {
            return "На эту тему я здесь не отвечаю. Спросите о наших товарах и услугах.";
        }
        own(Language::EN).map_or(
            "I cannot help with this topic here. Ask me about our products and services.",
            |text| &text.text,
        )
    }

    /// What is wrong with it; nothing when all is well.
    pub fn check(&self) -> Result<(), ForbiddenFault> {
        let is_phrase =
            |phrase: &String| phrase.chars().count() <= MAX_WORD && !normalised(phrase).is_empty();
        if self.words.len() > MAX_WORDS || !self.words.iter().all(is_phrase) {
            return Err(ForbiddenFault::Words);
        }
        let is_text = |text: &Refusal| (1..=MAX_TEXT).contains(&text.text.trim().chars().count());
        if self.texts.len() > MAX_TEXTS || !self.texts.iter().all(is_text) {
            return Err(ForbiddenFault::Texts);
        }
        let is_twice = |(index, text): (usize, &Refusal)| {
            let mut later = self.texts.iter().skip(index + 1);
            later.any(|other| other.language == text.language)
        };
        match self.texts.iter().enumerate().any(is_twice) {
            true => Err(ForbiddenFault::TextTwice),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Forbidden {
        Forbidden {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            texts: Vec::new(),
        }
    }

    #[test]
    fn a_topic_is_found_as_whole_words_and_by_any_ending_where_that_is_meant() {
        let topics = of(&["politics", "диагноз*", "other shops"]);
        let cases = [
            ("What do you think of Politics?", Some("politics")),
            ("Поставьте мне диагноз, пожалуйста", Some("диагноз*")),
            ("Какие диагнозы бывают?", Some("диагноз*")),
            ("Are other shops cheaper?", Some("other shops")),
            ("Is the other shop cheaper?", None),
            ("Is it geopolitics?", None),
            ("How much is delivery?", None),
        ];
        for (question, topic) in cases {
            assert_eq!(topics.in_question(question), topic, "{question}");
        }
    }

    #[test]
    fn the_owners_words_are_said_in_their_language() {
        let mut topics = of(&["politics"]);
        assert!(topics.told(Language::RU).starts_with("На эту тему"));
        topics.texts.push(Refusal {
            language: Language::EN,
            text: "Let us talk about tea.".to_owned(),
        });
        assert_eq!(topics.told(Language::EN), "Let us talk about tea.");
        assert_eq!(topics.told(Language::UNKNOWN), "Let us talk about tea.");
        assert!(topics.told(Language::RU).starts_with("На эту тему"));
    }

    #[test]
    fn what_is_no_word_is_refused() {
        assert_eq!(of(&["politics"]).check(), Ok(()));
        assert_eq!(of(&["?!"]).check(), Err(ForbiddenFault::Words));
        let long = "a".repeat(MAX_WORD + 1);
        assert_eq!(of(&[&long]).check(), Err(ForbiddenFault::Words));
        let mut twice = of(&[]);
        let text = Refusal {
            language: Language::EN,
            text: "No.".to_owned(),
        };
        twice.texts = vec![text.clone(), text];
        assert_eq!(twice.check(), Err(ForbiddenFault::TextTwice));
    }
}
