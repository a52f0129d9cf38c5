//! Ratings: what customers think of answers.

use domain::conversation::Author;
use domain::delivery::Rating;
use domain::event::Topic;
use domain::id::{ConversationId, MessageId};
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::page::MAX_PAGE;
use crate::updates::UpdateKey;
use crate::{Applied, Workspace, conversations, messages, sql, updates};

impl Workspace {
    /// Keeps how an answer was rated; the last word counts. `AlreadyApplied` when it was rated so before, or when
    /// its update was dealt with; `NotFound` for what is no answer of the assistant.
    pub async fn rate(
        &self,
        message_id: MessageId,
        rating: Rating,
        update: Option<UpdateKey>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            let rated = messages::one(tx.conn, workspace, message_id)?
                .filter(|message| message.author == Author::Assistant)
                .ok_or(StoreError::NotFound)?;
            if updates::settle(tx.conn, workspace, update)? == Applied::AlreadyApplied {
                return Ok(Applied::AlreadyApplied);
            }
            let changed = sql::run(
                tx.conn,
                "INSERT INTO ratings (workspace_id, message_id, rating, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (workspace_id, message_id) DO UPDATE SET rating = excluded.rating, at = excluded.at
                 WHERE rating <> excluded.rating",
                params![
                    workspace.0.into_bytes(),
                    message_id.0.into_bytes(),
                    sql::word(&rating)?,
                    now.0
                ],
            )?;
            if changed == 0 {
                return Ok(Applied::AlreadyApplied);
            }
            tx.event(workspace, Topic::Conversation, rated.conversation_id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// How the answers of a conversation were rated, the newest 200.
    pub async fn ratings(
        &self,
        id: ConversationId,
    ) -> Result<Vec<(MessageId, Rating)>, StoreError> {
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, id)?;
            sql::many(
                conn,
                "SELECT r.message_id, r.rating FROM messages m
                 JOIN ratings r ON r.workspace_id = m.workspace_id AND r.message_id = m.id
                 WHERE m.workspace_id = ?1 AND m.conversation_id = ?2 ORDER BY m.seq DESC LIMIT ?3",
                params![workspace.0.into_bytes(), id.0.into_bytes(), MAX_PAGE],
                |row| Ok((MessageId(sql::id_at(row, 0)?), sql::word_at(row, 1)?)),
            )
        })
        .await
    }
}
