//! Documents: one version of one text each. Not here: their earlier versions (`versions`).

use domain::document::{Block, Document, DocumentState};
use domain::event::Topic;
use domain::id::{DocumentId, JobId, SourceId, WorkspaceId};
use domain::job::Task;
use domain::language::Language;
use domain::scope::Label;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::files::StoredFile;
use crate::page::{Cursor, Page, bounded};
use crate::writer::Tx;
use crate::{Workspace, feed, following, jobs, sql, versions};

/// A document that is to be read.
#[derive(Debug)]
pub struct NewDocument {
    /// Its id.
    pub id: DocumentId,
    /// Where it comes from.
    pub source_id: SourceId,
    /// The name as shown to people. A document of the same source and name is an earlier version of it.
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
    /// Only with this label.
    pub label: Option<Label>,
    /// Only what was read as this: `pdf`, `docx` …
    pub format: Option<String>,
    /// Only in this language.
    pub language: Option<Language>,
    /// Only with this in name or title, whatever its case; empty for all.
    pub text: String,
}

/// A document on its way into the table.
pub(crate) struct Entering {
    pub(crate) id: DocumentId,
    pub(crate) source_id: SourceId,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) size: u64,
    pub(crate) content_hash: String,
    pub(crate) job_id: JobId,
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
    /// Adds a document and the job that reads it. Failed documents of the same source and name are removed
    /// at once; a ready one stays until this one is ready, and is an earlier version from then on.
    /// `NotFound` when there is no such source.
    pub async fn add_document(
        &self,
        new: NewDocument,
        now: Timestamp,
    ) -> Result<Added, StoreError> {
        self.write(move |tx, workspace| {
            if let Some(same) = same_content(tx.conn, workspace, &new)? {
                return Ok(Added::SameContent(same));
            }
            // Its file stays pinned until the document that refers to it is there.
            let entering = Entering {
                id: new.id,
                source_id: new.source_id,
                name: new.name.clone(),
                media_type: new.media_type.clone(),
                size: new.file.size,
                content_hash: new.file.content_hash.clone(),
                job_id: new.job_id,
            };
            enter(tx, workspace, entering, now).map(Added::New)
        })
        .await
    }

    /// Documents, newest first.
    pub async fn documents(
        &self,
        filter: DocumentFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Document>, StoreError> {
        let limit = bounded(limit);
        self.read(move |conn, workspace| {
            let after = after.unwrap_or(Cursor::NEWEST);
            let state = filter.state.map(|state| sql::word(&state)).transpose()?;
            let documents = sql::many(
                conn,
                &format!(
                    "SELECT {DOCUMENT} FROM documents
                     WHERE workspace_id = ?1
                       AND (?2 IS NULL OR source_id = ?2)
                       AND (?3 IS NULL OR state = ?3)
                       AND instr(find_text, ?4) > 0
                       AND (created_at, id) < (?5, ?6)
                       AND (?8 IS NULL OR EXISTS (
                            SELECT 1 FROM document_labels l
                            WHERE l.workspace_id = ?1 AND l.document_id = documents.id AND l.key = ?8))
                       AND (?9 IS NULL OR json_extract(report, '$.format') = ?9)
                       AND (?10 IS NULL OR language = ?10)
                     ORDER BY created_at DESC, id DESC LIMIT ?7"
                ),
                params![
                    workspace.0.into_bytes(),
                    filter.source_id.map(|id| id.0.into_bytes()),
                    state,
                    sql::findable(&filter.text),
                    after.at,
                    after.id.into_bytes(),
                    limit + 1,
                    filter.label.as_ref().map(Label::key),
                    filter.format,
                    filter.language.map(|language| language.code().to_owned())
                ],
                read,
            )?;
            Ok(Page::cut(documents, limit, |document| Cursor {
                at: document.created_at.0,
                id: document.id.0,
            }))
        })
        .await
    }

    /// One document, or an earlier version of one.
    pub async fn document(&self, id: DocumentId) -> Result<Document, StoreError> {
        self.read(
            move |conn, workspace| match versions::one(conn, workspace, id)? {
                Some(version) => Ok(version),
                None => the(conn, workspace, id),
            },
        )
        .await
    }

    /// The blocks a document, or an earlier version of one, was read into; empty before that.
    pub async fn document_text(&self, id: DocumentId) -> Result<Vec<Block>, StoreError> {
        self.read(move |conn, workspace| {
            if let Some(blocks) = versions::text(conn, workspace, id)? {
                return Ok(blocks);
            }
            the(conn, workspace, id)?;
            let blocks = sql::one(
                conn,
                "SELECT blocks FROM document_texts WHERE workspace_id = ?1 AND document_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                |row| sql::json_at(row, 0),
            )?;
            Ok(blocks.unwrap_or_default())
        })
        .await
    }

    /// Removes a document with its passages and all its earlier versions; originals too when nothing else
    /// refers to them.
    pub async fn remove_document(&self, id: DocumentId, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            following::leave_out(tx.conn, workspace, id)?;
            remove(tx, workspace, id, now)
        })
        .await
    }

    /// Reads a document again: it is pending from now on and cannot be found until it is read.
    pub async fn reread_document(
        &self,
        id: DocumentId,
        job_id: JobId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| read_again(tx, workspace, id, job_id, now))
            .await
    }
}

