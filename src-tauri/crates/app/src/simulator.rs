//! The simulator: a messenger inside the program, in which the owner plays customers and operators. A bot with a
//! local token is added to the workspace as any other and run by the same code; nothing leaves this computer.
//!
//! Owns: who may use it, adding and removing its bot with what was said through it. Not here: the messenger
//! itself, which is a strict stand-in for Telegram's server and handed in by the binary.

use std::time::Duration;

use domain::bot::{Bot, BotSettings};
use domain::id::{AssistantId, BotId, WorkspaceId};
use domain::member::Permission;
use domain::time::Timestamp;
use futures_util::future::BoxFuture;
use tokio::sync::watch;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::who::Who;

/// Name of the simulator's bot at its messenger: by it, and by an address of this computer, one that was left
/// behind by a crash is known.
pub const USERNAME: &str = "chatai_simulator_bot";
/// The longest name of a person, in characters.
pub const MAX_NAME: usize = 60;
/// The longest words, in characters: what a messenger takes.
pub const MAX_WORDS: usize = 4_000;
/// People who may come in.
pub const MAX_PEOPLE: usize = 50;
/// Messages of a chat that a scene has: the newest.
pub const SHOWN: usize = 200;
/// How long it is waited for something to happen, at most.
const PATIENCE: Duration = Duration::from_secs(25);

/// A messenger inside the program; one world a workspace.
pub trait Simulator: Send + Sync {
    /// Opens an empty world with one bot, in the place of the one before.
    fn open(&self, workspace: WorkspaceId) -> BoxFuture<'_, std::io::Result<Opened>>;

    /// What stands in the world; nothing while none is open.
    fn scene(&self, workspace: WorkspaceId) -> Option<Scene>;

    /// Counts what happens in the world; nothing while none is open.
    fn changes(&self, workspace: WorkspaceId) -> Option<watch::Receiver<u64>>;

    /// Somebody says something; a new name is a new person. The message's number in its chat.
    fn say(
        &self,
        workspace: WorkspaceId,
        person: &Person,
        saying: Saying,
    ) -> std::result::Result<i64, NotThere>;

    /// Somebody presses a button; the words over the chat that come back, empty for none.
    fn tap<'a>(
        &'a self,
        workspace: WorkspaceId,
        person: &'a Person,
        tap: Tap,
    ) -> BoxFuture<'a, std::result::Result<String, NotThere>>;

    /// Ends the world.
    fn close(&self, workspace: WorkspaceId);
}

/// A world that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its server, on this computer.
    pub api_url: String,
    /// The bot's token.
    pub token: String,
    /// The operators' group.
    pub staff_chat: i64,
}

/// Who does something, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name, 1 to [`MAX_NAME`] characters.
    pub name: String,
    /// Where.
    pub room: Room,
    /// The topic, among the operators; 0 for none.
    pub topic: i64,
}

/// Where something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// In a person's own chat with the bot.
    Private,
    /// In the customers' group.
    Group,
    /// Among the operators.
    Staff,
}

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saying {
    /// Words.
    Words(String),
    /// A file.
    File {
        /// Its name.
        name: String,
        /// Its bytes, at most [`domain::conversation::MAX_ATTACHMENT`].
        bytes: Vec<u8>,
    },
}

/// A button that somebody presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tap {
    /// The message it stands under.
    pub message: i64,
    /// Its row, from 0.
    pub row: usize,
    /// Its place in the row, from 0.
    pub column: usize,
}

/// What stands in a world.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scene {
    /// The bot that speaks in it; nothing while it does not run.
    pub bot_id: Option<BotId>,
    /// Its server.
    pub api_url: String,
    /// Grows with everything that happens in it.
    pub version: u64,
    /// Its chats.
    pub chats: Vec<Chat>,
}

/// A chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// Its id.
    pub id: i64,
    /// The topic within it; 0 for none.
    pub topic: i64,
    /// What kind.
    pub room: Room,
    /// The customer's name, the group's, or the topic's.
    pub title: String,
    /// True while the bot shows that it writes.
    pub is_writing: bool,
    /// What the bot shows of an answer that it is writing; empty for nothing.
    pub draft: String,
    /// What was said, oldest first; the newest [`SHOWN`].
    pub messages: Vec<Said>,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its number in the chat.
    pub id: i64,
    /// Who said it.
    pub from: String,
    /// True for the bot's.
    pub is_bot: bool,
    /// The words.
    pub text: String,
    /// The file's name; empty where it has none.
    pub file: Option<String>,
    /// Buttons under it, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// When.
    pub at: Timestamp,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// Where it leads, for buttons that open an address.
    pub url: Option<String>,
}

/// What the simulator does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotThere {
    /// No world is open.
    #[error("the simulator does not run")]
    World,
    /// There are [`MAX_PEOPLE`] already.
    #[error("there are as many people as there may be")]
    Room,
    /// No such message, button or topic.
    #[error("there is no such message, button or topic")]
    Thing,
}

