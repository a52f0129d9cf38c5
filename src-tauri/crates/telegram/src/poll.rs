//! One bot's loop: who it is, what its commands are, and then asking for updates for as long as it runs.
//!
//! An update is asked for once (T1): the next request, which confirms the batch, is made only after the batch and
//! its offset are committed. What is in the way of a bot is kept as its state, with a sentence for its owner, and
//! each kind has its own patience (T6, T8, T15). Not here: what is made of an update (`inbox`).

use std::time::Duration;

use domain::bot::{BotAccount, BotLease, BotSettings, BotState, RawUpdate, Trouble};
use domain::language::Language;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use teloxide::payloads::GetMe;
use tokio::time::Instant;

use crate::backoff::Backoff;
use crate::client::{CallError, Line};
use crate::commands;
use crate::runner::Held;
use crate::trouble::Cause;

/// How long the server holds a request without updates, in seconds (T5: connections are closed at about 39 s).
const HELD_SECONDS: u64 = 30;
/// How long such a request may take.
const HELD: Duration = Duration::from_secs(HELD_SECONDS + 10);
/// Updates of one reply.
const BATCH: u32 = 100;
/// Everything that is made something of. The server remembers the last list it was given (T7), so it is always told;
/// names that it does not know yet it passes over.
pub(crate) const ALLOWED_UPDATES: [&str; 11] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "pre_checkout_query",
    "stopped_message_generation",
];
/// How often it is looked whether a webhook is still set.
const ASK_FOR_WEBHOOK: Duration = Duration::from_secs(60);
/// A wait that the server asks for is the bot's state only when it is longer.
const WORTH_TELLING: Duration = Duration::from_secs(30);
/// Failures in a row after which the owner is told that the server cannot be reached.
const TELL_AFTER: u32 = 3;
/// A request that failed after so long was held by the server.
const POOLED: Duration = Duration::from_secs(1);
/// A server that holds no request is asked again after so long.
const UNHELD: Duration = Duration::from_secs(1);
/// How long the store is given when it cannot take a batch.
const STORE_PAUSE: Duration = Duration::from_secs(2);

/// Why a bot's loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It was asked to.
    Asked,
    /// Another one holds the bot now.
    Fenced,
    /// Its token did not work for a day: it waits for its owner.
    GaveUp,
}

/// Runs a bot that is held until it is asked to stop.
pub(crate) async fn run(held: &Held) -> End {
    let mut stopped = held.stopped.clone();
    tokio::select! {
        end = keep_running(held) => end,
        // A long poll is dropped: the offset is durable, so nothing has to be confirmed.
        _ = stopped.wait_for(|stopped| *stopped) => End::Asked,
    }
}

async fn keep_running(held: &Held) -> End {
    let mut polling = Polling {
        held,
        state: held.lease.bot.state.clone(),
        offset: held.lease.bot.offset,
        failures: 0,
        refused_tokens: refused_before(held),
        conflicts: 0,
    };
    match polling.connect_and_poll().await {
        Err(end) => end,
        Ok(never) => match never {},
    }
}

/// How often the token must have been refused before this run, at once an hour: a run that was cut short, or a
/// computer that slept, does not begin to count anew (T15).
fn refused_before(held: &Held) -> u32 {
    match &held.lease.bot.state {
        BotState::Troubled {
            trouble: Trouble::NeedsToken,
            since,
        } => {
            let now = held.app.now_and(Duration::ZERO);
            let hours = now.milliseconds_since(*since) / 3_600_000;
            u32::try_from(hours).unwrap_or_default()
        }
        _ => 0,
    }
}

/// There is no such value: a loop that only ends with an [`End`].
enum Never {}

struct Polling<'a> {
    held: &'a Held,
    state: BotState,
    offset: i64,
    /// In a row.
    failures: u32,
    refused_tokens: u32,
    conflicts: u32,
}

#[derive(Serialize)]
struct GetUpdates {
    offset: i64,
    limit: u32,
    timeout: u64,
    /// Told once a connection; later calls leave it as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_updates: Option<[&'static str; ALLOWED_UPDATES.len()]>,
}

