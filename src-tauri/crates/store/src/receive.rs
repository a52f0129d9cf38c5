//! Receiving: the one transaction that takes a message in.

use domain::conversation::{Conversation, Incoming};
use domain::id::{ContactId, ConversationId, JobId, MessageId};
use domain::language::Language;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::{Applied, Workspace};

/// Ids for what receiving may have to make.
#[derive(Debug, Clone, Copy)]
pub struct ReceiveIds {
    /// For a contact who writes for the first time.
    pub contact: ContactId,
    /// For a conversation that begins.
    pub conversation: ConversationId,
    /// For the message.
    pub message: MessageId,
    /// For the job that answers.
    pub job: JobId,
}

/// What became of an incoming message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The message; of a repetition, the first one.
    pub message_id: MessageId,
    /// `AlreadyApplied` for a repetition.
    pub applied: Applied,
}

impl Workspace {
    /// Takes a message in: contact, conversation, message and the job that answers, all or nothing. The
    /// same channel, assistant, peer and external id twice is one message.
    pub async fn receive(
        &self,
        incoming: Incoming,
        ids: ReceiveIds,
        language: Language,
        now: Timestamp,
    ) -> Result<Received, StoreError> {
        crate::soon()
    }

    /// Begins a conversation before anything is said. Later messages of `peer` to this assistant arrive in
    /// it. `conversation.contact_id` is for a peer who is new.
    pub async fn create_conversation(
        &self,
        conversation: Conversation,
        peer: &str,
    ) -> Result<Conversation, StoreError> {
        crate::soon()
    }
}
