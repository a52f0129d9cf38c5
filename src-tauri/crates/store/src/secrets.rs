//! Secrets of a workspace, sealed at rest.

use domain::id::WorkspaceId;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::{Store, Workspace};

impl Store {
    /// The secrets that cannot be opened (restored without their key): to be entered again.
    pub async fn unreadable_secrets(&self) -> Result<Vec<(WorkspaceId, String)>, StoreError> {
        crate::soon()
    }
}

impl Workspace {
    /// Seals and keeps a secret, in place of the one with this name.
    pub async fn put_secret(
        &self,
        name: &str,
        secret: Vec<u8>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }

    /// A secret, opened. `Secret` when its key is not here or its row was changed.
    pub async fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        crate::soon()
    }

    /// The last 4 characters of a secret of at least 12; empty for shorter ones; `None` when there is none.
    pub async fn secret_hint(&self, name: &str) -> Result<Option<String>, StoreError> {
        crate::soon()
    }

    /// Forgets a secret; nothing happens when there is none.
    pub async fn remove_secret(&self, name: &str, now: Timestamp) -> Result<(), StoreError> {
        crate::soon()
    }
}
