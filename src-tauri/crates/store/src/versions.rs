//! Earlier versions of documents: kept with their text and original, never answered from.
//!
//! A document of the same source and name as an earlier one is its next version. The newest one is the row of
//! `documents`; what it was before lies here, under the ids those versions had as documents.

use domain::document::{Block, Document, DocumentState};
use domain::id::{DocumentId, JobId, SourceId, WorkspaceId};
use domain::scope::MAX_LABELS;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::documents::Entering;
use crate::error::StoreError;
use crate::writer::Tx;
use crate::{Workspace, documents, sql};

/// How many earlier versions are kept of one document; older ones go.
pub const KEPT: u32 = 10;

impl Workspace {
    /// All versions of a document, the newest one first: also one that is on its way to replace it or could
    /// not. `id` may be that of any of them.
    pub async fn document_versions(&self, id: DocumentId) -> Result<Vec<Document>, StoreError> {
        self.read(move |conn, workspace| {
            let known = newest_of(conn, workspace, id)?.unwrap_or(id);
            let mut versions = documents::of_same_name(conn, workspace, known)?;
            versions.extend(sql::many(
                conn,
                &format!(
                    "SELECT {VERSION}
                     JOIN documents k ON k.workspace_id = d.workspace_id AND k.source_id = d.source_id
                                     AND k.name = d.name
                     WHERE k.workspace_id = ?1 AND k.id = ?2
                     ORDER BY v.created_at DESC, v.id DESC"
                ),
                params![workspace.0.into_bytes(), known.0.into_bytes()],
                read,
            )?);
            match versions.is_empty() {
                true => Err(StoreError::NotFound),
                false => Ok(versions),
            }
        })
        .await
    }

    /// Makes an earlier version the newest one again: a new document of its content waits to be read, and
    /// takes the place of the present one when it has been. Asked for the present one, versions that are on
    /// their way to replace it are taken away instead. Answers with the document that will be the newest.
    pub async fn return_to_version(
        &self,
        id: DocumentId,
        new_id: DocumentId,
        job_id: JobId,
        now: Timestamp,
    ) -> Result<Document, StoreError> {
        self.write(move |tx, workspace| {
            let Some(version) = one(tx.conn, workspace, id)? else {
                return stay(tx, workspace, id, now);
            };
            let newest = newest_of(tx.conn, workspace, id)?.ok_or(StoreError::NotFound)?;
            let newest = documents::the(tx.conn, workspace, newest)?;
            let entering = Entering {
                id: new_id,
                source_id: newest.source_id,
                name: newest.name,
                media_type: version.media_type,
                size: version.size,
                content_hash: version.content_hash,
                job_id,
            };
            if let Some(on_its_way) =
                documents::same_name_and_content(tx.conn, workspace, &entering)?
            {
                return Ok(on_its_way);
            }
            documents::enter(tx, workspace, entering, now)
        })
        .await
    }
}

