//! Answers to whoever waits for them, while the server asks to wait: telegram.md A3. The engine that quotes is done
//! before a draft is due, so what is seen of its answers is typing alone.

use std::time::Duration;

use botapi::{Fault, Trouble as Fails};

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
