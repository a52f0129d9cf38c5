//! Handoff for members: who has a conversation, taking it, answering, giving it back.

impl App {
    /// Who has a conversation.
    pub async fn handoff(&self, who: &Who, id: ConversationId) -> Result<Handoff>;
    /// Conversations that want a person, are with one, or are closed; the one that has waited longest first.
    pub async fn handoffs(&self, who: &Who, state: HandoffFilter, after: Option<Cursor>, limit: u32) -> Result<Page<HandoffRow>>;
    /// Every transition of a conversation, oldest first.
    pub async fn handoff_log(&self, who: &Who, id: ConversationId) -> Result<Vec<Transition>>;
    /// Takes a conversation. `Conflict` when another operator has it.
    pub async fn take(&self, who: &Who, id: ConversationId) -> Result<Handoff>;
    /// Gives a conversation back to the assistant, which answers what is unanswered.
    pub async fn hand_back(&self, who: &Who, id: ConversationId) -> Result<Handoff>;
    /// Ends a conversation; the customer's next words open it again.
    pub async fn close_conversation(&self, who: &Who, id: ConversationId) -> Result<Handoff>;
    /// Writes to the customer, which takes the conversation. `Conflict` when another operator has it.
    pub async fn reply(&self, who: &Who, id: ConversationId, text: &str) -> Result<Message>;
    /// Writes a note that no customer sees.
    pub async fn note(&self, who: &Who, id: ConversationId, text: &str) -> Result<Note>;
    /// Notes of a conversation, oldest first.
    pub async fn notes(&self, who: &Who, id: ConversationId) -> Result<Vec<Note>>;
    /// Bans the customer of a conversation, or lets them write again.
    pub async fn ban(&self, who: &Who, id: ConversationId, ban: Ban) -> Result<()>;
    /// Hands back what has been idle for as long as the rules want; how many there were. A worker does it every 20
    /// seconds.
    pub async fn hand_back_idle(&self) -> Result<u32>;
}
