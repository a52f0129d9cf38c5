//! Ratings: what customers think of answers.

use domain::conversation::{Author, ChannelKind};
use domain::delivery::Rating;
use domain::event::Topic;
use domain::id::{ConversationId, MessageId, WorkspaceId};
use domain::qa::Qa;
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::page::{Cursor, MAX_PAGE, Page, bounded};
use crate::updates::UpdateKey;
use crate::writer::Tx;
use crate::{Applied, Workspace, conversations, messages, qa, sql, updates};

/// An answer that its customer was not content with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowRated {
    /// The answer's message.
    pub message_id: MessageId,
    /// Where.
    pub conversation_id: ConversationId,
    /// The channel.
    pub channel: ChannelKind,
    /// What was asked.
    pub question: String,
    /// What was answered.
    pub answer: String,
    /// When it was rated.
    pub at: Timestamp,
}

/// What becomes of a low-rated answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// It is dealt with.
    Done,
    /// It is to be looked at again.
    Again,
}

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
                 ON CONFLICT (workspace_id, message_id) DO UPDATE SET rating = excluded.rating, at = excluded.at,
                     reviewed_at = NULL
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
            tx.event(workspace, Topic::Improve, message_id, now)?;
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

    /// Low-rated answers that nobody has dealt with, the last rated first.
    pub async fn low_rated(
        &self,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<LowRated>, StoreError> {
        let limit = bounded(limit);
        self.read(move |conn, workspace| {
            let after = after.unwrap_or(Cursor::NEWEST);
            let rows = sql::many(
                conn,
                "SELECT r.message_id, r.at, m.text, m.conversation_id, v.channel,
                     coalesce((SELECT q.text FROM messages q WHERE q.workspace_id = ?1
                          AND q.conversation_id = m.conversation_id AND q.seq < m.seq AND q.author = 'contact'
                          ORDER BY q.seq DESC LIMIT 1), '')
                 FROM ratings r INDEXED BY ratings_low
                 JOIN messages m ON m.workspace_id = ?1 AND m.id = r.message_id
                 JOIN conversations v ON v.workspace_id = ?1 AND v.id = m.conversation_id
                 WHERE r.workspace_id = ?1 AND r.rating = 'bad' AND r.reviewed_at IS NULL
                   AND (r.at, r.message_id) < (?2, ?3)
                 ORDER BY r.at DESC, r.message_id DESC LIMIT ?4",
                params![
                    workspace.0.into_bytes(),
                    after.at,
                    after.id.into_bytes(),
                    limit + 1
                ],
                |row| {
                    Ok(LowRated {
                        message_id: MessageId(sql::id_at(row, 0)?),
                        at: sql::time_at(row, 1)?,
                        answer: row.get(2)?,
                        conversation_id: ConversationId(sql::id_at(row, 3)?),
                        channel: sql::word_at(row, 4)?,
                        question: row.get(5)?,
                    })
                },
            )?;
            Ok(Page::cut(rows, limit, |row| Cursor {
                at: row.at.0,
                id: row.message_id.0,
            }))
        })
        .await
    }

    /// Says that a low-rated answer was dealt with, or brings it back.
    pub async fn review(
        &self,
        message_id: MessageId,
        review: Review,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| reviewed(tx, workspace, message_id, review, now))
            .await
    }

    /// Keeps a Q&A instead of a low-rated answer, which is dealt with by it. `Full` as in [`Workspace::put_qa`].
    pub async fn answer_rated(
        &self,
        message_id: MessageId,
        qa: Qa,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            qa::put(tx, workspace, &qa, now)?;
            reviewed(tx, workspace, message_id, Review::Done, now)
        })
        .await
    }
}

fn reviewed(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    message_id: MessageId,
    review: Review,
    now: Timestamp,
) -> Result<(), StoreError> {
    let at = match review {
        Review::Done => Some(now.0),
        Review::Again => None,
    };
    let changed = sql::run(
        tx.conn,
        "UPDATE ratings SET reviewed_at = ?3 WHERE workspace_id = ?1 AND message_id = ?2 AND rating = 'bad'",
        params![workspace.0.into_bytes(), message_id.0.into_bytes(), at],
    )?;
    if changed == 0 {
        return Err(StoreError::NotFound);
    }
    tx.event(workspace, Topic::Improve, message_id, now)
}
