//! Sessions: signed-in browsers and windows. Only hashes of their tokens are kept.

use domain::id::{MemberId, SessionId};
use domain::member::Member;
use domain::time::Timestamp;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::{Store, members, sql};

/// A signed-in browser or window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub member_id: MemberId,
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Browser or window.
    pub kind: SessionKind,
}

/// Where a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// A browser.
    Browser,
    /// The program's own window.
    Window,
}

/// A session unused for so many seconds is over: 12 hours.
pub const IDLE_SECONDS: i64 = 12 * 3_600;
/// A session this many seconds old is over: 30 days.
pub const LONGEST_SECONDS: i64 = 30 * 86_400;
/// Its use is noted this often, in seconds.
const NOTED_SECONDS: i64 = 60;

impl Store {
    /// Begins a session. `NotFound` when there is no such member.
    pub async fn create_session(&self, session: Session) -> Result<(), StoreError> {
        self.write(move |tx| {
            // Sessions that are over are of no use to anybody.
            sql::run(
                tx.conn,
                "DELETE FROM sessions WHERE last_seen_at < ?1 OR created_at < ?2",
                params![
                    session.created_at.plus_seconds(-IDLE_SECONDS).0,
                    session.created_at.plus_seconds(-LONGEST_SECONDS).0
                ],
            )?;
            let begun = sql::run(
                tx.conn,
                "INSERT INTO sessions
                     (id, workspace_id, member_id, token_hash, user_agent, kind, created_at, last_seen_at)
                 SELECT ?1, workspace_id, id, ?3, ?4, ?5, ?6, ?7 FROM members WHERE id = ?2",
                params![
                    session.id.0.into_bytes(),
                    session.member_id.0.into_bytes(),
                    session.token_hash,
                    session.user_agent,
                    sql::word(&session.kind)?,
                    session.created_at.0,
                    session.last_seen_at.0
                ],
            )?;
            match begun {
                0 => Err(StoreError::NotFound),
                _ => Ok(()),
            }
        })
        .await
    }

    /// The session of a token and its member, unless it is over. Notes the use at most once a minute; a
    /// full disk does not end sessions.
    pub async fn session(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Session, Member)>, StoreError> {
        let found = self
            .read(move |conn| {
                sql::one(
                    conn,
                    "SELECT m.id, m.workspace_id, m.email, m.name, m.role, m.created_at,
                            s.id, s.user_agent, s.kind, s.created_at, s.last_seen_at
                     FROM sessions s JOIN members m ON m.id = s.member_id
                     WHERE s.token_hash = ?1 AND s.last_seen_at >= ?2 AND s.created_at >= ?3",
                    params![
                        token_hash,
                        now.plus_seconds(-IDLE_SECONDS).0,
                        now.plus_seconds(-LONGEST_SECONDS).0
                    ],
                    |row| {
                        let member = members::read(row)?;
                        let session = Session {
                            id: SessionId(sql::id_at(row, 6)?),
                            member_id: member.id,
                            token_hash,
                            created_at: sql::time_at(row, 9)?,
                            last_seen_at: sql::time_at(row, 10)?,
                            user_agent: row.get(7)?,
                            kind: sql::word_at(row, 8)?,
                        };
                        Ok((session, member))
                    },
                )
            })
            .await?;
        let Some((mut session, member)) = found else {
            return Ok(None);
        };
        if session.last_seen_at.plus_seconds(NOTED_SECONDS) <= now {
            let noted = self.note_use(session.id, now).await;
            match noted {
                Ok(()) => session.last_seen_at = now,
                Err(error) => tracing::warn!(%error, "the use of a session could not be noted"),
            }
        }
        Ok(Some((session, member)))
    }

    /// Ends a session; nothing happens when it is over already.
    pub async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.write(move |tx| {
            sql::run(
                tx.conn,
                "DELETE FROM sessions WHERE id = ?1",
                [id.0.into_bytes()],
            )?;
            Ok(())
        })
        .await
    }

    /// Ends all sessions of a member but one.
    pub async fn end_sessions(
        &self,
        member_id: MemberId,
        except: Option<SessionId>,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            sql::run(
                tx.conn,
                "DELETE FROM sessions WHERE member_id = ?1 AND id IS NOT ?2",
                params![member_id.0.into_bytes(), except.map(|id| id.0.into_bytes())],
            )?;
            Ok(())
        })
        .await
    }

    async fn note_use(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx| {
            sql::run(
                tx.conn,
                "UPDATE sessions SET last_seen_at = max(last_seen_at, ?2) WHERE id = ?1",
                params![id.0.into_bytes(), now.0],
            )?;
            Ok(())
        })
        .await
    }
}
