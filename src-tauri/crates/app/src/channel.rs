//! The way to a messenger: what the use cases ask of it. Telegram and the simulator are the two there are.
//!
//! Not here: listening for updates and sending what is in the outbox; a channel's runner does both by the app's
//! use cases in `bots`.

use domain::bot::{Bot, BotAccount, BotSettings, Trouble};
use domain::conversation::ChannelKind;
use domain::time::Timestamp;
use futures_util::future::BoxFuture;

/// A messenger.
pub trait Channel: Send + Sync {
    /// Which one.
    fn kind(&self) -> ChannelKind;

    /// Who the token belongs to, and what is set at the messenger; waits at most 30 seconds.
    fn look_up<'a>(
        &'a self,
        token: &'a str,
        settings: &'a BotSettings,
    ) -> BoxFuture<'a, Result<Account, Trouble>>;

    /// A file's bytes, at most [`domain::conversation::MAX_ATTACHMENT`].
    fn fetch<'a>(
        &'a self,
        bot: &'a Bot,
        token: &'a str,
        remote_file: &'a str,
    ) -> BoxFuture<'a, Result<Vec<u8>, FetchError>>;
}

/// What a messenger says about a token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Whose it is.
    pub account: BotAccount,
    /// The webhook that is set there; nothing when none is.
    pub webhook: Option<Webhook>,
    /// Updates that wait there.
    pub waiting: u32,
    /// What the messenger's clock showed when it answered, where it told.
    pub time: Option<Timestamp>,
    /// Milliseconds until it answered.
    pub took_ms: u32,
    /// What the bot may do in the staff group of the settings; nothing where there is no such group.
    pub staff: Option<StaffRights>,
}

/// A webhook that is set at the messenger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Webhook {
    /// Its host.
    pub host: String,
    /// What went wrong last when the messenger called it; empty for nothing.
    pub last_error: String,
}

/// What a bot may do in its staff group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StaffRights {
    /// True when it is a member of the group at all.
    pub is_there: bool,
    /// True when the group has topics.
    pub has_topics: bool,
    /// True when it may make, close and name topics.
    pub manages_topics: bool,
}

/// Why a file was not fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It is larger than the messenger gives to bots, or than is kept.
    #[error("the file is too large")]
    TooLarge,
    /// The messenger does not have it (any more).
    #[error("the messenger does not have the file")]
    Gone,
    /// It may go better later. Without addresses and secrets.
    #[error("the file could not be fetched: {0}")]
    Later(String),
}
