//! The inbox: conversations as members see them in a list, what stands beside their messages,
//! and files that came in.
//!
//! Not here: who has a conversation and what operators do about it (`handoff`).

use std::path::PathBuf;

use domain::conversation::Message;
use domain::handoff::{Act, By, Handoff, Operator, OperatorId, Refused};
use domain::id::{AttachmentId, ConversationId, MessageId};
use domain::member::Permission;
use domain::time::Timestamp;
use store::Applied;
use store::attachments::AttachmentState;
use store::handoffs::{NewHandoff, Transit};
use store::inbox::{Beside, InboxFilter, InboxRow};
use store::page::{Cursor, Page};

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::who::Who;

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name, as the sender's; may be empty.
    pub name: String,
    /// Where its bytes lie.
    pub path: PathBuf,
    /// How many there are.
    pub size: u64,
}

impl App {
    /// A page of conversations as a list shows them, the latest first.
    pub async fn inbox(
        &self,
        who: &Who,
        filter: InboxFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<InboxRow>> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        Ok(store.inbox(filter, after, limit).await?)
    }

    /// A conversation as a list shows it.
    pub async fn inbox_row(&self, who: &Who, id: ConversationId) -> Result<InboxRow> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).inbox_row(id).await?)
    }

    /// What stands beside the words of these messages of a conversation, for those that have any.
    pub async fn beside(
        &self,
        who: &Who,
        id: ConversationId,
        messages: &[Message],
    ) -> Result<Vec<(MessageId, Beside)>> {
        who.must(Permission::Look)?;
        let (Some(first), Some(last)) = (messages.first(), messages.last()) else {
            return Ok(Vec::new());
        };
        let store = self.workspace(who.workspace());
        Ok(store.beside(id, first.seq, last.seq).await?)
    }

    /// The file of an attachment; `NotFound` until it is here, and where there is none.
    pub async fn attached_file(&self, who: &Who, id: AttachmentId) -> Result<AttachedFile> {
        who.must(Permission::Look)?;
        let row = self.workspace(who.workspace()).attachment(id).await?;
        if row.state != AttachmentState::Kept {
            return Err(Error::new(ErrorCode::NotFound, "the file is not here"));
        }
        Ok(AttachedFile {
            name: row.attachment.name,
            path: self.inner.store.file_path(&row.content_hash),
            size: row.attachment.size,
        })
    }

    /// Opens a closed conversation again: the assistant answers. `Conflict` when it is not closed.
    pub async fn reopen(&self, who: &Who, id: ConversationId) -> Result<Handoff> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        let assistant = store.conversation(id).await?.assistant_id;
        let rules = store.assistant(assistant).await?.settings.handoff;
        let mut transition = store
            .handoff(id)
            .await?
            .after(Act::Reopen, self.now(), &rules)
            .map_err(|refused: Refused| Error::new(ErrorCode::Conflict, refused.to_string()))?;
        transition.by = By::Operator(Operator {
            id: OperatorId::Member(who.member.id),
            name: who.member.name.clone(),
        });
        let to = transition.to.clone();
        let transit = Transit {
            handoff: NewHandoff {
                transition,
                idle_at: None,
            },
            outgoing: Vec::new(),
            answer: None,
            update: None,
        };
        match store.transit(id, transit, self.now()).await? {
            Applied::Applied | Applied::AlreadyApplied => Ok(to),
        }
    }

    /// The clock that everything goes by, for what is told about a moment.
    pub fn moment(&self) -> Timestamp {
        self.now()
    }
}
