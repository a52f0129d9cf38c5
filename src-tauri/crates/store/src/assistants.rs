//! Assistants and their earlier versions.

use domain::assistant::{Assistant, AssistantSettings};
use domain::event::Topic;
use domain::id::{AssistantId, ConversationId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::page::MAX_PAGE;
use crate::{Applied, Workspace, bots, conversations, sql};

impl Workspace {
    /// Adds an assistant; the same id again is `AlreadyApplied`.
    pub async fn create_assistant(&self, assistant: Assistant) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            if !insert(tx.conn, workspace, &assistant)? {
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

    /// Changes an assistant whose version is still `expected_version`, else `Conflict`; the earlier version
    /// is kept.
    pub async fn update_assistant(
        &self,
        id: AssistantId,
        name: String,
        settings: AssistantSettings,
        expected_version: u32,
        now: Timestamp,
    ) -> Result<Assistant, StoreError> {
        self.write(move |tx, workspace| {
            let before = the(tx.conn, workspace, id)?;
            if before.version != expected_version {
                return Err(StoreError::Conflict);
            }
            let key = (workspace.0.into_bytes(), id.0.into_bytes());
            sql::run(
                tx.conn,
                "INSERT INTO assistant_versions
                     (workspace_id, assistant_id, version, name, settings, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    key.0,
                    key.1,
                    before.version,
                    before.name,
                    sql::json(&before.settings)?,
                    before.updated_at.0
                ],
            )?;
            let after = Assistant {
                name,
                settings,
                version: before.version + 1,
                updated_at: now,
                ..before
            };
            sql::run(
                tx.conn,
                "UPDATE assistants SET name = ?3, settings = ?4, version = ?5, updated_at = ?6
                 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    key.0,
                    key.1,
                    after.name,
                    sql::json(&after.settings)?,
                    after.version,
                    now.0
                ],
            )?;
            tx.event(workspace, Topic::Assistant, id, now)?;
            Ok(after)
        })
        .await
    }

    /// The versions of an assistant before the present one, newest first, at most 200.
    pub async fn assistant_versions(&self, id: AssistantId) -> Result<Vec<Assistant>, StoreError> {
        self.read(move |conn, workspace| {
            let present = the(conn, workspace, id)?;
            sql::many(
                conn,
                "SELECT assistant_id, name, settings, version, ?3, updated_at FROM assistant_versions
                 WHERE workspace_id = ?1 AND assistant_id = ?2 ORDER BY version DESC LIMIT ?4",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    present.created_at.0,
                    MAX_PAGE
                ],
                read,
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

/// Adds an assistant; false when its id is there already.
pub(crate) fn insert(
    conn: &Connection,
    workspace: WorkspaceId,
    assistant: &Assistant,
) -> Result<bool, StoreError> {
    let added = sql::run(
        conn,
        "INSERT INTO assistants (workspace_id, id, name, settings, version, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (workspace_id, id) DO NOTHING",
        params![
            workspace.0.into_bytes(),
            assistant.id.0.into_bytes(),
            assistant.name,
            sql::json(&assistant.settings)?,
            assistant.version,
            assistant.created_at.0,
            assistant.updated_at.0
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
