//! Unanswered questions: what the knowledge could not answer, in groups of one meaning.
//!
//! Not here: which questions mean the same (the app says it), and what a Q&A is (`qa`).

use domain::conversation::ChannelKind;
use domain::event::Topic;
use domain::id::{ConversationId, MessageId, QaId, UnansweredId, WorkspaceId};
use domain::language::Language;
use domain::qa::Qa;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::page::{Cursor, Page, bounded};
use crate::writer::Tx;
use crate::{Applied, Workspace, conversations, qa, sql, vectors};

/// The most groups that a new question is compared with.
const COMPARED: u32 = 1_000;

/// A question that nothing in the knowledge answered.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUnanswered {
    /// Its group: one that is there, or a fresh id for a group of its own.
    pub group: UnansweredId,
    /// The question made whole.
    pub question: String,
    /// Its language.
    pub language: Language,
    /// Whose vector it is; empty for none.
    pub embedder: String,
    /// The question's vector; kept when the group is new.
    pub vector: Vec<f32>,
}

/// Where a group stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnansweredState {
    /// It waits for somebody.
    Open,
    /// A Q&A answers it.
    Answered,
    /// It is not the business's to answer; it is still counted.
    Dismissed,
}

/// Questions of one meaning, as a list shows them.
#[derive(Debug, Clone, PartialEq)]
pub struct UnansweredRow {
    /// The group.
    pub id: UnansweredId,
    /// Where it stands.
    pub state: UnansweredState,
    /// The question as it was asked last.
    pub question: String,
    /// How often it was asked.
    pub asked: u64,
    /// When it was asked last.
    pub last_at: Timestamp,
    /// Where it was asked last.
    pub conversation_id: ConversationId,
    /// The languages it was asked in.
    pub languages: Vec<Language>,
    /// The channels it was asked through.
    pub channels: Vec<ChannelKind>,
    /// What a person replied after it.
    pub reply: Option<Replied>,
    /// The Q&A that answers it.
    pub qa_id: Option<QaId>,
}

/// What a person replied after a question that was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replied {
    /// Their words: the longest of the first messages.
    pub text: String,
    /// Where.
    pub conversation_id: ConversationId,
    /// Their name.
    pub by: String,
}

/// A group that a new question is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownUnanswered {
    /// The group.
    pub id: UnansweredId,
    /// Its question as it was asked last.
    pub question: String,
    /// Whose vector it has; empty for none.
    pub embedder: String,
    /// The vector of the question that was asked first.
    pub vector: Vec<f32>,
}

