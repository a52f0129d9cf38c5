//! Bots: their accounts, how they fare, what an owner can change, what the doctor finds.

use app::bots::doctor::{self, Check, CheckKind, CheckState};
use domain::bot;
use domain::language;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::wire::{Id, Language, Time};

/// A messenger's account that an assistant speaks through. Its token is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bot {
    /// Its id.
    pub id: Id,
    /// Which assistant answers through it.
    pub assistant_id: Id,
    /// What the messenger says about it.
    pub account: BotAccount,
    /// True while it is to run.
    #[schema(example = true)]
    pub is_on: bool,
    /// How it fares.
    pub state: BotState,
    /// What can be changed about it.
    pub settings: BotSettings,
    /// Grows by one with every change.
    #[schema(example = 3)]
    pub version: u32,
    /// The last characters of its token; null in lists.
    #[schema(required, example = "9f3a")]
    pub token_hint: Option<String>,
    /// When the last update came.
    #[schema(required)]
    pub last_update_at: Option<Time>,
    /// When the messenger was last heard, whether or not it had an update; to a minute.
    #[schema(required)]
    pub last_heard_at: Option<Time>,
    /// When it was added.
    pub created_at: Time,
    /// When it was last changed by a member.
    pub updated_at: Time,
}

/// A bot's account at its messenger.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotAccount {
    /// Its id there.
    #[schema(example = 7_654_321_098_i64)]
    pub id: i64,
    /// The name people see.
    #[schema(example = "Lindenhof Bicycles")]
    pub name: String,
    /// Its `@name`, without the sign.
    #[schema(example = "lindenhof_bot")]
    pub username: String,
    /// True when it may be added to groups.
    #[schema(example = true)]
    pub can_join_groups: bool,
    /// True when it reads everything in groups (privacy mode off).
    #[schema(example = false)]
    pub reads_all_in_groups: bool,
    /// True when people may connect it to their own account (secretary mode).
    #[schema(example = false)]
    pub can_connect_to_business: bool,
}

/// How a bot fares.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotState {
    /// Where it stands.
    pub is: BotStanding,
    /// What is in its way; null unless it is troubled.
    #[schema(required)]
    pub trouble: Option<BotTrouble>,
    /// A host or what happened, with troubles that have such; without addresses and secrets.
    #[schema(required, example = "the host did not reply in time")]
    pub what: Option<String>,
    /// Since when it is troubled.
    #[schema(required)]
    pub since: Option<Time>,
    /// Until when the messenger asks to wait.
    #[schema(required)]
    pub until: Option<Time>,
}

/// Where a bot stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "running")]
pub enum BotStanding {
    /// It is off, or nobody has started it yet.
    Off,
    /// It is being connected.
    Starting,
    /// It listens.
    Running,
    /// Something is in the way.
    Troubled,
}

/// What is in a bot's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "needs_token")]
pub enum BotTrouble {
    /// The messenger does not know the token any more: it must be entered anew.
    NeedsToken,
    /// Another program asks for this bot's updates.
    OtherPoller,
    /// Another program's webhook is set.
    WebhookSet,
    /// The messenger cannot be reached, or answers with errors of its own.
    Unreachable,
    /// The messenger asks to wait.
    Limited,
    /// The proxy or the server's address cannot be used.
    BadAddress,
    /// The token cannot be opened on this computer: it must be entered anew.
    SecretLost,
    /// Only this computer may be spoken to.
    LocalOnly,
}

