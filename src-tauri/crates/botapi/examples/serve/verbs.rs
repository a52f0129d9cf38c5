//! What a script may ask of the world.
//!
//! Where something is said: `group`; or `connection` (its number) with `customer`; or else the chat of `bot`
//! with `user`. Who says it is `user`, in a business chat the customer unless `user` is told. What is said:
//! `text`, with `file` (`kind`, `name`, `mime`, and its `text` or its `size`), `location`, `contact`,
//! `reply_to`, `topic`.

use botapi::{
    BotId, BotSetup, BusinessRights, ConnectionId, Fault, GroupSetup, MessageId, Place, Rank,
    Refusal, Say, TopicId, Trouble, UserId, UserSetup, World,
};
use serde_json::{Value, json};

/// Does what the verb says. The words of the error are for whoever writes the script.
pub fn act(world: &World, verb: &str, given: &Value) -> Result<Value, String> {
    let asked = Asked { world, given };
    let (bot, user, place) = (|| asked.bot(), || asked.user(), || asked.place());
    match verb {
        "bot" => {
            let mut setup =
                BotSetup::new(asked.text("name")?, asked.text("username")?).for_business();
            if asked.is("reads_all") {
                setup = setup.without_privacy();
            }
            if asked.is("private_topics") {
                setup = setup.with_private_topics();
            }
            let bot = world.add_bot(setup);
            Ok(json!({ "id": bot.id.0, "token": bot.token }))
        }
        "user" => {
            let user = world.add_user(UserSetup::new(asked.text("name")?).language("en"));
            Ok(json!({ "id": user.0 }))
        }
        "group" => asked.group(),
        "rank" => {
            let by = UserId(asked.number("by")?);
            match given["bot"].is_i64() {
                true => world.set_bot_rank(place()?, bot()?, asked.rank()?, by),
                false => world.set_rank(place()?, user()?, asked.rank()?, by),
            }
            Ok(json!({}))
        }
        "migrate" => Ok(json!({ "id": world.migrate(place()?, false).chat_id() })),
        "topic" => {
            let topic = world.user_opens_topic(place()?, user()?, asked.text("name")?);
            Ok(json!({ "topic": topic.0 }))
        }
        "delete_topic" => {
            let topic = TopicId(asked.number("topic")?);
            Ok(json!({ "deleted": world.user_deletes_topic(place()?, topic) }))
        }
        "start" => sent(world.user_starts(bot()?, user()?, given["payload"].as_str())),
        "say" => sent(world.say(place()?, user()?, asked.saying(given)?)),
        "album" => asked.album(),
        "edit" => done(world.user_edits(place()?, user()?, asked.message()?, asked.text("text")?)),
        "delete" => done(world.user_deletes(place()?, asked.message()?)),
        "react" => {
            done(world.user_reacts(place()?, user()?, asked.message()?, given["emoji"].as_str()))
        }
        "tap" => {
            let tapped = world.user_taps(place()?, user()?, asked.message()?, asked.text("label")?);
            tapped.map(Value::String).map_err(words)
        }
        "tapped" => {
            let tap = world.tapped(asked.text("callback")?);
            Ok(json!({ "answer": tap.and_then(|tap| tap.answer) }))
        }
        "stop_draft" => Ok(json!({ "stopped": world.user_stops_draft(bot()?, user()?) })),
        "block" => {
            world.user_blocks(bot()?, user()?);
            Ok(json!({}))
        }
        "unblock" => {
            world.user_unblocks(bot()?, user()?);
            Ok(json!({}))
        }
        "business" => {
            let connection = world.connect_business(bot()?, user()?, asked.rights());
            Ok(json!({ "connection": connection.0, "id": connection.to_string() }))
        }
        "change_business" => {
            world.change_business(asked.connection()?, asked.rights());
            Ok(json!({}))
        }
        "enable_business" => {
            world.enable_business(asked.connection()?, asked.is("enabled"));
            Ok(json!({}))
        }
        "fault" => {
            world.order(asked.fault()?);
            Ok(json!({}))
        }
        "clear_faults" => {
            world.clear_orders();
            Ok(json!({}))
        }
        "revoke" => Ok(json!({ "token": world.revoke_token(bot()?) })),
        "jump" => Ok(json!({ "next": world.jump_update_id(bot()?, asked.number("by")?) })),
        "raw" => {
            let pushed = world.push_raw(bot()?, asked.text("kind")?, given["body"].clone());
            Ok(json!({ "update": pushed }))
        }
        // Nothing here has an HTTP client: the script carries the update to the webhook itself.
        "webhook" => Ok(match world.webhook_call(bot()?) {
            Some(call) => json!({
                "url": call.url,
                "secret": call.secret_token,
                "update": call.update_id,
                "body": call.body,
            }),
            None => Value::Null,
        }),
        "webhook_answered" => {
            let status = u16::try_from(asked.number("status")?).map_err(|e| e.to_string())?;
            world.webhook_answered(bot()?, asked.number("update")?, status);
            Ok(json!({}))
        }
        "messages" => Ok(asked.messages(place()?)),
        "draft" => Ok(match world.draft(place()?) {
            Some(draft) => json!({ "id": draft.id, "text": draft.content.text }),
            None => Value::Null,
        }),
        "action" => Ok(json!(world.action(place()?))),
        "read" => {
            let customer = UserId(asked.number("customer")?);
            let read = world.business_read(asked.connection()?, customer);
            Ok(json!(read.map(|message| message.0)))
        }
        "polls" => Ok(json!(world.polls(bot()?))),
        "pending" => Ok(json!(world.pending(bot()?))),
        "calls" => {
            let calls = world.calls();
            let calls = calls.iter().map(|call| json!([call.method, call.status]));
            Ok(Value::Array(calls.collect()))
        }
        "violations" => Ok(json!(world.violations())),
        "too_early" => Ok(json!(world.too_early_count())),
        _ => Err("no such verb".to_owned()),
    }
}

