//! Whether all is well, and what the program said lately.

use app::bots::doctor::{Check, CheckState, sentence};
use app::health::{self, Found, Look};
use app::log;
use domain::language::Language;
use serde::{Deserialize, Serialize};
use store::KeyPlace;
use utoipa::{IntoParams, ToSchema};

use crate::wire::{Id, Time};

/// The most bots in trouble that are told one by one.
const MOST_BOTS: usize = 50;

/// What was found, in the order in which one reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoctorReport {
    /// True when nobody has to do anything.
    #[schema(example = true)]
    pub well: bool,
    /// The findings.
    pub items: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct Finding {
    /// How it stands.
    pub standing: Standing,
    /// What was found.
    #[serde(flatten)]
    pub what: FindingKind,
}

/// How a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "good")]
pub enum Standing {
    /// As it should be.
    Good,
    /// It works, and could be better.
    Note,
    /// Somebody has to do something.
    Bad,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum FindingKind {
    /// The data folder.
    DataFolder {
        /// Where it is.
        path: String,
        /// Why it is that one.
        why: FolderWhy,
        /// True where others who use the computer can enter it.
        open: bool,
    },
    /// The data lies on another computer.
    FarAway {
        /// The kind of network folder.
        kind: String,
    },
    /// Where the key of the secrets lies.
    Key {
        /// What kind of place.
        place: KeyKind,
        /// The file, where it is one outside the data folder.
        #[schema(required)]
        path: Option<String>,
        /// Why the system's keychain cannot be used, in its own words.
        #[schema(required)]
        why: Option<String>,
    },
    /// Whether the secrets can be opened.
    Secrets {
        /// Names of those that cannot.
        closed: Vec<String>,
        /// True when a recovery code opens them elsewhere.
        has_code: bool,
    },
    /// Whether the audit log is as it was written.
    AuditLog {
        /// Entries that were read.
        entries: u64,
        /// The first number at which it is not.
        #[schema(required)]
        broken_at: Option<u64>,
        /// Entries that cannot be checked: their key is on another computer.
        unproved: u64,
    },
    /// Slow or failing work.
    Jobs {
        /// What is to do.
        open: u64,
        /// What was given up after many tries.
        dead: u64,
    },
    /// The documents.
    Documents {
        /// Those that can be found.
        ready: u64,
        /// Those that wait or are being read.
        waiting: u64,
        /// Those that could not be read.
        failed: u64,
    },
    /// The search by words.
    Words {
        /// Passages in the index.
        indexed: u64,
        /// Passages that there are.
        passages: u64,
    },
    /// The search by meaning.
    Meaning {
        /// The model's name; null when none is installed.
        #[schema(required)]
        model: Option<String>,
        /// Passages that have a vector.
        vectors: u64,
        /// Passages that there are.
        passages: u64,
    },
    /// The database.
    Database {
        /// What is damaged, in SQLite's words; empty when nothing is.
        problems: Vec<String>,
    },
    /// The files of the index.
    IndexFiles {
        /// What is damaged; null when nothing is.
        #[schema(required)]
        damage: Option<String>,
        /// True when it is being built anew.
        rebuilt: bool,
    },
    /// The newest backup.
    Backup {
        /// When it was made; null when there is none.
        #[schema(required)]
        made_at: Option<Time>,
    },
    /// A bot that is in trouble or off.
    Bot {
        /// Its id.
        id: Id,
        /// Its name at the messenger.
        username: String,
        /// What is wrong, each with what to do, in the language that was asked for.
        told: Vec<String>,
    },
    /// Bots that are not told one by one.
    Bots {
        /// How many.
        count: u64,
    },
}

/// Why a data folder is where it is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "usual")]
pub enum FolderWhy {
    /// Somebody said so when the program was started.
    Told,
    /// It lies beside the program.
    Portable,
    /// It was moved there.
    Moved,
    /// It is the system's usual place.
    Usual,
}

/// What kind of place a key lies in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "keychain")]
pub enum KeyKind {
    /// The system's keychain.
    Keychain,
    /// A file outside the data folder.
    File,
    /// The data folder: whoever copies it has the key too.
    Data,
}

/// How thoroughly to look, and in which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DoctorQuery {
    /// True: everything is read through.
    #[param(example = false)]
    pub deep: Option<bool>,
    /// `en` or `ru`; English unless told otherwise.
    #[param(example = "en")]
    pub language: Option<String>,
}

