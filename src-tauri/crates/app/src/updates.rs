//! Newer versions of the program: what was found, fetching it, and handing it to the system's own installer.
//!
//! Owns: what a member may ask for, what is remembered, and the order of things: a signature that covers version,
//! platform and hash, then the package, then a backup, then the installer, and only on the owner's word
//! (security.md C18). Not here: where versions are published and by whom they are signed, and how this system
//! installs a package: the binary says both ([`Release`]).

mod fetch;
mod install;
mod manifest;
mod regular;
mod trouble;
mod version;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::member::Permission;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

pub use install::{Installer, Label, Outcome, Way};
pub use manifest::{Notes, PackageKind};
pub(crate) use regular::keep_looking_for_updates;
pub use trouble::Trouble;
pub use version::Version;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::who::Who;
use manifest::{Manifest, Package};

/// The setting that remembers what was seen of the publisher.
const UPDATES: &str = "updates";
/// The folder of packages, in the data folder.
const FOLDER: &str = "updates";

/// What this build is, where newer ones are published, and how the system installs them.
#[derive(Clone)]
pub struct Release {
    /// The version that runs.
    pub version: Version,
    /// System and processor, as `linux-x86_64`.
    pub platform: String,
    /// The kind of package it came from; nothing for a copy that somebody built.
    pub kind: Option<PackageKind>,
    /// Who publishes newer versions; a build without one never looks.
    pub publisher: Option<Publisher>,
    /// The system's own installer.
    pub installer: Arc<dyn Installer>,
}

/// Who publishes newer versions. Both are fixed when the program is built: whoever can change them can put any
/// program in the place of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// Where the manifest lies, `https`; its signature lies beside it with `.minisig` after the name.
    pub address: String,
    /// The minisign public key, as its one line of base64.
    pub key: String,
}

/// How it stands with newer versions.
#[derive(Debug, Clone)]
pub struct Updates {
    /// The version that runs.
    pub installed: Version,
    /// The host that is asked; nothing where this build never looks.
    pub host: Option<String>,
    /// True when it is looked for newer versions every day.
    pub daily: bool,
    /// True while only this computer may be spoken to.
    pub offline: bool,
    /// True while it is being looked.
    pub checking: bool,
    /// When the publisher last answered well.
    pub checked_at: Option<Timestamp>,
    /// A version that is newer than the one that runs.
    pub found: Option<Found>,
    /// How far it is with that version.
    pub stage: Stage,
    /// What went wrong last.
    pub trouble: Option<Trouble>,
    /// What installing it comes to.
    pub way: Way,
}

/// A version that is newer than the one that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its version.
    pub version: Version,
    /// When it was published, as its publisher signed it.
    pub published_at: Timestamp,
    /// What is new in it.
    pub notes: Notes,
    /// The size of its package in bytes; nothing where there is none for this copy.
    pub size: Option<u64>,
}

/// How far it is with a newer version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was fetched.
    Nothing,
    /// It comes: bytes that are there.
    Downloading(u64),
    /// It is here, and is what was published.
    Downloaded,
    /// The backup is made and the system installs it.
    Installing,
    /// The backup is made; this command, typed at the computer, installs it.
    Prepared(String),
    /// The system opened its own installer.
    Opened,
    /// It is installed, and runs from the next start on.
    Installed,
}

/// What goes on in this run.
#[derive(Debug)]
pub(crate) struct Going(Mutex<Now>);

#[derive(Debug)]
struct Now {
    checking: bool,
    stage: Stage,
    trouble: Option<Trouble>,
}

impl Default for Going {
    fn default() -> Self {
        Going(Mutex::new(Now {
            checking: false,
            stage: Stage::Nothing,
            trouble: None,
        }))
    }
}

impl Going {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What outlives a run. The signed text is kept as it came and is verified again whenever it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    daily: bool,
    checked_at: Option<Timestamp>,
    /// The time of the newest manifest that was ever seen: an older one is somebody's replay.
    newest: Option<Timestamp>,
    manifest: String,
    signature: String,
}

impl Default for Remembered {
    fn default() -> Self {
        Remembered {
            daily: true,
            checked_at: None,
            newest: None,
            manifest: String::new(),
            signature: String::new(),
        }
    }
}

impl App {
    /// How it stands with newer versions.
    pub async fn updates(&self, who: &Who) -> Result<Updates> {
        self.must_own_installation(who).await?;
        let release = &self.inner.release;
        let remembered = self.remembered_updates().await?;
        let known = self.known_update(&remembered);
        self.settle_update(known.as_ref());
        let now = self.inner.going.now();
        Ok(Updates {
            installed: release.version,
            host: release.publisher.as_ref().map(Publisher::host),
            daily: remembered.daily,
            offline: self.inner.net.is_local_only(),
            checking: now.checking,
            checked_at: remembered.checked_at,
            found: known.map(|manifest| Found {
                size: self.package_of(&manifest).map(|package| package.size),
                version: manifest.version,
                published_at: manifest.time,
                notes: manifest.notes,
            }),
            stage: now.stage.clone(),
            trouble: now.trouble,
            way: release.installer.way(),
        })
    }

