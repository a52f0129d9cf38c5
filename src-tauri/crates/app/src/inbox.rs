//! The inbox: conversations as members see them in a list, what stands beside their messages,
//! and files that came in.
//!
//! Not here: who has a conversation and what operators do about it (`handoff`).

mod assigning;
mod labels;
pub mod presence;
pub mod replies;

use std::path::PathBuf;

use domain::conversation::{Channels, MAX_QUESTION, Message};
use domain::handoff::{Act, By, Handoff, Operator, OperatorId, Refused};
use domain::id::{AttachmentId, ConversationId, MessageId};
use domain::inbox::SearchedWords;
use domain::member::Permission;
use domain::time::Timestamp;
use store::Applied;
use store::attachments::AttachmentState;
use store::handoffs::{NewHandoff, Transit};
use store::inbox::{Beside, InboxCounts, InboxFilter, InboxRow};
use store::inbox_search::InboxHits;
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

    /// How many conversations of these channels each list has: all of them, and those that this member looks after.
    pub async fn inbox_counts(
        &self,
        who: &Who,
        channels: Channels,
    ) -> Result<(InboxCounts, InboxCounts)> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        let all = store.inbox_counts(channels, None).await?;
        let mine = store.inbox_counts(channels, Some(who.member.id)).await?;
        Ok((all, mine))
    }

    /// Conversations that are found by what was said in them and by who writes. A text without a word finds nothing.
    pub async fn search_inbox(
        &self,
        who: &Who,
        text: &str,
        channels: Option<Channels>,
        after: Option<u64>,
        limit: u32,
    ) -> Result<InboxHits> {
        who.must(Permission::Look)?;
        if text.chars().count() > MAX_QUESTION {
            return Err(Error::invalid("q", "this is too long to search for"));
        }
        let Ok(words) = text.parse::<SearchedWords>() else {
            return Ok(InboxHits {
                items: Vec::new(),
                next: None,
            });
        };
        let store = self.workspace(who.workspace());
        Ok(store.search_inbox(words, channels, after, limit).await?)
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
