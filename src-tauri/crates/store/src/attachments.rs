//! What came with customers' messages. Its files are originals like those of documents, and go with their
//! conversation; none of it enters the knowledge by itself.

use domain::conversation::{Attachment, MAX_ATTACHMENT, MAX_ATTACHMENTS};
use domain::event::Topic;
use domain::id::{AttachmentId, ConversationId, JobId, MessageId, WorkspaceId};
use domain::job::Task;
use domain::language::Language;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::files::StoredFile;
use crate::writer::Tx;
use crate::{Applied, Workspace, jobs, sql};

/// How far an attachment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentState {
    /// Its file is to be fetched.
    Waiting,
    /// Its file is kept here.
    Kept,
    /// Its file is larger than the messenger gives to bots.
    TooLarge,
    /// Its file could not be fetched.
    Failed,
    /// It has no file.
    NoFile,
}

/// What became of listening to an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hearing {
    /// Nobody listened to it.
    NotYet,
    /// Words were heard.
    Words,
    /// No words could be made out.
    Nothing,
    /// It is longer than what is listened to.
    TooLong,
    /// It is damaged, or no recording of a kind that is known.
    Unreadable,
}

/// Something that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRow {
    /// Its id.
    pub id: AttachmentId,
    /// The message it came with.
    pub message_id: MessageId,
    /// That message's conversation.
    pub conversation_id: ConversationId,
    /// What it is.
    pub attachment: Attachment,
    /// How far it has come.
    pub state: AttachmentState,
    /// SHA-256 of its file; empty until it is kept.
    pub content_hash: String,
    /// What became of listening to it.
    pub hearing: Hearing,
    /// What was heard in it; empty where nothing was.
    pub transcript: String,
    /// The language of these words, as it was guessed.
    pub spoken: Language,
}

impl Workspace {
    /// What came with a message, at most 10.
    pub async fn attachments(
        &self,
        message_id: MessageId,
    ) -> Result<Vec<AttachmentRow>, StoreError> {
        self.read(move |conn, workspace| {
            sql::many(
                conn,
                &format!(
                    "SELECT {ATTACHMENT} WHERE a.workspace_id = ?1 AND a.message_id = ?2 ORDER BY a.id LIMIT {MAX_ATTACHMENTS}"
                ),
                params![workspace.0.into_bytes(), message_id.0.into_bytes()],
                read,
            )
        })
        .await
    }

    /// One attachment.
    pub async fn attachment(&self, id: AttachmentId) -> Result<AttachmentRow, StoreError> {
        self.read(move |conn, workspace| the(conn, workspace, id))
            .await
    }

