//! The operators' console under everything at once (telegram.md A5): customers and operators talk while the program
//! crashes, topics are deleted, the group becomes a supergroup and the server asks to wait. Nothing is lost, nothing
//! goes to the wrong customer, and each conversation keeps its order.

use std::collections::BTreeMap;
use std::time::Duration;

use botapi::{
    BotSetup, Bounds, Fault, GroupSetup, MessageId, Place, Rank, Say, Settings, TopicId,
    Trouble as Fails, UserId, UserSetup, World,
};
use domain::bot::BotSettings;

use crate::console::staffed_in;
use crate::house::House;
use crate::rounds::{Chance, figure, is_full, rounds};

const STEP: Duration = Duration::from_millis(100);

/// How much of everything.
struct Size {
    customers: usize,
    operators: usize,
    messages: usize,
    kills: usize,
    deletions: usize,
}

impl Size {
    fn told() -> Size {
        match is_full() {
            true => {
                let messages = rounds(0, 2_000) as usize;
                Size {
                    customers: 50,
                    operators: 5,
                    messages,
                    kills: messages / 20,
                    deletions: 20,
                }
            }
            false => Size {
                customers: 5,
                operators: 2,
                messages: 40,
                kills: 2,
                deletions: 2,
            },
        }
    }
}

/// Something the operators read, wherever and whenever it stood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Read {
    /// 0 in the first group, 1 in what it became.
    group: usize,
    id: MessageId,
    text: String,
    /// The name of the topic it stood in.
    topic: Option<String>,
}

struct Crowd {
    house: House,
    chance: Chance,
    groups: Vec<Place>,
    operators: Vec<UserId>,
    customers: Vec<(UserId, Place)>,
    /// What each customer said and was told, in order.
    said: Vec<Vec<String>>,
    told: Vec<Vec<String>>,
    notes: Vec<String>,
    /// What stood in topics that were deleted.
    kept: BTreeMap<(usize, MessageId), Read>,
    kills: usize,
    deletions: usize,
}

#[tokio::test(start_paused = true)]
async fn a5_in_a_crowd_nothing_is_lost_or_goes_to_another_customer() {
    let size = Size::told();
    let mut crowd = Crowd::open(&size).await;
    let busy = |method| {
        Fault::new(Fails::TooMany { retry_after: 3 })
            .on(method)
            .with_probability(0.05)
    };
    for method in ["sendMessage", "copyMessage", "createForumTopic"] {
        crowd.house.world.order(busy(method));
    }
    let migrates_at = size.messages / 5;
    for number in 0..size.messages {
        if number == migrates_at {
            let group = crowd.house.world.migrate(crowd.groups[0], true);
            crowd.groups.push(group);
        }
        if number % (size.messages / size.kills) == size.messages / size.kills / 2 {
            crowd.crash().await;
        }
        let after = number.saturating_sub(migrates_at);
        let every = (size.messages - migrates_at) / (size.deletions + 1);
        if number > migrates_at && after.is_multiple_of(every) && crowd.deletions < size.deletions {
            crowd.delete_a_topic();
        }
        crowd.somebody_speaks(number);
        let pause = Duration::from_millis(100 + 100 * crowd.chance.below(20));
        crowd.house.pass_by(pause, STEP).await;
    }
    crowd.settle().await;
    crowd.judge(&size);
}

impl Crowd {
    async fn open(size: &Size) -> Crowd {
        let chance = Chance::told();
        let world = Settings {
            seed: chance.0,
            bounds: Bounds {
                messages: 100_000,
                ..Bounds::default()
            },
            ..Settings::default()
        };
        let house = House::in_world(
            BotSettings::default(),
            BotSetup::new("Shop", "shop_bot"),
            world,
        )
        .await;
        patient(&house).await;
        let (house, group, boss) = staffed_in(house, GroupSetup::new("Staff")).await;
        let mut operators = vec![boss];
        for number in 1..size.operators {
            let name = format!("Operator {number}");
            let operator = house.world.add_user(UserSetup::new(&name));
            house.world.join(group, operator);
            house.world.set_rank(group, operator, Rank::Member, boss);
            operators.push(operator);
        }
        let customers: Vec<_> = (0..size.customers)
            .map(|number| house.customer(&name_of(number)))
            .collect();
        let crowd = Crowd {
            house,
            chance,
            groups: vec![group],
            operators,
            said: vec![Vec::new(); customers.len()],
            told: vec![Vec::new(); customers.len()],
            customers,
            notes: Vec::new(),
            kept: BTreeMap::new(),
            kills: 0,
            deletions: 0,
        };
        for (user, chat) in &crowd.customers {
            let words = "I want to talk to a human";
            crowd.house.world.user_says(*chat, *user, words).unwrap();
        }
        let world = crowd.house.world.clone();
        crowd
            .house
            .until_by(
                "operators hear of everybody",
                Duration::from_secs(1_800),
                STEP,
                || {
                    let read = world.said_by_bots(group);
                    (0..crowd.customers.len())
                        .all(|number| read.iter().any(|text| text.contains(&name_of(number))))
                },
            )
            .await;
        crowd
    }