#[derive(Deserialize)]
struct Me {
    id: i64,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    can_join_groups: bool,
    #[serde(default)]
    can_read_all_group_messages: bool,
    #[serde(default)]
    can_connect_to_business: bool,
}

/// Who the token belongs to.
///
/// # Errors
/// Any [`CallError`].
pub(crate) async fn get_me(line: &Line) -> Result<BotAccount, CallError> {
    let me: Me = line.send(&GetMe {}).await?;
    Ok(BotAccount {
        id: me.id,
        name: me.first_name,
        username: me.username,
        can_join_groups: me.can_join_groups,
        reads_all_in_groups: me.can_read_all_group_messages,
        can_connect_to_business: me.can_connect_to_business,
    })
}

impl Polling<'_> {
    async fn connect_and_poll(&mut self) -> Result<Never, End> {
        let needs_token = matches!(
            self.state,
            BotState::Troubled {
                trouble: Trouble::NeedsToken,
                ..
            }
        );
        if !needs_token {
            self.becomes(BotState::Starting).await?;
        }
        let account = self.until_known().await?;
        if account != self.held.lease.bot.account
            && let Err(error) = self.held.app.set_bot_account(self.lease(), account).await
        {
            // Another bot of this installation may have the account; whether this one is lost the next write tells.
            tracing::warn!(bot = %self.held.id(), %error, "what the messenger says of a bot could not be kept");
        }
        self.tell_commands().await?;
        if self.held.lease.bot.settings.webhook {
            return self.stand_by().await;
        }
        let mut is_first = true;
        loop {
            let asked = GetUpdates {
                offset: self.offset,
                limit: BATCH,
                // The first answers at once, so that its owner need not wait for a word about it.
                timeout: match is_first {
                    true => 0,
                    false => HELD_SECONDS,
                },
                allowed_updates: is_first.then_some(ALLOWED_UPDATES),
            };
            let began = Instant::now();
            match self
                .held
                .line
                .call_within::<Vec<Value>>("getUpdates", &asked, HELD)
                .await
            {
                Ok(updates) => {
                    let is_unheld = asked.timeout > 0 && updates.is_empty();
                    is_first = false;
                    self.heard().await?;
                    self.take(updates).await?;
                    if is_unheld {
                        // No storm on a server of one's own, or a proxy, that does not wait as Telegram does.
                        tokio::time::sleep(UNHELD.saturating_sub(began.elapsed())).await;
                    }
                }
                Err(error) => {
                    // Whoever polled in between may have asked for something else.
                    is_first = true;
                    self.failed(&error, began.elapsed()).await?;
                }
            }
        }
    }

    /// Asks who the bot is until the server says it.
    async fn until_known(&mut self) -> Result<BotAccount, End> {
        loop {
            let began = Instant::now();
            match get_me(&self.held.line).await {
                Ok(account) => return Ok(account),
                Err(error) => self.failed(&error, began.elapsed()).await?,
            }
        }
    }

    /// Sets the commands where they are others than were set last (T22).
    async fn tell_commands(&mut self) -> Result<(), End> {
        let settings = &self.held.lease.bot.settings;
        let wanted = commands::told_hash(&settings.languages);
        let wanted = format!("{wanted}:{}", settings.staff_chat);
        match self.held.app.bot_told(self.lease()).await {
            Ok(told) if told == wanted => return Ok(()),
            Ok(_) => {}
            Err(error) => return self.kept(Err(error)),
        }
        for menu in menus(settings) {
            loop {
                let began = Instant::now();
                let error = match self.held.line.call::<bool>("setMyCommands", &menu).await {
                    Ok(_) => break,
                    Err(error) => error,
                };
                if is_final(&error) {
                    // A menu the server will not have is no reason not to answer customers.
                    tracing::warn!(bot = %self.held.id(), %error, "a menu of commands was refused");
                    break;
                }
                self.failed(&error, began.elapsed()).await?;
            }
        }
        let kept = self.held.app.set_bot_told(self.lease(), wanted).await;
        self.kept(kept)
    }

    /// Keeps a batch, and only then moves on.
    async fn take(&mut self, updates: Vec<Value>) -> Result<(), End> {
        let raw: Vec<RawUpdate> = updates.iter().filter_map(raw).collect();
        let Some(next) = raw.last().map(|last| last.update_id + 1) else {
            return Ok(());
        };
        loop {
            match self
                .held
                .app
                .take_updates(self.lease(), raw.clone(), next)
                .await
            {
                Ok(_) => break,
                Err(error) => {
                    self.kept(Err(error))?;
                    // A full disk: Telegram keeps them for a day.
                    tokio::time::sleep(STORE_PAUSE).await;
                }
            }
        }
        self.offset = next;
        self.held.came.notify_one();
        Ok(())
    }

    async fn heard(&mut self) -> Result<(), End> {
        self.failures = 0;
        self.refused_tokens = 0;
        self.conflicts = 0;
        let kept = self.held.app.heard_bot(self.lease()).await;
        self.kept(kept)?;
        self.becomes(BotState::Running).await
    }

    /// Says what is in the way, and waits as long as its kind wants.
    async fn failed(&mut self, error: &CallError, took: Duration) -> Result<(), End> {
        self.failures += 1;
        let attempt = self.failures - 1;
        let refused = match error {
            CallError::Refused(failure) => failure.cause(),
            CallError::NotSent { .. } | CallError::Uncertain { .. }
                if self.held.line.is_forbidden() =>
            {
                self.troubled(Trouble::LocalOnly).await?;
                return self.wait(Backoff::NETWORK, attempt).await;
            }
            CallError::NotSent { what } | CallError::Uncertain { what } => {
                let was_pooled = attempt == 0 && took >= POOLED;
                if was_pooled {
                    // Telegram ends connections that stood for long: nothing is wrong (T5).
                    return Ok(());
                }
                if self.failures >= TELL_AFTER {
                    let what = what.clone();
                    self.troubled(Trouble::Unreachable { what }).await?;
                }
                return self.wait(Backoff::NETWORK, attempt).await;
            }
        };
        match refused {
            Cause::Unauthorized | Cause::NotFoundToken => {
                self.troubled(Trouble::NeedsToken).await?;
                self.refused_tokens += 1;
                self.wait(Backoff::TOKEN, self.refused_tokens - 1).await
            }
            Cause::ConflictWebhook => self.is_hooked().await,
            Cause::ConflictPoller => {
                self.troubled(Trouble::OtherPoller).await?;
                self.conflicts += 1;
                // Two programs that take updates from each other lose customers' time: this one gives way.
                self.wait(Backoff::CONFLICT, self.conflicts - 1).await
            }
            Cause::RetryAfter(seconds) => {
                let wait = Duration::from_secs(u64::from(seconds));
                if wait > WORTH_TELLING {
                    let until = self.held.app.now_and(wait);
                    self.troubled(Trouble::Limited { until }).await?;
                }
                // Each bot a little later than it must, so that a thousand do not come back in one moment.
                tokio::time::sleep(wait.mul_f64(1.0 + chance() / 10.0)).await;
                Ok(())
            }
            _ => {
                let what = error.to_string();
                self.troubled(Trouble::Unreachable { what }).await?;
                self.wait(Backoff::SERVER, attempt).await
            }
        }
    }

    async fn wait(&self, way: Backoff, attempt: u32) -> Result<(), End> {
        match way.delay_ms(attempt, chance()) {
            Some(delay) => {
                tokio::time::sleep(Duration::from_millis(delay)).await;
                Ok(())
            }
            None => Err(End::GaveUp),
        }
    }

    /// Updates are brought somewhere. Where that is our own place, from a time when the owner wanted it so, it is
    /// taken down, and what waits stays; any other may be what another program lives by: its owner decides (T6).
    async fn is_hooked(&mut self) -> Result<(), End> {
        #[derive(Deserialize)]
        struct Info {
            #[serde(default)]
            url: String,
        }
        let line = &self.held.line;
        let info = line.call::<Info>("getWebhookInfo", &json!({})).await;
        let url = info.map(|info| info.url).unwrap_or_default();
        if self.held.hook.is_at(&url) {
            // Whether it went is seen with the next poll.
            let gone = line.call::<bool>("deleteWebhook", &json!({})).await;
            tracing::info!(bot = %self.held.id(), gone = gone.is_ok(), "our own webhook is taken down");
            return self.wait(Backoff::NETWORK, 0).await;
        }
        let host = url.split("://").nth(1).unwrap_or_default();
        let host = host.split('/').next().unwrap_or_default().to_owned();
        self.troubled(Trouble::WebhookSet { host }).await?;
        tokio::time::sleep(ASK_FOR_WEBHOOK).await;
        Ok(())
    }

    /// Updates are pushed: there is nothing to ask for.
    async fn stand_by(&mut self) -> Result<Never, End> {
        loop {
            let began = Instant::now();
            match crate::webhook::set(self.held).await {
                Ok(()) => break,
                Err(error) => self.failed(&error, began.elapsed()).await?,
            }
        }
        self.heard().await?;
        std::future::pending().await
    }

    async fn troubled(&mut self, trouble: Trouble) -> Result<(), End> {
        if let BotState::Troubled { trouble: known, .. } = &self.state
            && is_same(known, &trouble)
        {
            return Ok(());
        }
        let since = self.held.app.now_and(Duration::ZERO);
        self.becomes(BotState::Troubled { trouble, since }).await
    }

    async fn becomes(&mut self, state: BotState) -> Result<(), End> {
        if state == self.state {
            return Ok(());
        }
        let kept = self
            .held
            .app
            .set_bot_state(self.lease(), state.clone())
            .await;
        self.kept(kept)?;
        self.state = state;
        Ok(())
    }

    /// A write that could not be done is done at the next occasion; one that another runner forbids ends this one.
    fn kept(&self, kept: app::error::Result<()>) -> Result<(), End> {
        match kept {
            Ok(()) => Ok(()),
            Err(error) if self.held.is_lost(&error) => Err(End::Fenced),
            Err(error) => {
                tracing::warn!(bot = %self.held.lease.bot.id, %error, "how a bot fares could not be kept");
                Ok(())
            }
        }
    }

    fn lease(&self) -> &BotLease {
        &self.held.lease
    }
}

