//! Answers: the one transaction that says something back.

use domain::answer::{Citation, Outcome, Usage};
use domain::conversation::Message;
use domain::id::{ConversationId, JobId, MessageId, OutboxId};
use domain::job::Lease;
use domain::time::Timestamp;
use domain::trace::Trace;

use crate::error::StoreError;
use crate::{Applied, Workspace};

/// An answer that is to be kept.
#[derive(Debug, Clone)]
pub struct CommitAnswer {
    /// Where.
    pub conversation_id: ConversationId,
    /// The contact's messages that it answers.
    pub answers: Vec<MessageId>,
    /// Id of the answer's message; the same one twice is one answer.
    pub message_id: MessageId,
    /// What is said.
    pub text: String,
    /// What was decided.
    pub outcome: Outcome,
    /// The proof.
    pub citations: Vec<Citation>,
    /// Which engine wrote it.
    pub engine: String,
    /// Why it is what it is.
    pub trace: Trace,
    /// What it used up.
    pub usage: Usage,
    /// The delivery, for channels that need one.
    pub outbox: Option<OutboxId>,
    /// For the job that answers what arrived meanwhile.
    pub next_job: JobId,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed {
    /// The message as it is kept.
    pub message: Message,
    /// `AlreadyApplied` when it was kept before.
    pub applied: Applied,
}

impl Workspace {
    /// Keeps an answer: message, answered marks, trace, usage, delivery, event; the job is done, and a
    /// fresh one waits when messages arrived meanwhile. All or nothing. `Conflict` when none of `answers`
    /// is unanswered any more.
    pub async fn commit_answer(
        &self,
        lease: &Lease,
        answer: CommitAnswer,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        crate::soon()
    }

    /// Why an answer is what it is; `None` for messages that are no answers.
    pub async fn trace(&self, message_id: MessageId) -> Result<Option<Trace>, StoreError> {
        crate::soon()
    }
}
