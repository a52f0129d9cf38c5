//! Conversations.

use domain::conversation::{ChannelKind, Conversation};
use domain::event::Topic;
use domain::id::{AssistantId, ContactId, ConversationId, WorkspaceId};
use domain::job::Task;
use domain::scope::Scope;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::page::{Cursor, Page, bounded};
use crate::writer::Tx;
use crate::{Workspace, attachments, jobs, sql};

/// Which conversations a list has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Only of this channel.
    pub channel: Option<ChannelKind>,
    /// Only of this assistant.
    pub assistant_id: Option<AssistantId>,
}

impl Workspace {
    /// Limits what a conversation is answered from, beside what its assistant may use.
    pub async fn limit_conversation(
        &self,
        id: ConversationId,
        scope: Scope,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            the(tx.conn, workspace, id)?;
            sql::run(
                tx.conn,
                "INSERT INTO conversation_scopes (workspace_id, conversation_id, scope) VALUES (?1, ?2, ?3)
                 ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET scope = excluded.scope",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    sql::json(&scope)?
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// What a conversation is answered from; everything unless it was limited.
    pub async fn conversation_scope(&self, id: ConversationId) -> Result<Scope, StoreError> {
        self.read(move |conn, workspace| {
            let scope = sql::one(
                conn,
                "SELECT scope FROM conversation_scopes WHERE workspace_id = ?1 AND conversation_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                |row| sql::json_at(row, 0),
            )?;
            Ok(scope.unwrap_or_default())
        })
        .await
    }

    /// Conversations, the last one that somebody said something in first.
    pub async fn conversations(
        &self,
        filter: ConversationFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Conversation>, StoreError> {
        let limit = bounded(limit);
        self.read(move |conn, workspace| {
            let after = after.unwrap_or(Cursor::NEWEST);
            let channel = filter
                .channel
                .map(|channel| sql::word(&channel))
                .transpose()?;
            let conversations = sql::many(
                conn,
                &format!(
                    "SELECT {CONVERSATION} FROM conversations
                     WHERE workspace_id = ?1
                       AND (?2 IS NULL OR channel = ?2)
                       AND (?3 IS NULL OR assistant_id = ?3)
                       AND (last_at, id) < (?4, ?5)
                     ORDER BY last_at DESC, id DESC LIMIT ?6"
                ),
                params![
                    workspace.0.into_bytes(),
                    channel,
                    filter.assistant_id.map(|id| id.0.into_bytes()),
                    after.at,
                    after.id.into_bytes(),
                    limit + 1
                ],
                read,
            )?;
            Ok(Page::cut(conversations, limit, |conversation| Cursor {
                at: conversation.last_at.0,
                id: conversation.id.0,
            }))
        })
        .await
    }

    /// One conversation.
    pub async fn conversation(&self, id: ConversationId) -> Result<Conversation, StoreError> {
        self.read(move |conn, workspace| the(conn, workspace, id))
            .await
    }

    /// Who writes in it, in the channel's own terms.
    pub async fn conversation_peer(&self, id: ConversationId) -> Result<String, StoreError> {
        self.read(move |conn, workspace| {
            sql::the(
                conn,
                "SELECT c.peer FROM conversations v
                 JOIN contacts c ON c.workspace_id = v.workspace_id AND c.id = v.contact_id
                 WHERE v.workspace_id = ?1 AND v.id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                |row| Ok(row.get(0)?),
            )
        })
        .await
    }

    /// Removes a conversation with everything said in it, and the files that came with it.
    pub async fn remove_conversation(
        &self,
        id: ConversationId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let_go(tx, workspace, id)?;
            let removed = sql::run(
                tx.conn,
                "DELETE FROM conversations WHERE workspace_id = ?1 AND id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
            )?;
            if removed == 0 {
                return Err(StoreError::NotFound);
            }
            tx.event(workspace, Topic::Conversation, id, now)
        })
        .await
    }
}

/// A conversation is about to go: nobody works for it any more, and its files are looked at.
pub(crate) fn let_go(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: ConversationId,
) -> Result<(), StoreError> {
    attachments::let_go(tx, workspace, id)?;
    jobs::forget(
        tx,
        workspace,
        &Task::Answer {
            conversation_id: id,
        },
    )
}

const CONVERSATION: &str =
    "id, assistant_id, contact_id, channel, title, language, created_at, last_at";

/// One conversation; `NotFound` when this workspace has no such one.
pub(crate) fn the(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ConversationId,
) -> Result<Conversation, StoreError> {
    sql::the(
        conn,
        &format!("SELECT {CONVERSATION} FROM conversations WHERE workspace_id = ?1 AND id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

/// Adds a conversation. `NotFound` when there is no such assistant or contact.
pub(crate) fn insert(
    conn: &Connection,
    workspace: WorkspaceId,
    conversation: &Conversation,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO conversations
             (workspace_id, id, assistant_id, contact_id, channel, title, language, created_at, last_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            workspace.0.into_bytes(),
            conversation.id.0.into_bytes(),
            conversation.assistant_id.0.into_bytes(),
            conversation.contact_id.0.into_bytes(),
            sql::word(&conversation.channel)?,
            conversation.title,
            conversation.language.code(),
            conversation.created_at.0,
            conversation.last_at.0
        ],
    )?;
    Ok(())
}

/// A conversation from the first columns of a row, in the order of [`CONVERSATION`].
pub(crate) fn read(row: &Row<'_>) -> Result<Conversation, StoreError> {
    Ok(Conversation {
        id: ConversationId(sql::id_at(row, 0)?),
        assistant_id: AssistantId(sql::id_at(row, 1)?),
        contact_id: ContactId(sql::id_at(row, 2)?),
        channel: sql::word_at(row, 3)?,
        title: row.get(4)?,
        language: sql::language_at(row, 5)?,
        created_at: sql::time_at(row, 6)?,
        last_at: sql::time_at(row, 7)?,
    })
}
