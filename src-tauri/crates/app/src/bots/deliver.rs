//! What is to be sent, with everything that formatting needs.

use std::collections::HashMap;
use std::path::PathBuf;

use domain::bot::Bot;
use domain::conversation::{Attachment, Author, ChannelKind, Message};
use domain::delivery::{Button, Content, Outgoing, Place, Sent};
use domain::id::{BotId, OutboxId};
use domain::language::Language;
use domain::time::Timestamp;
use store::console::ConsoleTopic;
use store::error::StoreError;

use crate::App;
use crate::bots::derived;
use crate::bots::held::{Console, Held};
use crate::bots::rows::{AnswerParts, answer_buttons};
use crate::error::Result;
use crate::handoff::words;

/// Something that a channel is to send.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// What and where to; the store's own row.
    pub outgoing: Outgoing,
    /// The bot that sends it.
    pub bot: Bot,
    /// The message it is about.
    pub message: Option<Message>,
    /// The operator's name, where customers are shown it; empty otherwise.
    pub operator: String,
    /// Buttons under it, row by row: those of the content, and of a message proof and thumbs.
    pub buttons: Vec<Vec<Button>>,
    /// Where operators are, for what goes to them.
    pub console: Console,
    /// The file and where its bytes lie, for [`Content::File`]; nothing when it is not kept (any more).
    pub file: Option<(Attachment, PathBuf)>,
    /// The customer's name, for the name of a topic; empty when it is unknown.
    pub contact: String,
    /// The conversation's language.
    pub language: Language,
}

