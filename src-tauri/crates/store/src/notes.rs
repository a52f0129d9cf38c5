//! Notes: words among operators. Never sent to a customer.

use domain::conversation::Note;
use domain::event::Topic;
use domain::id::{ConversationId, NoteId};
use rusqlite::params;

use crate::error::StoreError;
use crate::page::MAX_PAGE;
use crate::updates::UpdateKey;
use crate::{Applied, Workspace, conversations, sql, updates};

impl Workspace {
    /// Keeps a note; `AlreadyApplied` for the same id again, or when its update was dealt with before.
    pub async fn add_note(
        &self,
        note: Note,
        update: Option<UpdateKey>,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            conversations::the(tx.conn, workspace, note.conversation_id)?;
            if updates::settle(tx.conn, workspace, update)? == Applied::AlreadyApplied {
                return Ok(Applied::AlreadyApplied);
            }
            let added = sql::run(
                tx.conn,
                "INSERT INTO notes (workspace_id, id, conversation_id, operator, text, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (workspace_id, id) DO NOTHING",
                params![
                    workspace.0.into_bytes(),
                    note.id.0.into_bytes(),
                    note.conversation_id.0.into_bytes(),
                    sql::json(&note.by)?,
                    note.text,
                    note.created_at.0
                ],
            )?;
            if added == 0 {
                return Ok(Applied::AlreadyApplied);
            }
            tx.event(
                workspace,
                Topic::Conversation,
                note.conversation_id,
                note.created_at,
            )?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// The notes of a conversation, oldest first; the newest 200.
    pub async fn notes(&self, id: ConversationId) -> Result<Vec<Note>, StoreError> {
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, id)?;
            let mut notes = sql::many(
                conn,
                "SELECT id, operator, text, created_at FROM notes
                 WHERE workspace_id = ?1 AND conversation_id = ?2
                 ORDER BY created_at DESC, id DESC LIMIT ?3",
                params![workspace.0.into_bytes(), id.0.into_bytes(), MAX_PAGE],
                |row| {
                    Ok(Note {
                        id: NoteId(sql::id_at(row, 0)?),
                        conversation_id: id,
                        by: sql::json_at(row, 1)?,
                        text: row.get(2)?,
                        created_at: sql::time_at(row, 3)?,
                    })
                },
            )?;
            notes.reverse();
            Ok(notes)
        })
        .await
    }
}
