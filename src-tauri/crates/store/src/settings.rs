//! Settings: rows that the UI edits. Their values are JSON that the app reads.

use domain::time::Timestamp;

use crate::Workspace;
use crate::error::StoreError;

impl Workspace {
    /// The value of a setting.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        crate::soon()
    }

    /// Gives a setting a value.
    pub async fn set_setting(
        &self,
        key: &str,
        json: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }
}
