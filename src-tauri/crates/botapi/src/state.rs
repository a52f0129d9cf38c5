//! All there is in the world, as plain data. [`crate::World`] holds it behind one lock.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::watch;

use crate::description::Description;
use crate::fault::Orders;
use crate::file::Files;
use crate::flood::{Budgets, Purse};
use crate::id::{Author, BotId, ConnectionId, MessageId, Place, TopicId, UserId};
use crate::journal::Journal;
use crate::message::{Content, Formatted, Message};
use crate::parameters::Parameters;
use crate::queue::Queue;
use crate::random::Random;

pub(crate) struct State {
    pub bots: HashMap<BotId, Account>,
    pub tokens: HashMap<String, BotId>,
    pub users: HashMap<UserId, Person>,
    pub groups: HashMap<i64, Group>,
    pub connections: BTreeMap<ConnectionId, Connection>,
    pub rooms: HashMap<Place, Room>,
    pub callbacks: Callbacks,
    pub files: Files,
    pub journal: Journal,
    pub orders: Orders,
    pub random: Random,
    pub description: Option<Arc<Description>>,
    pub violations: VecDeque<String>,
    pub budgets: Budgets,
    pub bounds: Bounds,
    pub idle_ms: Option<i64>,
    /// Until when a bot is to be silent after a 429: in a chat, or with a method that has no chat.
    pub silences: HashMap<Silence, i64>,
    /// Links to files, and how long they are good.
    pub links: HashMap<(BotId, String), i64>,
    pub last_number: i64,
}

/// Bot, `chat_id` as given, method where there is no chat.
pub(crate) type Silence = (Option<BotId>, String, String);

/// How much the world keeps. What is older goes.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Messages of one place.
    pub messages: usize,
    /// Updates waiting for one bot.
    pub updates: usize,
    /// Calls in the journal.
    pub calls: usize,
    /// Bytes of files, all together.
    pub file_bytes: u64,
    /// Violations of the description, and callback queries, that are remembered.
    pub remembered: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            messages: 10_000,
            updates: 100_000,
            calls: 20_000,
            file_bytes: 256 * 1024 * 1024,
            remembered: 10_000,
        }
    }
}

/// A bot.
pub(crate) struct Account {
    pub id: BotId,
    pub token: String,
    pub name: String,
    pub username: String,
    pub privacy: bool,
    pub in_business: bool,
    pub private_topics: bool,
    pub queue: Queue,
    /// What was last asked for; `None` is the default list (T7).
    pub allowed: Option<Vec<String>>,
    pub poll: Poll,
    pub webhook: Option<Webhook>,
    /// Commands by scope and language.
    pub commands: BTreeMap<(String, String), Vec<Value>>,
    /// `name`, `description`, `short_description` by language.
    pub texts: BTreeMap<(&'static str, String), String>,
    /// Who ever spoke to it.
    pub known: HashSet<UserId>,
    pub blocked_by: HashSet<UserId>,
    /// It called `logOut`, and until when it must stay away.
    pub logged_out_until_ms: Option<i64>,
    pub signal: watch::Sender<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Poll {
    /// Number of the newest poll; an older one that still waits is ended (T6).
    pub ticket: u64,
    /// A poll waits now.
    pub waits: bool,
    pub offset: i64,
    pub started_ms: i64,
    pub next_conflict_ms: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub url: String,
    pub secret: String,
    pub max_connections: i64,
    pub ip_address: Option<String>,
    pub last_error: Option<(i64, String)>,
    pub next_try_ms: i64,
}

/// A person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language: Option<String>,
    pub gone: bool,
}

/// What somebody is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// Made it.
    Creator,
    /// Runs it. A bot needs the last for topics, and sees all messages.
    Administrator {
        /// `can_manage_topics`.
        topics: bool,
    },
    /// Is in it.
    Member,
    /// Went, or never was in it.
    Left,
    /// Was sent away.
    Kicked,
}

