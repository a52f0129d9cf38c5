//! Storms and long silences: R9, R10.

use std::time::Duration;

use app::bots::doctor::CheckKind;
use botapi::{Fault, Trouble as Fails};

use crate::house::{House, QUESTION};
use crate::rounds::rounds;

#[tokio::test(start_paused = true)]
async fn r9_a_storm_loses_nothing() {
    let house = House::new().await;
    let customers: Vec<_> = (0..rounds(30, 1_000))
        .map(|number| house.customer(&format!("Customer {number}")))
        .collect();
    let world = &house.world;
    let send = |fails, share| Fault::new(fails).on("sendMessage").with_probability(share);
    world.order(send(Fails::TooMany { retry_after: 7 }, 0.3));
    world.order(send(Fails::Gateway(502), 0.1));
    world.order(send(Fails::DropAfter, 0.05));
    for (user, chat) in &customers {
        world.user_says(*chat, *user, QUESTION).unwrap();
    }
    house.pass(Duration::from_secs(120)).await;
    world.clear_orders();
    house.pass(Duration::from_secs(30)).await;
    let mut without = 0;
    for (_, chat) in &customers {
        let said = world.said_by_bots(*chat).len();
        assert!(said <= 2, "at most one repetition: {said}");
        without += usize::from(said == 0);
    }
    // A gateway that failed twice: nobody knows, so it is marked and not sent a third time.
    let app = &house.kit.app;
    let marked = uncertain(app, &house).await;
    assert!(
        without <= marked,
        "{without} without an answer, {marked} marked"
    );
    assert_eq!(world.too_early_count(), 0, "no call while asked to wait");
}

async fn uncertain(app: &app::App, house: &House) -> usize {
    let checks = app.check_bot(&house.kit.owner, house.id).await.unwrap();
    let outbox = checks.iter().find(|check| check.what == CheckKind::Outbox);
    let [_queued, uncertain, _failed] = &outbox.unwrap().values[..] else {
        panic!("the doctor counts three kinds");
    };
    uncertain.parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn r10_after_two_hours_of_silence_everything_is_answered() {
    let house = House::new().await;
    let world = &house.world;
    world.order(Fault::new(Fails::Gateway(502)).always());
    // The poll that waits ends first: it was asked while all was well.
    house.pass(Duration::from_secs(35)).await;
    let customers: Vec<_> = (0..rounds(40, 2_000))
        .map(|number| house.customer(&format!("Customer {number}")))
        .collect();
    for (user, chat) in &customers {
        world.user_says(*chat, *user, QUESTION).unwrap();
    }
    for _ in 0..120 {
        house.leap(Duration::from_secs(60)).await;
    }
    world.clear_orders();
    for (_, chat) in &customers {
        let said = house.said(*chat, 1).await;
        assert!(
            said[0].contains("Sorry"),
            "the wait is spoken of: {}",
            said[0]
        );
    }
}
