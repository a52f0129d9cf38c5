//! An update as it came, in our words: what somebody wrote, pressed or changed, or why nothing is made of it.
//!
//! Reads the raw JSON and not a library's types: a kind of message that came into the Bot API after a library was
//! released is still read, or at least the chat, the sender and the words of it, so that a person gets it. Not
//! here: what is done about it, and whether it was taken before.

mod business;
mod field;
mod message;
mod said;
mod service;

use domain::conversation::{ChannelKind, Incoming, Letter};
use domain::delivery::{ChatKind, Rating, Sender};
use domain::id::{AssistantId, BotId};
use domain::time::Timestamp;
use serde_json::Value;

use crate::commands::Call;
use crate::convert::field::{integer, sender, text};

/// What must be known of the bot to read its updates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Which bot.
    pub bot_id: BotId,
    /// Its own id at Telegram.
    pub id: i64,
    /// Its `@name`, without the sign.
    pub username: String,
    /// The group where operators work; 0 for none.
    pub staff_chat: i64,
    /// Operators who are told in their private chats: their ids.
    pub operators: Vec<i64>,
    /// True: it answers in groups when it is addressed.
    pub groups: bool,
}

/// An update in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Telegram's number of it; 0 where it has none.
    pub update_id: i64,
    /// Updates of one chat are taken in order; `None` where it belongs to none.
    pub chat: Option<ChatKey>,
    /// What happened.
    pub what: What,
}

/// What is kept in order with each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChatKey {
    /// The chat.
    pub chat: i64,
    /// The connection to the owner's own account; empty for the bot's own chats.
    pub business: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A customer wrote something that is to be answered.
    Message(Box<Written>),
    /// A customer changed what was written.
    Edited(Box<Written>),
    /// Somebody of the staff wrote, in the staff group or as a reply in an operator's private chat.
    Staff(Box<StaffSaid>),
    /// A button was pressed.
    Press(Pressed),
    /// The bot was blocked, let back in, added or removed.
    Membership(Membership),
    /// A group became a supergroup: the same chat has another id.
    Migrated {
        /// Its id before.
        from: i64,
        /// Its id now.
        to: i64,
    },
    /// A topic of the staff group changed. Telegram tells nothing of a topic that is deleted.
    Topic {
        /// The group.
        chat: i64,
        /// The topic.
        thread: i64,
        /// Who did it.
        by: Sender,
        /// What.
        change: TopicChange,
    },
    /// The owner connected the bot to their own account, changed that, or ended it.
    Business(Connection),
    /// Something was written in a chat of the owner's own account.
    BusinessMessage {
        /// By whom.
        by: BusinessAuthor,
        /// What.
        written: Box<Written>,
    },
    /// Something was changed in a chat of the owner's own account.
    BusinessEdited {
        /// By whom.
        by: BusinessAuthor,
        /// What.
        written: Box<Written>,
    },
    /// Messages were deleted in a chat of the owner's own account.
    BusinessDeleted {
        /// The connection.
        business: String,
        /// The chat.
        chat: i64,
        /// Telegram's numbers of them, at most 100.
        remote_ids: Vec<i64>,
    },
    /// Somebody changed their reaction to a message.
    Reaction {
        /// The chat.
        chat: i64,
        /// Telegram's number of the message.
        remote_id: i64,
        /// Who.
        by: Sender,
        /// What it says of an answer; `None` when it was taken back or says nothing.
        rating: Option<Rating>,
    },
    /// Somebody stopped an answer that was being written.
    DraftStopped {
        /// The chat.
        chat: i64,
        /// Which draft.
        draft_id: i64,
    },
    /// Nothing is made of it.
    Ignored(Reason),
    /// It could not be read whole: a person gets what could be.
    Unreadable(Unreadable),
}

/// What somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The words, without our own `@name`, at most [`domain::conversation::MAX_QUESTION`] characters.
    pub text: String,
    /// The command that it begins with.
    pub call: Option<Call>,
    /// Everything else.
    pub letter: Letter,
    /// Whose words they are, when it was passed on; empty when the sender's own.
    pub forwarded_from: String,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
    /// True when Telegram sent it by itself: a greeting, an away message, a scheduled one.
    pub is_from_offline: bool,
}

/// What somebody of the staff wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSaid {
    /// What, as it was written: whether it is a note or a command is the app's to say. Its address is the staff group
    /// and topic (0: outside of topics), or the operator's private chat.
    pub written: Written,
    /// True when it is a new version of what was written before.
    pub is_edit: bool,
}

/// A button that was pressed. It is answered at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// What the answer to it names.
    pub query_id: String,
    /// Who.
    pub by: Sender,
    /// What the button carries; empty for none.
    pub data: String,
    /// The chat, where it is told.
    pub chat: Option<i64>,
    /// The topic; 0 for none.
    pub thread: i64,
    /// The connection to the owner's own account; empty for none.
    pub business: String,
    /// Telegram's number of the message it stands under, where it is told.
    pub remote_id: Option<i64>,
}

