//! Bots: added, changed and removed by members, and looked at by the doctor.

use domain::bot::{Bot, BotSettings};
use domain::id::{AssistantId, BotId};

/// A bot as members see it.
#[derive(Debug, Clone, PartialEq)]
pub struct BotRow {
    /// The bot.
    pub bot: Bot,
    /// The last characters of its token.
    pub token_hint: String,
}

/// What a member changes about a bot; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct BotChange {
    /// Which assistant answers through it.
    pub assistant_id: Option<AssistantId>,
    /// Whether it runs.
    pub is_on: Option<bool>,
    /// Its settings.
    pub settings: Option<BotSettings>,
}

impl App {
    /// The workspace's bots, oldest first.
    pub async fn bots(&self, who: &Who) -> Result<Vec<Bot>>;
    /// A bot.
    pub async fn bot(&self, who: &Who, id: BotId) -> Result<BotRow>;
    /// Adds a bot by its token, which is checked at the messenger first; it is on at once.
    pub async fn add_bot(&self, who: &Who, token: &str, assistant_id: AssistantId, settings: BotSettings) -> Result<Bot>;
    /// Changes a bot; refused with a conflict when it is not at `version` any more.
    pub async fn change_bot(&self, who: &Who, id: BotId, version: u32, change: BotChange) -> Result<Bot>;
    /// Gives a bot another token of the same account.
    pub async fn set_bot_token(&self, who: &Who, id: BotId, token: &str) -> Result<Bot>;
    /// Removes a bot with its token. Conversations stay.
    pub async fn remove_bot(&self, who: &Who, id: BotId) -> Result<()>;
    /// One screen's worth of checks, in the order in which one reads them (`bots::doctor::sentence` says each).
    pub async fn check_bot(&self, who: &Who, id: BotId) -> Result<Vec<Check>>;
}
