//! What is said between contacts and the business.

use serde::{Deserialize, Serialize};

use crate::answer::{Citation, Outcome};
use crate::delivery::{Address, Sender};
use crate::handoff::{Operator, OperatorId};
use crate::id::{AssistantId, ContactId, ConversationId, MemberId, MessageId, NoteId};
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
    /// A Telegram bot.
    Telegram,
}

/// Which channels a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channels {
    /// All that customers write through: not the Playground.
    Customers,
    /// One.
    Only(ChannelKind),
}

impl Channels {
    /// True when a channel is one of them.
    pub fn has(self, channel: ChannelKind) -> bool {
        match self {
            Channels::Customers => channel != ChannelKind::Playground,
            Channels::Only(one) => channel == one,
        }
    }
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
    /// A person of the staff group, by their id at the messenger.
    Operator(i64),
}

impl From<&Operator> for Author {
    fn from(operator: &Operator) -> Author {
        match operator.id {
            OperatorId::Member(id) => Author::Member(id),
            OperatorId::Telegram(id) => Author::Operator(id),
        }
    }
}

/// Words among operators about a conversation: no customer ever sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Who wrote it.
    pub by: Operator,
    /// The words, at most [`MAX_QUESTION`] characters.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
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
    /// Name of the person of the staff group who wrote it; empty for others.
    pub operator: String,
    /// For the contact's messages: the message that answers it, once there is one.
    pub answered_by: Option<MessageId>,
    /// When its writer changed it last; `None` when never.
    pub edited_at: Option<Timestamp>,
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
    /// What was written, at most [`MAX_QUESTION`] characters; may be empty where there are attachments.
    pub text: String,
    /// Where an answer goes, and who wrote; `None` for channels where the asker listens.
    pub letter: Option<Letter>,
}

/// What a messenger tells about a message besides its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Where the conversation is held.
    pub address: Address,
    /// Who wrote.
    pub sender: Sender,
    /// The messenger's number of the message in its chat.
    pub remote_id: i64,
    /// When it was written.
    pub sent_at: Timestamp,
    /// The messenger's number of the message it replies to.
    pub reply_to: Option<i64>,
    /// The words of the message it replies to, as context; empty for none.
    pub quoted: String,
    /// What it is one of several parts of (an album); empty for none.
    pub album: String,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

/// Something that came with a message. It never enters the knowledge by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What kind.
    pub kind: AttachmentKind,
    /// Its file's id at the messenger; empty where there is no file.
    pub remote_file: String,
    /// Its name, as the sender's; may be empty.
    pub name: String,
    /// Its media type, as the sender's; may be empty.
    pub media_type: String,
    /// Its size in bytes as the messenger says; 0 when it does not.
    pub size: u64,
    /// What is not a file: a place (`lat,lon`), a contact's number and name.
    pub detail: String,
}

/// What kind of thing came with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// A picture.
    Photo,
    /// Words spoken.
    Voice,
    /// Music or another recording.
    Audio,
    /// A film, round or not.
    Video,
    /// Any other file.
    Document,
    /// A sticker.
    Sticker,
    /// A place on the map.
    Location,
    /// Somebody's number.
    Contact,
}

/// The longest question that is taken, in Unicode scalar values.
pub const MAX_QUESTION: usize = 4_000;
/// The largest file that is fetched from a messenger, in bytes (Telegram's own limit for bots).
pub const MAX_ATTACHMENT: u64 = 20_000_000;
/// Attachments of one message.
pub const MAX_ATTACHMENTS: usize = 10;
