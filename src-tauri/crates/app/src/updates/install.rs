//! Handing a package to the system's own installer: looked at once more, a backup before it, and on the owner's word.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::fetch::is_published;
use super::manifest::{Manifest, Package, PackageKind};
use super::{Stage, Trouble, Updates};
use crate::App;
use crate::backup::file_name;
use crate::error::{Error, ErrorCode, Result};
use crate::who::Who;

/// How names of backups begin that were made before a newer version.
const BEFORE: &str = "chatai-before-";
/// The name of our Debian package.
const PACKAGE: &str = "chatai";

/// How this system installs a package. Everything here may block.
pub trait Installer: Send + Sync {
    /// What installing comes to for somebody who sits at this computer.
    fn way(&self) -> Way;
    /// What a package says of itself; nothing for kinds that say nothing.
    fn look_into(&self, package: &Path) -> io::Result<Option<Label>>;
    /// Installs a package in the way that [`Installer::way`] says.
    fn install(&self, package: &Path) -> io::Result<Outcome>;
    /// The command that installs it, for whoever types it at this computer.
    fn command(&self, package: &Path) -> String;
}

/// What installing comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The system asks for the password and installs.
    Asks,
    /// The system opens the program that it installs packages with.
    Opens,
    /// A command is shown.
    Shown,
}

/// What a package says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The processor that it is for.
    pub architecture: String,
}

/// How installing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is installed.
    Installed,
    /// The system's own program is open and does the rest.
    Opened,
    /// The password was not given.
    NotPermitted,
    /// The installer failed.
    Failed,
}

impl App {
    /// Makes a backup and installs what was fetched; for somebody who does not sit at this computer (`is_here`), and
    /// where the system has no installer that asks, it says the command instead. `NotFound` where nothing was
    /// fetched, `Conflict` while something else is being done with it.
    pub async fn install_update(&self, who: &Who, is_here: bool) -> Result<Updates> {
        let (manifest, package) = self.may_install(who).await?;
        let way = match is_here {
            true => self.inner.release.installer.way(),
            false => Way::Shown,
        };
        // Whoever asked may be gone before the end of it.
        let app = self.clone();
        let carried = tokio::spawn(async move { app.carry_out(way, &manifest, &package).await });
        if way == Way::Shown {
            carried.await.map_err(|error| {
                Error::new(ErrorCode::Internal, "prepare a newer version").caused_by(error)
            })?;
        }
        self.updates(who).await
    }

    async fn carry_out(&self, way: Way, manifest: &Manifest, package: &Package) {
        let path = self.package_path(manifest, package);
        match self.prepared_update(manifest, package).await {
            Ok(()) if way == Way::Shown => {
                let command = self.inner.release.installer.command(&path);
                self.inner.going.now().stage = Stage::Prepared(command);
            }
            Ok(()) => self.install_package(manifest, package).await,
            Err(trouble) => {
                if matches!(trouble, Trouble::WrongContent | Trouble::WrongPackage) {
                    // Where it cannot be removed it is refused again.
                    let _ = tokio::fs::remove_file(&path).await;
                }
                self.not_installed(trouble);
            }
        }
    }

    async fn may_install(&self, who: &Who) -> Result<(Manifest, Package)> {
        self.must_own_installation(who).await?;
        let known = self.known_update(&self.remembered_updates().await?);
        self.settle_update(known.as_ref());
        let mut now = self.inner.going.now();
        match now.stage {
            Stage::Downloaded | Stage::Prepared(_) | Stage::Opened => {}
            Stage::Nothing => {
                return Err(Error::new(ErrorCode::NotFound, "nothing was fetched yet"));
            }
            Stage::Downloading(_) | Stage::Installing | Stage::Installed => {
                return Err(Error::new(ErrorCode::Conflict, "it is in hand already"));
            }
        }
        let found = known.and_then(|manifest| {
            let package = self.package_of(&manifest)?;
            Some((manifest, package))
        });
        let found =
            found.ok_or_else(|| Error::new(ErrorCode::NotFound, "nothing was fetched yet"))?;
        now.stage = Stage::Installing;
        now.trouble = None;
        Ok(found)
    }

