//! Usage: what engines used up, a row a day and engine.

use crate::Workspace;
use crate::error::StoreError;

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

impl Workspace {
    /// The rows from a day (days since 1970-01-01, UTC) on, oldest first, at most 10,000.
    pub async fn usage(&self, from_day: i64) -> Result<Vec<UsageDay>, StoreError> {
        crate::soon()
    }
}
