//! Knowledge: sources, documents, passages, as the Knowledge page works with them.

pub mod difference;
pub mod labels;
pub mod versions;

use std::io::Read;
use std::path::PathBuf;

use domain::audit::Deed;
use domain::document::{Block, Document, Passage, Source, SourceKind};
use domain::id::{DocumentId, JobId, PassageId, SourceId, WorkspaceId};
use domain::member::Permission;
use store::documents::{Added, DocumentFilter, NewDocument};
use store::error::StoreError;
use store::page::{Cursor, Page};
use store::sources::SourceRow;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::people::line_of;
use crate::who::Who;

/// Largest file from a member, in bytes (security.md C6).
pub const MAX_FILE: u64 = 200 * 1024 * 1024;
/// Longest pasted text, in bytes.
pub const MAX_TEXT: usize = 5 * 1024 * 1024;
/// Longest name of a document, in characters.
const MAX_NAME: usize = 200;

/// What became of an upload.
#[derive(Debug, Clone)]
pub struct Uploaded {
    /// The document: the new one, or the one that has the same content already.
    pub document: Document,
    /// True when the same content was there already.
    pub same: bool,
}

/// The original of a document, for a download.
#[derive(Debug, Clone)]
pub struct Original {
    /// Where it lies.
    pub path: PathBuf,
    /// The name to save it under.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
}

