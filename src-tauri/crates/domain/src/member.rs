//! People who sign in, and what each may do.

use serde::{Deserialize, Serialize};

use crate::id::{MemberId, WorkspaceId};
use crate::time::Timestamp;

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// The workspace they belong to.
    pub workspace_id: WorkspaceId,
    /// What they sign in with, lowercase.
    pub email: String,
    /// The name others see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When they joined.
    pub created_at: Timestamp,
}

/// What a member may do; each role may do all that the next ones may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Answers customers.
    Operator,
    /// Changes knowledge, assistants and settings.
    Admin,
    /// Everything, backup and people included.
    Owner,
}

/// Something a member may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See knowledge, conversations, assistants.
    Look,
    /// Write to customers; ask in the Playground.
    Answer,
    /// Change knowledge and assistants.
    ChangeKnowledge,
    /// Change settings, engines, keys; see jobs and logs.
    ChangeSettings,
    /// Back up, restore, people.
    Own,
}

impl Role {
    /// True when a member of this role has the permission.
    pub fn may(self, permission: Permission) -> bool {
        let least = match permission {
            Permission::Look => Role::Viewer,
            Permission::Answer => Role::Operator,
            Permission::ChangeKnowledge | Permission::ChangeSettings => Role::Admin,
            Permission::Own => Role::Owner,
        };
        self >= least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_answers_but_does_not_change_settings() {
        assert!(Role::Operator.may(Permission::Answer));
        assert!(!Role::Operator.may(Permission::ChangeSettings));
        assert!(!Role::Viewer.may(Permission::Answer));
        assert!(Role::Owner.may(Permission::Own));
    }
}
