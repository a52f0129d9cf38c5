//! Another embedder takes the place of the one in use: its vectors gather beside the others, which are searched
//! meanwhile, and take their place in one transaction.

use domain::event::Topic;
use domain::id::{PassageId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::page::bounded;
use crate::vectors::{Unembedded, to_bytes};
use crate::{Applied, Workspace, feed, sql};

impl Workspace {
    /// Gathers vectors of this embedder from now on; those gathered for another one go. Empty: nobody's.
    pub async fn gather_for(&self, embedder_key: &str) -> Result<Applied, StoreError> {
        let key = embedder_key.to_owned();
        self.write(move |tx, workspace| {
            if gathering(tx.conn, workspace)? == key {
                return Ok(Applied::AlreadyApplied);
            }
            forget_gathered(tx.conn, workspace)?;
            sql::run(
                tx.conn,
                "UPDATE workspaces SET next_embedder = ?2 WHERE id = ?1",
                params![workspace.0.into_bytes(), key],
            )?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// How many vectors were gathered; `None` when none are.
    pub async fn gathered(&self) -> Result<Option<u64>, StoreError> {
        self.read(|conn, workspace| {
            if gathering(conn, workspace)?.is_empty() {
                return Ok(None);
            }
            let query = "SELECT count(*) FROM next_vectors WHERE workspace_id = ?1";
            let owner = workspace.0.into_bytes();
            sql::the(conn, query, [owner], |row| sql::count_at(row, 0)).map(Some)
        })
        .await
    }

    /// Up to `limit` passages whose vector is not gathered yet. `Conflict` when another embedder's are gathered.
    pub async fn passages_to_gather(
        &self,
        embedder_key: &str,
        limit: u32,
    ) -> Result<Vec<Unembedded>, StoreError> {
        let key = embedder_key.to_owned();
        self.read(move |conn, workspace| {
            gathers(conn, workspace, &key)?;
            missing(conn, workspace, bounded(limit))
        })
        .await
    }

    /// Gathers vectors; those of passages that are gone are left out. `Conflict` when another embedder's are
    /// gathered.
    pub async fn gather_vectors(
        &self,
        embedder_key: &str,
        vectors: Vec<(PassageId, Vec<f32>)>,
    ) -> Result<(), StoreError> {
        let key = embedder_key.to_owned();
        self.write(move |tx, workspace| {
            gathers(tx.conn, workspace, &key)?;
            for (id, vector) in vectors {
                sql::run(
                    tx.conn,
                    "INSERT OR REPLACE INTO next_vectors (workspace_id, passage_id, vector)
                     SELECT workspace_id, id, ?3 FROM passages WHERE workspace_id = ?1 AND id = ?2",
                    params![
                        workspace.0.into_bytes(),
                        id.0.into_bytes(),
                        to_bytes(&vector)
                    ],
                )?;
            }
            Ok(())
        })
        .await
    }

    /// The gathered vectors take the place of those in use; the index follows by its feed. `Conflict` when a
    /// passage's vector is missing (gather it first) or another embedder's were gathered.
    pub async fn switch_embedder(
        &self,
        embedder_key: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = embedder_key.to_owned();
        self.write(move |tx, workspace| {
            gathers(tx.conn, workspace, &key)?;
            if !missing(tx.conn, workspace, 1)?.is_empty() {
                return Err(StoreError::Conflict);
            }
            let owner = workspace.0.into_bytes();
            for drop in [
                "DELETE FROM vectors WHERE workspace_id = ?1",
                "DELETE FROM qa_vectors WHERE workspace_id = ?1",
            ] {
                sql::run(tx.conn, drop, [owner])?;
            }
            let dropped = feed::next(tx.conn, workspace)?;
            sql::run(
                tx.conn,
                "INSERT INTO vectors (workspace_id, passage_id, vector, feed_seq)
                 SELECT workspace_id, passage_id, vector, ?2 + row_number() OVER (ORDER BY passage_id)
                 FROM next_vectors WHERE workspace_id = ?1",
                params![owner, dropped],
            )?;
            sql::run(
                tx.conn,
                "UPDATE workspaces SET embedder = ?2, next_embedder = '', vectors_dropped_at = ?3,
                     feed_seq = feed_seq + (SELECT count(*) FROM next_vectors WHERE workspace_id = ?1)
                 WHERE id = ?1",
                params![owner, key, dropped],
            )?;
            sql::run(
                tx.conn,
                "UPDATE documents SET vectors = passages WHERE workspace_id = ?1 AND state = 'ready'",
                [owner],
            )?;
            forget_gathered(tx.conn, workspace)?;
            tx.event(workspace, Topic::Settings, "embedder", now)
        })
        .await
    }
}

fn gathering(conn: &Connection, workspace: WorkspaceId) -> Result<String, StoreError> {
    let query = "SELECT next_embedder FROM workspaces WHERE id = ?1";
    sql::the(conn, query, [workspace.0.into_bytes()], |row| {
        Ok(row.get(0)?)
    })
}

fn gathers(conn: &Connection, workspace: WorkspaceId, key: &str) -> Result<(), StoreError> {
    match gathering(conn, workspace)? == key {
        true => Ok(()),
        false => Err(StoreError::Conflict),
    }
}

fn missing(
    conn: &Connection,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<Unembedded>, StoreError> {
    sql::many(
        conn,
        "SELECT p.id, p.headings, p.text
         FROM documents d
         CROSS JOIN passages p ON p.workspace_id = d.workspace_id AND p.document_id = d.id
         WHERE d.workspace_id = ?1 AND d.state = 'ready'
           AND NOT EXISTS (
               SELECT 1 FROM next_vectors v WHERE v.workspace_id = p.workspace_id AND v.passage_id = p.id)
         LIMIT ?2",
        params![workspace.0.into_bytes(), limit],
        |row| {
            Ok(Unembedded {
                id: PassageId(sql::id_at(row, 0)?),
                headings: sql::json_at(row, 1)?,
                text: row.get(2)?,
            })
        },
    )
}

fn forget_gathered(conn: &Connection, workspace: WorkspaceId) -> Result<(), StoreError> {
    sql::run(
        conn,
        "DELETE FROM next_vectors WHERE workspace_id = ?1",
        [workspace.0.into_bytes()],
    )?;
    Ok(())
}
