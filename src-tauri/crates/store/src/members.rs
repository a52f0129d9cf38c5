//! Members: who signs in.

use domain::id::{MemberId, WorkspaceId};
use domain::member::Member;

use crate::Store;
use crate::error::StoreError;

impl Store {
    /// The member with this address (lowercase) and the hash of their password.
    pub async fn member_by_email(
        &self,
        email: &str,
    ) -> Result<Option<(Member, String)>, StoreError> {
        crate::soon()
    }

    /// A member and the hash of their password.
    pub async fn member(&self, id: MemberId) -> Result<Option<(Member, String)>, StoreError> {
        crate::soon()
    }

    /// The members of a workspace, oldest first.
    pub async fn members(&self, workspace_id: WorkspaceId) -> Result<Vec<Member>, StoreError> {
        crate::soon()
    }

    /// Changes the hash of a password and ends all sessions of the member.
    pub async fn set_password_hash(&self, id: MemberId, hash: String) -> Result<(), StoreError> {
        crate::soon()
    }
}