/// Lets a document be read again, unless it waits for that anyway.
pub(crate) fn read_again(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
    job_id: JobId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let waits = the(tx.conn, workspace, id)?.state == DocumentState::Pending;
    if waits {
        return Ok(());
    }
    empty(tx, workspace, id)?;
    sql::run(
        tx.conn,
        "UPDATE documents
         SET state = 'pending', done = 0, total = 0, failure = NULL, report = NULL, updated_at = ?3
         WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes(), now.0],
    )?;
    let task = Task::Read { document_id: id };
    jobs::forget(tx, workspace, &task)?;
    jobs::enqueue(tx, workspace, job_id, &task, now)?;
    tx.event(workspace, Topic::Document, id, now)
}

const DOCUMENT: &str =
    "id, source_id, name, title, media_type, size, content_hash, state, done, total,
    failure, report, language, passages, vectors, created_at, updated_at,
    (SELECT json_group_array(label) FROM (
        SELECT label FROM document_labels l
        WHERE l.workspace_id = documents.workspace_id AND l.document_id = documents.id ORDER BY l.key)),
    (SELECT count(*) FROM document_versions v
     WHERE v.workspace_id = documents.workspace_id AND v.document_id = documents.id),
    (SELECT i.key FROM followed_items i
     WHERE i.workspace_id = documents.workspace_id AND i.source_id = documents.source_id
       AND i.name = documents.name LIMIT 1)";

fn read(row: &Row<'_>) -> Result<Document, StoreError> {
    let state = match sql::word_at(row, 7)? {
        StateName::Pending => DocumentState::Pending,
        StateName::Reading => DocumentState::Reading {
            done: row.get(8)?,
            total: row.get(9)?,
        },
        StateName::Ready => DocumentState::Ready,
        StateName::Failed => DocumentState::Failed {
            cause: sql::word_at(row, 10)?,
        },
    };
    let report = match row.get::<_, Option<String>>(11)? {
        Some(report) => Some(serde_json::from_str(&report)?),
        None => None,
    };
    Ok(Document {
        id: DocumentId(sql::id_at(row, 0)?),
        source_id: SourceId(sql::id_at(row, 1)?),
        name: row.get(2)?,
        origin: row.get(19)?,
        title: row.get(3)?,
        media_type: row.get(4)?,
        size: sql::count_at(row, 5)?,
        content_hash: row.get(6)?,
        state,
        report,
        language: sql::language_at(row, 12)?,
        passages: row.get(13)?,
        vectors: row.get(14)?,
        labels: sql::json_at(row, 17)?,
        versions: row.get(18)?,
        replaced_by: None,
        created_at: sql::time_at(row, 15)?,
        updated_at: sql::time_at(row, 16)?,
    })
}

