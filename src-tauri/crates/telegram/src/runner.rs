//! All bots of this process: which are run, from when and until when.
//!
//! One loop looks after them: it takes up bots that nobody runs, some each second, the most recently active first;
//! renews what it holds; lets go of what was changed, switched off or removed. Each bot has a task that asks for
//! updates (`poll`) and one that makes something of them (`inbox`); one more task delivers for all (`deliver`).

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::App;
use app::error::ErrorCode;
use domain::bot::{BOT_LEASE_SECONDS, BotLease, BotState, Trouble};
use domain::event::Topic;
use domain::id::BotId;
use domain::time::Timestamp;
use net::Net;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::client::{Line, TELEGRAM};
use crate::console::Admins;
use crate::convert::Me;
use crate::deliver;
use crate::desk::Desk;
use crate::inbox;
use crate::poll::{self, End};
use crate::stream::Previews;
use crate::webhook;

/// Time between the starts of two bots: the published server takes few bots that it has not loaded at once.
const RAMP: Duration = Duration::from_millis(200);
/// How often leases are renewed and bots looked for when nothing hints at any.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// Hints of so long are one.
const HINTS: Duration = Duration::from_millis(100);
/// Who holds the bots of this process, for whoever looks into the data.
const HOLDER: &str = "runner";
/// Short words of one bot that are on their way at once.
const ASIDES: usize = 16;
/// How long a stop waits for what is in hand.
const STOP: Duration = Duration::from_secs(8);

/// What a runner is told.
#[derive(Debug, Clone)]
pub struct RunnerConfig {
    /// The Bot API server of bots that name none.
    pub api_url: String,
    /// The most bots that are run at once.
    pub most_bots: usize,
    /// The public address of this installation, for webhooks; empty for none.
    pub public_url: String,
}

impl Default for RunnerConfig {
    fn default() -> Self {
        RunnerConfig {
            api_url: TELEGRAM.to_owned(),
            most_bots: domain::bot::MAX_BOTS,
            public_url: String::new(),
        }
    }
}

/// The bots of this process, running.
pub struct Runner {
    stop: watch::Sender<bool>,
    /// Nothing once it is being stopped.
    running: Option<JoinHandle<()>>,
}

impl Runner {
    /// Begins to run bots. Call it inside a tokio runtime.
    pub fn start(app: App, net: Net, config: RunnerConfig) -> Runner {
        let (stop, stopped) = watch::channel(false);
        let room = Arc::new(Room {
            app,
            net,
            config,
            desk: Desk::default(),
            previews: Arc::default(),
            held: Mutex::default(),
        });
        let running = Some(tokio::spawn(run(room, stopped)));
        Runner { stop, running }
    }

    /// Drops the long polls, finishes what is in hand and gives the bots back; at most 10 seconds.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let mut running = self.running.take();
        if let Some(running) = running.as_mut()
            && let Err(error) = running.await
        {
            tracing::error!(%error, "the runner of bots ended in disorder");
        }
    }
}

/// A runner that is let go without being stopped does nothing more: what was in hand is as after a crash.
impl Drop for Runner {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
        }
    }
}

/// What all bots share.
pub(crate) struct Room {
    pub(crate) app: App,
    pub(crate) net: Net,
    pub(crate) config: RunnerConfig,
    pub(crate) desk: Desk,
    pub(crate) previews: Arc<Previews>,
    held: Mutex<HashMap<BotId, Arc<Held>>>,
}

/// A bot that is run.
pub(crate) struct Held {
    pub(crate) app: App,
    pub(crate) lease: BotLease,
    pub(crate) line: Line,
    pub(crate) me: Me,
    pub(crate) admins: Admins,
    /// Short words that are said at once, beside everything else.
    pub(crate) asides: Semaphore,
    /// Where updates are brought, where they are.
    pub(crate) hook: webhook::Hook,
    /// Updates came.
    pub(crate) came: Notify,
    /// True once it is to end.
    pub(crate) stopped: watch::Receiver<bool>,
    stop: watch::Sender<bool>,
}

impl Held {
    /// Its id.
    pub(crate) fn id(&self) -> BotId {
        self.lease.bot.id
    }

    /// A group has another id. Where it is the operators' own group, what is known of the bot here is no longer so:
    /// it is taken up anew, and what its updates say is read again then.
    pub(crate) fn moved(&self, from: i64) {
        if from == self.me.staff_chat {
            self.stop.send_replace(true);
        }
    }

    /// True when the error says that another one holds the bot, or that there is none.
    pub(crate) fn is_lost(&self, error: &app::error::Error) -> bool {
        is_lost(error)
    }
}

