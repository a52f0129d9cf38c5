//! The versions of an assistant: who changed what and when, and the way back to an earlier one, which is a new
//! version itself.

use domain::assistant::{Assistant, Part, Version};
use domain::id::AssistantId;
use domain::member::Permission;
use store::assistants::AssistantChange;

use crate::App;
use crate::assistants::acceptable;
use crate::error::Result;
use crate::who::Who;

/// A version, and what it changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The version.
    pub version: Version,
    /// The parts in which it differs from the one before; none for the oldest that is kept.
    pub parts: Vec<Part>,
}

impl App {
    /// The versions of an assistant, the present one first, with what each changed.
    pub async fn assistant_versions(&self, who: &Who, id: AssistantId) -> Result<Vec<Changed>> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        let versions = store.assistant_versions(id).await?;
        let parts: Vec<Vec<Part>> = versions
            .windows(2)
            .map(|both| match both {
                [later, earlier] => later.differences(earlier),
                _ => Vec::new(),
            })
            .collect();
        let parts = parts.into_iter().chain([Vec::new()]);
        let changed = versions.into_iter().zip(parts);
        Ok(changed
            .map(|(version, parts)| Changed { version, parts })
            .collect())
    }

    /// One version of an assistant.
    pub async fn assistant_version(
        &self,
        who: &Who,
        id: AssistantId,
        number: u32,
    ) -> Result<Version> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        Ok(store.assistant_version(id, number).await?)
    }

    /// Makes an earlier version the newest one; refused with a conflict when the assistant is not at `version` any
    /// more. An old version that today's rules would refuse is not brought back.
    pub async fn return_assistant(
        &self,
        who: &Who,
        id: AssistantId,
        number: u32,
        version: u32,
    ) -> Result<Assistant> {
        who.must(Permission::ChangeKnowledge)?;
        let store = self.workspace(who.workspace());
        let earlier = store.assistant_version(id, number).await?;
        acceptable(&earlier.settings)?;
        let change = AssistantChange {
            name: earlier.name,
            settings: earlier.settings,
            expected_version: version,
            changed_by: who.member.name.clone(),
            returned_to: Some(number),
        };
        Ok(store.update_assistant(id, change, self.now()).await?)
    }
}
