//! Where a conversation is held: its address, the bot it is held through, and where operators are told of it.

use domain::bot::{Bot, Business};
use domain::delivery::{Address, ChatKind};
use domain::id::{ConversationId, WorkspaceId};
use domain::language::Language;
use domain::time::Timestamp;
use store::business::BusinessConnection;

use crate::App;
use crate::error::Result;

/// Seconds after a customer's last words in which a business chat may be written to.
const BUSINESS_SECONDS: i64 = 24 * 60 * 60;

/// Where operators are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Console {
    /// Nowhere.
    #[default]
    Nowhere,
    /// In the staff group: the conversation's topic, where it has one already. One that has none gets one
    /// ([`App::set_console_topic`]), named after its customer.
    Group {
        /// The group.
        chat: i64,
        /// The topic.
        topic: Option<i64>,
    },
    /// Each in their own chat with the bot.
    Private(Vec<i64>),
}

/// Where a conversation is held.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) bot: Bot,
    pub(crate) address: Address,
    last_incoming_at: Timestamp,
    paused_until: Timestamp,
    connection: Option<BusinessConnection>,
}

impl App {
    /// Where a conversation is held; nothing for channels where the asker listens.
    pub(crate) async fn held(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
    ) -> Result<Option<Held>> {
        let store = self.workspace(workspace);
        let Some(row) = store.address(id).await? else {
            return Ok(None);
        };
        let bot = store.bot(row.address.bot_id).await?;
        let connection = match row.address.business.as_str() {
            "" => None,
            connection => {
                let store = &self.inner.store;
                store.business_connection(bot.id, connection).await?
            }
        };
        Ok(Some(Held {
            bot,
            address: row.address,
            last_incoming_at: row.last_incoming_at,
            paused_until: row.paused_until,
            connection,
        }))
    }
}

impl Held {
    /// Where operators are told of the conversation; whether a group has a topic for it is not known here.
    pub(crate) fn console(&self) -> Console {
        let settings = &self.bot.settings;
        if self.is_business() {
            return match &self.connection {
                Some(connection) => Console::Private(vec![connection.owner_chat]),
                None => Console::Nowhere,
            };
        }
        match (settings.staff_chat, settings.operators.as_slice()) {
            (0, []) => Console::Nowhere,
            (0, operators) => Console::Private(operators.to_vec()),
            (chat, _) => Console::Group { chat, topic: None },
        }
    }

    /// True when there is anybody to tell.
    pub(crate) fn has_console(&self) -> bool {
        self.console() != Console::Nowhere
    }

    /// True in a chat of the owner's own account.
    pub(crate) fn is_business(&self) -> bool {
        self.address.kind == ChatKind::Business
    }

    /// What the assistant does there by itself; `None` where it does as ever.
    pub(crate) fn business(&self) -> Option<Business> {
        self.is_business().then_some(self.bot.settings.business)
    }

    /// True while the owner's own words keep the assistant silent.
    pub(crate) fn is_paused(&self, now: Timestamp) -> bool {
        self.paused_until > now
    }

    /// Why nothing may be written to the customer now; nothing when it may.
    pub(crate) fn forbids(&self, now: Timestamp) -> Option<&'static str> {
        if !self.is_business() {
            return None;
        }
        let may_reply = self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.is_enabled && connection.can_reply);
        let until = self.last_incoming_at.plus_seconds(BUSINESS_SECONDS);
        match (may_reply, now <= until) {
            (false, _) => Some(NOT_CONNECTED),
            (true, false) => Some(TOO_LATE),
            (true, true) => None,
        }
    }

    /// True for a chat in which operators of this conversation press buttons and write.
    pub(crate) fn is_console(&self, chat: i64, by: i64) -> bool {
        match self.console() {
            Console::Nowhere => false,
            Console::Group { chat: group, .. } => chat == group,
            Console::Private(chats) => chats.contains(&chat) && chat == by,
        }
    }

    /// The language operators are spoken to in.
    pub(crate) fn staff_language(&self) -> Language {
        staff_language(&self.bot)
    }
}

/// The language operators of a bot are spoken to in: the first of its languages.
pub(crate) fn staff_language(bot: &Bot) -> Language {
    let first = bot.settings.languages.first();
    first.copied().unwrap_or(Language::EN)
}

/// The owner's own account is not connected, or may not be written from.
pub(crate) const NOT_CONNECTED: &str = "the owner's account is not connected";
/// The customer's last words are older than a day.
pub(crate) const TOO_LATE: &str = "the customer's last words are older than a day";
