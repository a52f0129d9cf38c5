//! What an engine is asked.

use domain::language::Language;

/// A question with everything that may be used to answer it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ask {
    /// The question, made whole (no follow-up that needs the history to be understood).
    pub question: String,
    /// The language of the question, and so of the answer.
    pub language: Language,
    /// The owner's instructions, for engines that can follow them.
    pub instructions: String,
    /// What was said before, oldest first.
    pub history: Vec<Turn>,
    /// What was found, best first.
    pub passages: Vec<Given>,
}

/// One thing that was said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// True when the contact said it, false when the business did.
    pub contact: bool,
    /// What was said.
    pub text: String,
}

/// A passage that an answer may use and cite.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// Its number, from 1, as in `[1]`.
    pub number: u32,
    /// Title of its document.
    pub title: String,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Page, from 1.
    pub page: Option<u32>,
    /// Its text. A table row reads `Column: cell; Column: cell`, one row a line.
    pub text: String,
    /// Its language.
    pub language: Language,
    /// True when it is rows of a table.
    pub table: bool,
}
