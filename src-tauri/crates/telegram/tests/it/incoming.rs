//! What comes in: T2, T16, T19, T20, and what nobody can read.

use std::time::Duration;

use botapi::{BotSetup, GroupSetup, Say, UserSetup};
use domain::bot::BotSettings;

use crate::house::{ANSWER, House, QUESTION};

#[tokio::test(start_paused = true)]
async fn t2_after_an_outage_messages_are_answered_and_old_presses_acknowledged() {
    let mut house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    house.ask(anna, chat, QUESTION).await;
    let message = house.last(chat);
    house.stop_runner().await;
    house.world.user_says(chat, anna, QUESTION).unwrap();
    let data = "AAAAAAAAAAAAAAAAAAAAAA";
    house
        .world
        .user_taps_data(chat, anna, message, data)
        .unwrap();
    house.leap(Duration::from_secs(600)).await;
    house.open().await;
    house.said(chat, 2).await;
    house.pass(Duration::from_secs(30)).await;
    assert!(house.world.calls_of("answerCallbackQuery").len() <= 1);
}

#[tokio::test(start_paused = true)]
async fn t19_an_album_is_answered_once() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    let mut files = vec![Say::photo(vec![1]).caption(QUESTION)];
    files.extend((0..9).map(|number| Say::photo(vec![number])));
    house.world.say_album(chat, anna, files).unwrap();
    house.said(chat, 1).await;
    house.pass(Duration::from_secs(10)).await;
    assert_eq!(house.world.said_by_bots(chat).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn t20_in_a_group_only_what_is_addressed_is_answered() {
    let setup = BotSetup::new("Shop", "shop_bot").without_privacy();
    let mut house = House::with(BotSettings::default(), setup).await;
    house.open().await;
    let owner = house.world.add_user(UserSetup::new("Owner"));
    let group = house
        .world
        .add_group(owner, GroupSetup::new("Friends").supergroup());
    house
        .world
        .set_bot_rank(group, house.bot.id, botapi::Rank::Member, owner);
    for number in 0..50 {
        let text = format!("{QUESTION} {number}");
        house.world.user_says(group, owner, &text).unwrap();
    }
    house.pass(Duration::from_secs(20)).await;
    assert_eq!(house.world.said_by_bots(group), Vec::<String>::new());
    let text = format!("@shop_bot {QUESTION}");
    house.world.user_says(group, owner, &text).unwrap();
    assert!(house.said(group, 1).await[0].contains(ANSWER));
}

#[tokio::test(start_paused = true)]
async fn an_update_that_nobody_can_read_holds_nothing_up() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    let strange = serde_json::json!({"new_in_2031": true});
    house.world.push_raw(house.bot.id, "message", strange);
    house
        .world
        .push_raw(house.bot.id, "what_is_this", serde_json::json!([1]));
    assert!(house.ask(anna, chat, QUESTION).await.contains(ANSWER));
    let (world, bot) = (house.world.clone(), house.bot.id);
    house
        .until("nothing waits", || world.pending(bot) == 0)
        .await;
}

#[tokio::test(start_paused = true)]
async fn messages_of_a_chat_are_taken_in_order_and_chats_beside_each_other() {
    let house = House::new().await;
    let customers: Vec<_> = (0..8)
        .map(|number| house.customer(&format!("Customer {number}")))
        .collect();
    for round in 0..3 {
        for (user, chat) in &customers {
            let text = format!("{QUESTION} ({round})");
            house.world.user_says(*chat, *user, &text).unwrap();
        }
    }
    for (_, chat) in &customers {
        house.said(*chat, 1).await;
    }
    house.pass(Duration::from_secs(5)).await;
    let app = &house.kit.app;
    let listed = app
        .conversations(&house.kit.owner, Default::default(), None, 50)
        .await
        .unwrap();
    assert_eq!(listed.items.len(), 8, "each customer has one conversation");
}
