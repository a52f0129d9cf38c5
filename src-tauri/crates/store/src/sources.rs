//! Sources: where knowledge comes from.

use domain::document::{Source, SourceKind};
use domain::event::Topic;
use domain::id::{DocumentId, SourceId, WorkspaceId};
use domain::job::Task;
use domain::time::Timestamp;
use rusqlite::{Row, params};

use crate::error::StoreError;
use crate::writer::Tx;
use crate::{Applied, Workspace, documents, jobs, sql};

/// A source and how much came from it.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    /// The source.
    pub source: Source,
    /// How many documents it has.
    pub documents: u64,
}

impl Workspace {
    /// Adds a source; the same id again is `AlreadyApplied`.
    pub async fn create_source(&self, source: Source) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| add(tx, workspace, &source))
            .await
    }

    /// The oldest source of the same kind; this one is added when there is none. Many may ask at once: there is
    /// one source of the kind afterwards.
    pub async fn source_of_kind(&self, source: Source) -> Result<SourceId, StoreError> {
        self.write(move |tx, workspace| {
            let known = sql::one(
                tx.conn,
                "SELECT id FROM sources WHERE workspace_id = ?1 AND kind = ?2
                 ORDER BY created_at, id LIMIT 1",
                params![workspace.0.into_bytes(), sql::word(&source.kind)?],
                |row| Ok(SourceId(sql::id_at(row, 0)?)),
            )?;
            match known {
                Some(id) => Ok(id),
                None => add(tx, workspace, &source).map(|_| source.id),
            }
        })
        .await
    }

    /// All sources, oldest first.
    pub async fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                "SELECT id, kind, name, created_at,
                        (SELECT count(*) FROM documents d
                         WHERE d.workspace_id = s.workspace_id AND d.source_id = s.id)
                 FROM sources s WHERE workspace_id = ?1 ORDER BY created_at, id",
                [workspace.0.into_bytes()],
                |row| {
                    Ok(SourceRow {
                        source: read(row)?,
                        documents: sql::count_at(row, 4)?,
                    })
                },
            )
        })
        .await
    }

    /// One source.
    pub async fn source(&self, id: SourceId) -> Result<Source, StoreError> {
        self.read(move |conn, workspace| {
            sql::the(
                conn,
                "SELECT id, kind, name, created_at FROM sources WHERE workspace_id = ?1 AND id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                read,
            )
        })
        .await
    }

    /// Removes a source with all its documents; with the demo also the Q&A that came with it.
    pub async fn remove_source(&self, id: SourceId, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let key = params![workspace.0.into_bytes(), id.0.into_bytes()];
            let kind: SourceKind = sql::the(
                tx.conn,
                "SELECT kind FROM sources WHERE workspace_id = ?1 AND id = ?2",
                key,
                |row| sql::word_at(row, 0),
            )?;
            let documents = sql::many(
                tx.conn,
                "SELECT id FROM documents WHERE workspace_id = ?1 AND source_id = ?2",
                key,
                |row| Ok(DocumentId(sql::id_at(row, 0)?)),
            )?;
            for document in documents {
                documents::remove(tx, workspace, document, now)?;
            }
            jobs::forget(tx, workspace, &Task::Follow { source_id: id })?;
            sql::run(
                tx.conn,
                "DELETE FROM sources WHERE workspace_id = ?1 AND id = ?2",
                key,
            )?;
            if kind == SourceKind::Demo {
                sql::run(
                    tx.conn,
                    "DELETE FROM qa WHERE workspace_id = ?1 AND demo = 1",
                    [workspace.0.into_bytes()],
                )?;
                tx.event(workspace, Topic::Qa, "", now)?;
            }
            tx.event(workspace, Topic::Source, id, now)
        })
        .await
    }
}

pub(crate) fn add(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    source: &Source,
) -> Result<Applied, StoreError> {
    let added = sql::run(
        tx.conn,
        "INSERT INTO sources (workspace_id, id, kind, name, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (workspace_id, id) DO NOTHING",
        params![
            workspace.0.into_bytes(),
            source.id.0.into_bytes(),
            sql::word(&source.kind)?,
            source.name,
            source.created_at.0
        ],
    )?;
    if added == 0 {
        return Ok(Applied::AlreadyApplied);
    }
    tx.event(workspace, Topic::Source, source.id, source.created_at)?;
    Ok(Applied::Applied)
}

fn read(row: &Row<'_>) -> Result<Source, StoreError> {
    Ok(Source {
        id: SourceId(sql::id_at(row, 0)?),
        kind: sql::word_at(row, 1)?,
        name: row.get(2)?,
        created_at: sql::time_at(row, 3)?,
    })
}
