//! What stands in the audit log: who did what, when. No texts of customers, no keys.

use serde::{Deserialize, Serialize};

use crate::team::{Change, Person};
use crate::time::Timestamp;

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who did it; nobody for whoever sits at this computer's own terminal, and for the program itself.
    pub by: Option<Person>,
    /// What.
    pub deed: Deed,
    /// When.
    pub at: Timestamp,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// Something changed about people.
    People {
        /// What, and about whom.
        change: Change,
    },
    /// Somebody signed in.
    SignedIn,
    /// Somebody wanted to sign in and was refused.
    SignInRefused {
        /// Whose account was tried: their name; empty for one that nobody has.
        account: String,
        /// What did not fit.
        wrong: Wrong,
        /// Where the newest try came from.
        address: String,
        /// How many tries this entry stands for, at least one.
        tries: u32,
    },
    /// A part of the settings was changed.
    SettingsChanged {
        /// Which.
        part: SettingsPart,
    },
    /// An assistant was made or changed.
    AssistantChanged {
        /// Its name.
        name: String,
    },
    /// An assistant was removed.
    AssistantRemoved {
        /// Its name.
        name: String,
    },
    /// A bot was added.
    BotAdded {
        /// Its name at the messenger.
        name: String,
    },
    /// A bot was removed.
    BotRemoved {
        /// Its name at the messenger.
        name: String,
    },
    /// A bot has another token.
    BotTokenChanged {
        /// Its name at the messenger.
        name: String,
    },
    /// A source was removed with its documents.
    SourceRemoved {
        /// Its name.
        name: String,
    },
    /// A document was removed.
    DocumentRemoved {
        /// Its title.
        name: String,
    },
    /// A backup was made by hand.
    BackupMade,
    /// A backup was put in the place of the data: what was written down since it was made is not here any more.
    BackupRestored {
        /// When that backup was made.
        made_at: Timestamp,
    },
    /// There is a new recovery code.
    RecoveryCodeMade,
}

/// What did not fit when somebody wanted to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// The password, or there is no such account.
    Password,
    /// The code of the second step, after a right password.
    Code,
}

/// A part of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingsPart {
    /// The business's name.
    Business,
    /// The engine on a server, with its key.
    Engine,
    /// The second one.
    SecondEngine,
    /// The model that finds by meaning.
    SearchModel,
    /// The chat model on this computer.
    ChatModel,
    /// The model that hears voice messages.
    SpeechModel,
    /// The mail server.
    Mail,
    /// What engines cost.
    Prices,
    /// Whether anything outside this computer may be spoken to.
    Network,
}
