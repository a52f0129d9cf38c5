//! Saved replies: words that operators keep for the next time.

use domain::conversation::MAX_QUESTION;
use domain::id::SavedReplyId;
use domain::inbox::{LONGEST_REPLY_NAME, MAX_REPLIES, SavedReply};
use domain::language::Language;
use domain::member::Permission;
use store::error::StoreError;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::people::line_of;
use crate::who::Who;

/// A saved reply as a member enters it.
#[derive(Debug, Clone)]
pub struct ReplyDraft {
    /// What it is found by.
    pub name: String,
    /// In which language it is; unknown for any.
    pub language: Language,
    /// The words.
    pub text: String,
}

impl App {
    /// The saved replies, by name.
    pub async fn saved_replies(&self, who: &Who) -> Result<Vec<SavedReply>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).saved_replies().await?)
    }

    /// Keeps a saved reply, or changes the one of `id`. `Conflict` when another one has its name in its language.
    pub async fn put_saved_reply(
        &self,
        who: &Who,
        id: Option<SavedReplyId>,
        draft: ReplyDraft,
    ) -> Result<SavedReply> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        if let Some(id) = id {
            let replies = store.saved_replies().await?;
            if !replies.iter().any(|reply| reply.id == id) {
                return Err(Error::new(
                    ErrorCode::NotFound,
                    "there is no such saved reply",
                ));
            }
        }
        let text = draft.text.trim().to_owned();
        match text.chars().count() {
            0 => return Err(Error::invalid("text", "the reply is empty")),
            1..=MAX_QUESTION => {}
            _ => {
                let what = format!("a reply has at most {MAX_QUESTION} characters");
                return Err(Error::invalid("text", what));
            }
        }
        let reply = SavedReply {
            id: id.unwrap_or_else(|| SavedReplyId(self.new_id())),
            name: line_of("name", &draft.name, LONGEST_REPLY_NAME)?,
            language: draft.language,
            text,
            updated_at: self.now(),
        };
        match store.put_saved_reply(reply.clone()).await {
            Ok(()) => Ok(reply),
            Err(StoreError::TooLarge) => {
                let what = format!("there are at most {MAX_REPLIES} saved replies");
                Err(Error::new(ErrorCode::TooLarge, what))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a saved reply.
    pub async fn remove_saved_reply(&self, who: &Who, id: SavedReplyId) -> Result<()> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        Ok(store.remove_saved_reply(id, self.now()).await?)
    }
}
