//! The handle on the world: who there is, what time it is, what can be read. What people do is in the files
//! beside this one.

mod business;
mod group;
mod person;
mod read;
mod wire;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use tokio::sync::watch;

use crate::clock::Clock;
use crate::description::Description;
use crate::fault::{Fault, Orders};
use crate::file::Files;
use crate::flood::Budgets;
use crate::id::{BotId, Place, UserId};
use crate::journal::Journal;
use crate::queue::Queue;
use crate::random::Random;
use crate::state::{Account, Bounds, Callbacks, Person, Poll, State};

pub use group::GroupSetup;
pub use wire::{PendingPoll, Reply, WebhookCall, WireAnswer};

/// All of Telegram that a bot can meet. Cheap to clone: the clones are one world.
#[derive(Clone)]
pub struct World {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    clock: Arc<dyn Clock>,
    ahead_ms: AtomicI64,
    changed: watch::Sender<u64>,
    time_moved: watch::Sender<u64>,
}

/// What a world is made with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Repeats what is left to chance: update numbers, faults with a probability.
    pub seed: u64,
    /// How much is kept.
    pub bounds: Bounds,
    /// How much bots may say.
    pub budgets: Budgets,
}

/// A bot to be made.
#[derive(Debug, Clone)]
pub struct BotSetup {
    name: String,
    username: String,
    privacy: bool,
    in_business: bool,
    private_topics: bool,
}

impl BotSetup {
    /// With a name and a username; in privacy mode, as new bots are (T20).
    pub fn new(name: &str, username: &str) -> BotSetup {
        BotSetup {
            name: name.to_owned(),
            username: username.trim_start_matches('@').to_owned(),
            privacy: true,
            in_business: false,
            private_topics: false,
        }
    }

    /// Sees all messages of its groups (`can_read_all_group_messages`).
    #[must_use]
    pub fn without_privacy(mut self) -> BotSetup {
        self.privacy = false;
        self
    }

    /// May be connected to business accounts (`can_connect_to_business`).
    #[must_use]
    pub fn for_business(mut self) -> BotSetup {
        self.in_business = true;
        self
    }

    /// Has topics in private chats (`has_topics_enabled`).
    #[must_use]
    pub fn with_private_topics(mut self) -> BotSetup {
        self.private_topics = true;
        self
    }
}

/// A bot that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bot {
    /// Its account.
    pub id: BotId,
    /// What opens it.
    pub token: String,
    /// Its name behind the `@`.
    pub username: String,
}

/// A person to be made.
#[derive(Debug, Clone)]
pub struct UserSetup {
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
    language: Option<String>,
}

impl UserSetup {
    /// With a first name alone: the rest may be absent in life too.
    pub fn new(first_name: &str) -> UserSetup {
        UserSetup {
            first_name: first_name.to_owned(),
            last_name: None,
            username: None,
            language: None,
        }
    }

    /// And a family name.
    #[must_use]
    pub fn last_name(mut self, name: &str) -> UserSetup {
        self.last_name = Some(name.to_owned());
        self
    }

    /// And a username.
    #[must_use]
    pub fn username(mut self, name: &str) -> UserSetup {
        self.username = Some(name.trim_start_matches('@').to_owned());
        self
    }

    /// And a language of the program (`language_code`, `ru`).
    #[must_use]
    pub fn language(mut self, code: &str) -> UserSetup {
        self.language = Some(code.to_owned());
        self
    }
}

/// Why a person cannot do that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody has that number, or that place is not there.
    #[error("no such person or place")]
    Nobody,
    /// The person is not in the group, or was sent away.
    #[error("the person is not in the group")]
    NotAMember,
    /// The message is not there (any more).
    #[error("no such message")]
    NoMessage,
    /// The message is somebody else's.
    #[error("the message is somebody else's")]
    NotTheirs,
    /// The message has no such button.
    #[error("no such button")]
    NoButton,
    /// The topic is not there, or closed.
    #[error("no such topic, or it is closed")]
    NoTopic,
    /// The person blocked the bot: unblock first.
    #[error("the person blocked the bot")]
    Blocked,
}

/// The first bot's number; the following count up.
const FIRST_BOT: i64 = 7_000_000_001;
/// The first person's number: beyond 32 bits, as new accounts' numbers are.
const FIRST_USER: i64 = 5_000_000_001;

impl World {
    /// An empty world with usual bounds and budgets.
    pub fn new(clock: Arc<dyn Clock>) -> World {
        World::with(clock, Settings::default())
    }