impl Rank {
    pub(crate) fn present(self) -> bool {
        !matches!(self, Rank::Left | Rank::Kicked)
    }

    pub(crate) fn runs_it(self) -> bool {
        matches!(self, Rank::Creator | Rank::Administrator { .. })
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub id: i64,
    pub title: String,
    pub supergroup: bool,
    pub forum: bool,
    pub migrated_to: Option<i64>,
    pub members: BTreeMap<Author, Rank>,
}

impl Group {
    pub fn rank(&self, who: Author) -> Rank {
        self.members.get(&who).copied().unwrap_or(Rank::Left)
    }
}

/// A forum topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name, 1 to 128 characters.
    pub name: String,
    /// Only administrators write in a closed one.
    pub closed: bool,
    /// Its colour, one of six.
    pub icon_color: i64,
}

/// What a connected bot may do for a business account (`BusinessBotRights`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusinessRights {
    /// Send and edit in chats with an incoming message in the last 24 h.
    pub can_reply: bool,
    /// Mark incoming messages as read.
    pub can_read_messages: bool,
    /// Delete what the bot sent.
    pub can_delete_sent_messages: bool,
}

impl Default for BusinessRights {
    fn default() -> Self {
        BusinessRights {
            can_reply: true,
            can_read_messages: true,
            can_delete_sent_messages: true,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub id: ConnectionId,
    pub bot: BotId,
    pub owner: UserId,
    pub at_ms: i64,
    pub enabled: bool,
    pub rights: BusinessRights,
    /// When each customer last wrote (the 24-hour rule).
    pub last_incoming_ms: HashMap<UserId, i64>,
    /// What the bot marked as read.
    pub read: BTreeMap<UserId, MessageId>,
}

/// What a preview shows: a message that is being written (A3).
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its number, given by the bot; not 0.
    pub id: i64,
    /// The forum topic of a private chat.
    pub topic: Option<TopicId>,
    /// So far; empty shows "Thinking…".
    pub content: Formatted,
    /// When it goes away by itself.
    pub until_ms: i64,
    /// The person sees a Stop button.
    pub can_stop: bool,
}

#[derive(Default)]
pub(crate) struct Room {
    pub last_id: i64,
    pub topics: BTreeMap<TopicId, Topic>,
    pub messages: BTreeMap<MessageId, Message>,
    pub deleted: u64,
    pub draft: Option<Draft>,
    /// `typing` and the like, and until when it shows (T12).
    pub action: Option<(String, i64)>,
    pub purses: HashMap<BotId, Purse>,
}

/// A tap on a button.
#[derive(Debug, Clone, PartialEq)]
pub struct Tap {
    /// `callback_query.id`.
    pub id: String,
    /// Whose button.
    pub bot: BotId,
    /// Who tapped.
    pub user: UserId,
    /// When.
    pub at_ms: i64,
    /// What the bot answered: its parameters. Until then the button turns.
    pub answer: Option<Value>,
}

#[derive(Default)]
pub(crate) struct Callbacks {
    pub taps: HashMap<String, Tap>,
    pub order: VecDeque<String>,
}

/// What is about to be written.
pub(crate) struct Writing {
    pub place: Place,
    pub from: Author,
    pub content: Content,
    pub topic: Option<TopicId>,
    pub reply_to: Option<MessageId>,
    pub album: Option<String>,
    pub keyboard: Option<Value>,
    pub automatic: bool,
}

impl Writing {
    pub fn new(place: Place, from: Author, content: Content) -> Writing {
        Writing {
            place,
            from,
            content,
            topic: None,
            reply_to: None,
            album: None,
            keyboard: None,
            automatic: false,
        }
    }
}

/// Kinds of updates a bot gets unless it asks for others (T7).
const NOT_BY_DEFAULT: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

impl State {
    pub fn next_number(&mut self) -> i64 {
        self.last_number += 1;
        self.last_number
    }

