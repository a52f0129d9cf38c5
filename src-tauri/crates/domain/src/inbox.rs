//! What operators keep beside conversations: labels, saved replies, who looks after which one. Pure.
//!
//! Not here: who answers the customer (`handoff`).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::handoff::Operator;
use crate::id::{InboxLabelId, SavedReplyId};
use crate::language::Language;
use crate::time::Timestamp;

/// Labels that a workspace has at most.
pub const MAX_LABELS: usize = 50;
/// Labels that a conversation has at most.
pub const MAX_LABELS_OF_ONE: usize = 10;
/// Characters of a label's name.
pub const LONGEST_LABEL: usize = 40;
/// Saved replies that a workspace has at most.
pub const MAX_REPLIES: usize = 500;
/// Characters of a saved reply's name.
pub const LONGEST_REPLY_NAME: usize = 60;
/// Words that are searched for at once; further ones are left out.
pub const MAX_SEARCHED: usize = 8;

/// A label of conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxLabel {
    /// Its id.
    pub id: InboxLabelId,
    /// Its name: one line of at most [`LONGEST_LABEL`] characters.
    pub name: String,
    /// The colour beside it.
    pub colour: LabelColour,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Colours of labels: names of the look's tokens, so that each theme has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelColour {
    /// No colour.
    Grey,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Teal.
    Teal,
    /// Green.
    Green,
    /// Amber.
    Amber,
    /// Red.
    Red,
}

/// Words that operators keep for the next time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedReply {
    /// Its id.
    pub id: SavedReplyId,
    /// What it is found by: one line of at most [`LONGEST_REPLY_NAME`] characters.
    pub name: String,
    /// In which language it is; unknown for any.
    pub language: Language,
    /// The words, at most `conversation::MAX_QUESTION` characters. `{name}`, `{me}` and `{business}` stand for the
    /// customer's name, the operator's and the business's.
    pub text: String,
    /// When it was written last.
    pub updated_at: Timestamp,
}

/// Somebody gave a conversation to a member, or took it from them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Who did it.
    pub by: Operator,
    /// Who looks after it from then on; nobody for nobody.
    pub to: Option<Operator>,
    /// When.
    pub at: Timestamp,
}

/// What conversations are searched by: the beginnings of words, lowercase and without accents' quarrel over `ё`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchedWords(Vec<String>);

/// A text without a word in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no word in it")]
pub struct NoWords;

impl SearchedWords {
    /// The beginnings: letters and digits only, at least one.
    pub fn beginnings(&self) -> &[String] {
        &self.0
    }

    /// Where the first of them begins in a text, in bytes; `None` where it has none of them.
    pub fn first_in(&self, text: &str) -> Option<usize> {
        words_of(text)
            .find(|(_, word)| {
                let word = folded(word);
                self.0.iter().any(|beginning| word.starts_with(beginning))
            })
            .map(|(at, _)| at)
    }
}

impl FromStr for SearchedWords {
    type Err = NoWords;

    /// Longer words are searched without their ending, so that other forms of them are found too.
    fn from_str(text: &str) -> Result<SearchedWords, NoWords> {
        let mut words: Vec<String> = Vec::new();
        for (_, word) in words_of(text) {
            let beginning = beginning_of(&folded(word));
            if !words.contains(&beginning) {
                words.push(beginning);
            }
        }
        words.truncate(MAX_SEARCHED);
        match words.is_empty() {
            true => Err(NoWords),
            false => Ok(SearchedWords(words)),
        }
    }
}

/// Words with the place where each begins, in bytes.
fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_between = |c: char| !c.is_alphanumeric();
    let mut end = 0;
    text.split_inclusive(is_between)
        .map(move |piece| {
            let begin = end;
            end += piece.len();
            (begin, piece.trim_end_matches(is_between))
        })
        .filter(|(_, word)| !word.is_empty())
}

fn folded(word: &str) -> String {
    word.to_lowercase().replace('ё', "е")
}

/// Of words of six letters all but the last two, of five all but the last; numbers and short words as they are.
fn beginning_of(word: &str) -> String {
    let length = word.chars().count();
    let is_number = word.chars().any(char::is_numeric);
    let kept = match length {
        _ if is_number => length,
        0..=4 => length,
        5 => 4,
        _ => length - 2,
    };
    word.chars().take(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(text: &str) -> SearchedWords {
        text.parse().unwrap()
    }

    #[test]
    fn other_forms_of_a_word_are_found_by_its_beginning() {
        let words = searched("Доставка  ёлки, \"12345\"!");
        assert_eq!(words.beginnings(), ["достав", "елки", "12345"]);
        assert_eq!(words.first_in("Есть ли доставку?"), Some("Есть ли ".len()));
        assert_eq!(words.first_in("Нет такого"), None);
    }

    #[test]
    fn a_text_without_words_searches_nothing() {
        assert_eq!("* \" - ()".parse::<SearchedWords>(), Err(NoWords));
        assert_eq!(searched(&"слово1 ".repeat(50)).beginnings().len(), 1);
        let many: String = (0..50).map(|number| format!("a{number} ")).collect();
        assert_eq!(searched(&many).beginnings().len(), MAX_SEARCHED);
    }
}
