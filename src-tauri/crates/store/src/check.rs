//! Looking for damage.

use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::error::StoreError;
use crate::{DATABASE, Store, readers, sql};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// What is damaged, in SQLite's words; empty when nothing is.
    pub problems: Vec<String>,
    /// Milliseconds it took.
    pub took_ms: u64,
}

impl Store {
    /// Reads the whole database through (`quick_check`) beside everything else. Damage makes the store
    /// read-only at once.
    pub async fn check(&self) -> Result<CheckReport, StoreError> {
        let database = self.inner.data.join(DATABASE);
        let checked = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            let problems = readers::reading(&database).and_then(|conn| {
                sql::many(&conn, "PRAGMA quick_check", [], |row| {
                    Ok(row.get::<_, String>(0)?)
                })
            });
            let problems = match problems {
                Ok(problems) => problems,
                Err(StoreError::Corrupt(problem)) => vec![problem],
                Err(error) => return Err(error),
            };
            Ok(CheckReport {
                problems: problems.into_iter().filter(|line| line != "ok").collect(),
                took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            })
        });
        let report = checked
            .await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))))?;
        if !report.problems.is_empty() {
            tracing::error!("the database is damaged: nothing is written any more");
            self.inner.damaged.store(true, Ordering::Release);
        }
        Ok(report)
    }

    /// True when damage was found: nothing is written any more until a backup is restored.
    pub fn damaged(&self) -> bool {
        self.inner.damaged.load(Ordering::Acquire)
    }
}
