//! What changed, for whoever watches.

use domain::event;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The data of `event: change`. The event's id is the cursor.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    /// What kind of thing changed.
    pub topic: Topic,
    /// The id of what changed; empty for the whole topic.
    #[schema(example = "0193513c7d4a7c21a5a1b2c3d4e5f607")]
    pub subject: String,
}

/// The kinds of thing that change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "document")]
pub enum Topic {
    /// A source was added or removed.
    Source,
    /// A document was added, has moved on, or was removed.
    Document,
    /// A Q&A pair changed.
    Qa,
    /// An assistant changed.
    Assistant,
    /// A conversation has something new.
    Conversation,
    /// A setting changed.
    Settings,
    /// A bot was added, changed, or fares otherwise.
    Bot,
    /// Somebody else has a conversation.
    Handoff,
    /// A job failed for good or was retried by hand.
    Job,
    /// A question could not be answered, an answer was rated, or somebody dealt with it.
    Improve,
    /// A member or an invitation changed.
    Team,
}

/// Where to go on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// The id of the last event seen, for callers that cannot send `Last-Event-ID`.
    pub after: Option<u64>,
}

impl From<&event::Event> for Change {
    fn from(event: &event::Event) -> Change {
        Change {
            topic: event.topic.into(),
            subject: event.subject.clone(),
        }
    }
}

impl From<event::Topic> for Topic {
    fn from(topic: event::Topic) -> Topic {
        match topic {
            event::Topic::Source => Topic::Source,
            event::Topic::Document => Topic::Document,
            event::Topic::Qa => Topic::Qa,
            event::Topic::Assistant => Topic::Assistant,
            event::Topic::Conversation => Topic::Conversation,
            event::Topic::Settings => Topic::Settings,
            event::Topic::Bot => Topic::Bot,
            event::Topic::Handoff => Topic::Handoff,
            event::Topic::Job => Topic::Job,
            event::Topic::Improve => Topic::Improve,
            event::Topic::Team => Topic::Team,
        }
    }
}
