//! Vectors of passages, as 16-bit floats; of one embedder at a time.

use std::collections::BTreeSet;

use domain::event::Topic;
use domain::id::{DocumentId, PassageId, WorkspaceId};
use domain::time::Timestamp;
use half::f16;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::{Applied, Workspace, feed, sql};

/// A passage that has no vector yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unembedded {
    /// The passage.
    pub id: PassageId,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Its text.
    pub text: String,
}

impl Workspace {
    /// The embedder whose vectors are kept; empty for none.
    pub async fn embedder(&self) -> Result<String, StoreError> {
        self.read(current).await
    }

    /// Makes another embedder the one whose vectors are kept: all vectors of passages and Q&A go.
    /// `AlreadyApplied` when it is the one.
    pub async fn use_embedder(&self, key: &str) -> Result<Applied, StoreError> {
        let key = key.to_owned();
        self.write(move |tx, workspace| {
            if current(tx.conn, workspace)? == key {
                return Ok(Applied::AlreadyApplied);
            }
            let owner = workspace.0.into_bytes();
            for drop in [
                "DELETE FROM vectors WHERE workspace_id = ?1",
                "DELETE FROM qa_vectors WHERE workspace_id = ?1",
                "UPDATE documents SET vectors = 0 WHERE workspace_id = ?1",
            ] {
                sql::run(tx.conn, drop, [owner])?;
            }
            let seq = feed::next(tx.conn, workspace)?;
            sql::run(
                tx.conn,
                "UPDATE workspaces SET embedder = ?2, vectors_dropped_at = ?3 WHERE id = ?1",
                params![owner, key, seq],
            )?;
            tx.after.topic(workspace, Topic::Document);
            Ok(Applied::Applied)
        })
        .await
    }

    /// Up to `limit` (1..=1,000) passages that have no vector. `Conflict` when the embedder is another one.
    pub async fn passages_without_vector(
        &self,
        embedder_key: &str,
        limit: u32,
    ) -> Result<Vec<Unembedded>, StoreError> {
        let key = embedder_key.to_owned();
        self.read(move |conn, workspace| {
            same(conn, workspace, &key)?;
            // CROSS JOIN keeps this order: only documents that lack vectors have their passages looked at.
            sql::many(
                conn,
                "SELECT p.id, p.headings, p.text
                 FROM documents d
                 CROSS JOIN passages p ON p.workspace_id = d.workspace_id AND p.document_id = d.id
                 WHERE d.workspace_id = ?1 AND d.state = 'ready' AND d.vectors < d.passages
                   AND NOT EXISTS (
                       SELECT 1 FROM vectors v
                       WHERE v.workspace_id = p.workspace_id AND v.passage_id = p.id)
                 LIMIT ?2",
                params![workspace.0.into_bytes(), limit.clamp(1, 1_000)],
                |row| {
                    Ok(Unembedded {
                        id: PassageId(sql::id_at(row, 0)?),
                        headings: sql::json_at(row, 1)?,
                        text: row.get(2)?,
                    })
                },
            )
        })
        .await
    }

    /// Keeps vectors; those of passages that are gone meanwhile are left out. `Conflict` when the embedder
    /// is another one by now.
    pub async fn save_vectors(
        &self,
        embedder_key: &str,
        vectors: Vec<(PassageId, Vec<f32>)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = embedder_key.to_owned();
        self.write(move |tx, workspace| {
            same(tx.conn, workspace, &key)?;
            let owner = workspace.0.into_bytes();
            let mut documents = BTreeSet::new();
            for (id, vector) in vectors {
                let document = sql::one(
                    tx.conn,
                    "SELECT document_id FROM passages WHERE workspace_id = ?1 AND id = ?2",
                    params![owner, id.0.into_bytes()],
                    |row| Ok(DocumentId(sql::id_at(row, 0)?)),
                )?;
                let Some(document) = document else {
                    continue;
                };
                documents.insert(document);
                let seq = feed::next(tx.conn, workspace)?;
                sql::run(
                    tx.conn,
                    "INSERT INTO vectors (workspace_id, passage_id, vector, feed_seq)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (workspace_id, passage_id)
                     DO UPDATE SET vector = excluded.vector, feed_seq = excluded.feed_seq",
                    params![owner, id.0.into_bytes(), to_bytes(&vector), seq],
                )?;
            }
            for document in documents {
                sql::run(
                    tx.conn,
                    "UPDATE documents SET vectors = (
                         SELECT count(*) FROM passages p
                         JOIN vectors v ON v.workspace_id = p.workspace_id AND v.passage_id = p.id
                         WHERE p.workspace_id = ?1 AND p.document_id = ?2)
                     WHERE workspace_id = ?1 AND id = ?2",
                    params![owner, document.0.into_bytes()],
                )?;
                tx.event(workspace, Topic::Document, document, now)?;
            }
            Ok(())
        })
        .await
    }
}

/// The embedder whose vectors are kept.
pub(crate) fn current(conn: &Connection, workspace: WorkspaceId) -> Result<String, StoreError> {
    sql::the(
        conn,
        "SELECT embedder FROM workspaces WHERE id = ?1",
        [workspace.0.into_bytes()],
        |row| Ok(row.get(0)?),
    )
}

/// `Conflict` unless the embedder is this one.
pub(crate) fn same(conn: &Connection, workspace: WorkspaceId, key: &str) -> Result<(), StoreError> {
    match current(conn, workspace)? == key {
        true => Ok(()),
        false => Err(StoreError::Conflict),
    }
}

/// The vector of a passage; empty when it has none.
pub(crate) fn of(
    conn: &Connection,
    workspace: WorkspaceId,
    id: PassageId,
) -> Result<Vec<f32>, StoreError> {
    let vector = sql::one(
        conn,
        "SELECT vector FROM vectors WHERE workspace_id = ?1 AND passage_id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| Ok(from_bytes(&row.get::<_, Vec<u8>>(0)?)),
    )?;
    Ok(vector.unwrap_or_default())
}

/// A vector as it is kept: IEEE 754 binary16, little-endian.
pub(crate) fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector
        .iter()
        .flat_map(|number| f16::from_f32(*number).to_le_bytes())
        .collect()
}

/// A vector as it is used.
pub(crate) fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    let pairs = bytes.as_chunks::<2>().0.iter();
    pairs
        .map(|pair| f16::from_le_bytes(*pair).to_f32())
        .collect()
}
