//! Chats of owners' own accounts.

use domain::delivery::{Address, Sender};
use store::business::BusinessConnection;

/// Something the owner wrote in a chat of their own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerMessage {
    /// The chat.
    pub address: Address,
    /// Who: the owner.
    pub by: Sender,
    /// The messenger's number of it.
    pub remote_id: i64,
    /// The words; may be empty.
    pub text: String,
}

impl App {
    /// A connection to an owner's own account was made, changed or ended: what waits for an ended one is cancelled.
    pub async fn business_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        connection: BusinessConnection,
    ) -> Result<()>;

    /// A connection that is known.
    pub async fn business_connection(
        &self,
        bot: BotId,
        connection: &str,
    ) -> Result<Option<BusinessConnection>>;

    /// The owner wrote in a chat of their own: the assistant is silent there for [`PAUSE_MINUTES`].
    pub async fn owner_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        message: OwnerMessage,
    ) -> Result<()>;
}

/// How long an owner's own words keep the assistant silent, in minutes.
pub const PAUSE_MINUTES: i64 = 30;