    /// Switches the daily look on or off.
    pub async fn look_for_updates_daily(&self, who: &Who, daily: bool) -> Result<Updates> {
        self.must_own_installation(who).await?;
        let mut remembered = self.remembered_updates().await?;
        remembered.daily = daily;
        self.remember_updates(&remembered).await?;
        self.updates(who).await
    }

    /// Asks the publisher now. That it fails is a result: [`Updates::trouble`]. `Conflict` while it is being asked,
    /// `NotFound` for a build that never looks.
    pub async fn check_for_updates(&self, who: &Who) -> Result<Updates> {
        self.must_own_installation(who).await?;
        self.look_for_update().await?;
        self.updates(who).await
    }

    /// Only an owner of the first workspace, whose computer it is.
    pub(crate) async fn must_own_installation(&self, who: &Who) -> Result<()> {
        who.must(Permission::Own)?;
        match self.first_workspace().await? == Some(who.workspace()) {
            true => Ok(()),
            false => Err(Error::new(
                ErrorCode::Forbidden,
                "the program belongs to the owner of the first workspace",
            )),
        }
    }

    /// The workspace of whoever owns this computer.
    pub(crate) async fn first_workspace(&self) -> Result<Option<domain::id::WorkspaceId>> {
        let all = self.inner.store.workspaces().await?;
        Ok(all.into_iter().map(|(id, _)| id).min())
    }

    async fn remembered_updates(&self) -> Result<Remembered> {
        let Some(first) = self.first_workspace().await? else {
            return Ok(Remembered::default());
        };
        let Some(json) = self.workspace(first).setting(UPDATES).await? else {
            return Ok(Remembered::default());
        };
        serde_json::from_str(&json).map_err(|error| {
            Error::new(
                ErrorCode::Internal,
                "read what is remembered of newer versions",
            )
            .caused_by(error)
        })
    }

    async fn remember_updates(&self, remembered: &Remembered) -> Result<()> {
        let Some(first) = self.first_workspace().await? else {
            return Ok(());
        };
        let json = serde_json::to_string(remembered).map_err(|error| {
            Error::new(
                ErrorCode::Internal,
                "write down what was seen of newer versions",
            )
            .caused_by(error)
        })?;
        let store = self.workspace(first);
        Ok(store.set_setting(UPDATES, json, self.now()).await?)
    }

    /// The newer version that is remembered, verified anew: the data may have been changed, and the program may have
    /// become newer meanwhile.
    fn known_update(&self, remembered: &Remembered) -> Option<Manifest> {
        let publisher = self.inner.release.publisher.as_ref()?;
        let (text, signature) = (&remembered.manifest, &remembered.signature);
        let manifest = Manifest::verified(&publisher.key, text.as_bytes(), signature).ok()?;
        (manifest.version > self.inner.release.version).then_some(manifest)
    }

    /// The package of a version for this copy of the program.
    fn package_of(&self, manifest: &Manifest) -> Option<Package> {
        let release = &self.inner.release;
        manifest.package(&release.platform, release.kind?).cloned()
    }

    /// Where the package of a version lies once it is here.
    fn package_path(&self, manifest: &Manifest, package: &Package) -> PathBuf {
        self.updates_folder()
            .join(package.file_name(manifest.version))
    }

    fn updates_folder(&self) -> PathBuf {
        self.inner.store.data_folder().join(FOLDER)
    }

    /// A package that an earlier run fetched is here now too, and one of a version that nobody offers is not.
    fn settle_update(&self, known: Option<&Manifest>) {
        let is_here = known.is_some_and(|manifest| {
            let package = self.package_of(manifest);
            package
                .is_some_and(|package| is_whole(&self.package_path(manifest, &package), &package))
        });
        let mut now = self.inner.going.now();
        match now.stage {
            Stage::Nothing if is_here => now.stage = Stage::Downloaded,
            Stage::Downloaded | Stage::Prepared(_) | Stage::Opened if !is_here => {
                now.stage = Stage::Nothing;
            }
            _ => {}
        }
    }
}

impl Publisher {
    /// The host of its address.
    fn host(&self) -> String {
        let rest = self.address.split_once("://").map(|(_, rest)| rest);
        let host = rest.and_then(|rest| rest.split('/').next());
        host.unwrap_or_default().to_owned()
    }
}

/// True when a file of the package's size has its name: it gets the name only after its hash was right, and the hash
/// is looked at again before it is installed.
fn is_whole(path: &Path, package: &Package) -> bool {
    std::fs::metadata(path).is_ok_and(|there| there.is_file() && there.len() == package.size)
}
