//! Followed sources: web sites and watched folders, and what became of each page or file.

use app::who::Who;
use domain::following;
use domain::member::Permission;
use serde::{Deserialize, Serialize};
use store::following::Items;
use utoipa::{IntoParams, ToSchema};

use crate::wire::{Id, Time};

/// A web site that is to be followed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSite {
    /// Where it begins, as a person writes it.
    #[schema(example = "shop.example/help")]
    pub address: String,
    /// How much of it.
    pub reach: Reach,
    /// The most pages, 1..=2000; 200 unless told.
    #[schema(nullable = false, example = 200)]
    pub pages: Option<u32>,
    /// The most links from the first page on, 0..=20; 5 unless told.
    #[schema(nullable = false, example = 5)]
    pub depth: Option<u32>,
    /// True where its host may lie in this computer's own network.
    #[serde(default)]
    #[schema(example = false)]
    pub is_private: bool,
    /// How often it is read again.
    pub rhythm: Rhythm,
    /// What becomes of documents whose page is gone.
    pub vanished: Vanished,
}

/// A folder of this computer that is to be followed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewFolder {
    /// Its whole path.
    #[schema(example = "/srv/papers")]
    pub path: String,
    /// What becomes of documents whose file is gone.
    pub vanished: Vanished,
}

/// What is changed about a followed source; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FollowedChange {
    /// The most pages.
    #[schema(nullable = false, example = 200)]
    pub pages: Option<u32>,
    /// The most links from the first page on.
    #[schema(nullable = false, example = 5)]
    pub depth: Option<u32>,
    /// True where its host may lie in this computer's own network.
    #[schema(nullable = false, example = false)]
    pub is_private: Option<bool>,
    /// How often it is read again.
    #[schema(nullable = false)]
    pub rhythm: Option<Rhythm>,
    /// What becomes of documents whose page is gone.
    #[schema(nullable = false)]
    pub vanished: Option<Vanished>,
    /// True to stop it.
    #[schema(nullable = false, example = true)]
    pub is_paused: Option<bool>,
}

/// How much of a site is read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "site")]
pub enum Reach {
    /// The one page.
    Page,
    /// What its map and its links lead to.
    Site,
}

/// How often a site is read again.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "weekly")]
pub enum Rhythm {
    /// Only when somebody asks.
    Never,
    /// Once a day.
    Daily,
    /// Once a week.
    Weekly,
}

/// What becomes of a document whose page or file is gone.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "remove")]
pub enum Vanished {
    /// It is removed.
    Remove,
    /// It stays.
    Keep,
}

/// A followed source, and how it fares.
#[derive(Debug, Serialize, ToSchema)]
pub struct Followed {
    /// Its source.
    pub source_id: Id,
    /// What is followed.
    pub place: Place,
    /// How often it is read again; folders are watched.
    pub rhythm: Rhythm,
    /// What becomes of documents whose page or file is gone.
    pub vanished: Vanished,
    /// True while a member has stopped it.
    #[schema(example = false)]
    pub is_paused: bool,
    /// True while it is being looked through.
    #[schema(example = false)]
    pub is_open: bool,
    /// True when there was more than is read.
    #[schema(example = false)]
    pub is_cut: bool,
    /// When the last look ended; null before the first.
    #[schema(required)]
    pub finished_at: Option<Time>,
    /// When it is looked at again; null when somebody has to ask.
    #[schema(required)]
    pub next_at: Option<Time>,
    /// Why the last look failed as a whole.
    #[schema(required)]
    pub trouble: Option<Trouble>,
    /// What became of its pages or files.
    pub counts: ItemCounts,
}

/// What is followed: a site has an address, a folder a path.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    /// Where the site begins.
    #[schema(required, example = "https://shop.example/")]
    pub address: Option<String>,
    /// Where the folder lies; its name alone for members who may not add one.
    #[schema(required, example = "/srv/papers")]
    pub path: Option<String>,
    /// How much of the site.
    #[schema(required)]
    pub reach: Option<Reach>,
    /// The most pages or files.
    #[schema(example = 200)]
    pub most: u32,
    /// The most links from the first page on.
    #[schema(example = 5)]
    pub depth: u32,
    /// True where the site's host may lie in this computer's own network.
    #[schema(example = false)]
    pub is_private: bool,
}

