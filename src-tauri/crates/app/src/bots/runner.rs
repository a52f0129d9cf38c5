//! What a channel's runner asks for: leases, updates, and every kind of update made into what it means.
//!
//! No member asks here: whoever holds a bot's lease speaks for it, and for nothing else. Each `*_update` marks its
//! update as done in the transaction of its effect, so that a crash repeats it safely.
//! Not here: buttons (`bots::press`), operators' words (`bots::staff`), owners' own chats (`bots::business`),
//! sending (`bots::deliver`).

use domain::bot::{BotAccount, BotLease, BotState, MAX_BOTS, RawUpdate};
use domain::conversation::{Author, Incoming};
use domain::delivery::{Content, Place, Rating};
use domain::id::{BotId, MessageId, OutboxId};
use store::error::StoreError;
use store::outbox::NewOutgoing;
use store::receive::Received;
use store::remotes::{RemoteMessage, Spot};
use store::updates::UpdateEnd;

use crate::App;
use crate::bots::derived;
use crate::bots::held::Held;
use crate::bots::letter::words_of;
use crate::error::Result;
use crate::handoff::words;

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

    /// The bot's token; nothing where only its owner can help: there is none, or it was sealed with a key that is
    /// not here.
    pub async fn bot_token(&self, lease: &BotLease) -> Result<Option<String>> {
        let store = self.workspace(lease.bot.workspace_id);
        match store.bot_token(lease.bot.id).await {
            Ok(token) => Ok(token.and_then(|bytes| String::from_utf8(bytes).ok())),
            Err(StoreError::Secret | StoreError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
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
        if let Some(name) = self.came_by(lease, &incoming.text).await {
            return self
                .receive_by_link(lease, update_id, incoming, &name)
                .await;
        }
        let update = Some((lease.bot.id, update_id));
        self.receive_letter(&lease.bot, update, incoming).await
    }

    /// A customer, or an operator, changed what they had written; nothing when the message is not known. An
    /// operator's correction goes to the customer, a customer's to operators where a person is concerned.
    pub async fn edit_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        edited: Edited,
    ) -> Result<Option<MessageId>> {
        let spot = Spot {
            bot_id: lease.bot.id,
            chat: edited.chat,
            business: edited.business,
            remote_id: edited.remote_id,
        };
        let text = words_of(&edited.text);
        let known = self
            .inner
            .store
            .conversation_of_remote(spot.clone())
            .await?;
        let known = known.filter(|known| known.workspace_id == lease.bot.workspace_id);
        // Before the update is done: a repetition is known by the delivery's id.
        if let Some(known) = &known {
            self.pass_edit_on(known, update_id, &text).await?;
        }
        let store = self.workspace(lease.bot.workspace_id);
        Ok(store
            .edit_received(spot, &text, Some(update_id), self.now())
            .await?)
    }

    async fn pass_edit_on(&self, known: &RemoteMessage, update_id: i64, text: &str) -> Result<()> {
        let Some(message_id) = known.message_id else {
            return Ok(());
        };
        let store = self.workspace(known.workspace_id);
        let id = OutboxId(derived(message_id.0, &format!("edit {update_id}")));
        let row = match known.place {
            Place::Customer => {
                let handoff = store.handoff(known.conversation_id).await?;
                let message = store.message(message_id).await?;
                let held = self.held(known.workspace_id, known.conversation_id).await?;
                let Some(held) = held.filter(Held::has_console) else {
                    return Ok(());
                };
                if !handoff.needs_person()
                    || message.author != Author::Contact
                    || message.text == text
                {
                    return Ok(());
                }
                let text = words::changed(text, held.staff_language());
                self.notice_as(id, Place::Console, text, Vec::new())
            }
            Place::Console => {
                let places = store.remote_messages(message_id).await?;
                let shown = places.iter().find(|place| place.place == Place::Customer);
                let Some(shown) = shown else {
                    return Ok(());
                };
                NewOutgoing {
                    id,
                    message_id: Some(message_id),
                    place: Place::Customer,
                    content: Content::Edit {
                        remote_id: shown.spot.remote_id,
                        text: text.to_owned(),
                    },
                    presses: Vec::new(),
                    run_at: self.now(),
                }
            }
        };
        store
            .queue_outgoing(known.conversation_id, vec![row], self.now())
            .await?;
        Ok(())
    }

    /// The chat was blocked or is there again: what waits for it is cancelled.
    pub async fn blocked_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        chat: i64,
        reach: Reach,
    ) -> Result<()> {
        self.reach(lease.bot.id, chat, reach, Some(update_id)).await
    }

    /// The chat cannot be written to, as was learned while sending.
    pub async fn unreachable(&self, bot: BotId, chat: i64) -> Result<()> {
        self.reach(bot, chat, Reach::Lost, None).await
    }

    async fn reach(
        &self,
        bot: BotId,
        chat: i64,
        reach: Reach,
        update_id: Option<i64>,
    ) -> Result<()> {
        let now = self.now();
        let since = match reach {
            Reach::Lost => Some(now),
            Reach::Back => None,
        };
        let store = &self.inner.store;
        store
            .unreachable_chat((bot, chat), since, update_id, now)
            .await?;
        Ok(())
    }

    /// A group became another one: its number is replaced everywhere. Harmless twice.
    pub async fn migrate_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        from: i64,
        to: i64,
    ) -> Result<()> {
        self.migrate(lease.bot.id, from, to, Some(update_id)).await
    }

    /// The same, learned while sending.
    pub async fn migrated(&self, bot: BotId, from: i64, to: i64) -> Result<()> {
        self.migrate(bot, from, to, None).await
    }

    async fn migrate(&self, bot: BotId, from: i64, to: i64, update_id: Option<i64>) -> Result<()> {
        let store = &self.inner.store;
        store
            .migrate_chat(bot, from, to, update_id, self.now())
            .await?;
        Ok(())
    }

    /// A reaction of the messenger's own rates an answer.
    pub async fn rate_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        chat: i64,
        remote_id: i64,
        rating: Rating,
    ) -> Result<()> {
        let spot = Spot {
            bot_id: lease.bot.id,
            chat,
            business: String::new(),
            remote_id,
        };
        let known = self.inner.store.conversation_of_remote(spot).await?;
        let known = known.filter(|known| {
            known.workspace_id == lease.bot.workspace_id && known.place == Place::Customer
        });
        let Some((known, message_id)) = known.and_then(|known| {
            let message_id = known.message_id?;
            Some((known, message_id))
        }) else {
            let reason = "it rates nothing of ours";
            return self.ignore_update(lease, update_id, reason).await;
        };
        let message = self
            .workspace(known.workspace_id)
            .message(message_id)
            .await?;
        if message.author != Author::Assistant {
            let reason = "it rates no answer";
            return self.ignore_update(lease, update_id, reason).await;
        }
        let update = Some((lease.bot.id, update_id));
        let subject = (known.workspace_id, known.conversation_id);
        self.rate(subject, message_id, rating, update).await
    }

    /// The update means nothing to us, because of `reason`.
    pub async fn ignore_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        reason: &str,
    ) -> Result<()> {
        let end = UpdateEnd::Ignored(reason.to_owned());
        self.end_update(lease, update_id, end).await
    }

    /// Nothing could be read from the update, because of `reason`: it is kept, and stands in the doctor's queue.
    /// Where a chat and words could be read, use [`App::receive_update`] with them instead.
    pub async fn unreadable_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        reason: &str,
    ) -> Result<()> {
        let end = UpdateEnd::Unreadable(reason.to_owned());
        self.end_update(lease, update_id, end).await
    }

    /// Ends an update; one that was ended already stays as it is.
    pub(crate) async fn end_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        end: UpdateEnd,
    ) -> Result<()> {
        let store = &self.inner.store;
        store
            .end_update(lease.bot.id, update_id, end, self.now())
            .await?;
        Ok(())
    }
}
