//! Sessions: signed-in browsers and windows. Only hashes of their tokens are kept.

use domain::id::{MemberId, SessionId};
use domain::member::Member;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;

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

impl Store {
    /// Begins a session. `NotFound` when there is no such member.
    pub async fn create_session(&self, session: Session) -> Result<(), StoreError> {
        crate::soon()
    }

    /// The session of a token and its member, unless it is over. Notes the use at most once a minute; a
    /// full disk does not end sessions.
    pub async fn session(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Session, Member)>, StoreError> {
        crate::soon()
    }

    /// Ends a session; nothing happens when it is over already.
    pub async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        crate::soon()
    }

    /// Ends all sessions of a member but one.
    pub async fn end_sessions(
        &self,
        member_id: MemberId,
        except: Option<SessionId>,
    ) -> Result<(), StoreError> {
        crate::soon()
    }
}
