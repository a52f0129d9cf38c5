//! Events: what changed, by cursor. The newest 10,000 of a workspace are kept.

use std::fmt::Display;

use domain::event::{Event, Topic};
use domain::id::WorkspaceId;
use domain::time::Timestamp;
use rusqlite::params;

use crate::Workspace;
use crate::error::StoreError;
use crate::page::bounded;
use crate::sql;
use crate::writer::Tx;

/// How many events of a workspace are kept.
const KEPT: i64 = 10_000;

impl Workspace {
    /// The events after a cursor, in order, at most `limit`. When the first one is not `seq` + 1, older
    /// ones are gone: read everything anew.
    pub async fn events_since(&self, seq: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        self.read(move |conn, workspace| {
            sql::many(
                conn,
                "SELECT seq, topic, subject, at FROM events
                 WHERE workspace_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
                params![workspace.0.into_bytes(), sql::signed(seq), bounded(limit)],
                |row| {
                    Ok(Event {
                        seq: sql::count_at(row, 0)?,
                        topic: sql::word_at(row, 1)?,
                        subject: row.get(2)?,
                        at: sql::time_at(row, 3)?,
                    })
                },
            )
        })
        .await
    }

    /// The cursor of the newest event; 0 before the first.
    pub async fn last_event(&self) -> Result<u64, StoreError> {
        self.read(|conn, workspace| {
            sql::the(
                conn,
                "SELECT event_seq FROM workspaces WHERE id = ?1",
                [workspace.0.into_bytes()],
                |row| sql::count_at(row, 0),
            )
        })
        .await
    }
}

impl Tx<'_> {
    /// Notes an event. `NotFound` when there is no such workspace.
    pub(crate) fn event(
        &mut self,
        workspace: WorkspaceId,
        topic: Topic,
        subject: impl Display,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let seq: i64 = sql::the(
            self.conn,
            "UPDATE workspaces SET event_seq = event_seq + 1 WHERE id = ?1 RETURNING event_seq",
            [workspace.0.into_bytes()],
            |row| Ok(row.get(0)?),
        )?;
        sql::run(
            self.conn,
            "INSERT INTO events (workspace_id, seq, topic, subject, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                workspace.0.into_bytes(),
                seq,
                sql::word(&topic)?,
                subject.to_string(),
                now.0
            ],
        )?;
        sql::run(
            self.conn,
            "DELETE FROM events WHERE workspace_id = ?1 AND seq <= ?2",
            params![workspace.0.into_bytes(), seq - KEPT],
        )?;
        self.after.topic(workspace, topic);
        Ok(())
    }
}
