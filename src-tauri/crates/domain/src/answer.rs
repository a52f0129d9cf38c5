//! Answers and the citations that prove them.

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, PassageId, QaId};

/// What was decided about a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Answered from documents; every citation was checked.
    Answered,
    /// Answered by an approved Q&A pair.
    AnsweredByQa,
    /// A greeting, thanks, yes or no: answered by rule.
    SmallTalk,
    /// The documents do not answer it: the refusal was said.
    Refused,
    /// A person answers instead: the customer was told so, or was asked how they can be reached.
    HandedOver,
    /// A member stopped the answer: what was shown of it is kept, unchecked and without proof.
    Stopped,
}

/// The proof of an answer: a passage and the words of it that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// Its number in the answer's text, from 1, as in `[1]`.
    pub number: u32,
    /// The passage.
    pub passage_id: PassageId,
    /// Its document.
    pub document_id: DocumentId,
    /// The document's title when the answer was given.
    pub document_title: String,
    /// The address of the page, where the document is one of a web site.
    #[serde(default)]
    pub address: Option<String>,
    /// Page, from 1, where the format has pages.
    pub page: Option<u32>,
    /// The headings above the passage, outermost first.
    pub headings: Vec<String>,
    /// The words that prove it, verbatim from the passage.
    pub quote: String,
    /// Where the quote begins in the document's text, in Unicode scalar values, where that is known.
    pub start: Option<u32>,
}

/// What an engine used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read.
    pub prompt_tokens: u64,
    /// Tokens written.
    pub answer_tokens: u64,
}

/// A finished answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// What is said to the customer.
    pub text: String,
    /// What was decided.
    pub outcome: Outcome,
    /// How sure the search is that the documents answer this, 0..=1.
    pub confidence: f32,
    /// The proof, in the order of their numbers.
    pub citations: Vec<Citation>,
    /// The pair that answered.
    pub qa_id: Option<QaId>,
    /// Which engine wrote it: `rules`, `qa`, `quotes`, `remote:<model>`.
    pub engine: String,
    /// What it used up.
    pub usage: Usage,
}
