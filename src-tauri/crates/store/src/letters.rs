//! Letters: what a messenger tells about a customer's message besides its words, and what becomes of it when the
//! customer changes it.

use domain::conversation::Letter;
use domain::delivery::Sender;
use domain::event::Topic;
use domain::id::{MessageId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::remotes::Spot;
use crate::{Applied, Workspace, remotes, sql, updates};

/// What is kept of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterRow {
    /// Who wrote.
    pub sender: Sender,
    /// When it was written.
    pub sent_at: Timestamp,
    /// The messenger's number of the message it replies to.
    pub reply_to: Option<i64>,
    /// The words of the message it replies to; empty for none.
    pub quoted: String,
    /// What it is one of several parts of; empty for none.
    pub album: String,
}

impl Workspace {
    /// What was told with a message; `None` when it came from no messenger.
    pub async fn letter(&self, id: MessageId) -> Result<Option<LetterRow>, StoreError> {
        self.read(move |conn, workspace| {
            sql::one(
                conn,
                "SELECT sender, sent_at, reply_to, quoted, album FROM letters
                 WHERE workspace_id = ?1 AND message_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                |row| {
                    Ok(LetterRow {
                        sender: sql::json_at(row, 0)?,
                        sent_at: sql::time_at(row, 1)?,
                        reply_to: row.get(2)?,
                        quoted: row.get(3)?,
                        album: row.get(4)?,
                    })
                },
            )
        })
        .await
    }

    /// The customer changed a message: its words are the new ones, and it is marked. What answers it stands.
    /// `None` when it is no message of a customer of this workspace, or when the update was dealt with before.
    pub async fn edit_received(
        &self,
        spot: Spot,
        text: &str,
        update_id: Option<i64>,
        now: Timestamp,
    ) -> Result<Option<MessageId>, StoreError> {
        let text = text.to_owned();
        self.write(move |tx, workspace| {
            let update = update_id.map(|number| (spot.bot_id, number));
            if updates::settle(tx.conn, workspace, update)? == Applied::AlreadyApplied {
                return Ok(None);
            }
            let known =
                remotes::at(tx.conn, &spot)?.filter(|known| known.workspace_id == workspace);
            let Some((conversation_id, id)) =
                known.and_then(|known| Some((known.conversation_id, known.message_id?)))
            else {
                return Ok(None);
            };
            let edited = sql::run(
                tx.conn,
                "UPDATE messages SET text = ?3, edited_at = ?4
                 WHERE workspace_id = ?1 AND id = ?2 AND author = 'contact' AND text <> ?3",
                params![workspace.0.into_bytes(), id.0.into_bytes(), text, now.0],
            )?;
            if edited == 0 {
                return Ok(None);
            }
            tx.event(workspace, Topic::Conversation, conversation_id, now)?;
            Ok(Some(id))
        })
        .await
    }
}

/// Keeps what was told with a message.
pub(crate) fn keep(
    conn: &Connection,
    workspace: WorkspaceId,
    id: MessageId,
    letter: &Letter,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO letters (workspace_id, message_id, sender, sent_at, reply_to, quoted, album)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            sql::json(&letter.sender)?,
            letter.sent_at.0,
            letter.reply_to,
            letter.quoted,
            letter.album
        ],
    )?;
    Ok(())
}
