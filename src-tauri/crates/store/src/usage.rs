//! Usage: what engines used up, a row a day and engine.

use domain::answer::Usage;
use domain::id::WorkspaceId;
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::{Workspace, sql};

/// What an engine used up in a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageDay {
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    /// Which engine.
    pub engine: String,
    /// How many answers.
    pub answers: u64,
    /// Tokens read.
    pub prompt_tokens: u64,
    /// Tokens written.
    pub answer_tokens: u64,
}

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

impl Workspace {
    /// The rows from a day (days since 1970-01-01, UTC) on, oldest first, at most 10,000.
    pub async fn usage(&self, from_day: i64) -> Result<Vec<UsageDay>, StoreError> {
        self.read(move |conn, workspace| {
            sql::many(
                conn,
                "SELECT day, engine, answers, prompt_tokens, answer_tokens FROM usage
                 WHERE workspace_id = ?1 AND day >= ?2 ORDER BY day, engine LIMIT 10000",
                params![workspace.0.into_bytes(), from_day],
                |row| {
                    Ok(UsageDay {
                        day: row.get(0)?,
                        engine: row.get(1)?,
                        answers: sql::count_at(row, 2)?,
                        prompt_tokens: sql::count_at(row, 3)?,
                        answer_tokens: sql::count_at(row, 4)?,
                    })
                },
            )
        })
        .await
    }
}

/// Adds one answer to its day.
pub(crate) fn add(
    conn: &Connection,
    workspace: WorkspaceId,
    engine: &str,
    usage: Usage,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO usage (workspace_id, day, engine, answers, prompt_tokens, answer_tokens)
         VALUES (?1, ?2, ?3, 1, ?4, ?5)
         ON CONFLICT (workspace_id, day, engine) DO UPDATE SET
             answers = answers + 1,
             prompt_tokens = prompt_tokens + excluded.prompt_tokens,
             answer_tokens = answer_tokens + excluded.answer_tokens",
        params![
            workspace.0.into_bytes(),
            now.0.div_euclid(DAY),
            engine,
            sql::signed(usage.prompt_tokens),
            sql::signed(usage.answer_tokens)
        ],
    )?;
    Ok(())
}
