//! Versions of a document: the list, the difference, the way back.

use domain::document::{Document, DocumentState};
use domain::id::{DocumentId, JobId};
use domain::member::Permission;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::indexes::blocking;
use crate::knowledge::difference::{Difference, difference};
use crate::who::Who;

/// What changed from one version to another.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The earlier version.
    pub before: Document,
    /// The later one.
    pub after: Document,
    /// What changed between them.
    pub difference: Difference,
}

impl App {
    /// All versions of a document, the newest one first; `id` may be that of any of them.
    pub async fn document_versions(&self, who: &Who, id: DocumentId) -> Result<Vec<Document>> {
        who.must(Permission::Look)?;
        Ok(self
            .workspace(who.workspace())
            .document_versions(id)
            .await?)
    }

    /// What changed in a version since the one before it, or since `before`; `NotFound` when there is no such
    /// earlier version.
    pub async fn changes(
        &self,
        who: &Who,
        id: DocumentId,
        before: Option<DocumentId>,
    ) -> Result<Compared> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        let mut versions = store.document_versions(id).await?.into_iter();
        let none = || Error::new(ErrorCode::NotFound, "there is no such earlier version");
        let after = versions.find(|version| version.id == id).ok_or_else(none)?;
        let before = match before {
            Some(before) => versions.find(|version| version.id == before),
            // One that was never read has nothing to compare with.
            None => versions
                .find(|version| version.state == DocumentState::Ready && version.report.is_some()),
        };
        let before = before.ok_or_else(none)?;
        let old = store.document_text(before.id).await?;
        let new = store.document_text(after.id).await?;
        let difference = blocking(move || Ok(difference(&old, &new))).await?;
        Ok(Compared {
            before,
            after,
            difference,
        })
    }

    /// Makes an earlier version the newest one again. It is read first; the present one answers meanwhile and
    /// is an earlier version afterwards. Asked for the present one, a return that is under way is taken back.
    pub async fn return_to_version(&self, who: &Who, id: DocumentId) -> Result<Document> {
        who.must(Permission::ChangeKnowledge)?;
        let document = self
            .workspace(who.workspace())
            .return_to_version(
                id,
                DocumentId(self.new_id()),
                JobId(self.new_id()),
                self.now(),
            )
            .await?;
        self.keep_up(who.workspace()).await;
        Ok(document)
    }
}
