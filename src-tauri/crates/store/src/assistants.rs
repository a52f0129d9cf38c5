//! Assistants and their earlier versions.

use domain::assistant::{Assistant, AssistantSettings, Version};
use domain::event::Topic;
use domain::id::{AssistantId, ConversationId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::{Applied, Workspace, bots, conversations, sql};

/// Versions of an assistant that are kept, the present one included.
pub const KEPT_VERSIONS: u32 = 200;

/// How an assistant should become.
#[derive(Debug, Clone, PartialEq)]
pub struct AssistantChange {
    /// The name people see.
    pub name: String,
    /// Everything that can be changed about it.
    pub settings: AssistantSettings,
    /// The version that it is made from.
    pub expected_version: u32,
    /// Who makes it: their name.
    pub changed_by: String,
    /// The earlier version that it returns to.
    pub returned_to: Option<u32>,
}

impl Workspace {
    /// Adds an assistant that a member of this name made; the same id again is `AlreadyApplied`.
    pub async fn create_assistant(
        &self,
        assistant: Assistant,
        made_by: String,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            if !insert(tx.conn, workspace, &assistant, &made_by)? {
                return Ok(Applied::AlreadyApplied);
            }
            tx.event(
                workspace,
                Topic::Assistant,
                assistant.id,
                assistant.created_at,
            )?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// One assistant.
    pub async fn assistant(&self, id: AssistantId) -> Result<Assistant, StoreError> {
        self.read(move |conn, workspace| the(conn, workspace, id))
            .await
    }

    /// All assistants, oldest first.
    pub async fn assistants(&self) -> Result<Vec<Assistant>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                "SELECT id, name, settings, version, created_at, updated_at FROM assistants
                 WHERE workspace_id = ?1 ORDER BY created_at, id",
                [workspace.0.into_bytes()],
                read,
            )
        })
        .await
    }

    /// Changes an assistant whose version is still the expected one, else `Conflict`. The version before is kept
    /// in the same transaction, and those older than [`KEPT_VERSIONS`] go.
    pub async fn update_assistant(
        &self,
        id: AssistantId,
        change: AssistantChange,
        now: Timestamp,
    ) -> Result<Assistant, StoreError> {
        self.write(move |tx, workspace| {
            let before = the(tx.conn, workspace, id)?;
            if before.version != change.expected_version {
                return Err(StoreError::Conflict);
            }
            let key = (workspace.0.into_bytes(), id.0.into_bytes());
            sql::run(
                tx.conn,
                "INSERT INTO assistant_versions
                     (workspace_id, assistant_id, version, name, settings, updated_at, changed_by, returned_to)
                 SELECT workspace_id, id, version, name, settings, updated_at, changed_by, returned_to
                 FROM assistants WHERE workspace_id = ?1 AND id = ?2",
                params![key.0, key.1],
            )?;
            let after = Assistant {
                name: change.name,
                settings: change.settings,
                version: before.version + 1,
                updated_at: now,
                ..before
            };
            sql::run(
                tx.conn,
                "UPDATE assistants SET name = ?3, settings = ?4, version = ?5, updated_at = ?6,
                     changed_by = ?7, returned_to = ?8
                 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    key.0,
                    key.1,
                    after.name,
                    sql::json(&after.settings)?,
                    after.version,
                    now.0,
                    change.changed_by,
                    change.returned_to
                ],
            )?;
            sql::run(
                tx.conn,
                "DELETE FROM assistant_versions
                 WHERE workspace_id = ?1 AND assistant_id = ?2 AND version <= ?3",
                params![key.0, key.1, after.version.saturating_sub(KEPT_VERSIONS)],
            )?;
            tx.event(workspace, Topic::Assistant, id, now)?;
            Ok(after)
        })
        .await
    }

    /// The versions of an assistant, the present one first, at most [`KEPT_VERSIONS`].
    pub async fn assistant_versions(&self, id: AssistantId) -> Result<Vec<Version>, StoreError> {
        self.read(move |conn, workspace| {
            let key = params![workspace.0.into_bytes(), id.0.into_bytes()];
            let present = sql::the(
                conn,
                "SELECT version, name, settings, changed_by, updated_at, returned_to FROM assistants
                 WHERE workspace_id = ?1 AND id = ?2",
                key,
                read_version,
            )?;
            let earlier = sql::many(
                conn,
                "SELECT version, name, settings, changed_by, updated_at, returned_to
                 FROM assistant_versions
                 WHERE workspace_id = ?1 AND assistant_id = ?2 ORDER BY version DESC LIMIT ?3",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    KEPT_VERSIONS - 1
                ],
                read_version,
            )?;
            Ok(std::iter::once(present).chain(earlier).collect())
        })
        .await
    }

    /// One version of an assistant, the present one too.
    pub async fn assistant_version(
        &self,
        id: AssistantId,
        number: u32,
    ) -> Result<Version, StoreError> {
        self.read(move |conn, workspace| {
            sql::the(
                conn,
                "SELECT version, name, settings, changed_by, updated_at, returned_to FROM assistants
                 WHERE workspace_id = ?1 AND id = ?2 AND version = ?3
                 UNION ALL
                 SELECT version, name, settings, changed_by, updated_at, returned_to
                 FROM assistant_versions
                 WHERE workspace_id = ?1 AND assistant_id = ?2 AND version = ?3",
                params![workspace.0.into_bytes(), id.0.into_bytes(), number],
                read_version,
            )
        })
        .await
    }

    /// Removes an assistant with its conversations and its bots. `Conflict` for the last one.
    pub async fn remove_assistant(
        &self,
        id: AssistantId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            the(tx.conn, workspace, id)?;
            let key = params![workspace.0.into_bytes(), id.0.into_bytes()];
            let another = sql::any(
                tx.conn,
                "SELECT 1 FROM assistants WHERE workspace_id = ?1 AND id <> ?2",
                key,
            )?;
            if !another {
                return Err(StoreError::Conflict);
            }
            let of_this = sql::many(
                tx.conn,
                "SELECT id FROM conversations WHERE workspace_id = ?1 AND assistant_id = ?2",
                key,
                |row| Ok(ConversationId(sql::id_at(row, 0)?)),
            )?;
            for conversation_id in of_this {
                conversations::let_go(tx, workspace, conversation_id)?;
            }
            bots::forget_tokens(tx, workspace, id, now)?;
            sql::run(
                tx.conn,
                "DELETE FROM assistants WHERE workspace_id = ?1 AND id = ?2",
                key,
            )?;
            tx.event(workspace, Topic::Conversation, "", now)?;
            tx.event(workspace, Topic::Assistant, id, now)
        })
        .await
    }
}

