//! The messenger inside the program: the strict stand-in for Telegram's server (room `botapi`) on an address of
//! this computer, one world a workspace, with people whose hands are the owner's.
//!
//! Not here: who may use it, and the bot that speaks in it (`app::simulator`).

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use app::simulator::{
    Button, Chat, MAX_PEOPLE, NotThere, Opened, Person, Room, SHOWN, Said, Saying, Scene,
    Simulator, Tap, USERNAME,
};
use botapi::{
    Author, Bot, BotSetup, Content, GroupSetup, Message, MessageId, Place, Rank, Say, Server,
    Settings, SystemClock, TopicId, UserId, UserSetup, World,
};
use domain::id::WorkspaceId;
use domain::time::Timestamp;
use futures_util::future::BoxFuture;
use tokio::sync::watch;

/// How long a press waits for what the bot says to it.
const PRESS: Duration = Duration::from_secs(15);
/// The name of whoever made the groups.
const FOUNDER: &str = "Owner";

/// The worlds that are open.
#[derive(Default)]
pub struct Worlds {
    open: Mutex<HashMap<WorkspaceId, Arc<Stage>>>,
}

/// A world with its server; both end with it.
struct Stage {
    world: World,
    bot: Bot,
    server: Server,
    founder: UserId,
    group: Place,
    staff: Place,
    people: Mutex<BTreeMap<String, UserId>>,
}

impl Worlds {
    /// Updates of a world that its bot has not taken yet.
    pub fn pending(&self, workspace: WorkspaceId) -> usize {
        let stage = self.stage(workspace);
        stage.map_or(0, |stage| stage.world.pending(stage.bot.id))
    }

    fn stage(&self, workspace: WorkspaceId) -> Option<Arc<Stage>> {
        self.all().get(&workspace).cloned()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<WorkspaceId, Arc<Stage>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Simulator for Worlds {
    fn open(&self, workspace: WorkspaceId) -> BoxFuture<'_, io::Result<Opened>> {
        Box::pin(async move {
            let stage = Stage::open()?;
            let opened = Opened {
                api_url: stage.server.url(),
                token: stage.bot.token.clone(),
                staff_chat: stage.staff.chat_id(),
            };
            self.all().insert(workspace, Arc::new(stage));
            Ok(opened)
        })
    }

    fn scene(&self, workspace: WorkspaceId) -> Option<Scene> {
        Some(self.stage(workspace)?.scene())
    }

    fn changes(&self, workspace: WorkspaceId) -> Option<watch::Receiver<u64>> {
        Some(self.stage(workspace)?.world.changes())
    }

    fn say(
        &self,
        workspace: WorkspaceId,
        person: &Person,
        saying: Saying,
    ) -> Result<i64, NotThere> {
        let stage = self.stage(workspace).ok_or(NotThere::World)?;
        let (place, user) = stage.placed(person)?;
        let mut say = match saying {
            Saying::Words(words) => Say::text(words),
            Saying::File { name, bytes } => Say::document(&name, media_type(&name), bytes),
        };
        if person.room == Room::Staff && person.topic != 0 {
            say = say.in_topic(TopicId(person.topic));
        }
        let said = stage.world.say(place, user, say);
        said.map(|id| id.0).map_err(|_| NotThere::Thing)
    }

    fn tap<'a>(
        &'a self,
        workspace: WorkspaceId,
        person: &'a Person,
        tap: Tap,
    ) -> BoxFuture<'a, Result<String, NotThere>> {
        Box::pin(async move {
            let stage = self.stage(workspace).ok_or(NotThere::World)?;
            let mut changes = stage.world.changes();
            let pressed = stage.press(person, tap)?;
            let answered = async {
                loop {
                    let answer = stage.world.tapped(&pressed).and_then(|tap| tap.answer);
                    if let Some(answer) = answer {
                        return answer["text"].as_str().unwrap_or_default().to_owned();
                    }
                    if changes.changed().await.is_err() {
                        return String::new();
                    }
                }
            };
            // A bot that says nothing to a press leaves the button turning; whoever waits goes on.
            Ok(tokio::time::timeout(PRESS, answered)
                .await
                .unwrap_or_default())
        })
    }

    fn close(&self, workspace: WorkspaceId) {
        self.all().remove(&workspace);
    }
}