/// A request of a script, being read.
struct Asked<'a> {
    world: &'a World,
    given: &'a Value,
}

impl Asked<'_> {
    fn number(&self, name: &str) -> Result<i64, String> {
        number(self.given, name)
    }

    fn text(&self, name: &str) -> Result<&str, String> {
        text(self.given, name)
    }

    fn is(&self, name: &str) -> bool {
        self.given[name] == true
    }

    fn bot(&self) -> Result<BotId, String> {
        self.number("bot").map(BotId)
    }

    fn user(&self) -> Result<UserId, String> {
        match self.given["user"].is_i64() {
            true => self.number("user").map(UserId),
            false => self.number("customer").map(UserId),
        }
    }

    fn message(&self) -> Result<MessageId, String> {
        self.number("message").map(MessageId)
    }

    fn connection(&self) -> Result<ConnectionId, String> {
        let number = u32::try_from(self.number("connection")?);
        number.map(ConnectionId).map_err(|error| error.to_string())
    }

    fn place(&self) -> Result<Place, String> {
        if self.given["connection"].is_i64() {
            let customer = UserId(self.number("customer")?);
            return Ok(self.world.business_chat(self.connection()?, customer));
        }
        match self.given["group"].as_i64() {
            Some(group) => Ok(Place::Group(group)),
            None => Ok(self.world.private(self.bot()?, self.user()?)),
        }
    }

    fn rights(&self) -> BusinessRights {
        let right = |name: &str| self.given[name] != false;
        BusinessRights {
            can_reply: right("can_reply"),
            can_read_messages: right("can_read_messages"),
            can_delete_sent_messages: right("can_delete_sent_messages"),
        }
    }

    fn rank(&self) -> Result<Rank, String> {
        match self.text("rank")? {
            "administrator" => Ok(Rank::Administrator { topics: true }),
            "member" => Ok(Rank::Member),
            "left" => Ok(Rank::Left),
            "kicked" => Ok(Rank::Kicked),
            other => Err(format!("nobody is {other}")),
        }
    }

    /// A group with the bot in it: as an administrator, or as a plain member.
    fn group(&self) -> Result<Value, String> {
        let mut setup = GroupSetup::new(self.text("title")?);
        if self.is("supergroup") {
            setup = setup.supergroup();
        }
        if self.is("forum") {
            setup = setup.forum();
        }
        let group = self.world.add_group(self.user()?, setup);
        let rank = match self.is("plain") {
            true => Rank::Member,
            false => Rank::Administrator { topics: true },
        };
        self.world
            .set_bot_rank(group, self.bot()?, rank, self.user()?);
        Ok(json!({ "id": group.chat_id() }))
    }

    fn album(&self) -> Result<Value, String> {
        let files = self.given["files"].as_array().ok_or("files is a list")?;
        let files: Result<Vec<Say>, String> = files.iter().map(|file| self.saying(file)).collect();
        let ids = self.world.say_album(self.place()?, self.user()?, files?);
        let ids = ids.map_err(words)?;
        Ok(json!(ids.iter().map(|id| id.0).collect::<Vec<i64>>()))
    }

    fn saying(&self, given: &Value) -> Result<Say, String> {
        let words = given["text"].as_str().unwrap_or_default();
        let mut say = if given["file"].is_object() {
            file(&given["file"])?.caption(words)
        } else if let Some(at) = given["location"].as_array() {
            let degrees = |at: Option<&Value>| at.and_then(Value::as_f64).unwrap_or_default();
            Say::location(degrees(at.first()), degrees(at.get(1)))
        } else if given["contact"].is_string() {
            Say::contact(text(given, "contact")?, "Card")
        } else {
            Say::text(words)
        };
        if let Some(message) = given["reply_to"].as_i64() {
            say = say.reply_to(MessageId(message));
        }
        if let Some(topic) = given["topic"].as_i64() {
            say = say.in_topic(TopicId(topic));
        }
        match given["automatic"] == true {
            true => Ok(say.automatic()),
            false => Ok(say),
        }
    }

    fn fault(&self) -> Result<Fault, String> {
        let small = |name: &str| u32::try_from(self.number(name)?).map_err(|e| e.to_string());
        let code = || u16::try_from(self.number("code")?).map_err(|e| e.to_string());
        let trouble = match self.text("trouble")? {
            "too_many" => Trouble::TooMany {
                retry_after: small("retry_after")?,
            },
            "gateway" => Trouble::Gateway(code()?),
            "refused" => Trouble::Refused {
                code: code()?,
                description: self.text("description")?.to_owned(),
            },
            "drop_before" => Trouble::DropBefore,
            "drop_after" => Trouble::DropAfter,
            "slow" => Trouble::Slow {
                ms: u64::from(small("ms")?),
            },
            "malformed" => Trouble::Malformed,
            other => return Err(format!("no trouble is called {other}")),
        };
        let mut fault = Fault::new(trouble).on(self.text("method")?);
        if let Some(times) = self.given["times"].as_u64() {
            fault = fault.times(times);
        }
        match self.given["chat"].as_i64() {
            Some(chat) => Ok(fault.in_chat(chat)),
            None => Ok(fault),
        }
    }

    fn messages(&self, place: Place) -> Value {
        let messages = self.world.messages(place);
        let messages = messages.iter().map(|message| {
            json!({
                "message": message.id.0,
                "by_bot": message.by_bot(),
                "text": message.text(),
                "entities": message.entities(),
                "topic": message.topic.map(|topic| topic.0),
                "reply_to": message.reply_to.map(|to| to.0),
                "file": message.media().map(|media| json!({
                    "kind": media.kind.field(), "name": media.file_name, "size": media.size,
                })),
                "reactions": message.reactions.values().collect::<Vec<_>>(),
            })
        });
        Value::Array(messages.collect())
    }
}

