//! Passages: the pieces of documents that are found and quoted.

use domain::document::Passage;
use domain::id::{DocumentId, PassageId};

use crate::Workspace;
use crate::error::StoreError;

impl Workspace {
    /// Up to `limit` passages of a document from the one after `after_ordinal` on.
    pub async fn passages(
        &self,
        document_id: DocumentId,
        after_ordinal: Option<u32>,
        limit: u32,
    ) -> Result<Vec<Passage>, StoreError> {
        crate::soon()
    }

    /// The passages with these ids (at most 200), in that order; those that are gone are left out.
    pub async fn passages_by_id(&self, ids: Vec<PassageId>) -> Result<Vec<Passage>, StoreError> {
        crate::soon()
    }

    /// The titles of these documents (at most 200); those that are gone are left out.
    pub async fn document_titles(
        &self,
        ids: Vec<DocumentId>,
    ) -> Result<Vec<(DocumentId, String)>, StoreError> {
        crate::soon()
    }
}
