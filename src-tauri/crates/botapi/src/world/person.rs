//! What a person does: say, edit, tap, react, block.

use serde_json::{Map, Value, json};

use crate::entity;
use crate::file::StoredFile;
use crate::id::{Author, BotId, MessageId, Place, TopicId, UserId};
use crate::message::{Content, Formatted, Media, Message, Say, Saying};
use crate::state::{Rank, State, Writing};

use super::{Refusal, World};

impl World {
    /// A person says some words in a place.
    pub fn user_says(&self, place: Place, user: UserId, text: &str) -> Result<MessageId, Refusal> {
        self.say(place, user, Say::text(text))
    }

    /// A person sends anything. In a business chat the person is the customer or the account's owner.
    pub fn say(&self, place: Place, user: UserId, say: Say) -> Result<MessageId, Refusal> {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let id = state.person_says(now_ms, place, user, say, None)?;
        drop(state);
        self.changed();
        Ok(id)
    }

    /// A person sends an album: several files as one post (T19). 2 to 10 of them.
    pub fn say_album(
        &self,
        place: Place,
        user: UserId,
        files: Vec<Say>,
    ) -> Result<Vec<MessageId>, Refusal> {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let album = format!("{}", 13_000_000_000_000_000i64 + state.next_number());
        let mut ids = Vec::with_capacity(files.len());
        for say in files {
            ids.push(state.person_says(now_ms, place, user, say, Some(album.clone()))?);
        }
        drop(state);
        self.changed();
        Ok(ids)
    }

    /// A person opens `t.me/bot?start=PAYLOAD` and presses Start (T21). Without payload it is a plain `/start`.
    pub fn user_starts(
        &self,
        bot: BotId,
        user: UserId,
        payload: Option<&str>,
    ) -> Result<MessageId, Refusal> {
        let text = match payload {
            Some(payload) => format!("/start {payload}"),
            None => "/start".to_owned(),
        };
        self.user_says(Place::Private { bot, user }, user, &text)
    }

    /// A person changes the words of an own message.
    pub fn user_edits(
        &self,
        place: Place,
        user: UserId,
        message: MessageId,
        text: &str,
    ) -> Result<(), Refusal> {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let room = state.room(place);
        let stored = room.messages.get_mut(&message).ok_or(Refusal::NoMessage)?;
        if stored.from != Author::User(user) {
            return Err(Refusal::NotTheirs);
        }
        let formatted = Formatted {
            text: text.to_owned(),
            entities: entity::found_in(text),
        };
        match &mut stored.content {
            Content::Text(words) => *words = formatted,
            Content::Media(media) => media.caption = formatted,
            _ => return Err(Refusal::NoMessage),
        }
        stored.edited_ms = Some(now_ms);
        let edited = stored.clone();
        state.tell(now_ms, &edited, "edited_message");
        drop(state);
        self.changed();
        Ok(())
    }

    /// A person deletes a message. Bots are told of it in business chats only (A5).
    pub fn user_deletes(&self, place: Place, message: MessageId) -> Result<(), Refusal> {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let room = state.room(place);
        room.messages.remove(&message).ok_or(Refusal::NoMessage)?;
        room.deleted += 1;
        state.tell_deleted(now_ms, place, &[message]);
        drop(state);
        self.changed();
        Ok(())
    }

    /// A person taps the button with that label below a message; gives the id of the callback query.
    ///
    /// A key of a reply keyboard is a message with its label: [`World::user_says`].
    pub fn user_taps(
        &self,
        place: Place,
        user: UserId,
        message: MessageId,
        label: &str,
    ) -> Result<String, Refusal> {
        let stored = self.message(place, message).ok_or(Refusal::NoMessage)?;
        let buttons = stored.buttons();
        let mut buttons = buttons.iter().flatten();
        let button = buttons.find(|button| button.label == label);
        let data = button.and_then(|button| button.data.clone());
        self.tap(place, user, &stored, &data.ok_or(Refusal::NoButton)?)
    }

    /// A person taps a button that the message had when they looked at it, whatever it has now: an old screen.
    pub fn user_taps_data(
        &self,
        place: Place,
        user: UserId,
        message: MessageId,
        data: &str,
    ) -> Result<String, Refusal> {
        let stored = self.message(place, message).ok_or(Refusal::NoMessage)?;
        self.tap(place, user, &stored, data)
    }

