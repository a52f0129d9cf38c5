//! Bots: added, changed and removed by members. A token is written only: nobody reads it back.
//!
//! Not here: running them (`bots::runner`), what their doctor finds (`bots::doctor`).

pub mod business;
pub mod deliver;
pub mod doctor;
pub mod growing;
pub mod held;
pub mod link;
pub mod press;
pub mod runner;
pub mod staff;

pub(crate) mod letter;
pub(crate) mod rows;

use std::sync::Arc;

use domain::audit::Deed;
use domain::bot::{Bot, BotSettings, BotState, MAX_BOTS, MAX_OPERATORS, Trouble};
use domain::id::{AssistantId, BotId};
use domain::member::Permission;
use sha2::{Digest, Sha256};
use store::error::StoreError;
use uuid::Uuid;

use crate::App;
use crate::channel::{Account, Channel};
use crate::error::{Error, ErrorCode, Result};
use crate::who::Who;

/// The longest token, in bytes.
const MAX_TOKEN: usize = 256;
/// Characters of a token that people see.
const HINT: usize = 4;
/// The longest address of a server or proxy, in characters.
const MAX_ADDRESS: usize = 200;
/// Languages that commands are offered in.
const MAX_LANGUAGES: usize = 20;

/// A bot as members see it.
#[derive(Debug, Clone, PartialEq)]
pub struct BotRow {
    /// The bot.
    pub bot: Bot,
    /// The last characters of its token; empty when it has none.
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
    pub async fn bots(&self, who: &Who) -> Result<Vec<Bot>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).bots().await?)
    }

    /// A bot.
    pub async fn bot(&self, who: &Who, id: BotId) -> Result<BotRow> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        Ok(BotRow {
            bot: store.bot(id).await?,
            token_hint: store.bot_token_hint(id).await?.unwrap_or_default(),
        })
    }

    /// Adds a bot by its token, which is checked at the messenger first; it is on at once. `Conflict` when its
    /// account is a bot here already.
    pub async fn add_bot(
        &self,
        who: &Who,
        token: &str,
        assistant_id: AssistantId,
        settings: BotSettings,
    ) -> Result<Bot> {
        who.must(Permission::ChangeSettings)?;
        let token = token_of(token)?;
        acceptable(&settings)?;
        let store = self.workspace(who.workspace());
        let assistant = store.assistant(assistant_id).await?;
        if store.bots().await?.len() >= MAX_BOTS {
            let what = format!("a workspace has at most {MAX_BOTS} bots");
            return Err(Error::new(ErrorCode::TooLarge, what));
        }
        let found = self.looked_up(&token, &settings).await?;
        let now = self.now();
        let bot = Bot {
            id: BotId(self.new_id()),
            workspace_id: who.workspace(),
            assistant_id: assistant.id,
            account: found.account,
            is_on: true,
            state: BotState::Off,
            settings,
            version: 1,
            offset: 0,
            last_update_at: None,
            last_heard_at: None,
            created_at: now,
            updated_at: now,
        };
        let hint = hint_of(&token);
        let name = bot.account.username.clone();
        let noting = self.noting(who, vec![Deed::BotAdded { name }]);
        let added = noting.create_bot(bot.clone(), token.as_bytes(), &hint, now);
        match added.await {
            Ok(()) => Ok(bot),
            Err(StoreError::Conflict) => {
                let what = format!("@{} is a bot here already", bot.account.username);
                Err(Error::new(ErrorCode::Conflict, what))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Changes a bot; refused with a conflict when it is not at `version` any more.
    pub async fn change_bot(
        &self,
        who: &Who,
        id: BotId,
        version: u32,
        change: BotChange,
    ) -> Result<Bot> {
        who.must(Permission::ChangeSettings)?;
        let store = self.workspace(who.workspace());
        let before = store.bot(id).await?;
        let settings = change.settings.unwrap_or(before.settings);
        acceptable(&settings)?;
        let assistant_id = change.assistant_id.unwrap_or(before.assistant_id);
        store.assistant(assistant_id).await?;
        let is_on = change.is_on.unwrap_or(before.is_on);
        Ok(store
            .change_bot(id, version, assistant_id, is_on, settings, self.now())
            .await?)
    }

    /// Gives a bot another token, which is checked at the messenger first.
    pub async fn set_bot_token(&self, who: &Who, id: BotId, token: &str) -> Result<Bot> {
        who.must(Permission::ChangeSettings)?;
        let token = token_of(token)?;
        let store = self.workspace(who.workspace());
        let bot = store.bot(id).await?;
        let found = self.looked_up(&token, &bot.settings).await?;
        let name = bot.account.username;
        self.noting(who, vec![Deed::BotTokenChanged { name }])
            .set_bot_token(
                id,
                token.as_bytes(),
                &hint_of(&token),
                found.account,
                self.now(),
            )
            .await?;
        Ok(store.bot(id).await?)
    }

    /// Removes a bot with its token. What was said through it stays.
    pub async fn remove_bot(&self, who: &Who, id: BotId) -> Result<()> {
        who.must(Permission::ChangeSettings)?;
        let name = self
            .workspace(who.workspace())
            .bot(id)
            .await?
            .account
            .username;
        let noting = self.noting(who, vec![Deed::BotRemoved { name }]);
        Ok(noting.remove_bot(id, self.now()).await?)
    }

    /// The messenger, where the program has one.
    pub(crate) fn channel(&self) -> Result<Arc<dyn Channel>> {
        let channel = self.inner.channel.clone();
        channel.ok_or_else(|| {
            let what = "this program runs without a messenger";
            Error::new(ErrorCode::NoEngine, what)
        })
    }

    /// The bot's token. `NotFound` when it has none, `Internal` when its key cannot be opened here.
    pub(crate) async fn token_of(&self, bot: &Bot) -> Result<String> {
        let token = self.workspace(bot.workspace_id).bot_token(bot.id).await?;
        let token = token.and_then(|bytes| String::from_utf8(bytes).ok());
        token.ok_or_else(|| Error::new(ErrorCode::NotFound, "the bot has no token"))
    }

    async fn looked_up(&self, token: &str, settings: &BotSettings) -> Result<Account> {
        let found = self.channel()?.look_up(token, settings).await;
        found.map_err(|trouble| refusal(&trouble))
    }
}

/// The trouble as the answer to whoever entered the token.
fn refusal(trouble: &Trouble) -> Error {
    match trouble {
        Trouble::NeedsToken => Error::invalid(
            "token",
            "the messenger does not know this token: copy it from BotFather once more",
        ),
        Trouble::BadAddress { what } => Error::invalid("api_url", what.clone()),
        Trouble::Limited { .. } => {
            Error::new(ErrorCode::TooMany, "the messenger asks to wait a little").retry_after(30)
        }
        Trouble::Unreachable { what } => Error::new(
            ErrorCode::MessengerFailed,
            format!("the messenger could not be reached: {what}"),
        ),
        Trouble::LocalOnly => Error::new(
            ErrorCode::LocalOnly,
            "only this computer may be spoken to (Settings, Privacy)",
        ),
        Trouble::OtherPoller | Trouble::WebhookSet { .. } | Trouble::SecretLost => Error::new(
            ErrorCode::MessengerFailed,
            "the messenger did not say whose token this is",
        ),
    }
}

/// A token as it is entered: one word of printable ASCII with a colon, as every messenger's here is.
fn token_of(entered: &str) -> Result<String> {
    let token = entered.trim();
    let is_token = token.len() <= MAX_TOKEN
        && token.contains(':')
        && token.bytes().all(|byte| byte.is_ascii_graphic());
    match is_token {
        true => Ok(token.to_owned()),
        false => Err(Error::invalid(
            "token",
            "this is no token: it looks like 123456789:AbC… and comes from BotFather",
        )),
    }
}

/// The last characters, which tell tokens apart and open nothing.
fn hint_of(token: &str) -> String {
    let skipped = token.chars().count().saturating_sub(HINT);
    token.chars().skip(skipped).collect()
}

fn acceptable(settings: &BotSettings) -> Result<()> {
    let is_address = |text: &str, schemes: &[&str]| {
        let has_scheme = schemes.iter().any(|scheme| text.starts_with(scheme));
        let is_plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        text.is_empty() || has_scheme && is_plain && text.chars().count() <= MAX_ADDRESS
    };
    if !is_address(&settings.api_url, &["https://", "http://"]) {
        return Err(Error::invalid(
            "api_url",
            "a server's address begins with https:// or http://",
        ));
    }
    let proxies = ["http://", "https://", "socks5://", "socks5h://"];
    if !is_address(&settings.proxy, &proxies) || settings.proxy.contains('@') {
        return Err(Error::invalid(
            "proxy",
            "a proxy's address is like socks5h://host:port, without name and password",
        ));
    }
    if settings.operators.len() > MAX_OPERATORS {
        let what = format!("at most {MAX_OPERATORS} operators are told");
        return Err(Error::invalid("operators", what));
    }
    if settings.operators.iter().any(|id| *id <= 0) {
        return Err(Error::invalid("operators", "an operator's id is positive"));
    }
    if settings.staff_chat > 0 {
        let what = "a group's id is negative: add the bot to the group and take the id it tells";
        return Err(Error::invalid("staff_chat", what));
    }
    if settings.languages.len() > MAX_LANGUAGES {
        let what = format!("commands are offered in at most {MAX_LANGUAGES} languages");
        return Err(Error::invalid("languages", what));
    }
    Ok(())
}

/// Bytes of an id that tell when it was made (RFC 9562, version 7).
const TIME: usize = 6;

/// An id that is always the same for the same thing, so that making it twice makes it once. It begins with the time of
/// `from`: rows of one moment lie together in the tables, where wholly random ids would each touch a page of their own.
pub(crate) fn derived(from: Uuid, what: &str) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(from.as_bytes());
    hash.update(what.as_bytes());
    let mut bytes = *from.as_bytes();
    bytes[TIME..].copy_from_slice(&hash.finalize()[TIME..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_one_word_with_a_colon() {
        assert_eq!(token_of(" 123:AbC \n").unwrap(), "123:AbC");
        for wrong in ["", "123", "12 3:a", "123:ключ"] {
            assert_eq!(token_of(wrong).unwrap_err().field, Some("token"), "{wrong}");
        }
        assert_eq!(hint_of("123:AbCdEf"), "CdEf");
    }

    #[test]
    fn a_proxy_carries_no_password_in_the_settings() {
        let with = |proxy: &str| BotSettings {
            proxy: proxy.to_owned(),
            ..BotSettings::default()
        };
        assert!(acceptable(&with("socks5h://host:1080")).is_ok());
        for wrong in ["host:1080", "socks5h://me:secret@host:1080", "ftp://host"] {
            let refused = acceptable(&with(wrong)).unwrap_err();
            assert_eq!(refused.field, Some("proxy"), "{wrong}");
        }
    }

    #[test]
    fn a_derived_id_is_the_same_each_time() {
        let from = Uuid::from_u128(7 << 100);
        assert_eq!(derived(from, "a"), derived(from, "a"));
        assert_ne!(derived(from, "a"), derived(from, "b"));
        assert_ne!(
            derived(from, "a"),
            derived(Uuid::from_u128((7 << 100) + 1), "a")
        );
        assert_eq!(
            derived(from, "a").as_bytes()[..TIME],
            from.as_bytes()[..TIME]
        );
    }
}
