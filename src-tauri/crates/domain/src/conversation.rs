//! What is said between contacts and the business.

use serde::{Deserialize, Serialize};

use crate::answer::{Citation, Outcome};
use crate::id::{AssistantId, ContactId, ConversationId, MemberId, MessageId};
use crate::language::Language;
use crate::time::Timestamp;

/// A way in and out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// The Playground and the command line: members trying their assistant.
    Playground,
    /// The HTTP API.
    Api,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Who answers.
    pub assistant_id: AssistantId,
    /// Who writes.
    pub contact_id: ContactId,
    /// Where.
    pub channel: ChannelKind,
    /// The first words of it.
    pub title: String,
    /// Language of the last question.
    pub language: Language,
    /// When it began.
    pub created_at: Timestamp,
    /// When something was last said.
    pub last_at: Timestamp,
}

/// Who said a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "member", rename_all = "snake_case")]
pub enum Author {
    /// The customer.
    Contact,
    /// The assistant.
    Assistant,
    /// A member.
    Member(MemberId),
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Grows by one with each message of a conversation.
    pub seq: u64,
    /// Who said it.
    pub author: Author,
    /// What was said.
    pub text: String,
    /// For the assistant's messages: what was decided.
    pub outcome: Option<Outcome>,
    /// The proof.
    pub citations: Vec<Citation>,
    /// Which engine wrote it; empty for people.
    pub engine: String,
    /// For the contact's messages: the message that answers it, once there is one.
    pub answered_by: Option<MessageId>,
    /// When.
    pub created_at: Timestamp,
}

/// A message on its way in, already in the program's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Where it comes from.
    pub channel: ChannelKind,
    /// Who it is for.
    pub assistant_id: AssistantId,
    /// Who wrote, in the channel's own terms (a chat's id, a visitor's); unique within the channel.
    pub peer: String,
    /// The message's id in the channel's terms: the same one twice is one message.
    pub external_id: String,
    /// What was written, at most [`MAX_QUESTION`] characters.
    pub text: String,
}

/// The longest question that is taken, in Unicode scalar values.
pub const MAX_QUESTION: usize = 4_000;
