//! The owner's rules of handoff.

use domain::handoff;
use domain::handoff::rules;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::wire::Language;

/// When a person is asked for, and what the customer is told. A customer who asks for a person is always heard.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct HandoffRules {
    /// A person is asked for when the documents do not answer.
    #[schema(example = true)]
    pub on_low_confidence: bool,
    /// A person is asked for when nothing was answered so many times in a row; 0 for never.
    #[schema(example = 3, maximum = 20)]
    pub after_refusals: u32,
    /// A person is asked for when the customer gives an answer a low rating.
    #[schema(example = true)]
    pub on_low_rating: bool,
    /// Words that always ask for a person, at most 100. `*` at the end of a word stands for any ending.
    #[schema(example = json!(["lawyer", "refund*"]))]
    pub words: Vec<String>,
    /// What the assistant does until somebody comes, where the customer did not ask for a person.
    pub meanwhile: Meanwhile,
    /// Minutes without a word of the operator, or without an operator, after which the assistant answers again.
    #[schema(example = 30, minimum = 1, maximum = 10080)]
    pub idle_minutes: u32,
    /// True when customers are told the operator's name.
    #[schema(example = true)]
    pub show_name: bool,
    /// The owner's own words in place of the usual ones, at most 40.
    pub texts: Vec<HandoffText>,
}

/// What the assistant does after a person was asked for, until one comes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "answering")]
pub enum Meanwhile {
    /// It says nothing.
    Silent,
    /// It goes on answering what it can.
    Answering,
}

/// What is said to customers at one moment in one language.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct HandoffText {
    /// When.
    pub moment: HandoffMoment,
    /// In which language.
    pub language: Language,
    /// The words, at most 1,000 characters; empty for none. `{name}` stands for the operator's name.
    #[schema(example = "{name} is answering you now.", max_length = 1000)]
    pub text: String,
}

/// What a change of the handoff is to the customer.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "taken")]
pub enum HandoffMoment {
    /// A person was asked for.
    Requested,
    /// A person answers now.
    Taken,
    /// The person went; the assistant answers again.
    HandedBack,
    /// Nobody came in time; the assistant answers again.
    NobodyCame,
    /// It is over.
    Closed,
}

impl Default for HandoffRules {
    fn default() -> HandoffRules {
        rules::HandoffRules::default().into()
    }
}

impl From<rules::HandoffRules> for HandoffRules {
    fn from(rules: rules::HandoffRules) -> HandoffRules {
        let texts = rules.texts.into_iter().map(|text| HandoffText {
            moment: match text.moment {
                handoff::Moment::Requested => HandoffMoment::Requested,
                handoff::Moment::Taken => HandoffMoment::Taken,
                handoff::Moment::HandedBack => HandoffMoment::HandedBack,
                handoff::Moment::NobodyCame => HandoffMoment::NobodyCame,
                handoff::Moment::Closed => HandoffMoment::Closed,
            },
            language: text.language.into(),
            text: text.text,
        });
        HandoffRules {
            on_low_confidence: rules.on_low_confidence,
            after_refusals: rules.after_refusals,
            on_low_rating: rules.on_low_rating,
            words: rules.words,
            meanwhile: rules.meanwhile.into(),
            idle_minutes: rules.idle_minutes,
            show_name: rules.show_name,
            texts: texts.collect(),
        }
    }
}

impl From<rules::Meanwhile> for Meanwhile {
    fn from(meanwhile: rules::Meanwhile) -> Meanwhile {
        match meanwhile {
            rules::Meanwhile::Silent => Meanwhile::Silent,
            rules::Meanwhile::Answering => Meanwhile::Answering,
        }
    }
}

impl HandoffRules {
    /// The domain's rules, or a problem that names what is wrong.
    pub fn parse(self) -> Result<rules::HandoffRules, Problem> {
        let texts = self.texts.into_iter().map(|text| {
            Ok(rules::HandoffText {
                moment: match text.moment {
                    HandoffMoment::Requested => handoff::Moment::Requested,
                    HandoffMoment::Taken => handoff::Moment::Taken,
                    HandoffMoment::HandedBack => handoff::Moment::HandedBack,
                    HandoffMoment::NobodyCame => handoff::Moment::NobodyCame,
                    HandoffMoment::Closed => handoff::Moment::Closed,
                },
                language: text.language.parse("handoff")?,
                text: text.text,
            })
        });
        Ok(rules::HandoffRules {
            on_low_confidence: self.on_low_confidence,
            after_refusals: self.after_refusals,
            on_low_rating: self.on_low_rating,
            words: self.words,
            meanwhile: match self.meanwhile {
                Meanwhile::Silent => rules::Meanwhile::Silent,
                Meanwhile::Answering => rules::Meanwhile::Answering,
            },
            idle_minutes: self.idle_minutes,
            show_name: self.show_name,
            texts: texts.collect::<Result<_, Problem>>()?,
        })
    }
}
