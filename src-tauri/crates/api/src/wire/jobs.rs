//! Slow or failing work.

use domain::job;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::wire::{Id, Time};

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: Id,
    /// What is done.
    pub task: TaskKind,
    /// The document, conversation or invitation it is about; null for the whole workspace.
    #[schema(required)]
    pub subject: Option<Id>,
    /// How far it has come.
    pub state: JobState,
    /// How often it was tried.
    #[schema(example = 1)]
    pub attempts: u32,
    /// Why it failed last; empty when it did not.
    #[schema(example = "")]
    pub reason: String,
    /// When it may run next.
    pub run_at: Time,
    /// When it was made.
    pub created_at: Time,
}

/// The kinds of job.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "read")]
pub enum TaskKind {
    /// Read a document into passages.
    Read,
    /// Give passages their vectors.
    Embed,
    /// Answer what is unanswered in a conversation.
    Answer,
    /// Fetch a file that a customer sent.
    Fetch,
    /// Send an invitation's letter.
    Invite,
    /// Look through a followed source.
    Follow,
}

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "queued")]
pub enum JobState {
    /// Waits.
    Queued,
    /// A worker has it.
    Running,
    /// Tried too often: needs a person.
    Dead,
}

/// A page of jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Jobs {
    /// The jobs, newest first.
    pub items: Vec<Job>,
    /// `cursor` of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// Jobs that run again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retried {
    /// How many.
    #[schema(example = 3)]
    pub jobs: u64,
}

/// Which jobs are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobsQuery {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<JobState>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

impl From<job::Job> for Job {
    fn from(job: job::Job) -> Job {
        let (task, subject) = match job.task {
            job::Task::Read { document_id } => (TaskKind::Read, Some(Id::of(document_id))),
            job::Task::Embed => (TaskKind::Embed, None),
            job::Task::Fetch { attachment_id } => (TaskKind::Fetch, Some(Id::of(attachment_id))),
            job::Task::Invite { invitation_id } => (TaskKind::Invite, Some(Id::of(invitation_id))),
            job::Task::Follow { source_id } => (TaskKind::Follow, Some(Id::of(source_id))),
            job::Task::Answer { conversation_id } => {
                (TaskKind::Answer, Some(Id::of(conversation_id)))
            }
        };
        Job {
            id: Id::of(job.id),
            task,
            subject,
            state: match job.state {
                job::JobState::Queued => JobState::Queued,
                job::JobState::Running => JobState::Running,
                job::JobState::Dead => JobState::Dead,
            },
            attempts: job.attempts,
            reason: job.reason,
            run_at: job.run_at.into(),
            created_at: job.created_at.into(),
        }
    }
}

impl From<JobState> for job::JobState {
    fn from(state: JobState) -> job::JobState {
        match state {
            JobState::Queued => job::JobState::Queued,
            JobState::Running => job::JobState::Running,
            JobState::Dead => job::JobState::Dead,
        }
    }
}