/// How many pages or files there are of each kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemCounts {
    /// Still to be looked at.
    #[schema(example = 12)]
    pub waiting: u64,
    /// In the knowledge.
    #[schema(example = 80)]
    pub read: u64,
    /// With the content of another one.
    #[schema(example = 3)]
    pub same: u64,
    /// Left out on purpose.
    #[schema(example = 4)]
    pub left_out: u64,
    /// Could not be looked at.
    #[schema(example = 1)]
    pub failed: u64,
    /// Not there any more.
    #[schema(example = 0)]
    pub gone: u64,
}

/// All followed sources.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllFollowed {
    /// The sources, oldest first.
    pub items: Vec<Followed>,
}

/// A page of a site, or a file of a folder.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedItem {
    /// Its address, or its path in the folder.
    #[schema(example = "https://shop.example/prices")]
    pub key: String,
    /// What became of it.
    pub state: ItemState,
    /// Why it is not in the knowledge.
    #[schema(required)]
    pub trouble: Option<Trouble>,
    /// Its document.
    #[schema(required)]
    pub document_id: Option<Id>,
    /// When it was last looked at.
    #[schema(required)]
    pub looked_at: Option<Time>,
    /// When what it says last changed.
    #[schema(required)]
    pub changed_at: Option<Time>,
}

/// What became of a page or file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "read")]
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

/// Why something is not read.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "robots")]
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

/// A page of pages or files.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedItems {
    /// The pages or files, in the order of their keys.
    pub items: Vec<FollowedItem>,
    /// `after` of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// Which pages or files are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ItemsQuery {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<ItemState>,
    /// Where the page begins: `next` of the page before.
    pub after: Option<String>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

impl From<Reach> for following::Reach {
    fn from(reach: Reach) -> following::Reach {
        match reach {
            Reach::Page => following::Reach::Page,
            Reach::Site => following::Reach::Site,
        }
    }
}

impl From<Rhythm> for following::Rhythm {
    fn from(rhythm: Rhythm) -> following::Rhythm {
        match rhythm {
            Rhythm::Never => following::Rhythm::Never,
            Rhythm::Daily => following::Rhythm::Daily,
            Rhythm::Weekly => following::Rhythm::Weekly,
        }
    }
}

impl From<Vanished> for following::Vanished {
    fn from(vanished: Vanished) -> following::Vanished {
        match vanished {
            Vanished::Remove => following::Vanished::Remove,
            Vanished::Keep => following::Vanished::Keep,
        }
    }
}

impl From<ItemState> for following::ItemState {
    fn from(state: ItemState) -> following::ItemState {
        match state {
            ItemState::Waiting => following::ItemState::Waiting,
            ItemState::Read => following::ItemState::Read,
            ItemState::Same => following::ItemState::Same,
            ItemState::LeftOut => following::ItemState::LeftOut,
            ItemState::Failed => following::ItemState::Failed,
            ItemState::Gone => following::ItemState::Gone,
        }
    }
}

impl Followed {
    /// What a member sees of it: where a folder lies on the disk is for those who could name another one.
    pub fn seen_by(who: &Who, followed: following::Followed) -> Followed {
        let mut seen = Followed::from(followed);
        if !who.member.role.may(Permission::ChangeSettings) {
            let name = seen.place.path.as_deref().map(last_part);
            seen.place.path = name.map(ToOwned::to_owned);
        }
        seen
    }
}

