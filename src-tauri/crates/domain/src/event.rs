//! What changed, for whoever watches: read by cursor, pushed as a hint.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Something changed in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Grows with every event of a workspace, in the order of commits; the cursor.
    pub seq: u64,
    /// What kind of thing changed.
    pub topic: Topic,
    /// The id of what changed; empty for the whole topic.
    pub subject: String,
    /// When.
    pub at: Timestamp,
}

/// The kinds of thing that change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
