//! Why an answer is what it is: every step of the pipeline, kept with the answer.

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, PassageId, QaId};
use crate::language::Language;

/// The steps that led to an answer, in order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Trace {
    /// The steps.
    pub steps: Vec<Step>,
    /// Milliseconds from the question to the finished answer.
    pub total_ms: u32,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Milliseconds it took.
    pub took_ms: u32,
    /// What happened.
    pub what: What,
}

/// What happened in a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum What {
    /// The question as it is answered: joined messages, found language.
    Question {
        /// The whole question.
        text: String,
        /// Its language.
        language: Language,
        /// How many messages it was joined from.
        messages: u32,
    },
    /// A rule answered: greeting, thanks, yes or no, emoji.
    Rule {
        /// Its name.
        rule: String,
    },
    /// A follow-up was made whole from the history.
    Rewritten {
        /// The question that is searched for.
        text: String,
        /// `history` (the earlier subject carried over) or `engine` (rewritten by a model).
        by: String,
    },
    /// Q&A pairs were compared.
    Qa {
        /// The best pair.
        best: Option<QaId>,
        /// Its likeness, 0..=1.
        score: f32,
        /// True when it answered.
        matched: bool,
    },
    /// The documents were searched.
    Search {
        /// What was found, best first.
        hits: Vec<TraceHit>,
        /// Milliseconds for the query's vector; 0 without an embedder.
        embed_ms: u32,
        /// Why the search was less than it could be (`no_embedder`, `index_rebuilding`).
        limited: Option<String>,
        /// The second look at the best of them, where there was one.
        #[serde(default)]
        reranked: Option<Reranked>,
    },
    /// The confidence was held against the threshold.
    Threshold {
        /// Confidence, 0..=1.
        confidence: f32,
        /// The assistant's threshold, 0..=1.
        threshold: f32,
        /// True when it passed.
        passed: bool,
    },
    /// An engine wrote, or failed to.
    Engine {
        /// Its name.
        engine: String,
        /// Why it failed, as the code of its error (`key_refused`, `unreachable`); nothing when it did not.
        failed: Option<String>,
    },
    /// A recording was turned into words, or could not be.
    Heard {
        /// The model.
        model: String,
        /// How long the recording is, in seconds.
        seconds: u32,
        /// The language of the words, as the model guesses it.
        language: Language,
        /// The words; empty where nobody speaks.
        text: String,
        /// Why it was not heard (`not_audio`, `too_long`, `busy`, `bad_model`); nothing when it was.
        failed: Option<String>,
    },
    /// The message replies to words that were said before: they are its context.
    Quoted {
        /// The words.
        text: String,
    },
    /// A person is asked for.
    Handoff {
        /// Why (`customer_asked`, `owners_rule`, `low_confidence`, `repeated_refusal`).
        why: String,
        /// The words that ask for one; empty where none do.
        words: String,
        /// False where members try their assistant: nobody is called.
        calls: bool,
    },
    /// Nobody is there at this time.
    Hours {
        /// What the owner wants then (`answer_anyway`, `answer_and_say_when`, `collect_contact`).
        outside: String,
        /// What the customer was told of it; empty for nothing.
        said: String,
    },
    /// An address or a number to reach the customer was looked for.
    Contact {
        /// True when the message had one.
        found: bool,
    },
    /// The message had waited for long: the answer begins with a word about it.
    Late {
        /// Minutes from its writing.
        minutes: u32,
    },
    /// A member stopped the answer here.
    Stopped,
    /// The citations were checked.
    Citations {
        /// How many stand.
        kept: u32,
        /// How many named a passage that was not given, or words that are not in it.
        dropped: u32,
    },
}

/// A reranker's look at the best passages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reranked {
    /// The model.
    pub model: String,
    /// How many passages it put in order; 0 when it failed.
    pub passages: u32,
    /// Milliseconds it took.
    pub took_ms: u32,
    /// Why the order stayed, as the code of an error (`busy`, `timed_out`, `no_model`); nothing when it did not fail.
    pub failed: Option<String>,
}

/// One passage that the search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TraceHit {
    /// The passage.
    pub passage_id: PassageId,
    /// Its document.
    pub document_id: DocumentId,
    /// The document's title.
    pub title: String,
    /// Page, from 1.
    pub page: Option<u32>,
    /// The first characters of its text.
    pub text: String,
    /// The fused score; comparable within one search only.
    pub score: f32,
    /// BM25 score, where the words were found.
    pub keyword: Option<f32>,
    /// Cosine of the vectors, -1..=1, where it has one.
    pub vector: Option<f32>,
}
