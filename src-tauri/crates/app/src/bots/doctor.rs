//! The doctor: one screen's worth of checks of a bot, as data; `sentence` says each in plain words with its fix.

mod sentences;

use domain::assistant::EngineChoice;
use domain::bot::{Bot, BotState, Trouble};
use domain::hours::State;
use domain::id::BotId;
use domain::language::Language;
use domain::member::Permission;
use domain::time::Timestamp;
use store::error::StoreError;

use crate::App;
use crate::bots::held::staff_language;
use crate::channel::Account;
use crate::error::Result;
use crate::who::Who;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckKind {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckState {
    /// As it should be.
    Good,
    /// It works, and could be better.
    Warning,
    /// It does not work.
    Bad,
    /// It could not be looked at, or does not matter here.
    Skipped,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub what: CheckKind,
    /// How it is.
    pub state: CheckState,
    /// Which of its sentences says so (`sentence` knows them).
    pub key: &'static str,
    /// What stands in the sentence, in its order.
    pub values: Vec<String>,
}

/// What a check found, and what to do about it (empty when nothing is to be done). English where the language is not
/// Russian.
pub fn sentence(check: &Check, language: Language) -> (String, String) {
    let [english, russian] = sentences::words(check.what, check.key);
    let (what, fix) = match language == Language::RU {
        true => russian,
        false => english,
    };
    (filled(what, &check.values), filled(fix, &check.values))
}

/// The values in place of `{0}`, `{1}` …
fn filled(text: &str, values: &[String]) -> String {
    let mut text = text.to_owned();
    for (index, value) in values.iter().enumerate() {
        text = text.replace(&format!("{{{index}}}"), value);
    }
    text
}

/// Seconds that the computer's clock may differ.
const CLOCK_SECONDS: i64 = 60;
/// Milliseconds after which the messenger is slow.
const SLOW_MS: u32 = 2_000;
/// Minutes after which an update waits for too long.
const OLD_MINUTES: i64 = 5;

impl App {
    /// One screen's worth of checks, in the order in which one reads them.
    pub async fn check_bot(&self, who: &Who, id: BotId) -> Result<Vec<Check>> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        let bot = store.bot(id).await?;
        let account = match store.bot_token(id).await {
            Ok(Some(token)) => match self.channel() {
                Ok(channel) => {
                    let token = String::from_utf8_lossy(&token);
                    Some(channel.look_up(&token, &bot.settings).await)
                }
                Err(_) => None,
            },
            Ok(None) => Some(Err(Trouble::NeedsToken)),
            Err(StoreError::Secret) => Some(Err(Trouble::SecretLost)),
            Err(error) => return Err(error.into()),
        };
        self.checks(who, &bot, account).await
    }

    /// What can be said of a bot without asking the messenger.
    pub(crate) async fn glance_at_bot(&self, who: &Who, bot: &Bot) -> Result<Vec<Check>> {
        self.checks(who, bot, None).await
    }

    async fn checks(
        &self,
        who: &Who,
        bot: &Bot,
        account: Option<std::result::Result<Account, Trouble>>,
    ) -> Result<Vec<Check>> {
        let store = self.workspace(who.workspace());
        let now = self.now();
        let mut checks = vec![is_on(bot)];
        checks.extend(of_account(bot, account.as_ref(), now));
        let queue = self.inner.store.bot_queue(bot.id).await?;
        checks.push(waiting(
            queue.waiting,
            queue.unreadable,
            queue.oldest_waiting_at,
            now,
        ));
        checks.push(last_update(bot, now));
        checks.push(last_error(bot));
        let assistant = store.assistant(bot.assistant_id).await?;
        let settings = &assistant.settings;
        let hours = settings.hours.as_ref().map(|hours| {
            let language = staff_language(bot);
            let is_open = matches!(hours.state_at(now), State::Open { .. });
            (
                is_open,
                hours.explain(now, language).pop().unwrap_or_default(),
            )
        });
        checks.push(match hours {
            None => good(CheckKind::Hours, "always", []),
            Some((true, until)) => good(CheckKind::Hours, "open", [until]),
            Some((false, until)) => check(CheckKind::Hours, CheckState::Warning, "closed", [until]),
        });
        checks.push(good(
            CheckKind::Assistant,
            "there",
            [assistant.name.clone()],
        ));
        checks.push(self.engine_check(who, settings.engine).await?);
        checks.push(staff(bot, account.and_then(|found| found.ok()).as_ref()));
        checks.push(outbox(
            queue.outbox_queued,
            queue.outbox_uncertain,
            queue.outbox_failed,
        ));
        Ok(checks)
    }

    async fn engine_check(&self, who: &Who, choice: EngineChoice) -> Result<Check> {
        let has_passages = self.workspace(who.workspace()).counts().await?.passages > 0;
        let first = self
            .ladder(who.workspace(), choice)
            .await?
            .into_iter()
            .next();
        Ok(match (choice, first, has_passages) {
            (EngineChoice::Remote | EngineChoice::Local, None, _) => {
                check(CheckKind::Engine, CheckState::Warning, "not_set_up", [])
            }
            (_, _, false) => check(CheckKind::Engine, CheckState::Warning, "no_knowledge", []),
            (EngineChoice::Remote | EngineChoice::Local, Some(engine), true) => {
                good(CheckKind::Engine, "remote", [engine.name()])
            }
            (EngineChoice::Quotes, _, true) => good(CheckKind::Engine, "quotes", []),
        })
    }
}

