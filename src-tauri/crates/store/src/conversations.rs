//! Conversations.

use domain::conversation::{ChannelKind, Conversation};
use domain::id::{AssistantId, ConversationId};
use domain::time::Timestamp;

use crate::Workspace;
use crate::error::StoreError;
use crate::page::{Cursor, Page};

/// Which conversations a list has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Only of this channel.
    pub channel: Option<ChannelKind>,
    /// Only of this assistant.
    pub assistant_id: Option<AssistantId>,
}

impl Workspace {
    /// Conversations, the last one that somebody said something in first.
    pub async fn conversations(
        &self,
        filter: ConversationFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Conversation>, StoreError> {
        crate::soon()
    }

    /// One conversation.
    pub async fn conversation(&self, id: ConversationId) -> Result<Conversation, StoreError> {
        crate::soon()
    }

    /// Who writes in it, in the channel's own terms.
    pub async fn conversation_peer(&self, id: ConversationId) -> Result<String, StoreError> {
        crate::soon()
    }

    /// Removes a conversation with everything said in it.
    pub async fn remove_conversation(
        &self,
        id: ConversationId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }
}
