//! Backups.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Time;

/// A backup in the backups folder.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backup {
    /// The file's name.
    #[schema(example = "2026-11-22T10-15-30.chatai-backup")]
    pub name: String,
    /// Where it lies on the computer that runs the program.
    #[schema(example = "/var/lib/chatai/backups/2026-11-22T10-15-30.chatai-backup")]
    pub path: String,
    /// Its size in bytes.
    #[schema(example = 5_242_880)]
    pub bytes: u64,
    /// When it was made.
    pub made_at: Time,
}

/// The backups that are there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backups {
    /// The backups, newest first.
    pub items: Vec<Backup>,
}

/// A backup that was made and verified.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupMade {
    /// The backup.
    pub backup: Backup,
    /// Milliseconds it took.
    #[schema(example = 850)]
    pub took_ms: u64,
    /// Rows of each table that are in it.
    pub rows: Vec<TableRows>,
}

/// Rows of one table.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableRows {
    /// The table.
    #[schema(example = "documents")]
    pub table: String,
    /// Its rows.
    #[schema(example = 31)]
    pub rows: u64,
}

/// How to go back to a backup.
#[derive(Deserialize, ToSchema)]
pub struct Restore {
    /// The recovery code of the backup's time; wanted only for one that was made on another computer.
    #[schema(example = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ-2345", max_length = 200)]
    pub recovery_code: Option<String>,
}

/// A restore that happens now.
#[derive(Serialize, ToSchema)]
pub struct Restoring {
    /// For `POST /api/enter`, once the program answers again.
    pub token: String,
    /// Names of the secrets that cannot be opened afterwards: to be entered again.
    #[schema(example = json!(["remote_key"]))]
    pub closed: Vec<String>,
}

/// How the secrets are kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recovery {
    /// When the present recovery code was made; null when there is none.
    #[schema(required)]
    pub made_at: Option<Time>,
    /// True when that code opens the secrets of a backup made now.
    #[schema(example = true)]
    pub holds: bool,
    /// Where the master key is found.
    pub key: KeyPlace,
    /// Names of the secrets that cannot be opened: to be entered again, or opened with the code of the computer
    /// they came from.
    #[schema(example = json!(["remote_key"]))]
    pub closed: Vec<String>,
}

/// Where the master key is found.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "keychain")]
pub enum KeyPlace {
    /// In the system's keychain.
    Keychain,
    /// In a file outside the data folder.
    File,
    /// In the data folder: whoever copies it has the key too.
    Data,
}

/// For a new recovery code.
#[derive(Deserialize, ToSchema)]
pub struct NewCode {
    /// The member's password; may be empty for the first code.
    #[schema(example = "four plain words here", max_length = 1000)]
    pub password: String,
}

/// A recovery code: seven groups of four characters, without 0, O, 1 and I.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Code {
    /// The code. Case, spaces and hyphens do not matter.
    #[schema(example = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ-2345", max_length = 200)]
    pub code: String,
}

/// Secrets that can be read again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opened {
    /// How many.
    #[schema(example = 1)]
    pub opened: u64,
}

impl From<store::KeyPlace> for KeyPlace {
    fn from(place: store::KeyPlace) -> KeyPlace {
        match place {
            store::KeyPlace::Keychain => KeyPlace::Keychain,
            store::KeyPlace::File(_) | store::KeyPlace::FileInstead(..) => KeyPlace::File,
            store::KeyPlace::DataFolder => KeyPlace::Data,
        }
    }
}