fn check<const N: usize>(
    what: CheckKind,
    state: CheckState,
    key: &'static str,
    values: [String; N],
) -> Check {
    Check {
        what,
        state,
        key,
        values: values.to_vec(),
    }
}

fn good<const N: usize>(what: CheckKind, key: &'static str, values: [String; N]) -> Check {
    check(what, CheckState::Good, key, values)
}

fn is_on(bot: &Bot) -> Check {
    match (bot.is_on, &bot.state) {
        (false, _) => check(CheckKind::On, CheckState::Bad, "off", []),
        (true, BotState::Running) => good(CheckKind::On, "running", []),
        (true, BotState::Off | BotState::Starting) => {
            check(CheckKind::On, CheckState::Warning, "starting", [])
        }
        (true, BotState::Troubled { .. }) => check(CheckKind::On, CheckState::Bad, "troubled", []),
    }
}

/// What can be said of the account at the messenger.
fn of_account(
    bot: &Bot,
    found: Option<&std::result::Result<Account, Trouble>>,
    now: Timestamp,
) -> Vec<Check> {
    let skipped = |what| check(what, CheckState::Skipped, "not_asked", []);
    let unknown = [
        CheckKind::Name,
        CheckKind::Privacy,
        CheckKind::OtherPoller,
        CheckKind::Webhook,
        CheckKind::Proxy,
        CheckKind::Clock,
    ];
    let account = match found {
        Some(Ok(account)) => account,
        Some(Err(trouble)) => {
            let (token, reach) = troubled(trouble);
            let mut checks = vec![token];
            checks.extend(unknown.map(skipped));
            checks.push(reach);
            return checks;
        }
        None => {
            let mut checks = vec![skipped(CheckKind::Token)];
            checks.extend(unknown.map(skipped));
            checks.push(skipped(CheckKind::Reach));
            return checks;
        }
    };
    let at = &account.account;
    let name = format!("{} (@{})", at.name, at.username);
    let privacy = match (
        bot.settings.groups,
        at.can_join_groups,
        at.reads_all_in_groups,
    ) {
        (false, _, _) => check(CheckKind::Privacy, CheckState::Skipped, "no_groups", []),
        (true, false, _) => check(CheckKind::Privacy, CheckState::Warning, "cannot_join", []),
        (true, true, true) => good(CheckKind::Privacy, "reads_all", []),
        (true, true, false) => good(CheckKind::Privacy, "addressed_only", []),
    };
    let poller = match &bot.state {
        BotState::Troubled {
            trouble: Trouble::OtherPoller,
            ..
        } => check(CheckKind::OtherPoller, CheckState::Bad, "other", []),
        _ => good(CheckKind::OtherPoller, "alone", []),
    };
    let proxy = match bot.settings.proxy.is_empty() {
        true => check(CheckKind::Proxy, CheckState::Skipped, "none", []),
        false => good(CheckKind::Proxy, "used", [bot.settings.proxy.clone()]),
    };
    let reach = match account.took_ms {
        0..=SLOW_MS => good(CheckKind::Reach, "fast", [account.took_ms.to_string()]),
        slow => check(
            CheckKind::Reach,
            CheckState::Warning,
            "slow",
            [slow.to_string()],
        ),
    };
    vec![
        good(CheckKind::Token, "known", []),
        good(CheckKind::Name, "name", [name]),
        privacy,
        poller,
        webhook(bot, account),
        proxy,
        clock(account, now),
        reach,
    ]
}

