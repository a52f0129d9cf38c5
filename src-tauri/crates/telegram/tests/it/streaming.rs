//! Answers to whoever waits for them, as they grow and while the server asks to wait: telegram.md A3. The engine that
//! quotes is done before a draft is due, so what is seen of its answers is typing alone; a slow one grows.

use std::time::Duration;

use botapi::{Fault, GroupSetup, Rank, Trouble as Fails};
use testkit::slow::SlowEngine;

use crate::house::{ANSWER, House, QUESTION};
use crate::rounds::{figure, rounds};

/// Customers who ask in one breath.
const TOGETHER: u64 = 20;

#[tokio::test(start_paused = true)]
async fn a3_while_a_tenth_of_all_calls_is_refused_no_answer_is_lost_or_doubled() {
    let house = House::new().await;
    let answers = rounds(60, 1_000);
    for method in ["sendMessage", "sendMessageDraft", "sendChatAction"] {
        let busy = Fault::new(Fails::TooMany { retry_after: 3 });
        house.world.order(busy.on(method).with_probability(0.1));
    }
    let (mut lost, mut doubled, mut late) = (0, 0, 0);
    let mut asked = 0;
    while asked < answers {
        let customers: Vec<_> = (0..TOGETHER.min(answers - asked))
            .map(|number| house.customer(&format!("Customer {}", asked + number)))
            .collect();
        let began = house.world.now_ms();
        for (user, chat) in &customers {
            house.world.user_says(*chat, *user, QUESTION).unwrap();
        }
        let world = house.world.clone();
        house
            .until("everybody is answered", || {
                customers
                    .iter()
                    .all(|(_, chat)| !world.said_by_bots(*chat).is_empty())
            })
            .await;
        house.pass(Duration::from_secs(8)).await;
        for (_, chat) in &customers {
            let said = house.world.said_by_bots(*chat);
            let whole = said.iter().filter(|said| said.contains(ANSWER)).count();
            lost += usize::from(whole == 0);
            doubled += whole.saturating_sub(1);
            // Nothing of a preview stands or comes behind its answer.
            late += usize::from(house.world.draft(*chat).is_some());
            let signs = house.world.calls();
            let signs = signs.iter().filter(|call| {
                call.chat_id() == Some(chat.chat_id())
                    && matches!(
                        call.method.as_str(),
                        "sendChatAction" | "sendMessageDraft" | "sendMessage"
                    )
            });
            let first = signs.map(|call| call.at_ms).min().unwrap();
            assert!(
                first - began <= 1_500,
                "the first sign after {} ms",
                first - began
            );
        }
        asked += customers.len() as u64;
    }
    let drafts = house.world.calls_of("sendMessageDraft").len();
    assert_eq!((lost, doubled, late), (0, 0, 0));
    assert_eq!(
        house.world.too_early_count(),
        0,
        "no call while asked to wait"
    );
    figure("A3", "answers with 10 % of calls refused", answers);
    figure("A3", "drafts shown (of the last calls)", drafts);
    figure("A3", "final answers lost", lost);
    figure("A3", "final answers doubled", doubled);
}

#[tokio::test(start_paused = true)]
async fn a3_a_slow_answer_grows_by_its_proven_sentences_and_comes_whole_once() {
    let house = House::new().await;
    let engine = SlowEngine::start().await;
    engine.writes_for(&house.kit).await;
    let (user, chat) = house.customer("Anna");
    let world = house.world.clone();
    let draft = || {
        world
            .draft(chat)
            .map_or(String::new(), |draft| draft.content.text)
    };
    house.world.user_says(chat, user, QUESTION).unwrap();
    house
        .until("the engine is asked", || engine.asked() == 1)
        .await;
    house
        .until("typing is shown", || {
            world.action(chat).as_deref() == Some("typing")
        })
        .await;
    assert!(house.world.draft(chat).is_none(), "nothing is written yet");

    engine.says(&format!("{ANSWER} [1] "));
    house
        .until("the first sentence is shown", || draft().contains(ANSWER))
        .await;
    engine.says("A full inspection costs 120 ");
    house.pass(Duration::from_secs(3)).await;
    assert!(draft().contains(ANSWER), "what was shown stays");
    engine.says("euros. [1]");
    house
        .until("the next proven one is shown", || draft().contains("120"))
        .await;
    assert_eq!(
        house.world.said_by_bots(chat),
        Vec::<String>::new(),
        "a draft is no message"
    );
    engine.ends();
    let said = house.said(chat, 1).await;
    house.pass(Duration::from_secs(40)).await;
    assert_eq!(house.world.said_by_bots(chat).len(), 1, "it comes once");
    assert!(
        said[0].contains(ANSWER) && said[0].contains("120 euros"),
        "{said:?}"
    );
    assert!(
        house.world.draft(chat).is_none(),
        "no preview stands behind it"
    );

    let drafts = house.world.calls_of("sendMessageDraft");
    let texts: Vec<String> = drafts.iter().map(|call| call.text("text")).collect();
    let is_proven = |text: &String| text.trim_end().ends_with("[1]");
    assert!(texts.iter().all(is_proven), "half a sentence: {texts:?}");
    assert!(drafts.iter().all(|call| call.text("can_stop") == "true"));
    let times: Vec<i64> = drafts.iter().map(|call| call.at_ms).collect();
    assert!(times.len() >= 2, "it grew");
    assert!(
        times.windows(2).all(|pair| pair[1] - pair[0] >= 1_000),
        "at most one a second: {times:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a3_a_stopped_answer_says_nothing_that_was_not_proven() {
    let house = House::new().await;
    let engine = SlowEngine::start().await;
    engine.writes_for(&house.kit).await;
    let (user, chat) = house.customer("Anna");
    let world = house.world.clone();
    house.world.user_says(chat, user, QUESTION).unwrap();
    house
        .until("the engine is asked", || engine.asked() == 1)
        .await;
    engine.says(&format!("{ANSWER} [1] "));
    house
        .until("a draft is shown", || world.draft(chat).is_some())
        .await;
    engine.says("With the wheel it costs 999");
    house.pass(Duration::from_secs(2)).await;
    assert!(house.world.user_stops_draft(house.bot.id, user));
    house.pass(Duration::from_secs(10)).await;
    engine.ends();
    house.pass(Duration::from_secs(10)).await;
    assert!(house.world.draft(chat).is_none(), "it grows no more");
    let said = house.world.said_by_bots(chat);
    assert!(!said.iter().any(|text| text.contains("999")), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a3_a_group_sees_typing_and_the_whole_answer() {
    let house = House::new().await;
    let engine = SlowEngine::start().await;
    engine.writes_for(&house.kit).await;
    let (user, _) = house.customer("Anna");
    let group = house
        .world
        .add_group(user, GroupSetup::new("Club").supergroup());
    house
        .world
        .set_bot_rank(group, house.bot.id, Rank::Member, user);
    let world = house.world.clone();
    let asked = format!("@shop_bot {QUESTION}");
    house.world.user_says(group, user, &asked).unwrap();
    house
        .until("the engine is asked", || engine.asked() == 1)
        .await;
    engine.says(&format!("{ANSWER} [1] "));
    house
        .until("typing is shown", || world.action(group).is_some())
        .await;
    house.pass(Duration::from_secs(5)).await;
    engine.ends();
    let world = house.world.clone();
    house
        .until("the answer comes", || {
            world
                .said_by_bots(group)
                .iter()
                .any(|text| text.contains(ANSWER))
        })
        .await;
    assert!(house.world.calls_of("sendMessageDraft").is_empty());
    assert!(house.world.calls_of("editMessageText").is_empty());
}
