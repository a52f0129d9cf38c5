//! What the computer itself does for the program's own window: starting with it, its file manager, its dialog for
//! folders, another place for the data. The binary does it; here stands what may be asked (security.md C17).

use std::io;
use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;

/// The computer behind the window.
pub trait Host: Send + Sync {
    /// How things stand.
    fn standing(&self) -> BoxFuture<'_, Standing>;

    /// Starts the program with the computer from now on, or no longer.
    ///
    /// # Errors
    /// The system does not take it.
    fn start_with_computer(&self, on: bool) -> io::Result<()>;

    /// Shows a folder in the system's file manager.
    fn show(&self, folder: Shown);

    /// Lets the person at the window choose a folder; nothing where they chose none.
    ///
    /// # Errors
    /// `WouldBlock` while they are choosing already, `Unsupported` where this system's dialog is not known.
    fn choose_folder(&self) -> BoxFuture<'_, io::Result<Option<PathBuf>>>;

    /// The file that was dropped on the window and has this ticket, which is spent with that. Only the page in the
    /// window was told the ticket.
    fn dropped(&self, ticket: &str) -> Option<PathBuf>;

    /// What moving the data there comes to; nothing is changed.
    fn plan<'a>(&'a self, to: &'a Path) -> BoxFuture<'a, Plan>;

    /// Ends the serving, moves the data there and starts anew. What is said about it comes from the window itself and,
    /// afterwards, from [`Host::standing`].
    ///
    /// # Errors
    /// `WouldBlock` when the program is on its way already.
    fn move_data(&self, to: PathBuf) -> io::Result<()>;
}

/// How things stand on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The data folder.
    pub data: PathBuf,
    /// How large it is, in bytes.
    pub bytes: u64,
    /// The kind of the network folder it lies in; nothing for a disk of this computer.
    pub network: Option<String>,
    /// Whether it can be moved from here.
    pub movable: Movable,
    /// Where the data lay before, while that folder is still there.
    pub old: Option<PathBuf>,
    /// Why the last move came to nothing, in the program's own words.
    pub failed: Option<String>,
    /// True when the program starts with the computer.
    pub starts_with_computer: bool,
    /// True where folders can be chosen in a dialog.
    pub chooses: bool,
}

/// Whether the data folder can be moved from the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movable {
    /// It can.
    Yes,
    /// Its place was said when the program was started.
    Told,
    /// It lies beside the program.
    Portable,
}

/// A folder that can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Where the data lies.
    Data,
    /// Where it lay before.
    Old,
}

/// What moving the data comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How much is copied, in bytes.
    pub bytes: u64,
    /// How much there is room for, in bytes; nothing where that is not known.
    pub free: Option<u64>,
    /// The kind of the network folder it would lie in; nothing for a disk of this computer.
    pub network: Option<String>,
    /// What stands in the way.
    pub hindrance: Option<Hindrance>,
}

/// What stands in the way of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// It is no whole path.
    NotWhole,
    /// One folder lies inside the other, or they are the same.
    Inside,
    /// Something lies there already.
    NotEmpty,
    /// There is not room enough.
    TooSmall,
    /// Nothing may be written there.
    Closed,
}

impl Hindrance {
    /// In words.
    pub fn told(self) -> &'static str {
        match self {
            Hindrance::NotWhole => "this is no whole path",
            Hindrance::Inside => "one folder lies inside the other",
            Hindrance::NotEmpty => "it is no empty folder",
            Hindrance::TooSmall => "there is not room enough",
            Hindrance::Closed => "nothing may be written there",
        }
    }
}