fn troubled(trouble: &Trouble) -> (Check, Check) {
    let token = match trouble {
        Trouble::NeedsToken => check(CheckKind::Token, CheckState::Bad, "unknown", []),
        Trouble::SecretLost => check(CheckKind::Token, CheckState::Bad, "lost", []),
        _ => check(CheckKind::Token, CheckState::Skipped, "not_asked", []),
    };
    let reach = match trouble {
        Trouble::Unreachable { what } => check(
            CheckKind::Reach,
            CheckState::Bad,
            "not_reached",
            [what.clone()],
        ),
        Trouble::BadAddress { what } => check(
            CheckKind::Reach,
            CheckState::Bad,
            "bad_address",
            [what.clone()],
        ),
        Trouble::Limited { .. } => check(CheckKind::Reach, CheckState::Warning, "limited", []),
        Trouble::LocalOnly => check(CheckKind::Reach, CheckState::Bad, "local_only", []),
        _ => check(CheckKind::Reach, CheckState::Skipped, "not_asked", []),
    };
    (token, reach)
}

fn webhook(bot: &Bot, account: &Account) -> Check {
    match (&account.webhook, bot.settings.webhook) {
        (None, false) => good(CheckKind::Webhook, "none", []),
        (None, true) => check(CheckKind::Webhook, CheckState::Warning, "missing", []),
        (Some(webhook), true) if webhook.last_error.is_empty() => {
            good(CheckKind::Webhook, "ours", [webhook.host.clone()])
        }
        (Some(webhook), true) => {
            let values = [webhook.host.clone(), webhook.last_error.clone()];
            check(CheckKind::Webhook, CheckState::Bad, "failing", values)
        }
        (Some(webhook), false) => check(
            CheckKind::Webhook,
            CheckState::Bad,
            "in_the_way",
            [webhook.host.clone()],
        ),
    }
}

fn clock(account: &Account, now: Timestamp) -> Check {
    let Some(time) = account.time else {
        return check(CheckKind::Clock, CheckState::Skipped, "not_asked", []);
    };
    let seconds = now.milliseconds_since(time) / 1_000;
    match seconds.abs() <= CLOCK_SECONDS {
        true => good(CheckKind::Clock, "right", []),
        false => {
            let values = [seconds.abs().to_string()];
            let key = if seconds > 0 { "ahead" } else { "behind" };
            check(CheckKind::Clock, CheckState::Warning, key, values)
        }
    }
}

fn waiting(waiting: u64, unreadable: u64, oldest: Option<Timestamp>, now: Timestamp) -> Check {
    let minutes = oldest.map_or(0, |oldest| now.milliseconds_since(oldest).max(0) / 60_000);
    let values = [waiting.to_string(), minutes.to_string()];
    match (waiting, unreadable) {
        (0, 0) => good(CheckKind::Queue, "empty", []),
        (_, 1..) => {
            let values = [waiting.to_string(), unreadable.to_string()];
            check(CheckKind::Queue, CheckState::Warning, "unreadable", values)
        }
        (_, 0) if minutes >= OLD_MINUTES => {
            check(CheckKind::Queue, CheckState::Warning, "old", values)
        }
        (_, 0) => good(CheckKind::Queue, "waiting", values),
    }
}

fn last_update(bot: &Bot, now: Timestamp) -> Check {
    let minutes = |at: Timestamp| (now.milliseconds_since(at).max(0) / 60_000).to_string();
    match (bot.last_update_at, bot.last_heard_at) {
        (Some(update), _) => good(CheckKind::LastUpdate, "update", [minutes(update)]),
        (None, Some(heard)) => good(CheckKind::LastUpdate, "quiet", [minutes(heard)]),
        (None, None) => check(CheckKind::LastUpdate, CheckState::Warning, "never", []),
    }
}