fn file(given: &Value) -> Result<Say, String> {
    let bytes = match given["size"].as_u64() {
        Some(size) => vec![0; usize::try_from(size).map_err(|error| error.to_string())?],
        None => text(given, "text")?.as_bytes().to_vec(),
    };
    let seconds = given["seconds"].as_i64().unwrap_or(1);
    match text(given, "kind")? {
        "photo" => Ok(Say::photo(bytes)),
        "voice" => Ok(Say::voice(bytes, seconds)),
        "video" => Ok(Say::video(bytes, seconds)),
        "document" => Ok(Say::document(
            text(given, "name")?,
            given["mime"].as_str().unwrap_or("text/plain"),
            bytes,
        )),
        other => Err(format!("nobody sends a {other}")),
    }
}

fn number(given: &Value, name: &str) -> Result<i64, String> {
    let number = given[name].as_i64();
    number.ok_or_else(|| format!("{name} is to be a number"))
}

fn text<'a>(given: &'a Value, name: &str) -> Result<&'a str, String> {
    let text = given[name].as_str();
    text.ok_or_else(|| format!("{name} is to be a text"))
}

fn sent(sent: Result<MessageId, Refusal>) -> Result<Value, String> {
    sent.map(|id| json!({ "message": id.0 })).map_err(words)
}

fn done(done: Result<(), Refusal>) -> Result<Value, String> {
    done.map(|()| json!({})).map_err(words)
}

fn words(refusal: Refusal) -> String {
    refusal.to_string()
}
