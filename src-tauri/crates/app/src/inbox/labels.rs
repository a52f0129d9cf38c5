//! Labels of conversations.

use domain::id::{ConversationId, InboxLabelId};
use domain::inbox::{InboxLabel, LONGEST_LABEL, LabelColour, MAX_LABELS, MAX_LABELS_OF_ONE};
use domain::member::Permission;
use store::error::StoreError;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::people::line_of;
use crate::who::Who;

impl App {
    /// The labels, in the order they were made.
    pub async fn inbox_labels(&self, who: &Who) -> Result<Vec<InboxLabel>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).inbox_labels().await?)
    }

    /// Makes a label, or changes the one of `id`. `Conflict` when another one has its name.
    pub async fn put_inbox_label(
        &self,
        who: &Who,
        id: Option<InboxLabelId>,
        name: &str,
        colour: LabelColour,
    ) -> Result<InboxLabel> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        let created_at = match id {
            Some(id) => {
                let labels = store.inbox_labels().await?;
                let known = labels.into_iter().find(|label| label.id == id);
                known.ok_or_else(no_such_label)?.created_at
            }
            None => self.now(),
        };
        let label = InboxLabel {
            id: id.unwrap_or_else(|| InboxLabelId(self.new_id())),
            name: line_of("name", name, LONGEST_LABEL)?,
            colour,
            created_at,
        };
        let kept = store.put_inbox_label(label.clone(), self.now()).await;
        match kept {
            Ok(()) => Ok(label),
            Err(StoreError::TooLarge) => {
                let what = format!("there are at most {MAX_LABELS} labels");
                Err(Error::new(ErrorCode::TooLarge, what))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a label from everywhere.
    pub async fn remove_inbox_label(&self, who: &Who, id: InboxLabelId) -> Result<()> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        Ok(store.remove_inbox_label(id, self.now()).await?)
    }

    /// Puts labels on a conversation and takes others off.
    pub async fn label_conversation(
        &self,
        who: &Who,
        id: ConversationId,
        add: Vec<InboxLabelId>,
        remove: Vec<InboxLabelId>,
    ) -> Result<()> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        let changed = store.label_conversation(id, add, remove, self.now()).await;
        changed.map_err(|error| match error {
            StoreError::TooLarge => {
                let what = format!("a conversation has at most {MAX_LABELS_OF_ONE} labels");
                Error::new(ErrorCode::TooLarge, what)
            }
            other => other.into(),
        })
    }
}

fn no_such_label() -> Error {
    Error::new(ErrorCode::NotFound, "there is no such label")
}
