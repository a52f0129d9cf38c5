//! What operators write in the staff group, and in their own chats with the bot where there is no group.

use domain::delivery::Sender;

/// Something an operator wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMessage {
    /// The chat: the staff group, or the operator's own.
    pub chat: i64,
    /// The topic within it; 0 for none.
    pub thread: i64,
    /// The messenger's number of the message.
    pub remote_id: i64,
    /// The messenger's number of the message it replies to.
    pub reply_to: Option<i64>,
    /// Who wrote.
    pub by: Sender,
    /// True for an administrator of the staff group; needed only where [`StaffMessage::needs_admin`] says so.
    pub is_admin: bool,
    /// The words, or a file's caption.
    pub text: String,
    /// True when something came with it that words do not carry: a file, a voice, a place.
    pub has_more: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Staff {
    /// Done; the outbox says the rest.
    Done,
    /// Nothing was done, and this is why: words for the chat it was written in. The update is done.
    Told(String),
    /// It was not written as an operator: an ordinary message of this chat. The update waits still; use
    /// [`App::receive_update`].
    NotStaff,
}

impl StaffMessage {
    /// True for what only administrators of the group may do (`/close`, `/ai`, `/ban`, `/unban`).
    pub fn needs_admin(&self) -> bool;
}

impl App {
    /// True when operators work in this chat: messages of it go to [`App::staff_update`].
    pub fn is_staff(&self, lease: &BotLease, chat: i64, by: i64) -> bool;

    /// An operator wrote something: words for the customer (which take the conversation), a note (`//`, `/note`), or
    /// a command (`/take`, `/ai`, `/close`, `/ban`, `/unban`).
    pub async fn staff_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        message: StaffMessage,
    ) -> Result<Staff>;
}
