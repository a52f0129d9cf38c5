//! Fills an owned data folder with conversations, for `cargo xtask bench inbox` and for looking at a full Inbox.
//!
//! `inbox DATA COUNT NOW` writes COUNT conversations of the first workspace that end before NOW (seconds since 1970),
//! through the same operations as the program: a customer writes, a person answers, most are closed. Of a hundred two
//! ask for a person, five are taken by the owner, a third is the assistant's; every fifth has a label.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use domain::bot::{Bot, BotAccount, BotSettings, BotState};
use domain::conversation::{ChannelKind, Incoming, Letter};
use domain::delivery::{Address, ChatKind, Sender};
use domain::handoff::rules::HandoffRules;
use domain::handoff::{Act, Handoff, Operator, OperatorId};
use domain::id::{AssistantId, BotId, ContactId, ConversationId, InboxLabelId, JobId, MessageId};
use domain::inbox::{InboxLabel, LabelColour};
use domain::language::Language;
use domain::time::Timestamp;
use store::error::StoreError;
use store::handoffs::{MemberSays, NewHandoff, Transit};
use store::receive::{Arrival, ReceiveIds};
use store::{MasterKey, Store, StoreConfig, Workspace};
use tokio::task::JoinSet;
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "inbox DATA COUNT NOW";
/// Conversations that are written at the same time: they share commits.
const TOGETHER: usize = 256;
/// Seconds between the beginnings of two conversations.
const STEP: i64 = 70;
const LABELS: [(&str, LabelColour); 5] = [
    ("Refund", LabelColour::Red),
    ("VIP", LabelColour::Amber),
    ("Delivery", LabelColour::Blue),
    ("Repair", LabelColour::Teal),
    ("Постоянный клиент", LabelColour::Violet),
];
const QUESTIONS: [&str; 8] = [
    "How long does delivery to {place} take?",
    "Is the blue bicycle number {number} still there?",
    "Сколько стоит ремонт колеса {number}?",
    "Можно ли вернуть заказ {number}?",
    "Do you open on Sunday in {place}?",
    "Where is my order {number}?",
    "Есть ли доставка в {place}?",
    "I would like to change the saddle of order {number}.",
];
const PLACES: [&str; 6] = ["Berlin", "Kazan", "Leipzig", "Тверь", "Potsdam", "Самара"];
const NAMES: [&str; 8] = [
    "Ivan",
    "Anna",
    "Мария",
    "Peter",
    "Ольга",
    "Thomas",
    "Дмитрий",
    "Lena",
];
const FAMILIES: [&str; 8] = [
    "Petrov",
    "Schmidt",
    "Иванова",
    "Weber",
    "Смирнова",
    "Keller",
    "Кузнецов",
    "Braun",
];

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let data = PathBuf::from(arguments.next().ok_or(USAGE)?);
    let count: i64 = arguments.next().ok_or(USAGE)?.parse()?;
    let now = Timestamp(arguments.next().ok_or(USAGE)?.parse::<i64>()? * 1_000_000);
    let config = StoreConfig {
        data,
        master_key: MasterKey::DataFolder,
    };
    let store = Store::open(config, now)?;
    let workspaces = store.workspaces().await?;
    let (id, _) = workspaces
        .first()
        .ok_or("nobody owns this data folder yet")?;
    let shop = Shop::begin(store.workspace(*id), now).await?;
    let begun = Instant::now();
    let mut writing = JoinSet::new();
    for number in 0..count {
        if writing.len() >= TOGETHER {
            writing.join_next().await.ok_or("nobody writes")???;
        }
        let shop = shop.clone();
        let began = now.plus_seconds((number - count) * STEP);
        writing.spawn(async move { shop.write(number, began).await });
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    store.close().await?;
    let mut out = std::io::stdout();
    let seconds = begun.elapsed().as_secs_f64();
    writeln!(out, "{count} conversations written in {seconds:.1} s")?;
    Ok(())
}

#[derive(Clone)]
struct Shop {
    w: Workspace,
    assistant_id: AssistantId,
    bot_id: BotId,
    owner: Operator,
    labels: Vec<InboxLabelId>,
}

impl Shop {
    async fn begin(w: Workspace, now: Timestamp) -> Result<Shop> {
        let assistants = w.assistants().await?;
        let assistant_id = assistants.first().ok_or("there is no assistant")?.id;
        let team = w.team().await?;
        let owner = &team.first().ok_or("there is no member")?.member;
        let bot_id = BotId(id_of(0, 1));
        let bot = Bot {
            id: bot_id,
            workspace_id: w.id(),
            assistant_id,
            account: BotAccount {
                id: 1,
                name: "Bench".to_owned(),
                username: "bench_bot".to_owned(),
                ..BotAccount::default()
            },
            // It never speaks with Telegram.
            is_on: false,
            state: BotState::Off,
            settings: BotSettings::default(),
            version: 1,
            offset: 0,
            last_update_at: None,
            last_heard_at: None,
            created_at: now,
            updated_at: now,
        };
        w.create_bot(bot, b"1:bench", "1:", now).await?;
        let mut labels = Vec::new();
        for (number, (name, colour)) in (2..).zip(LABELS) {
            let id = InboxLabelId(id_of(0, number));
            let label = InboxLabel {
                id,
                name: name.to_owned(),
                colour,
                created_at: now,
            };
            w.put_inbox_label(label, now).await?;
            labels.push(id);
        }
        Ok(Shop {
            owner: Operator {
                id: OperatorId::Member(owner.id),
                name: owner.name.clone(),
            },
            w,
            assistant_id,
            bot_id,
            labels,
        })
    }

