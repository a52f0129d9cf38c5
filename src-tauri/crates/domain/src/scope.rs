//! Labels of documents, and which part of the knowledge is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::SourceId;

/// Most labels of one document.
pub const MAX_LABELS: usize = 20;
/// Longest label, in characters.
pub const MAX_LABEL: usize = 40;
/// Most sources and labels that one scope names.
pub const MAX_SCOPE: usize = 100;

/// A short word on a document: one line of 1 to [`MAX_LABEL`] characters without a comma.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

/// A text that is no label: empty, longer than [`MAX_LABEL`] characters, with a comma or a control character.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a label")]
pub struct NotALabel;

/// A part of the knowledge: the documents of any of these sources that carry any of these labels. Where no
/// source is named documents of every source are meant, where no label is named labels do not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Scope {
    /// Only of these sources; empty for all.
    pub sources: Vec<SourceId>,
    /// Only with one of these labels; empty for all.
    pub labels: Vec<Label>,
}

impl Label {
    /// The label as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which labels are compared: `Prices` and `prices` are one label, `ё` is `е`.
    pub fn key(&self) -> String {
        self.0.to_lowercase().replace('ё', "е")
    }
}

impl FromStr for Label {
    type Err = NotALabel;

    fn from_str(text: &str) -> Result<Label, NotALabel> {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_label = !words.is_empty()
            && words.chars().count() <= MAX_LABEL
            && !words.chars().any(|c| c == ',' || c.is_control());
        match is_label {
            true => Ok(Label(words)),
            false => Err(NotALabel),
        }
    }
}

impl TryFrom<String> for Label {
    type Error = NotALabel;

    fn try_from(text: String) -> Result<Label, NotALabel> {
        text.parse()
    }
}

impl From<Label> for String {
    fn from(label: Label) -> String {
        label.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Scope {
    /// True when all of the knowledge is meant.
    pub fn is_everything(&self) -> bool {
        self.sources.is_empty() && self.labels.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_short_line() {
        let label: Label = "  Цены \n опт ".parse().unwrap();
        assert_eq!(label.as_str(), "Цены опт");
        assert_eq!("Ёлки".parse::<Label>().unwrap().key(), "елки");
        let long = "a".repeat(MAX_LABEL + 1);
        for text in ["", " \t", "a,b", "a\u{1}b", long.as_str()] {
            assert_eq!(text.parse::<Label>(), Err(NotALabel), "{text:?}");
        }
    }

    #[test]
    fn a_scope_that_names_nothing_is_everything() {
        assert!(Scope::default().is_everything());
        let labels = vec!["prices".parse().unwrap()];
        let sources = Vec::new();
        assert!(!Scope { sources, labels }.is_everything());
    }
}
