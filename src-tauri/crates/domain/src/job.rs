//! Slow or failing work, kept as rows.

use serde::{Deserialize, Serialize};

use crate::id::{
    AttachmentId, ConversationId, DocumentId, InvitationId, JobId, SourceId, WorkspaceId,
};
use crate::time::Timestamp;

/// What is to be done. Each can run twice without harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// Read a document into passages.
    Read {
        /// Which one.
        document_id: DocumentId,
    },
    /// Give the workspace's passages their vectors.
    Embed,
    /// Answer what is unanswered in a conversation.
    Answer {
        /// Which one.
        conversation_id: ConversationId,
    },
    /// Fetch a file that a customer sent.
    Fetch {
        /// Which one.
        attachment_id: AttachmentId,
    },
    /// Send an invitation's letter.
    Invite {
        /// Which one.
        invitation_id: InvitationId,
    },
    /// Look through a followed source.
    Follow {
        /// Which one.
        source_id: SourceId,
    },
}

impl Task {
    /// Jobs of one key run one at a time, in order.
    pub fn key(&self) -> String {
        match self {
            Task::Read { document_id } => format!("read:{document_id}"),
            Task::Embed => "embed".to_owned(),
            Task::Answer { conversation_id } => format!("answer:{conversation_id}"),
            Task::Fetch { attachment_id } => format!("fetch:{attachment_id}"),
            Task::Invite { invitation_id } => format!("invite:{invitation_id}"),
            Task::Follow { source_id } => format!("follow:{source_id}"),
        }
    }

    /// Which workers take it.
    pub fn lane(&self) -> Lane {
        match self {
            Task::Read { .. } => Lane::Read,
            Task::Embed => Lane::Embed,
            Task::Answer { .. } => Lane::Answer,
            Task::Fetch { .. } => Lane::Fetch,
            Task::Invite { .. } => Lane::Mail,
            Task::Follow { .. } => Lane::Follow,
        }
    }
}

/// Workers of a lane take only its jobs, so that answers never wait for documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Answers to people.
    Answer,
    /// Reading documents.
    Read,
    /// Vectors.
    Embed,
    /// Files of customers.
    Fetch,
    /// Letters.
    Mail,
    /// Looking through sites and folders.
    Follow,
}

/// A job as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// What.
    pub task: Task,
    /// How far.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it failed last; empty when it did not.
    pub reason: String,
    /// When it may run next.
    pub run_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits.
    Queued,
    /// A worker has it.
    Running,
    /// Tried too often: needs a person.
    Dead,
}

/// A job that a worker holds: whoever finishes it must show the same epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: Job,
    /// Grows with each lease of the job; an older epoch is refused.
    pub epoch: u64,
}

/// How often a job is tried before it is dead.
pub const MAX_ATTEMPTS: u32 = 6;