    async fn write(&self, number: i64, began: Timestamp) -> std::result::Result<(), StoreError> {
        let said = self.asks(number, began).await?;
        let id = said.conversation_id;
        let later = began.plus_seconds(30);
        match number % 100 {
            0 | 50 => {
                let act = Act::CustomerAsks {
                    words: "a person".to_owned(),
                };
                self.turn(id, act, later).await?;
            }
            1..=5 => {
                let by = self.owner.clone();
                let handoff = self.after(id, Act::OperatorTypes { by }, later).await?;
                self.says(id, number, Some(handoff), later).await?;
            }
            6..=38 => self.says(id, number, None, later).await?,
            _ => {
                self.says(id, number, None, later).await?;
                let by = self.owner.clone();
                self.turn(id, Act::Close { by }, later).await?;
            }
        }
        if number % 5 == 0 {
            let label = self.labels[spread(number, self.labels.len())];
            self.w
                .label_conversation(id, vec![label], Vec::new(), later)
                .await?;
        }
        Ok(())
    }

    async fn asks(
        &self,
        number: i64,
        began: Timestamp,
    ) -> std::result::Result<store::receive::Received, StoreError> {
        let text = QUESTIONS[spread(number, QUESTIONS.len())]
            .replace("{place}", PLACES[spread(number / 3, PLACES.len())])
            .replace("{number}", &number.to_string());
        let name = format!(
            "{} {}",
            NAMES[spread(number, NAMES.len())],
            FAMILIES[spread(number / 8, FAMILIES.len())]
        );
        let letter = Letter {
            address: Address {
                bot_id: self.bot_id,
                chat: number + 1,
                thread: 0,
                business: String::new(),
                kind: ChatKind::Private,
            },
            sender: Sender {
                id: number + 1,
                name,
                username: format!("customer{number}"),
                language: "en".to_owned(),
            },
            remote_id: 1,
            sent_at: began,
            reply_to: None,
            quoted: String::new(),
            album: String::new(),
            attachments: Vec::new(),
        };
        let incoming = Incoming {
            channel: ChannelKind::Telegram,
            assistant_id: self.assistant_id,
            peer: format!(":{}", number + 1),
            external_id: format!("{}:1", number + 1),
            text,
            letter: Some(letter),
        };
        let ids = ReceiveIds {
            contact: ContactId(id_of(1, number)),
            conversation: ConversationId(id_of(2, number)),
            message: MessageId(id_of(3, number)),
            job: JobId(id_of(4, number)),
        };
        let language = match incoming.text.is_ascii() {
            true => Language::EN,
            false => Language::RU,
        };
        let arrival = Arrival::of_words(ids, language, began);
        self.w.receive(incoming, arrival).await
    }

    async fn says(
        &self,
        id: ConversationId,
        number: i64,
        handoff: Option<NewHandoff>,
        at: Timestamp,
    ) -> std::result::Result<(), StoreError> {
        let says = MemberSays {
            message_id: MessageId(id_of(5, number)),
            by: self.owner.clone(),
            text: format!("Thank you for asking, {number} is noted. Two working days at most."),
            handoff,
            pause_until: None,
            outgoing: Vec::new(),
            spot: None,
            update: None,
        };
        self.w.member_says(id, says, at).await?;
        Ok(())
    }

    async fn turn(
        &self,
        id: ConversationId,
        act: Act,
        at: Timestamp,
    ) -> std::result::Result<(), StoreError> {
        let transit = Transit {
            handoff: self.after(id, act, at).await?,
            outgoing: Vec::new(),
            answer: None,
            update: None,
        };
        self.w.transit(id, transit, at).await?;
        Ok(())
    }

    /// Conversations here begin with the assistant.
    async fn after(
        &self,
        id: ConversationId,
        act: Act,
        at: Timestamp,
    ) -> std::result::Result<NewHandoff, StoreError> {
        let from: Handoff = self.w.handoff(id).await?;
        let transition = from.after(act, at, &HandoffRules::default());
        Ok(NewHandoff {
            transition: transition.map_err(|_| StoreError::Conflict)?,
            idle_at: None,
        })
    }
}

/// An id of a kind; the same number gives the same one.
fn id_of(kind: u128, number: i64) -> Uuid {
    Uuid::from_u128(
        0x0193_513c_7d4a_7000_8000_0000_0000_0000 | kind << 56 | u128::from(number.unsigned_abs()),
    )
}

/// A place of a list that looks chosen.
fn spread(number: i64, among: usize) -> usize {
    let mixed = number.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    usize::try_from(mixed).unwrap_or(0) % among
}
