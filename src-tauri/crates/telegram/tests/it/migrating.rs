//! The staff group becomes a supergroup while a conversation goes on (T16): no word between a customer and an
//! operator is lost, whether the runner hears of it by the service messages or by a refusal.

use std::time::Duration;

use botapi::{Fault, GroupSetup, MessageId, Place, Say, Trouble as Fails, UserId};
use domain::bot::BotSettings;

use crate::console::staffed_in;
use crate::house::House;

/// A customer and an operator talk in a group without topics.
struct Talk {
    house: House,
    group: Place,
    boss: UserId,
    anna: UserId,
    chat: Place,
    words: Vec<String>,
    answers: Vec<String>,
}

impl Talk {
    async fn begin() -> Talk {
        let house = House::closed(BotSettings::default()).await;
        let (house, group, boss) = staffed_in(house, GroupSetup::new("Staff")).await;
        let (anna, chat) = house.customer("Anna");
        house
            .world
            .user_says(chat, anna, "I want to talk to a human")
            .unwrap();
        house.said(group, 1).await;
        Talk {
            house,
            group,
            boss,
            anna,
            chat,
            words: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// The customer says something.
    fn word(&mut self) -> String {
        let word = format!("word number {} of Anna", self.words.len());
        self.house
            .world
            .user_says(self.chat, self.anna, &word)
            .unwrap();
        self.words.push(word.clone());
        word
    }

    /// Waits until it stands with the operators.
    async fn arrives(&self, word: &str) -> MessageId {
        let (world, group) = (self.house.world.clone(), self.group);
        let find = || {
            let messages = world.messages(group);
            let found = messages
                .iter()
                .find(|message| message.text().contains(word));
            found.map(|message| (message.id, message.topic))
        };
        self.house
            .until(&format!("operators read {word}"), || find().is_some())
            .await;
        find().unwrap().0
    }

    /// The operator answers by a reply.
    async fn answer(&mut self, to: MessageId) {
        let answer = format!("answer number {}.", self.answers.len());
        let topic = self.house.world.message(self.group, to).unwrap().topic;
        let mut say = Say::text(answer.clone()).reply_to(to);
        if let Some(topic) = topic {
            say = say.in_topic(topic);
        }
        self.house.world.say(self.group, self.boss, say).unwrap();
        self.answers.push(answer.clone());
        let (world, chat) = (self.house.world.clone(), self.chat);
        self.house
            .until(&format!("Anna reads {answer}"), || {
                let said = world.said_by_bots(chat);
                said.iter().any(|said| said.contains(&answer))
            })
            .await;
    }

    async fn goes_on(&mut self, times: usize) {
        for _ in 0..times {
            let word = self.word();
            let stands = self.arrives(&word).await;
            self.answer(stands).await;
            self.house.pass(Duration::from_secs(8)).await;
        }
    }

    /// Every word stands with the operators once, every answer with the customer once.
    async fn nothing_is_lost(&self, places: &[Place]) {
        self.house.pass(Duration::from_secs(20)).await;
        let world = &self.house.world;
        let with_operators: Vec<String> = places
            .iter()
            .flat_map(|place| world.said_by_bots(*place))
            .collect();
        for word in &self.words {
            let times = with_operators.iter().filter(|said| said.contains(word));
            assert_eq!(times.count(), 1, "{word}");
        }
        let with_anna = world.said_by_bots(self.chat);
        for answer in &self.answers {
            let times = with_anna.iter().filter(|said| said.contains(answer));
            assert_eq!(times.count(), 1, "{answer}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn t16_a_migration_that_is_told_loses_no_word() {
    let mut talk = Talk::begin().await;
    talk.goes_on(3).await;
    let before = talk.group;
    talk.group = talk.house.world.migrate(before, true);
    talk.goes_on(4).await;
    talk.nothing_is_lost(&[before, talk.group]).await;
    let topics = talk.house.world.topics(talk.group);
    assert_eq!(topics.len(), 1, "the conversation has its topic now");
}

#[tokio::test(start_paused = true)]
async fn t16_a_migration_that_is_learned_by_a_refusal_loses_no_word() {
    let mut talk = Talk::begin().await;
    talk.goes_on(2).await;
    let before = talk.group;
    // What Anna says waits for the group's sake; meanwhile nothing new is heard.
    for method in ["sendMessage", "copyMessage"] {
        let busy = Fault::new(Fails::TooMany { retry_after: 10 }).on(method);
        talk.house.world.order(busy.in_chat(before.chat_id()));
    }
    let deaf = Fault::new(Fails::Gateway(502)).on("getUpdates").always();
    talk.house.world.order(deaf);
    // The poll that waits already brings these two, and no other brings anything.
    let waiting = [talk.word(), talk.word()];
    talk.house.pass(Duration::from_secs(3)).await;
    talk.group = talk.house.world.migrate(before, true);
    for word in &waiting {
        talk.arrives(word).await;
    }
    let refused = talk.house.world.calls();
    let refused = refused.iter().filter(|call| {
        let told = &call.answer["parameters"]["migrate_to_chat_id"];
        told.as_i64() == Some(talk.group.chat_id())
    });
    assert!(refused.count() > 0, "it was learned by a refusal");
    assert!(
        talk.house.world.pending(talk.house.bot.id) > 0,
        "the service messages wait still"
    );
    talk.house.world.clear_orders();
    talk.goes_on(3).await;
    talk.nothing_is_lost(&[before, talk.group]).await;
}
