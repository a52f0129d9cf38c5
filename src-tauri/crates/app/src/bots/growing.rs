//! Answers that a messenger shows while they grow, and the moments its runner waits for.

use std::time::Duration;

use domain::id::{ConversationId, WorkspaceId};
use domain::time::Timestamp;

use crate::App;
use crate::error::Result;

impl App {
    /// The moment `wait` from now, by the app's clock.
    pub fn now_and(&self, wait: Duration) -> Timestamp {
        let milliseconds = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 1_000);
        self.now().plus_milliseconds(milliseconds)
    }

    /// The customer stopped the answer that grows in their chat: what was shown so far stands as the answer.
    /// Nothing when it stood already.
    pub async fn stop_growing(&self, workspace: WorkspaceId, id: ConversationId) -> Result<()> {
        let asked = self.workspace(workspace).unanswered(id).await?;
        match asked.first() {
            Some(question) => {
                self.stop_question(workspace, id, question.id).await?;
                Ok(())
            }
            None => Ok(()),
        }
    }
}
