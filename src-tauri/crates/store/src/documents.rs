//! Documents: one version of one text each.

use domain::document::{Block, Document, ReadFailure};
use domain::id::{DocumentId, JobId, SourceId};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Workspace;
use crate::error::StoreError;
use crate::files::StoredFile;
use crate::page::{Cursor, Page};

/// A document that is to be read.
#[derive(Debug)]
pub struct NewDocument {
    /// Its id.
    pub id: DocumentId,
    /// Where it comes from.
    pub source_id: SourceId,
    /// The name as shown to people. A document of the same source and name is an older version of it.
    pub name: String,
    /// Media type as far as it is known; reading finds the true one.
    pub media_type: String,
    /// The original.
    pub file: StoredFile,
    /// The job that reads it.
    pub job_id: JobId,
}

/// What became of a new document.
#[derive(Debug, Clone, PartialEq)]
pub enum Added {
    /// It waits to be read.
    New(Document),
    /// The source has these very bytes already.
    SameContent(Document),
}

/// Which documents a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentFilter {
    /// Only of this source.
    pub source_id: Option<SourceId>,
    /// Only in this state.
    pub state: Option<StateName>,
    /// Only with this in name or title, whatever its case; empty for all.
    pub text: String,
}

/// A document's state without its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// Waits.
    Pending,
    /// Being read.
    Reading,
    /// Can be found.
    Ready,
    /// Could not be read.
    Failed,
}

impl Workspace {
    /// Adds a document and the job that reads it. A failed document of the same name is removed at once; a
    /// ready one stays until this one is ready.
    pub async fn add_document(
        &self,
        new: NewDocument,
        now: Timestamp,
    ) -> Result<Added, StoreError> {
        crate::soon()
    }

    /// Documents, newest first.
    pub async fn documents(
        &self,
        filter: DocumentFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Document>, StoreError> {
        crate::soon()
    }

    /// One document.
    pub async fn document(&self, id: DocumentId) -> Result<Document, StoreError> {
        crate::soon()
    }

    /// The blocks a document was read into; empty before that.
    pub async fn document_text(&self, id: DocumentId) -> Result<Vec<Block>, StoreError> {
        crate::soon()
    }

    /// Removes a document with its passages; the original too when nothing else refers to it.
    pub async fn remove_document(&self, id: DocumentId, now: Timestamp) -> Result<(), StoreError> {
        crate::soon()
    }

    /// Reads a document again: it is pending from now on and cannot be found until it is read.
    pub async fn reread_document(
        &self,
        id: DocumentId,
        job_id: JobId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }
}
