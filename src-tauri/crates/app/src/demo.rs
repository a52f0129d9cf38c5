//! The demo company: loaded in one call, removed in one call, never mixed with the owner's own knowledge.

use domain::document::{Source, SourceKind};
use domain::id::{QaId, SourceId};
use domain::member::Permission;

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
}

impl App {
    /// Loads the demo company; what is there already is not loaded twice.
    pub async fn load_demo(&self, who: &Who, demo: &Demo) -> Result<()> {
        who.must(Permission::ChangeKnowledge)?;
        let workspace = who.workspace();
        let source_id = self
            .source_of(workspace, SourceKind::Demo, &demo.name)
            .await?;
        for (name, bytes) in &demo.files {
            self.take_file(workspace, source_id, name, std::io::Cursor::new(*bytes))
                .await?;
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
        Ok(())
    }

    /// Removes the demo company with its documents and pairs.
    pub async fn remove_demo(&self, who: &Who) -> Result<()> {
        who.must(Permission::ChangeKnowledge)?;
        let workspace = who.workspace();
        let store = self.workspace(workspace);
        let sources: Vec<SourceId> = store
            .sources()
            .await?
            .iter()
            .filter(|row| is_demo(&row.source))
            .map(|row| row.source.id)
            .collect();
        for source in sources {
            store.remove_source(source, self.now()).await?;
        }
        self.inner.qa_sets.forget(workspace);
        self.catch_up(workspace).await
    }
}

pub(crate) fn is_demo(source: &Source) -> bool {
    source.kind == SourceKind::Demo
}
