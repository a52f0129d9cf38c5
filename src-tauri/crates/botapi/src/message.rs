//! What stands in a chat, and what people put there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::id::{Author, MessageId, Place, TopicId};

/// Text with the server's marks in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Formatted {
    /// The text, without markup.
    pub text: String,
    /// `MessageEntity` objects; offsets and lengths in UTF-16 units (T11).
    pub entities: Vec<Value>,
}

/// What kind a file is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// A picture in several sizes.
    Photo,
    /// Any file.
    Document,
    /// A recorded voice.
    Voice,
    /// A film.
    Video,
    /// Music.
    Audio,
}

impl MediaKind {
    /// The field of a message that holds it.
    pub fn field(self) -> &'static str {
        match self {
            MediaKind::Photo => "photo",
            MediaKind::Document => "document",
            MediaKind::Voice => "voice",
            MediaKind::Video => "video",
            MediaKind::Audio => "audio",
        }
    }
}

/// A file as a message shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Media {
    /// What it is sent as.
    pub kind: MediaKind,
    /// Number of the file in the world; [`crate::World::file`] gives its bytes.
    pub file: u64,
    /// The file's name; photos and voices have none.
    pub file_name: Option<String>,
    /// What the sender says it is.
    pub mime_type: Option<String>,
    /// Bytes.
    pub size: u64,
    /// Seconds, of what plays.
    pub duration: i64,
    /// The text below it, at most 1,024 UTF-16 units from a bot.
    pub caption: Formatted,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Words.
    Text(Formatted),
    /// A file.
    Media(Media),
    /// A point on the map.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// A card.
    Contact {
        /// With or without a plus.
        phone: String,
        /// Given name.
        first_name: String,
        /// Family name.
        last_name: Option<String>,
    },
    /// What the server tells of the chat itself: fields of the message, as on the wire.
    Service(Map<String, Value>),
}

/// A message as it stands in its place now.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its number in its place.
    pub id: MessageId,
    /// Where it stands.
    pub place: Place,
    /// The forum topic, where it stands in one.
    pub topic: Option<TopicId>,
    /// Who wrote it.
    pub from: Author,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// When it was last edited.
    pub edited_ms: Option<i64>,
    /// What it answers to.
    pub reply_to: Option<MessageId>,
    /// The album it belongs to (`media_group_id`, T19).
    pub album: Option<String>,
    /// What it says.
    pub content: Content,
    /// Its `reply_markup`, as the bot gave it.
    pub keyboard: Option<Value>,
    /// Sent by Telegram itself in a business account's name: greeting, away, scheduled (`is_from_offline`).
    pub automatic: bool,
    /// Who reacted, with the emoji.
    pub reactions: BTreeMap<Author, Vec<Value>>,
}

impl Message {
    /// Its words: the text, or the caption of a file; empty where there are none.
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Text(formatted) => &formatted.text,
            Content::Media(media) => &media.caption.text,
            _ => "",
        }
    }

    /// The marks in its words.
    pub fn entities(&self) -> &[Value] {
        match &self.content {
            Content::Text(formatted) => &formatted.entities,
            Content::Media(media) => &media.caption.entities,
            _ => &[],
        }
    }

    /// Its file.
    pub fn media(&self) -> Option<&Media> {
        match &self.content {
            Content::Media(media) => Some(media),
            _ => None,
        }
    }

    /// Whether a bot wrote it, in its own name or in a business account's.
    pub fn by_bot(&self) -> bool {
        !matches!(self.from, Author::User(_))
    }

    /// The inline buttons below it, row by row.
    pub fn buttons(&self) -> Vec<Vec<Button>> {
        self.keys("inline_keyboard")
    }

    /// The keys of the keyboard it shows in place of the person's own.
    pub fn reply_keys(&self) -> Vec<Vec<Button>> {
        self.keys("keyboard")
    }

    fn keys(&self, field: &str) -> Vec<Vec<Button>> {
        let rows = self.keyboard.as_ref().and_then(|markup| markup.get(field));
        let rows = rows.and_then(Value::as_array).into_iter().flatten();
        rows.map(|row| {
            let keys = row.as_array().into_iter().flatten();
            keys.map(Button::of).collect()
        })
        .collect()
    }
}

/// A button as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What the bot gets when it is tapped; links have none.
    pub data: Option<String>,
    /// What it opens.
    pub url: Option<String>,
}

