//! Labels of conversations: which there are, and which one has.

use domain::event::Topic;
use domain::id::{ConversationId, InboxLabelId, WorkspaceId};
use domain::inbox::{InboxLabel, MAX_LABELS, MAX_LABELS_OF_ONE};
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::{Workspace, conversations, sql};

impl Workspace {
    /// The labels, in the order they were made.
    pub async fn inbox_labels(&self) -> Result<Vec<InboxLabel>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                "SELECT id, name, colour, created_at FROM inbox_labels WHERE workspace_id = ?1
                 ORDER BY created_at, id",
                [workspace.0.into_bytes()],
                |row| {
                    Ok(InboxLabel {
                        id: InboxLabelId(sql::id_at(row, 0)?),
                        name: row.get(1)?,
                        colour: sql::word_at(row, 2)?,
                        created_at: sql::time_at(row, 3)?,
                    })
                },
            )
        })
        .await
    }

    /// Keeps a label, new or changed. `Conflict` when another one has its name, `TooLarge` when there would be more
    /// than [`MAX_LABELS`].
    pub async fn put_inbox_label(
        &self,
        label: InboxLabel,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let key = sql::findable(&label.name);
            let is_taken = sql::any(
                tx.conn,
                "SELECT 1 FROM inbox_labels WHERE workspace_id = ?1 AND key = ?2 AND id <> ?3",
                params![workspace.0.into_bytes(), key, label.id.0.into_bytes()],
            )?;
            if is_taken {
                return Err(StoreError::Conflict);
            }
            sql::run(
                tx.conn,
                "INSERT INTO inbox_labels (workspace_id, id, name, key, colour, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (workspace_id, id) DO UPDATE SET
                     name = excluded.name, key = excluded.key, colour = excluded.colour",
                params![
                    workspace.0.into_bytes(),
                    label.id.0.into_bytes(),
                    label.name,
                    key,
                    sql::word(&label.colour)?,
                    label.created_at.0
                ],
            )?;
            if count(tx.conn, workspace)? > MAX_LABELS as u64 {
                return Err(StoreError::TooLarge);
            }
            tx.event(workspace, Topic::Settings, label.id, now)
        })
        .await
    }

    /// Removes a label from everywhere.
    pub async fn remove_inbox_label(
        &self,
        id: InboxLabelId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let removed = sql::run(
                tx.conn,
                "DELETE FROM inbox_labels WHERE workspace_id = ?1 AND id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
            )?;
            if removed == 0 {
                return Err(StoreError::NotFound);
            }
            tx.event(workspace, Topic::Settings, id, now)?;
            // Every list may have had it.
            tx.event(workspace, Topic::Conversation, "", now)
        })
        .await
    }

    /// Puts labels on a conversation and takes others off. `NotFound` when there is no such conversation or label,
    /// `TooLarge` when it would have more than [`MAX_LABELS_OF_ONE`]; nothing is changed then.
    pub async fn label_conversation(
        &self,
        id: ConversationId,
        add: Vec<InboxLabelId>,
        remove: Vec<InboxLabelId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            conversations::the(tx.conn, workspace, id)?;
            let key = (workspace.0.into_bytes(), id.0.into_bytes());
            for label in remove.iter().take(MAX_LABELS) {
                sql::run(
                    tx.conn,
                    "DELETE FROM conversation_labels
                     WHERE workspace_id = ?1 AND conversation_id = ?2 AND label_id = ?3",
                    params![key.0, key.1, label.0.into_bytes()],
                )?;
            }
            for label in add.iter().take(MAX_LABELS) {
                let is_there = sql::any(
                    tx.conn,
                    "SELECT 1 FROM inbox_labels WHERE workspace_id = ?1 AND id = ?2",
                    params![key.0, label.0.into_bytes()],
                )?;
                if !is_there {
                    return Err(StoreError::NotFound);
                }
                sql::run(
                    tx.conn,
                    "INSERT INTO conversation_labels (workspace_id, conversation_id, label_id, state, last_at)
                     SELECT workspace_id, id, ?3, state, last_at FROM conversations
                     WHERE workspace_id = ?1 AND id = ?2
                     ON CONFLICT DO NOTHING",
                    params![key.0, key.1, label.0.into_bytes()],
                )?;
            }
            let labels: u64 = sql::the(
                tx.conn,
                "SELECT count(*) FROM conversation_labels WHERE workspace_id = ?1 AND conversation_id = ?2",
                params![key.0, key.1],
                |row| sql::count_at(row, 0),
            )?;
            if labels > MAX_LABELS_OF_ONE as u64 {
                return Err(StoreError::TooLarge);
            }
            tx.event(workspace, Topic::Conversation, id, now)
        })
        .await
    }
}

fn count(conn: &Connection, workspace: WorkspaceId) -> Result<u64, StoreError> {
    sql::the(
        conn,
        "SELECT count(*) FROM inbox_labels WHERE workspace_id = ?1",
        [workspace.0.into_bytes()],
        |row| sql::count_at(row, 0),
    )
}
