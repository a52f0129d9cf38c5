//! Looking for damage.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rusqlite::{Connection, InterruptHandle};

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
    /// read-only at once. Closing the store cuts it short: `Closed`.
    pub async fn check(&self) -> Result<CheckReport, StoreError> {
        let database = self.inner.data.join(DATABASE);
        let checking = self.inner.checking.clone();
        let checked = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            let problems = readers::reading(&database).and_then(|conn| {
                checking.begins(&conn)?;
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

/// The check that runs, so that a closing store need not wait for it.
#[derive(Default)]
pub(crate) struct Checking(Mutex<State>);

#[derive(Default)]
struct State {
    running: Option<InterruptHandle>,
    is_closed: bool,
}

impl Checking {
    fn begins(&self, conn: &Connection) -> Result<(), StoreError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_closed {
            return Err(StoreError::Closed);
        }
        state.running = Some(conn.get_interrupt_handle());
        Ok(())
    }

    /// Ends the check that runs; none begins any more.
    pub(crate) fn close(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_closed = true;
        if let Some(running) = state.running.take() {
            running.interrupt();
        }
    }
}