    pub fn room(&mut self, place: Place) -> &mut Room {
        self.rooms.entry(place).or_default()
    }

    /// Puts a message into its place.
    pub fn write(&mut self, now_ms: i64, writing: Writing) -> Message {
        let most = self.bounds.messages;
        let room = self.room(writing.place);
        room.last_id += 1;
        let message = Message {
            id: MessageId(room.last_id),
            place: writing.place,
            topic: writing.topic,
            from: writing.from,
            at_ms: now_ms,
            edited_ms: None,
            reply_to: writing.reply_to,
            album: writing.album,
            content: writing.content,
            keyboard: writing.keyboard,
            automatic: writing.automatic,
            reactions: BTreeMap::new(),
        };
        // A message takes away what announced it (T12, A3).
        if message.by_bot() {
            room.action = None;
            room.draft = None;
        }
        room.messages.insert(message.id, message.clone());
        while room.messages.len() > most {
            room.messages.pop_first();
        }
        message
    }

    /// A message of the server itself about the chat (`new_chat_members`, `forum_topic_created`, …).
    pub fn write_service(
        &mut self,
        now_ms: i64,
        place: Place,
        from: Author,
        topic: Option<TopicId>,
        field: &str,
        value: Value,
    ) -> Message {
        let mut fields = Map::new();
        fields.insert(field.to_owned(), value);
        let mut writing = Writing::new(place, from, Content::Service(fields));
        writing.topic = topic;
        let message = self.write(now_ms, writing);
        self.tell(now_ms, &message, "message");
        message
    }

    /// Hands a message to the bots that are to see it.
    pub fn tell(&mut self, now_ms: i64, message: &Message, kind: &str) {
        let (bots, kind) = match message.place {
            Place::Private { bot, .. } => (vec![bot], kind.to_owned()),
            Place::Group(id) => (self.listeners(id, message), kind.to_owned()),
            Place::Business { connection, .. } => {
                let connection = self.connections.get(&connection);
                let connection = connection.filter(|connection| connection.enabled);
                let bot = connection.map(|connection| connection.bot);
                let kind = match kind {
                    "edited_message" => "edited_business_message",
                    _ => "business_message",
                };
                (bot.into_iter().collect(), kind.to_owned())
            }
        };
        for bot in bots {
            // Bots do not see what bots say, themselves included. What the server says of their deeds they see
            // (the strict reading), and in a business chat everything: the messages are the owner's (A6).
            let is_service = matches!(message.content, Content::Service(_));
            if matches!(message.from, Author::Bot(_)) && !is_service {
                continue;
            }
            let body = self.message_json(bot, message);
            self.push(now_ms, bot, &kind, body);
        }
    }

    /// Queues an update, if the bot wants its kind; wakes its poll.
    pub fn push(&mut self, now_ms: i64, bot: BotId, kind: &str, body: Value) -> Option<i64> {
        let random_id = i64::try_from(self.random.below(1_000_000_000)).unwrap_or(0) + 1;
        let account = self.bots.get_mut(&bot)?;
        let wanted = match &account.allowed {
            Some(kinds) => kinds.iter().any(|wanted| wanted == kind),
            None => !NOT_BY_DEFAULT.contains(&kind),
        };
        if !wanted {
            return None;
        }
        let id = account.queue.push(now_ms, random_id, kind, body);
        account.signal.send_modify(|count| *count += 1);
        Some(id)
    }

    /// The bots of a group that see a message (T20).
    fn listeners(&self, group: i64, message: &Message) -> Vec<BotId> {
        let Some(group) = self.groups.get(&group) else {
            return Vec::new();
        };
        let mut bots = Vec::new();
        for (who, rank) in &group.members {
            let Author::Bot(bot) = who else { continue };
            let Some(account) = self.bots.get(bot) else {
                continue;
            };
            let sees_all = !account.privacy || rank.runs_it();
            if rank.present() && (sees_all || self.is_meant_for(account, message)) {
                bots.push(*bot);
            }
        }
        bots.sort();
        bots
    }