    /// A customer says something, or their operator answers or makes a note.
    fn somebody_speaks(&mut self, number: usize) {
        let customer = self.chance.below(self.customers.len() as u64) as usize;
        let is_operator = self.chance.below(2) == 1;
        if is_operator && self.operator_speaks(customer) {
            return;
        }
        let (user, chat) = self.customers[customer];
        let words = format!(
            "word {} of {} ({number})",
            self.said[customer].len(),
            name_of(customer)
        );
        self.house.world.user_says(chat, user, &words).unwrap();
        self.said[customer].push(words);
    }

    /// False when there is nothing of the customer that could be replied to.
    fn operator_speaks(&mut self, customer: usize) -> bool {
        let group = *self.groups.last().unwrap();
        let operator = self.operators[customer % self.operators.len()];
        let name = name_of(customer);
        let world = &self.house.world;
        let messages = world.messages(group);
        let theirs = messages
            .iter()
            .rev()
            .find(|message| message.by_bot() && message.text().contains(&name));
        let Some(theirs) = theirs else { return false };
        let is_note = self.chance.below(10) == 0;
        let words = match is_note {
            true => format!("// note {} about {name}", self.notes.len()),
            false => format!("answer {} for {name}", self.told[customer].len()),
        };
        let mut say = Say::text(words.clone()).reply_to(theirs.id);
        if let Some(topic) = theirs.topic {
            say = say.in_topic(topic);
        }
        if world.say(group, operator, say).is_err() {
            return false;
        }
        match is_note {
            true => self.notes.push(words),
            false => self.told[customer].push(words),
        }
        true
    }

    async fn crash(&mut self) {
        let moment = Duration::from_millis(20 * self.chance.below(60));
        self.house.pass(moment).await;
        self.house.crash().await;
        self.kills += 1;
    }

    /// An operator deletes a topic with all in it; what stood there was read.
    fn delete_a_topic(&mut self) {
        let group = *self.groups.last().unwrap();
        let topics = self.house.world.topics(group);
        if topics.is_empty() {
            return;
        }
        let at = self.chance.below(topics.len() as u64) as usize;
        let topic = topics[at].0;
        for read in self.standing() {
            let message = self.house.world.message(group, read.id);
            if message.is_some_and(|message| message.topic == Some(topic)) {
                self.kept.insert((read.group, read.id), read);
            }
        }
        assert!(self.house.world.user_deletes_topic(group, topic));
        self.deletions += 1;
    }

    /// What stands in the groups now.
    fn standing(&self) -> Vec<Read> {
        let mut all = Vec::new();
        for (group, place) in self.groups.iter().enumerate() {
            let names: BTreeMap<TopicId, String> = self
                .house
                .world
                .topics(*place)
                .into_iter()
                .map(|(id, topic)| (id, topic.name))
                .collect();
            for message in self.house.world.messages(*place) {
                if !message.by_bot() {
                    continue;
                }
                all.push(Read {
                    group,
                    id: message.id,
                    text: message.text().to_owned(),
                    topic: message.topic.and_then(|topic| names.get(&topic).cloned()),
                });
            }
        }
        all
    }

    /// Everything operators ever read, in order.
    fn read(&self) -> Vec<Read> {
        let mut all: Vec<Read> = self.kept.values().cloned().collect();
        all.extend(self.standing());
        all.sort();
        all.dedup();
        all
    }

