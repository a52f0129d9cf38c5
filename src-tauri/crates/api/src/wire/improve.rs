//! What the knowledge could not answer, and what customers were not content with.

use serde::{Deserialize, Serialize};
use store::ratings;
use store::unanswered;
use utoipa::{IntoParams, ToSchema};

use crate::wire::conversations::Channel;
use crate::wire::{Id, Language, Time};

/// Questions of one meaning that were not answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unanswered {
    /// The group's id.
    pub id: Id,
    /// The question as it was asked last.
    #[schema(example = "Do you repair scooters?")]
    pub question: String,
    /// How often it was asked.
    #[schema(example = 7)]
    pub asked: u64,
    /// When it was asked last.
    pub last_at: Time,
    /// Where it was asked last.
    pub conversation_id: Id,
    /// The languages it was asked in.
    pub languages: Vec<Language>,
    /// The channels it was asked through.
    pub channels: Vec<Channel>,
    /// What a person replied after it; null when nobody did.
    #[schema(required)]
    pub reply: Option<Replied>,
}

/// What a person replied after a question that was not answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replied {
    /// Their words.
    #[schema(example = "Yes, on Tuesdays and Fridays.")]
    pub text: String,
    /// Their name.
    #[schema(example = "Anna")]
    pub by: String,
    /// Where they replied.
    pub conversation_id: Id,
}

/// A page of groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnansweredPage {
    /// The groups, those asked most often first.
    pub items: Vec<Unanswered>,
    /// `cursor` of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// Which groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those that wait for somebody.
    #[default]
    Open,
    /// Those of them that a person replied to.
    Suggested,
    /// Those that are not the business's to answer.
    Dismissed,
}

/// Which groups are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnansweredQuery {
    /// Which; those that wait unless it is given.
    #[param(inline)]
    pub which: Option<Which>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

/// An answer that its customer was not content with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rated {
    /// The answer's message.
    pub id: Id,
    /// Where.
    pub conversation_id: Id,
    /// The channel.
    pub channel: Channel,
    /// What was asked.
    #[schema(example = "How long is the warranty?")]
    pub question: String,
    /// What was answered.
    #[schema(example = "Two years.")]
    pub answer: String,
    /// When it was rated.
    pub at: Time,
}

/// A page of low-rated answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatedPage {
    /// The answers, the last rated first.
    pub items: Vec<Rated>,
    /// `cursor` of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// Which low-rated answers are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RatedQuery {
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

impl From<unanswered::UnansweredRow> for Unanswered {
    fn from(row: unanswered::UnansweredRow) -> Unanswered {
        Unanswered {
            id: Id::of(row.id),
            question: row.question,
            asked: row.asked,
            last_at: row.last_at.into(),
            conversation_id: Id::of(row.conversation_id),
            languages: row.languages.into_iter().map(Language::from).collect(),
            channels: row.channels.into_iter().map(Channel::from).collect(),
            reply: row.reply.map(|reply| Replied {
                text: reply.text,
                by: reply.by,
                conversation_id: Id::of(reply.conversation_id),
            }),
        }
    }
}

impl From<ratings::LowRated> for Rated {
    fn from(rated: ratings::LowRated) -> Rated {
        Rated {
            id: Id::of(rated.message_id),
            conversation_id: Id::of(rated.conversation_id),
            channel: rated.channel.into(),
            question: rated.question,
            answer: rated.answer,
            at: rated.at.into(),
        }
    }
}