    /// Whether a bot in privacy mode sees it: commands, replies to it, mentions, the server's own messages.
    fn is_meant_for(&self, account: &Account, message: &Message) -> bool {
        if matches!(message.content, Content::Service(_)) {
            return true;
        }
        let replied = message.reply_to.and_then(|id| {
            let room = self.rooms.get(&message.place)?;
            room.messages.get(&id)
        });
        let is_reply = replied.is_some_and(|to| {
            to.from == Author::Bot(account.id) && !matches!(to.content, Content::Service(_))
        });
        is_reply || addresses(message.text(), &account.username)
    }

    /// Remembers that a bot is to be silent.
    pub fn be_silent(&mut self, now_ms: i64, silence: Silence, until_ms: i64) {
        if self.silences.len() >= self.bounds.remembered {
            self.silences.retain(|_, until| *until > now_ms);
        }
        if self.silences.len() >= self.bounds.remembered {
            self.silences.clear();
        }
        self.silences.insert(silence, until_ms);
    }

    /// Remembers a link to a file.
    pub fn keep_link(&mut self, now_ms: i64, bot: BotId, path: String, until_ms: i64) {
        if self.links.len() >= self.bounds.remembered {
            self.links.retain(|_, until| *until > now_ms);
        }
        if self.links.len() >= self.bounds.remembered {
            self.links.clear();
        }
        self.links.insert((bot, path), until_ms);
    }

    /// Checks a call against the description, where there is one.
    pub fn check(&mut self, method: &str, parameters: &Parameters) {
        let Some(description) = self.description.clone() else {
            return;
        };
        for wrong in description.check_call(method, parameters) {
            self.violation(wrong);
        }
    }

    /// Records what a call did against the description.
    pub fn violation(&mut self, text: String) {
        self.violations.push_back(text);
        while self.violations.len() > self.bounds.remembered {
            self.violations.pop_front();
        }
    }

    pub fn tap(&mut self, now_ms: i64, bot: BotId, user: UserId) -> String {
        let number = self.next_number();
        let id = format!("{}", 4_000_000_000_000_000i64 + number);
        let tap = Tap {
            id: id.clone(),
            bot,
            user,
            at_ms: now_ms,
            answer: None,
        };
        self.callbacks.taps.insert(id.clone(), tap);
        self.callbacks.order.push_back(id.clone());
        while self.callbacks.order.len() > self.bounds.remembered {
            if let Some(oldest) = self.callbacks.order.pop_front() {
                self.callbacks.taps.remove(&oldest);
            }
        }
        id
    }

    /// Tells a bot what it has become in a chat (`my_chat_member`), from what it was.
    pub fn tell_rank(
        &mut self,
        now_ms: i64,
        place: Place,
        bot: BotId,
        by: UserId,
        (old, new): (Value, Value),
    ) {
        let body = json!({
            "chat": self.chat_json(bot, place),
            "from": self.user_json(by),
            "date": now_ms / 1000,
            "old_chat_member": old,
            "new_chat_member": new,
        });
        self.push(now_ms, bot, "my_chat_member", body);
    }
}

/// Whether a text calls a bot by a command or its name. A command with another bot's name is for that bot.
fn addresses(text: &str, username: &str) -> bool {
    let lower = text.to_lowercase();
    let name = format!("@{}", username.to_lowercase());
    let mentioned = lower.match_indices(&name).any(|(at, _)| {
        let next = lower[at + name.len()..].chars().next();
        !next.is_some_and(|next| next.is_alphanumeric() || next == '_')
    });
    if mentioned {
        return true;
    }
    let command = lower.split_whitespace().next().unwrap_or_default();
    command.len() > 1 && command.starts_with('/') && !command.contains('@')
}
