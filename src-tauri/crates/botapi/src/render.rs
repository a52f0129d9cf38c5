//! The world's things as a bot sees them on the wire, with every field the real server gives.

use serde_json::{Map, Value, json};

use crate::file::{file_id, share_of, unique_id};
use crate::id::{Author, BotId, Place, UserId};
use crate::message::{Content, Media, MediaKind, Message};
use crate::state::{Connection, Group, Rank, State};

impl State {
    pub fn user_json(&self, user: UserId) -> Value {
        // Who sends others away may be a bot.
        if self.bots.contains_key(&BotId(user.0)) {
            return self.bot_json(BotId(user.0));
        }
        let mut json = Map::new();
        json.insert("id".into(), json!(user.0));
        json.insert("is_bot".into(), json!(false));
        let Some(person) = self.users.get(&user) else {
            json.insert("first_name".into(), json!(""));
            return Value::Object(json);
        };
        json.insert("first_name".into(), json!(person.first_name));
        put(&mut json, "last_name", person.last_name.as_deref());
        put(&mut json, "username", person.username.as_deref());
        put(&mut json, "language_code", person.language.as_deref());
        Value::Object(json)
    }

    pub fn bot_json(&self, bot: BotId) -> Value {
        let account = self.bots.get(&bot);
        json!({
            "id": bot.0,
            "is_bot": true,
            "first_name": account.map_or("", |account| account.name.as_str()),
            "username": account.map_or("", |account| account.username.as_str()),
        })
    }

    pub fn author_json(&self, author: Author) -> Value {
        match author {
            Author::User(user) => self.user_json(user),
            Author::Bot(bot) => self.bot_json(bot),
            Author::Business { owner, .. } => self.user_json(owner),
        }
    }

    /// A chat as it stands in a message.
    pub fn chat_json(&self, bot: BotId, place: Place) -> Value {
        match place {
            Place::Private { user, .. } | Place::Business { customer: user, .. } => {
                let mut json = Map::new();
                json.insert("id".into(), json!(user.0));
                if let Some(person) = self.users.get(&user) {
                    json.insert("first_name".into(), json!(person.first_name));
                    put(&mut json, "last_name", person.last_name.as_deref());
                    put(&mut json, "username", person.username.as_deref());
                }
                json.insert("type".into(), json!("private"));
                let account = self.bots.get(&bot);
                if account.is_some_and(|account| account.private_topics)
                    && matches!(place, Place::Private { .. })
                {
                    json.insert("is_forum".into(), json!(true));
                }
                Value::Object(json)
            }
            Place::Group(id) => match self.groups.get(&id) {
                Some(group) => group_json(group),
                None => json!({"id": id, "title": "", "type": "group"}),
            },
        }
    }

    pub fn message_json(&self, bot: BotId, message: &Message) -> Value {
        let mut json = self.bare_json(bot, message);
        let room = self.rooms.get(&message.place);
        let replied = message
            .reply_to
            .and_then(|id| room.and_then(|room| room.messages.get(&id)));
        if let Some(replied) = replied {
            json.insert(
                "reply_to_message".into(),
                Value::Object(self.bare_json(bot, replied)),
            );
        }
        Value::Object(json)
    }

    /// Without what it answers to: the server nests one level only.
    fn bare_json(&self, bot: BotId, message: &Message) -> Map<String, Value> {
        let mut json = Map::new();
        json.insert("message_id".into(), json!(message.id.0));
        if let Some(topic) = message.topic {
            json.insert("message_thread_id".into(), json!(topic.0));
        }
        json.insert("from".into(), self.author_json(message.from));
        if let Author::Business { bot, .. } = message.from {
            json.insert("sender_business_bot".into(), self.bot_json(bot));
        }
        json.insert("date".into(), json!(message.at_ms / 1000));
        if let Place::Business { connection, .. } = message.place {
            let id = connection.to_string();
            json.insert("business_connection_id".into(), json!(id));
        }
        json.insert("chat".into(), self.chat_json(bot, message.place));
        if message.topic.is_some() {
            json.insert("is_topic_message".into(), json!(true));
        }
        if let Some(edited) = message.edited_ms {
            json.insert("edit_date".into(), json!(edited / 1000));
        }
        if message.automatic {
            json.insert("is_from_offline".into(), json!(true));
        }
        if let Some(album) = &message.album {
            json.insert("media_group_id".into(), json!(album));
        }
        self.content_json(bot, &message.content, &mut json);
        // Only inline keyboards belong to the message; the others change the person's own keyboard.
        let inline = message.keyboard.as_ref().filter(|markup| {
            let rows = markup.get("inline_keyboard").and_then(Value::as_array);
            rows.is_some_and(|rows| !rows.is_empty())
        });
        if let Some(markup) = inline {
            json.insert("reply_markup".into(), markup.clone());
        }
        json
    }

