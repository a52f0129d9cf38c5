//! A strict fake of Telegram's Bot API server: the simulator in the product, and the judge of our own bot in
//! the tests.
//!
//! Owns: a [`World`] of bots, people, groups with topics and business accounts, which behaves towards a bot as
//! Telegram does (rules T1 to T24 of the design, each with its reason where it stands), and a [`Server`] that
//! speaks it over HTTP. Not here: anything of the product, an HTTP client, the Bot API's description
//! ([`Description`] is handed in).
//!
//! The world is synchronous and has no clock of its own: hand it [`SystemClock`], or [`StandingClock`] and
//! move the time with [`World::advance`]. A world is cheap to clone; the clones are one world.
//!
//! ```ignore
//! let world = World::new(Arc::new(StandingClock::default()));
//! let bot = world.add_bot(BotSetup::new("Bicycle shop", "bicycle_bot"));
//! let anna = world.add_user(UserSetup::new("Anna").language("ru"));
//! let server = Server::start(TcpListener::bind("127.0.0.1:0")?, world.clone())?;
//! // … a bot with `bot.token` is started against `server.url()` …
//!
//! let chat = world.private(bot.id, anna);
//! world.user_says(chat, anna, "/start")?;
//! let mut changes = world.changes();
//! changes.changed().await?;
//! assert_eq!(world.said_by_bots(chat), ["Hello!"]);
//!
//! // Where something is said is a `Place`: a person's chat with a bot, a group, a business account's chat.
//! let staff = world.add_group(anna, GroupSetup::new("Staff").forum());
//! world.set_bot_rank(staff, bot.id, Rank::Administrator { topics: true }, anna);
//!
//! // What is to go wrong is ordered beforehand.
//! world.order(Fault::new(Trouble::DropAfter).on("sendMessage").times(3));
//! world.order(Fault::new(Trouble::TooMany { retry_after: 7 }).with_probability(0.3));
//!
//! // Afterwards: what was asked for, and what was wrong with it.
//! assert!(world.violations().is_empty());
//! assert_eq!(world.too_early_count(), 0);
//! ```
//!
//! Without HTTP, a simulator calls [`World::call_and_wait`] with the token, the method and its
//! [`Parameters`].

mod clock;
mod description;
mod entity;
mod failure;
mod fault;
mod file;
mod flood;
mod id;
mod journal;
mod keyboard;
mod markup;
mod message;
mod method;
mod parameters;
mod queue;
mod random;
mod render;
mod server;
mod state;
mod world;

pub use clock::{Clock, StandingClock, SystemClock};
pub use description::{Description, DescriptionError};
pub use fault::{Fault, Trouble};
pub use flood::Budgets;
pub use id::{Author, BotId, ConnectionId, MessageId, Place, TopicId, UserId};
pub use journal::Call;
pub use message::{Button, Content, Formatted, Media, MediaKind, Message, Say};
pub use parameters::{Parameters, Upload};
pub use server::Server;
pub use state::{Bounds, BusinessRights, Draft, Rank, Tap, Topic};
pub use world::{
    Bot, BotSetup, GroupSetup, PendingPoll, Refusal, Reply, Settings, UserSetup, WebhookCall,
    WireAnswer, World,
};