impl Room {
    /// The bot, while it is run here.
    pub(crate) fn held(&self, id: BotId) -> Option<Arc<Held>> {
        self.all().get(&id).cloned()
    }

    /// The bots that are run here.
    pub(crate) fn ids(&self) -> Vec<BotId> {
        self.all().keys().copied().collect()
    }

    /// Something was brought to a webhook, perhaps: each bot that has one looks.
    fn brought(&self) {
        let all = self.all();
        for held in all.values().filter(|held| held.lease.bot.settings.webhook) {
            held.came.notify_one();
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<BotId, Arc<Held>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The loop that looks after the bots.
struct Looking {
    room: Arc<Room>,
    tasks: JoinSet<End>,
    /// Found, not taken up yet.
    waiting: VecDeque<BotId>,
    /// The bot of each task.
    running: HashMap<Id, Arc<Held>>,
    /// Only their owners can help them; when each was last changed.
    given_up: HashMap<BotId, Timestamp>,
    next_start: Instant,
    is_crowded: bool,
}

async fn run(room: Arc<Room>, mut stopped: watch::Receiver<bool>) {
    // A set, so that it ends with this task, however this task ends.
    let mut delivering = JoinSet::new();
    delivering.spawn(deliver::run(Arc::clone(&room), stopped.clone()));
    let mut looking = Looking {
        room,
        tasks: JoinSet::new(),
        waiting: VecDeque::new(),
        running: HashMap::new(),
        given_up: HashMap::new(),
        next_start: Instant::now(),
        is_crowded: false,
    };
    tokio::select! {
        () = looking.look() => {}
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
    let ended = tokio::time::timeout(STOP, async {
        looking.let_all_go().await;
        // A defect in there has been logged as a panic.
        while delivering.join_next().await.is_some() {}
    });
    if ended.await.is_err() {
        tracing::warn!(
            "some bots did not finish what they had in hand: it is done at the next start"
        );
    }
}

impl Looking {
    async fn look(&mut self) {
        let mut hints = self.room.app.hints();
        let mut look_at = Instant::now();
        let mut is_hinted = true;
        loop {
            let next = match self.waiting.is_empty() {
                true => look_at,
                false => look_at.min(self.next_start),
            };
            tokio::select! {
                ended = self.tasks.join_next_with_id(), if !self.tasks.is_empty() => {
                    self.ended(ended).await;
                }
                () = tokio::time::sleep_until(next) => {}
                hint = hints.recv() => match hint {
                    Ok(changed) if changed.topics.contains(&Topic::Bot) => {
                        look_at = look_at.min(Instant::now() + HINTS);
                        is_hinted = true;
                        self.room.brought();
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => {
                        look_at = look_at.min(Instant::now() + HINTS);
                        is_hinted = true;
                        self.room.brought();
                    }
                    // The store is closed: whoever closed it asks this to stop.
                    Err(RecvError::Closed) => std::future::pending().await,
                },
            }
            let now = Instant::now();
            if now >= look_at {
                look_at = now + LOOK_AGAIN;
                self.renew().await;
                self.find(is_hinted).await;
                is_hinted = false;
            }
            if now >= self.next_start
                && let Some(id) = self.waiting.pop_front()
            {
                self.next_start = now + RAMP;
                self.take_up(id).await;
            }
        }
    }

    /// Holds for longer what is held, and lets go of what is not held any more.
    async fn renew(&mut self) {
        let all: Vec<Arc<Held>> = self.room.all().values().cloned().collect();
        for held in all {
            match self
                .room
                .app
                .renew_bot(&held.lease, BOT_LEASE_SECONDS)
                .await
            {
                Ok(()) => {}
                Err(error) if is_lost(&error) => {
                    held.stop.send_replace(true);
                }
                Err(error) => {
                    tracing::warn!(bot = %held.id(), %error, "a bot could not be held for longer");
                }
            }
        }
    }

    /// Finds bots that nobody runs. Those that only their owner can help are looked at when something was changed.
    async fn find(&mut self, is_hinted: bool) {
        match self.room.app.bots_to_run().await {
            Ok(mut found) => {
                found.retain(|id| is_hinted || !self.given_up.contains_key(id));
                self.waiting = found.into();
            }
            Err(error) => tracing::warn!(%error, "bots to run could not be looked for"),
        }
    }

    async fn take_up(&mut self, id: BotId) {
        let running = self.tasks.len();
        if running >= self.room.config.most_bots {
            if !self.is_crowded {
                self.is_crowded = true;
                tracing::warn!(
                    running,
                    "no more bots can be run: few files may be open at once (ulimit -n)"
                );
            }
            self.waiting.clear();
            return;
        }
        if let Some(held) = self.room.held(id) {
            // It was held for too short, as after a sleep of the computer. Two polls of one token would end each
            // other: the one that runs ends first, and then the bot is found again.
            held.stop.send_replace(true);
            return;
        }
        let app = &self.room.app;
        let leased = match app.lease_bot(id, HOLDER, BOT_LEASE_SECONDS).await {
            Ok(Some(leased)) => leased,
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(bot = %id, %error, "a bot could not be taken up");
                return;
            }
        };
        if self.given_up.get(&id) == Some(&leased.bot.updated_at) {
            self.give_back(&leased).await;
            return;
        }
        self.given_up.remove(&id);
        let token = match app.bot_token(&leased).await {
            Ok(Some(token)) => token,
            Ok(None) => {
                self.cannot_run(&leased, Trouble::SecretLost).await;
                return;
            }
            Err(error) => {
                // It is found again with the next look.
                tracing::warn!(bot = %id, %error, "a bot's token could not be read");
                self.give_back(&leased).await;
                return;
            }
        };
        let config = &self.room.config;
        let line = Line::new(
            &self.room.net,
            &leased.bot.settings,
            &config.api_url,
            &token,
        );
        let line = match line {
            Ok(line) => line,
            Err(trouble) => {
                self.cannot_run(&leased, trouble).await;
                return;
            }
        };
        let (stop, stopped) = watch::channel(false);
        let held = Arc::new(Held {
            app: app.clone(),
            me: me(&leased),
            line,
            admins: Admins::default(),
            asides: Semaphore::new(ASIDES),
            hook: webhook::Hook::of(&self.room.config.public_url, id, &token),
            came: Notify::new(),
            lease: leased,
            stop,
            stopped,
        });
        self.room.all().insert(id, Arc::clone(&held));
        let task = self
            .tasks
            .spawn(keep(Arc::clone(&self.room), Arc::clone(&held)));
        self.running.insert(task.id(), held);
    }

    /// Only its owner can help: nothing is tried until they change it.
    async fn cannot_run(&mut self, leased: &BotLease, trouble: Trouble) {
        let since = self.room.app.now_and(Duration::ZERO);
        let state = BotState::Troubled { trouble, since };
        if let Err(error) = self.room.app.set_bot_state(leased, state).await {
            tracing::warn!(bot = %leased.bot.id, %error, "how a bot fares could not be kept");
        }
        self.given_up.insert(leased.bot.id, leased.bot.updated_at);
        self.give_back(leased).await;
    }

    /// A bot's task is over: it is given back, and taken up anew where it was changed only.
    async fn ended(&mut self, ended: Option<Result<(Id, End), JoinError>>) {
        let (task, end) = match ended {
            None => return,
            Some(Ok((task, end))) => (task, end),
            Some(Err(error)) => {
                tracing::error!(%error, "a bot's task ended in disorder");
                (error.id(), End::Asked)
            }
        };
        let Some(held) = self.running.remove(&task) else {
            return;
        };
        self.room.all().remove(&held.id());
        if end == End::GaveUp {
            self.given_up.insert(held.id(), held.lease.bot.updated_at);
        }
        self.give_back(&held.lease).await;
        self.find(true).await;
    }

    async fn give_back(&self, lease: &BotLease) {
        match self.room.app.release_bot(lease).await {
            Ok(()) => {}
            Err(error) if is_lost(&error) => {}
            Err(error) => {
                tracing::warn!(bot = %lease.bot.id, %error, "a bot could not be given back: its lease ends by itself");
            }
        }
    }

    async fn let_all_go(&mut self) {
        for held in self.room.all().values() {
            held.stop.send_replace(true);
        }
        while self.tasks.join_next().await.is_some() {}
        for held in std::mem::take(&mut self.running).into_values() {
            self.give_back(&held.lease).await;
        }
        self.room.all().clear();
    }
}

/// Asks for updates and makes something of them, until the bot is to end; what is in hand is finished.
async fn keep(room: Arc<Room>, held: Arc<Held>) -> End {
    let polling = async {
        let end = poll::run(&held).await;
        // The other half ends with it.
        held.stop.send_replace(true);
        end
    };
    let (end, ()) = tokio::join!(polling, inbox::run(&room, &held));
    end
}

fn is_lost(error: &app::error::Error) -> bool {
    matches!(error.code, ErrorCode::Conflict | ErrorCode::NotFound)
}

fn me(lease: &BotLease) -> Me {
    let bot = &lease.bot;
    Me {
        bot_id: bot.id,
        id: bot.account.id,
        username: bot.account.username.clone(),
        staff_chat: bot.settings.staff_chat,
        operators: bot.settings.operators.clone(),
        groups: bot.settings.groups,
    }
}