    /// An empty world.
    pub fn with(clock: Arc<dyn Clock>, settings: Settings) -> World {
        let state = State {
            bots: HashMap::new(),
            tokens: HashMap::new(),
            users: HashMap::new(),
            groups: HashMap::new(),
            connections: BTreeMap::new(),
            rooms: HashMap::new(),
            callbacks: Callbacks::default(),
            files: Files::new(settings.bounds.file_bytes),
            journal: Journal::new(settings.bounds.calls),
            orders: Orders::default(),
            random: Random::new(settings.seed),
            description: None,
            violations: VecDeque::new(),
            budgets: settings.budgets,
            bounds: settings.bounds,
            idle_ms: None,
            silences: HashMap::new(),
            links: HashMap::new(),
            last_number: 0,
        };
        World {
            shared: Arc::new(Shared {
                state: Mutex::new(state),
                clock,
                ahead_ms: AtomicI64::new(0),
                changed: watch::Sender::new(0),
                time_moved: watch::Sender::new(0),
            }),
        }
    }

    /// Checks every call from now on against the Bot API's description; what does not fit is in
    /// [`World::violations`].
    pub fn describe(&self, description: Description) {
        self.state().description = Some(Arc::new(description));
    }

    /// Makes a bot.
    pub fn add_bot(&self, setup: BotSetup) -> Bot {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let id = BotId(FIRST_BOT + i64::try_from(state.bots.len()).unwrap_or(i64::MAX / 2));
        let first_update = i64::try_from(state.random.below(900_000_000)).unwrap_or(0) + 1_000_000;
        // 35 letters, as the real ones have: programs check that.
        let secret = format!(
            "AA{:016x}{:016x}x",
            state.random.next(),
            state.random.next()
        );
        let token = format!("{}:{secret}", id.0);
        let bot = Bot {
            id,
            token: token.clone(),
            username: setup.username.clone(),
        };
        let account = Account {
            id,
            token: token.clone(),
            name: setup.name,
            username: setup.username,
            privacy: setup.privacy,
            in_business: setup.in_business,
            private_topics: setup.private_topics,
            queue: Queue::new(first_update, now_ms, state.bounds.updates),
            allowed: None,
            poll: Poll::default(),
            webhook: None,
            commands: BTreeMap::new(),
            texts: BTreeMap::new(),
            known: HashSet::new(),
            blocked_by: HashSet::new(),
            logged_out_until_ms: None,
            signal: watch::Sender::new(0),
        };
        state.tokens.insert(token, id);
        state.bots.insert(id, account);
        bot
    }

    /// The bot's token opens nothing any more, as after `/revoke` (T15). Gives the new one.
    pub fn revoke_token(&self, bot: BotId) -> Option<String> {
        let mut state = self.state();
        let secret = format!(
            "AA{:016x}{:016x}y",
            state.random.next(),
            state.random.next()
        );
        let account = state.bots.get_mut(&bot)?;
        let token = format!("{}:{secret}", bot.0);
        let old = std::mem::replace(&mut account.token, token.clone());
        account.signal.send_modify(|count| *count += 1);
        state.tokens.remove(&old);
        state.tokens.insert(token.clone(), bot);
        Some(token)
    }

    /// Makes a person.
    pub fn add_user(&self, setup: UserSetup) -> UserId {
        let mut state = self.state();
        let id = UserId(FIRST_USER + i64::try_from(state.users.len()).unwrap_or(i64::MAX / 2));
        let person = Person {
            first_name: setup.first_name,
            last_name: setup.last_name,
            username: setup.username,
            language: setup.language,
            gone: false,
        };
        state.users.insert(id, person);
        id
    }

    /// The chat of a person with a bot.
    pub fn private(&self, bot: BotId, user: UserId) -> Place {
        Place::Private { bot, user }
    }

    /// The world's time: milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.shared.clock.now_ms() + self.shared.ahead_ms.load(Ordering::SeqCst)
    }

    /// Moves the world's time on. Waiting polls notice.
    pub fn advance(&self, ms: u64) {
        let ms = i64::try_from(ms).unwrap_or(i64::MAX);
        self.shared.ahead_ms.fetch_add(ms, Ordering::SeqCst);
        self.time_moved();
    }

    /// Says that the clock handed in was moved from outside.
    pub fn time_moved(&self) {
        self.shared.time_moved.send_modify(|count| *count += 1);
    }

    /// Counts what a person could see change: messages, edits, drafts, typing. Wait on it to follow a chat.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// Orders trouble for calls to come. Orders strike in the order they were given.
    pub fn order(&self, fault: Fault) {
        self.state().orders.add(fault);
    }

    /// Takes all orders back.
    pub fn clear_orders(&self) {
        self.state().orders.clear();
    }

    /// Closes connections that carried nothing for so long (T5: 39,000 was reported); `None` never does.
    pub fn close_idle_after(&self, ms: Option<u64>) {
        self.state().idle_ms = ms.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX));
        self.time_moved();
    }

    pub(crate) fn idle_ms(&self) -> Option<i64> {
        self.state().idle_ms
    }

    pub(crate) fn time_moves(&self) -> watch::Receiver<u64> {
        self.shared.time_moved.subscribe()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A panic in one test's thread must not hide behind a poisoned lock in another.
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn changed(&self) {
        self.shared.changed.send_modify(|count| *count += 1);
    }
}