    /// An attachment's file is here. `AlreadyApplied` when it was; `NotFound` when its conversation is gone.
    pub async fn attachment_kept(
        &self,
        id: AttachmentId,
        file: StoredFile,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            let before = the(tx.conn, workspace, id)?;
            if before.state == AttachmentState::Kept {
                return Ok(Applied::AlreadyApplied);
            }
            // Its file stays pinned until the row that refers to it is there.
            sql::run(
                tx.conn,
                "UPDATE attachments SET state = 'kept', content_hash = ?3, size = ?4
                 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    file.content_hash,
                    sql::signed(file.size)
                ],
            )?;
            tx.event(workspace, Topic::Conversation, before.conversation_id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// What was heard in an attachment: its words go into its message, behind those that came with it. `Conflict` when
    /// there are no words, `AlreadyApplied` when somebody listened before.
    pub async fn attachment_heard(
        &self,
        id: AttachmentId,
        transcript: &str,
        spoken: Language,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let transcript = transcript.to_owned();
        self.write(move |tx, workspace| {
            if transcript.is_empty() {
                return Err(StoreError::Conflict);
            }
            let before = the(tx.conn, workspace, id)?;
            if before.hearing != Hearing::NotYet {
                return Ok(Applied::AlreadyApplied);
            }
            sql::run(
                tx.conn,
                "UPDATE attachments SET hearing = ?3, transcript = ?4, spoken = ?5
                 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    sql::word(&Hearing::Words)?,
                    transcript,
                    spoken.code()
                ],
            )?;
            sql::run(
                tx.conn,
                "UPDATE messages SET text = CASE text WHEN '' THEN ?3 ELSE text || char(10) || ?3 END
                 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    before.message_id.0.into_bytes(),
                    transcript
                ],
            )?;
            tx.event(workspace, Topic::Conversation, before.conversation_id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// An attachment was listened to in vain. `Conflict` where the cause is none, `AlreadyApplied` when somebody
    /// listened before.
    pub async fn attachment_not_heard(
        &self,
        id: AttachmentId,
        cause: Hearing,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            if matches!(cause, Hearing::NotYet | Hearing::Words) {
                return Err(StoreError::Conflict);
            }
            let before = the(tx.conn, workspace, id)?;
            if before.hearing != Hearing::NotYet {
                return Ok(Applied::AlreadyApplied);
            }
            sql::run(
                tx.conn,
                "UPDATE attachments SET hearing = ?3 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    sql::word(&cause)?
                ],
            )?;
            tx.event(workspace, Topic::Conversation, before.conversation_id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// An attachment's file will not come: it is too large, could not be fetched, or is none. `Conflict` when it is
    /// here, or for another state.
    pub async fn attachment_failed(
        &self,
        id: AttachmentId,
        state: AttachmentState,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            let before = the(tx.conn, workspace, id)?;
            if before.state == state {
                return Ok(Applied::AlreadyApplied);
            }
            let is_failure = !matches!(state, AttachmentState::Kept | AttachmentState::Waiting);
            if before.state == AttachmentState::Kept || !is_failure {
                return Err(StoreError::Conflict);
            }
            sql::run(
                tx.conn,
                "UPDATE attachments SET state = ?3 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    sql::word(&state)?
                ],
            )?;
            tx.event(workspace, Topic::Conversation, before.conversation_id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }
}

/// Keeps what came with a message; those with a file that may be had get the job that fetches it.
pub(crate) fn take_in(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    message_id: MessageId,
    attachments: &[Attachment],
    ids: &[(AttachmentId, JobId)],
    now: Timestamp,
) -> Result<(), StoreError> {
    for (attachment, (id, job)) in attachments.iter().zip(ids).take(MAX_ATTACHMENTS) {
        let state = match (attachment.remote_file.is_empty(), attachment.size) {
            (true, _) => AttachmentState::NoFile,
            (false, 0..=MAX_ATTACHMENT) => AttachmentState::Waiting,
            _ => AttachmentState::TooLarge,
        };
        sql::run(
            tx.conn,
            "INSERT INTO attachments
                 (workspace_id, id, message_id, kind, remote_file, name, media_type, size, detail, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                workspace.0.into_bytes(),
                id.0.into_bytes(),
                message_id.0.into_bytes(),
                sql::word(&attachment.kind)?,
                attachment.remote_file,
                attachment.name,
                attachment.media_type,
                sql::signed(attachment.size),
                attachment.detail,
                sql::word(&state)?
            ],
        )?;
        if state == AttachmentState::Waiting {
            let task = Task::Fetch { attachment_id: *id };
            jobs::enqueue(tx, workspace, *job, &task, now)?;
        }
    }
    Ok(())
}

/// Its job failed for good: the file will not come. Nothing happens when the attachment is gone or has its file.
pub(crate) fn given_up(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: AttachmentId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let conversation_id = sql::one(
        tx.conn,
        "UPDATE attachments SET state = 'failed'
         WHERE workspace_id = ?1 AND id = ?2 AND state = 'waiting'
         RETURNING (SELECT conversation_id FROM messages m
                    WHERE m.workspace_id = attachments.workspace_id AND m.id = attachments.message_id)",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| Ok(ConversationId(sql::id_at(row, 0)?)),
    )?;
    match conversation_id {
        Some(conversation_id) => tx.event(workspace, Topic::Conversation, conversation_id, now),
        None => Ok(()),
    }
}

/// Its job runs once more by hand.
pub(crate) fn wait_again(
    conn: &Connection,
    workspace: WorkspaceId,
    id: AttachmentId,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "UPDATE attachments SET state = 'waiting'
         WHERE workspace_id = ?1 AND id = ?2 AND state = 'failed'",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
    )?;
    Ok(())
}

/// A conversation is about to go: its files are looked at, and nobody fetches any more.
pub(crate) fn let_go(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
) -> Result<(), StoreError> {
    let gone = sql::many(
        tx.conn,
        "SELECT a.id, a.state, a.content_hash FROM messages m
         JOIN attachments a ON a.workspace_id = m.workspace_id AND a.message_id = m.id
         WHERE m.workspace_id = ?1 AND m.conversation_id = ?2",
        params![workspace.0.into_bytes(), conversation_id.0.into_bytes()],
        |row| {
            let state: AttachmentState = sql::word_at(row, 1)?;
            let content_hash: String = row.get(2)?;
            Ok((AttachmentId(sql::id_at(row, 0)?), state, content_hash))
        },
    )?;
    for (attachment_id, state, content_hash) in gone {
        match state {
            AttachmentState::Kept => tx.after.loose_files.push(content_hash),
            _ => jobs::forget(tx, workspace, &Task::Fetch { attachment_id })?,
        }
    }
    Ok(())
}

/// What came with the messages of a conversation from number `first` to `last`.
pub(crate) fn between(
    conn: &Connection,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
    first: u64,
    last: u64,
) -> Result<Vec<AttachmentRow>, StoreError> {
    sql::many(
        conn,
        &format!(
            "SELECT {ATTACHMENT} WHERE m.workspace_id = ?1 AND m.conversation_id = ?2 AND m.seq BETWEEN ?3 AND ?4
             ORDER BY m.seq, a.id"
        ),
        params![
            workspace.0.into_bytes(),
            conversation_id.0.into_bytes(),
            sql::signed(first),
            sql::signed(last)
        ],
        read,
    )
}

const ATTACHMENT: &str =
    "a.id, a.message_id, m.conversation_id, a.kind, a.remote_file, a.name, a.media_type, a.size,
    a.detail, a.state, a.content_hash, a.hearing, a.transcript, a.spoken
    FROM attachments a JOIN messages m ON m.workspace_id = a.workspace_id AND m.id = a.message_id";

/// One attachment; `NotFound` when this workspace has no such one.
fn the(
    conn: &Connection,
    workspace: WorkspaceId,
    id: AttachmentId,
) -> Result<AttachmentRow, StoreError> {
    sql::the(
        conn,
        &format!("SELECT {ATTACHMENT} WHERE a.workspace_id = ?1 AND a.id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<AttachmentRow, StoreError> {
    Ok(AttachmentRow {
        id: AttachmentId(sql::id_at(row, 0)?),
        message_id: MessageId(sql::id_at(row, 1)?),
        conversation_id: ConversationId(sql::id_at(row, 2)?),
        attachment: Attachment {
            kind: sql::word_at(row, 3)?,
            remote_file: row.get(4)?,
            name: row.get(5)?,
            media_type: row.get(6)?,
            size: sql::count_at(row, 7)?,
            detail: row.get(8)?,
        },
        state: sql::word_at(row, 9)?,
        content_hash: row.get(10)?,
        hearing: sql::word_at(row, 11)?,
        transcript: row.get(12)?,
        spoken: Language::try_from(row.get::<_, String>(13)?).unwrap_or(Language::UNKNOWN),
    })
}
