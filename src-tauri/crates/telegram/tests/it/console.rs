//! The operators' group: telegram.md A5, T16, T17.

use std::time::Duration;

use botapi::{GroupSetup, Place, Rank, Say, UserId, UserSetup};
use domain::bot::BotSettings;

use crate::house::{House, QUESTION};

/// A house whose operators have a group with topics.
async fn staffed() -> (House, Place, UserId) {
    let house = House::closed(BotSettings::default()).await;
    staffed_in(house, GroupSetup::new("Staff").supergroup().forum()).await
}

/// The same for a house that is closed yet, in a group of another kind.
pub async fn staffed_in(mut house: House, setup: GroupSetup) -> (House, Place, UserId) {
    let boss = house.world.add_user(UserSetup::new("Boss"));
    let group = house.world.add_group(boss, setup);
    house.world.set_bot_rank(
        group,
        house.bot.id,
        Rank::Administrator { topics: true },
        boss,
    );
    let (app, owner) = (&house.kit.app, &house.kit.owner);
    let bot = app.bot(owner, house.id).await.unwrap().bot;
    let settings = BotSettings {
        staff_chat: group.chat_id(),
        ..bot.settings
    };
    let change = app::bots::BotChange {
        settings: Some(settings),
        ..Default::default()
    };
    app.change_bot(owner, house.id, bot.version, change)
        .await
        .unwrap();
    house.open().await;
    (house, group, boss)
}

#[tokio::test(start_paused = true)]
async fn a_start_makes_no_topic_and_a_wish_for_a_person_makes_one() {
    let (house, group, _) = staffed().await;
    let (anna, chat) = house.customer("Anna");
    house.world.user_starts(house.bot.id, anna, None).unwrap();
    house.said(chat, 1).await;
    house.pass(Duration::from_secs(5)).await;
    assert_eq!(
        house.world.topics(group).len(),
        0,
        "a start is no conversation"
    );
    house
        .world
        .user_says(chat, anna, "I want to talk to a human")
        .unwrap();
    let world = house.world.clone();
    house
        .until("a topic", || world.topics(group).len() == 1)
        .await;
    house.said(group, 1).await;
}

#[tokio::test(start_paused = true)]
async fn what_an_operator_writes_in_a_topic_reaches_that_customer_and_notes_reach_nobody() {
    let (house, group, boss) = staffed().await;
    let mut customers = Vec::new();
    for name in ["Anna", "Boris", "Clara"] {
        let (user, chat) = house.customer(name);
        house
            .world
            .user_says(chat, user, "I want to talk to a human")
            .unwrap();
        customers.push((name, user, chat));
    }
    let world = house.world.clone();
    house
        .until("three topics", || world.topics(group).len() == 3)
        .await;
    for (name, _, chat) in &customers {
        let topics = house.world.topics(group);
        let (topic, _) = topics
            .iter()
            .find(|(_, topic)| topic.name.contains(name))
            .expect("a topic is named after its customer");
        for text in [format!("// {name} is nice"), format!("Hello {name}")] {
            let say = Say::text(text).in_topic(*topic);
            house.world.say(group, boss, say).unwrap();
        }
        let (world, hello) = (house.world.clone(), format!("Hello {name}"));
        house
            .until("the customer reads it", || {
                let said = world.said_by_bots(*chat);
                said.iter().any(|said| said.contains(&hello))
            })
            .await;
    }
    for (name, user, chat) in &customers {
        let said = house.world.said_by_bots(*chat).join("\n");
        assert!(!said.contains("is nice"), "a note was passed on");
        for (other, ..) in customers.iter().filter(|(other, ..)| other != name) {
            assert!(!said.contains(&format!("Hello {other}")));
        }
        // The assistant is silent now.
        let before = house.world.said_by_bots(*chat).len();
        house.world.user_says(*chat, *user, QUESTION).unwrap();
        house.pass(Duration::from_secs(5)).await;
        assert_eq!(house.world.said_by_bots(*chat).len(), before);
    }
}

#[tokio::test(start_paused = true)]
async fn t17_a_topic_that_is_deleted_is_made_anew() {
    let (house, group, boss) = staffed().await;
    let (anna, chat) = house.customer("Anna");
    house
        .world
        .user_says(chat, anna, "I want to talk to a human")
        .unwrap();
    let world = house.world.clone();
    house
        .until("a topic", || world.topics(group).len() == 1)
        .await;
    for number in 0..5 {
        house.pass(Duration::from_secs(8)).await;
        let (topic, _) = house.world.topics(group)[0].clone();
        assert!(house.world.user_deletes_topic(group, topic));
        let words = format!("Are you there? {number}");
        house.world.user_says(chat, anna, &words).unwrap();
        let world = house.world.clone();
        house
            .until("it stands in a new topic", || {
                let messages = world.messages(group);
                messages
                    .iter()
                    .any(|message| message.text().contains(&words))
            })
            .await;
    }
    let (topic, _) = house.world.topics(group)[0].clone();
    let say = Say::text("Yes, I am here").in_topic(topic);
    house.world.say(group, boss, say).unwrap();
    let world = house.world.clone();
    house
        .until("the customer reads it", || {
            let said = world.said_by_bots(chat);
            said.iter().any(|said| said.contains("Yes, I am here"))
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn only_administrators_of_the_group_close_a_conversation() {
    let (house, group, boss) = staffed().await;
    let guest = house.world.add_user(UserSetup::new("Guest"));
    house.world.join(group, guest);
    let (anna, chat) = house.customer("Anna");
    house
        .world
        .user_says(chat, anna, "I want to talk to a human")
        .unwrap();
    let world = house.world.clone();
    house
        .until("a topic", || world.topics(group).len() == 1)
        .await;
    let (topic, _) = house.world.topics(group)[0].clone();
    let say = |user, text: &str| {
        let say = Say::text(text).in_topic(topic);
        house.world.say(group, user, say).unwrap();
    };
    say(boss, "/take");
    house.pass(Duration::from_secs(5)).await;
    say(guest, "/ai");
    house.pass(Duration::from_secs(5)).await;
    let before = house.world.said_by_bots(chat).len();
    house.world.user_says(chat, anna, QUESTION).unwrap();
    house.pass(Duration::from_secs(5)).await;
    assert_eq!(house.world.said_by_bots(chat).len(), before, "still taken");
    say(boss, "/ai");
    house.pass(Duration::from_secs(5)).await;
    house.ask(anna, chat, QUESTION).await;
}
