//! A business with bots, customers and operators, all in one process: app, runner and the fake server.
//!
//! Time is the test's: it stands still while something is being done and moves on, for the app, the runner and the
//! fake alike, when the test waits for something. So an hour's wait takes no hour, and no wait ends by chance.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use botapi::{
    Bot, BotSetup, Description, MessageId, Place, Server, Settings, StandingClock, UserId,
    UserSetup, World,
};
use domain::bot::{BotSettings, BotState};
use domain::id::BotId;
use net::{Net, NetSettings};
use telegram::channel::Telegram;
use telegram::runner::{Runner, RunnerConfig};
use testkit::TestApp;
use testkit::clock::HandClock;
use tokio::task::JoinHandle;

/// What is known of the business.
pub const PRICES: &str =
    "# Prices\n\nA tyre change costs 40 euros.\n\nA full inspection costs 120 euros.\n";
/// A question that is answered from it ...
pub const QUESTION: &str = "How much does a tyre change cost?";
/// ... with these words.
pub const ANSWER: &str = "A tyre change costs 40 euros.";

/// How far time moves on at once while a test waits.
const STEP: Duration = Duration::from_millis(20);
/// How long a test waits for something, in the test's time.
const PATIENCE: Duration = Duration::from_secs(300);

/// The business.
pub struct House {
    pub kit: TestApp,
    pub world: World,
    pub bot: Bot,
    pub id: BotId,
    pub url: String,
    pub net: Net,
    runner: Option<Runner>,
    server: Option<Server>,
    cut: Option<Cut>,
    _standing: Standing,
    _judge: Judge,
}

/// A network that is cut: whoever connects is sent away, and counted.
struct Cut {
    sent_away: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

/// While it lives, time moves only when the test moves it: a thread of the runtime is at work.
struct Standing {
    end: Option<mpsc::Sender<()>>,
}

impl Standing {
    fn begin() -> Standing {
        let (end, ended) = mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || {
            // An error means that the test is over.
            let _ = ended.recv();
        });
        Standing { end: Some(end) }
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.end.take();
    }
}

/// Holds every call of the house's bots against the Bot API's description, and says so when the house ends: no
/// test can forget it.
struct Judge {
    world: World,
    is_at_work: bool,
}

impl Judge {
    /// Watches from now on, where `CHATAI_BOT_API` names the description's file.
    fn watch(world: &World) -> Judge {
        let description = std::env::var_os("CHATAI_BOT_API");
        match &description {
            Some(path) => {
                let bytes = std::fs::read(path).expect("the file of CHATAI_BOT_API can be read");
                let description = Description::parse(&bytes);
                world.describe(description.expect("CHATAI_BOT_API is a description"));
            }
            None => eprintln!(
                "skipped: the check against the Bot API's description (CHATAI_BOT_API is not set)"
            ),
        }
        Judge {
            world: world.clone(),
            is_at_work: description.is_some(),
        }
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        // A test that fails already says why itself.
        if self.is_at_work && !std::thread::panicking() {
            println!("judged: {} calls", self.world.call_count());
            assert_eq!(self.world.violations(), Vec::<String>::new());
        }
    }
}

impl House {
    /// A business with one bot that runs.
    pub async fn new() -> House {
        let mut house = House::closed(BotSettings::default()).await;
        house.open().await;
        house
    }

    /// A business with one bot that does not run yet.
    pub async fn closed(settings: BotSettings) -> House {
        House::with(settings, BotSetup::new("Shop", "shop_bot").for_business()).await
    }

    /// The same, with the bot as it is set up at the messenger.
    pub async fn with(settings: BotSettings, setup: BotSetup) -> House {
        House::in_world(settings, setup, Settings::default()).await
    }