    /// Looks at the package once more, and makes the backup.
    async fn prepared_update(
        &self,
        manifest: &Manifest,
        package: &Package,
    ) -> std::result::Result<(), Trouble> {
        let path = self.package_path(manifest, package);
        is_published(&path, package).await?;
        self.is_labelled(&path, manifest, package).await?;
        let now = self.now();
        let prefix = format!("{BEFORE}{}-", manifest.version);
        let store = &self.inner.store;
        let to = store.backups_folder().join(file_name(&prefix, now));
        let made = store.backup(&to, now).await;
        if let Err(error) = made {
            tracing::error!(%error, "the backup before a newer version could not be made");
            return Err(Trouble::NoBackup);
        }
        for (workspace, _) in store.workspaces().await.map_err(|_| Trouble::NoBackup)? {
            let remembered = self.remember_backup(workspace, now).await;
            remembered.map_err(|_| Trouble::NoBackup)?;
        }
        Ok(())
    }

    async fn install_package(&self, manifest: &Manifest, package: &Package) {
        let path = self.package_path(manifest, package);
        let installer = Arc::clone(&self.inner.release.installer);
        let (tell, told) = tokio::sync::oneshot::channel();
        // A thread of its own: it may wait for somebody's password, and the program's end must not wait for it.
        let begun = std::thread::Builder::new()
            .name("installer".to_owned())
            .spawn(move || {
                // Nobody hears it any more where the program has ended meanwhile.
                let _ = tell.send(installer.install(&path));
            });
        let installed = match begun {
            Ok(_) => told
                .await
                .unwrap_or_else(|error| Err(io::Error::other(error))),
            Err(error) => Err(error),
        };
        match installed {
            Ok(Outcome::Installed) => {
                tracing::info!(version = %manifest.version, "version {} is installed", manifest.version);
                self.inner.going.now().stage = Stage::Installed;
            }
            Ok(Outcome::Opened) => self.inner.going.now().stage = Stage::Opened,
            Ok(Outcome::NotPermitted) => self.not_installed(Trouble::NotPermitted),
            Ok(Outcome::Failed) => self.not_installed(Trouble::NotInstalled),
            Err(error) => {
                tracing::error!(%error, "the system's installer could not be started");
                self.not_installed(Trouble::NotInstalled);
            }
        }
    }

    fn not_installed(&self, trouble: Trouble) {
        tracing::warn!(
            trouble = trouble.as_str(),
            "a newer version was not installed"
        );
        let mut now = self.inner.going.now();
        now.trouble = Some(trouble);
        now.stage = Stage::Downloaded;
    }

    /// Refuses a package that says of itself that it is another one: a signed list could name a file of another
    /// version by mistake.
    pub(super) async fn is_labelled(
        &self,
        file: &Path,
        manifest: &Manifest,
        package: &Package,
    ) -> std::result::Result<(), Trouble> {
        let installer = Arc::clone(&self.inner.release.installer);
        let file = file.to_owned();
        let looked = tokio::task::spawn_blocking(move || installer.look_into(&file)).await;
        let looked = looked.map_err(|_| Trouble::WrongPackage)?;
        let label = looked.map_err(|error| {
            tracing::warn!(%error, "a package could not be looked into");
            Trouble::WrongPackage
        })?;
        let is_right = match (label, package.kind()) {
            (None, kind) => kind == PackageKind::Archive,
            (Some(label), _) => {
                label.name == PACKAGE
                    && label.version == manifest.version.to_string()
                    && Some(label.architecture.as_str()) == package.debian_architecture()
            }
        };
        match is_right {
            true => Ok(()),
            false => Err(Trouble::WrongPackage),
        }
    }
}