/// What can be changed about a bot.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct BotSettings {
    /// The Bot API server; empty for Telegram's own.
    #[serde(default)]
    #[schema(required, example = "", max_length = 200)]
    pub api_url: String,
    /// The proxy, as `socks5h://host:port`; empty for none.
    #[serde(default)]
    #[schema(required, example = "", max_length = 200)]
    pub proxy: String,
    /// True: updates are brought to this installation's public address instead of being asked for.
    #[serde(default)]
    #[schema(required, example = false)]
    pub webhook: bool,
    /// True: it answers in groups when it is addressed.
    #[schema(example = true)]
    pub groups: bool,
    /// True: an answer has a button that shows quote and page.
    #[schema(example = true)]
    pub show_sources: bool,
    /// True: an answer asks for a thumb.
    #[schema(example = true)]
    pub ask_rating: bool,
    /// True: a private answer grows while it is written.
    #[schema(example = true)]
    pub stream: bool,
    /// The group (with topics) where operators work; 0 for none.
    #[serde(default)]
    #[schema(required, example = -1_001_234_567_890_i64)]
    pub staff_chat: i64,
    /// Operators who are told in their private chats where there is no group: their ids there, at most 20.
    #[serde(default)]
    #[schema(required, example = json!([123_456_789]))]
    pub operators: Vec<i64>,
    /// True: customers see an operator's name.
    #[serde(default)]
    #[schema(required, example = false)]
    pub show_operator: bool,
    /// What it does in chats of its owner's own account (secretary mode).
    #[serde(default)]
    #[schema(required)]
    pub business: BotBusiness,
    /// Languages its commands are offered in.
    #[serde(default)]
    #[schema(required, example = json!(["en", "ru"]))]
    pub languages: Vec<Language>,
}

/// What a bot does in chats of its owner's own account.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "draft")]
pub enum BotBusiness {
    /// Nothing.
    Off,
    /// It writes drafts that its owner sends.
    #[default]
    Draft,
    /// It answers by itself.
    Answer,
}

/// All bots.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bots {
    /// The bots, oldest first.
    pub items: Vec<Bot>,
}

/// A new bot.
#[derive(Deserialize, ToSchema)]
pub struct NewBot {
    /// Its token, as BotFather gave it. It is sealed and never shown again.
    #[schema(
        example = "7654321098:AAF-exampleexampleexampleexample",
        max_length = 256
    )]
    pub token: String,
    /// Which assistant answers through it.
    pub assistant_id: Id,
    /// What can be changed about it; the usual settings when absent.
    pub settings: Option<BotSettings>,
}

/// A change of a bot: what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BotChange {
    /// The version this change was made from; `conflict` when somebody else was faster.
    #[schema(example = 3)]
    pub version: u32,
    /// Which assistant answers through it.
    pub assistant_id: Option<Id>,
    /// Whether it is to run.
    #[schema(example = true)]
    pub is_on: Option<bool>,
    /// What can be changed about it, whole.
    pub settings: Option<BotSettings>,
}

/// Another token of a bot.
#[derive(Deserialize, ToSchema)]
pub struct BotToken {
    /// The token, as BotFather gave it.
    #[schema(
        example = "7654321098:AAF-exampleexampleexampleexample",
        max_length = 256
    )]
    pub token: String,
}

/// In which language something is told.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ToldQuery {
    /// `en` or `ru`; English unless told otherwise.
    #[param(example = "en")]
    pub language: Option<String>,
}

/// What the doctor found, in the order in which one reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotChecks {
    /// True when nothing is bad.
    #[schema(example = true)]
    pub ok: bool,
    /// The checks.
    pub items: Vec<BotCheck>,
}

/// One thing that the doctor looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotCheck {
    /// What was looked at.
    pub what: BotCheckKind,
    /// How it is.
    pub state: BotCheckState,
    /// Which of its sentences says so.
    #[schema(example = "known")]
    pub key: String,
    /// What was found, in the language that was asked for.
    #[schema(example = "Telegram knows the token.")]
    pub told: String,
    /// What to do about it; empty when nothing is to be done.
    #[schema(example = "")]
    pub fix: String,
}

