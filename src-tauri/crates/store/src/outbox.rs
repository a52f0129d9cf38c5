//! The outbox: messages on their way to channels that deliver. Never lost; says when it may have repeated.

use domain::conversation::ChannelKind;
use domain::id::{ConversationId, MessageId, OutboxId, WorkspaceId};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;

/// How far a delivery has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// Waits.
    Queued,
    /// Being sent.
    Sending,
    /// Taken by the channel.
    Sent,
    /// The sending was cut off: it may have arrived.
    Uncertain,
    /// The channel refused it for good.
    Failed,
}

/// A message that is being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its delivery.
    pub id: OutboxId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// By which channel.
    pub channel: ChannelKind,
    /// To whom, in the channel's terms.
    pub peer: String,
    /// What is said.
    pub text: String,
    /// Grows with each lease; an older one is refused.
    pub epoch: u64,
}

impl Store {
    /// The next message to send by a channel: in order within a conversation, one at a time.
    pub async fn lease_outgoing(
        &self,
        channel: ChannelKind,
        now: Timestamp,
    ) -> Result<Option<Outgoing>, StoreError> {
        crate::soon()
    }

    /// It was taken by the channel.
    pub async fn outgoing_sent(
        &self,
        outgoing: &Outgoing,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }

    /// The sending was cut off: it may have arrived.
    pub async fn outgoing_uncertain(
        &self,
        outgoing: &Outgoing,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }

    /// The channel refused it for good.
    pub async fn outgoing_failed(
        &self,
        outgoing: &Outgoing,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }

    /// The channel asks to wait: it certainly did not arrive and is sent again at `run_at`.
    pub async fn outgoing_later(
        &self,
        outgoing: &Outgoing,
        run_at: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }
}
