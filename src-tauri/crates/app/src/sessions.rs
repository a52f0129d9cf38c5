//! A member's own sessions: where they are signed in, and ending what is not theirs any more.

use domain::device::Device;
use domain::id::SessionId;
use store::sessions::Session;

use crate::App;
use crate::error::Result;
use crate::who::Who;

/// A place where a member is signed in.
#[derive(Debug, Clone)]
pub struct SignedInAt {
    /// The session.
    pub session: Session,
    /// The browser and system, as far as they are known.
    pub device: Device,
    /// True for the one that asks.
    pub is_this: bool,
}

impl App {
    /// Where the member is signed in, the place used last first.
    pub async fn sessions(&self, who: &Who) -> Result<Vec<SignedInAt>> {
        let sessions = self
            .inner
            .store
            .sessions_of(who.member.id, self.now())
            .await?;
        let seen = sessions.into_iter().map(|session| SignedInAt {
            device: Device::of(&session.user_agent),
            is_this: Some(session.id) == who.session_id,
            session,
        });
        Ok(seen.collect())
    }

    /// Ends one of the member's own sessions.
    pub async fn end_session(&self, who: &Who, id: SessionId) -> Result<()> {
        self.inner.store.end_session_of(who.member.id, id).await?;
        Ok(())
    }

    /// Ends all of the member's own sessions but the one that asks.
    pub async fn end_other_sessions(&self, who: &Who) -> Result<()> {
        self.inner
            .store
            .end_sessions(who.member.id, who.session_id)
            .await?;
        Ok(())
    }
}