impl App {
    /// Opens the simulator with a bot that this assistant answers through, and nothing said yet. One that runs
    /// begins anew.
    pub async fn start_simulator(
        &self,
        who: &Who,
        simulator: Option<&dyn Simulator>,
        assistant: AssistantId,
    ) -> Result<Scene> {
        let simulator = usable(who, simulator)?;
        self.workspace(who.workspace()).assistant(assistant).await?;
        let _alone = self.inner.starting_simulator.lock().await;
        self.end_simulator(who, Some(simulator)).await?;
        let opened = simulator.open(who.workspace()).await;
        let opened = opened.map_err(|error| {
            Error::new(ErrorCode::Internal, "the simulator cannot listen").caused_by(error)
        })?;
        let settings = BotSettings {
            api_url: opened.api_url,
            staff_chat: opened.staff_chat,
            ..BotSettings::default()
        };
        let added = self.add_bot(who, &opened.token, assistant, settings).await;
        if let Err(error) = added {
            simulator.close(who.workspace());
            return Err(error);
        }
        self.simulator(who, Some(simulator), None).await
    }

    /// What stands in the simulator. With `after` it is waited, at most 25 seconds, until something has happened
    /// since that version.
    pub async fn simulator(
        &self,
        who: &Who,
        simulator: Option<&dyn Simulator>,
        after: Option<u64>,
    ) -> Result<Scene> {
        let simulator = usable(who, simulator)?;
        let workspace = who.workspace();
        if let (Some(after), Some(mut changes)) = (after, simulator.changes(workspace)) {
            // Either way the scene of then is the answer.
            let _ =
                tokio::time::timeout(PATIENCE, changes.wait_for(|version| *version > after)).await;
        }
        let Some(scene) = simulator.scene(workspace) else {
            return Ok(Scene::default());
        };
        let bots = self.workspace(workspace).bots().await?;
        let bot = bots
            .iter()
            .find(|bot| bot.settings.api_url == scene.api_url);
        Ok(Scene {
            bot_id: bot.map(|bot| bot.id),
            ..scene
        })
    }

    /// Somebody says something in the simulator; the message's number in its chat.
    pub async fn simulator_say(
        &self,
        who: &Who,
        simulator: Option<&dyn Simulator>,
        person: &Person,
        saying: Saying,
    ) -> Result<i64> {
        let simulator = usable(who, simulator)?;
        if let Saying::Words(words) = &saying
            && (words.trim().is_empty() || words.chars().count() > MAX_WORDS)
        {
            return Err(Error::invalid(
                "text",
                format!("a message has 1 to {MAX_WORDS} characters"),
            ));
        }
        Ok(simulator.say(who.workspace(), person, saying)?)
    }

    /// Somebody presses a button in the simulator; the words over the chat that come back.
    pub async fn simulator_tap(
        &self,
        who: &Who,
        simulator: Option<&dyn Simulator>,
        person: &Person,
        tap: Tap,
    ) -> Result<String> {
        let simulator = usable(who, simulator)?;
        Ok(simulator.tap(who.workspace(), person, tap).await?)
    }

    /// Ends the simulator: its bot goes, and what was said through it. Ending what does not run is nothing.
    pub async fn end_simulator(&self, who: &Who, simulator: Option<&dyn Simulator>) -> Result<()> {
        let simulator = usable(who, simulator)?;
        simulator.close(who.workspace());
        self.remove_simulated(who.workspace()).await
    }

    /// Removes what simulators left behind that ended with the program.
    pub async fn remove_leftover_simulators(&self) -> Result<()> {
        for (workspace, _) in self.inner.store.workspaces().await? {
            self.remove_simulated(workspace).await?;
        }
        Ok(())
    }

    async fn remove_simulated(&self, workspace: WorkspaceId) -> Result<()> {
        let store = self.workspace(workspace);
        for bot in store.bots().await?.into_iter().filter(is_simulated) {
            loop {
                let conversations = store.conversations_of_bot(bot.id).await?;
                if conversations.is_empty() {
                    break;
                }
                for conversation in conversations {
                    store.remove_conversation(conversation, self.now()).await?;
                }
            }
            store.remove_bot(bot.id, self.now()).await?;
        }
        Ok(())
    }
}

/// The simulator, for members who may use it; `NotFound` in a program that has none.
fn usable<'a>(who: &Who, simulator: Option<&'a dyn Simulator>) -> Result<&'a dyn Simulator> {
    who.must(Permission::ChangeSettings)?;
    let nothing = || Error::new(ErrorCode::NotFound, "this program has no simulator");
    simulator.ok_or_else(nothing)
}

fn is_simulated(bot: &Bot) -> bool {
    bot.account.username == USERNAME && bot.settings.api_url.starts_with("http://127.0.0.1:")
}

impl From<NotThere> for Error {
    fn from(error: NotThere) -> Error {
        let code = match error {
            NotThere::Room => ErrorCode::Busy,
            NotThere::World | NotThere::Thing => ErrorCode::NotFound,
        };
        Error::new(code, error.to_string())
    }
}