/// An earlier version; `None` when this workspace has no such one.
pub(crate) fn one(
    conn: &Connection,
    workspace: WorkspaceId,
    id: DocumentId,
) -> Result<Option<Document>, StoreError> {
    sql::one(
        conn,
        &format!("SELECT {VERSION} WHERE v.workspace_id = ?1 AND v.id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

/// The text of an earlier version.
pub(crate) fn text(
    conn: &Connection,
    workspace: WorkspaceId,
    id: DocumentId,
) -> Result<Option<Vec<Block>>, StoreError> {
    sql::one(
        conn,
        "SELECT blocks FROM document_versions WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| sql::json_at(row, 0),
    )
}

/// Keeps a document as an earlier version of `newest`, with what hung on it; it is no document any more. One
/// that could not be read is not kept.
pub(crate) fn archive(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
    newest: DocumentId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_failed = matches!(
        documents::the(tx.conn, workspace, id)?.state,
        DocumentState::Failed { .. }
    );
    if !is_failed {
        sql::run(
            tx.conn,
            "INSERT INTO document_versions
                 (workspace_id, id, document_id, title, media_type, size, content_hash, report, language, blocks,
                  created_at, replaced_at)
             SELECT d.workspace_id, d.id, ?3, d.title, d.media_type, d.size, d.content_hash, d.report, d.language,
                    coalesce(t.blocks, '[]'), d.created_at, ?4
             FROM documents d
             LEFT JOIN document_texts t ON t.workspace_id = d.workspace_id AND t.document_id = d.id
             WHERE d.workspace_id = ?1 AND d.id = ?2",
            params![
                workspace.0.into_bytes(),
                id.0.into_bytes(),
                newest.0.into_bytes(),
                now.0
            ],
        )?;
    }
    hand_over(tx, workspace, id, newest)?;
    documents::remove(tx, workspace, id, now)
}

/// Gives a document's earlier versions and labels to the one that takes its place.
pub(crate) fn hand_over(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    from: DocumentId,
    to: DocumentId,
) -> Result<(), StoreError> {
    let key = params![
        workspace.0.into_bytes(),
        from.0.into_bytes(),
        to.0.into_bytes()
    ];
    sql::run(
        tx.conn,
        "UPDATE document_versions SET document_id = ?3 WHERE workspace_id = ?1 AND document_id = ?2",
        key,
    )?;
    sql::run(
        tx.conn,
        &format!(
            "INSERT INTO document_labels (workspace_id, document_id, key, label)
             SELECT workspace_id, ?3, key, label FROM document_labels
             WHERE workspace_id = ?1 AND document_id = ?2
               AND key NOT IN (SELECT key FROM document_labels WHERE workspace_id = ?1 AND document_id = ?3)
             ORDER BY key
             LIMIT max(0, {MAX_LABELS} - (SELECT count(*) FROM document_labels
                                          WHERE workspace_id = ?1 AND document_id = ?3))"
        ),
        key,
    )?;
    Ok(())
}

/// Takes away earlier versions with the content that the newest one has, and those beyond [`KEPT`].
pub(crate) fn tidy(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    newest: &Document,
) -> Result<(), StoreError> {
    let gone = sql::many(
        tx.conn,
        "DELETE FROM document_versions
         WHERE workspace_id = ?1 AND document_id = ?2
           AND (content_hash = ?3
                OR id NOT IN (SELECT id FROM document_versions
                              WHERE workspace_id = ?1 AND document_id = ?2 AND content_hash <> ?3
                              ORDER BY created_at DESC, id DESC LIMIT ?4))
         RETURNING content_hash",
        params![
            workspace.0.into_bytes(),
            newest.id.0.into_bytes(),
            newest.content_hash,
            KEPT
        ],
        |row| Ok(row.get::<_, String>(0)?),
    )?;
    tx.after.loose_files.extend(gone);
    Ok(())
}

/// Forgets all earlier versions of a document that is removed.
pub(crate) fn forget(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
) -> Result<(), StoreError> {
    let gone = sql::many(
        tx.conn,
        "DELETE FROM document_versions WHERE workspace_id = ?1 AND document_id = ?2 RETURNING content_hash",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| Ok(row.get::<_, String>(0)?),
    )?;
    tx.after.loose_files.extend(gone);
    Ok(())
}

/// The document stays the newest version: those that would replace it are taken away.
fn stay(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
    now: Timestamp,
) -> Result<Document, StoreError> {
    let newer = sql::many(
        tx.conn,
        "SELECT o.id FROM documents d
         JOIN documents o ON o.workspace_id = d.workspace_id AND o.source_id = d.source_id
                         AND o.name = d.name AND (o.created_at, o.id) > (d.created_at, d.id)
         WHERE d.workspace_id = ?1 AND d.id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| Ok(DocumentId(sql::id_at(row, 0)?)),
    )?;
    for newer in newer {
        hand_over(tx, workspace, newer, id)?;
        documents::remove(tx, workspace, newer, now)?;
    }
    documents::the(tx.conn, workspace, id)
}

/// The document that an earlier version belongs to.
fn newest_of(
    conn: &Connection,
    workspace: WorkspaceId,
    id: DocumentId,
) -> Result<Option<DocumentId>, StoreError> {
    sql::one(
        conn,
        "SELECT document_id FROM document_versions WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| Ok(DocumentId(sql::id_at(row, 0)?)),
    )
}

const VERSION: &str =
    "v.id, d.source_id, d.name, v.title, v.media_type, v.size, v.content_hash, v.report,
    v.language, v.document_id, v.created_at, v.replaced_at,
    (SELECT i.key FROM followed_items i
     WHERE i.workspace_id = d.workspace_id AND i.source_id = d.source_id AND i.name = d.name LIMIT 1)
    FROM document_versions v
    JOIN documents d ON d.workspace_id = v.workspace_id AND d.id = v.document_id";

fn read(row: &Row<'_>) -> Result<Document, StoreError> {
    let report = match row.get::<_, Option<String>>(7)? {
        Some(report) => Some(serde_json::from_str(&report)?),
        None => None,
    };
    Ok(Document {
        id: DocumentId(sql::id_at(row, 0)?),
        source_id: SourceId(sql::id_at(row, 1)?),
        name: row.get(2)?,
        origin: row.get(12)?,
        title: row.get(3)?,
        media_type: row.get(4)?,
        size: sql::count_at(row, 5)?,
        content_hash: row.get(6)?,
        state: DocumentState::Ready,
        report,
        language: sql::language_at(row, 8)?,
        passages: 0,
        vectors: 0,
        labels: Vec::new(),
        versions: 0,
        replaced_by: Some(DocumentId(sql::id_at(row, 9)?)),
        created_at: sql::time_at(row, 10)?,
        updated_at: sql::time_at(row, 11)?,
    })
}
