//! Sources that are followed: web sites and folders of this computer, as members set them up. Looking through them
//! is work (`work`).

use std::path::Path;

use domain::document::{Source, SourceKind};
use domain::following::{
    Followed, ItemState, MOST_DEPTH, MOST_PAGES, Place, Reach, Rhythm, SiteRules, Vanished,
};
use domain::id::{JobId, SourceId};
use domain::member::Permission;
use intake::address;
use intake::folder::{self, Refusal};
use store::error::StoreError;
use store::following::{FollowedChange, Items};

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::indexes::blocking;
use crate::who::Who;

/// What a member changes; `None` leaves a thing as it is. What does not fit a folder changes nothing there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The most pages.
    pub pages: Option<u32>,
    /// The most links from the first page on.
    pub depth: Option<u32>,
    /// Whether the host may lie in this computer's own network.
    pub is_private: Option<bool>,
    /// How often.
    pub rhythm: Option<Rhythm>,
    /// What becomes of documents whose page is gone.
    pub vanished: Option<Vanished>,
    /// Whether it is stopped.
    pub is_paused: Option<bool>,
}

impl App {
    /// Follows a web site, or one page; its first look begins at once. `rules.address` is as the member wrote it.
    pub async fn follow_site(
        &self,
        who: &Who,
        rules: SiteRules,
        rhythm: Rhythm,
        vanished: Vanished,
    ) -> Result<Followed> {
        who.must(Permission::ChangeKnowledge)?;
        let wrong = || Error::invalid("address", "this is not the address of a web page");
        let url = address::of_text(&rules.address).ok_or_else(wrong)?;
        let rules = SiteRules {
            address: url.to_string(),
            pages: within("pages", rules.pages, 1, MOST_PAGES)?,
            depth: within("depth", rules.depth, 0, MOST_DEPTH)?,
            ..rules
        };
        let name = match rules.reach {
            Reach::Page => address::name_of(&url),
            Reach::Site => url.host_str().unwrap_or_default().to_owned(),
        };
        let place = Place::Site(rules);
        self.follow(who, SourceKind::Site, name, place, rhythm, vanished)
            .await
    }

    /// Follows a folder of this computer; its first look begins at once.
    pub async fn follow_folder(
        &self,
        who: &Who,
        path: &str,
        vanished: Vanished,
    ) -> Result<Followed> {
        who.must(Permission::ChangeSettings)?;
        let wanted = Path::new(path.trim()).to_owned();
        let data = self.inner.store.data_folder().to_owned();
        let real = blocking(move || Ok(folder::permitted(&wanted, &data))).await?;
        let real = real.map_err(refused)?;
        let path = real.to_str().ok_or_else(|| refused(Refusal::NotThere))?;
        let name = real
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or(path);
        let (name, place) = (
            name.to_owned(),
            Place::Folder {
                path: path.to_owned(),
            },
        );
        self.follow(
            who,
            SourceKind::Folder,
            name,
            place,
            Rhythm::Daily,
            vanished,
        )
        .await
    }

    async fn follow(
        &self,
        who: &Who,
        kind: SourceKind,
        name: String,
        place: Place,
        rhythm: Rhythm,
        vanished: Vanished,
    ) -> Result<Followed> {
        let source = Source {
            id: SourceId(self.new_id()),
            kind,
            name,
            created_at: self.now(),
        };
        let job_id = JobId(self.new_id());
        let store = self.workspace(who.workspace());
        let followed = store.follow(source, place, rhythm, vanished, job_id).await;
        followed.map_err(|error| match error {
            StoreError::Conflict => {
                Error::new(ErrorCode::AlreadyFollowed, "this is followed already")
            }
            other => other.into(),
        })
    }

    /// All followed sources, oldest first.
    pub async fn all_followed(&self, who: &Who) -> Result<Vec<Followed>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).all_followed().await?)
    }

    /// One followed source.
    pub async fn followed(&self, who: &Who, id: SourceId) -> Result<Followed> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).followed(id).await?)
    }

    /// Changes a followed source.
    pub async fn change_followed(
        &self,
        who: &Who,
        id: SourceId,
        change: Change,
    ) -> Result<Followed> {
        who.must(Permission::ChangeKnowledge)?;
        let store = self.workspace(who.workspace());
        let known = store.followed(id).await?;
        let place = match known.place {
            Place::Site(rules) => Place::Site(SiteRules {
                pages: within("pages", change.pages.unwrap_or(rules.pages), 1, MOST_PAGES)?,
                depth: within("depth", change.depth.unwrap_or(rules.depth), 0, MOST_DEPTH)?,
                is_private: change.is_private.unwrap_or(rules.is_private),
                ..rules
            }),
            folder @ Place::Folder { .. } => folder,
        };
        let change = FollowedChange {
            place: Some(place),
            rhythm: change.rhythm,
            vanished: change.vanished,
            is_paused: change.is_paused,
        };
        let job_id = JobId(self.new_id());
        Ok(store
            .change_followed(id, change, job_id, self.now())
            .await?)
    }

    /// Looks at a followed source now; one that is stopped stays so.
    pub async fn look_now(&self, who: &Who, id: SourceId) -> Result<Followed> {
        who.must(Permission::ChangeKnowledge)?;
        let store = self.workspace(who.workspace());
        let (job_id, now) = (JobId(self.new_id()), self.now());
        store.look_soon(id, now, job_id, now).await?;
        Ok(store.followed(id).await?)
    }

    /// Pages or files of a followed source after the key `after`, in the order of their keys.
    pub async fn followed_items(
        &self,
        who: &Who,
        id: SourceId,
        state: Option<ItemState>,
        after: String,
        limit: u32,
    ) -> Result<Items> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        Ok(store.followed_items(id, state, after, limit).await?)
    }
}

fn within(field: &'static str, number: u32, least: u32, most: u32) -> Result<u32> {
    match (least..=most).contains(&number) {
        true => Ok(number),
        false => Err(Error::invalid(
            field,
            format!("{field} is between {least} and {most}"),
        )),
    }
}

fn refused(refusal: Refusal) -> Error {
    let (code, what) = match refusal {
        Refusal::NotWhole => {
            return Error::invalid("path", "this is not the whole path of a folder");
        }
        Refusal::NotAFolder => return Error::invalid("path", "this is a file, not a folder"),
        Refusal::NotThere => (
            ErrorCode::FolderMissing,
            "there is no such folder, or it may not be read",
        ),
        Refusal::OfTheSystem => (
            ErrorCode::FolderOfSystem,
            "this folder belongs to the system",
        ),
        Refusal::Home => (ErrorCode::FolderIsHome, "this is a whole home folder"),
        Refusal::OwnData => (ErrorCode::FolderIsOwn, "the program's own data lies there"),
    };
    let mut error = Error::new(code, what);
    error.field = Some("path");
    error
}