/// What became of the bot in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The chat.
    pub chat: i64,
    /// What kind of chat.
    pub kind: ChatKind,
    /// The group's name; empty in private chats.
    pub title: String,
    /// Who did it.
    pub by: Sender,
    /// What.
    pub change: MembershipChange,
    /// When.
    pub at: Timestamp,
}

/// What became of the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipChange {
    /// A person blocked it.
    Blocked,
    /// A person let it back in.
    Unblocked,
    /// It is in a group.
    InGroup {
        /// True when it was not before.
        is_new: bool,
        /// True when it is an administrator.
        is_admin: bool,
        /// True when it may make topics.
        can_manage_topics: bool,
        /// True when it may not write.
        is_muted: bool,
    },
    /// It is no longer in a group.
    LeftGroup,
}

/// What became of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TopicChange {
    /// It was made.
    Created,
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// It has another name or icon.
    Changed,
}

/// The bot's connection to its owner's own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its id.
    pub id: String,
    /// The owner.
    pub owner: Sender,
    /// The owner's private chat with the bot.
    pub owner_chat: i64,
    /// True when the bot may write in chats with a message of the last 24 hours.
    pub can_reply: bool,
    /// False when it was ended.
    pub is_enabled: bool,
    /// When it was made.
    pub at: Timestamp,
}

/// Who wrote in a chat of the owner's own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BusinessAuthor {
    /// The customer.
    Customer,
    /// The owner, by hand.
    Owner,
    /// A bot in the owner's name: this one or another.
    Bot,
    /// Telegram in the owner's name: a greeting, an away message, a scheduled one.
    Offline,
}

