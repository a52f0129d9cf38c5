//! Questions with their approved answers.

use domain::qa;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::wire::{Id, Language, Time};

/// A question with its approved answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Qa {
    /// Its id.
    pub id: Id,
    /// The question, and other ways to ask it.
    #[schema(example = json!(["How long does delivery take?", "When will my order arrive?"]))]
    pub questions: Vec<String>,
    /// What is said.
    #[schema(example = "Two working days.")]
    pub answer: String,
    /// Language of the answer.
    pub language: Language,
    /// True when it came with the demo company.
    #[schema(example = false)]
    pub demo: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// A Q&A to be kept.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PutQa {
    /// The question, and other ways to ask it; 1 to 20, each at most 500 characters.
    #[schema(example = json!(["How long does delivery take?", "When will my order arrive?"]), min_items = 1, max_items = 20)]
    pub questions: Vec<String>,
    /// What is said, at most 4,000 characters.
    #[schema(example = "Two working days.", max_length = 4000)]
    pub answer: String,
}

/// A page of Q&A.
#[derive(Debug, Serialize, ToSchema)]
pub struct Qas {
    /// The pairs, newest first.
    pub items: Vec<Qa>,
    /// `cursor` of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// Which Q&A are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QaQuery {
    /// Only with these words in a question or the answer.
    pub q: Option<String>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

impl From<qa::Qa> for Qa {
    fn from(qa: qa::Qa) -> Qa {
        Qa {
            id: Id::of(qa.id),
            questions: qa.questions,
            answer: qa.answer,
            language: qa.language.into(),
            demo: qa.demo,
            created_at: qa.created_at.into(),
            updated_at: qa.updated_at.into(),
        }
    }
}
