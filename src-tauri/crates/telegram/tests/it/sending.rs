//! Sending: T8, T13, T14, T16, T17, T23, T24, F3.

use std::time::Duration;

use botapi::{Fault, Trouble as Fails};

use crate::house::{ANSWER, House, QUESTION};
use crate::rounds::rounds;

#[tokio::test(start_paused = true)]
async fn t8_a_wait_is_kept_for_its_chat_alone() {
    let house = House::new().await;
    let (anna, annas) = house.customer("Anna");
    let (boris, boriss) = house.customer("Boris");
    let slow = Fails::TooMany { retry_after: 40 };
    house
        .world
        .order(Fault::new(slow).on("sendMessage").in_chat(annas.chat_id()));
    house.world.user_says(annas, anna, QUESTION).unwrap();
    let began = house.world.now_ms();
    house.ask(boris, boriss, QUESTION).await;
    assert!(house.world.now_ms() - began < 20_000, "others go on");
    assert_eq!(house.world.said_by_bots(annas).len(), 0);
    house.said(annas, 1).await;
    assert!(house.world.now_ms() - began >= 40_000);
    assert_eq!(house.world.too_early_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn t14_whoever_blocks_the_bot_is_sent_nothing_until_they_come_back() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    house.ask(anna, chat, QUESTION).await;
    house.world.user_says(chat, anna, QUESTION).unwrap();
    house.world.user_blocks(house.bot.id, anna);
    house.pass(Duration::from_secs(20)).await;
    let before = house.world.calls_of("sendMessage").len();
    house.pass(Duration::from_secs(60)).await;
    assert_eq!(house.world.calls_of("sendMessage").len(), before);
    house.world.user_unblocks(house.bot.id, anna);
    let answer = house.ask(anna, chat, QUESTION).await;
    assert!(answer.contains(ANSWER));
}

#[tokio::test(start_paused = true)]
async fn t24_what_may_have_arrived_is_sent_once_more_and_never_a_third_time() {
    let house = House::new().await;
    let times = rounds(20, 1_000);
    let mut repeated = 0;
    for number in 0..times {
        let (user, chat) = house.customer(&format!("Customer {number}"));
        house.world.order(
            Fault::new(Fails::DropAfter)
                .on("sendMessage")
                .in_chat(chat.chat_id()),
        );
        house.world.user_says(chat, user, QUESTION).unwrap();
        house.said(chat, 2).await;
        repeated += 1;
        assert_eq!(house.world.said_by_bots(chat).len(), 2, "one repetition");
    }
    house.pass(Duration::from_secs(30)).await;
    let sent = house.world.calls_of("sendMessage").len() as u64;
    assert_eq!(sent, times * 2);
    assert_eq!(repeated, times);
}

#[tokio::test(start_paused = true)]
async fn t24_what_was_never_sent_is_sent_until_it_is_and_once() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    // The server is away: nothing can be written to it.
    house.world.order(
        Fault::new(Fails::Refused {
            code: 429,
            description: "Too Many Requests: retry after 3".to_owned(),
        })
        .on("sendMessage")
        .times(5),
    );
    house.world.user_says(chat, anna, QUESTION).unwrap();
    house.said(chat, 1).await;
    house.pass(Duration::from_secs(20)).await;
    assert_eq!(house.world.said_by_bots(chat).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn f3_entities_that_are_refused_are_left_out_once() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    house.world.order(
        Fault::new(Fails::Refused {
            code: 400,
            description: "Bad Request: can't parse entities: unexpected end".to_owned(),
        })
        .on("sendMessage"),
    );
    house.world.user_says(chat, anna, QUESTION).unwrap();
    house.pass(Duration::from_secs(5)).await;
    let sent = house.world.calls_of("sendMessage");
    match sent[0].parameters.contains_key("entities") {
        true => {
            assert_eq!(house.said(chat, 1).await.len(), 1);
            assert!(!sent[1].parameters.contains_key("entities"));
        }
        false => assert_eq!(sent.len(), 1, "there was nothing to leave out"),
    }
}

#[tokio::test(start_paused = true)]
async fn answers_have_no_link_previews_and_no_markup() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    house.ask(anna, chat, QUESTION).await;
    for call in house.world.calls_of("sendMessage") {
        assert_eq!(call.parameters["link_preview_options"]["is_disabled"], true);
        assert!(!call.parameters.contains_key("parse_mode"));
    }
    assert_eq!(house.world.violations(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn t12_typing_is_shown_while_an_answer_is_made() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    house.ask(anna, chat, QUESTION).await;
    let actions = house.world.calls_of("sendChatAction").len();
    assert!((1..=15).contains(&actions), "{actions} actions");
}

#[tokio::test(start_paused = true)]
async fn t13_each_press_is_answered_and_does_something_once() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    house.ask(anna, chat, QUESTION).await;
    let message = house.last(chat);
    let buttons = house.world.message(chat, message).unwrap().buttons();
    let label = buttons
        .iter()
        .flatten()
        .next()
        .expect("an answer has buttons")
        .label
        .clone();
    let mut queries = Vec::new();
    for _ in 0..4 {
        queries.push(house.world.user_taps(chat, anna, message, &label).unwrap());
    }
    let data = house
        .world
        .user_taps_data(chat, anna, message, "no button of ours")
        .unwrap();
    queries.push(data);
    let world = house.world.clone();
    house
        .until("every press is answered", || {
            queries
                .iter()
                .all(|query| world.tapped(query).is_some_and(|tap| tap.answer.is_some()))
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_stop_is_in_order_and_short() {
    let mut house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    house.world.user_says(chat, anna, QUESTION).unwrap();
    let began = house.world.now_ms();
    house.stop_runner().await;
    assert!(house.world.now_ms() - began <= 10_000);
    house.open().await;
    house.said(chat, 1).await;
    house.pass(Duration::from_secs(10)).await;
    assert_eq!(house.world.said_by_bots(chat).len(), 1);
}