impl App {
    /// All sources, oldest first.
    pub async fn sources(&self, who: &Who) -> Result<Vec<SourceRow>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).sources().await?)
    }

    /// Removes a source with its documents.
    pub async fn remove_source(&self, who: &Who, id: SourceId) -> Result<()> {
        who.must(Permission::ChangeKnowledge)?;
        let name = self.workspace(who.workspace()).source(id).await?.name;
        self.noting(who, vec![Deed::SourceRemoved { name }])
            .remove_source(id, self.now())
            .await?;
        self.keep_up(who.workspace()).await;
        Ok(())
    }

    /// Takes a file: stores it, and a job reads it. A changed file of a name takes the place of the earlier
    /// version once it has been read.
    pub async fn upload(
        &self,
        who: &Who,
        source: Option<SourceId>,
        name: &str,
        bytes: impl Read + Send + 'static,
    ) -> Result<Uploaded> {
        who.must(Permission::ChangeKnowledge)?;
        let source_id = match source {
            Some(id) => id,
            None => {
                self.source_of(who.workspace(), SourceKind::Files, "Files")
                    .await?
            }
        };
        self.take_file(who.workspace(), source_id, name, bytes)
            .await
    }

    /// Takes pasted text as a document.
    pub async fn add_text(&self, who: &Who, name: &str, text: String) -> Result<Uploaded> {
        who.must(Permission::ChangeKnowledge)?;
        let name = line_of("name", name, MAX_NAME)?;
        if text.trim().is_empty() {
            return Err(Error::invalid("text", "the text is empty"));
        }
        if text.len() > MAX_TEXT {
            return Err(Error::new(
                ErrorCode::TooLarge,
                "a pasted text has at most 5 MiB",
            ));
        }
        let source_id = self
            .source_of(who.workspace(), SourceKind::Text, "Text")
            .await?;
        let name = if name.to_lowercase().ends_with(".md") {
            name
        } else {
            format!("{name}.md")
        };
        self.take_file(
            who.workspace(),
            source_id,
            &name,
            std::io::Cursor::new(text.into_bytes()),
        )
        .await
    }

    pub(crate) async fn take_file(
        &self,
        workspace: WorkspaceId,
        source_id: SourceId,
        name: &str,
        bytes: impl Read + Send + 'static,
    ) -> Result<Uploaded> {
        let store = self.workspace(workspace);
        let name = shown_name(name);
        let file =
            self.inner
                .store
                .put_file(bytes, MAX_FILE)
                .await
                .map_err(|error| match error {
                    StoreError::Conflict => {
                        Error::new(ErrorCode::TooLarge, "a file has at most 200 MiB")
                    }
                    other => other.into(),
                })?;
        if file.size == 0 {
            return Err(Error::invalid("file", "the file is empty"));
        }
        let new = NewDocument {
            id: DocumentId(self.new_id()),
            source_id,
            name,
            media_type: String::new(),
            file,
            job_id: JobId(self.new_id()),
        };
        match store.add_document(new, self.now()).await? {
            Added::New(document) => Ok(Uploaded {
                document,
                same: false,
            }),
            Added::SameContent(document) => Ok(Uploaded {
                document,
                same: true,
            }),
        }
    }

    pub(crate) async fn source_of(
        &self,
        workspace: WorkspaceId,
        kind: SourceKind,
        name: &str,
    ) -> Result<SourceId> {
        let source = Source {
            id: SourceId(self.new_id()),
            kind,
            name: name.to_owned(),
            created_at: self.now(),
        };
        Ok(self.workspace(workspace).source_of_kind(source).await?)
    }

    /// A page of documents, newest first.
    pub async fn documents(
        &self,
        who: &Who,
        filter: DocumentFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Document>> {
        who.must(Permission::Look)?;
        Ok(self
            .workspace(who.workspace())
            .documents(filter, after, limit)
            .await?)
    }

    /// A document, or an earlier version of one.
    pub async fn document(&self, who: &Who, id: DocumentId) -> Result<Document> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).document(id).await?)
    }

    /// The document as the program reads it.
    pub async fn document_text(&self, who: &Who, id: DocumentId) -> Result<Vec<Block>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).document_text(id).await?)
    }

    /// The passages after number `after` of a document, in order.
    pub async fn passages(
        &self,
        who: &Who,
        id: DocumentId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<Passage>> {
        who.must(Permission::Look)?;
        Ok(self
            .workspace(who.workspace())
            .passages(id, after, limit)
            .await?)
    }

    /// A passage with its document.
    pub async fn passage(&self, who: &Who, id: PassageId) -> Result<(Passage, Document)> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        let passage = store.passages_by_id(vec![id]).await?.pop();
        let passage =
            passage.ok_or_else(|| Error::new(ErrorCode::NotFound, "there is no such passage"))?;
        let document = store.document(passage.document_id).await?;
        Ok((passage, document))
    }

    /// Where the original of a document, or of an earlier version of one, lies.
    pub async fn original(&self, who: &Who, id: DocumentId) -> Result<Original> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        let document = store.document(id).await?;
        let path = self.inner.store.file_path(&document.content_hash);
        Ok(Original {
            path,
            name: document.name,
            media_type: document.media_type,
            size: document.size,
        })
    }

    /// Reads a document again; it cannot be found until it is read.
    pub async fn reread(&self, who: &Who, id: DocumentId) -> Result<Document> {
        who.must(Permission::ChangeKnowledge)?;
        let store = self.workspace(who.workspace());
        store
            .reread_document(id, JobId(self.new_id()), self.now())
            .await?;
        Ok(store.document(id).await?)
    }

    /// Removes a document with its earlier versions: its passages are not found from here on.
    pub async fn remove_document(&self, who: &Who, id: DocumentId) -> Result<()> {
        who.must(Permission::ChangeKnowledge)?;
        let document = self.workspace(who.workspace()).document(id).await?;
        let name = document.name;
        self.noting(who, vec![Deed::DocumentRemoved { name }])
            .remove_document(id, self.now())
            .await?;
        self.keep_up(who.workspace()).await;
        Ok(())
    }
}

/// A file's name as people see it: the last part, without control, direction-changing and invisible characters.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
    };
    let clean: String = last.chars().filter(|c| !is_hidden(*c)).collect();
    let trimmed = clean.trim().trim_start_matches('.');
    if trimmed.is_empty() {
        return "document".to_owned();
    }
    // A long name loses its middle, never its ending.
    let length = trimmed.chars().count();
    if length <= MAX_NAME {
        return trimmed.to_owned();
    }
    let start: String = trimmed.chars().take(MAX_NAME - 21).collect();
    let end: String = trimmed.chars().skip(length - 20).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_name_has_no_folders_and_no_tricks() {
        assert_eq!(shown_name("../../etc/passwd"), "passwd");
        assert_eq!(shown_name("C:\\secret\\price.xlsx"), "price.xlsx");
        assert_eq!(shown_name("invoice\u{202E}fdp.exe"), "invoicefdp.exe");
        assert_eq!(shown_name("..."), "document");
        assert_eq!(shown_name("Прайс лист.pdf"), "Прайс лист.pdf");
        let long = format!("{}.pdf", "a".repeat(400));
        assert_eq!(shown_name(&long).chars().count(), MAX_NAME);
        assert!(shown_name(&long).ends_with(".pdf"));
    }
}
