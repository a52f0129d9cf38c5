//! Bots: a messenger's account that an assistant speaks through.

use serde::{Deserialize, Serialize};

use crate::id::{AssistantId, BotId, WorkspaceId};
use crate::language::Language;
use crate::time::Timestamp;

/// A bot as it is kept. Its token is a secret and is never in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bot {
    /// Its id.
    pub id: BotId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which assistant answers through it.
    pub assistant_id: AssistantId,
    /// What the messenger calls it: its own id there, name and `@name`.
    pub account: BotAccount,
    /// True while its owner wants it to run.
    pub is_on: bool,
    /// How it fares.
    pub state: BotState,
    /// What its owner can change.
    pub settings: BotSettings,
    /// Grows by one with every change of its settings.
    pub version: u32,
    /// Number of the next update to ask for; 0 before the first.
    pub offset: i64,
    /// When the last update came.
    pub last_update_at: Option<Timestamp>,
    /// When the messenger was last heard, whether or not it had an update.
    pub last_heard_at: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When its owner last changed it.
    pub updated_at: Timestamp,
}

/// A bot's account at its messenger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BotAccount {
    /// Its id there.
    pub id: i64,
    /// The name people see.
    pub name: String,
    /// Its `@name`, without the sign.
    pub username: String,
    /// True when it may be added to groups.
    pub can_join_groups: bool,
    /// True when it reads everything in groups (privacy mode off).
    pub reads_all_in_groups: bool,
    /// True when its owner may connect it to their own account.
    pub can_connect_to_business: bool,
}

/// How a bot fares.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum BotState {
    /// It is off, or nobody has started it yet.
    #[default]
    Off,
    /// It is being connected.
    Starting,
    /// It listens.
    Running,
    /// Something is in the way; it tries again by itself unless the trouble says otherwise.
    Troubled {
        /// What.
        trouble: Trouble,
        /// Since when.
        since: Timestamp,
    },
}

/// What is in a bot's way. Each has its own sentence for the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum Trouble {
    /// The messenger does not know the token (any more): it must be entered anew. Nothing is deleted.
    NeedsToken,
    /// Another program asks for this bot's updates.
    OtherPoller,
    /// A webhook is set, so updates cannot be asked for: the owner decides whether it may be removed.
    WebhookSet {
        /// Its host.
        host: String,
    },
    /// The messenger cannot be reached, or answers with errors of its own.
    Unreachable {
        /// What happened, without addresses and secrets.
        what: String,
    },
    /// The messenger asks to wait.
    Limited {
        /// Until when.
        until: Timestamp,
    },
    /// The proxy or the server's address cannot be used.
    BadAddress {
        /// What is wrong with it.
        what: String,
    },
    /// The token's key cannot be opened on this computer.
    SecretLost,
    /// Only this computer may be spoken to: its owner switched that on.
    LocalOnly,
}

/// What an owner can change about a bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BotSettings {
    /// The Bot API server, as `https://api.telegram.org`; empty for Telegram's own.
    pub api_url: String,
    /// The proxy, as `socks5h://host:port`; empty for none. One with a password is a secret and not in here.
    pub proxy: String,
    /// True: updates come to our webhook at the public address instead of being asked for.
    pub webhook: bool,
    /// True: it answers in groups when it is addressed.
    pub groups: bool,
    /// True: an answer has a button that shows quote and page.
    pub show_sources: bool,
    /// True: an answer asks for a thumb.
    pub ask_rating: bool,
    /// True: a private answer grows while it is written.
    pub stream: bool,
    /// The group (with topics) where operators work; 0 for none.
    pub staff_chat: i64,
    /// Operators who are told in their private chats where there is no group: their ids at the messenger.
    pub operators: Vec<i64>,
    /// True: customers see an operator's name.
    pub show_operator: bool,
    /// What it does in its owner's own chats.
    pub business: Business,
    /// Languages its commands are offered in.
    pub languages: Vec<Language>,
}

/// What a bot does in chats of its owner's own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Business {
    /// Nothing.
    Off,
    /// It writes drafts that its owner sends.
    #[default]
    Draft,
    /// It answers by itself.
    Answer,
}

impl Default for BotSettings {
    fn default() -> Self {
        BotSettings {
            api_url: String::new(),
            proxy: String::new(),
            webhook: false,
            groups: true,
            show_sources: true,
            ask_rating: true,
            stream: true,
            staff_chat: 0,
            operators: Vec::new(),
            show_operator: false,
            business: Business::Draft,
            languages: vec![Language::EN, Language::RU],
        }
    }
}

/// A bot that a runner holds: whoever writes for it must show the same epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotLease {
    /// The bot as it was when it was leased.
    pub bot: Bot,
    /// Grows with each lease; an older one is refused.
    pub epoch: u64,
}

/// An update as it came, kept before anything is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawUpdate {
    /// The messenger's number of it.
    pub update_id: i64,
    /// Its JSON, at most [`MAX_UPDATE`] bytes.
    pub body: String,
}

/// The largest update that is kept whole, in bytes.
pub const MAX_UPDATE: usize = 256 * 1024;
/// Bots of one workspace.
pub const MAX_BOTS: usize = 1_000;
/// Operators of one bot.
pub const MAX_OPERATORS: usize = 20;
/// How long a runner holds a bot without renewing, in seconds. Renewing writes when half of it is over: once a minute.
pub const BOT_LEASE_SECONDS: u32 = 120;
/// How long an update is remembered so that it is not taken twice, in days.
pub const UPDATE_DAYS: i64 = 14;
