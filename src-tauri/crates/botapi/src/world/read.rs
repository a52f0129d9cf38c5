//! What can be read of the world: chats, calls, violations.

use std::sync::Arc;

use serde_json::Value;

use crate::id::{BotId, ConnectionId, MessageId, Place, TopicId, UserId};
use crate::journal::Call;
use crate::message::Message;
use crate::state::{Draft, Tap, Topic};

use super::World;

impl World {
    /// The messages of a place that are still there, oldest first.
    pub fn messages(&self, place: Place) -> Vec<Message> {
        self.messages_after(place, MessageId(0))
    }

    /// Those newer than one: to follow a chat, with [`World::changes`].
    pub fn messages_after(&self, place: Place, after: MessageId) -> Vec<Message> {
        let state = self.state();
        let Some(room) = state.rooms.get(&place) else {
            return Vec::new();
        };
        let after = MessageId(after.0.saturating_add(1));
        room.messages
            .range(after..)
            .map(|(_, message)| message.clone())
            .collect()
    }

    /// One message.
    pub fn message(&self, place: Place, id: MessageId) -> Option<Message> {
        let state = self.state();
        state.rooms.get(&place)?.messages.get(&id).cloned()
    }

    /// The newest message of a place.
    pub fn last_message(&self, place: Place) -> Option<Message> {
        let state = self.state();
        let (_, last) = state.rooms.get(&place)?.messages.last_key_value()?;
        Some(last.clone())
    }

    /// What bots said in a place, oldest first: only words.
    pub fn said_by_bots(&self, place: Place) -> Vec<String> {
        let messages = self.messages(place);
        let by_bots = messages.iter().filter(|message| message.by_bot());
        by_bots.map(|message| message.text().to_owned()).collect()
    }

    /// The draft that is shown in a private chat now.
    pub fn draft(&self, place: Place) -> Option<Draft> {
        let now_ms = self.now_ms();
        let state = self.state();
        let draft = state.rooms.get(&place)?.draft.clone()?;
        (draft.until_ms > now_ms).then_some(draft)
    }

    /// What the bot is shown to be doing now (`typing`, T12).
    pub fn action(&self, place: Place) -> Option<String> {
        let now_ms = self.now_ms();
        let state = self.state();
        let (action, until_ms) = state.rooms.get(&place)?.action.clone()?;
        (until_ms > now_ms).then_some(action)
    }

    /// The topics of a forum.
    pub fn topics(&self, place: Place) -> Vec<(TopicId, Topic)> {
        let state = self.state();
        let topics = state.rooms.get(&place).map(|room| room.topics.clone());
        topics.unwrap_or_default().into_iter().collect()
    }

    /// What became of a tap.
    pub fn tapped(&self, callback: &str) -> Option<Tap> {
        self.state().callbacks.taps.get(callback).cloned()
    }

    /// The last message of a business chat that the bot marked as read.
    pub fn business_read(&self, connection: ConnectionId, customer: UserId) -> Option<MessageId> {
        let state = self.state();
        let known = state.connections.get(&connection)?;
        known.read.get(&customer).copied()
    }

    /// A file's bytes, unless it was too old to keep.
    pub fn file(&self, file: u64) -> Option<Arc<[u8]>> {
        self.state().files.get(file).map(|file| file.bytes.clone())
    }

    /// The calls that are still in the journal, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state().journal.all().cloned().collect()
    }

    /// Those of one method.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        let state = self.state();
        let calls = state.journal.all();
        let of_it = calls.filter(|call| call.method.eq_ignore_ascii_case(method));
        of_it.cloned().collect()
    }

    /// How many calls there ever were.
    pub fn call_count(&self) -> u64 {
        self.state().journal.total
    }

    /// How many calls came while their bot was to be silent because of a 429 (T8). A good bot has none.
    pub fn too_early_count(&self) -> u64 {
        self.state().journal.too_early
    }

    /// What did not fit the Bot API's description, or is accepted by the server and wrong all the same.
    pub fn violations(&self) -> Vec<String> {
        self.state().violations.iter().cloned().collect()
    }

    /// Updates that wait for the bot.
    pub fn pending(&self, bot: BotId) -> usize {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let account = state.bots.get_mut(&bot);
        account.map_or(0, |account| account.queue.len(now_ms))
    }

    /// Whether a poll of the bot waits now.
    pub fn polls(&self, bot: BotId) -> bool {
        let state = self.state();
        state
            .bots
            .get(&bot)
            .is_some_and(|account| account.poll.waits)
    }

    /// The kinds of updates the bot asked for; `None` is the default list (T7).
    pub fn allowed_updates(&self, bot: BotId) -> Option<Vec<String>> {
        let state = self.state();
        state.bots.get(&bot)?.allowed.clone()
    }

    /// The commands a bot shows in a scope (`default`, `all_private_chats`, …) and a language (`""` for all).
    pub fn commands(&self, bot: BotId, scope: &str, language: &str) -> Vec<(String, String)> {
        let state = self.state();
        let key = (scope.to_owned(), language.to_owned());
        let commands = state
            .bots
            .get(&bot)
            .and_then(|account| account.commands.get(&key));
        let field = |command: &Value, name: &str| {
            let text = command.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let commands = commands.into_iter().flatten();
        commands
            .map(|command| (field(command, "command"), field(command, "description")))
            .collect()
    }
}