/// One document; `NotFound` when this workspace has no such one.
pub(crate) fn the(
    conn: &Connection,
    workspace: WorkspaceId,
    id: DocumentId,
) -> Result<Document, StoreError> {
    sql::the(
        conn,
        &format!("SELECT {DOCUMENT} FROM documents WHERE workspace_id = ?1 AND id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

/// A document and the others of its source and name, newest first; empty when it is none.
pub(crate) fn of_same_name(
    conn: &Connection,
    workspace: WorkspaceId,
    id: DocumentId,
) -> Result<Vec<Document>, StoreError> {
    sql::many(
        conn,
        &format!(
            "SELECT {DOCUMENT} FROM documents
             WHERE workspace_id = ?1
               AND (source_id, name) = (SELECT source_id, name FROM documents WHERE workspace_id = ?1 AND id = ?2)
             ORDER BY created_at DESC, id DESC"
        ),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

/// Puts a document into the table, with the job that reads it. Failed ones of its name make room for it.
pub(crate) fn enter(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    new: Entering,
    now: Timestamp,
) -> Result<Document, StoreError> {
    let failed = sql::many(
        tx.conn,
        "SELECT id FROM documents
         WHERE workspace_id = ?1 AND source_id = ?2 AND name = ?3 AND state = 'failed'",
        params![
            workspace.0.into_bytes(),
            new.source_id.0.into_bytes(),
            new.name
        ],
        |row| Ok(DocumentId(sql::id_at(row, 0)?)),
    )?;
    sql::run(
        tx.conn,
        "INSERT INTO documents
             (workspace_id, id, source_id, name, title, find_text, media_type, size, content_hash,
              state, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, 'pending', ?9, ?9)",
        params![
            workspace.0.into_bytes(),
            new.id.0.into_bytes(),
            new.source_id.0.into_bytes(),
            new.name,
            sql::findable(&new.name),
            new.media_type,
            sql::signed(new.size),
            new.content_hash,
            now.0
        ],
    )?;
    for id in failed {
        versions::hand_over(tx, workspace, id, new.id)?;
        remove(tx, workspace, id, now)?;
    }
    let task = Task::Read {
        document_id: new.id,
    };
    jobs::enqueue(tx, workspace, new.job_id, &task, now)?;
    tx.event(workspace, Topic::Document, new.id, now)?;
    the(tx.conn, workspace, new.id)
}

/// The document of this source and name that has this very content and was not refused.
pub(crate) fn same_name_and_content(
    conn: &Connection,
    workspace: WorkspaceId,
    new: &Entering,
) -> Result<Option<Document>, StoreError> {
    sql::one(
        conn,
        &format!(
            "SELECT {DOCUMENT} FROM documents
             WHERE workspace_id = ?1 AND source_id = ?2 AND name = ?3 AND content_hash = ?4
               AND state <> 'failed' LIMIT 1"
        ),
        params![
            workspace.0.into_bytes(),
            new.source_id.0.into_bytes(),
            new.name,
            new.content_hash
        ],
        read,
    )
}

/// Removes a document, its jobs and all that hangs on it; the index is told when it had it.
pub(crate) fn remove(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let document = the(tx.conn, workspace, id)?;
    empty(tx, workspace, id)?;
    versions::forget(tx, workspace, id)?;
    jobs::forget(tx, workspace, &Task::Read { document_id: id })?;
    sql::run(
        tx.conn,
        "DELETE FROM documents WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
    )?;
    tx.after.loose_files.push(document.content_hash);
    tx.event(workspace, Topic::Document, id, now)
}

/// Takes text and passages from a document; the index is told when it had them.
pub(crate) fn empty(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
) -> Result<(), StoreError> {
    let key = params![workspace.0.into_bytes(), id.0.into_bytes()];
    let fed = sql::any(
        tx.conn,
        "SELECT 1 FROM documents WHERE workspace_id = ?1 AND id = ?2 AND feed_seq IS NOT NULL",
        key,
    )?;
    if fed {
        let seq = feed::next(tx.conn, workspace)?;
        sql::run(
            tx.conn,
            "INSERT INTO removed_documents (workspace_id, document_id, feed_seq) VALUES (?1, ?2, ?3)",
            params![workspace.0.into_bytes(), id.0.into_bytes(), seq],
        )?;
    }
    sql::run(
        tx.conn,
        "DELETE FROM passages WHERE workspace_id = ?1 AND document_id = ?2",
        key,
    )?;
    sql::run(
        tx.conn,
        "DELETE FROM document_texts WHERE workspace_id = ?1 AND document_id = ?2",
        key,
    )?;
    sql::run(
        tx.conn,
        "UPDATE documents SET feed_seq = NULL, passages = 0, vectors = 0
         WHERE workspace_id = ?1 AND id = ?2",
        key,
    )?;
    Ok(())
}

fn same_content(
    conn: &Connection,
    workspace: WorkspaceId,
    new: &NewDocument,
) -> Result<Option<Document>, StoreError> {
    sql::one(
        conn,
        &format!(
            "SELECT {DOCUMENT} FROM documents
             WHERE workspace_id = ?1 AND source_id = ?2 AND content_hash = ?3 AND state <> 'failed'
             LIMIT 1"
        ),
        params![
            workspace.0.into_bytes(),
            new.source_id.0.into_bytes(),
            new.file.content_hash
        ],
        read,
    )
}
