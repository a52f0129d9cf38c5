//! Buttons: what they do, and whether they were pressed. Kept as long as their conversation.

use domain::delivery::Press;
use domain::id::{ConversationId, PressId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::{Applied, Store, sql};

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PressRow {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// What it does.
    pub press: Press,
    /// When it was pressed first; `None` before that.
    pub pressed_at: Option<Timestamp>,
}

impl Store {
    /// What a button does; `None` when there is no such one (any more).
    pub async fn press(&self, id: PressId) -> Result<Option<PressRow>, StoreError> {
        self.read(move |conn| {
            sql::one(
                conn,
                "SELECT workspace_id, conversation_id, press, pressed_at FROM presses WHERE id = ?1",
                [id.0.into_bytes()],
                |row| {
                    Ok(PressRow {
                        workspace_id: WorkspaceId(sql::id_at(row, 0)?),
                        conversation_id: ConversationId(sql::id_at(row, 1)?),
                        press: sql::json_at(row, 2)?,
                        pressed_at: row.get::<_, Option<i64>>(3)?.map(Timestamp),
                    })
                },
            )
        })
        .await
    }

    /// A button is pressed: `Applied` for the first time only. `NotFound` when there is no such one.
    pub async fn mark_pressed(&self, id: PressId, now: Timestamp) -> Result<Applied, StoreError> {
        self.write(move |tx| {
            let key = id.0.into_bytes();
            let marked = sql::run(
                tx.conn,
                "UPDATE presses SET pressed_at = ?2 WHERE id = ?1 AND pressed_at IS NULL",
                params![key, now.0],
            )?;
            if marked > 0 {
                return Ok(Applied::Applied);
            }
            match sql::any(tx.conn, "SELECT 1 FROM presses WHERE id = ?1", [key])? {
                true => Ok(Applied::AlreadyApplied),
                false => Err(StoreError::NotFound),
            }
        })
        .await
    }
}

/// Keeps what a button does; the same id again changes nothing.
pub(crate) fn keep(
    conn: &Connection,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
    id: PressId,
    press: &Press,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO presses (workspace_id, id, conversation_id, press) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (workspace_id, id) DO NOTHING",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            conversation_id.0.into_bytes(),
            sql::json(press)?
        ],
    )?;
    Ok(())
}
