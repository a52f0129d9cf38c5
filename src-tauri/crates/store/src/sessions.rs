//! Sessions: signed-in browsers and windows. Only hashes of their tokens are kept.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::id::{MemberId, SessionId};
use domain::member::Member;
use domain::time::Timestamp;
use rusqlite::{Connection, params};
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
    /// The address it was begun from; empty when that was not kept.
    pub address: String,
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
/// Sessions that a list has at most.
const MOST_LISTED: u32 = 200;
/// Its use is noted this often, in seconds.
const NOTED_SECONDS: i64 = 60;

impl Store {
    /// Begins a session. `NotFound` when there is no such member. Where nothing can be written (the disk is
    /// full or fails, the database is damaged) it is kept in memory and ends with the program, so that people
    /// can sign in and see what is wrong.
    pub async fn create_session(&self, session: Session) -> Result<(), StoreError> {
        let kept = session.clone();
        match self.write_session(session).await {
            Err(error @ (StoreError::Full | StoreError::Io(_) | StoreError::Corrupt(_))) => {
                if self.member(kept.member_id).await?.is_none() {
                    return Err(StoreError::NotFound);
                }
                tracing::warn!(%error, "a session is kept in memory only");
                self.inner.passing.keep(kept);
                Ok(())
            }
            written => written,
        }
    }

    async fn write_session(&self, session: Session) -> Result<(), StoreError> {
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
                     (id, workspace_id, member_id, token_hash, user_agent, kind, created_at, last_seen_at, address)
                 SELECT ?1, workspace_id, id, ?3, ?4, ?5, ?6, ?7, ?8 FROM members WHERE id = ?2",
                params![
                    session.id.0.into_bytes(),
                    session.member_id.0.into_bytes(),
                    session.token_hash,
                    session.user_agent,
                    sql::word(&session.kind)?,
                    session.created_at.0,
                    session.last_seen_at.0,
                    session.address
                ],
            )?;
            if begun == 0 {
                return Err(StoreError::NotFound);
            }
            seen(tx.conn, session.member_id, session.last_seen_at)
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
                            s.id, s.user_agent, s.kind, s.created_at, s.last_seen_at, s.address
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
                            address: row.get(11)?,
                        };
                        Ok((session, member))
                    },
                )
            })
            .await?;
        let Some((mut session, member)) = found else {
            return self.passing_session(token_hash, now).await;
        };
        if session.last_seen_at.plus_seconds(NOTED_SECONDS) <= now {
            let noted = self.note_use(&session, now).await;
            match noted {
                Ok(()) => session.last_seen_at = now,
                Err(error) => tracing::warn!(%error, "the use of a session could not be noted"),
            }
        }
        Ok(Some((session, member)))
    }

    /// The session of a token that is kept in memory only.
    async fn passing_session(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Session, Member)>, StoreError> {
        let Some(session) = self.inner.passing.find(token_hash, now) else {
            return Ok(None);
        };
        let member = self.member(session.member_id).await?;
        Ok(member.map(|(member, _)| (session, member)))
    }

    /// Ends a session; nothing happens when it is over already.
    pub async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        if self.inner.passing.end(|session| session.id == id) {
            return Ok(());
        }
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
        self.inner
            .passing
            .end(|session| session.member_id == member_id && Some(session.id) != except);
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

    /// The sessions of a member that are not over, the one used last first; those in memory only are not listed.
    pub async fn sessions_of(
        &self,
        member_id: MemberId,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        self.read(move |conn| {
            sql::many(
                conn,
                "SELECT id, token_hash, user_agent, kind, created_at, last_seen_at, address FROM sessions
                 WHERE member_id = ?1 AND last_seen_at >= ?2 AND created_at >= ?3
                 ORDER BY last_seen_at DESC, id DESC LIMIT ?4",
                params![
                    member_id.0.into_bytes(),
                    now.plus_seconds(-IDLE_SECONDS).0,
                    now.plus_seconds(-LONGEST_SECONDS).0,
                    MOST_LISTED
                ],
                |row| {
                    Ok(Session {
                        id: SessionId(sql::id_at(row, 0)?),
                        member_id,
                        token_hash: row.get(1)?,
                        user_agent: row.get(2)?,
                        kind: sql::word_at(row, 3)?,
                        created_at: sql::time_at(row, 4)?,
                        last_seen_at: sql::time_at(row, 5)?,
                        address: row.get(6)?,
                    })
                },
            )
        })
        .await
    }

    /// Ends a session of this member. `NotFound` when it is not theirs or over.
    pub async fn end_session_of(
        &self,
        member_id: MemberId,
        id: SessionId,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            let ended = sql::run(
                tx.conn,
                "DELETE FROM sessions WHERE id = ?1 AND member_id = ?2",
                params![id.0.into_bytes(), member_id.0.into_bytes()],
            )?;
            match ended {
                0 => Err(StoreError::NotFound),
                _ => Ok(()),
            }
        })
        .await
    }

    async fn note_use(&self, session: &Session, now: Timestamp) -> Result<(), StoreError> {
        let (id, member_id) = (session.id, session.member_id);
        self.write(move |tx| {
            sql::run(
                tx.conn,
                "UPDATE sessions SET last_seen_at = max(last_seen_at, ?2) WHERE id = ?1",
                params![id.0.into_bytes(), now.0],
            )?;
            seen(tx.conn, member_id, now)
        })
        .await
    }
}

/// Notes that a member was here.
fn seen(conn: &Connection, member_id: MemberId, now: Timestamp) -> Result<(), StoreError> {
    sql::run(
        conn,
        "UPDATE members SET last_seen_at = max(coalesce(last_seen_at, 0), ?2) WHERE id = ?1",
        params![member_id.0.into_bytes(), now.0],
    )?;
    Ok(())
}

/// Sessions that could not be written, the oldest first.
#[derive(Default)]
pub(crate) struct Passing(Mutex<Vec<Session>>);

/// Sessions kept in memory at most.
const MOST_PASSING: usize = 100;

impl Passing {
    fn keep(&self, session: Session) {
        let mut kept = self.all();
        if kept.len() >= MOST_PASSING {
            kept.remove(0);
        }
        kept.push(session);
    }

    fn find(&self, token_hash: [u8; 32], now: Timestamp) -> Option<Session> {
        let mut kept = self.all();
        let session = kept
            .iter_mut()
            .find(|session| session.token_hash == token_hash)?;
        let is_over = session.last_seen_at.plus_seconds(IDLE_SECONDS) < now
            || session.created_at.plus_seconds(LONGEST_SECONDS) < now;
        if is_over {
            return None;
        }
        session.last_seen_at = session.last_seen_at.max(now);
        Some(session.clone())
    }

    /// Ends those; true when there was one.
    pub(crate) fn end(&self, is_over: impl Fn(&Session) -> bool) -> bool {
        let mut kept = self.all();
        let before = kept.len();
        kept.retain(|session| !is_over(session));
        kept.len() < before
    }

    fn all(&self) -> MutexGuard<'_, Vec<Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
