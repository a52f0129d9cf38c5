//! What becomes of a document while it is read. Each step shows the lease of its job.

use domain::document::{Block, DocumentState, Passage, ReadFailure, ReadReport};
use domain::event::Topic;
use domain::id::{DocumentId, JobId, WorkspaceId};
use domain::job::{Lease, Task};
use domain::language::Language;
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::writer::Tx;
use crate::{Applied, Workspace, documents, feed, jobs, sql, versions};

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
    /// The job that gives it vectors, when that is wanted; not added when one waits already.
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
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            jobs::holds(tx.conn, &of(lease, workspace)?)?;
            let changed = sql::run(
                tx.conn,
                "UPDATE documents SET state = 'reading', done = ?3, total = ?4, updated_at = ?5
                 WHERE workspace_id = ?1 AND id = ?2 AND state IN ('pending', 'reading')",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    done,
                    total,
                    now.0
                ],
            )?;
            match changed {
                0 => Err(StoreError::NotFound),
                _ => tx.event(workspace, Topic::Document, id, now),
            }
        })
        .await
    }

    /// The document is read: its passages can be found from now on, those of earlier versions cannot any more,
    /// the job is done. All of it or nothing. When a newer version is ready already, this one becomes an
    /// earlier version at once.
    pub async fn document_read(
        &self,
        lease: &Lease,
        id: DocumentId,
        done: ReadDone,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            let lease = of(lease, workspace)?;
            let document = documents::the(tx.conn, workspace, id)?;
            let repeated =
                document.state == DocumentState::Ready && !jobs::exists(tx.conn, &lease.job)?;
            if repeated {
                return Ok(Applied::AlreadyApplied);
            }
            jobs::finish(tx, &lease)?;
            let others = others(tx, workspace, id)?;
            keep(tx, workspace, id, &done, now)?;
            for older in others.older {
                versions::archive(tx, workspace, older, id, now)?;
            }
            let newest = others.newer_ready.unwrap_or(id);
            if newest != id {
                versions::archive(tx, workspace, id, newest, now)?;
            }
            versions::tidy(tx, workspace, &documents::the(tx.conn, workspace, newest)?)?;
            if let Some(job_id) = done.embed_job {
                jobs::enqueue(tx, workspace, job_id, &Task::Embed, now)?;
            }
            tx.event(workspace, Topic::Document, id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// The document cannot be read; the job is done. An older version that is ready stays.
    pub async fn document_failed(
        &self,
        lease: &Lease,
        id: DocumentId,
        cause: ReadFailure,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            let lease = of(lease, workspace)?;
            let document = documents::the(tx.conn, workspace, id)?;
            let repeated = document.state == DocumentState::Failed { cause }
                && !jobs::exists(tx.conn, &lease.job)?;
            if repeated {
                return Ok(Applied::AlreadyApplied);
            }
            jobs::finish(tx, &lease)?;
            fail(tx, workspace, id, cause, now)?;
            Ok(Applied::Applied)
        })
        .await
    }
}

/// The reading was tried too often: nothing more comes by itself.
pub(crate) fn given_up(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
    now: Timestamp,
) -> Result<(), StoreError> {
    match fail(tx, workspace, id, ReadFailure::ReaderStopped, now) {
        Err(StoreError::NotFound) => Ok(()),
        result => result,
    }
}

/// The reading is to be tried again.
pub(crate) fn wait_again(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::run(
        tx.conn,
        "UPDATE documents SET state = 'pending', failure = NULL, done = 0, total = 0, updated_at = ?3
         WHERE workspace_id = ?1 AND id = ?2 AND state = 'failed'",
        params![workspace.0.into_bytes(), id.0.into_bytes(), now.0],
    )?;
    tx.event(workspace, Topic::Document, id, now)
}

/// The lease, when it is of this workspace.
fn of(lease: Lease, workspace: WorkspaceId) -> Result<Lease, StoreError> {
    match lease.job.workspace_id == workspace {
        true => Ok(lease),
        false => Err(StoreError::NotFound),
    }
}

fn fail(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
    cause: ReadFailure,
    now: Timestamp,
) -> Result<(), StoreError> {
    documents::the(tx.conn, workspace, id)?;
    documents::empty(tx, workspace, id)?;
    sql::run(
        tx.conn,
        "UPDATE documents SET state = 'failed', failure = ?3, updated_at = ?4
         WHERE workspace_id = ?1 AND id = ?2",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            sql::word(&cause)?,
            now.0
        ],
    )?;
    tx.event(workspace, Topic::Document, id, now)
}

/// The other documents of the same source and name.
struct Others {
    older: Vec<DocumentId>,
    /// The newest one that is ready and newer.
    newer_ready: Option<DocumentId>,
}

fn others(tx: &Tx<'_>, workspace: WorkspaceId, id: DocumentId) -> Result<Others, StoreError> {
    let others = sql::many(
        tx.conn,
        "SELECT o.id, o.state = 'ready', (o.created_at, o.id) > (d.created_at, d.id)
         FROM documents d
         JOIN documents o ON o.workspace_id = d.workspace_id AND o.source_id = d.source_id
                         AND o.name = d.name AND o.id <> d.id
         WHERE d.workspace_id = ?1 AND d.id = ?2 ORDER BY o.created_at, o.id",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| {
            let id = DocumentId(sql::id_at(row, 0)?);
            Ok((id, row.get::<_, bool>(1)?, row.get::<_, bool>(2)?))
        },
    )?;
    let newer_ready = others
        .iter()
        .rev()
        .find(|(_, ready, newer)| *ready && *newer)
        .map(|(id, ..)| *id);
    let older = others.into_iter().filter(|(_, _, newer)| !newer);
    Ok(Others {
        older: older.map(|(id, ..)| id).collect(),
        newer_ready,
    })
}

fn keep(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: DocumentId,
    done: &ReadDone,
    now: Timestamp,
) -> Result<(), StoreError> {
    documents::empty(tx, workspace, id)?;
    sql::run(
        tx.conn,
        "INSERT INTO document_texts (workspace_id, document_id, blocks) VALUES (?1, ?2, ?3)",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            sql::json(&done.blocks)?
        ],
    )?;
    for passage in &done.passages {
        sql::run(
            tx.conn,
            "INSERT INTO passages
                 (workspace_id, id, document_id, ordinal, text, headings, page, start_at, end_at, language, of_table)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                workspace.0.into_bytes(),
                passage.id.0.into_bytes(),
                id.0.into_bytes(),
                passage.ordinal,
                passage.text,
                sql::json(&passage.headings)?,
                passage.page,
                passage.start,
                passage.end,
                passage.language.code(),
                passage.table
            ],
        )?;
    }
    let seq = feed::next(tx.conn, workspace)?;
    sql::run(
        tx.conn,
        "UPDATE documents
         SET state = 'ready', failure = NULL, title = ?3,
             find_text = ?4 || char(10) || ?5, media_type = ?6, language = ?7, report = ?8,
             passages = ?9, vectors = 0, feed_seq = ?10, updated_at = ?11
         WHERE workspace_id = ?1 AND id = ?2",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            done.title,
            sql::findable(&documents::the(tx.conn, workspace, id)?.name),
            sql::findable(&done.title),
            done.media_type,
            done.language.code(),
            sql::json(&done.report)?,
            sql::signed(done.passages.len() as u64),
            seq,
            now.0
        ],
    )?;
    Ok(())
}
