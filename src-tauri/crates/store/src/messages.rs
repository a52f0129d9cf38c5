//! Messages: what is said.

use domain::answer::{Citation, Outcome};
use domain::conversation::{Author, Message};
use domain::id::{ConversationId, MemberId, MessageId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::page::{MAX_PAGE, bounded};
use crate::{Workspace, conversations, sql};

impl Workspace {
    /// Up to `limit` messages before `before_seq` (the newest ones without it), oldest of them first.
    pub async fn messages(
        &self,
        conversation_id: ConversationId,
        before_seq: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError> {
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, conversation_id)?;
            let mut messages = sql::many(
                conn,
                &format!(
                    "SELECT {MESSAGE} FROM messages
                     WHERE workspace_id = ?1 AND conversation_id = ?2 AND seq < ?3
                     ORDER BY seq DESC LIMIT ?4"
                ),
                params![
                    workspace.0.into_bytes(),
                    conversation_id.0.into_bytes(),
                    before_seq.map_or(i64::MAX, sql::signed),
                    bounded(limit)
                ],
                read,
            )?;
            messages.reverse();
            Ok(messages)
        })
        .await
    }

    /// One message.
    pub async fn message(&self, id: MessageId) -> Result<Message, StoreError> {
        self.read(move |conn, workspace| one(conn, workspace, id)?.ok_or(StoreError::NotFound))
            .await
    }

    /// The contact's messages that nothing answers yet, oldest first, at most 200.
    pub async fn unanswered(
        &self,
        conversation_id: ConversationId,
    ) -> Result<Vec<Message>, StoreError> {
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, conversation_id)?;
            sql::many(
                conn,
                &format!(
                    "SELECT {MESSAGE} FROM messages
                     WHERE workspace_id = ?1 AND conversation_id = ?2
                       AND author = 'contact' AND answered_by IS NULL
                     ORDER BY seq LIMIT ?3"
                ),
                params![
                    workspace.0.into_bytes(),
                    conversation_id.0.into_bytes(),
                    MAX_PAGE
                ],
                read,
            )
        })
        .await
    }
}

const MESSAGE: &str =
    "id, conversation_id, seq, author, member_id, text, outcome, citations, engine,
    answered_by, created_at, operator_id, operator_name, edited_at";

/// A message that is to be kept.
pub(crate) struct NewMessage<'m> {
    pub(crate) id: MessageId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) author: Author,
    pub(crate) text: &'m str,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) citations: &'m [Citation],
    pub(crate) engine: &'m str,
    /// Name of the person of the staff group who says it; empty for others.
    pub(crate) operator: &'m str,
    pub(crate) now: Timestamp,
}

/// Adds a message with the next number of its conversation. `NotFound` when there is no such conversation.
pub(crate) fn insert(
    conn: &Connection,
    workspace: WorkspaceId,
    new: NewMessage<'_>,
) -> Result<Message, StoreError> {
    let seq = sql::the(
        conn,
        "UPDATE conversations SET last_seq = last_seq + 1, last_at = max(last_at, ?3)
         WHERE workspace_id = ?1 AND id = ?2 RETURNING last_seq",
        params![
            workspace.0.into_bytes(),
            new.conversation_id.0.into_bytes(),
            new.now.0
        ],
        |row| sql::count_at(row, 0),
    )?;
    let (author, member, operator) = match new.author {
        Author::Contact => ("contact", None, None),
        Author::Assistant => ("assistant", None, None),
        Author::Member(member) => ("member", Some(member), None),
        Author::Operator(operator) => ("member", None, Some(operator)),
    };
    sql::run(
        conn,
        "INSERT INTO messages
             (workspace_id, id, conversation_id, seq, author, member_id, text, outcome, citations, engine,
              operator_id, operator_name, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            workspace.0.into_bytes(),
            new.id.0.into_bytes(),
            new.conversation_id.0.into_bytes(),
            sql::signed(seq),
            author,
            member.map(|member| member.0.into_bytes()),
            new.text,
            new.outcome.map(|outcome| sql::word(&outcome)).transpose()?,
            sql::json(&new.citations)?,
            new.engine,
            operator,
            new.operator,
            new.now.0
        ],
    )?;
    Ok(Message {
        id: new.id,
        conversation_id: new.conversation_id,
        seq,
        author: new.author,
        text: new.text.to_owned(),
        outcome: new.outcome,
        citations: new.citations.to_vec(),
        engine: new.engine.to_owned(),
        operator: new.operator.to_owned(),
        answered_by: None,
        edited_at: None,
        created_at: new.now,
    })
}

/// One message, if this workspace has it.
pub(crate) fn one(
    conn: &Connection,
    workspace: WorkspaceId,
    id: MessageId,
) -> Result<Option<Message>, StoreError> {
    sql::one(
        conn,
        &format!("SELECT {MESSAGE} FROM messages WHERE workspace_id = ?1 AND id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Message, StoreError> {
    let member = sql::maybe_id_at(row, 4)?.map(MemberId);
    let operator: Option<i64> = row.get(11)?;
    let author = match (row.get_ref(3)?.as_str(), member, operator) {
        (Ok("contact"), ..) => Author::Contact,
        (Ok("assistant"), ..) => Author::Assistant,
        (Ok("member"), Some(member), _) => Author::Member(member),
        (Ok("member"), None, Some(operator)) => Author::Operator(operator),
        _ => return Err(StoreError::Unreadable("a message's author".to_owned())),
    };
    let outcome = match row.get::<_, Option<String>>(6)? {
        Some(outcome) => Some(sql::from_word(outcome)?),
        None => None,
    };
    Ok(Message {
        id: MessageId(sql::id_at(row, 0)?),
        conversation_id: ConversationId(sql::id_at(row, 1)?),
        seq: sql::count_at(row, 2)?,
        author,
        text: row.get(5)?,
        outcome,
        citations: sql::json_at(row, 7)?,
        engine: row.get(8)?,
        operator: row.get(12)?,
        answered_by: sql::maybe_id_at(row, 9)?.map(MessageId),
        edited_at: row.get::<_, Option<i64>>(13)?.map(Timestamp),
        created_at: sql::time_at(row, 10)?,
    })
}
