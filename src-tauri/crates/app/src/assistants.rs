//! Assistants: made, changed (with the version seen, so that two members do not overwrite each other), removed. Every
//! change keeps the version before (`versions`).

pub mod ladder;
pub mod past;
pub mod versions;

use domain::assistant::{Assistant, AssistantSettings};
use domain::audit::Deed;
use domain::id::AssistantId;
use domain::member::Permission;
use store::assistants::AssistantChange;

use crate::App;
use crate::error::{Error, Result};
use crate::knowledge::labels::acceptable_scope;
use crate::people::line_of;
use crate::who::Who;

const MAX_INSTRUCTIONS: usize = 8_000;
const MAX_TEXT: usize = 2_000;
const MAX_SUGGESTIONS: usize = 8;

impl App {
    /// All assistants, oldest first.
    pub async fn assistants(&self, who: &Who) -> Result<Vec<Assistant>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).assistants().await?)
    }

    /// An assistant.
    pub async fn assistant(&self, who: &Who, id: AssistantId) -> Result<Assistant> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).assistant(id).await?)
    }

    /// Makes an assistant.
    pub async fn create_assistant(
        &self,
        who: &Who,
        name: &str,
        settings: AssistantSettings,
    ) -> Result<Assistant> {
        who.must(Permission::ChangeKnowledge)?;
        let name = line_of("name", name, 100)?;
        acceptable(&settings)?;
        let now = self.now();
        let assistant = Assistant {
            id: AssistantId(self.new_id()),
            name,
            settings,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let changed = Deed::AssistantChanged {
            name: assistant.name.clone(),
        };
        self.noting(who, vec![changed])
            .create_assistant(assistant.clone(), who.member.name.clone())
            .await?;
        Ok(assistant)
    }

    /// Changes an assistant; refused with a conflict when it is not at `version` any more.
    pub async fn update_assistant(
        &self,
        who: &Who,
        id: AssistantId,
        name: &str,
        settings: AssistantSettings,
        version: u32,
    ) -> Result<Assistant> {
        who.must(Permission::ChangeKnowledge)?;
        let name = line_of("name", name, 100)?;
        let store = self.workspace(who.workspace());
        store.assistant(id).await?;
        acceptable(&settings)?;
        let noting = self.noting(who, vec![Deed::AssistantChanged { name: name.clone() }]);
        let change = AssistantChange {
            name,
            settings,
            expected_version: version,
            changed_by: who.member.name.clone(),
            returned_to: None,
        };
        Ok(noting.update_assistant(id, change, self.now()).await?)
    }

    /// Removes an assistant; the last one stays.
    pub async fn remove_assistant(&self, who: &Who, id: AssistantId) -> Result<()> {
        who.must(Permission::ChangeKnowledge)?;
        let name = self.workspace(who.workspace()).assistant(id).await?.name;
        self.noting(who, vec![Deed::AssistantRemoved { name }])
            .remove_assistant(id, self.now())
            .await?;
        Ok(())
    }
}

fn acceptable(settings: &AssistantSettings) -> Result<()> {
    let within = |field: &'static str, text: &str, most: usize| match text.chars().count() > most {
        true => Err(Error::invalid(
            field,
            format!("{field} is longer than {most} characters"),
        )),
        false => Ok(()),
    };
    within("instructions", &settings.instructions, MAX_INSTRUCTIONS)?;
    within("greeting", &settings.greeting, MAX_TEXT)?;
    if !(0.0..=1.0).contains(&settings.threshold) {
        return Err(Error::invalid(
            "threshold",
            "a threshold lies between 0 and 1",
        ));
    }
    if settings.refusals.is_empty()
        || settings
            .refusals
            .iter()
            .any(|refusal| refusal.text.trim().is_empty())
    {
        return Err(Error::invalid(
            "refusals",
            "an assistant has words for what it cannot answer",
        ));
    }
    settings
        .refusals
        .iter()
        .try_for_each(|refusal| within("refusals", &refusal.text, MAX_TEXT))?;
    acceptable_scope("knowledge", &settings.knowledge)?;
    if let Some(hours) = &settings.hours {
        let fault = hours.check();
        fault.map_err(|fault| Error::invalid("hours", fault.to_string()))?;
    }
    let fault = settings.handoff.check();
    fault.map_err(|fault| Error::invalid("handoff", fault.to_string()))?;
    let fault = settings.forbidden.check();
    fault.map_err(|fault| Error::invalid("forbidden", fault.to_string()))?;
    if settings.suggestions.len() > MAX_SUGGESTIONS {
        return Err(Error::invalid(
            "suggestions",
            format!("at most {MAX_SUGGESTIONS} questions are suggested"),
        ));
    }
    settings
        .suggestions
        .iter()
        .try_for_each(|text| within("suggestions", text, 200))
}
