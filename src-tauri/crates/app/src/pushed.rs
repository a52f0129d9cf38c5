//! Updates that a messenger brings to a bot's webhook.
//!
//! Not here: how the messenger shows that it is the messenger; the channel's own room knows that ([`Accept`]).

use domain::bot::RawUpdate;
use domain::id::BotId;

use crate::App;
use crate::error::{Error, ErrorCode, Result};

/// What a channel makes of what was brought: the update, or nothing because whoever brought it is not the messenger
/// or it is none. It compares in constant time. From the bot's token, the path and the secret that were shown, and
/// the body.
pub type Accept = fn(&str, &str, &str, &[u8]) -> Option<RawUpdate>;

impl App {
    /// Keeps an update that was brought to a bot's webhook; it is committed when this returns. False when it was
    /// known. `NotFound` for everything that is not to be taken: no such bot, one whose owner wants no webhook, a
    /// path, secret or body that is not right. The caller learns nothing more.
    pub async fn push_update(
        &self,
        bot: BotId,
        accept: impl FnOnce(&str) -> Option<RawUpdate>,
    ) -> Result<bool> {
        let nothing = || Error::new(ErrorCode::NotFound, "there is no such webhook");
        let known = self.inner.store.bot_anywhere(bot).await?;
        if !known.is_on || !known.settings.webhook {
            return Err(nothing());
        }
        let token = self.token_of(&known).await?;
        let update = accept(&token).ok_or_else(nothing)?;
        self.take_pushed_update(bot, update).await
    }
}
