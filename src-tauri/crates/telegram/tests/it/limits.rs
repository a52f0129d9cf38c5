//! What is never asked for, and entities that are refused: T10, F3.

use std::time::Duration;

use app::qa::QaDraft;
use botapi::{Fault, Trouble as Fails};

use crate::house::{House, QUESTION};

#[tokio::test(start_paused = true)]
async fn t10_paid_broadcast_is_never_asked_for() {
    let house = House::new().await;
    let busy = Fault::new(Fails::TooMany { retry_after: 3 });
    house
        .world
        .order(busy.on("sendMessage").with_probability(0.3));
    let customers: Vec<_> = (0..25)
        .map(|number| house.customer(&format!("Customer {number}")))
        .collect();
    for (user, chat) in &customers {
        house.world.user_says(*chat, *user, QUESTION).unwrap();
    }
    for (_, chat) in &customers {
        house.said(*chat, 1).await;
    }
    for call in house.world.calls() {
        assert!(!call.parameters.contains_key("allow_paid_broadcast"));
    }
}

#[tokio::test(start_paused = true)]
async fn f3_a_text_whose_entities_are_refused_arrives_once_as_plain_text() {
    let house = House::new().await;
    let pair = QaDraft {
        questions: vec!["What are your opening hours?".to_owned()],
        answer: "We are open **from nine to five**, and `closed` on Sunday.".to_owned(),
    };
    house
        .kit
        .app
        .put_qa(&house.kit.owner, None, pair)
        .await
        .unwrap();
    let refused = Fails::Refused {
        code: 400,
        description: "Bad Request: can't parse entities: unsupported entity".to_owned(),
    };
    for round in 0..10 {
        let (user, chat) = house.customer(&format!("Customer {round}"));
        house.world.order(
            Fault::new(refused.clone())
                .on("sendMessage")
                .in_chat(chat.chat_id()),
        );
        let answer = house.ask(user, chat, "What are your opening hours?").await;
        assert!(answer.contains("from nine to five"), "{answer}");
        house.pass(Duration::from_secs(2)).await;
        assert_eq!(house.world.said_by_bots(chat).len(), 1);
        assert!(house.world.messages(chat)[1].entities().is_empty());
        let sent = house.world.calls_of("sendMessage");
        let to_them: Vec<_> = sent
            .iter()
            .filter(|call| call.chat_id() == Some(chat.chat_id()))
            .collect();
        assert_eq!(to_them.len(), 2, "one refusal, one plain text");
        assert!(to_them[0].parameters.contains_key("entities"));
        assert!(!to_them[1].parameters.contains_key("entities"));
    }
}
