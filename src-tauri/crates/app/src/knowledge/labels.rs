//! Labels of documents, and what documents can be told apart by.

use domain::id::DocumentId;
use domain::member::Permission;
use domain::scope::{Label, MAX_LABELS, MAX_SCOPE, Scope};
use store::error::StoreError;
use store::labels::Kinds;
use store::page::MAX_PAGE;

use crate::App;
use crate::error::{Error, Result};
use crate::who::Who;

impl App {
    /// Puts labels on documents, at most 200 at once, and takes others off.
    pub async fn change_labels(
        &self,
        who: &Who,
        documents: Vec<DocumentId>,
        add: Vec<Label>,
        remove: Vec<Label>,
    ) -> Result<()> {
        who.must(Permission::ChangeKnowledge)?;
        if documents.len() > MAX_PAGE as usize {
            return Err(Error::invalid(
                "documents",
                format!("at most {MAX_PAGE} documents are changed at once"),
            ));
        }
        for (field, labels) in [("add", &add), ("remove", &remove)] {
            if labels.len() > MAX_LABELS {
                return Err(too_many(field));
            }
        }
        let changed = self
            .workspace(who.workspace())
            .change_labels(documents, add, remove, self.now())
            .await;
        changed.map_err(|error| match error {
            StoreError::TooLarge => too_many("add"),
            other => other.into(),
        })
    }

    /// What documents there are: labels, formats, languages, each with how many.
    pub async fn document_kinds(&self, who: &Who) -> Result<Kinds> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).document_kinds().await?)
    }
}

/// A problem that names `field` when a scope names too much.
pub(crate) fn acceptable_scope(field: &'static str, scope: &Scope) -> Result<()> {
    match scope.sources.len().max(scope.labels.len()) > MAX_SCOPE {
        true => Err(Error::invalid(
            field,
            format!("at most {MAX_SCOPE} sources and {MAX_SCOPE} labels are named"),
        )),
        false => Ok(()),
    }
}

fn too_many(field: &'static str) -> Error {
    Error::invalid(field, format!("a document has at most {MAX_LABELS} labels"))
}
