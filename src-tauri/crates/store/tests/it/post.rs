//! A shop with a bot: what the tests of messengers share.

use domain::bot::{Bot, BotAccount, BotLease, BotSettings, BotState, RawUpdate};
use domain::conversation::{ChannelKind, Incoming, Letter};
use domain::delivery::{Address, ChatKind, Content, Place, Sender};
use domain::id::{AssistantId, BotId, ConversationId, MessageId, OutboxId, WorkspaceId};
use domain::language::Language;
use domain::time::Timestamp;
use store::Store;
use store::outbox::NewOutgoing;
use store::receive::{Arrival, Received};
use store::remotes::Spot;

use crate::world::{Shop, World, at, receive_ids, uuid};

/// A bot whose account has this number at the messenger.
pub fn bot(workspace_id: WorkspaceId, assistant_id: AssistantId, account: i64) -> Bot {
    Bot {
        id: BotId(uuid()),
        workspace_id,
        assistant_id,
        account: BotAccount {
            id: account,
            name: "Tea".to_owned(),
            username: "tea_bot".to_owned(),
            ..BotAccount::default()
        },
        is_on: true,
        state: BotState::Off,
        settings: BotSettings::default(),
        version: 1,
        offset: 0,
        last_update_at: None,
        last_heard_at: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// A shop and its bot, which somebody runs.
pub async fn post() -> (World, Shop, BotLease) {
    let (world, shop) = World::owned().await;
    let lease = another_bot(&world.store, &shop, 1).await;
    (world, shop, lease)
}

pub async fn another_bot(store: &Store, shop: &Shop, account: i64) -> BotLease {
    let bot = bot(shop.w.id(), shop.assistant_id, account);
    let id = bot.id;
    shop.w
        .create_bot(bot, b"123:token", "123:", at(0))
        .await
        .unwrap();
    run(store, id, at(0)).await
}

pub async fn run(store: &Store, id: BotId, now: Timestamp) -> BotLease {
    store.lease_bot(id, "me", now, 60).await.unwrap().unwrap()
}

pub fn raw(update_id: i64) -> RawUpdate {
    RawUpdate {
        update_id,
        body: format!("{{\"update_id\":{update_id}}}"),
    }
}

pub fn address(bot_id: BotId, chat: i64) -> Address {
    Address {
        bot_id,
        chat,
        thread: 0,
        business: String::new(),
        kind: ChatKind::Private,
    }
}

pub fn letter(bot_id: BotId, chat: i64, remote_id: i64, now: Timestamp) -> Letter {
    Letter {
        address: address(bot_id, chat),
        sender: Sender {
            id: chat,
            name: "Anna".to_owned(),
            username: "anna".to_owned(),
            language: "en".to_owned(),
        },
        remote_id,
        sent_at: now,
        reply_to: None,
        quoted: String::new(),
        album: String::new(),
        attachments: Vec::new(),
    }
}

pub fn incoming(shop: &Shop, letter: Letter, text: &str) -> Incoming {
    Incoming {
        channel: ChannelKind::Telegram,
        assistant_id: shop.assistant_id,
        peer: format!("{}:{}", letter.address.bot_id, letter.address.chat),
        external_id: format!(
            "{}:{}:{}",
            letter.address.bot_id, letter.address.chat, letter.remote_id
        ),
        text: text.to_owned(),
        letter: Some(letter),
    }
}

pub fn arrival(now: Timestamp) -> Arrival {
    Arrival::of_words(receive_ids(), Language::EN, now)
}

/// A customer's message in their private chat with a bot.
pub async fn write(shop: &Shop, bot: BotId, chat: i64, remote_id: i64, now: i64) -> Received {
    let letter = letter(bot, chat, remote_id, at(now));
    shop.w
        .receive(incoming(shop, letter, "Tea?"), arrival(at(now)))
        .await
        .unwrap()
}

pub fn notice(place: Place, text: &str) -> NewOutgoing {
    NewOutgoing {
        id: OutboxId(uuid()),
        message_id: None,
        place,
        content: Content::Notice {
            text: text.to_owned(),
            buttons: Vec::new(),
        },
        presses: Vec::new(),
        run_at: at(0),
    }
}

pub fn of_message(id: MessageId) -> NewOutgoing {
    NewOutgoing {
        message_id: Some(id),
        content: Content::Message,
        ..notice(Place::Customer, "")
    }
}

/// Queues notices to a customer; says which deliveries they are.
pub async fn tell(shop: &Shop, id: ConversationId, texts: &[&str]) -> Vec<OutboxId> {
    let all: Vec<_> = texts
        .iter()
        .map(|text| notice(Place::Customer, text))
        .collect();
    let ids = all.iter().map(|new| new.id).collect();
    shop.w.queue_outgoing(id, all, at(1)).await.unwrap();
    ids
}

pub fn spot(bot_id: BotId, chat: i64, remote_id: i64) -> Spot {
    Spot {
        bot_id,
        chat,
        business: String::new(),
        remote_id,
    }
}

/// Changes of the database by others, as SQLite counts them.
pub struct Writes(rusqlite::Connection);

impl Writes {
    pub fn of(world: &World) -> Writes {
        Writes(rusqlite::Connection::open(world.data().join("chatai.db")).unwrap())
    }

    pub fn so_far(&self) -> i64 {
        self.0
            .query_row("PRAGMA data_version", [], |row| row.get(0))
            .unwrap()
    }
}
