//! Looking for damage.

use crate::Store;
use crate::error::StoreError;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// What is damaged, in SQLite's words; empty when nothing is.
    pub problems: Vec<String>,
    /// Milliseconds it took.
    pub took_ms: u64,
}

impl Store {
    /// Reads the whole database through (`quick_check`). Damage makes the store read-only at once.
    pub async fn check(&self) -> Result<CheckReport, StoreError> {
        Err(StoreError::Closed)
    }

    /// True when damage was found: nothing is written any more.
    pub fn damaged(&self) -> bool {
        false
    }
}
