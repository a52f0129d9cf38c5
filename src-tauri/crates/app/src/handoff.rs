//! Handoff for members: who has a conversation, taking it, answering, giving it back.
//!
//! Not here: what an act does and who is told (`handoff::acting`), the words (`handoff::words`), operators of a
//! staff group (`bots::staff`).

pub(crate) mod acting;
pub(crate) mod idle;
pub(crate) mod words;

use domain::conversation::{MAX_QUESTION, Message, Note};
use domain::handoff::{Act, Handoff, Operator, OperatorId, Transition};
use domain::id::{ConversationId, MessageId, NoteId};
use domain::member::Permission;
use store::contacts::Profile;
use store::handoffs::{HandoffName, HandoffRow};
use store::page::{Cursor, Page};

use crate::App;
use crate::bots::letter::words_of;
use crate::error::{Error, Result};
use crate::handoff::acting::Says;
use crate::who::Who;

/// Whether a contact is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ban {
    /// Nothing of theirs is taken in.
    Banned,
    /// They may write.
    Free,
}

impl App {
    /// Who has a conversation.
    pub async fn handoff(&self, who: &Who, id: ConversationId) -> Result<Handoff> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).handoff(id).await?)
    }

    /// Conversations of a state, or all that ever left the assistant, the one that changed last first.
    pub async fn handoffs(
        &self,
        who: &Who,
        state: Option<HandoffName>,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<HandoffRow>> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        Ok(store.handoffs(state, after, limit).await?)
    }

    /// Every transition of a conversation, oldest first; the newest 500.
    pub async fn handoff_log(&self, who: &Who, id: ConversationId) -> Result<Vec<Transition>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).handoff_log(id).await?)
    }

    /// What is known of the customer of a conversation.
    pub async fn contact_profile(&self, who: &Who, id: ConversationId) -> Result<Profile> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        let conversation = store.conversation(id).await?;
        Ok(store.profile(conversation.contact_id).await?)
    }

    /// Takes a conversation. `Conflict` when another operator has it.
    pub async fn take(&self, who: &Who, id: ConversationId) -> Result<Handoff> {
        let by = operator_of(who)?;
        self.act_by_member(who, id, Act::Take { by }).await
    }

    /// Gives a conversation back to the assistant, which answers what is unanswered.
    pub async fn hand_back(&self, who: &Who, id: ConversationId) -> Result<Handoff> {
        let by = operator_of(who)?;
        self.act_by_member(who, id, Act::HandBack { by }).await
    }

    /// Ends a conversation; the customer's next words open it again.
    pub async fn close_conversation(&self, who: &Who, id: ConversationId) -> Result<Handoff> {
        let by = operator_of(who)?;
        self.act_by_member(who, id, Act::Close { by }).await
    }

    /// Writes to the customer, which takes the conversation. `Conflict` when another operator has it.
    pub async fn reply(&self, who: &Who, id: ConversationId, text: &str) -> Result<Message> {
        let message_id = MessageId(self.new_id());
        let says = Says {
            message_id,
            by: operator_of(who)?,
            text: text_of(text)?,
            copied_from: None,
            update: None,
        };
        self.operator_says(who.workspace(), id, says).await?;
        Ok(self.workspace(who.workspace()).message(message_id).await?)
    }

    /// Writes a note that no customer sees.
    pub async fn note(&self, who: &Who, id: ConversationId, text: &str) -> Result<Note> {
        let note = Note {
            id: NoteId(self.new_id()),
            conversation_id: id,
            by: operator_of(who)?,
            text: text_of(text)?,
            created_at: self.now(),
        };
        let store = self.workspace(who.workspace());
        store.add_note(note.clone(), None).await?;
        Ok(note)
    }

    /// Notes of a conversation, oldest first; the newest 200.
    pub async fn notes(&self, who: &Who, id: ConversationId) -> Result<Vec<Note>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).notes(id).await?)
    }

    /// Bans the customer of a conversation, or lets them write again.
    pub async fn ban(&self, who: &Who, id: ConversationId, ban: Ban) -> Result<()> {
        operator_of(who)?;
        self.set_ban(who.workspace(), id, ban, None).await
    }

    async fn act_by_member(&self, who: &Who, id: ConversationId, act: Act) -> Result<Handoff> {
        let done = self.act(who.workspace(), id, act, None).await?;
        Ok(done.to)
    }
}

/// The member as an operator, where they may be one.
pub(crate) fn operator_of(who: &Who) -> Result<Operator> {
    who.must(Permission::Answer)?;
    Ok(Operator {
        id: OperatorId::Member(who.member.id),
        name: who.member.name.clone(),
    })
}

/// Words to a customer or among operators: 1 to [`MAX_QUESTION`] characters.
fn text_of(text: &str) -> Result<String> {
    if text.trim().chars().count() > MAX_QUESTION {
        let what = format!("a message has at most {MAX_QUESTION} characters");
        return Err(Error::invalid("text", what));
    }
    let words = words_of(text);
    match words.is_empty() {
        true => Err(Error::invalid("text", "the message is empty")),
        false => Ok(words),
    }
}