impl DoctorQuery {
    /// How thoroughly.
    pub fn look(&self) -> Look {
        match self.deep {
            Some(true) => Look::Through,
            Some(false) | None => Look::Glance,
        }
    }
}

/// What the program said lately.
#[derive(Debug, Serialize, ToSchema)]
pub struct Log {
    /// The lines, oldest first.
    pub lines: Vec<LogLine>,
    /// The number of the last line of all: `after` of the next call. Less than the `after` that was asked with when
    /// the program was started anew; then all lines are here.
    #[schema(example = 42)]
    pub last: u64,
    /// The file that the lines go into as well; null when there is none.
    #[schema(required, example = "/home/anna/.local/share/chatai/logs/chatai.log")]
    pub file: Option<String>,
    /// True where they go into the system's journal.
    #[schema(example = false)]
    pub journal: bool,
}

/// Something that the program said.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogLine {
    /// Grows by one with each line since the start.
    #[schema(example = 42)]
    pub number: u64,
    /// When.
    pub at: Time,
    /// How much it matters.
    pub level: LogLevel,
    /// Which part of the program said it.
    #[schema(example = "store::migrate")]
    pub from: String,
    /// What was said.
    #[schema(example = "the data was read through")]
    pub text: String,
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "info")]
pub enum LogLevel {
    /// For whoever mends the program.
    Debug,
    /// What it does.
    Info,
    /// What did not go as it should.
    Warn,
    /// What could not be done.
    Error,
}

/// Which lines are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LogQuery {
    /// Only lines after this one.
    #[param(example = 0)]
    pub after: Option<u64>,
    /// Only lines that matter at least so much.
    #[param(inline)]
    pub level: Option<LogLevel>,
}

impl DoctorReport {
    /// What was found, told in this language. Bots that are well stand together, as do those in trouble beyond the
    /// first fifty.
    pub fn told(found: Vec<Found>, language: Language) -> DoctorReport {
        let well = found
            .iter()
            .all(|found| found.standing() != health::Standing::Bad);
        let mut items = Vec::new();
        let (mut told, mut good, mut more) = (0, 0, 0);
        for found in found {
            let standing = found.standing();
            match found {
                Found::Bot(..) if standing == health::Standing::Good => good += 1,
                Found::Bot(..) if told == MOST_BOTS => more += 1,
                found => {
                    told += usize::from(matches!(found, Found::Bot(..)));
                    let what = kinds(found, language);
                    let standing = Standing::from(standing);
                    items.extend(what.into_iter().map(|what| Finding { standing, what }));
                }
            }
        }
        let together = [(Standing::Bad, more), (Standing::Good, good)];
        let together = together.into_iter().filter(|(_, count)| *count > 0);
        items.extend(together.map(|(standing, count)| Finding {
            standing,
            what: FindingKind::Bots { count },
        }));
        DoctorReport { well, items }
    }
}

