//! A small Bot API server of the tests' own: enough to see the runner work end to end.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BotId(pub i64);
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub i64);
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(pub i64);
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicId(pub i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    Private { bot: BotId, user: UserId },
    Group(i64),
}

impl Place {
    pub fn chat_id(self) -> i64 {
        match self {
            Place::Private { user, .. } => user.0,
            Place::Group(id) => id,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Bot {
    pub id: BotId,
    pub token: String,
}

pub struct BotSetup {
    username: String,
    reads_all: bool,
}

impl BotSetup {
    pub fn new(_: &str, username: &str) -> BotSetup {
        BotSetup {
            username: username.to_owned(),
            reads_all: false,
        }
    }
    pub fn for_business(self) -> BotSetup {
        self
    }
    pub fn without_privacy(mut self) -> BotSetup {
        self.reads_all = true;
        self
    }
}

pub struct UserSetup(String);

impl UserSetup {
    pub fn new(name: &str) -> UserSetup {
        UserSetup(name.to_owned())
    }
    pub fn language(self, _: &str) -> UserSetup {
        self
    }
}

pub struct GroupSetup {
    forum: bool,
}

impl GroupSetup {
    pub fn new(_: &str) -> GroupSetup {
        GroupSetup { forum: false }
    }
    pub fn supergroup(self) -> GroupSetup {
        self
    }
    pub fn forum(self) -> GroupSetup {
        GroupSetup { forum: true }
    }
}

pub enum Rank {
    Administrator { topics: bool },
    Member,
}

#[derive(Clone)]
pub struct Say {
    text: String,
    photo: bool,
    topic: Option<i64>,
}

impl Say {
    pub fn text(text: impl Into<String>) -> Say {
        Say {
            text: text.into(),
            photo: false,
            topic: None,
        }
    }
    pub fn photo(_: Vec<u8>) -> Say {
        Say {
            photo: true,
            ..Say::text("")
        }
    }
    pub fn caption(mut self, text: &str) -> Say {
        self.text = text.to_owned();
        self
    }
    pub fn in_topic(mut self, topic: TopicId) -> Say {
        self.topic = Some(topic.0);
        self
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    TooMany { retry_after: u32 },
    Gateway(u16),
    Refused { code: u16, description: String },
    DropBefore,
    DropAfter,
}

#[derive(Debug, Clone)]
pub struct Fault {
    trouble: Trouble,
    method: Option<String>,
    chat: Option<i64>,
    left: Option<u64>,
    share: f64,
}

impl Fault {
    pub fn new(trouble: Trouble) -> Fault {
        Fault {
            trouble,
            method: None,
            chat: None,
            left: Some(1),
            share: 1.0,
        }
    }
    pub fn on(mut self, method: &str) -> Fault {
        self.method = Some(method.to_owned());
        self
    }
    pub fn in_chat(mut self, chat: i64) -> Fault {
        self.chat = Some(chat);
        self
    }
    pub fn times(mut self, times: u64) -> Fault {
        self.left = Some(times);
        self
    }
    pub fn always(mut self) -> Fault {
        self.left = None;
        self
    }
    pub fn with_probability(mut self, share: f64) -> Fault {
        self.share = share;
        self.left = None;
        self
    }
}

#[derive(Debug, Clone)]
pub struct Call {
    pub bot: Option<BotId>,
    pub method: String,
    pub parameters: Map<String, Value>,
    pub status: u16,
    pub answer: Value,
}

#[derive(Debug, Clone)]
pub struct Message {
    pub id: MessageId,
    by_bot: bool,
    text: String,
    keyboard: Value,
}

#[derive(Debug, Clone)]
pub struct Button {
    pub label: String,
    data: String,
}

impl Message {
    pub fn by_bot(&self) -> bool {
        self.by_bot
    }
    pub fn text(&self) -> &str {
        &self.text
    }
    pub fn buttons(&self) -> Vec<Vec<Button>> {
        let rows = self.keyboard["inline_keyboard"].as_array();
        let button = |button: &Value| Button {
            label: button["text"].as_str().unwrap().to_owned(),
            data: button["callback_data"].as_str().unwrap().to_owned(),
        };
        let row = |row: &Value| row.as_array().unwrap().iter().map(button).collect();
        rows.into_iter().flatten().map(row).collect()
    }
}

#[derive(Debug, Clone)]
pub struct Topic {
    pub name: String,
}

#[derive(Debug, Clone)]
pub struct Tap {
    pub answered: bool,
}

struct Account {
    id: BotId,
    username: String,
    reads_all: bool,
    queue: VecDeque<(i64, Value)>,
    next: i64,
    polls: u64,
    waiting: Option<u64>,
    allowed: Option<Vec<String>>,
    webhook: String,
    blocked: Vec<i64>,
}

#[derive(Default)]
struct State {
    now: i64,
    number: i64,
    accounts: HashMap<String, Account>,
    users: HashMap<i64, String>,
    groups: HashMap<i64, (Vec<i64>, BTreeMap<TopicId, Topic>)>,
    messages: HashMap<(i64, i64), Vec<Message>>,
    calls: Vec<Call>,
    faults: Vec<Fault>,
    silent: HashMap<i64, i64>,
    too_early: u64,
    taps: HashMap<String, bool>,
    chance: u64,
}

#[derive(Clone)]
pub struct World {
    state: Arc<Mutex<State>>,
    changed: watch::Sender<u64>,
}

enum Answer {
    Reply(u16, Value),
    Wait,
    Drop,
}

impl World {
    pub fn new() -> World {
        let state = State {
            now: 1_781_524_800_000,
            ..State::default()
        };
        World {
            state: Arc::new(Mutex::new(state)),
            changed: watch::Sender::new(0),
        }
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap())
    }

    fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    pub fn add_bot(&self, setup: BotSetup) -> Bot {
        self.with(|state| {
            let id = BotId(7_000_000_001 + state.accounts.len() as i64);
            let token = format!("{}:AAsecretsecretsecret{}", id.0, state.accounts.len());
            state.accounts.insert(
                token.clone(),
                Account {
                    id,
                    username: setup.username,
                    reads_all: setup.reads_all,
                    queue: VecDeque::new(),
                    next: 500_000_000,
                    polls: 0,
                    waiting: None,
                    allowed: None,
                    webhook: String::new(),
                    blocked: Vec::new(),
                },
            );
            Bot { id, token }
        })
    }

    pub fn revoke_token(&self, bot: BotId) -> Option<String> {
        let new = self.with(|state| {
            let old = state.accounts.iter().find(|(_, a)| a.id == bot)?.0.clone();
            let account = state.accounts.remove(&old)?;
            let new = format!("{old}new");
            state.accounts.insert(new.clone(), account);
            Some(new)
        });
        self.tell();
        new
    }

    pub fn add_user(&self, setup: UserSetup) -> UserId {
        self.with(|state| {
            let id = 5_000_000_001 + state.users.len() as i64;
            state.users.insert(id, setup.0);
            UserId(id)
        })
    }

    pub fn private(&self, bot: BotId, user: UserId) -> Place {
        Place::Private { bot, user }
    }

    pub fn add_group(&self, creator: UserId, setup: GroupSetup) -> Place {
        self.with(|state| {
            let id = -1_001_000_000_001 - state.groups.len() as i64;
            state.groups.insert(id, (vec![creator.0], BTreeMap::new()));
            let _ = setup.forum;
            Place::Group(id)
        })
    }

    pub fn set_bot_rank(&self, _: Place, _: BotId, _: Rank, _: UserId) {}
    pub fn join(&self, _: Place, _: UserId) {}

    pub fn now_ms(&self) -> i64 {
        self.with(|state| state.now)
    }
    pub fn advance(&self, ms: u64) {
        self.with(|state| state.now += ms as i64);
        self.tell();
    }
    pub fn order(&self, fault: Fault) {
        self.with(|state| state.faults.push(fault));
    }
    pub fn clear_orders(&self) {
        self.with(|state| state.faults.clear());
    }
    pub fn calls(&self) -> Vec<Call> {
        self.with(|state| state.calls.clone())
    }
    pub fn call_count(&self) -> u64 {
        self.with(|state| state.calls.len() as u64)
    }
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        let calls = self.calls();
        calls.into_iter().filter(|c| c.method == method).collect()
    }
    pub fn too_early_count(&self) -> u64 {
        self.with(|state| state.too_early)
    }
    pub fn violations(&self) -> Vec<String> {
        Vec::new()
    }
    pub fn polls(&self, bot: BotId) -> bool {
        self.with(|state| {
            let account = state.accounts.values().find(|a| a.id == bot);
            account.is_some_and(|a| a.waiting.is_some())
        })
    }
    pub fn pending(&self, bot: BotId) -> usize {
        self.with(|state| {
            let account = state.accounts.values().find(|a| a.id == bot);
            account.map_or(0, |a| a.queue.len())
        })
    }
    pub fn allowed_updates(&self, bot: BotId) -> Option<Vec<String>> {
        self.with(|state| {
            state
                .accounts
                .values()
                .find(|a| a.id == bot)?
                .allowed
                .clone()
        })
    }
    pub fn jump_update_id(&self, bot: BotId, by: i64) {
        self.with(|state| {
            for account in state.accounts.values_mut().filter(|a| a.id == bot) {
                account.next += by;
            }
        });
    }

    pub fn user_says(&self, place: Place, user: UserId, text: &str) -> Result<MessageId, String> {
        self.say(place, user, Say::text(text))
    }
    pub fn user_starts(
        &self,
        bot: BotId,
        user: UserId,
        _: Option<&str>,
    ) -> Result<MessageId, String> {
        self.user_says(Place::Private { bot, user }, user, "/start")
    }
    pub fn say(&self, place: Place, user: UserId, say: Say) -> Result<MessageId, String> {
        let id = self.with(|state| state.says(place, user, &say, None));
        self.tell();
        Ok(id)
    }
    pub fn say_album(&self, place: Place, user: UserId, says: Vec<Say>) -> Result<(), String> {
        self.with(|state| {
            for say in &says {
                state.says(place, user, say, Some("77"));
            }
        });
        self.tell();
        Ok(())
    }
    pub fn push_raw(&self, bot: BotId, kind: &str, body: Value) {
        self.with(|state| state.push(bot, kind, body));
        self.tell();
    }
    pub fn user_blocks(&self, bot: BotId, user: UserId) {
        self.block(bot, user, true);
    }
    pub fn user_unblocks(&self, bot: BotId, user: UserId) {
        self.block(bot, user, false);
    }
    fn block(&self, bot: BotId, user: UserId, blocked: bool) {
        self.with(|state| {
            for account in state.accounts.values_mut().filter(|a| a.id == bot) {
                account.blocked.retain(|id| *id != user.0);
                if blocked {
                    account.blocked.push(user.0);
                }
            }
            let (old, new) = if blocked {
                ("member", "kicked")
            } else {
                ("kicked", "member")
            };
            let me = json!({"id": bot.0, "is_bot": true, "first_name": "Shop"});
            let from = state.user(user.0);
            let body = json!({"chat": state.chat(Place::Private { bot, user }), "from": from,
                "date": state.now / 1000, "old_chat_member": {"status": old, "user": me},
                "new_chat_member": {"status": new, "user": me, "until_date": 0}});
            state.push(bot, "my_chat_member", body);
        });
        self.tell();
    }
    pub fn user_taps(
        &self,
        place: Place,
        user: UserId,
        message: MessageId,
        label: &str,
    ) -> Result<String, String> {
        let found = self.message(place, message).ok_or("no message")?;
        let buttons = found.buttons();
        let button = buttons
            .iter()
            .flatten()
            .find(|b| b.label == label)
            .ok_or("no button")?;
        self.user_taps_data(place, user, message, &button.data)
    }
    pub fn user_taps_data(
        &self,
        place: Place,
        user: UserId,
        message: MessageId,
        data: &str,
    ) -> Result<String, String> {
        let id = self.with(|state| {
            let id = format!("tap{}", state.taps.len());
            state.taps.insert(id.clone(), false);
            let Place::Private { bot, .. } = place else {
                panic!("taps are in private chats here");
            };
            let body = json!({"id": id, "from": state.user(user.0), "chat_instance": "1", "data": data,
                "message": {"message_id": message.0, "date": 1, "chat": state.chat(place), "text": "x"}});
            state.push(bot, "callback_query", body);
            id
        });
        self.tell();
        Ok(id)
    }
    pub fn tapped(&self, id: &str) -> Option<Tap> {
        self.with(|state| {
            state.taps.get(id).map(|answered| Tap {
                answered: *answered,
            })
        })
    }
    pub fn user_deletes_topic(&self, place: Place, topic: TopicId) -> bool {
        self.with(|state| {
            let group = state.groups.get_mut(&place.chat_id()).unwrap();
            group.1.remove(&topic).is_some()
        })
    }
    pub fn topics(&self, place: Place) -> Vec<(TopicId, Topic)> {
        self.with(|state| {
            let group = &state.groups[&place.chat_id()];
            group
                .1
                .iter()
                .map(|(id, topic)| (*id, topic.clone()))
                .collect()
        })
    }
    pub fn messages(&self, place: Place) -> Vec<Message> {
        self.with(|state| state.messages.get(&key(place)).cloned().unwrap_or_default())
    }
    pub fn message(&self, place: Place, id: MessageId) -> Option<Message> {
        self.messages(place).into_iter().find(|m| m.id == id)
    }
    pub fn last_message(&self, place: Place) -> Option<Message> {
        self.messages(place).pop()
    }
    pub fn said_by_bots(&self, place: Place) -> Vec<String> {
        let messages = self.messages(place);
        messages
            .into_iter()
            .filter(|m| m.by_bot)
            .map(|m| m.text)
            .collect()
    }

    pub fn call(&self, token: &str, method: &str, parameters: &Map<String, Value>) {
        self.with(|state| state.answer(token, method, parameters, None));
        self.tell();
    }

    async fn answer(&self, token: &str, method: &str, parameters: &Map<String, Value>) -> Answer {
        let mut changed = self.changed.subscribe();
        let began = self.now_ms();
        let mut ticket = None;
        loop {
            changed.borrow_and_update();
            let answer = self
                .with(|state| state.answer(token, method, parameters, Some((&mut ticket, began))));
            match answer {
                Answer::Wait => changed.changed().await.unwrap(),
                other => {
                    if method != "getUpdates" {
                        self.tell();
                    }
                    return other;
                }
            }
        }
    }
}

fn key(place: Place) -> (i64, i64) {
    match place {
        Place::Private { bot, user } => (bot.0, user.0),
        Place::Group(id) => (0, id),
    }
}

impl State {
    fn user(&self, id: i64) -> Value {
        json!({"id": id, "is_bot": false, "first_name": self.users[&id], "language_code": "en"})
    }
    fn chat(&self, place: Place) -> Value {
        match place {
            Place::Private { user, .. } => {
                json!({"id": user.0, "type": "private", "first_name": self.users[&user.0]})
            }
            Place::Group(id) => {
                json!({"id": id, "type": "supergroup", "title": "Staff", "is_forum": true})
            }
        }
    }
    fn push(&mut self, bot: BotId, kind: &str, body: Value) {
        for account in self.accounts.values_mut().filter(|a| a.id == bot) {
            account
                .queue
                .push_back((account.next, json!({"update_id": account.next, kind: body})));
            account.next += 1;
        }
    }
    fn says(&mut self, place: Place, user: UserId, say: &Say, album: Option<&str>) -> MessageId {
        self.number += 1;
        let id = MessageId(self.number);
        let mut body = json!({"message_id": id.0, "date": self.now / 1000, "chat": self.chat(place), "from": self.user(user.0)});
        if say.photo {
            body["photo"] = json!([{"file_id": format!("f{}", id.0), "file_unique_id": "u", "width": 1, "height": 1}]);
            body["caption"] = json!(say.text);
        } else {
            body["text"] = json!(say.text);
            if say.text.starts_with('/') {
                let length = say.text.split(' ').next().unwrap().len();
                body["entities"] = json!([{"type": "bot_command", "offset": 0, "length": length}]);
            } else if say.text.starts_with('@') {
                let length = say.text.split(' ').next().unwrap().len();
                body["entities"] = json!([{"type": "mention", "offset": 0, "length": length}]);
            }
        }
        if let Some(album) = album {
            body["media_group_id"] = json!(album);
        }
        if let Some(topic) = say.topic {
            body["message_thread_id"] = json!(topic);
            body["is_topic_message"] = json!(true);
        }
        let message = Message {
            id,
            by_bot: false,
            text: say.text.clone(),
            keyboard: Value::Null,
        };
        self.messages.entry(key(place)).or_default().push(message);
        let bots: Vec<BotId> = match place {
            Place::Private { bot, .. } => vec![bot],
            Place::Group(_) => self.accounts.values().map(|a| a.id).collect(),
        };
        for bot in bots {
            self.push(bot, "message", body.clone());
        }
        id
    }

    fn answer(
        &mut self,
        token: &str,
        method: &str,
        parameters: &Map<String, Value>,
        poll: Option<(&mut Option<u64>, i64)>,
    ) -> Answer {
        let chat = parameters.get("chat_id").and_then(Value::as_i64);
        let is_new = poll.as_ref().is_none_or(|(ticket, _)| ticket.is_none());
        let bot = self.accounts.get(token).map(|a| a.id);
        let mut struck = None;
        if is_new {
            self.calls.push(Call {
                bot,
                method: method.to_owned(),
                parameters: parameters.clone(),
                status: 0,
                answer: Value::Null,
            });
            for fault in &mut self.faults {
                let fits = fault.method.as_deref().is_none_or(|m| m == method)
                    && fault.chat.is_none_or(|c| Some(c) == chat)
                    && fault.left != Some(0);
                self.chance = self
                    .chance
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let share = (self.chance >> 11) as f64 / (1_u64 << 53) as f64;
                if fits && share < fault.share {
                    fault.left = fault.left.map(|left| left - 1);
                    struck = Some(fault.trouble.clone());
                    break;
                }
            }
        }
        let refuse = |code: u16, description: &str| {
            Answer::Reply(
                code,
                json!({"ok": false, "error_code": code, "description": description}),
            )
        };
        let answer = match struck {
            Some(Trouble::TooMany { retry_after }) => {
                if let Some(chat) = chat {
                    self.silent
                        .insert(chat, self.now + i64::from(retry_after) * 1000);
                }
                Answer::Reply(
                    429,
                    json!({"ok": false, "error_code": 429, "description": format!("Too Many Requests: retry after {retry_after}"),
                    "parameters": {"retry_after": retry_after}}),
                )
            }
            Some(Trouble::Gateway(code)) => Answer::Reply(code, Value::Null),
            Some(Trouble::Refused { code, description }) => refuse(code, &description),
            Some(Trouble::DropBefore) => Answer::Drop,
            Some(Trouble::DropAfter) => {
                self.run(token, method, parameters, poll);
                Answer::Drop
            }
            None => {
                if let Some(until) = chat.and_then(|chat| self.silent.get(&chat))
                    && *until > self.now
                {
                    self.too_early += 1;
                }
                self.run(token, method, parameters, poll)
            }
        };
        if let (Answer::Reply(status, body), true) = (&answer, is_new)
            && let Some(call) = self.calls.last_mut()
        {
            call.status = *status;
            call.answer = body.clone();
        }
        answer
    }

    fn run(
        &mut self,
        token: &str,
        method: &str,
        p: &Map<String, Value>,
        poll: Option<(&mut Option<u64>, i64)>,
    ) -> Answer {
        let ok = |result: Value| Answer::Reply(200, json!({"ok": true, "result": result}));
        let refuse = |code: u16, description: &str| {
            Answer::Reply(
                code,
                json!({"ok": false, "error_code": code, "description": description}),
            )
        };
        let now = self.now;
        let number = |name: &str| p.get(name).and_then(Value::as_i64).unwrap_or_default();
        let Some(account) = self.accounts.get_mut(token) else {
            return refuse(401, "Unauthorized");
        };
        match method {
            "getMe" => ok(
                json!({"id": account.id.0, "is_bot": true, "first_name": "Shop", "username": account.username,
                "can_join_groups": true, "can_read_all_group_messages": account.reads_all}),
            ),
            "getWebhookInfo" => {
                ok(json!({"url": account.webhook, "pending_update_count": account.queue.len()}))
            }
            "setWebhook" => {
                account.webhook = p["url"].as_str().unwrap().to_owned();
                ok(json!(true))
            }
            "deleteWebhook" => {
                account.webhook.clear();
                ok(json!(true))
            }
            "getUpdates" => {
                if let Some(allowed) = p.get("allowed_updates").and_then(Value::as_array) {
                    account.allowed = Some(
                        allowed
                            .iter()
                            .map(|v| v.as_str().unwrap().to_owned())
                            .collect(),
                    );
                }
                if !account.webhook.is_empty() {
                    account.waiting = None;
                    return refuse(
                        409,
                        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                    );
                }
                let Some((ticket, began)) = poll else {
                    return ok(json!([]));
                };
                match ticket {
                    None => {
                        account.polls += 1;
                        *ticket = Some(account.polls);
                        account.waiting = *ticket;
                    }
                    Some(mine) if account.waiting != Some(*mine) => {
                        return refuse(
                            409,
                            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                        );
                    }
                    Some(_) => {}
                }
                let offset = number("offset");
                if account.queue.iter().any(|(id, _)| *id == offset - 1) {
                    while account
                        .queue
                        .front()
                        .is_some_and(|(id, _)| *id != offset - 1)
                    {
                        account.queue.pop_front();
                    }
                    account.queue.pop_front();
                }
                if account.queue.is_empty() && now - began < number("timeout") * 1000 {
                    return Answer::Wait;
                }
                account.waiting = None;
                let updates: Vec<Value> = account
                    .queue
                    .iter()
                    .take(100)
                    .map(|(_, u)| u.clone())
                    .collect();
                ok(json!(updates))
            }
            "answerCallbackQuery" => {
                let id = p["callback_query_id"].as_str().unwrap();
                self.taps.insert(id.to_owned(), true);
                ok(json!(true))
            }
            "getChatAdministrators" => {
                let group = &self.groups[&number("chat_id")];
                let admins: Vec<Value> = group
                    .0
                    .iter()
                    .map(|id| json!({"status": "creator", "user": {"id": id}}))
                    .collect();
                ok(json!(admins))
            }
            "createForumTopic" => {
                self.number += 1;
                let id = TopicId(self.number);
                let name = p["name"].as_str().unwrap().to_owned();
                self.groups
                    .get_mut(&number("chat_id"))
                    .unwrap()
                    .1
                    .insert(id, Topic { name });
                ok(json!({"message_thread_id": id.0, "name": p["name"], "icon_color": 1}))
            }
            "sendMessage" | "copyMessage" | "editMessageText" => {
                let chat = number("chat_id");
                if account.blocked.contains(&chat) {
                    return refuse(403, "Forbidden: bot was blocked by the user");
                }
                let thread = number("message_thread_id");
                if thread != 0
                    && !self
                        .groups
                        .get(&chat)
                        .is_some_and(|g| g.1.contains_key(&TopicId(thread)))
                {
                    return refuse(400, "Bad Request: message thread not found");
                }
                let bot = account.id;
                let place = if chat < 0 { (0, chat) } else { (bot.0, chat) };
                let text = match method {
                    "copyMessage" => {
                        let from = number("from_chat_id");
                        let from = if from < 0 { (0, from) } else { (bot.0, from) };
                        let id = number("message_id");
                        let known = self
                            .messages
                            .get(&from)
                            .and_then(|all| all.iter().find(|m| m.id.0 == id));
                        match known {
                            Some(message) => message.text.clone(),
                            None => return refuse(400, "Bad Request: message to copy not found"),
                        }
                    }
                    _ => p["text"].as_str().unwrap().to_owned(),
                };
                self.number += 1;
                let message = Message {
                    id: MessageId(self.number),
                    by_bot: true,
                    text,
                    keyboard: p.get("reply_markup").cloned().unwrap_or_default(),
                };
                self.messages.entry(place).or_default().push(message);
                ok(json!({"message_id": self.number}))
            }
            _ => ok(json!(true)),
        }
    }
}

pub async fn serve(world: World, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        let world = world.clone();
        tokio::spawn(async move { connection(world, stream).await });
    }
}

async fn connection(world: World, mut stream: TcpStream) -> Option<()> {
    let mut buffer = Vec::new();
    loop {
        let head = loop {
            if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut buffer).await.ok()? == 0 {
                return None;
            }
        };
        let text = String::from_utf8_lossy(&buffer[..head]).to_lowercase();
        let length = text.split("content-length: ").nth(1).map_or(0, |rest| {
            rest.lines().next().unwrap().trim().parse().unwrap()
        });
        while buffer.len() < head + length {
            if stream.read_buf(&mut buffer).await.ok()? == 0 {
                return None;
            }
        }
        let line = String::from_utf8_lossy(&buffer[..head]).into_owned();
        let path = line.split(' ').nth(1)?.to_owned();
        let body: Value = serde_json::from_slice(&buffer[head..head + length]).unwrap_or_default();
        buffer.drain(..head + length);
        let (token, method) = path.strip_prefix("/bot")?.split_once('/')?;
        let parameters = body.as_object().cloned().unwrap_or_default();
        match world.answer(token, method, &parameters).await {
            Answer::Drop | Answer::Wait => return None,
            Answer::Reply(status, body) => {
                let body = match body {
                    Value::Null => "<html>bad gateway</html>".to_owned(),
                    body => body.to_string(),
                };
                let reply = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(reply.as_bytes()).await.ok()?;
            }
        }
    }
}
