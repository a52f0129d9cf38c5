//! Ids: one newtype a noun, so that a document's id can never be passed for a passage's.
//!
//! Values are UUIDv7 made by the app (sortable by creation). Written as 32 lowercase hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an id: ids are 32 hexadecimal digits, dashes allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

// One macro instead of fifteen copies: the types differ in nothing but their name and what they name.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.as_simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.as_simple())
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map($name).map_err(|_| NotAnId)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    )+};
}

ids! {
    /// One business: its own knowledge, assistants and people.
    WorkspaceId
    /// A person who signs in.
    MemberId
    /// A signed-in browser or window.
    SessionId
    /// Somebody who may join.
    InvitationId
    /// What answers.
    AssistantId
    /// Where knowledge comes from.
    SourceId
    /// One version of one text.
    DocumentId
    /// A piece of a document that can be found and quoted.
    PassageId
    /// A question with its approved answer.
    QaId
    /// A customer who writes.
    ContactId
    /// What is said between a contact and the business.
    ConversationId
    /// One thing that was said.
    MessageId
    /// Slow or failing work.
    JobId
    /// A message on its way out.
    OutboxId
    /// A messenger's account that an assistant speaks through.
    BotId
    /// A file that somebody sent.
    AttachmentId
    /// Words among operators.
    NoteId
    /// A button that somebody may press.
    PressId
    /// Questions of one meaning that the knowledge could not answer.
    UnansweredId
    /// A label of conversations.
    InboxLabelId
    /// Words that operators keep for the next time.
    SavedReplyId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_from_what_it_prints() {
        let id = DocumentId(Uuid::from_u128(7));
        assert_eq!(id.to_string(), "00000000000000000000000000000007");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("seven".parse::<DocumentId>(), Err(NotAnId));
    }
}