/// What the doctor looks at.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "token")]
pub enum BotCheckKind {
    /// Whether it is on.
    On,
    /// The token.
    Token,
    /// The name at the messenger.
    Name,
    /// Whether it reads everything in groups.
    Privacy,
    /// Whether another program asks for its updates.
    OtherPoller,
    /// The webhook.
    Webhook,
    /// The proxy.
    Proxy,
    /// This computer's clock.
    Clock,
    /// Whether the messenger can be reached, and how fast.
    Reach,
    /// What waits to be dealt with.
    Queue,
    /// When it last heard of anything.
    LastUpdate,
    /// What is in its way now.
    LastError,
    /// The working hours now.
    Hours,
    /// The assistant.
    Assistant,
    /// What writes the answers.
    Engine,
    /// What it may do in the staff group.
    Staff,
    /// What did not arrive, or may not have.
    Outbox,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "good")]
pub enum BotCheckState {
    /// As it should be.
    Good,
    /// It works, and could be better.
    Warning,
    /// It does not work.
    Bad,
    /// It could not be looked at, or does not matter here.
    Skipped,
}

/// What a link to a bot carries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LinkQuery {
    /// What the bot is told when somebody comes by the link: at most 64 of `A-Za-z0-9_-`. Anybody can write one.
    #[param(example = "shop-window")]
    pub payload: Option<String>,
    /// In place of a payload: a signed name of at most 28 bytes, of which operators find a note in the conversation
    /// of whoever comes by the link.
    #[param(example = "autumn sale")]
    pub name: Option<String>,
    /// For how many days a signed name is taken: 1 to 3650, 365 unless told.
    #[param(example = 90)]
    pub days: Option<u32>,
}

/// A link that opens a chat with a bot.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotLink {
    /// The link.
    #[schema(example = "https://t.me/lindenhof_bot?start=shop-window")]
    pub url: String,
}

impl Bot {
    /// A bot and, where it was looked up, what may be seen of its token.
    pub fn of(bot: bot::Bot, token_hint: Option<String>) -> Bot {
        Bot {
            id: Id::of(bot.id),
            assistant_id: Id::of(bot.assistant_id),
            account: BotAccount {
                id: bot.account.id,
                name: bot.account.name,
                username: bot.account.username,
                can_join_groups: bot.account.can_join_groups,
                reads_all_in_groups: bot.account.reads_all_in_groups,
                can_connect_to_business: bot.account.can_connect_to_business,
            },
            is_on: bot.is_on,
            state: bot.state.into(),
            settings: bot.settings.into(),
            version: bot.version,
            token_hint,
            last_update_at: bot.last_update_at.map(Time::from),
            last_heard_at: bot.last_heard_at.map(Time::from),
            created_at: bot.created_at.into(),
            updated_at: bot.updated_at.into(),
        }
    }
}

impl BotChecks {
    /// What was found, told in this language.
    pub fn told(checks: &[Check], language: language::Language) -> BotChecks {
        let items = checks.iter().map(|check| {
            let (told, fix) = doctor::sentence(check, language);
            BotCheck {
                what: check.what.into(),
                state: check.state.into(),
                key: check.key.to_owned(),
                told,
                fix,
            }
        });
        BotChecks {
            ok: checks.iter().all(|check| check.state != CheckState::Bad),
            items: items.collect(),
        }
    }
}

impl From<CheckKind> for BotCheckKind {
    fn from(kind: CheckKind) -> BotCheckKind {
        match kind {
            CheckKind::On => BotCheckKind::On,
            CheckKind::Token => BotCheckKind::Token,
            CheckKind::Name => BotCheckKind::Name,
            CheckKind::Privacy => BotCheckKind::Privacy,
            CheckKind::OtherPoller => BotCheckKind::OtherPoller,
            CheckKind::Webhook => BotCheckKind::Webhook,
            CheckKind::Proxy => BotCheckKind::Proxy,
            CheckKind::Clock => BotCheckKind::Clock,
            CheckKind::Reach => BotCheckKind::Reach,
            CheckKind::Queue => BotCheckKind::Queue,
            CheckKind::LastUpdate => BotCheckKind::LastUpdate,
            CheckKind::LastError => BotCheckKind::LastError,
            CheckKind::Hours => BotCheckKind::Hours,
            CheckKind::Assistant => BotCheckKind::Assistant,
            CheckKind::Engine => BotCheckKind::Engine,
            CheckKind::Staff => BotCheckKind::Staff,
            CheckKind::Outbox => BotCheckKind::Outbox,
        }
    }
}