    fn content_json(&self, bot: BotId, content: &Content, json: &mut Map<String, Value>) {
        match content {
            Content::Text(formatted) => {
                json.insert("text".into(), json!(formatted.text));
                if !formatted.entities.is_empty() {
                    json.insert("entities".into(), json!(formatted.entities));
                }
            }
            Content::Media(media) => {
                json.insert(media.kind.field().into(), media_json(bot, media));
                if !media.caption.text.is_empty() {
                    json.insert("caption".into(), json!(media.caption.text));
                }
                if !media.caption.entities.is_empty() {
                    json.insert("caption_entities".into(), json!(media.caption.entities));
                }
            }
            Content::Location {
                latitude,
                longitude,
            } => {
                let place = json!({"latitude": latitude, "longitude": longitude});
                json.insert("location".into(), place);
            }
            Content::Contact {
                phone,
                first_name,
                last_name,
            } => {
                let mut contact = Map::new();
                contact.insert("phone_number".into(), json!(phone));
                contact.insert("first_name".into(), json!(first_name));
                put(&mut contact, "last_name", last_name.as_deref());
                json.insert("contact".into(), Value::Object(contact));
            }
            Content::Service(fields) => json.extend(fields.clone()),
        }
    }

    /// What somebody is in a group (`ChatMember…`).
    pub fn member_json(&self, who: Author, rank: Rank) -> Value {
        let user = self.author_json(who);
        match rank {
            Rank::Creator => json!({"user": user, "status": "creator", "is_anonymous": false}),
            Rank::Administrator { topics } => json!({
                "user": user,
                "status": "administrator",
                "can_be_edited": false,
                "can_manage_chat": true,
                "can_change_info": true,
                "can_delete_messages": true,
                "can_invite_users": true,
                "can_restrict_members": true,
                "can_pin_messages": true,
                "can_manage_topics": topics,
                "can_promote_members": false,
                "can_manage_video_chats": true,
                "can_post_stories": false,
                "can_edit_stories": false,
                "can_delete_stories": false,
                // Required since Bot API 10.3: clients that check refuse the whole batch of updates without it.
                "can_send_welcome_messages": false,
                "is_anonymous": false,
            }),
            Rank::Member => json!({"user": user, "status": "member"}),
            Rank::Left => json!({"user": user, "status": "left"}),
            Rank::Kicked => json!({"user": user, "status": "kicked", "until_date": 0}),
        }
    }

    pub fn connection_json(&self, connection: &Connection) -> Value {
        let mut rights = Map::new();
        let has = [
            ("can_reply", connection.rights.can_reply),
            ("can_read_messages", connection.rights.can_read_messages),
            (
                "can_delete_sent_messages",
                connection.rights.can_delete_sent_messages,
            ),
        ];
        for (name, _) in has.into_iter().filter(|(_, yes)| *yes) {
            rights.insert(name.into(), json!(true));
        }
        json!({
            "id": connection.id.to_string(),
            "user": self.user_json(connection.owner),
            "user_chat_id": connection.owner.0,
            "date": connection.at_ms / 1000,
            "rights": rights,
            "is_enabled": connection.enabled,
        })
    }
}

fn group_json(group: &Group) -> Value {
    let mut json = Map::new();
    json.insert("id".into(), json!(group.id));
    json.insert("title".into(), json!(group.title));
    let kind = match group.supergroup {
        true => "supergroup",
        false => "group",
    };
    json.insert("type".into(), json!(kind));
    if group.forum {
        json.insert("is_forum".into(), json!(true));
    }
    Value::Object(json)
}

fn media_json(bot: BotId, media: &Media) -> Value {
    if media.kind == MediaKind::Photo {
        // The server makes smaller copies; the last is the largest, and only that one is the file itself.
        let sizes = [(90, 67), (320, 240), (1280, 960)];
        let sizes = sizes.iter().enumerate().map(|(at, (width, height))| {
            let share = share_of(media.kind, media.size, at);
            let mut size = names(bot, media, at);
            size.insert("width".into(), json!(width));
            size.insert("height".into(), json!(height));
            size.insert("file_size".into(), json!(share));
            Value::Object(size)
        });
        return Value::Array(sizes.collect());
    }
    let mut json = names(bot, media, 0);
    if media.kind == MediaKind::Video {
        json.insert("width".into(), json!(1280));
        json.insert("height".into(), json!(720));
    }
    if media.kind != MediaKind::Document {
        json.insert("duration".into(), json!(media.duration));
    }
    if media.kind != MediaKind::Voice {
        put(&mut json, "file_name", media.file_name.as_deref());
    }
    put(&mut json, "mime_type", media.mime_type.as_deref());
    json.insert("file_size".into(), json!(media.size));
    Value::Object(json)
}

fn names(bot: BotId, media: &Media, size: usize) -> Map<String, Value> {
    let mut json = Map::new();
    let id = file_id(bot, media.kind, media.file, size);
    json.insert("file_id".into(), json!(id));
    let unique = unique_id(media.kind, media.file, size);
    json.insert("file_unique_id".into(), json!(unique));
    json
}

pub(crate) fn put(json: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        json.insert(name.to_owned(), json!(value));
    }
}
