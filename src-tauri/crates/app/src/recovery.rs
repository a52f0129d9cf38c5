//! The recovery code, and going back to a backup while the program runs.

use std::net::IpAddr;

use domain::audit::Deed;
use domain::member::Permission;
use store::KeyPlace;
use store::recovery::{Recovery, RecoveryCode};
use store::restore::Opening;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::people::{LINK_SECONDS, entry_token_of, hash_of};
use crate::who::Who;

/// How the secrets of the installation are kept.
#[derive(Debug, Clone)]
pub struct SecretsKept {
    /// How recovery stands.
    pub recovery: Recovery,
    /// Where the master key is found.
    pub key_place: KeyPlace,
    /// Names of the workspace's secrets that cannot be opened: to be entered again, or opened with the code.
    pub closed: Vec<String>,
}

/// A restore that is ready and happens when the program opens its data anew, which it does at once.
#[derive(Debug, Clone)]
pub struct Restoring {
    /// Signs the owner of the restored data in, once, within 15 minutes.
    pub token: String,
    /// Names of the secrets that cannot be opened afterwards: to be entered again.
    pub closed: Vec<String>,
}

impl App {
    /// How the secrets are kept.
    pub async fn secrets_kept(&self, who: &Who) -> Result<SecretsKept> {
        who.must(Permission::Own)?;
        let store = &self.inner.store;
        let closed = store.unreadable_secrets().await?.into_iter();
        let closed = closed.filter(|(workspace, _)| *workspace == who.workspace());
        Ok(SecretsKept {
            recovery: store.recovery().await?,
            key_place: store.key_place().await?,
            closed: closed.map(|(_, name)| name).collect(),
        })
    }

    /// A new recovery code, shown once. The password is asked for where it takes the place of another code.
    pub async fn new_recovery_code(
        &self,
        who: &Who,
        password: &str,
        from: IpAddr,
    ) -> Result<RecoveryCode> {
        who.must(Permission::Own)?;
        let replaces = self.inner.store.recovery().await?.made_at.is_some();
        if replaces {
            self.check_password(who, password, from).await?;
        }
        let code = self.recovery_code_here().await?;
        let entry = self.entry(&who.member, Deed::RecoveryCodeMade);
        self.workspace(who.workspace()).note(entry).await?;
        Ok(code)
    }

    /// A new recovery code for whoever sits at this computer's own terminal.
    pub async fn recovery_code_here(&self) -> Result<RecoveryCode> {
        tracing::info!("a recovery code was made");
        Ok(self.inner.store.new_recovery_code(self.now()).await?)
    }

    /// The code that a first owner is shown; nothing when there is one already.
    pub(crate) async fn first_recovery_code(&self) -> Result<Option<RecoveryCode>> {
        if self.inner.store.recovery().await?.made_at.is_some() {
            return Ok(None);
        }
        Ok(Some(self.recovery_code_here().await?))
    }

    /// Opens secrets that came with a backup of another computer. Says how many can be read again.
    pub async fn open_with_code(&self, who: &Who, code: &str) -> Result<u64> {
        who.must(Permission::Own)?;
        let code = RecoveryCode::parse(code)?;
        let opened = self.inner.store.open_with_code(code, self.now()).await?;
        self.forget_engines(who.workspace());
        Ok(opened)
    }

    /// Seals every secret with a new data key; says how many.
    pub async fn rotate_keys_here(&self) -> Result<u64> {
        Ok(self.inner.store.rotate_data_key(self.now()).await?)
    }

    /// Makes going back to a backup of the backups folder ready, and asks whoever runs the program to open its
    /// data anew. The present data is set aside, never deleted.
    pub async fn restore_backup(
        &self,
        who: &Who,
        name: &str,
        code: Option<&str>,
    ) -> Result<Restoring> {
        who.must(Permission::Own)?;
        let backups = self.inner.store.backups().await?.into_iter();
        let backup = backups
            .map(|backup| backup.path)
            .find(|path| path.file_name().is_some_and(|file| file == name))
            .ok_or_else(|| Error::new(ErrorCode::NotFound, "there is no such backup"))?;
        let code = code.map(RecoveryCode::parse).transpose()?;
        // The window stays the window.
        let token = entry_token_of(self.kind_of_session(who).await?)?;
        let now = self.now();
        let opening = Opening {
            master_key: self.inner.store.master_key().clone(),
            code,
            entry: Some((hash_of(&token), now.plus_seconds(LINK_SECONDS))),
        };
        let staged = self
            .inner
            .store
            .stage_restore(&backup, opening, now)
            .await?;
        tracing::info!("a backup takes the place of the data: the program opens it anew");
        self.inner.restart.send_replace(true);
        Ok(Restoring {
            token,
            closed: staged.closed,
        })
    }
}