impl App {
    /// What a channel is to send now, at most `limit`, of these bots or of all: in order within a conversation and
    /// place, one at a time of each, bots take turns. What may not be sent (a business chat a day after the
    /// customer's last words) is failed here and operators are told.
    pub async fn lease_outgoing(
        &self,
        channel: ChannelKind,
        bots: Option<&[BotId]>,
        limit: u32,
    ) -> Result<Vec<Delivery>> {
        let store = &self.inner.store;
        let leased = store
            .lease_outgoing(channel, bots, self.now(), limit)
            .await?;
        let mut known: HashMap<BotId, Bot> = HashMap::new();
        let mut deliveries = Vec::with_capacity(leased.len());
        for outgoing in leased {
            let prepared = self.prepared(outgoing.clone(), &mut known).await;
            match prepared {
                Ok(Some(delivery)) => deliveries.push(delivery),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "a delivery could not be prepared: it is tried again");
                    let later = self.now().plus_seconds(30);
                    self.outgoing_retry(&outgoing, later, "it could not be prepared", false)
                        .await?;
                }
            }
        }
        Ok(deliveries)
    }

    async fn prepared(
        &self,
        outgoing: Outgoing,
        known: &mut HashMap<BotId, Bot>,
    ) -> Result<Option<Delivery>> {
        let store = self.workspace(outgoing.workspace_id);
        let bot_id = outgoing.address.bot_id;
        let bot = match known.get(&bot_id) {
            Some(bot) => bot.clone(),
            None => store.bot(bot_id).await?,
        };
        known.insert(bot_id, bot.clone());
        let needs_held = outgoing.place == Place::Console || !outgoing.address.business.is_empty();
        let held = match needs_held {
            true => {
                self.held(outgoing.workspace_id, outgoing.conversation_id)
                    .await?
            }
            false => None,
        };
        if outgoing.place == Place::Customer
            && let Some(held) = &held
            && let Some(reason) = held.forbids(self.now())
        {
            self.not_attempted(&outgoing, held, reason).await?;
            return Ok(None);
        }
        let conversation = store.conversation(outgoing.conversation_id).await?;
        let message = match outgoing.message_id {
            Some(id) => Some(store.message(id).await?),
            None => None,
        };
        let mut contact = String::new();
        let mut console = Console::Nowhere;
        if outgoing.place == Place::Console {
            contact = store.profile(conversation.contact_id).await?.name;
            console = self.console_of(&outgoing, held.as_ref()).await?;
        }
        let buttons = match (&outgoing.content, &message) {
            (Content::Notice { buttons, .. } | Content::Draft { buttons, .. }, _) => {
                buttons.clone()
            }
            (Content::Message, Some(message)) if message.author == Author::Assistant => {
                let parts = AnswerParts::of(message);
                let kind = outgoing.address.kind;
                let rows = answer_buttons(&bot, kind, &parts, conversation.language);
                let shown =
                    |row: Vec<(Button, _)>| row.into_iter().map(|(button, _)| button).collect();
                rows.into_iter().map(shown).collect()
            }
            _ => Vec::new(),
        };
        let file = match &outgoing.content {
            Content::File { attachment_id } => {
                let row = store.attachment(*attachment_id).await?;
                let path = self.inner.store.file_path(&row.content_hash);
                (!row.content_hash.is_empty()).then_some((row.attachment, path))
            }
            _ => None,
        };
        let operator = match &message {
            Some(message) if bot.settings.show_operator => message.operator.clone(),
            _ => String::new(),
        };
        Ok(Some(Delivery {
            outgoing,
            bot,
            message,
            operator,
            buttons,
            console,
            file,
            contact,
            language: conversation.language,
        }))
    }

    async fn console_of(&self, outgoing: &Outgoing, held: Option<&Held>) -> Result<Console> {
        let Some(held) = held else {
            return Ok(Console::Nowhere);
        };
        let Console::Group { chat, .. } = held.console() else {
            return Ok(held.console());
        };
        let topic = self.console_topic(outgoing).await?;
        // One of an earlier staff group is of no use.
        let topic = topic.filter(|topic| topic.chat == chat && topic.bot_id == held.bot.id);
        let topic = topic.map(|topic| topic.thread);
        Ok(Console::Group { chat, topic })
    }

    /// What may not be written any more fails, and operators hear of it once.
    async fn not_attempted(&self, outgoing: &Outgoing, held: &Held, reason: &str) -> Result<()> {
        if held.has_console() {
            let text = words::not_attempted(reason, held.staff_language());
            let id = OutboxId(derived(outgoing.id.0, "not attempted"));
            let row = self.notice_as(id, Place::Console, text, Vec::new());
            let store = self.workspace(outgoing.workspace_id);
            store
                .queue_outgoing(outgoing.conversation_id, vec![row], self.now())
                .await?;
        }
        self.outgoing_failed(outgoing, reason).await
    }

    /// When the next delivery of these bots or of all is due (a moment that has passed: now); nothing when none
    /// waits.
    pub async fn next_outgoing_at(
        &self,
        channel: ChannelKind,
        bots: Option<&[BotId]>,
    ) -> Result<Option<Timestamp>> {
        Ok(self.inner.store.next_outgoing_at(channel, bots).await?)
    }

    /// A part of it has certainly been taken: it is never sent again. `Conflict` when somebody else has it.
    pub async fn outgoing_part(&self, outgoing: &Outgoing, part: Sent) -> Result<()> {
        let store = &self.inner.store;
        Ok(store.outgoing_part(outgoing, part, self.now()).await?)
    }

    /// All of it was taken, its `last` part just now. `Conflict` when somebody else has it.
    pub async fn outgoing_sent(&self, outgoing: &Outgoing, last: Option<Sent>) -> Result<()> {
        let store = &self.inner.store;
        Ok(store.outgoing_sent(outgoing, last, self.now()).await?)
    }

    /// The sending was cut off: it may have arrived. `Conflict` when somebody else has it.
    pub async fn outgoing_uncertain(&self, outgoing: &Outgoing, reason: &str) -> Result<()> {
        let store = &self.inner.store;
        Ok(store
            .outgoing_uncertain(outgoing, reason, self.now())
            .await?)
    }

    /// The channel refused it for good. `Conflict` when somebody else has it.
    pub async fn outgoing_failed(&self, outgoing: &Outgoing, reason: &str) -> Result<()> {
        let store = &self.inner.store;
        Ok(store.outgoing_failed(outgoing, reason, self.now()).await?)
    }

    /// The channel asks to wait: it certainly did not arrive. Not an attempt. `Conflict` when somebody else has it.
    pub async fn outgoing_later(&self, outgoing: &Outgoing, run_at: Timestamp) -> Result<()> {
        let store = &self.inner.store;
        Ok(store.outgoing_later(outgoing, run_at, self.now()).await?)
    }

    /// An attempt failed: it is sent again at `run_at`. `Conflict` when somebody else has it.
    pub async fn outgoing_retry(
        &self,
        outgoing: &Outgoing,
        run_at: Timestamp,
        reason: &str,
        may_repeat: bool,
    ) -> Result<()> {
        let store = &self.inner.store;
        Ok(store
            .outgoing_retry(outgoing, run_at, reason, may_repeat, self.now())
            .await?)
    }

    /// The conversation's topic in the staff group.
    pub async fn console_topic(&self, outgoing: &Outgoing) -> Result<Option<ConsoleTopic>> {
        let store = self.workspace(outgoing.workspace_id);
        Ok(store.console_topic(outgoing.conversation_id).await?)
    }

    /// Remembers the topic that was made for a conversation; gives the one that counts, which is another one where
    /// somebody was faster.
    pub async fn set_console_topic(
        &self,
        outgoing: &Outgoing,
        chat: i64,
        thread: i64,
    ) -> Result<ConsoleTopic> {
        let store = self.workspace(outgoing.workspace_id);
        let (id, bot_id) = (outgoing.conversation_id, outgoing.address.bot_id);
        let made = ConsoleTopic {
            bot_id,
            chat,
            thread,
            is_closed: false,
        };
        let kept = store.set_console_topic(id, bot_id, chat, thread, self.now());
        match kept.await {
            Ok(_) => return Ok(made),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        match self.console_topic(outgoing).await? {
            Some(known) if known.chat == chat => Ok(known),
            Some(known) => {
                // It is of an earlier staff group.
                self.drop_console_topic(known.bot_id, known.chat, known.thread)
                    .await?;
                store
                    .set_console_topic(id, bot_id, chat, thread, self.now())
                    .await?;
                Ok(made)
            }
            None => Err(StoreError::Conflict.into()),
        }
    }

    /// The messenger does not have the topic any more: the next delivery makes a new one.
    pub async fn drop_console_topic(&self, bot: BotId, chat: i64, thread: i64) -> Result<()> {
        self.inner.store.drop_topic(bot, chat, thread).await?;
        Ok(())
    }

    /// The topic was closed at the messenger.
    pub async fn close_console_topic(&self, outgoing: &Outgoing) -> Result<()> {
        let store = self.workspace(outgoing.workspace_id);
        store.close_topic(outgoing.conversation_id).await?;
        Ok(())
    }

    /// The topic was opened again at the messenger.
    pub async fn reopen_console_topic(&self, outgoing: &Outgoing) -> Result<()> {
        let store = self.workspace(outgoing.workspace_id);
        store.reopen_topic(outgoing.conversation_id).await?;
        Ok(())
    }
}
