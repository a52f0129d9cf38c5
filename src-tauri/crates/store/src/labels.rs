//! Labels of documents, and the documents that a scope means.

use std::collections::HashSet;

use domain::event::Topic;
use domain::id::DocumentId;
use domain::language::Language;
use domain::scope::{Label, MAX_LABELS, Scope};
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::page::MAX_PAGE;
use crate::{Workspace, documents, sql};

/// Most rows of each list of [`Kinds`].
const MOST: u32 = 500;

/// What documents there are: each list with how many documents are like that, most first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kinds {
    /// Labels.
    pub labels: Vec<(Label, u64)>,
    /// What documents were read as: `pdf`, `docx` …
    pub formats: Vec<(String, u64)>,
    /// Languages that are known.
    pub languages: Vec<(Language, u64)>,
}

impl Workspace {
    /// Puts labels on documents (at most 200) and takes others off; a label that is there already keeps its
    /// spelling. `NotFound` when one of the documents is none, `TooLarge` when one would have more than
    /// [`MAX_LABELS`]; nothing is changed then.
    pub async fn change_labels(
        &self,
        documents: Vec<DocumentId>,
        add: Vec<Label>,
        remove: Vec<Label>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            for id in documents.into_iter().take(MAX_PAGE as usize) {
                documents::the(tx.conn, workspace, id)?;
                for label in &remove {
                    sql::run(
                        tx.conn,
                        "DELETE FROM document_labels WHERE workspace_id = ?1 AND document_id = ?2 AND key = ?3",
                        params![workspace.0.into_bytes(), id.0.into_bytes(), label.key()],
                    )?;
                }
                for label in &add {
                    sql::run(
                        tx.conn,
                        "INSERT INTO document_labels (workspace_id, document_id, key, label)
                         VALUES (?1, ?2, ?3, coalesce(
                             (SELECT label FROM document_labels WHERE workspace_id = ?1 AND key = ?3 LIMIT 1), ?4))
                         ON CONFLICT DO NOTHING",
                        params![
                            workspace.0.into_bytes(),
                            id.0.into_bytes(),
                            label.key(),
                            label.as_str()
                        ],
                    )?;
                }
                let labels = documents::the(tx.conn, workspace, id)?.labels;
                if labels.len() > MAX_LABELS {
                    return Err(StoreError::TooLarge);
                }
                tx.event(workspace, Topic::Document, id, now)?;
            }
            Ok(())
        })
        .await
    }

    /// What documents there are, for filters: at most 500 of each kind.
    pub async fn document_kinds(&self) -> Result<Kinds, StoreError> {
        self.read(|conn, workspace| {
            let key = params![workspace.0.into_bytes(), MOST];
            let labels = sql::many(
                conn,
                "SELECT min(label), count(*) FROM document_labels WHERE workspace_id = ?1
                 GROUP BY key ORDER BY 2 DESC, key LIMIT ?2",
                key,
                |row| {
                    let label: String = row.get(0)?;
                    let label = label.parse();
                    let label = label.map_err(|_| StoreError::Unreadable("not a label".to_owned()))?;
                    Ok((label, sql::count_at(row, 1)?))
                },
            )?;
            let formats = sql::many(
                conn,
                "SELECT json_extract(report, '$.format') AS format, count(*) FROM documents
                 WHERE workspace_id = ?1 AND report IS NOT NULL GROUP BY format ORDER BY 2 DESC, 1 LIMIT ?2",
                key,
                |row| Ok((row.get(0)?, sql::count_at(row, 1)?)),
            )?;
            let languages = sql::many(
                conn,
                "SELECT language, count(*) FROM documents
                 WHERE workspace_id = ?1 AND language <> '' GROUP BY language ORDER BY 2 DESC, 1 LIMIT ?2",
                key,
                |row| Ok((sql::language_at(row, 0)?, sql::count_at(row, 1)?)),
            )?;
            Ok(Kinds {
                labels,
                formats,
                languages,
            })
        })
        .await
    }

    /// The documents of a scope that can be found.
    pub async fn documents_in(&self, scope: Scope) -> Result<HashSet<DocumentId>, StoreError> {
        self.read(move |conn, workspace| {
            let sources: Vec<String> = scope
                .sources
                .iter()
                .map(|id| id.to_string().to_uppercase())
                .collect();
            let labels: Vec<String> = scope.labels.iter().map(Label::key).collect();
            let documents = sql::many(
                conn,
                "SELECT id FROM documents d WHERE workspace_id = ?1 AND state = 'ready'
                   AND (?2 OR hex(source_id) IN (SELECT value FROM json_each(?3)))
                   AND (?4 OR EXISTS (SELECT 1 FROM document_labels l
                                      WHERE l.workspace_id = d.workspace_id AND l.document_id = d.id
                                        AND l.key IN (SELECT value FROM json_each(?5))))",
                params![
                    workspace.0.into_bytes(),
                    sources.is_empty(),
                    sql::json(&sources)?,
                    labels.is_empty(),
                    sql::json(&labels)?
                ],
                |row| Ok(DocumentId(sql::id_at(row, 0)?)),
            )?;
            Ok(documents.into_iter().collect())
        })
        .await
    }
}