    /// The same, with a messenger that is not as usual.
    pub async fn in_world(settings: BotSettings, setup: BotSetup, world: Settings) -> House {
        net::install_crypto();
        let standing = Standing::begin();
        // Telegram and the business go by the same time.
        let now = app::clock::Clock::now(&HandClock::default());
        let world = World::with(Arc::new(StandingClock(now.0 / 1_000)), world);
        let judge = Judge::watch(&world);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server::start(listener, world.clone()).unwrap();
        let url = server.url();
        let net = Net::new(NetSettings::default(), Arc::new(|| 0));
        let kit = TestApp::with_channel(Arc::new(Telegram::new(net.clone(), &url))).await;
        kit.add("prices.md", PRICES).await;
        let bot = world.add_bot(setup);
        let mut house = House {
            kit,
            world,
            id: BotId(uuid::Uuid::nil()),
            bot: bot.clone(),
            url,
            net,
            runner: None,
            server: Some(server),
            cut: None,
            _standing: standing,
            _judge: judge,
        };
        house.id = house.hire(&bot, settings).await;
        house
    }

    /// Adds a bot of the world to the business.
    pub async fn hire(&self, bot: &Bot, settings: BotSettings) -> BotId {
        let owner = &self.kit.owner;
        let assistants = self.kit.app.assistants(owner).await.unwrap();
        let added = self
            .kit
            .app
            .add_bot(owner, &bot.token, assistants[0].id, settings)
            .await;
        added.unwrap().id
    }

    /// Starts the workers and the runner, and waits until the bot listens.
    pub async fn open(&mut self) {
        self.start().await;
        let (world, bot) = (self.world.clone(), self.bot.id);
        self.until("the bot listens", || world.polls(bot)).await;
    }

    /// Starts the workers and the runner.
    pub async fn start(&mut self) {
        self.kit.app.run().await.unwrap();
        let config = RunnerConfig {
            api_url: self.url.clone(),
            ..RunnerConfig::default()
        };
        let app = self.kit.app.clone();
        self.runner = Some(Runner::start(app, self.net.clone(), config));
    }

    /// Stops the runner in order.
    pub async fn stop_runner(&mut self) {
        if let Some(runner) = self.runner.take() {
            let mut stopping = tokio::spawn(runner.stop());
            loop {
                tokio::select! {
                    biased;
                    stopped = &mut stopping => return stopped.unwrap(),
                    () = self.turn(STEP) => {}
                }
            }
        }
    }

    /// Drops the runner in the middle of whatever it does, as a crash would, and opens the product anew. Jobs in
    /// hand are finished: the death of the whole process is `chatai`'s own test.
    pub async fn crash(&mut self) {
        drop(self.runner.take());
        let app = self.kit.app.clone();
        let mut closing = tokio::spawn(async move { app.close().await });
        loop {
            tokio::select! {
                biased;
                closed = &mut closing => {
                    closed.unwrap().unwrap();
                    break;
                }
                () = self.turn(STEP) => {}
            }
        }
        let place = testkit::Place::in_folder(self.kit.folder.path());
        let channel = Arc::new(Telegram::new(self.net.clone(), &self.url));
        self.kit.app = testkit::open_at(&place, self.kit.clock.clone(), channel);
        self.start().await;
    }

