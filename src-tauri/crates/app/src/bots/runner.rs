//! What a channel's runner asks for: leases, updates, and every kind of update made into what it means.
//!
//! No member asks here: whoever holds a bot's lease speaks for it, and for nothing else. Each `*_update` marks its
//! update as done in the transaction of its effect, so that a crash repeats it safely.
//! Not here: buttons (`bots::press`), operators' words (`bots::staff`), owners' own chats (`bots::business`),
//! sending (`bots::deliver`).

use domain::bot::{BotAccount, BotLease, BotState, MAX_BOTS, RawUpdate};
use domain::conversation::{Incoming, MAX_QUESTION};
use domain::delivery::{Outgoing, Rating};
use domain::id::{AttachmentId, BotId, ConversationId, JobId, MessageId};
use domain::time::Timestamp;
use store::console::{ConsoleTopic, RemoteMessage};
use store::receive::{Arrival, ReceiveIds, Received};
use store::updates::UpdateEnd;

use crate::App;
use crate::bots::token_name;
use crate::error::{Error, ErrorCode, Result};

/// How long an album's parts are waited for before they are answered together, in milliseconds.
pub const ALBUM_MS: u32 = 1_000;
/// Characters of the words that a message replies to, as far as they are kept with it.
const QUOTED: usize = 500;

/// Whether a chat can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It was blocked, left, or does not exist any more.
    Lost,
    /// It is there again.
    Back,
}

/// A message whose words were changed by who wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The chat.
    pub chat: i64,
    /// The connection to the owner's own account; empty for the bot's own chats.
    pub business: String,
    /// The messenger's number of it.
    pub remote_id: i64,
    /// The new words.
    pub text: String,
}

impl App {
    /// Bots that want to run and that nobody holds, the latest active first, at most [`MAX_BOTS`].
    pub async fn bots_to_run(&self) -> Result<Vec<BotId>> {
        let mut bots = self.inner.store.bots_to_run(self.now()).await?;
        bots.truncate(MAX_BOTS);
        Ok(bots)
    }

    /// Takes a bot for `seconds`; nothing when somebody else holds it, it is off, or it is gone.
    pub async fn lease_bot(
        &self,
        id: BotId,
        holder: &str,
        seconds: u32,
    ) -> Result<Option<BotLease>> {
        let store = &self.inner.store;
        Ok(store.lease_bot(id, holder, self.now(), seconds).await?)
    }

    /// Holds a bot for `seconds` more. `Conflict` when it is somebody else's by now, or its owner switched it
    /// off or changed it: let it go then.
    pub async fn renew_bot(&self, lease: &BotLease, seconds: u32) -> Result<()> {
        let store = &self.inner.store;
        Ok(store.renew_bot(lease, self.now(), seconds).await?)
    }

    /// Lets a bot go.
    pub async fn release_bot(&self, lease: &BotLease) -> Result<()> {
        Ok(self.inner.store.release_bot(lease).await?)
    }

    /// The bot's token. `NotFound` when it has none, `Internal` when its key cannot be opened here.
    pub async fn bot_token(&self, lease: &BotLease) -> Result<String> {
        self.token_of(&lease.bot).await
    }

    /// Says how the bot fares; written only when that changed.
    pub async fn set_bot_state(&self, lease: &BotLease, state: BotState) -> Result<()> {
        let store = &self.inner.store;
        Ok(store.set_bot_state(lease, state, self.now()).await?)
    }

    /// Keeps what the messenger says about the bot's account.
    pub async fn set_bot_account(&self, lease: &BotLease, account: BotAccount) -> Result<()> {
        let store = &self.inner.store;
        Ok(store.set_bot_account(lease, account, self.now()).await?)
    }

    /// The messenger was heard; written at most once a minute.
    pub async fn heard_bot(&self, lease: &BotLease) -> Result<()> {
        Ok(self.inner.store.heard_bot(lease, self.now()).await?)
    }

    /// What the messenger was told last about commands and updates; empty when nothing.
    pub async fn bot_told(&self, lease: &BotLease) -> Result<String> {
        Ok(self.inner.store.bot_told(lease).await?)
    }

    /// Keeps what the messenger was told.
    pub async fn set_bot_told(&self, lease: &BotLease, told: String) -> Result<()> {
        Ok(self.inner.store.set_bot_told(lease, told).await?)
    }

    /// Keeps a batch of updates and the number of the next one in one transaction; how many were new. Only after
    /// it may the next batch be asked for.
    pub async fn take_updates(
        &self,
        lease: &BotLease,
        updates: Vec<RawUpdate>,
        next_update: i64,
    ) -> Result<u32> {
        let store = &self.inner.store;
        let now = self.now();
        Ok(store.take_updates(lease, updates, next_update, now).await?)
    }

    /// Keeps an update that the messenger brought to the bot's webhook; false when it was known.
    pub async fn take_pushed_update(&self, bot: BotId, update: RawUpdate) -> Result<bool> {
        let store = &self.inner.store;
        Ok(store.take_pushed_update(bot, update, self.now()).await?)
    }

    /// Updates of which nothing was made yet, in the order of their arrival.
    pub async fn waiting_updates(&self, lease: &BotLease, limit: u32) -> Result<Vec<RawUpdate>> {
        let store = &self.inner.store;
        Ok(store.waiting_updates(lease.bot.id, limit).await?)
    }

    /// Takes a customer's message in. [`Received::dropped`] of a banned contact's.
    pub async fn receive_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        incoming: Incoming,
    ) -> Result<Received> {
        let update = Some((lease.bot.id, update_id));
        self.receive_letter(&lease.bot, update, incoming).await
    }

    /// A customer, or an operator, changed what they had written; nothing when the message is not known. An
    /// operator's correction goes to the customer.
    pub async fn edit_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        edited: Edited,
    ) -> Result<Option<MessageId>>;

    /// The chat was blocked or is there again: what waits for it is cancelled.
    pub async fn blocked_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        chat: i64,
        reach: Reach,
    ) -> Result<()>;

    /// The same, learned while sending.
    pub async fn unreachable(&self, bot: BotId, chat: i64) -> Result<()>;

    /// A group became another one: its number is replaced everywhere. Harmless twice.
    pub async fn migrate_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        from: i64,
        to: i64,
    ) -> Result<()>;

    /// The same, learned while sending.
    pub async fn migrated(&self, bot: BotId, from: i64, to: i64) -> Result<()>;

    /// The update means nothing to us, because of `reason`.
    pub async fn ignore_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        reason: &str,
    ) -> Result<()>;

    /// Nothing could be read from the update, because of `reason`: it is kept, and stands in the doctor's queue.
    /// Where a chat and words could be read, use [`App::receive_update`] with them instead.
    pub async fn unreadable_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        reason: &str,
    ) -> Result<()>;
}
