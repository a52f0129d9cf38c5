//! What can go wrong in a use case, as a closed list of codes that the UI has sentences for.

use std::fmt;

/// What went wrong, for programs. Written in `snake_case` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// There is no such thing, or not in this workspace.
    NotFound,
    /// It changed meanwhile, or exists already.
    Conflict,
    /// A value is not acceptable; `field` names it.
    Invalid,
    /// Larger than a limit.
    TooLarge,
    /// Too many tries; `retry_after` says when again.
    TooMany,
    /// Nobody is signed in.
    NotSignedIn,
    /// The member's role may not do this.
    Forbidden,
    /// E-mail or password do not fit.
    WrongPassword,
    /// A recovery code, but not the one of this data.
    WrongCode,
    /// The password fits, and a code of the second step is wanted too.
    SecondStepNeeded,
    /// The code does not fit, is too old, or was used before.
    SecondStepWrong,
    /// Nobody would own the workspace any more.
    LastOwner,
    /// The link was used, or is too old.
    TokenSpent,
    /// This address or folder is followed already.
    AlreadyFollowed,
    /// There is no such folder, or the program may not read it.
    FolderMissing,
    /// A folder of the system, or a whole disk.
    FolderOfSystem,
    /// The whole home folder of a person.
    FolderIsHome,
    /// The program's own data.
    FolderIsOwn,
    /// A queue is full; try again soon.
    Busy,
    /// The disk is full.
    Full,
    /// No model or engine is set up for this.
    NoEngine,
    /// The engine failed or could not be reached.
    EngineFailed,
    /// The messenger could not be reached, or did not answer as one does.
    MessengerFailed,
    /// Nothing outside this computer may be spoken to.
    LocalOnly,
    /// No mail server is set up.
    NoMail,
    /// The data is damaged: nothing is written until it is repaired.
    Damaged,
    /// A backup that is damaged, or of a newer version.
    BadBackup,
    /// A defect, or the computer failed; the log has more.
    Internal,
}

impl ErrorCode {
    /// The code as consumers see it.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::NotFound => "not_found",
            ErrorCode::Conflict => "conflict",
            ErrorCode::Invalid => "invalid",
            ErrorCode::TooLarge => "too_large",
            ErrorCode::TooMany => "too_many",
            ErrorCode::NotSignedIn => "not_signed_in",
            ErrorCode::Forbidden => "forbidden",
            ErrorCode::WrongPassword => "wrong_password",
            ErrorCode::WrongCode => "wrong_code",
            ErrorCode::SecondStepNeeded => "second_step_needed",
            ErrorCode::SecondStepWrong => "second_step_wrong",
            ErrorCode::LastOwner => "last_owner",
            ErrorCode::TokenSpent => "token_spent",
            ErrorCode::AlreadyFollowed => "already_followed",
            ErrorCode::FolderMissing => "folder_missing",
            ErrorCode::FolderOfSystem => "folder_of_system",
            ErrorCode::FolderIsHome => "folder_is_home",
            ErrorCode::FolderIsOwn => "folder_is_own",
            ErrorCode::Busy => "busy",
            ErrorCode::Full => "full",
            ErrorCode::NoEngine => "no_engine",
            ErrorCode::EngineFailed => "engine_failed",
            ErrorCode::MessengerFailed => "messenger_failed",
            ErrorCode::LocalOnly => "local_only",
            ErrorCode::NoMail => "no_mail",
            ErrorCode::Damaged => "damaged",
            ErrorCode::BadBackup => "bad_backup",
            ErrorCode::Internal => "internal",
        }
    }
}

/// A use case that could not be done.
#[derive(Debug)]
pub struct Error {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// Which operation on which thing, for logs and the command line; never a customer's text.
    pub what: String,
    /// The field that is not acceptable, with [`ErrorCode::Invalid`].
    pub field: Option<&'static str>,
    /// Seconds to wait, with [`ErrorCode::TooMany`] and [`ErrorCode::Busy`].
    pub retry_after: Option<u32>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What every use case answers.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of `code` while doing `what`.
    pub fn new(code: ErrorCode, what: impl Into<String>) -> Error {
        Error {
            code,
            what: what.into(),
            field: None,
            retry_after: None,
            source: None,
        }
    }

    /// The value of `field` is not acceptable because of `what`.
    pub fn invalid(field: &'static str, what: impl Into<String>) -> Error {
        Error {
            field: Some(field),
            ..Error::new(ErrorCode::Invalid, what)
        }
    }

    /// The same with its cause.
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Error {
        self.source = Some(Box::new(source));
        self
    }

    /// The same with the seconds to wait.
    pub fn retry_after(mut self, seconds: u32) -> Error {
        self.retry_after = Some(seconds);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
