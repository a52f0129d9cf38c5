//! What the first page shows: what needs somebody, today's figures, the bots, and which first steps are done.

use domain::bot::Bot;
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::{Workspace, bots, sql};

/// A workspace at a glance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Home {
    /// Conversations that wait for a person.
    pub waiting: u64,
    /// Since when the one that waits longest waits.
    pub waiting_since: Option<Timestamp>,
    /// Documents that could not be read.
    pub failed: u64,
    /// Documents that can be found.
    pub ready: u64,
    /// Q&A pairs.
    pub qa: u64,
    /// Open groups of unanswered questions.
    pub unanswered: u64,
    /// Low-rated answers that nobody has dealt with.
    pub low_rated: u64,
    /// Customers' messages since the day began, without the Playground.
    pub asked: u64,
    /// The assistant's replies since then that the knowledge answered.
    pub answered: u64,
    /// Those that were refused.
    pub refused: u64,
    /// Those that handed over to a person.
    pub handed_over: u64,
    /// True when somebody has changed an assistant.
    pub has_assistant: bool,
    /// True when there is a recovery code.
    pub has_recovery: bool,
    /// The bots.
    pub bots: Vec<Bot>,
}

impl Workspace {
    /// The workspace at a glance; figures count from `since`.
    pub async fn home(&self, since: Timestamp) -> Result<Home, StoreError> {
        self.read(move |conn, workspace| {
            let owner = workspace.0.into_bytes();
            // Figures walk the conversations of the day only.
            let figures = sql::the(
                conn,
                "SELECT count(*) FILTER (WHERE m.author = 'contact'),
                        count(*) FILTER (WHERE m.outcome IN ('answered', 'answered_by_qa')),
                        count(*) FILTER (WHERE m.outcome = 'refused'),
                        count(*) FILTER (WHERE m.outcome = 'handed_over')
                 FROM conversations v
                 JOIN messages m ON m.workspace_id = ?1 AND m.conversation_id = v.id
                 WHERE v.workspace_id = ?1 AND v.last_at >= ?2 AND v.channel <> 'playground'
                   AND m.created_at >= ?2",
                params![owner, since.0],
                |row| {
                    Ok(Home {
                        asked: sql::count_at(row, 0)?,
                        answered: sql::count_at(row, 1)?,
                        refused: sql::count_at(row, 2)?,
                        handed_over: sql::count_at(row, 3)?,
                        ..Home::default()
                    })
                },
            )?;
            let bots = bots::all(conn, workspace)?;
            sql::the(
                conn,
                "SELECT (SELECT count(*) FROM handoffs WHERE workspace_id = ?1 AND state = 'requested'),
                        (SELECT min(updated_at) FROM handoffs WHERE workspace_id = ?1 AND state = 'requested'),
                        (SELECT count(*) FROM documents WHERE workspace_id = ?1 AND state = 'failed'),
                        (SELECT count(*) FROM documents WHERE workspace_id = ?1 AND state = 'ready'),
                        (SELECT count(*) FROM qa WHERE workspace_id = ?1),
                        (SELECT count(*) FROM unanswered WHERE workspace_id = ?1 AND state = 'open'),
                        (SELECT count(*) FROM ratings INDEXED BY ratings_low
                             WHERE workspace_id = ?1 AND rating = 'bad' AND reviewed_at IS NULL),
                        EXISTS (SELECT 1 FROM assistants WHERE workspace_id = ?1 AND version > 1),
                        EXISTS (SELECT 1 FROM recovery)",
                [owner],
                |row| {
                    Ok(Home {
                        waiting: sql::count_at(row, 0)?,
                        waiting_since: row.get::<_, Option<i64>>(1)?.map(Timestamp),
                        failed: sql::count_at(row, 2)?,
                        ready: sql::count_at(row, 3)?,
                        qa: sql::count_at(row, 4)?,
                        unanswered: sql::count_at(row, 5)?,
                        low_rated: sql::count_at(row, 6)?,
                        has_assistant: row.get(7)?,
                        has_recovery: row.get(8)?,
                        bots,
                        ..figures
                    })
                },
            )
        })
        .await
    }
}