fn last_error(bot: &Bot) -> Check {
    let BotState::Troubled { trouble, .. } = &bot.state else {
        return good(CheckKind::LastError, "none", []);
    };
    let (key, values) = match trouble {
        Trouble::NeedsToken => ("needs_token", Vec::new()),
        Trouble::OtherPoller => ("other_poller", Vec::new()),
        Trouble::WebhookSet { host } => ("webhook_set", vec![host.clone()]),
        Trouble::Unreachable { what } => ("unreachable", vec![what.clone()]),
        Trouble::Limited { .. } => ("limited", Vec::new()),
        Trouble::BadAddress { what } => ("bad_address", vec![what.clone()]),
        Trouble::SecretLost => ("secret_lost", Vec::new()),
        Trouble::LocalOnly => ("local_only", Vec::new()),
    };
    let state = match trouble {
        Trouble::Limited { .. } => CheckState::Warning,
        _ => CheckState::Bad,
    };
    Check {
        what: CheckKind::LastError,
        state,
        key,
        values,
    }
}

fn staff(bot: &Bot, account: Option<&Account>) -> Check {
    let settings = &bot.settings;
    let rights = account.and_then(|account| account.staff);
    match (settings.staff_chat, settings.operators.len(), rights) {
        (0, 0, _) => check(CheckKind::Staff, CheckState::Warning, "nobody", []),
        (0, count, _) => good(CheckKind::Staff, "private", [count.to_string()]),
        (_, _, None) => check(CheckKind::Staff, CheckState::Skipped, "not_asked", []),
        (_, _, Some(rights)) if !rights.is_there => {
            check(CheckKind::Staff, CheckState::Bad, "not_there", [])
        }
        (_, _, Some(rights)) if !rights.has_topics => {
            check(CheckKind::Staff, CheckState::Warning, "no_topics", [])
        }
        (_, _, Some(rights)) if !rights.manages_topics => {
            check(CheckKind::Staff, CheckState::Bad, "no_right", [])
        }
        (_, _, Some(_)) => good(CheckKind::Staff, "ready", []),
    }
}

fn outbox(queued: u64, uncertain: u64, failed: u64) -> Check {
    let values = [queued, uncertain, failed].map(|count| count.to_string());
    match (uncertain, failed) {
        (0, 0) => good(CheckKind::Outbox, "arrived", values),
        _ => check(CheckKind::Outbox, CheckState::Warning, "not_all", values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_differ_by_a_minute() {
        let now = Timestamp(0).plus_seconds(1_000_000);
        let at = |seconds: i64| Account {
            time: Some(now.plus_seconds(seconds)),
            ..Account::default()
        };
        assert_eq!(clock(&at(-59), now).state, CheckState::Good);
        assert_eq!(clock(&at(-61), now).key, "ahead");
        assert_eq!(clock(&at(3_600), now).key, "behind");
        assert_eq!(clock(&Account::default(), now).state, CheckState::Skipped);
    }

    #[test]
    fn values_stand_in_the_sentence_of_either_language() {
        let check = Check {
            what: CheckKind::Webhook,
            state: CheckState::Bad,
            key: "failing",
            values: vec!["a.example".to_owned(), "502".to_owned()],
        };
        let (what, fix) = sentence(&check, Language::EN);
        assert_eq!(
            what,
            "Telegram cannot deliver to the webhook at a.example: 502"
        );
        assert!(!fix.is_empty());
        let (what, _) = sentence(&check, Language::RU);
        assert_eq!(what, "Telegram не может доставить на вебхук a.example: 502");
    }

    #[test]
    fn what_was_not_looked_at_says_so() {
        let check = Check {
            what: CheckKind::Clock,
            state: CheckState::Skipped,
            key: "not_asked",
            values: Vec::new(),
        };
        assert_eq!(
            sentence(&check, Language::EN).0,
            "This could not be looked at."
        );
    }
}
