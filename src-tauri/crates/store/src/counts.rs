//! Counts for the status page.

use crate::error::StoreError;
use crate::{Workspace, sql};

/// How much a workspace has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents that wait.
    pub pending: u64,
    /// Documents being read.
    pub reading: u64,
    /// Documents that can be found.
    pub ready: u64,
    /// Documents that could not be read.
    pub failed: u64,
    /// Passages.
    pub passages: u64,
    /// Passages that have a vector.
    pub vectors: u64,
    /// Q&A pairs.
    pub qa: u64,
    /// Conversations.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
}

impl Workspace {
    /// How much there is.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.read(|conn, workspace| {
            let owner = [workspace.0.into_bytes()];
            let documents = sql::the(
                conn,
                "SELECT count(*) FILTER (WHERE state = 'pending'),
                        count(*) FILTER (WHERE state = 'reading'),
                        count(*) FILTER (WHERE state = 'ready'),
                        count(*) FILTER (WHERE state = 'failed'),
                        coalesce(sum(passages), 0), coalesce(sum(vectors), 0)
                 FROM documents WHERE workspace_id = ?1",
                owner,
                |row| {
                    Ok(Counts {
                        pending: sql::count_at(row, 0)?,
                        reading: sql::count_at(row, 1)?,
                        ready: sql::count_at(row, 2)?,
                        failed: sql::count_at(row, 3)?,
                        passages: sql::count_at(row, 4)?,
                        vectors: sql::count_at(row, 5)?,
                        ..Counts::default()
                    })
                },
            )?;
            // Messages are numbered without gaps: the sum of the last numbers is their count.
            sql::the(
                conn,
                "SELECT (SELECT count(*) FROM qa WHERE workspace_id = ?1),
                        count(*), coalesce(sum(last_seq), 0)
                 FROM conversations WHERE workspace_id = ?1",
                owner,
                |row| {
                    Ok(Counts {
                        qa: sql::count_at(row, 0)?,
                        conversations: sql::count_at(row, 1)?,
                        messages: sql::count_at(row, 2)?,
                        ..documents
                    })
                },
            )
        })
        .await
    }
}
