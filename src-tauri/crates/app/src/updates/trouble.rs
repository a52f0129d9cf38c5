//! What can go wrong on the way to a newer version, as a closed list that the pages have sentences for.

use net::NetError;

/// What went wrong. Written in `snake_case` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Only this computer may be spoken to.
    Offline,
    /// An address that is not `https`.
    NotEncrypted,
    /// The publisher cannot be reached.
    Unreachable,
    /// The publisher answered with an error.
    Refused,
    /// The answer ended early.
    CutOff,
    /// More came than may come.
    TooLarge,
    /// There is no signature.
    Unsigned,
    /// The signature is not the publisher's, or is one over something else.
    BadSignature,
    /// It is signed, and cannot be read.
    Unreadable,
    /// It is older than what was seen before, or than the version that runs.
    Older,
    /// The package is not what was published.
    WrongContent,
    /// The package says of itself that it is another one.
    WrongPackage,
    /// The disk is full.
    Full,
    /// The disk failed.
    Disk,
    /// The backup before it could not be made.
    NoBackup,
    /// The system was not permitted to install it.
    NotPermitted,
    /// The system's installer failed.
    NotInstalled,
}

impl Trouble {
    /// The trouble as consumers see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Trouble::Offline => "offline",
            Trouble::NotEncrypted => "not_encrypted",
            Trouble::Unreachable => "unreachable",
            Trouble::Refused => "refused",
            Trouble::CutOff => "cut_off",
            Trouble::TooLarge => "too_large",
            Trouble::Unsigned => "unsigned",
            Trouble::BadSignature => "bad_signature",
            Trouble::Unreadable => "unreadable",
            Trouble::Older => "older",
            Trouble::WrongContent => "wrong_content",
            Trouble::WrongPackage => "wrong_package",
            Trouble::Full => "full",
            Trouble::Disk => "disk",
            Trouble::NoBackup => "no_backup",
            Trouble::NotPermitted => "not_permitted",
            Trouble::NotInstalled => "not_installed",
        }
    }
}

impl From<NetError> for Trouble {
    fn from(error: NetError) -> Trouble {
        match error {
            NetError::LocalOnly { .. } => Trouble::Offline,
            NetError::BadAddress => Trouble::NotEncrypted,
            NetError::Unreachable(_)
            | NetError::TimedOut
            | NetError::BadProxy { .. }
            | NetError::BadHeader => Trouble::Unreachable,
            NetError::TooLarge { .. } => Trouble::TooLarge,
            NetError::Broken(_) => Trouble::CutOff,
        }
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Trouble {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Trouble::Full,
            _ => Trouble::Disk,
        }
    }
}
