//! What leaves the house: messages, notices and cards on their way to customers and operators.

use serde::{Deserialize, Serialize};

use crate::conversation::ChannelKind;
use crate::handoff::{Operator, OperatorId};
use crate::id::{AttachmentId, BotId, ConversationId, MessageId, OutboxId, PressId, WorkspaceId};
use crate::time::Timestamp;

/// Where a conversation is held, in the messenger's own terms.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// The bot it is held through.
    pub bot_id: BotId,
    /// The chat.
    pub chat: i64,
    /// The topic within it; 0 for none.
    #[serde(default)]
    pub thread: i64,
    /// The connection to the owner's own account; empty for the bot's own chats.
    #[serde(default)]
    pub business: String,
    /// What kind of chat.
    pub kind: ChatKind,
}

/// What kind of chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// One person.
    Private,
    /// A group, with or without topics.
    Group,
    /// The owner's own account speaks.
    Business,
}

/// To whom something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The conversation itself.
    Customer,
    /// The operators: the conversation's topic in the staff group, else each operator's private chat.
    Console,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "content", rename_all = "snake_case")]
pub enum Content {
    /// The message of the conversation that the delivery names: text, proof, rating as the bot's settings say.
    Message,
    /// Words that are no message of the conversation: a notice to operators, an answer to a command.
    Notice {
        /// The words, Markdown of our own engines.
        text: String,
        /// Buttons under it, row by row.
        #[serde(default)]
        buttons: Vec<Vec<Button>>,
    },
    /// Something that stands in a chat already, passed on as it is.
    Copy {
        /// The chat it stands in.
        chat: i64,
        /// The messenger's number of it.
        remote_id: i64,
        /// A line that stands above it; empty for none.
        #[serde(default)]
        header: String,
    },
    /// A file that is kept here.
    File {
        /// Which.
        attachment_id: AttachmentId,
    },
    /// A draft that operators send, change or drop.
    Draft {
        /// What the assistant would say.
        text: String,
        /// Send, edit, take over.
        buttons: Vec<Vec<Button>>,
    },
    /// What was said before is changed to this.
    Edit {
        /// The messenger's number of it.
        remote_id: i64,
        /// The new words.
        text: String,
    },
}

/// A button. Its id is all that the messenger keeps: what it does is looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// The id.
    pub id: PressId,
    /// What stands on it.
    pub label: String,
}

/// What a button does when it is pressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "press", rename_all = "snake_case")]
pub enum Press {
    /// Show the proof of an answer.
    Sources {
        /// The answer.
        message_id: MessageId,
    },
    /// Rate an answer.
    Rate {
        /// The answer.
        message_id: MessageId,
        /// How.
        rating: Rating,
    },
    /// Ask one of the suggested questions.
    Ask {
        /// The question.
        text: String,
    },
    /// Ask for a person.
    Person,
    /// An operator takes the conversation.
    Take,
    /// An operator gives it back to the assistant.
    HandBack,
    /// An operator closes it.
    Close,
    /// An operator bans the customer.
    Ban,
    /// An operator sends the draft.
    SendDraft {
        /// The words of it.
        text: String,
    },
    /// An operator will type the answer instead of the draft.
    EditDraft {
        /// The words of it.
        text: String,
    },
}

/// How an answer was rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Thumb up.
    Good,
    /// Thumb down.
    Bad,
}

/// A delivery that is leased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its id.
    pub id: OutboxId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// By which channel.
    pub channel: ChannelKind,
    /// The message it is about, where it is about one.
    pub message_id: Option<MessageId>,
    /// To whom.
    pub place: Place,
    /// The customer's address in the messenger's terms.
    pub address: Address,
    /// What.
    pub content: Content,
    /// Parts of it that have certainly been taken by the messenger, with its numbers of them.
    pub sent: Vec<Sent>,
    /// True when an earlier sending was cut off: the next part may be a repetition.
    pub may_repeat: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was put into the outbox.
    pub queued_at: Timestamp,
    /// Grows with each lease; an older one is refused.
    pub epoch: u64,
}

/// A part of a delivery that the messenger took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The chat it stands in.
    pub chat: i64,
    /// The messenger's number of it.
    pub remote_id: i64,
}

/// Who did something at the messenger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sender {
    /// Their id there.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// Their `@name`, without the sign; empty for none.
    pub username: String,
    /// The language of their app, as it says; empty when unknown.
    pub language: String,
}

impl Sender {
    /// The same person as an operator of the staff group.
    pub fn as_operator(&self) -> Operator {
        Operator {
            id: OperatorId::Telegram(self.id),
            name: self.name.clone(),
        }
    }
}
