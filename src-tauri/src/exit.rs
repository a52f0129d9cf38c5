//! How the program ends: exit codes, and failures as sentences for the terminal.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use store::error::StoreError;

/// Exit code of a computer that cannot run the program.
pub const UNFIT: u8 = 70;

/// What a command answers.
pub type Outcome = Result<Ending, Failure>;

/// How a command that worked ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All of it was done: 0.
    Done,
    /// It was done, but not all is well: 3. A document could not be read, a question was not answered, the
    /// doctor found something.
    Partly,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> ExitCode {
        match ending {
            Ending::Done => ExitCode::SUCCESS,
            Ending::Partly => ExitCode::from(3),
        }
    }
}

/// A command that did not work.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    sentence: String,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Anything without a code of its own: 1.
    Failed,
    /// What was told makes no sense: 2.
    Senseless,
    /// Another running ChatAI holds the data folder: 4.
    InUse,
    /// The data is damaged: 5.
    Damaged,
    /// The data was written by a newer version: 5.
    Newer,
    /// The disk is full: 1.
    Full,
    /// The data folder cannot be read or written: 1.
    Closed,
    /// There is no backup that could take the data's place: 1.
    NoBackup,
}

/// Why the data folder cannot be used, where that is what failed.
#[cfg(feature = "desktop")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataTrouble {
    /// Another running ChatAI holds it.
    InUse,
    /// A newer version wrote it.
    Newer,
    /// It is damaged.
    Damaged,
    /// Its disk is full.
    Full,
    /// It cannot be read or written.
    Closed,
    /// There is no backup that could take its place.
    NoBackup,
}

impl Failure {
    /// A failure in words.
    pub fn new(sentence: impl Into<String>) -> Failure {
        Failure {
            kind: Kind::Failed,
            sentence: sentence.into(),
        }
    }

    /// What was told at the start makes no sense, in words: the same again will fail the same way.
    pub fn senseless(sentence: impl Into<String>) -> Failure {
        Failure {
            kind: Kind::Senseless,
            sentence: sentence.into(),
        }
    }

    /// The data folder or a file in it cannot be used: doing `what` met `error`.
    pub fn of_folder(what: &str, error: &io::Error) -> Failure {
        Failure {
            kind: Kind::of_disk(error),
            sentence: format!("{what}: {error}"),
        }
    }

    /// The data is damaged.
    fn damaged(error: &(dyn Error + 'static)) -> Failure {
        Failure {
            kind: Kind::Damaged,
            sentence: format!(
                "{}: put the newest good backup in its place with `chatai restore --latest`",
                with_causes(error)
            ),
        }
    }

    /// What the shell gets.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Failed | Kind::Full | Kind::Closed | Kind::NoBackup => 1,
            Kind::Senseless => 2,
            Kind::InUse => 4,
            Kind::Damaged | Kind::Newer => 5,
        })
    }

    /// Why the data folder cannot be used, if that is what failed.
    #[cfg(feature = "desktop")]
    pub fn of_data(&self) -> Option<DataTrouble> {
        match self.kind {
            Kind::Failed | Kind::Senseless => None,
            Kind::InUse => Some(DataTrouble::InUse),
            Kind::Newer => Some(DataTrouble::Newer),
            Kind::Damaged => Some(DataTrouble::Damaged),
            Kind::Full => Some(DataTrouble::Full),
            Kind::Closed => Some(DataTrouble::Closed),
            Kind::NoBackup => Some(DataTrouble::NoBackup),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl From<app::error::Error> for Failure {
    fn from(error: app::error::Error) -> Failure {
        match error.code {
            app::error::ErrorCode::Damaged => Failure::damaged(&error),
            code => Failure {
                kind: match code {
                    app::error::ErrorCode::Full => Kind::Full,
                    app::error::ErrorCode::BadBackup => Kind::NoBackup,
                    _ => Kind::Failed,
                },
                sentence: with_causes(&error),
            },
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match &error {
            StoreError::Locked { pid } => Failure {
                kind: Kind::InUse,
                sentence: format!(
                    "ChatAI is already running on this data folder (process {pid}): use its window or its address, \
                     or stop it first"
                ),
            },
            StoreError::Newer { found, known } => Failure {
                kind: Kind::Newer,
                sentence: format!(
                    "this data was written by a newer version (schema {found}, this one knows {known}): nothing was \
                     changed; start the newer version, or go back to the newest backup that this one can read with \
                     `chatai restore --latest`"
                ),
            },
            // A row that cannot be read was written by nobody.
            StoreError::Corrupt(_) | StoreError::Unreadable(_) => Failure::damaged(&error),
            _ => Failure {
                kind: match &error {
                    StoreError::Full => Kind::Full,
                    StoreError::Io(cause) => Kind::of_disk(cause),
                    StoreError::BadBackup(_) => Kind::NoBackup,
                    _ => Kind::Failed,
                },
                sentence: with_causes(&error),
            },
        }
    }
}

impl Kind {
    /// What a disk's refusal comes to.
    fn of_disk(error: &io::Error) -> Kind {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Kind::Full,
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::StaleNetworkFileHandle => Kind::Closed,
            _ => Kind::Failed,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure {
            kind: match Kind::of_disk(&error) {
                // Of which file is not known here: it may be no one of the data.
                Kind::Closed => Kind::Failed,
                kind => kind,
            },
            sentence: error.to_string(),
        }
    }
}

/// The error and what it came from, in one line, nothing said twice.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = next.source();
    }
    text
}
