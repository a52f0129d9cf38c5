//! The operators' console at the messenger: which topic of the staff group is which conversation.

use domain::id::{BotId, ConversationId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::{Applied, Store, Workspace, conversations, sql};

/// A conversation's topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsoleTopic {
    /// The bot that made it.
    pub bot_id: BotId,
    /// The staff group.
    pub chat: i64,
    /// The topic there; several conversations may share thread 0, which is the group itself.
    pub thread: i64,
    /// True once it was closed.
    pub is_closed: bool,
}

impl Workspace {
    /// A conversation's topic, if it has one.
    pub async fn console_topic(
        &self,
        id: ConversationId,
    ) -> Result<Option<ConsoleTopic>, StoreError> {
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, id)?;
            topic_of(conn, workspace, id)
        })
        .await
    }

    /// Gives a conversation its topic. `AlreadyApplied` when it has that one; `Conflict` when it has another, or
    /// when that one is another conversation's: two messages never make two topics.
    pub async fn set_console_topic(
        &self,
        id: ConversationId,
        bot_id: BotId,
        chat: i64,
        thread: i64,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            conversations::the(tx.conn, workspace, id)?;
            if let Some(topic) = topic_of(tx.conn, workspace, id)? {
                let is_it = (topic.bot_id, topic.chat, topic.thread) == (bot_id, chat, thread);
                return match is_it {
                    true => Ok(Applied::AlreadyApplied),
                    false => Err(StoreError::Conflict),
                };
            }
            sql::run(
                tx.conn,
                "INSERT INTO console_topics (workspace_id, conversation_id, bot_id, chat, thread, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    bot_id.0.into_bytes(),
                    chat,
                    thread,
                    now.0
                ],
            )?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// A conversation's topic was closed; `AlreadyApplied` when it was, or when there is none.
    pub async fn close_topic(&self, id: ConversationId) -> Result<Applied, StoreError> {
        self.mark_topic(id, true).await
    }

    /// A conversation's topic was opened again; `AlreadyApplied` when it was open, or when there is none.
    pub async fn reopen_topic(&self, id: ConversationId) -> Result<Applied, StoreError> {
        self.mark_topic(id, false).await
    }

    async fn mark_topic(&self, id: ConversationId, is_closed: bool) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            conversations::the(tx.conn, workspace, id)?;
            let marked = sql::run(
                tx.conn,
                "UPDATE console_topics SET is_closed = ?3
                 WHERE workspace_id = ?1 AND conversation_id = ?2 AND is_closed <> ?3",
                params![workspace.0.into_bytes(), id.0.into_bytes(), is_closed],
            )?;
            Ok(match marked {
                0 => Applied::AlreadyApplied,
                _ => Applied::Applied,
            })
        })
        .await
    }
}

impl Store {
    /// Which conversation a topic is; `None` when it is none.
    pub async fn conversation_of_topic(
        &self,
        bot_id: BotId,
        chat: i64,
        thread: i64,
    ) -> Result<Option<(WorkspaceId, ConversationId)>, StoreError> {
        self.read(move |conn| {
            sql::one(
                conn,
                "SELECT workspace_id, conversation_id FROM console_topics
                 WHERE bot_id = ?1 AND chat = ?2 AND thread = ?3 AND thread <> 0",
                params![bot_id.0.into_bytes(), chat, thread],
                |row| {
                    Ok((
                        WorkspaceId(sql::id_at(row, 0)?),
                        ConversationId(sql::id_at(row, 1)?),
                    ))
                },
            )
        })
        .await
    }

    /// A topic is gone at the messenger: its conversation may get another one.
    pub async fn drop_topic(
        &self,
        bot_id: BotId,
        chat: i64,
        thread: i64,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx| {
            let dropped = sql::run(
                tx.conn,
                "DELETE FROM console_topics WHERE bot_id = ?1 AND chat = ?2 AND thread = ?3",
                params![bot_id.0.into_bytes(), chat, thread],
            )?;
            Ok(match dropped {
                0 => Applied::AlreadyApplied,
                _ => Applied::Applied,
            })
        })
        .await
    }
}

fn topic_of(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ConversationId,
) -> Result<Option<ConsoleTopic>, StoreError> {
    sql::one(
        conn,
        "SELECT bot_id, chat, thread, is_closed FROM console_topics
         WHERE workspace_id = ?1 AND conversation_id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| {
            Ok(ConsoleTopic {
                bot_id: BotId(sql::id_at(row, 0)?),
                chat: row.get(1)?,
                thread: row.get(2)?,
                is_closed: row.get(3)?,
            })
        },
    )
}