    fn tap(
        &self,
        place: Place,
        user: UserId,
        stored: &Message,
        data: &str,
    ) -> Result<String, Refusal> {
        let bot = match stored.from {
            Author::Bot(bot) | Author::Business { bot, .. } => bot,
            Author::User(_) => return Err(Refusal::NoButton),
        };
        let now_ms = self.now_ms();
        let mut state = self.state();
        state.may_write(place, user, None)?;
        let id = state.tap(now_ms, bot, user);
        let query = json!({
            "id": id,
            "from": state.user_json(user),
            "message": state.message_json(bot, stored),
            "chat_instance": format!("{}", -3_000_000_000_000_000i64 - place.chat_id()),
            "data": data,
        });
        state.push(now_ms, bot, "callback_query", query);
        Ok(id)
    }

    /// A person reacts to a message with an emoji, or takes the reaction back.
    pub fn user_reacts(
        &self,
        place: Place,
        user: UserId,
        message: MessageId,
        emoji: Option<&str>,
    ) -> Result<(), Refusal> {
        let now_ms = self.now_ms();
        let mut state = self.state();
        state.may_write(place, user, None)?;
        let new: Vec<Value> = emoji
            .into_iter()
            .map(|emoji| json!({"type": "emoji", "emoji": emoji}))
            .collect();
        let room = state.room(place);
        let stored = room.messages.get_mut(&message).ok_or(Refusal::NoMessage)?;
        let old = match new.is_empty() {
            true => stored.reactions.remove(&Author::User(user)),
            false => stored.reactions.insert(Author::User(user), new.clone()),
        };
        for bot in state.who_sees_reactions(place) {
            let body = json!({
                "chat": state.chat_json(bot, place),
                "message_id": message.0,
                "user": state.user_json(user),
                "date": now_ms / 1000,
                "old_reaction": old.clone().unwrap_or_default(),
                "new_reaction": new,
            });
            state.push(now_ms, bot, "message_reaction", body);
        }
        drop(state);
        self.changed();
        Ok(())
    }

    /// A person blocks the bot: it can write no more (T14), and is told.
    pub fn user_blocks(&self, bot: BotId, user: UserId) {
        self.set_blocked(bot, user, true);
    }

    /// A person unblocks the bot; it is told.
    pub fn user_unblocks(&self, bot: BotId, user: UserId) {
        self.set_blocked(bot, user, false);
    }

    /// The person's account is no more (T14: "user is deactivated").
    pub fn user_goes(&self, user: UserId) {
        if let Some(person) = self.state().users.get_mut(&user) {
            person.gone = true;
        }
    }

    /// The person presses Stop while a draft that allows it is shown (Bot API 10.3). Whether there was one.
    pub fn user_stops_draft(&self, bot: BotId, user: UserId) -> bool {
        let now_ms = self.now_ms();
        let place = Place::Private { bot, user };
        let mut state = self.state();
        let room = state.room(place);
        let shown = room.draft.take_if(|draft| draft.can_stop);
        let Some(draft) = shown.filter(|draft| draft.until_ms > now_ms) else {
            return false;
        };
        let body = json!({"chat": state.chat_json(bot, place), "draft_id": draft.id});
        state.push(now_ms, bot, "stopped_message_generation", body);
        drop(state);
        self.changed();
        true
    }

    fn set_blocked(&self, bot: BotId, user: UserId, blocked: bool) {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let Some(account) = state.bots.get_mut(&bot) else {
            return;
        };
        let changed = match blocked {
            true => account.blocked_by.insert(user),
            false => account.blocked_by.remove(&user),
        };
        if !changed {
            return;
        }
        let member = state.member_json(Author::Bot(bot), Rank::Member);
        let kicked = state.member_json(Author::Bot(bot), Rank::Kicked);
        let turn = match blocked {
            true => (member, kicked),
            false => (kicked, member),
        };
        state.tell_rank(now_ms, Place::Private { bot, user }, bot, user, turn);
    }
}

