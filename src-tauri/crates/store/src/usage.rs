//! Usage: what engines used up, a row a day, engine and assistant; and what the remote ones were asked, for their limits.

use domain::answer::Usage;
use domain::id::{AssistantId, ConversationId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::{Workspace, sql};

/// What an engine used up in a day for an assistant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageDay {
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    /// Which engine.
    pub engine: String,
    /// Which assistant; nothing for what was counted before they were told apart.
    pub assistant_id: Option<AssistantId>,
    /// How many answers.
    pub answers: u64,
    /// Tokens read.
    pub prompt_tokens: u64,
    /// Tokens written.
    pub answer_tokens: u64,
}

/// What a remote engine was asked in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EngineDay {
    /// Questions that it answered, or still answers.
    pub answers: u64,
    /// Tokens read and written.
    pub tokens: u64,
}

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// Days after which nobody asks what an engine was asked.
const KEPT_DAYS: i64 = 31;

impl Workspace {
    /// The rows from a day (days since 1970-01-01, UTC) on, oldest first, at most 50,000.
    pub async fn usage(&self, from_day: i64) -> Result<Vec<UsageDay>, StoreError> {
        self.read(move |conn, workspace| {
            sql::many(
                conn,
                "SELECT day, engine, nullif(assistant_id, x''), answers, prompt_tokens, answer_tokens FROM usage
                 WHERE workspace_id = ?1 AND day >= ?2 ORDER BY day, engine, assistant_id LIMIT 50000",
                params![workspace.0.into_bytes(), from_day],
                |row| {
                    Ok(UsageDay {
                        day: row.get(0)?,
                        engine: row.get(1)?,
                        assistant_id: sql::maybe_id_at(row, 2)?.map(AssistantId),
                        answers: sql::count_at(row, 3)?,
                        prompt_tokens: sql::count_at(row, 4)?,
                        answer_tokens: sql::count_at(row, 5)?,
                    })
                },
            )
        })
        .await
    }
}

impl Workspace {
    /// What the engine at a place of the settings was asked today.
    pub async fn engine_day(&self, place: &str, now: Timestamp) -> Result<EngineDay, StoreError> {
        let place = place.to_owned();
        self.read(move |conn, workspace| day_of(conn, workspace, &place, now))
            .await
    }

    /// Counts a question to the engine at a place, unless it has had as many answers or tokens today as it may; false
    /// then. Nothing is no limit.
    pub async fn engine_asked(
        &self,
        place: &str,
        most_answers: Option<u64>,
        most_tokens: Option<u64>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let place = place.to_owned();
        self.write(move |tx, workspace| {
            let today = day_of(tx.conn, workspace, &place, now)?;
            let is_reached = |most: Option<u64>, had: u64| most.is_some_and(|most| had >= most);
            if is_reached(most_answers, today.answers) || is_reached(most_tokens, today.tokens) {
                return Ok(false);
            }
            let day = now.0.div_euclid(DAY);
            sql::run(
                tx.conn,
                "DELETE FROM engine_days WHERE workspace_id = ?1 AND place = ?2 AND day < ?3",
                params![workspace.0.into_bytes(), place, day - KEPT_DAYS],
            )?;
            sql::run(
                tx.conn,
                "INSERT INTO engine_days (workspace_id, place, day, answers, tokens)
                 VALUES (?1, ?2, ?3, 1, 0)
                 ON CONFLICT (workspace_id, place, day) DO UPDATE SET answers = answers + 1",
                params![workspace.0.into_bytes(), place, day],
            )?;
            Ok(true)
        })
        .await
    }

    /// What came of a question that was counted at `asked_at`: the tokens it took, or nothing when it failed, and then
    /// it counts no more.
    pub async fn engine_told(
        &self,
        place: &str,
        asked_at: Timestamp,
        tokens: Option<u64>,
    ) -> Result<(), StoreError> {
        let place = place.to_owned();
        self.write(move |tx, workspace| {
            sql::run(
                tx.conn,
                "UPDATE engine_days SET answers = max(0, answers - ?4), tokens = tokens + ?5
                 WHERE workspace_id = ?1 AND place = ?2 AND day = ?3",
                params![
                    workspace.0.into_bytes(),
                    place,
                    asked_at.0.div_euclid(DAY),
                    i64::from(tokens.is_none()),
                    sql::signed(tokens.unwrap_or(0))
                ],
            )?;
            Ok(())
        })
        .await
    }
}

fn day_of(
    conn: &Connection,
    workspace: WorkspaceId,
    place: &str,
    now: Timestamp,
) -> Result<EngineDay, StoreError> {
    let day = sql::one(
        conn,
        "SELECT answers, tokens FROM engine_days WHERE workspace_id = ?1 AND place = ?2 AND day = ?3",
        params![workspace.0.into_bytes(), place, now.0.div_euclid(DAY)],
        |row| {
            Ok(EngineDay {
                answers: sql::count_at(row, 0)?,
                tokens: sql::count_at(row, 1)?,
            })
        },
    )?;
    Ok(day.unwrap_or_default())
}

/// Adds one answer to its day and the conversation's assistant.
pub(crate) fn add(
    conn: &Connection,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
    engine: &str,
    usage: Usage,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO usage (workspace_id, day, engine, assistant_id, answers, prompt_tokens, answer_tokens)
         SELECT ?1, ?2, ?3, assistant_id, 1, ?5, ?6 FROM conversations WHERE workspace_id = ?1 AND id = ?4
         ON CONFLICT (workspace_id, day, engine, assistant_id) DO UPDATE SET
             answers = answers + 1,
             prompt_tokens = prompt_tokens + excluded.prompt_tokens,
             answer_tokens = answer_tokens + excluded.answer_tokens",
        params![
            workspace.0.into_bytes(),
            now.0.div_euclid(DAY),
            engine,
            conversation_id.0.into_bytes(),
            sql::signed(usage.prompt_tokens),
            sql::signed(usage.answer_tokens)
        ],
    )?;
    Ok(())
}
