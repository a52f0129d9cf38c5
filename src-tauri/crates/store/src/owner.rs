//! The first owner, and the list of workspaces.

use domain::assistant::Assistant;
use domain::id::WorkspaceId;
use domain::member::Member;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::{Applied, Store};

/// A new workspace with its owner and its first assistant.
#[derive(Debug, Clone)]
pub struct NewOwner {
    /// The workspace's id.
    pub workspace_id: WorkspaceId,
    /// The business's name.
    pub workspace_name: String,
    /// The owner; of the same workspace.
    pub member: Member,
    /// Their password's hash, as the caller's hash function writes it.
    pub password_hash: String,
    /// The first assistant.
    pub assistant: Assistant,
}

impl Store {
    /// Makes the first workspace with its owner and assistant. `Conflict` when there is another owner
    /// already.
    pub async fn first_owner(&self, new: NewOwner, now: Timestamp) -> Result<Applied, StoreError> {
        crate::soon()
    }

    /// True when there is an owner.
    pub async fn has_owner(&self) -> Result<bool, StoreError> {
        crate::soon()
    }

    /// All workspaces with their names, oldest first.
    pub async fn workspaces(&self) -> Result<Vec<(WorkspaceId, String)>, StoreError> {
        crate::soon()
    }

    /// Gives a workspace another name.
    pub async fn rename_workspace(
        &self,
        id: WorkspaceId,
        name: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }
}