/// What `setMyCommands` is told: the customers' menu in each language, the first of them for every other language
/// too, and the operators' in their group.
fn menus(settings: &BotSettings) -> Vec<Value> {
    let mut menus = Vec::new();
    for (number, language) in settings.languages.iter().enumerate() {
        let menu = commands::menu(*language);
        if number == 0 {
            menus.push(json!({"commands": menu}));
        }
        menus.push(json!({"commands": menu, "language_code": language.code()}));
    }
    if settings.staff_chat != 0 {
        let language = settings.languages.first().copied().unwrap_or(Language::EN);
        menus.push(json!({
            "commands": commands::staff_menu(language),
            "scope": {"type": "chat", "chat_id": settings.staff_chat},
        }));
    }
    menus
}

/// True when the same call would be refused again, for what it asks for.
fn is_final(error: &CallError) -> bool {
    matches!(error.cause(), Some(cause) if !cause.is_passing() && cause.trouble(Timestamp(0)).is_none())
}

/// 0 up to 1.
fn chance() -> f64 {
    rand::random()
}

/// An update as it came. One without a number is none.
fn raw(update: &Value) -> Option<RawUpdate> {
    Some(RawUpdate {
        update_id: update.get("update_id")?.as_i64()?,
        body: update.to_string(),
    })
}

/// True when an owner reads the same sentence for both: a state that is written anew every few seconds wears the
/// disk and wakes whoever watches.
fn is_same(known: &Trouble, now: &Trouble) -> bool {
    match (known, now) {
        (Trouble::Unreachable { .. }, Trouble::Unreachable { .. })
        | (Trouble::Limited { .. }, Trouble::Limited { .. }) => true,
        (known, now) => known == now,
    }
}
