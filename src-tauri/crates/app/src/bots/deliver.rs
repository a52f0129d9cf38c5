//! What is to be sent, with everything that formatting needs.

use domain::bot::Bot;
use domain::conversation::{Attachment, Message};
use domain::delivery::{Button, Outgoing, Sent};
use domain::language::Language;
use domain::time::Timestamp;

/// Something that a channel is to send.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What and where to; the store's own row.
    pub outgoing: Outgoing,
    /// The bot that sends it.
    pub bot: Bot,
    /// The message it is about.
    pub message: Option<Message>,
    /// The operator's name, where customers are shown it; empty otherwise.
    pub operator: String,
    /// Buttons under it, row by row: those of the content, and of a message proof, thumbs, questions.
    pub buttons: Vec<Vec<Button>>,
    /// Where operators are, for what goes to them.
    pub console: Console,
    /// The file, for [`domain::delivery::Content::File`], and where its bytes lie.
    pub file: Option<(Attachment, PathBuf)>,
    /// The customer's name, for the name of a topic.
    pub contact: String,
    /// The conversation's language.
    pub language: Language,
}

/// Where operators are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Console {
    /// Nowhere.
    #[default]
    Nowhere,
    /// In the staff group: the conversation's topic, where it has one already. One that has none gets one
    /// ([`App::set_console_topic`]), named after [`Delivery::contact`].
    Group {
        /// The group.
        chat: i64,
        /// The topic.
        topic: Option<i64>,
    },
    /// Each in their own chat with the bot.
    Private(Vec<i64>),
}

impl App {
    /// What a channel is to send now, at most `limit`, of these bots or of all: in order within a conversation and
    /// place, one at a time of each, bots take turns. What may not be sent (a business chat a day after the
    /// customer's last words) is failed here and operators are told.
    pub async fn lease_outgoing(
        &self,
        channel: ChannelKind,
        bots: Option<&[BotId]>,
        limit: u32,
    ) -> Result<Vec<Delivery>>;

    /// When the next delivery is due.
    pub async fn next_outgoing_at(&self, channel: ChannelKind) -> Result<Option<Timestamp>>;

    pub async fn outgoing_part(&self, outgoing: &Outgoing, sent: Sent) -> Result<()>;
    pub async fn outgoing_sent(&self, outgoing: &Outgoing) -> Result<()>;
    pub async fn outgoing_uncertain(&self, outgoing: &Outgoing, reason: &str) -> Result<()>;
    pub async fn outgoing_failed(&self, outgoing: &Outgoing, reason: &str) -> Result<()>;
    pub async fn outgoing_later(&self, outgoing: &Outgoing, run_at: Timestamp) -> Result<()>;
    pub async fn outgoing_retry(&self, outgoing: &Outgoing, run_at: Timestamp, reason: &str, may_repeat: bool) -> Result<()>;

    /// The conversation's topic in the staff group.
    pub async fn console_topic(&self, outgoing: &Outgoing) -> Result<Option<ConsoleTopic>>;
    /// Remembers the topic that was made for a conversation. `Conflict` when it has one by now: use that one.
    pub async fn set_console_topic(&self, outgoing: &Outgoing, chat: i64, thread: i64) -> Result<()>;
    /// The messenger does not have the topic any more: the next delivery makes a new one.
    pub async fn drop_console_topic(&self, bot: BotId, chat: i64, thread: i64) -> Result<()>;
}