impl Button {
    fn of(key: &Value) -> Button {
        let field = |name: &str| key.get(name).and_then(Value::as_str).map(str::to_owned);
        Button {
            label: field("text")
                .or_else(|| key.as_str().map(str::to_owned))
                .unwrap_or_default(),
            data: field("callback_data"),
            url: field("url"),
        }
    }
}

/// What a person is about to say. Begin with a kind, add what belongs to it, hand it to [`crate::World::say`].
#[derive(Debug, Clone)]
pub struct Say {
    pub(crate) what: Saying,
    pub(crate) caption: Formatted,
    pub(crate) reply_to: Option<MessageId>,
    pub(crate) topic: Option<TopicId>,
    pub(crate) automatic: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Saying {
    Text,
    File {
        kind: MediaKind,
        name: Option<String>,
        mime_type: Option<String>,
        bytes: Arc<[u8]>,
        duration: i64,
    },
    Other(Content),
}

impl Say {
    /// Words. Commands, links, mentions and hashtags in it are marked as the server marks them.
    pub fn text(text: impl Into<String>) -> Say {
        Say::new(Saying::Text).caption(text)
    }

    /// A picture.
    pub fn photo(bytes: impl Into<Arc<[u8]>>) -> Say {
        Say::file(MediaKind::Photo, None, Some("image/jpeg"), bytes, 0)
    }

    /// A file.
    pub fn document(name: &str, mime_type: &str, bytes: impl Into<Arc<[u8]>>) -> Say {
        Say::file(MediaKind::Document, Some(name), Some(mime_type), bytes, 0)
    }

    /// A recorded voice of so many seconds.
    pub fn voice(bytes: impl Into<Arc<[u8]>>, seconds: i64) -> Say {
        Say::file(MediaKind::Voice, None, Some("audio/ogg"), bytes, seconds)
    }

    /// A film of so many seconds.
    pub fn video(bytes: impl Into<Arc<[u8]>>, seconds: i64) -> Say {
        Say::file(MediaKind::Video, None, Some("video/mp4"), bytes, seconds)
    }

    /// Where the person is.
    pub fn location(latitude: f64, longitude: f64) -> Say {
        Say::new(Saying::Other(Content::Location {
            latitude,
            longitude,
        }))
    }

    /// A card.
    pub fn contact(phone: &str, first_name: &str) -> Say {
        Say::new(Saying::Other(Content::Contact {
            phone: phone.to_owned(),
            first_name: first_name.to_owned(),
            last_name: None,
        }))
    }

    /// The kinds that nobody here made a method for: fields of the message as they are on the wire
    /// (`sticker`, `poll`, `venue`, `dice`, …).
    pub fn raw(fields: Map<String, Value>) -> Say {
        Say::new(Saying::Other(Content::Service(fields)))
    }

    /// Words below a file (or the words themselves).
    #[must_use]
    pub fn caption(mut self, text: impl Into<String>) -> Say {
        self.caption.text = text.into();
        self
    }

    /// Marks that the person's own program made: bold, a link behind a word.
    #[must_use]
    pub fn marked(mut self, kind: &str, offset: usize, length: usize) -> Say {
        let mark = json!({"type": kind, "offset": offset, "length": length});
        self.caption.entities.push(mark);
        self
    }

    /// As an answer to that message.
    #[must_use]
    pub fn reply_to(mut self, message: MessageId) -> Say {
        self.reply_to = Some(message);
        self
    }

    /// In that forum topic.
    #[must_use]
    pub fn in_topic(mut self, topic: TopicId) -> Say {
        self.topic = Some(topic);
        self
    }

    /// As Telegram's own greeting or away message in a business account's name.
    #[must_use]
    pub fn automatic(mut self) -> Say {
        self.automatic = true;
        self
    }

    fn new(what: Saying) -> Say {
        Say {
            what,
            caption: Formatted::default(),
            reply_to: None,
            topic: None,
            automatic: false,
        }
    }

    fn file(
        kind: MediaKind,
        name: Option<&str>,
        mime_type: Option<&str>,
        bytes: impl Into<Arc<[u8]>>,
        duration: i64,
    ) -> Say {
        Say::new(Saying::File {
            kind,
            name: name.map(str::to_owned),
            mime_type: mime_type.map(str::to_owned),
            bytes: bytes.into(),
            duration,
        })
    }
}
