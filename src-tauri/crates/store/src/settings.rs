//! Settings: rows that the UI edits. Their values are JSON that the app reads.

use std::sync::atomic::Ordering;

use domain::event::Topic;
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::{Store, Workspace, sql};

impl Store {
    /// How often settings were written since the store was opened. What was read after this was asked still holds
    /// while it is the same.
    pub fn settings_written(&self) -> u64 {
        self.inner.settings_written.load(Ordering::Acquire)
    }
}

impl Workspace {
    /// The value of a setting.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let key = key.to_owned();
        self.read(move |conn, workspace| {
            sql::one(
                conn,
                "SELECT value FROM settings WHERE workspace_id = ?1 AND key = ?2",
                params![workspace.0.into_bytes(), key],
                |row| Ok(row.get(0)?),
            )
        })
        .await
    }

    /// Gives a setting a value.
    pub async fn set_setting(
        &self,
        key: &str,
        json: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.write(move |tx, workspace| {
            sql::run(
                tx.conn,
                "INSERT INTO settings (workspace_id, key, value) VALUES (?1, ?2, ?3)
                 ON CONFLICT (workspace_id, key) DO UPDATE SET value = excluded.value",
                params![workspace.0.into_bytes(), key, json],
            )?;
            tx.event(workspace, Topic::Settings, key, now)
        })
        .await
    }
}
