//! The first steps of a new workspace.

use app::first_run;
use app::first_run::questions;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How far the first steps have come.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FirstRun {
    /// Where they are gone on with.
    pub step: FirstStep,
    /// True when they were gone through to the end, or left for good.
    #[schema(example = false)]
    pub is_over: bool,
}

/// One of the first steps.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "files")]
pub enum FirstStep {
    /// Which language the pages speak.
    Language,
    /// Who the business is, and its trade.
    Business,
    /// What is answered from.
    Files,
    /// Questions are asked, and their answers looked at.
    Questions,
    /// Who writes the answers.
    Engine,
    /// A Telegram bot.
    Telegram,
    /// What remains.
    Done,
}

/// Whose questions are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SampleQuery {
    /// The assistant that would answer; the first one when absent.
    pub assistant: Option<String>,
}

/// Questions to try an assistant with.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleQuestions {
    /// At most five that the documents can answer.
    pub items: Vec<SampleQuestion>,
    /// At most five that customers usually ask and the documents do not answer.
    #[schema(example = json!(["Do you sell gift vouchers?"]))]
    pub unanswerable: Vec<String>,
}

/// A question that the documents can answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleQuestion {
    /// Its words.
    #[schema(example = "How much is brake adjustment?")]
    pub question: String,
    /// Title of the document that it was made from; null for an approved answer.
    #[schema(required, example = "Price list")]
    pub document: Option<String>,
}

impl From<first_run::FirstRun> for FirstRun {
    fn from(first_run: first_run::FirstRun) -> FirstRun {
        FirstRun {
            step: match first_run.step {
                first_run::FirstStep::Language => FirstStep::Language,
                first_run::FirstStep::Business => FirstStep::Business,
                first_run::FirstStep::Files => FirstStep::Files,
                first_run::FirstStep::Questions => FirstStep::Questions,
                first_run::FirstStep::Engine => FirstStep::Engine,
                first_run::FirstStep::Telegram => FirstStep::Telegram,
                first_run::FirstStep::Done => FirstStep::Done,
            },
            is_over: first_run.is_over,
        }
    }
}

impl From<FirstRun> for first_run::FirstRun {
    fn from(first_run: FirstRun) -> first_run::FirstRun {
        first_run::FirstRun {
            step: match first_run.step {
                FirstStep::Language => first_run::FirstStep::Language,
                FirstStep::Business => first_run::FirstStep::Business,
                FirstStep::Files => first_run::FirstStep::Files,
                FirstStep::Questions => first_run::FirstStep::Questions,
                FirstStep::Engine => first_run::FirstStep::Engine,
                FirstStep::Telegram => first_run::FirstStep::Telegram,
                FirstStep::Done => first_run::FirstStep::Done,
            },
            is_over: first_run.is_over,
        }
    }
}

impl From<questions::Samples> for SampleQuestions {
    fn from(samples: questions::Samples) -> SampleQuestions {
        SampleQuestions {
            items: samples.answerable.into_iter().map(Into::into).collect(),
            unanswerable: samples.unanswerable,
        }
    }
}

impl From<questions::SampleQuestion> for SampleQuestion {
    fn from(sample: questions::SampleQuestion) -> SampleQuestion {
        SampleQuestion {
            question: sample.question,
            document: sample.document,
        }
    }
}
