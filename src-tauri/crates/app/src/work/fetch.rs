//! Fetching what a customer sent, so that operators can look at it. It never enters the knowledge.

use std::io::Cursor;

use domain::bot::Bot;
use domain::conversation::MAX_ATTACHMENT;
use domain::delivery::Place;
use domain::id::{AttachmentId, OutboxId, WorkspaceId};
use domain::job::Lease;
use store::attachments::{AttachmentRow, AttachmentState};
use store::error::StoreError;

use crate::App;
use crate::answer::letters::too_large;
use crate::bots::derived;
use crate::channel::FetchError;
use crate::error::{Error, ErrorCode, Result};
use crate::work::is_gone;

impl App {
    pub(crate) async fn fetch_job(&self, lease: &Lease, id: AttachmentId) -> Result<()> {
        let store = self.workspace(lease.job.workspace_id);
        let row = match store.attachment(id).await.map_err(Error::from) {
            Ok(row) => Some(row),
            Err(error) if is_gone(&error) => None,
            Err(error) => return Err(error),
        };
        if let Some(row) = row.filter(|row| row.state == AttachmentState::Waiting) {
            self.fetch(lease.job.workspace_id, &row).await?;
        }
        self.inner.store.finish_job(lease).await?;
        Ok(())
    }

    /// Fetches one file, or learns that it cannot be had; harmless when it is here already.
    pub(crate) async fn fetch(&self, workspace: WorkspaceId, row: &AttachmentRow) -> Result<()> {
        let store = self.workspace(workspace);
        let held = self.held(workspace, row.conversation_id).await?;
        let fetched = match held {
            Some(held) => self.bytes(&held.bot, &row.attachment.remote_file).await,
            None => Err(FetchError::Gone),
        };
        let kept = match fetched {
            Ok(bytes) => {
                let put = self
                    .inner
                    .store
                    .put_file(Cursor::new(bytes), MAX_ATTACHMENT);
                match put.await {
                    Ok(file) => Some(file),
                    Err(StoreError::TooLarge) => None,
                    Err(error) => return Err(error.into()),
                }
            }
            Err(FetchError::TooLarge) => None,
            // Tried too often it is dead, and the store marks the attachment.
            Err(FetchError::Later(what)) => return Err(Error::new(ErrorCode::EngineFailed, what)),
            Err(FetchError::Gone) => {
                let failed = AttachmentState::Failed;
                store.attachment_failed(row.id, failed, self.now()).await?;
                return Ok(());
            }
        };
        match kept {
            Some(file) => {
                store.attachment_kept(row.id, file, self.now()).await?;
            }
            None => self.tell_too_large(workspace, row).await?,
        }
        Ok(())
    }

    async fn bytes(
        &self,
        bot: &Bot,
        remote_file: &str,
    ) -> std::result::Result<Vec<u8>, FetchError> {
        let later = |error: Error| FetchError::Later(error.to_string());
        let channel = self.channel().map_err(later)?;
        let token = self.token_of(bot).await.map_err(later)?;
        channel.fetch(bot, &token, remote_file).await
    }

    /// The messenger had not said how large it is: the customer hears it now.
    async fn tell_too_large(&self, workspace: WorkspaceId, row: &AttachmentRow) -> Result<()> {
        let store = self.workspace(workspace);
        let conversation = store.conversation(row.conversation_id).await?;
        let text = too_large(conversation.language);
        let id = OutboxId(derived(row.id.0, "too large"));
        let notice = self.notice_as(id, Place::Customer, text, Vec::new());
        store
            .queue_outgoing(row.conversation_id, vec![notice], self.now())
            .await?;
        let state = AttachmentState::TooLarge;
        store.attachment_failed(row.id, state, self.now()).await?;
        Ok(())
    }
}