    /// Cuts the network to the messenger.
    pub async fn link_down(&mut self) {
        let server = self.server.take().expect("the network is there");
        let address = server.address();
        server.stop().await;
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        let sent_away = Arc::new(AtomicU64::new(0));
        let count = sent_away.clone();
        let task = tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                drop(line);
            }
        });
        self.cut = Some(Cut { sent_away, task });
    }

    /// How often somebody connected since the network was cut.
    pub fn sent_away(&self) -> u64 {
        let cut = self.cut.as_ref().expect("the network is cut");
        cut.sent_away.load(Ordering::SeqCst)
    }

    /// Brings the network back.
    pub async fn link_up(&mut self) {
        let cut = self.cut.take().expect("the network is cut");
        cut.task.abort();
        // It ends because it was asked to.
        let _ = cut.task.await;
        let address = self.url.strip_prefix("http://").unwrap();
        let listener = TcpListener::bind(address).unwrap();
        self.server = Some(Server::start(listener, self.world.clone()).unwrap());
    }

    /// A customer's own chat with the bot.
    pub fn customer(&self, name: &str) -> (UserId, Place) {
        let user = self.world.add_user(UserSetup::new(name).language("en"));
        (user, self.world.private(self.bot.id, user))
    }

    /// Waits until something is so, moving time on.
    ///
    /// # Panics
    /// It is not so after [`PATIENCE`].
    pub async fn until(&self, what: &str, is_so: impl FnMut() -> bool) {
        self.until_by(what, PATIENCE, STEP, is_so).await;
    }

    /// The same for something that takes longer, in longer steps.
    ///
    /// # Panics
    /// It is not so after `patience`.
    pub async fn until_by(
        &self,
        what: &str,
        patience: Duration,
        step: Duration,
        mut is_so: impl FnMut() -> bool,
    ) {
        let turns = patience.as_millis() / step.as_millis();
        for _ in 0..turns {
            if is_so() {
                return;
            }
            self.turn(step).await;
        }
        let calls = self.world.calls();
        let last = calls.iter().rev().take(12).rev();
        for call in last {
            eprintln!("{} {:?} -> {}", call.method, call.parameters, call.answer);
        }
        let doctor = self.kit.app.check_bot(&self.kit.owner, self.id).await;
        for check in doctor.unwrap() {
            eprintln!("{:?}: {} {:?}", check.what, check.key, check.values);
        }
        panic!("this never came: {what}");
    }

    /// Lets time pass, with whatever is done meanwhile.
    pub async fn pass(&self, time: Duration) {
        self.pass_by(time, STEP).await;
    }

    /// The same in longer steps.
    pub async fn pass_by(&self, time: Duration, step: Duration) {
        let turns = time.as_millis() / step.as_millis();
        for _ in 0..turns {
            self.turn(step).await;
        }
    }

    /// Does something that takes time, moving time on meanwhile.
    pub async fn drive<T>(&self, doing: impl Future<Output = T>) -> T {
        let mut doing = std::pin::pin!(doing);
        loop {
            tokio::select! {
                biased;
                done = &mut doing => return done,
                () = self.turn(STEP) => {}
            }
        }
    }

    /// Lets a long time pass at once: only waits end meanwhile.
    pub async fn leap(&self, time: Duration) {
        self.turn(STEP).await;
        self.moved(time);
        tokio::time::advance(time).await;
        self.turn(STEP).await;
    }

    /// Lets real work be done, then moves time on by a step.
    async fn turn(&self, step: Duration) {
        // The store's thread and the sockets need the computer's own time, a little of it.
        let breath = tokio::task::spawn_blocking(|| {
            std::thread::park_timeout(Duration::from_millis(1));
        });
        breath.await.unwrap();
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        self.moved(step);
        tokio::time::advance(step).await;
    }

    fn moved(&self, time: Duration) {
        let ms = u64::try_from(time.as_millis()).unwrap();
        self.world.advance(ms);
        self.kit.clock.pass_milliseconds(i64::try_from(ms).unwrap());
    }

    /// Waits for the bot's so many messages of a place.
    pub async fn said(&self, place: Place, count: usize) -> Vec<String> {
        let world = self.world.clone();
        self.until(&format!("{count} messages of the bot"), || {
            world.said_by_bots(place).len() >= count
        })
        .await;
        self.world.said_by_bots(place)
    }

    /// A customer asks, and the answer is waited for.
    pub async fn ask(&self, user: UserId, place: Place, text: &str) -> String {
        let before = self.world.said_by_bots(place).len();
        self.world.user_says(place, user, text).unwrap();
        self.said(place, before + 1).await[before].clone()
    }

    /// How the bot fares.
    pub async fn state(&self) -> BotState {
        let bot = self.kit.app.bot(&self.kit.owner, self.id).await.unwrap();
        bot.bot.state
    }

    /// Waits until the bot fares so.
    pub async fn until_state(&self, what: &str, is_so: impl Fn(&BotState) -> bool) {
        let turns = PATIENCE.as_millis() / STEP.as_millis();
        for _ in 0..turns {
            if is_so(&self.state().await) {
                return;
            }
            self.turn(STEP).await;
        }
        panic!("the bot never was {what}: {:?}", self.state().await);
    }

    /// The last message of a place.
    pub fn last(&self, place: Place) -> MessageId {
        self.world.last_message(place).unwrap().id
    }
}
