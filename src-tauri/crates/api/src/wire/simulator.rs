//! The simulator: a messenger inside the program, in which the owner plays the customers and the operators.

use app::simulator;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::wire::{Id, Time};

/// Which scene is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SceneQuery {
    /// Waits, at most 25 seconds, until something has happened since this version.
    pub after: Option<u64>,
}

/// What stands in the simulator.
#[derive(Debug, Serialize, ToSchema)]
pub struct Simulator {
    /// The bot that speaks in it; null while it does not run.
    #[schema(required)]
    pub bot_id: Option<Id>,
    /// Grows with everything that happens in it.
    #[schema(example = 12)]
    pub version: u64,
    /// Its chats.
    pub chats: Vec<SimulatorChat>,
}

/// A chat.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimulatorChat {
    /// Its id.
    #[schema(example = 1001)]
    pub id: i64,
    /// The topic within it; 0 for none.
    #[schema(example = 0)]
    pub topic: i64,
    /// What kind of chat.
    pub kind: SimulatorChatKind,
    /// The customer's name, the group's, or the topic's.
    #[schema(example = "Ivan")]
    pub title: String,
    /// True while the bot shows that it writes.
    #[schema(example = false)]
    pub is_writing: bool,
    /// What the bot shows of an answer that it is writing; empty for nothing.
    #[schema(example = "")]
    pub draft: String,
    /// What was said, oldest first; the newest 200.
    pub messages: Vec<SimulatorMessage>,
}

/// What kind of chat.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "private")]
pub enum SimulatorChatKind {
    /// A customer with the bot.
    Private,
    /// A group that the bot is a member of.
    Group,
    /// The operators' group; its topics are chats of their own.
    Staff,
}

/// Something that was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimulatorMessage {
    /// Its number in the chat.
    #[schema(example = 7)]
    pub id: i64,
    /// Who said it.
    #[schema(example = "Ivan")]
    pub from: String,
    /// True for the bot's.
    #[schema(example = false)]
    pub is_bot: bool,
    /// The words.
    #[schema(example = "How long does delivery take?")]
    pub text: String,
    /// The file's name, where it has one.
    #[schema(required, example = "invoice.pdf")]
    pub file: Option<String>,
    /// Buttons under it, row by row.
    pub buttons: Vec<Vec<SimulatorButton>>,
    /// When.
    pub at: Time,
}

/// A button.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimulatorButton {
    /// What stands on it.
    #[schema(example = "Sources")]
    pub label: String,
    /// Where it leads, for buttons that open an address.
    #[schema(required, example = "https://shop.example/delivery")]
    pub url: Option<String>,
}

/// Who is to answer in the simulator.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StartSimulator {
    /// The assistant.
    pub assistant_id: Id,
}

/// Who writes, and where.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SimulatorPlace {
    /// The person's name: a customer, or an operator in the operators' group. Somebody new comes in.
    #[schema(example = "Ivan", max_length = 60)]
    pub name: String,
    /// Where: in their own chat with the bot, in the group, among the operators.
    pub room: SimulatorRoom,
    /// The topic, among the operators; 0 for none.
    #[serde(default)]
    #[schema(required, example = 0)]
    pub topic: i64,
}

/// Where somebody writes.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "private")]
pub enum SimulatorRoom {
    /// In their own chat with the bot.
    Private,
    /// In the group.
    Group,
    /// Among the operators.
    Staff,
}

/// Something to say.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SimulatorSay {
    /// Who, and where.
    pub place: SimulatorPlace,
    /// The words, at most 4,000 characters.
    #[schema(example = "How long does delivery take?", max_length = 4000)]
    pub text: String,
}

/// A button to press.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SimulatorTap {
    /// Who, and where.
    pub place: SimulatorPlace,
    /// The message it stands under.
    #[schema(example = 7)]
    pub message: i64,
    /// Its row, from 0.
    #[schema(example = 0)]
    pub row: usize,
    /// Its place in the row, from 0.
    #[schema(example = 0)]
    pub column: usize,
}

/// What a press showed at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimulatorTapped {
    /// Words over the chat; empty for none.
    #[schema(example = "Thank you!")]
    pub toast: String,
}

/// A file to send; the body is its bytes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SimulatorFile {
    /// Who.
    #[param(example = "Ivan")]
    pub name: String,
    /// Where.
    #[param(inline)]
    pub room: SimulatorRoom,
    /// The topic, among the operators; 0 for none.
    pub topic: Option<i64>,
    /// The file's name.
    #[param(example = "invoice.pdf")]
    pub file: String,
}

impl From<simulator::Scene> for Simulator {
    fn from(scene: simulator::Scene) -> Simulator {
        Simulator {
            bot_id: scene.bot_id.map(Id::of),
            version: scene.version,
            chats: scene.chats.into_iter().map(SimulatorChat::from).collect(),
        }
    }
}

impl From<simulator::Chat> for SimulatorChat {
    fn from(chat: simulator::Chat) -> SimulatorChat {
        SimulatorChat {
            id: chat.id,
            topic: chat.topic,
            kind: match chat.room {
                simulator::Room::Private => SimulatorChatKind::Private,
                simulator::Room::Group => SimulatorChatKind::Group,
                simulator::Room::Staff => SimulatorChatKind::Staff,
            },
            title: chat.title,
            is_writing: chat.is_writing,
            draft: chat.draft,
            messages: chat
                .messages
                .into_iter()
                .map(SimulatorMessage::from)
                .collect(),
        }
    }
}

impl From<simulator::Said> for SimulatorMessage {
    fn from(said: simulator::Said) -> SimulatorMessage {
        let row = |row: Vec<simulator::Button>| {
            let buttons = row.into_iter().map(|button| SimulatorButton {
                label: button.label,
                url: button.url,
            });
            buttons.collect()
        };
        SimulatorMessage {
            id: said.id,
            from: said.from,
            is_bot: said.is_bot,
            text: said.text,
            file: said.file,
            buttons: said.buttons.into_iter().map(row).collect(),
            at: said.at.into(),
        }
    }
}

impl SimulatorPlace {
    /// Who writes and where, or a problem that names what is wrong.
    pub fn parse(self) -> Result<simulator::Person, Problem> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > simulator::MAX_NAME {
            return Err(Problem::invalid("name", "a name has 1 to 60 characters"));
        }
        Ok(simulator::Person {
            name: name.to_owned(),
            room: match self.room {
                SimulatorRoom::Private => simulator::Room::Private,
                SimulatorRoom::Group => simulator::Room::Group,
                SimulatorRoom::Staff => simulator::Room::Staff,
            },
            topic: self.topic,
        })
    }
}
