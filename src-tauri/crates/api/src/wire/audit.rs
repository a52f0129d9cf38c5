//! The audit log.

use domain::audit::{self, Deed};
use serde::{Deserialize, Serialize};
use store::audit::{AuditReport, AuditRow};
use utoipa::{IntoParams, ToSchema};

use crate::wire::Time;
use crate::wire::team::PeopleChange;

/// Entries of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditLog {
    /// The entries, newest first.
    pub items: Vec<AuditEntry>,
    /// The number to ask for entries before; null at the end.
    #[schema(required, example = 51)]
    pub next: Option<u64>,
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its number, from 1, without gaps.
    #[schema(example = 100)]
    pub number: u64,
    /// Who did it; null for whoever sat at this computer's own terminal, and for the program itself.
    #[schema(required, example = "Anna Berger")]
    pub by: Option<String>,
    /// What was done.
    pub deed: AuditDeed,
    /// What it was done to: a name; empty where there is none. For a sign-in that was refused whose account was
    /// tried, empty for one that nobody has.
    #[schema(example = "lindenhof_bot")]
    pub about: String,
    /// Which part, for settings.
    #[schema(required)]
    pub part: Option<AuditPart>,
    /// What changed, for people.
    #[schema(required)]
    pub people: Option<PeopleChange>,
    /// When the backup was made, for one that was restored.
    #[schema(required)]
    pub made_at: Option<Time>,
    /// What did not fit, for sign-ins that were refused.
    #[schema(required)]
    pub wrong: Option<AuditWrong>,
    /// Where the newest of them came from.
    #[schema(required, example = "203.0.113.7")]
    pub address: Option<String>,
    /// How many of them this entry stands for.
    #[schema(required, example = 3)]
    pub tries: Option<u32>,
    /// When it was done.
    pub at: Time,
}

/// What was done.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "bot_added")]
pub enum AuditDeed {
    /// Something changed about people.
    People,
    /// Somebody signed in.
    SignedIn,
    /// Sign-ins to one account were refused: at most one entry in ten minutes.
    SignInRefused,
    /// A part of the settings was changed.
    SettingsChanged,
    /// An assistant was made or changed.
    AssistantChanged,
    /// An assistant was removed.
    AssistantRemoved,
    /// A bot was added.
    BotAdded,
    /// A bot was removed.
    BotRemoved,
    /// A bot has another token.
    BotTokenChanged,
    /// A source was removed with its documents.
    SourceRemoved,
    /// A document was removed.
    DocumentRemoved,
    /// A backup was made by hand.
    BackupMade,
    /// A backup was put in the place of the data.
    BackupRestored,
    /// There is a new recovery code.
    RecoveryCodeMade,
}

/// What did not fit.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "password")]
pub enum AuditWrong {
    /// The password, or there is no such account.
    Password,
    /// The code of the second step, after a right password.
    Code,
}

/// A part of the settings.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "engine")]
pub enum AuditPart {
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

/// Whether the log is whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditCheck {
    /// True when every entry is as it was written, none is missing, and each could be checked.
    #[schema(example = true)]
    pub whole: bool,
    /// Entries that were read.
    #[schema(example = 100)]
    pub entries: u64,
    /// The first number at which it is not as it was written; null when nothing was changed.
    #[schema(required, example = 17)]
    pub broken_at: Option<u64>,
    /// Entries whose key is not on this computer: nothing can be said of them.
    #[schema(example = 0)]
    pub unproved: u64,
    /// Backups whose note of the log's end was compared.
    #[schema(example = 12)]
    pub backups: u64,
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only entries before this number.
    #[param(example = 51)]
    pub before: Option<u64>,
    /// How many, 1 to 200; 50 unless it is given.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> AuditEntry {
        let entry = row.entry;
        let mut told = AuditEntry {
            number: row.number,
            by: entry.by.map(|by| by.name),
            deed: AuditDeed::SignedIn,
            about: String::new(),
            part: None,
            people: None,
            made_at: None,
            wrong: None,
            address: None,
            tries: None,
            at: entry.at.into(),
        };
        let (deed, about) = match entry.deed {
            Deed::People { change } => {
                told.people = Some(change.into());
                (AuditDeed::People, String::new())
            }
            Deed::SettingsChanged { part } => {
                told.part = Some(part.into());
                (AuditDeed::SettingsChanged, String::new())
            }
            Deed::BackupRestored { made_at } => {
                told.made_at = Some(made_at.into());
                (AuditDeed::BackupRestored, String::new())
            }
            Deed::SignInRefused {
                account,
                wrong,
                address,
                tries,
            } => {
                told.wrong = Some(wrong.into());
                (told.address, told.tries) = (Some(address), Some(tries));
                (AuditDeed::SignInRefused, account)
            }
            Deed::SignedIn => (AuditDeed::SignedIn, String::new()),
            Deed::BackupMade => (AuditDeed::BackupMade, String::new()),
            Deed::RecoveryCodeMade => (AuditDeed::RecoveryCodeMade, String::new()),
            Deed::AssistantChanged { name } => (AuditDeed::AssistantChanged, name),
            Deed::AssistantRemoved { name } => (AuditDeed::AssistantRemoved, name),
            Deed::BotAdded { name } => (AuditDeed::BotAdded, name),
            Deed::BotRemoved { name } => (AuditDeed::BotRemoved, name),
            Deed::BotTokenChanged { name } => (AuditDeed::BotTokenChanged, name),
            Deed::SourceRemoved { name } => (AuditDeed::SourceRemoved, name),
            Deed::DocumentRemoved { name } => (AuditDeed::DocumentRemoved, name),
        };
        AuditEntry {
            deed,
            about,
            ..told
        }
    }
}

impl From<audit::Wrong> for AuditWrong {
    fn from(wrong: audit::Wrong) -> AuditWrong {
        match wrong {
            audit::Wrong::Password => AuditWrong::Password,
            audit::Wrong::Code => AuditWrong::Code,
        }
    }
}

impl From<audit::SettingsPart> for AuditPart {
    fn from(part: audit::SettingsPart) -> AuditPart {
        match part {
            audit::SettingsPart::Business => AuditPart::Business,
            audit::SettingsPart::Engine => AuditPart::Engine,
            audit::SettingsPart::SecondEngine => AuditPart::SecondEngine,
            audit::SettingsPart::SearchModel => AuditPart::SearchModel,
            audit::SettingsPart::ChatModel => AuditPart::ChatModel,
            audit::SettingsPart::SpeechModel => AuditPart::SpeechModel,
            audit::SettingsPart::Mail => AuditPart::Mail,
            audit::SettingsPart::Prices => AuditPart::Prices,
            audit::SettingsPart::Network => AuditPart::Network,
        }
    }
}

impl From<AuditReport> for AuditCheck {
    fn from(report: AuditReport) -> AuditCheck {
        AuditCheck {
            whole: report.is_whole(),
            entries: report.entries,
            broken_at: report.broken_at,
            unproved: report.unproved,
            backups: report.backups,
        }
    }
}