impl From<CheckState> for BotCheckState {
    fn from(state: CheckState) -> BotCheckState {
        match state {
            CheckState::Good => BotCheckState::Good,
            CheckState::Warning => BotCheckState::Warning,
            CheckState::Bad => BotCheckState::Bad,
            CheckState::Skipped => BotCheckState::Skipped,
        }
    }
}

impl From<bot::BotState> for BotState {
    fn from(state: bot::BotState) -> BotState {
        let plain = |is| BotState {
            is,
            trouble: None,
            what: None,
            since: None,
            until: None,
        };
        let (trouble, since) = match state {
            bot::BotState::Off => return plain(BotStanding::Off),
            bot::BotState::Starting => return plain(BotStanding::Starting),
            bot::BotState::Running => return plain(BotStanding::Running),
            bot::BotState::Troubled { trouble, since } => (trouble, since),
        };
        let (trouble, what, until) = match trouble {
            bot::Trouble::NeedsToken => (BotTrouble::NeedsToken, None, None),
            bot::Trouble::OtherPoller => (BotTrouble::OtherPoller, None, None),
            bot::Trouble::WebhookSet { host } => (BotTrouble::WebhookSet, Some(host), None),
            bot::Trouble::Unreachable { what } => (BotTrouble::Unreachable, Some(what), None),
            bot::Trouble::Limited { until } => (BotTrouble::Limited, None, Some(until)),
            bot::Trouble::BadAddress { what } => (BotTrouble::BadAddress, Some(what), None),
            bot::Trouble::SecretLost => (BotTrouble::SecretLost, None, None),
            bot::Trouble::LocalOnly => (BotTrouble::LocalOnly, None, None),
        };
        BotState {
            trouble: Some(trouble),
            what,
            since: Some(since.into()),
            until: until.map(Time::from),
            ..plain(BotStanding::Troubled)
        }
    }
}

impl From<bot::BotSettings> for BotSettings {
    fn from(settings: bot::BotSettings) -> BotSettings {
        BotSettings {
            api_url: settings.api_url,
            proxy: settings.proxy,
            webhook: settings.webhook,
            groups: settings.groups,
            show_sources: settings.show_sources,
            ask_rating: settings.ask_rating,
            stream: settings.stream,
            staff_chat: settings.staff_chat,
            operators: settings.operators,
            show_operator: settings.show_operator,
            business: match settings.business {
                bot::Business::Off => BotBusiness::Off,
                bot::Business::Draft => BotBusiness::Draft,
                bot::Business::Answer => BotBusiness::Answer,
            },
            languages: settings.languages.into_iter().map(Language::from).collect(),
        }
    }
}

impl BotSettings {
    /// The domain's settings, or a problem that names what is wrong.
    pub fn parse(self) -> Result<bot::BotSettings, Problem> {
        let languages = self.languages.into_iter();
        let languages = languages.map(|language| language.parse("languages"));
        Ok(bot::BotSettings {
            api_url: self.api_url,
            proxy: self.proxy,
            webhook: self.webhook,
            groups: self.groups,
            show_sources: self.show_sources,
            ask_rating: self.ask_rating,
            stream: self.stream,
            staff_chat: self.staff_chat,
            operators: self.operators,
            show_operator: self.show_operator,
            business: match self.business {
                BotBusiness::Off => bot::Business::Off,
                BotBusiness::Draft => bot::Business::Draft,
                BotBusiness::Answer => bot::Business::Answer,
            },
            languages: languages.collect::<Result<_, Problem>>()?,
        })
    }
}