impl Workspace {
    /// Groups of a state, those asked most often first; with `replied` only those that a person replied to.
    pub async fn unanswered_list(
        &self,
        state: UnansweredState,
        replied: bool,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<UnansweredRow>, StoreError> {
        let limit = bounded(limit);
        self.read(move |conn, workspace| {
            let after = after.unwrap_or(Cursor::NEWEST);
            let only = if replied {
                "AND u.reply_id IS NOT NULL"
            } else {
                ""
            };
            let rows = sql::many(
                conn,
                &shown(&format!(
                    "u.state = ?2 {only} AND (u.asked, u.id) < (?3, ?4)
                     ORDER BY u.asked DESC, u.id DESC LIMIT ?5"
                )),
                params![
                    workspace.0.into_bytes(),
                    sql::word(&state)?,
                    after.at,
                    after.id.into_bytes(),
                    limit + 1
                ],
                read,
            )?;
            Ok(Page::cut(rows, limit, |row| Cursor {
                at: sql::signed(row.asked),
                id: row.id.0,
            }))
        })
        .await
    }

    /// One group.
    pub async fn unanswered_one(&self, id: UnansweredId) -> Result<UnansweredRow, StoreError> {
        self.read(move |conn, workspace| the(conn, workspace, id))
            .await
    }

    /// The groups that a new question is compared with: those that no Q&A answers, asked last first, at most
    /// 1,000.
    pub async fn known_unanswered(&self) -> Result<Vec<KnownUnanswered>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                "SELECT u.id, u.embedder, u.vector,
                     (SELECT a.question FROM unanswered_asked a WHERE a.workspace_id = ?1
                          AND a.unanswered_id = u.id ORDER BY a.at DESC LIMIT 1)
                 FROM unanswered u WHERE u.workspace_id = ?1 AND u.state <> 'answered'
                 ORDER BY u.last_at DESC LIMIT ?2",
                params![workspace.0.into_bytes(), COMPARED],
                |row| {
                    Ok(KnownUnanswered {
                        id: UnansweredId(sql::id_at(row, 0)?),
                        embedder: row.get(1)?,
                        vector: vectors::from_bytes(&row.get::<_, Vec<u8>>(2)?),
                        question: row.get(3)?,
                    })
                },
            )
        })
        .await
    }

    /// Keeps a Q&A and marks the group as answered by it. `Conflict` when one answers it already, `Full` as in
    /// [`Workspace::put_qa`].
    pub async fn answer_unanswered(
        &self,
        id: UnansweredId,
        qa: Qa,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            if the(tx.conn, workspace, id)?.state == UnansweredState::Answered {
                return Err(StoreError::Conflict);
            }
            qa::put(tx, workspace, &qa, now)?;
            sql::run(
                tx.conn,
                "UPDATE unanswered SET state = 'answered', qa_id = ?3 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    qa.id.0.into_bytes()
                ],
            )?;
            tx.event(workspace, Topic::Improve, id, now)
        })
        .await
    }

    /// Marks an open group as not the business's to answer.
    pub async fn dismiss_unanswered(
        &self,
        id: UnansweredId,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.turn(id, UnansweredState::Open, UnansweredState::Dismissed, now)
            .await
    }

    /// Brings a dismissed group back.
    pub async fn return_unanswered(
        &self,
        id: UnansweredId,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.turn(id, UnansweredState::Dismissed, UnansweredState::Open, now)
            .await
    }

    /// Turns a group from one state to another; `Conflict` when it is in neither.
    async fn turn(
        &self,
        id: UnansweredId,
        from: UnansweredState,
        to: UnansweredState,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            let state = the(tx.conn, workspace, id)?.state;
            if state == to {
                return Ok(Applied::AlreadyApplied);
            }
            if state != from {
                return Err(StoreError::Conflict);
            }
            sql::run(
                tx.conn,
                "UPDATE unanswered SET state = ?3 WHERE workspace_id = ?1 AND id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes(), sql::word(&to)?],
            )?;
            tx.event(workspace, Topic::Improve, id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }
}

/// Counts a question that was not answered; a group that was answered is open again.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    conversation: ConversationId,
    asked: MessageId,
    new: &NewUnanswered,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_counted = sql::any(
        tx.conn,
        "SELECT 1 FROM unanswered_asked WHERE workspace_id = ?1 AND message_id = ?2",
        params![workspace.0.into_bytes(), asked.0.into_bytes()],
    )?;
    if is_counted {
        return Ok(());
    }
    let channel = conversations::the(tx.conn, workspace, conversation)?.channel;
    let known = sql::one(
        tx.conn,
        "SELECT languages, channels FROM unanswered WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), new.group.0.into_bytes()],
        |row| {
            Ok((
                sql::json_at::<Vec<Language>>(row, 0)?,
                sql::json_at::<Vec<ChannelKind>>(row, 1)?,
            ))
        },
    )?;
    let (mut languages, mut channels) = known.unwrap_or_default();
    if !languages.contains(&new.language) {
        languages.push(new.language);
    }
    if !channels.contains(&channel) {
        channels.push(channel);
    }
    sql::run(
        tx.conn,
        "INSERT INTO unanswered (workspace_id, id, state, asked, languages, channels, embedder, vector, last_at)
         VALUES (?1, ?2, 'open', 1, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (workspace_id, id) DO UPDATE SET asked = asked + 1, languages = excluded.languages,
             channels = excluded.channels, last_at = excluded.last_at,
             state = CASE state WHEN 'answered' THEN 'open' ELSE state END",
        params![
            workspace.0.into_bytes(),
            new.group.0.into_bytes(),
            sql::json(&languages)?,
            sql::json(&channels)?,
            new.embedder,
            vectors::to_bytes(&new.vector),
            now.0
        ],
    )?;
    sql::run(
        tx.conn,
        "INSERT INTO unanswered_asked (workspace_id, message_id, unanswered_id, conversation_id, question, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            workspace.0.into_bytes(),
            asked.0.into_bytes(),
            new.group.0.into_bytes(),
            conversation.0.into_bytes(),
            new.question,
            now.0
        ],
    )?;
    tx.event(workspace, Topic::Improve, new.group, now)
}