/// Why nothing is made of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A message in a group that is not to us.
    NotAddressed,
    /// Groups are switched off.
    GroupsOff,
    /// Another bot wrote it.
    OtherBot,
    /// We wrote it.
    Ourselves,
    /// It was posted in a channel.
    ChannelPost,
    /// Telegram tells of a change in the chat (a new title, somebody came).
    Service(&'static str),
    /// A kind of message that is no question: a poll, a die.
    NoQuestion(&'static str),
    /// A kind of update that we do not use.
    NotUsed(&'static str),
    /// A place that moved.
    LiveLocation,
    /// It is empty.
    Empty,
}

/// What could be read of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The name of its kind; empty when even that is not there.
    pub kind: String,
    /// The chat.
    pub chat: Option<i64>,
    /// The topic; 0 for none.
    pub thread: i64,
    /// The connection to the owner's own account; empty for none.
    pub business: String,
    /// Telegram's number of the message.
    pub remote_id: Option<i64>,
    /// Who.
    pub sender: Option<Sender>,
    /// The words that were found in it, at most [`domain::conversation::MAX_QUESTION`] characters.
    pub text: String,
}

impl Written {
    /// The same as a message on its way in.
    pub fn incoming(&self, assistant_id: AssistantId) -> Incoming {
        let address = &self.letter.address;
        Incoming {
            channel: ChannelKind::Telegram,
            assistant_id,
            peer: self.peer(),
            external_id: format!(
                "{}:{}:{}:{}",
                address.bot_id, address.business, address.chat, self.letter.remote_id
            ),
            text: self.text.clone(),
            letter: Some(self.letter.clone()),
        }
    }

    /// Whose conversation it belongs to: in a group everybody has their own in each topic.
    pub fn peer(&self) -> String {
        let address = &self.letter.address;
        match address.kind {
            ChatKind::Private => format!("{}:{}:{}", address.bot_id, address.chat, address.thread),
            ChatKind::Business => {
                format!("{}:{}:{}", address.bot_id, address.business, address.chat)
            }
            ChatKind::Group => format!(
                "{}:{}:{}:{}",
                address.bot_id, address.chat, address.thread, self.letter.sender.id
            ),
        }
    }
}

impl Reason {
    /// In words, for the log and the doctor.
    pub fn told(&self) -> String {
        match self {
            Reason::NotAddressed => "a message in a group that is not to the bot".to_owned(),
            Reason::GroupsOff => "groups are switched off".to_owned(),
            Reason::OtherBot => "written by another bot".to_owned(),
            Reason::Ourselves => "written by the bot itself".to_owned(),
            Reason::ChannelPost => "posted in a channel".to_owned(),
            Reason::Service(kind) => format!("a change in the chat: {kind}"),
            Reason::NoQuestion(kind) => format!("no question: {kind}"),
            Reason::NotUsed(kind) => format!("an update that is not used: {kind}"),
            Reason::LiveLocation => "a place that moved".to_owned(),
            Reason::Empty => "empty".to_owned(),
        }
    }
}

/// Reads an update as it was kept. What is no JSON is unreadable.
pub fn convert_body(me: &Me, update_id: i64, body: &str) -> Update {
    let raw = serde_json::from_str(body).unwrap_or(Value::Null);
    let update = convert(me, &raw);
    Update {
        update_id,
        ..update
    }
}

/// Reads an update.
pub fn convert(me: &Me, raw: &Value) -> Update {
    let (kind, value) = kind_of(raw);
    let what = match kind {
        "message" => message::message(me, value, message::Version::New),
        "edited_message" => message::message(me, value, message::Version::Edited),
        "callback_query" => press(value),
        "my_chat_member" => service::membership(value),
        "business_connection" => business::connection(value),
        "business_message" => business::message(me, value, message::Version::New),
        "edited_business_message" => business::message(me, value, message::Version::Edited),
        "deleted_business_messages" => business::deleted(value),
        "message_reaction" => reaction(me, value),
        "stopped_message_generation" => draft_stopped(value),
        "channel_post" | "edited_channel_post" => Some(What::Ignored(Reason::ChannelPost)),
        _ => NOT_USED
            .iter()
            .find(|name| **name == kind)
            .map(|name| What::Ignored(Reason::NotUsed(name))),
    };
    let what = what.unwrap_or_else(|| What::Unreadable(unreadable(kind, value)));
    Update {
        update_id: integer(&raw["update_id"]).unwrap_or_default(),
        chat: chat_key(&what, value),
        what,
    }
}

/// Kinds that are known and of which nothing is made.
const NOT_USED: &[&str] = &[
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
];

/// The one field of an update besides its number.
fn kind_of(raw: &Value) -> (&str, &Value) {
    let field = raw.as_object().and_then(|fields| {
        fields
            .iter()
            .find(|(name, value)| *name != "update_id" && value.is_object())
    });
    field.map_or(("", raw), |(name, value)| (name.as_str(), value))
}

fn chat_key(what: &What, value: &Value) -> Option<ChatKey> {
    let business = match what {
        What::Business(connection) => {
            return Some(ChatKey {
                chat: connection.owner_chat,
                business: String::new(),
            });
        }
        _ => text(&value["business_connection_id"]).to_owned(),
    };
    let chat = match what {
        What::Press(pressed) => pressed.chat,
        // Both messages of a migration are kept in order with the chat as it is now.
        What::Migrated { to, .. } => Some(*to),
        _ => integer(&value["chat"]["id"]),
    };
    let business = match what {
        What::Press(pressed) => pressed.business.clone(),
        _ => business,
    };
    Some(ChatKey {
        chat: chat?,
        business,
    })
}

fn press(value: &Value) -> Option<What> {
    let under = &value["message"];
    Some(What::Press(Pressed {
        query_id: value["id"].as_str()?.to_owned(),
        by: sender(&value["from"])?,
        data: text(&value["data"]).to_owned(),
        chat: integer(&under["chat"]["id"]),
        thread: message::thread(under),
        business: text(&under["business_connection_id"]).to_owned(),
        remote_id: integer(&under["message_id"]),
    }))
}

fn reaction(me: &Me, value: &Value) -> Option<What> {
    let Some(by) = sender(&value["user"]) else {
        // An anonymous one rates nothing.
        let is_anonymous = field::is_there(&value["actor_chat"]);
        return is_anonymous.then_some(What::Ignored(Reason::NotUsed("message_reaction")));
    };
    let chat = integer(&value["chat"]["id"])?;
    if chat == me.staff_chat {
        return Some(What::Ignored(Reason::NotUsed("message_reaction")));
    }
    let emoji = value["new_reaction"]
        .as_array()?
        .iter()
        .map(|reaction| text(&reaction["emoji"]))
        .find_map(rating);
    Some(What::Reaction {
        chat,
        remote_id: integer(&value["message_id"])?,
        by,
        rating: emoji,
    })
}

/// What a reaction says of an answer.
fn rating(emoji: &str) -> Option<Rating> {
    match emoji {
        "👍" | "❤" | "❤️" | "🔥" | "👏" | "🙏" | "💯" | "👌" | "🎉" => {
            Some(Rating::Good)
        }
        "👎" | "🤬" | "💩" | "🤮" | "😡" | "😢" => Some(Rating::Bad),
        _ => None,
    }
}

fn draft_stopped(value: &Value) -> Option<What> {
    Some(What::DraftStopped {
        chat: integer(&value["chat"]["id"])?,
        draft_id: integer(&value["draft_id"])?,
    })
}

/// What can be read of anything: it looks like a message in most of its fields.
fn unreadable(kind: &str, value: &Value) -> Unreadable {
    let body = match value["message"].is_object() {
        true => &value["message"],
        false => value,
    };
    let people = [&value["from"], &body["from"], &value["user"]];
    Unreadable {
        kind: kind.to_owned(),
        chat: integer(&body["chat"]["id"]).or_else(|| integer(&value["chat"]["id"])),
        thread: message::thread(body),
        business: text(&body["business_connection_id"]).to_owned(),
        remote_id: integer(&body["message_id"]),
        sender: people.into_iter().find_map(sender),
        text: said::any_words(body),
    }
}

#[cfg(test)]
mod tests;
