//! Sources that are followed: web sites and folders of this computer. What is said about each of their pages or files.

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, SourceId};
use crate::time::Timestamp;

/// Pages of a site, unless the owner says otherwise.
pub const PAGES: u32 = 200;
/// The most pages of a site.
pub const MOST_PAGES: u32 = 2_000;
/// Links from the first page on, unless the owner says otherwise.
pub const DEPTH: u32 = 5;
/// The most links from the first page on.
pub const MOST_DEPTH: u32 = 20;
/// The most files of a folder.
pub const MOST_FILES: u32 = 5_000;
/// How often a folder is looked through beside what the system tells of it, in seconds.
pub const RESCAN_SECONDS: i64 = 600;
/// A site that could not be looked at is tried again after so many seconds, if that is before its time.
pub const RETRY_SECONDS: i64 = 3_600;

/// What is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Place {
    /// A web site, or one page of it.
    Site(SiteRules),
    /// A folder of this computer.
    Folder {
        /// Where it lies, absolute.
        path: String,
    },
}

/// What is read of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteRules {
    /// Where it begins.
    pub address: String,
    /// How much of it.
    pub reach: Reach,
    /// The most pages, 1..=[`MOST_PAGES`].
    pub pages: u32,
    /// The most links from the first page on, 0..=[`MOST_DEPTH`].
    pub depth: u32,
    /// True where the owner allows this host although it lies in this computer's own network.
    pub is_private: bool,
}

/// How much of a site is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The one page.
    Page,
    /// What its map and its links lead to.
    Site,
}

/// How often a site is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Only when somebody asks.
    Never,
    /// Once a day.
    Daily,
    /// Once a week.
    Weekly,
}

/// What becomes of a document whose page or file is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vanished {
    /// It is removed: nobody is answered from it any more.
    Remove,
    /// It stays until a member removes it.
    Keep,
}

impl Place {
    /// What tells two places apart: an address or a path.
    pub fn key(&self) -> &str {
        match self {
            Place::Site(site) => &site.address,
            Place::Folder { path } => path,
        }
    }

    /// When it is to be looked at again after a look that ended at `now`; `None`: when somebody asks.
    pub fn next(&self, rhythm: Rhythm, now: Timestamp) -> Option<Timestamp> {
        const DAY: i64 = 24 * 60 * 60;
        match (self, rhythm) {
            (Place::Folder { .. }, _) => Some(now.plus_seconds(RESCAN_SECONDS)),
            (Place::Site(_), Rhythm::Never) => None,
            (Place::Site(_), Rhythm::Daily) => Some(now.plus_seconds(DAY)),
            (Place::Site(_), Rhythm::Weekly) => Some(now.plus_seconds(7 * DAY)),
        }
    }
}

/// A source that is followed, and how it fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The source.
    pub source_id: SourceId,
    /// What is followed.
    pub place: Place,
    /// How often.
    pub rhythm: Rhythm,
    /// What becomes of documents whose page is gone.
    pub vanished: Vanished,
    /// True while a member has stopped it.
    pub is_paused: bool,
    /// True while it is being looked through.
    pub is_open: bool,
    /// True when there was more than is read.
    pub is_cut: bool,
    /// Number of the look, from 1; 0 before the first.
    pub pass: u32,
    /// When the last look began.
    pub started_at: Option<Timestamp>,
    /// When the last look ended.
    pub finished_at: Option<Timestamp>,
    /// When it is looked at again.
    pub next_at: Option<Timestamp>,
    /// Why the last look failed as a whole.
    pub trouble: Option<Trouble>,
    /// What became of its pages or files.
    pub counts: ItemCounts,
}

/// How many pages or files there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemCounts {
    /// Still to be looked at.
    pub waiting: u64,
    /// In the knowledge.
    pub read: u64,
    /// With the content of another one.
    pub same: u64,
    /// Left out on purpose.
    pub left_out: u64,
    /// Could not be looked at; what was read of them earlier stays.
    pub failed: u64,
    /// Not there any more.
    pub gone: u64,
}

/// A page of a site, or a file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its address, or its path in the folder.
    pub key: String,
    /// The name of its document.
    pub name: String,
    /// What became of it.
    pub state: ItemState,
    /// Why, where it is not in the knowledge.
    pub trouble: Option<Trouble>,
    /// Links from the first page on.
    pub depth: u32,
    /// `ETag` of a page.
    pub tag: String,
    /// `Last-Modified` of a page; size and time of a file.
    pub modified: String,
    /// SHA-256 of what was read last; empty before that.
    pub content_hash: String,
    /// When it was last looked at.
    pub looked_at: Option<Timestamp>,
    /// When what it says last changed.
    pub changed_at: Option<Timestamp>,
    /// Its document: the newest version, read or on its way.
    pub document: Option<DocumentId>,
}

/// What became of a page or file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Not looked at yet.
    Waiting,
    /// In the knowledge.
    Read,
    /// Has the content of another one, which is in the knowledge.
    Same,
    /// Left out on purpose.
    LeftOut,
    /// Could not be looked at; what was read of it earlier stays.
    Failed,
    /// Not there any more.
    Gone,
}

/// Why something is not read. The UI has a sentence for each: what, why, what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The host cannot be reached.
    Unreachable,
    /// It did not reply in time.
    TimedOut,
    /// It lies in this computer's own network, which the owner has not allowed.
    PrivateAddress,
    /// The switch that keeps everything on this computer is on.
    LocalOnly,
    /// One redirect after the other.
    Redirects,
    /// It leads to an address that is not of this site.
    LeadsElsewhere,
    /// It is the same page as another address, and says so.
    OtherAddress,
    /// robots.txt asks programs to leave it alone.
    Robots,
    /// The page asks not to be listed.
    NoIndex,
    /// There is nothing at this address (404, 410).
    NotFound,
    /// Only for those who sign in (401, 403).
    Denied,
    /// The site asks to come less often (429, 503).
    Busy,
    /// The site answers with another error.
    ServerError,
    /// Not a kind of file that is read.
    Unsupported,
    /// Larger than a limit.
    TooLarge,
    /// Nothing in it.
    Empty,
    /// What came cannot be understood.
    Damaged,
    /// The folder is not there: a disk or a share that is not connected.
    Missing,
    /// The folder is suddenly empty.
    Emptied,
    /// This computer does not let the program read it.
    Unreadable,
    /// The file is being written.
    Changing,
    /// A member removed its document.
    Removed,
    /// The look itself was given up.
    Stopped,
}

impl Trouble {
    /// True for what may be over in an hour: a line that is down, a site that has its hands full.
    pub fn passes(self) -> bool {
        matches!(
            self,
            Trouble::Unreachable | Trouble::TimedOut | Trouble::Busy | Trouble::ServerError
        )
    }
}