/// Adds an assistant that somebody of this name made; false when its id is there already.
pub(crate) fn insert(
    conn: &Connection,
    workspace: WorkspaceId,
    assistant: &Assistant,
    made_by: &str,
) -> Result<bool, StoreError> {
    let added = sql::run(
        conn,
        "INSERT INTO assistants
             (workspace_id, id, name, settings, version, created_at, updated_at, changed_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (workspace_id, id) DO NOTHING",
        params![
            workspace.0.into_bytes(),
            assistant.id.0.into_bytes(),
            assistant.name,
            sql::json(&assistant.settings)?,
            assistant.version,
            assistant.created_at.0,
            assistant.updated_at.0,
            made_by
        ],
    )?;
    Ok(added > 0)
}

fn the(
    conn: &Connection,
    workspace: WorkspaceId,
    id: AssistantId,
) -> Result<Assistant, StoreError> {
    sql::the(
        conn,
        "SELECT id, name, settings, version, created_at, updated_at FROM assistants
         WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Assistant, StoreError> {
    Ok(Assistant {
        id: AssistantId(sql::id_at(row, 0)?),
        name: row.get(1)?,
        settings: sql::json_at(row, 2)?,
        version: row.get(3)?,
        created_at: sql::time_at(row, 4)?,
        updated_at: sql::time_at(row, 5)?,
    })
}

fn read_version(row: &Row<'_>) -> Result<Version, StoreError> {
    Ok(Version {
        number: row.get(0)?,
        name: row.get(1)?,
        settings: sql::json_at(row, 2)?,
        changed_by: row.get(3)?,
        changed_at: sql::time_at(row, 4)?,
        returned_to: row.get(5)?,
    })
}
