//! Saved replies: words that operators keep for the next time.

use domain::event::Topic;
use domain::id::SavedReplyId;
use domain::inbox::{MAX_REPLIES, SavedReply};
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::{Workspace, sql};

impl Workspace {
    /// The saved replies, by name.
    pub async fn saved_replies(&self) -> Result<Vec<SavedReply>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                "SELECT id, name, language, text, updated_at FROM saved_replies WHERE workspace_id = ?1
                 ORDER BY key, language",
                [workspace.0.into_bytes()],
                |row| {
                    Ok(SavedReply {
                        id: SavedReplyId(sql::id_at(row, 0)?),
                        name: row.get(1)?,
                        language: sql::language_at(row, 2)?,
                        text: row.get(3)?,
                        updated_at: sql::time_at(row, 4)?,
                    })
                },
            )
        })
        .await
    }

    /// Keeps a saved reply, new or changed. `Conflict` when another one has its name in its language, `TooLarge` when
    /// there would be more than [`MAX_REPLIES`].
    pub async fn put_saved_reply(&self, reply: SavedReply) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let key = sql::findable(&reply.name);
            let is_taken = sql::any(
                tx.conn,
                "SELECT 1 FROM saved_replies WHERE workspace_id = ?1 AND key = ?2 AND language = ?3 AND id <> ?4",
                params![
                    workspace.0.into_bytes(),
                    key,
                    reply.language.code(),
                    reply.id.0.into_bytes()
                ],
            )?;
            if is_taken {
                return Err(StoreError::Conflict);
            }
            sql::run(
                tx.conn,
                "INSERT INTO saved_replies (workspace_id, id, name, key, language, text, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (workspace_id, id) DO UPDATE SET
                     name = excluded.name, key = excluded.key, language = excluded.language,
                     text = excluded.text, updated_at = excluded.updated_at",
                params![
                    workspace.0.into_bytes(),
                    reply.id.0.into_bytes(),
                    reply.name,
                    key,
                    reply.language.code(),
                    reply.text,
                    reply.updated_at.0
                ],
            )?;
            let replies = sql::the(
                tx.conn,
                "SELECT count(*) FROM saved_replies WHERE workspace_id = ?1",
                [workspace.0.into_bytes()],
                |row| sql::count_at(row, 0),
            )?;
            if replies > MAX_REPLIES as u64 {
                return Err(StoreError::TooLarge);
            }
            tx.event(workspace, Topic::Settings, reply.id, reply.updated_at)
        })
        .await
    }

    /// Removes a saved reply.
    pub async fn remove_saved_reply(
        &self,
        id: SavedReplyId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let removed = sql::run(
                tx.conn,
                "DELETE FROM saved_replies WHERE workspace_id = ?1 AND id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
            )?;
            if removed == 0 {
                return Err(StoreError::NotFound);
            }
            tx.event(workspace, Topic::Settings, id, now)
        })
        .await
    }
}
