//! Passages: the pieces of documents that are found and quoted.

use domain::document::Passage;
use domain::id::{DocumentId, PassageId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::page::{MAX_PAGE, bounded};
use crate::{Workspace, documents, sql};

impl Workspace {
    /// Up to `limit` passages of a document from the one after `after_ordinal` on.
    pub async fn passages(
        &self,
        document_id: DocumentId,
        after_ordinal: Option<u32>,
        limit: u32,
    ) -> Result<Vec<Passage>, StoreError> {
        self.read(move |conn, workspace| {
            documents::the(conn, workspace, document_id)?;
            let after = after_ordinal.map_or(-1, i64::from);
            of_document(conn, workspace, document_id, after, bounded(limit).into())
        })
        .await
    }

    /// The passages with these ids (at most 200), in that order; those that are gone are left out.
    pub async fn passages_by_id(&self, ids: Vec<PassageId>) -> Result<Vec<Passage>, StoreError> {
        self.read(move |conn, workspace| {
            let mut passages = Vec::new();
            for id in ids.iter().take(MAX_PAGE as usize) {
                let passage = sql::one(
                    conn,
                    &format!("SELECT {PASSAGE} FROM passages WHERE workspace_id = ?1 AND id = ?2"),
                    params![workspace.0.into_bytes(), id.0.into_bytes()],
                    read,
                )?;
                passages.extend(passage);
            }
            Ok(passages)
        })
        .await
    }

    /// Titles and ages of these documents (at most 200); those that are gone are left out.
    pub async fn document_titles(&self, ids: Vec<DocumentId>) -> Result<Vec<Titled>, StoreError> {
        self.read(move |conn, workspace| {
            let mut titles = Vec::new();
            for id in ids.into_iter().take(MAX_PAGE as usize) {
                let title = sql::one(
                    conn,
                    "SELECT d.title, d.created_at,
                            (SELECT i.key FROM followed_items i
                             JOIN sources s ON s.workspace_id = i.workspace_id AND s.id = i.source_id
                             WHERE i.workspace_id = d.workspace_id AND i.source_id = d.source_id
                               AND i.name = d.name AND s.kind = 'site' LIMIT 1)
                     FROM documents d WHERE d.workspace_id = ?1 AND d.id = ?2",
                    params![workspace.0.into_bytes(), id.0.into_bytes()],
                    |row| {
                        Ok(Titled {
                            id,
                            title: row.get(0)?,
                            added_at: sql::time_at(row, 1)?,
                            address: row.get(2)?,
                        })
                    },
                )?;
                titles.extend(title);
            }
            Ok(titles)
        })
        .await
    }
}

/// A document's title, and when its newest version was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titled {
    /// The document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When its newest version was added.
    pub added_at: Timestamp,
    /// The address of its page, where it is one of a web site.
    pub address: Option<String>,
}

const PASSAGE: &str =
    "id, document_id, ordinal, text, headings, page, start_at, end_at, language, of_table";

/// Passages of a document in their order, from the one after `after` on.
pub(crate) fn of_document(
    conn: &Connection,
    workspace: WorkspaceId,
    document_id: DocumentId,
    after: i64,
    limit: i64,
) -> Result<Vec<Passage>, StoreError> {
    sql::many(
        conn,
        &format!(
            "SELECT {PASSAGE} FROM passages
             WHERE workspace_id = ?1 AND document_id = ?2 AND ordinal > ?3 ORDER BY ordinal LIMIT ?4"
        ),
        params![
            workspace.0.into_bytes(),
            document_id.0.into_bytes(),
            after,
            limit
        ],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Passage, StoreError> {
    Ok(Passage {
        id: PassageId(sql::id_at(row, 0)?),
        document_id: DocumentId(sql::id_at(row, 1)?),
        ordinal: row.get(2)?,
        text: row.get(3)?,
        headings: sql::json_at(row, 4)?,
        page: row.get(5)?,
        start: row.get(6)?,
        end: row.get(7)?,
        language: sql::language_at(row, 8)?,
        table: row.get(9)?,
    })
}
