//! A bot as its runner drives it, without a messenger: letters come in, deliveries are taken.

use std::sync::atomic::{AtomicI64, Ordering};

use app::bots::deliver::Delivery;
use app::bots::held::Console;
use app::bots::press::{Pressed, Reaction};
use app::bots::staff::{Staff, StaffMessage};
use app::clock::Clock;
use domain::bot::{BotLease, BotSettings, RawUpdate};
use domain::conversation::{ChannelKind, Incoming, Letter};
use domain::delivery::{Address, ChatKind, Content, Place, Sender, Sent};
use domain::id::PressId;
use store::receive::Received;

use crate::TestApp;

/// The staff group of [`TestBot::with_staff`].
pub const STAFF: i64 = -1_000;

/// A bot that is leased, and the numbers its messenger gives.
pub struct TestBot<'a> {
    shop: &'a TestApp,
    /// The bot, leased.
    pub lease: BotLease,
    number: AtomicI64,
}

impl<'a> TestBot<'a> {
    /// A bot of the first assistant, with these settings.
    pub async fn new(shop: &'a TestApp, settings: BotSettings) -> TestBot<'a> {
        let assistants = shop.app.assistants(&shop.owner).await;
        let assistant = assistants.expect("assistants can be listed")[0].id;
        let added = shop
            .app
            .add_bot(&shop.owner, "7:token", assistant, settings);
        let bot = added.await.expect("a bot can be added");
        let lease = shop.app.lease_bot(bot.id, "test", 3_600).await;
        TestBot {
            shop,
            lease: lease.expect("a bot can be leased").expect("it is free"),
            number: AtomicI64::new(1),
        }
    }

    /// A bot with a staff group.
    pub async fn with_staff(shop: &'a TestApp) -> TestBot<'a> {
        let settings = BotSettings {
            staff_chat: STAFF,
            ..BotSettings::default()
        };
        TestBot::new(shop, settings).await
    }

    /// The next number.
    pub fn next(&self) -> i64 {
        self.number.fetch_add(1, Ordering::Relaxed)
    }

    /// An update that was taken and waits.
    pub async fn update(&self) -> i64 {
        let update_id = self.next();
        let update = RawUpdate {
            update_id,
            body: "{}".to_owned(),
        };
        let taken = self
            .shop
            .app
            .take_updates(&self.lease, vec![update], update_id + 1);
        taken.await.expect("updates can be taken");
        update_id
    }

    /// A letter of the person whose chat this is, written now.
    pub fn letter(&self, chat: i64) -> Letter {
        Letter {
            address: Address {
                bot_id: self.lease.bot.id,
                chat,
                thread: 0,
                business: String::new(),
                kind: ChatKind::Private,
            },
            sender: Sender {
                id: chat,
                name: format!("Customer {chat}"),
                username: String::new(),
                language: "en".to_owned(),
            },
            remote_id: self.next(),
            sent_at: self.shop.clock.now(),
            reply_to: None,
            quoted: String::new(),
            album: String::new(),
            attachments: Vec::new(),
        }
    }

    /// A customer writes; nothing is answered yet.
    pub async fn writes(&self, chat: i64, text: &str) -> Received {
        self.sends(text, self.letter(chat)).await
    }

    /// A customer's letter arrives; nothing is answered yet.
    pub async fn sends(&self, text: &str, letter: Letter) -> Received {
        let update_id = self.update().await;
        let incoming = Incoming {
            channel: ChannelKind::Telegram,
            assistant_id: self.lease.bot.assistant_id,
            peer: format!("{}:{}", letter.address.business, letter.address.chat),
            external_id: format!("{}:{}", letter.address.chat, letter.remote_id),
            text: text.to_owned(),
            letter: Some(letter),
        };
        let received = self
            .shop
            .app
            .receive_update(&self.lease, update_id, incoming);
        received.await.expect("a letter can be received")
    }

    /// A customer writes, and everything that comes of it is delivered.
    pub async fn ask(&self, chat: i64, text: &str) -> Vec<Delivery> {
        self.writes(chat, text).await;
        self.deliver().await
    }

    /// Runs jobs and takes every delivery that is due, in order.
    pub async fn deliver(&self) -> Vec<Delivery> {
        self.shop.settle().await;
        let app = &self.shop.app;
        let mut all = Vec::new();
        loop {
            let leased = app.lease_outgoing(ChannelKind::Telegram, None, 50).await;
            let leased = leased.expect("deliveries can be leased");
            if leased.is_empty() {
                return all;
            }
            for delivery in leased {
                let chat = self.chat_of(&delivery).await;
                let remote_id = self.next();
                app.outgoing_sent(&delivery.outgoing, Some(Sent { chat, remote_id }))
                    .await
                    .expect("a delivery can be ended");
                all.push(delivery);
            }
        }
    }

    async fn chat_of(&self, delivery: &Delivery) -> i64 {
        if delivery.outgoing.place == Place::Customer {
            return delivery.outgoing.address.chat;
        }
        match &delivery.console {
            Console::Nowhere => panic!("nothing goes to a console that is not there"),
            Console::Private(chats) => chats[0],
            Console::Group { chat, topic } => {
                if topic.is_none() {
                    let thread = self.thread(delivery.outgoing.address.chat);
                    let app = &self.shop.app;
                    app.set_console_topic(&delivery.outgoing, *chat, thread)
                        .await
                        .expect("a topic can be kept");
                }
                *chat
            }
        }
    }

    /// The topic that a customer's conversation gets.
    pub fn thread(&self, chat: i64) -> i64 {
        chat + 10_000
    }

    /// Somebody of the staff group writes into a customer's topic.
    pub async fn staff(&self, customer: i64, by: (i64, &str), text: &str) -> Staff {
        let message = StaffMessage {
            chat: STAFF,
            thread: self.thread(customer),
            remote_id: self.next(),
            reply_to: None,
            by: Sender {
                id: by.0,
                name: by.1.to_owned(),
                ..Sender::default()
            },
            is_admin: true,
            text: text.to_owned(),
            has_more: false,
        };
        let update_id = self.update().await;
        let done = self.shop.app.staff_update(&self.lease, update_id, message);
        done.await.expect("a staff message can be taken")
    }

    /// Somebody presses a button in a chat.
    pub async fn press(&self, chat: i64, by: i64, press: PressId) -> Reaction {
        let pressed = Pressed {
            press,
            by: Sender {
                id: by,
                name: format!("Person {by}"),
                ..Sender::default()
            },
            chat,
            remote_id: self.next(),
        };
        let update_id = self.update().await;
        let done = self.shop.app.press_update(&self.lease, update_id, pressed);
        done.await.expect("a button can be pressed")
    }
}

/// What a delivery says.
pub fn words(delivery: &Delivery) -> String {
    match (&delivery.outgoing.content, &delivery.message) {
        (Content::Message, Some(message)) => message.text.clone(),
        (
            Content::Notice { text, .. } | Content::Draft { text, .. } | Content::Edit { text, .. },
            _,
        ) => text.clone(),
        (Content::Copy { header, .. }, _) => format!("copy of {header}"),
        _ => String::new(),
    }
}

/// What customers were told, in order.
pub fn to_customer(deliveries: &[Delivery]) -> Vec<String> {
    at(deliveries, Place::Customer)
}

/// What operators were told, in order.
pub fn to_console(deliveries: &[Delivery]) -> Vec<String> {
    at(deliveries, Place::Console)
}

fn at(deliveries: &[Delivery], place: Place) -> Vec<String> {
    let there = deliveries
        .iter()
        .filter(|delivery| delivery.outgoing.place == place);
    there.map(words).collect()
}

/// The button with this label under any of the deliveries.
pub fn button(deliveries: &[Delivery], label: &str) -> PressId {
    let mut buttons = deliveries
        .iter()
        .flat_map(|delivery| delivery.buttons.iter().flatten());
    let found = buttons.find(|button| button.label == label);
    found
        .unwrap_or_else(|| panic!("there is a button {label}"))
        .id
}
