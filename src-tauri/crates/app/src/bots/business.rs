//! Chats of owners' own accounts: a bot writes drafts there, or answers, and is silent once the owner spoke.

use domain::bot::BotLease;
use domain::delivery::{Address, Place, Sender};
use domain::id::{BotId, MessageId};
use store::business::BusinessConnection;
use store::handoffs::MemberSays;
use store::remotes::Spot;

use crate::App;
use crate::bots::derived;
use crate::bots::letter::words_of;
use crate::error::Result;

/// How long an owner's own words keep the assistant silent, in minutes.
pub const PAUSE_MINUTES: i64 = 30;

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
    ) -> Result<()> {
        let store = &self.inner.store;
        let now = self.now();
        store
            .set_business_connection(lease.bot.id, connection, Some(update_id), now)
            .await?;
        Ok(())
    }

    /// A connection that the messenger told of.
    pub async fn business_connection(
        &self,
        bot: BotId,
        connection: &str,
    ) -> Result<Option<BusinessConnection>> {
        let store = &self.inner.store;
        Ok(store.business_connection(bot, connection).await?)
    }

    /// The owner wrote in a chat of their own: it stands in the conversation, and the assistant is silent there for
    /// [`PAUSE_MINUTES`]. Where the customer has never written there is no conversation yet.
    pub async fn owner_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        message: OwnerMessage,
    ) -> Result<()> {
        let spot = Spot {
            bot_id: lease.bot.id,
            chat: message.address.chat,
            business: message.address.business.clone(),
            remote_id: message.remote_id,
        };
        let held = self.inner.store.conversation_at(message.address).await?;
        let Some((workspace, id)) = held.filter(|held| held.0 == lease.bot.workspace_id) else {
            let reason = "no customer has written there yet";
            return self.ignore_update(lease, update_id, reason).await;
        };
        let now = self.now();
        let name = format!("owner {}", update_id);
        let says = MemberSays {
            message_id: MessageId(derived(lease.bot.id.0, &name)),
            by: message.by.as_operator(),
            text: words_of(&message.text),
            handoff: None,
            pause_until: Some(now.plus_seconds(PAUSE_MINUTES * 60)),
            outgoing: Vec::new(),
            spot: Some((Place::Customer, spot)),
            update: Some((lease.bot.id, update_id)),
        };
        let store = self.workspace(workspace);
        store.member_says(id, says, now).await?;
        self.inner.streams.stop(id);
        Ok(())
    }
}
