//! What becomes of a document while it is read. Each step shows the lease of its job.

use domain::document::{Block, Passage, ReadFailure, ReadReport};
use domain::id::{DocumentId, JobId};
use domain::job::Lease;
use domain::language::Language;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::{Applied, Workspace};

/// A document that was read.
#[derive(Debug, Clone)]
pub struct ReadDone {
    /// The title found inside, else the name.
    pub title: String,
    /// Media type as found from the bytes.
    pub media_type: String,
    /// Language of most of its text.
    pub language: Language,
    /// Its text.
    pub blocks: Vec<Block>,
    /// Its passages, with ordinals from 0.
    pub passages: Vec<Passage>,
    /// How it was read.
    pub report: ReadReport,
    /// The job that gives it vectors, when that is wanted and none waits yet.
    pub embed_job: Option<JobId>,
}

impl Workspace {
    /// Says how far the reading is.
    pub async fn reading(
        &self,
        lease: &Lease,
        id: DocumentId,
        done: u32,
        total: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }

    /// The document is read: its passages can be found from now on, older versions of it are gone, the job
    /// is done. All of it or nothing.
    pub async fn document_read(
        &self,
        lease: &Lease,
        id: DocumentId,
        done: ReadDone,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        crate::soon()
    }

    /// The document cannot be read; the job is done. An older version that is ready stays.
    pub async fn document_failed(
        &self,
        lease: &Lease,
        id: DocumentId,
        cause: ReadFailure,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        crate::soon()
    }
}
