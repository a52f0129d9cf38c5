//! Who asks, and whether they may.

use domain::id::{SessionId, WorkspaceId};
use domain::member::{Member, Permission};

use crate::error::{Error, ErrorCode, Result};

/// A signed-in member: the first argument of every use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The member.
    pub member: Member,
    /// The session they came with; `None` for the computer's own command line.
    pub session_id: Option<SessionId>,
}

impl Who {
    /// The workspace they work in.
    pub fn workspace(&self) -> WorkspaceId {
        self.member.workspace_id
    }

    /// Refuses with [`ErrorCode::Forbidden`] unless their role has the permission.
    pub fn must(&self, permission: Permission) -> Result<()> {
        if self.member.role.may(permission) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::Forbidden,
            format!("{permission:?} needs another role"),
        ))
    }
}