    /// Waits until everything has arrived: a group bears twenty calls a minute.
    async fn settle(&self) {
        let calls = self.said.iter().map(Vec::len).sum::<usize>() * 2 + 200;
        let minutes = calls as u64 / 20 + 30;
        let world: World = self.house.world.clone();
        let mut looks = 0_u32;
        let is_done = || {
            looks += 1;
            // Looking through thousands of messages is slow.
            if looks % 50 != 1 {
                return false;
            }
            let read = self.read();
            let all_read = self
                .said
                .iter()
                .flatten()
                .all(|words| read.iter().any(|read| read.text == *words));
            let all_told = self
                .told
                .iter()
                .zip(&self.customers)
                .all(|(told, (_, chat))| {
                    let there = world.said_by_bots(*chat);
                    told.iter()
                        .all(|words| there.iter().any(|text| text.contains(words)))
                });
            all_read && all_told
        };
        // What is missing after that is told by the judgement.
        let patience = Duration::from_secs(minutes * 60);
        let turns = patience.as_millis() / STEP.as_millis();
        let mut is_done = is_done;
        for _ in 0..turns {
            if is_done() {
                break;
            }
            self.house.pass_by(STEP, STEP).await;
        }
    }

    fn judge(&self, size: &Size) {
        let read = self.read();
        let (mut lost, mut repeated, mut wrong, mut disordered) = (Vec::new(), 0, Vec::new(), 0);
        for (customer, said) in self.said.iter().enumerate() {
            let name = name_of(customer);
            let mut places = Vec::new();
            for words in said {
                // Copies alone: a card for operators may tell of it too.
                let found: Vec<&Read> = read.iter().filter(|read| read.text == *words).collect();
                match found.first() {
                    None => lost.push(words.clone()),
                    Some(first) => places.push((first.group, first.id)),
                }
                repeated += found.len().saturating_sub(1);
                let elsewhere = found.iter().filter(|read| {
                    let topic = read.topic.as_ref();
                    topic.is_some_and(|topic| !topic.contains(&name))
                });
                wrong.extend(elsewhere.map(|read| read.text.clone()));
            }
            disordered += usize::from(!places.is_sorted());
        }
        for (customer, (told, (_, chat))) in self.told.iter().zip(&self.customers).enumerate() {
            let there = self.house.world.said_by_bots(*chat);
            let mut places = Vec::new();
            for words in told {
                let found: Vec<usize> = (0..there.len())
                    .filter(|at| there[*at].contains(words.as_str()))
                    .collect();
                match found.first() {
                    None => lost.push(words.clone()),
                    Some(first) => places.push(*first),
                }
                repeated += found.len().saturating_sub(1);
            }
            disordered += usize::from(!places.is_sorted());
            let name = name_of(customer);
            for text in &there {
                let is_anothers = (text.contains(" for Customer-") || text.contains("note "))
                    && !text.contains(&format!(" for {name}"));
                if is_anothers {
                    wrong.push(text.clone());
                }
            }
        }
        let spoken = self
            .said
            .iter()
            .chain(&self.told)
            .map(Vec::len)
            .sum::<usize>();
        figure("A5", "customers", size.customers);
        figure("A5", "operators", size.operators);
        figure("A5", "messages", spoken);
        figure("A5", "notes, passed on 0", self.notes.len());
        figure("A5", "crashes", self.kills);
        figure("A5", "topics deleted", self.deletions);
        figure("A5", "lost", lost.len());
        figure("A5", "to the wrong customer", wrong.len());
        figure("A5", "repeated (T24)", repeated);
        figure("A5", "conversations out of order", disordered);
        assert_eq!(lost, Vec::<String>::new(), "nothing is lost");
        assert_eq!(wrong, Vec::<String>::new(), "nothing goes astray");
        assert_eq!(disordered, 0, "conversations keep their order");
        assert!(
            repeated <= self.kills * 2,
            "{repeated} repeated by {} crashes",
            self.kills
        );
    }
}

/// Names of which none is the beginning of another.
fn name_of(customer: usize) -> String {
    format!("Customer-{customer:03}.")
}

/// Operators who are slow keep their conversations.
async fn patient(house: &House) {
    let (app, owner) = (&house.kit.app, &house.kit.owner);
    let assistant = app.assistants(owner).await.unwrap().remove(0);
    let mut settings = assistant.settings;
    settings.handoff.idle_minutes = 7 * 24 * 60;
    app.update_assistant(
        owner,
        assistant.id,
        &assistant.name,
        settings,
        assistant.version,
    )
    .await
    .unwrap();
}
