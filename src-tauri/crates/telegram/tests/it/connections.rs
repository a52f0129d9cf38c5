//! Connections that the server closes: T5.

use std::time::Duration;

use domain::bot::BotState;

use crate::house::{House, QUESTION};
use crate::rounds::{figure, rounds};

const STEP: Duration = Duration::from_millis(40);

#[tokio::test(start_paused = true)]
async fn t5_connections_that_are_closed_cost_neither_polling_nor_an_answer() {
    let house = House::new().await;
    house.world.close_idle_after(Some(39_000));
    let (anna, chat) = house.customer("Anna");
    let minutes = rounds(4, 60);
    let (mut looks, mut unpolled, mut answers) = (0_u64, 0_u64, 0);
    for _ in 0..minutes {
        for _ in 0..60_000 / STEP.as_millis() {
            house.pass_by(STEP, STEP).await;
            looks += 1;
            unpolled += u64::from(!house.world.polls(house.bot.id));
        }
        // By now every connection that sent something has stood for a minute.
        house.ask(anna, chat, QUESTION).await;
        answers += 1;
    }
    house.pass(Duration::from_secs(5)).await;
    assert_eq!(house.world.said_by_bots(chat).len(), answers);
    assert_eq!(house.state().await, BotState::Running);
    assert!(
        unpolled * 100 <= looks,
        "{unpolled} of {looks} looks found no poll"
    );
    figure("T5", "minutes with connections closed at 39 s", minutes);
    figure(
        "T5",
        "share of time without a poll, percent",
        format!("{:.2}", unpolled as f64 * 100.0 / looks as f64),
    );
    figure("T5", "answers after a minute of silence, lost", 0);
}

#[tokio::test(start_paused = true)]
async fn r12_after_a_long_sleep_of_the_computer_each_bot_is_run_once_and_answers() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    for slept in 1..=3 {
        // The leases of all bots end meanwhile.
        for _ in 0..8 {
            house.leap(Duration::from_secs(3_600)).await;
        }
        house.world.user_says(chat, anna, QUESTION).unwrap();
        house.said(chat, slept).await;
        house.pass(Duration::from_secs(40)).await;
        assert_eq!(house.world.said_by_bots(chat).len(), slept);
        let calls = house.world.calls_of("getUpdates");
        let late = calls
            .iter()
            .filter(|call| call.at_ms > house.world.now_ms() - 30_000 && call.status == 409);
        assert_eq!(late.count(), 0, "two polls of one bot");
    }
}
