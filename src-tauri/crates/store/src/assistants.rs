//! Assistants and their earlier versions.

use domain::assistant::{Assistant, AssistantSettings};
use domain::id::AssistantId;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::{Applied, Workspace};

impl Workspace {
    /// Adds an assistant; the same id again is `AlreadyApplied`.
    pub async fn create_assistant(&self, assistant: Assistant) -> Result<Applied, StoreError> {
        crate::soon()
    }

    /// One assistant.
    pub async fn assistant(&self, id: AssistantId) -> Result<Assistant, StoreError> {
        crate::soon()
    }

    /// All assistants, oldest first.
    pub async fn assistants(&self) -> Result<Vec<Assistant>, StoreError> {
        crate::soon()
    }

    /// Changes an assistant whose version is still `expected_version`, else `Conflict`; the earlier version
    /// is kept.
    pub async fn update_assistant(
        &self,
        id: AssistantId,
        name: String,
        settings: AssistantSettings,
        expected_version: u32,
        now: Timestamp,
    ) -> Result<Assistant, StoreError> {
        crate::soon()
    }

    /// The versions of an assistant before the present one, newest first, at most 200.
    pub async fn assistant_versions(&self, id: AssistantId) -> Result<Vec<Assistant>, StoreError> {
        crate::soon()
    }

    /// Removes an assistant with its conversations. `Conflict` for the last one.
    pub async fn remove_assistant(
        &self,
        id: AssistantId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }
}
