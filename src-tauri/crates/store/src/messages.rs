//! Messages: what is said.

use domain::conversation::Message;
use domain::id::{ConversationId, MessageId};

use crate::Workspace;
use crate::error::StoreError;

impl Workspace {
    /// Up to `limit` messages before `before_seq` (the newest ones without it), oldest of them first.
    pub async fn messages(
        &self,
        conversation_id: ConversationId,
        before_seq: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError> {
        crate::soon()
    }

    /// One message.
    pub async fn message(&self, id: MessageId) -> Result<Message, StoreError> {
        crate::soon()
    }

    /// The contact's messages that nothing answers yet, oldest first, at most 200.
    pub async fn unanswered(
        &self,
        conversation_id: ConversationId,
    ) -> Result<Vec<Message>, StoreError> {
        crate::soon()
    }
}