fn kinds(found: Found, language: Language) -> Vec<FindingKind> {
    vec![match found {
        Found::DataFolder { path, why, is_open } => FindingKind::DataFolder {
            path: path.display().to_string(),
            why: why.into(),
            open: is_open,
        },
        Found::FarAway(kind) => FindingKind::FarAway { kind },
        Found::Key(place) => key(place),
        Found::Secrets { closed, has_code } => FindingKind::Secrets { closed, has_code },
        Found::AuditLogs(reports) => {
            let logs = reports
                .into_iter()
                .map(|(_, report)| FindingKind::AuditLog {
                    entries: report.entries,
                    broken_at: report.broken_at,
                    unproved: report.unproved,
                });
            return logs.collect();
        }
        Found::Jobs { open, dead } => FindingKind::Jobs { open, dead },
        // Whoever asks here is a member: they know.
        Found::Owner(_) => return Vec::new(),
        Found::Documents {
            ready,
            waiting,
            failed,
        } => FindingKind::Documents {
            ready,
            waiting,
            failed,
        },
        Found::Words { indexed, passages } => FindingKind::Words { indexed, passages },
        Found::Meaning {
            model,
            vectors,
            passages,
        } => FindingKind::Meaning {
            model,
            vectors,
            passages,
        },
        Found::Database(problems) => FindingKind::Database { problems },
        Found::IndexFiles { damage, is_rebuilt } => FindingKind::IndexFiles {
            damage,
            rebuilt: is_rebuilt,
        },
        Found::Backup(latest) => FindingKind::Backup {
            made_at: latest.map(|latest| latest.made_at.into()),
        },
        Found::Bot(bot, checks) => FindingKind::Bot {
            id: Id::of(bot.id),
            username: bot.account.username,
            told: wrong(&checks, language),
        },
    }]
}

fn key(place: KeyPlace) -> FindingKind {
    let (kind, path, why) = match place {
        KeyPlace::Keychain => (KeyKind::Keychain, None, None),
        KeyPlace::File(path) => (KeyKind::File, Some(path), None),
        KeyPlace::FileInstead(path, why) => (KeyKind::File, Some(path), Some(why)),
        KeyPlace::DataFolder => (KeyKind::Data, None, None),
    };
    FindingKind::Key {
        place: kind,
        path: path.map(|path| path.display().to_string()),
        why,
    }
}

/// What is wrong with a bot, each with what to do.
fn wrong(checks: &[Check], language: Language) -> Vec<String> {
    let bad = checks.iter().filter(|check| check.state == CheckState::Bad);
    let told = bad.map(|check| {
        let (found, fix) = sentence(check, language);
        format!("{found} {fix}").trim().to_owned()
    });
    told.collect()
}

impl From<health::Standing> for Standing {
    fn from(standing: health::Standing) -> Standing {
        match standing {
            health::Standing::Good => Standing::Good,
            health::Standing::Note => Standing::Note,
            health::Standing::Bad => Standing::Bad,
        }
    }
}

impl From<health::Why> for FolderWhy {
    fn from(why: health::Why) -> FolderWhy {
        match why {
            health::Why::Told => FolderWhy::Told,
            health::Why::Portable => FolderWhy::Portable,
            health::Why::Moved => FolderWhy::Moved,
            health::Why::Usual => FolderWhy::Usual,
        }
    }
}

impl From<log::Said> for Log {
    fn from(said: log::Said) -> Log {
        Log {
            lines: said.lines.into_iter().map(LogLine::from).collect(),
            last: said.last,
            journal: said.place == log::LogPlace::Journal,
            file: match said.place {
                log::LogPlace::File(file) => Some(file.display().to_string()),
                log::LogPlace::Journal | log::LogPlace::Terminal => None,
            },
        }
    }
}

impl From<log::Line> for LogLine {
    fn from(line: log::Line) -> LogLine {
        LogLine {
            number: line.number,
            at: line.at.into(),
            level: line.level.into(),
            from: line.from,
            text: line.text,
        }
    }
}

impl From<log::Level> for LogLevel {
    fn from(level: log::Level) -> LogLevel {
        match level {
            log::Level::Debug => LogLevel::Debug,
            log::Level::Info => LogLevel::Info,
            log::Level::Warn => LogLevel::Warn,
            log::Level::Error => LogLevel::Error,
        }
    }
}

impl From<LogLevel> for log::Level {
    fn from(level: LogLevel) -> log::Level {
        match level {
            LogLevel::Debug => log::Level::Debug,
            LogLevel::Info => log::Level::Info,
            LogLevel::Warn => log::Level::Warn,
            LogLevel::Error => log::Level::Error,
        }
    }
}