impl Stage {
    fn open() -> io::Result<Stage> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let settings = Settings {
            seed: since.map_or(1, |since| since.as_secs()),
            ..Settings::default()
        };
        let world = World::with(Arc::new(SystemClock), settings);
        let bot = world.add_bot(BotSetup::new("Simulator", USERNAME));
        let founder = world.add_user(UserSetup::new(FOUNDER));
        let group = world.add_group(founder, GroupSetup::new("Customers").supergroup());
        world.set_bot_rank(group, bot.id, Rank::Member, founder);
        let staff = world.add_group(founder, GroupSetup::new("Operators").forum());
        let runs_topics = Rank::Administrator { topics: true };
        world.set_bot_rank(staff, bot.id, runs_topics, founder);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let server = Server::start(listener, world.clone())?;
        Ok(Stage {
            world,
            bot,
            server,
            founder,
            group,
            staff,
            people: Mutex::default(),
        })
    }

    /// The person and where they are; somebody new comes in, and into the room.
    fn placed(&self, person: &Person) -> Result<(Place, UserId), NotThere> {
        let mut people = self.people();
        let user = match people.get(&person.name) {
            Some(user) => *user,
            None if people.len() >= MAX_PEOPLE => return Err(NotThere::Room),
            None => {
                let user = self.world.add_user(UserSetup::new(&person.name));
                people.insert(person.name.clone(), user);
                user
            }
        };
        drop(people);
        let place = match person.room {
            Room::Private => self.world.private(self.bot.id, user),
            Room::Group => {
                self.world.join(self.group, user);
                self.group
            }
            Room::Staff => {
                let runs_it = Rank::Administrator { topics: true };
                self.world.set_rank(self.staff, user, runs_it, self.founder);
                self.staff
            }
        };
        Ok((place, user))
    }

    /// Presses a button; the id of the press.
    fn press(&self, person: &Person, tap: Tap) -> Result<String, NotThere> {
        let (place, user) = self.placed(person)?;
        let id = MessageId(tap.message);
        let message = self.world.message(place, id).ok_or(NotThere::Thing)?;
        let buttons = message.buttons();
        let button = buttons.get(tap.row).and_then(|row| row.get(tap.column));
        let data = button.and_then(|button| button.data.as_deref());
        let data = data.ok_or(NotThere::Thing)?;
        let pressed = self.world.user_taps_data(place, user, id, data);
        pressed.map_err(|_| NotThere::Thing)
    }

    fn scene(&self) -> Scene {
        // Before everything else is read: what happens meanwhile is news to whoever has this version.
        let version = *self.world.changes().borrow();
        let names: HashMap<UserId, String> = self
            .people()
            .iter()
            .map(|(name, user)| (*user, name.clone()))
            .collect();
        let mut chats: Vec<Chat> = self
            .people()
            .iter()
            .map(|(name, user)| {
                let place = self.world.private(self.bot.id, *user);
                self.chat(place, None, Room::Private, name, &names)
            })
            .filter(|chat| !chat.messages.is_empty())
            .collect();
        let group = self.chat(self.group, None, Room::Group, "Customers", &names);
        if !group.messages.is_empty() {
            chats.push(group);
        }
        chats.push(self.chat(self.staff, None, Room::Staff, "Operators", &names));
        for (topic, told) in self.world.topics(self.staff) {
            chats.push(self.chat(self.staff, Some(topic), Room::Staff, &told.name, &names));
        }
        Scene {
            bot_id: None,
            api_url: self.server.url(),
            version,
            chats,
        }
    }

    fn chat(
        &self,
        place: Place,
        topic: Option<TopicId>,
        room: Room,
        title: &str,
        names: &HashMap<UserId, String>,
    ) -> Chat {
        let all = self.world.messages(place);
        let spoken = all
            .iter()
            .filter(|message| message.topic == topic)
            .filter(|message| !matches!(message.content, Content::Service(_)));
        let mut messages: Vec<Said> = spoken.map(|message| self.said(message, names)).collect();
        messages.drain(..messages.len().saturating_sub(SHOWN));
        let draft = self.world.draft(place).filter(|_| topic.is_none());
        Chat {
            id: place.chat_id(),
            topic: topic.map_or(0, |topic| topic.0),
            room,
            title: title.to_owned(),
            is_writing: self.world.action(place).is_some(),
            draft: draft.map(|draft| draft.content.text).unwrap_or_default(),
            messages,
        }
    }

    fn said(&self, message: &Message, names: &HashMap<UserId, String>) -> Said {
        let from = match message.from {
            Author::User(user) => names.get(&user).map_or(FOUNDER, String::as_str),
            Author::Bot(_) | Author::Business { .. } => "bot",
        };
        let rows = message.buttons().into_iter().map(|row| {
            let buttons = row.into_iter().map(|button| Button {
                label: button.label,
                url: button.url,
            });
            buttons.collect()
        });
        let file = message.media().map(|media| {
            let name = media.file_name.clone();
            name.unwrap_or_else(|| media.kind.field().to_owned())
        });
        Said {
            id: message.id.0,
            from: from.to_owned(),
            is_bot: message.by_bot(),
            text: message.text().to_owned(),
            file,
            buttons: rows.collect(),
            at: Timestamp(message.at_ms.saturating_mul(1_000)),
        }
    }

    fn people(&self) -> MutexGuard<'_, BTreeMap<String, UserId>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a sender's own program would say that the file is.
fn media_type(name: &str) -> &'static str {
    let ending = Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("txt" | "md") => "text/plain",
        _ => "application/octet-stream",
    }
}
