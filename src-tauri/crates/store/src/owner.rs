//! The first owner, and the list of workspaces.

use domain::assistant::Assistant;
use domain::event::Topic;
use domain::id::WorkspaceId;
use domain::member::{Member, Role};
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::{Applied, Store, assistants, members, sql};

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
    /// Makes the first workspace with its owner and assistant. `Conflict` when there is another owner already.
    pub async fn first_owner(&self, new: NewOwner, now: Timestamp) -> Result<Applied, StoreError> {
        self.write(move |tx| {
            let owner = sql::one(
                tx.conn,
                "SELECT id FROM members WHERE role = ?1",
                [sql::word(&Role::Owner)?],
                |row| sql::id_at(row, 0),
            )?;
            match owner {
                Some(owner) if owner == new.member.id.0 => return Ok(Applied::AlreadyApplied),
                Some(_) => return Err(StoreError::Conflict),
                None => {}
            }
            let workspace = new.workspace_id;
            sql::run(
                tx.conn,
                "INSERT INTO workspaces (id, name, created_at) VALUES (?1, ?2, ?3)",
                params![workspace.0.into_bytes(), new.workspace_name, now.0],
            )?;
            members::insert(tx.conn, &new.member, &new.password_hash)?;
            assistants::insert(tx.conn, workspace, &new.assistant, &new.member.name)?;
            tx.event(workspace, Topic::Assistant, new.assistant.id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// True when there is an owner.
    pub async fn has_owner(&self) -> Result<bool, StoreError> {
        self.read(|conn| {
            let owner = sql::word(&Role::Owner)?;
            sql::any(conn, "SELECT 1 FROM members WHERE role = ?1", [owner])
        })
        .await
    }

    /// All workspaces with their names, oldest first.
    pub async fn workspaces(&self) -> Result<Vec<(WorkspaceId, String)>, StoreError> {
        self.read(|conn| {
            sql::many(
                conn,
                "SELECT id, name FROM workspaces ORDER BY created_at, id",
                [],
                |row| Ok((WorkspaceId(sql::id_at(row, 0)?), row.get(1)?)),
            )
        })
        .await
    }

    /// Gives a workspace another name.
    pub async fn rename_workspace(
        &self,
        id: WorkspaceId,
        name: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.event(id, Topic::Settings, "business", now)?;
            sql::run(
                tx.conn,
                "UPDATE workspaces SET name = ?2 WHERE id = ?1",
                params![id.0.into_bytes(), name],
            )?;
            Ok(())
        })
        .await
    }
}
