//! Why an answer is what it is.

use domain::trace;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::{Id, Language};

/// The steps that led to an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Trace {
    /// Milliseconds from the question to the finished answer.
    #[schema(example = 84)]
    pub total_ms: u32,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Serialize, ToSchema)]
pub struct Step {
    /// Milliseconds it took.
    #[schema(example = 12)]
    pub took_ms: u32,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What happened in a step.
#[derive(Debug, Serialize, ToSchema)]
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
        /// `history` or `engine`.
        by: String,
    },
    /// Q&A pairs were compared.
    Qa {
        /// The best pair.
        #[schema(required)]
        best: Option<Id>,
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
        #[schema(required)]
        limited: Option<String>,
        /// The second look at the best of them; null where there was none.
        #[schema(required)]
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
        /// Why it failed, as a code (`key_refused`, `unreachable`); null when it did not.
        #[schema(required, example = "key_refused")]
        failed: Option<String>,
    },
    /// A recording was turned into words, or could not be.
    Heard {
        /// The model.
        #[schema(example = "whisper-base")]
        model: String,
        /// How long the recording is, in seconds.
        #[schema(example = 7)]
        seconds: u32,
        /// The language of the words, as the model guesses it.
        language: Language,
        /// The words; empty where nobody speaks.
        #[schema(example = "How long does delivery take?")]
        text: String,
        /// Why it was not heard (`not_audio`, `too_long`, `busy`, `bad_model`, `no_model`); null when it was.
        #[schema(required, example = "too_long")]
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
        /// How many were not proof and were dropped.
        dropped: u32,
    },
}

/// A reranker's look at the best passages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reranked {
    /// The model.
    #[schema(example = "ms-marco-MiniLM-L-12-v2")]
    pub model: String,
    /// How many passages it put in order; 0 when it failed.
    #[schema(example = 20)]
    pub passages: u32,
    /// Milliseconds it took.
    #[schema(example = 900)]
    pub took_ms: u32,
    /// Why the order stayed (`busy`, `timed_out`, `no_model`, `bad_model`); null when it did not fail.
    #[schema(required, example = "busy")]
    pub failed: Option<String>,
}

/// One passage that the search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraceHit {
    /// The passage.
    pub passage_id: Id,
    /// Its document.
    pub document_id: Id,
    /// The document's title.
    #[schema(example = "Delivery and returns")]
    pub title: String,
    /// Page, from 1.
    #[schema(required, example = 2)]
    pub page: Option<u32>,
    /// The first characters of its text.
    #[schema(example = "Delivery takes two working days.")]
    pub text: String,
    /// The fused score; comparable within one search only.
    #[schema(example = 0.031)]
    pub score: f32,
    /// BM25 score, where the words were found.
    #[schema(required, example = 7.2)]
    pub keyword: Option<f32>,
    /// Cosine of the vectors, -1..=1, where it has one.
    #[schema(required, example = 0.84)]
    pub vector: Option<f32>,
}

impl From<trace::Trace> for Trace {
    fn from(trace: trace::Trace) -> Trace {
        Trace {
            total_ms: trace.total_ms,
            steps: trace.steps.into_iter().map(Step::from).collect(),
        }
    }
}

impl From<trace::Step> for Step {
    fn from(step: trace::Step) -> Step {
        Step {
            took_ms: step.took_ms,
            what: step.what.into(),
        }
    }
}

impl From<trace::What> for What {
    fn from(what: trace::What) -> What {
        match what {
            trace::What::Question {
                text,
                language,
                messages,
            } => What::Question {
                text,
                language: language.into(),
                messages,
            },
            trace::What::Rule { rule } => What::Rule { rule },
            trace::What::Rewritten { text, by } => What::Rewritten { text, by },
            trace::What::Qa {
                best,
                score,
                matched,
            } => What::Qa {
                best: best.map(Id::of),
                score,
                matched,
            },
            trace::What::Search {
                hits,
                embed_ms,
                limited,
                reranked,
            } => What::Search {
                hits: hits.into_iter().map(TraceHit::from).collect(),
                embed_ms,
                limited,
                reranked: reranked.map(Reranked::from),
            },
            trace::What::Threshold {
                confidence,
                threshold,
                passed,
            } => What::Threshold {
                confidence,
                threshold,
                passed,
            },
            trace::What::Engine { engine, failed } => What::Engine { engine, failed },
            trace::What::Heard {
                model,
                seconds,
                language,
                text,
                failed,
            } => What::Heard {
                model,
                seconds,
                language: language.into(),
                text,
                failed,
            },
            trace::What::Quoted { text } => What::Quoted { text },
            trace::What::Handoff { why, words, calls } => What::Handoff { why, words, calls },
            trace::What::Hours { outside, said } => What::Hours { outside, said },
            trace::What::Contact { found } => What::Contact { found },
            trace::What::Late { minutes } => What::Late { minutes },
            trace::What::Stopped => What::Stopped,
            trace::What::Citations { kept, dropped } => What::Citations { kept, dropped },
        }
    }
}

impl From<trace::Reranked> for Reranked {
    fn from(reranked: trace::Reranked) -> Reranked {
        Reranked {
            model: reranked.model,
            passages: reranked.passages,
            took_ms: reranked.took_ms,
            failed: reranked.failed,
        }
    }
}

impl From<trace::TraceHit> for TraceHit {
    fn from(hit: trace::TraceHit) -> TraceHit {
        TraceHit {
            passage_id: Id::of(hit.passage_id),
            document_id: Id::of(hit.document_id),
            title: hit.title,
            page: hit.page,
            text: hit.text,
            score: hit.score,
            keyword: hit.keyword,
            vector: hit.vector,
        }
    }
}
