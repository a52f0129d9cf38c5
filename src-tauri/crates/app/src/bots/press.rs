//! Buttons: what happens when one is pressed, each at most once.

use domain::delivery::Sender;
use domain::id::PressId;
use domain::language::Language;

/// A button that was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// Which one.
    pub press: PressId,
    /// By whom.
    pub by: Sender,
    /// The chat it stands in.
    pub chat: i64,
    /// The messenger's number of the message it stands under.
    pub remote_id: i64,
}

/// What whoever pressed is shown at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reaction {
    /// Words over the chat, at most 200 characters; empty for none.
    pub toast: String,
    /// True when the words stay until they are read.
    pub stays: bool,
    /// True when the buttons under the message are of no use any more.
    pub drop_buttons: bool,
}

impl App {
    /// A button was pressed. Whatever else it says goes by the outbox.
    pub async fn press_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        pressed: Pressed,
    ) -> Result<Reaction>;
}
