//! The demo company: loaded in one call, removed in one call, never mixed with the owner's own knowledge.

use domain::assistant::{Assistant, AssistantSettings};
use domain::document::{Source, SourceKind};
use domain::id::{AssistantId, QaId, WorkspaceId};
use domain::member::Permission;

use store::error::StoreError;

use crate::App;
use crate::error::Result;
use crate::qa::QaDraft;
use crate::who::Who;

/// The demo company as the binary carries it.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Its name.
    pub name: String,
    /// Its documents: file name and bytes.
    pub files: Vec<(String, &'static [u8])>,
    /// Its approved answers.
    pub qa: Vec<QaDraft>,
    /// Name of its assistant.
    pub assistant: String,
    /// The assistant's words and rules.
    pub settings: AssistantSettings,
}

/// The setting that remembers which assistant came with the demo.
const DEMO_ASSISTANT: &str = "demo_assistant";

impl App {
    /// Loads the demo company and gives its assistant; what is there already is not loaded twice.
    pub async fn load_demo(&self, who: &Who, demo: &Demo) -> Result<Assistant> {
        who.must(Permission::ChangeKnowledge)?;
        let workspace = who.workspace();
        let source_id = self
            .source_of(workspace, SourceKind::Demo, &demo.name)
            .await?;
        for (name, bytes) in &demo.files {
            let bytes = std::io::Cursor::new(*bytes);
            self.take_file(workspace, source_id, name, bytes).await?;
        }
        let known = self.workspace(workspace).all_qa().await?;
        for draft in &demo.qa {
            let is_there = known
                .iter()
                .any(|qa| qa.demo && qa.questions == draft.questions);
            if !is_there {
                let pair = self.pair(QaId(self.new_id()), draft.clone(), true, self.now())?;
                self.save_qa(workspace, pair).await?;
            }
        }
        match self.demo_assistant(workspace).await? {
            Some(assistant) => Ok(assistant),
            None => {
                let settings = demo.settings.clone();
                let assistant = self
                    .create_assistant(who, &demo.assistant, settings)
                    .await?;
                let id = assistant.id.to_string();
                self.workspace(workspace)
                    .set_setting(DEMO_ASSISTANT, id, self.now())
                    .await?;
                Ok(assistant)
            }
        }
    }

    /// Removes the demo company with its documents, pairs and assistant.
    pub async fn remove_demo(&self, who: &Who) -> Result<()> {
        who.must(Permission::ChangeKnowledge)?;
        let workspace = who.workspace();
        let store = self.workspace(workspace);
        for row in store
            .sources()
            .await?
            .iter()
            .filter(|row| is_demo(&row.source))
        {
            store.remove_source(row.source.id, self.now()).await?;
        }
        if let Some(assistant) = self.demo_assistant(workspace).await? {
            match store.remove_assistant(assistant.id, self.now()).await {
                // The owner removed all others: a workspace without an assistant could not answer.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.inner.qa_sets.forget(workspace);
        self.keep_up(workspace).await;
        Ok(())
    }

    async fn demo_assistant(&self, workspace: WorkspaceId) -> Result<Option<Assistant>> {
        let store = self.workspace(workspace);
        let id = store
            .setting(DEMO_ASSISTANT)
            .await?
            .and_then(|id| id.parse::<AssistantId>().ok());
        match id {
            Some(id) => Ok(store
                .assistants()
                .await?
                .into_iter()
                .find(|assistant| assistant.id == id)),
            None => Ok(None),
        }
    }
}

pub(crate) fn is_demo(source: &Source) -> bool {
    source.kind == SourceKind::Demo
}