/// The last part of a path, whichever system wrote it.
fn last_part(path: &str) -> &str {
    let path = path.trim_end_matches(['/', '\\']);
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

impl From<following::Followed> for Followed {
    fn from(followed: following::Followed) -> Followed {
        let counts = followed.counts;
        Followed {
            source_id: Id::of(followed.source_id),
            place: followed.place.into(),
            rhythm: match followed.rhythm {
                following::Rhythm::Never => Rhythm::Never,
                following::Rhythm::Daily => Rhythm::Daily,
                following::Rhythm::Weekly => Rhythm::Weekly,
            },
            vanished: match followed.vanished {
                following::Vanished::Remove => Vanished::Remove,
                following::Vanished::Keep => Vanished::Keep,
            },
            is_paused: followed.is_paused,
            is_open: followed.is_open,
            is_cut: followed.is_cut,
            finished_at: followed.finished_at.map(Time::from),
            next_at: followed.next_at.map(Time::from),
            trouble: followed.trouble.map(Trouble::from),
            counts: ItemCounts {
                waiting: counts.waiting,
                read: counts.read,
                same: counts.same,
                left_out: counts.left_out,
                failed: counts.failed,
                gone: counts.gone,
            },
        }
    }
}

impl From<following::Place> for Place {
    fn from(place: following::Place) -> Place {
        match place {
            following::Place::Site(rules) => Place {
                address: Some(rules.address),
                path: None,
                reach: Some(match rules.reach {
                    following::Reach::Page => Reach::Page,
                    following::Reach::Site => Reach::Site,
                }),
                most: rules.pages,
                depth: rules.depth,
                is_private: rules.is_private,
            },
            following::Place::Folder { path } => Place {
                address: None,
                path: Some(path),
                reach: None,
                most: following::MOST_FILES,
                depth: 0,
                is_private: false,
            },
        }
    }
}

impl From<Items> for FollowedItems {
    fn from(items: Items) -> FollowedItems {
        FollowedItems {
            items: items.items.into_iter().map(FollowedItem::from).collect(),
            next: items.next,
        }
    }
}

impl From<following::Item> for FollowedItem {
    fn from(item: following::Item) -> FollowedItem {
        FollowedItem {
            key: item.key,
            state: match item.state {
                following::ItemState::Waiting => ItemState::Waiting,
                following::ItemState::Read => ItemState::Read,
                following::ItemState::Same => ItemState::Same,
                following::ItemState::LeftOut => ItemState::LeftOut,
                following::ItemState::Failed => ItemState::Failed,
                following::ItemState::Gone => ItemState::Gone,
            },
            trouble: item.trouble.map(Trouble::from),
            document_id: item.document.map(Id::of),
            looked_at: item.looked_at.map(Time::from),
            changed_at: item.changed_at.map(Time::from),
        }
    }
}

impl From<following::Trouble> for Trouble {
    fn from(trouble: following::Trouble) -> Trouble {
        match trouble {
            following::Trouble::Unreachable => Trouble::Unreachable,
            following::Trouble::TimedOut => Trouble::TimedOut,
            following::Trouble::PrivateAddress => Trouble::PrivateAddress,
            following::Trouble::LocalOnly => Trouble::LocalOnly,
            following::Trouble::Redirects => Trouble::Redirects,
            following::Trouble::LeadsElsewhere => Trouble::LeadsElsewhere,
            following::Trouble::OtherAddress => Trouble::OtherAddress,
            following::Trouble::Robots => Trouble::Robots,
            following::Trouble::NoIndex => Trouble::NoIndex,
            following::Trouble::NotFound => Trouble::NotFound,
            following::Trouble::Denied => Trouble::Denied,
            following::Trouble::Busy => Trouble::Busy,
            following::Trouble::ServerError => Trouble::ServerError,
            following::Trouble::Unsupported => Trouble::Unsupported,
            following::Trouble::TooLarge => Trouble::TooLarge,
            following::Trouble::Empty => Trouble::Empty,
            following::Trouble::Damaged => Trouble::Damaged,
            following::Trouble::Missing => Trouble::Missing,
            following::Trouble::Emptied => Trouble::Emptied,
            following::Trouble::Unreadable => Trouble::Unreadable,
            following::Trouble::Changing => Trouble::Changing,
            following::Trouble::Removed => Trouble::Removed,
            following::Trouble::Stopped => Trouble::Stopped,
        }
    }
}