impl State {
    fn person_says(
        &mut self,
        now_ms: i64,
        place: Place,
        user: UserId,
        say: Say,
        album: Option<String>,
    ) -> Result<MessageId, Refusal> {
        self.may_write(place, user, say.topic)?;
        if let Some(to) = say.reply_to {
            let room = self.room(place);
            room.messages.get(&to).ok_or(Refusal::NoMessage)?;
        }
        let mut words = say.caption;
        words.entities.extend(entity::found_in(&words.text));
        let content = match say.what {
            Saying::Text => Content::Text(words),
            Saying::Other(content) => content,
            Saying::File {
                kind,
                name,
                mime_type,
                bytes,
                duration,
            } => Content::Media(Media {
                kind,
                size: bytes.len() as u64,
                file_name: name.clone(),
                mime_type: mime_type.clone(),
                duration,
                caption: words,
                file: self.files.add(StoredFile {
                    kind,
                    name,
                    mime_type,
                    duration,
                    bytes,
                }),
            }),
        };
        let mut writing = Writing::new(place, Author::User(user), content);
        writing.topic = say.topic;
        // In a forum every message without another answers to the one that made the topic: a trap for those
        // who take any reply to the bot's message for a word to the bot.
        writing.reply_to = say.reply_to.or(say.topic.map(|topic| MessageId(topic.0)));
        writing.album = album;
        writing.automatic = say.automatic;
        let message = self.write(now_ms, writing);
        match place {
            Place::Private { bot, .. } => {
                if let Some(account) = self.bots.get_mut(&bot) {
                    account.known.insert(user);
                }
            }
            Place::Business {
                connection,
                customer,
            } if user == customer => {
                if let Some(connection) = self.connections.get_mut(&connection) {
                    connection.last_incoming_ms.insert(customer, now_ms);
                }
            }
            _ => {}
        }
        self.tell(now_ms, &message, "message");
        Ok(message.id)
    }

    fn may_write(&self, place: Place, user: UserId, topic: Option<TopicId>) -> Result<(), Refusal> {
        if !self.users.contains_key(&user) {
            return Err(Refusal::Nobody);
        }
        match place {
            Place::Private { bot, user: theirs } => {
                let account = self.bots.get(&bot).ok_or(Refusal::Nobody)?;
                if theirs != user {
                    return Err(Refusal::NotAMember);
                }
                match account.blocked_by.contains(&user) {
                    true => Err(Refusal::Blocked),
                    false => Ok(()),
                }
            }
            Place::Group(id) => {
                let group = self.groups.get(&id).ok_or(Refusal::Nobody)?;
                let rank = group.rank(Author::User(user));
                if group.migrated_to.is_some() || !rank.present() {
                    return Err(Refusal::NotAMember);
                }
                let Some(topic) = topic else { return Ok(()) };
                let room = self.rooms.get(&place);
                let topic = room.and_then(|room| room.topics.get(&topic));
                let topic = topic.ok_or(Refusal::NoTopic)?;
                match topic.closed && !rank.runs_it() {
                    true => Err(Refusal::NoTopic),
                    false => Ok(()),
                }
            }
            Place::Business {
                connection,
                customer,
            } => {
                let connection = self.connections.get(&connection).ok_or(Refusal::Nobody)?;
                match user == customer || user == connection.owner {
                    true => Ok(()),
                    false => Err(Refusal::NotAMember),
                }
            }
        }
    }

    /// In groups only bots that run them; in private chats the bot itself.
    fn who_sees_reactions(&self, place: Place) -> Vec<BotId> {
        match place {
            Place::Private { bot, .. } => vec![bot],
            Place::Business { .. } => Vec::new(),
            Place::Group(id) => {
                let members = self.groups.get(&id).map(|group| &group.members);
                let members = members.into_iter().flatten();
                let bots = members.filter_map(|(who, rank)| match who {
                    Author::Bot(bot) if rank.runs_it() => Some(*bot),
                    _ => None,
                });
                bots.collect()
            }
        }
    }

    /// Tells of deletions in a business chat.
    pub(crate) fn tell_deleted(&mut self, now_ms: i64, place: Place, messages: &[MessageId]) {
        let Place::Business { connection, .. } = place else {
            return;
        };
        let Some(known) = self.connections.get(&connection) else {
            return;
        };
        let bot = known.bot;
        let ids: Vec<i64> = messages.iter().map(|id| id.0).collect();
        let mut body = Map::new();
        body.insert(
            "business_connection_id".into(),
            json!(connection.to_string()),
        );
        body.insert("chat".into(), self.chat_json(bot, place));
        body.insert("message_ids".into(), json!(ids));
        let body = Value::Object(body);
        self.push(now_ms, bot, "deleted_business_messages", body);
    }
}