/// Remembers a person's first reply after a question that was not answered.
pub(crate) fn replied(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    conversation: ConversationId,
    reply: MessageId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let owner = workspace.0.into_bytes();
    let group = sql::one(
        tx.conn,
        "SELECT unanswered_id FROM unanswered_asked
         WHERE workspace_id = ?1 AND conversation_id = ?2 AND replied = 0 ORDER BY at DESC LIMIT 1",
        params![owner, conversation.0.into_bytes()],
        |row| Ok(UnansweredId(sql::id_at(row, 0)?)),
    )?;
    let Some(group) = group else {
        return Ok(());
    };
    sql::run(
        tx.conn,
        "UPDATE unanswered_asked SET replied = 1
         WHERE workspace_id = ?1 AND conversation_id = ?2 AND replied = 0",
        params![owner, conversation.0.into_bytes()],
    )?;
    sql::run(
        tx.conn,
        "UPDATE unanswered SET reply_id = ?3 WHERE workspace_id = ?1 AND id = ?2",
        params![owner, group.0.into_bytes(), reply.0.into_bytes()],
    )?;
    tx.event(workspace, Topic::Improve, group, now)
}

/// One group; `NotFound` when this workspace has no such one.
fn the(
    conn: &Connection,
    workspace: WorkspaceId,
    id: UnansweredId,
) -> Result<UnansweredRow, StoreError> {
    sql::the(
        conn,
        &shown("u.id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

/// The statement of a list, which walks the groups and looks the rest up by key. A person's reply often begins with a greeting, so the longest of their first messages
/// stands for it.
fn shown(which: &str) -> String {
    format!(
        "SELECT u.id, u.state, u.asked, u.languages, u.channels, u.last_at, u.qa_id, a.question,
             a.conversation_id, r.conversation_id, r.operator_name,
             (SELECT s.text FROM messages s WHERE s.workspace_id = ?1 AND s.conversation_id = r.conversation_id
                  AND s.author = 'member' AND s.seq BETWEEN r.seq AND r.seq + 5
                  ORDER BY length(s.text) DESC, s.seq LIMIT 1)
         FROM unanswered u
         CROSS JOIN unanswered_asked a ON a.workspace_id = ?1 AND a.message_id =
             (SELECT l.message_id FROM unanswered_asked l WHERE l.workspace_id = ?1 AND l.unanswered_id = u.id
              ORDER BY l.at DESC LIMIT 1)
         LEFT JOIN messages r ON r.workspace_id = ?1 AND r.id = u.reply_id
         WHERE u.workspace_id = ?1 AND {which}"
    )
}

fn read(row: &Row<'_>) -> Result<UnansweredRow, StoreError> {
    let replied_in = sql::maybe_id_at(row, 9)?;
    let reply = match replied_in {
        Some(conversation) => Some(Replied {
            conversation_id: ConversationId(conversation),
            by: row.get(10)?,
            text: row.get(11)?,
        }),
        None => None,
    };
    Ok(UnansweredRow {
        id: UnansweredId(sql::id_at(row, 0)?),
        state: sql::word_at(row, 1)?,
        asked: sql::count_at(row, 2)?,
        languages: sql::json_at(row, 3)?,
        channels: sql::json_at(row, 4)?,
        last_at: sql::time_at(row, 5)?,
        qa_id: sql::maybe_id_at(row, 6)?.map(QaId),
        question: row.get(7)?,
        conversation_id: ConversationId(sql::id_at(row, 8)?),
        reply,
    })
}
