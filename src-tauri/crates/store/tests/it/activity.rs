//! The series behind the charts.

use domain::answer::Outcome;
use domain::job::Lane;
use domain::time::Timestamp;

use crate::world::{World, answer, at, lease};

const DAY: i64 = 86_400;

fn edges(days: i64) -> Vec<Timestamp> {
    (0..=days).map(|day| at(day * DAY)).collect()
}

#[tokio::test]
async fn each_day_tells_what_was_asked_what_became_of_it_and_how_long_people_waited() {
    let (world, shop) = World::owned().await;
    let mut peer = 0;
    for (asked, waited, outcome) in [
        (10, 2, Outcome::Answered),
        (20, 8, Outcome::Refused),
        (30, 5, Outcome::AnsweredByQa),
        // Asked at the end of a day and answered on the next: they waited on the day when they asked.
        (2 * DAY - 1, 60, Outcome::HandedOver),
    ] {
        peer += 1;
        let said = shop
            .say(&format!("peer {peer}"), "1", "Tea?", at(asked))
            .await;
        let held = lease(&world.store, Lane::Answer, at(asked)).await.unwrap();
        let mut commit = answer(said.conversation_id, &[said.message_id]);
        commit.outcome = outcome;
        let answered = at(asked + waited);
        shop.w.commit_answer(&held, commit, answered).await.unwrap();
    }
    let activity = shop.w.activity(edges(3)).await.unwrap();
    assert_eq!(activity.whole_since, None);
    let [first, second, third] = &activity.days[..] else {
        panic!("{activity:?}");
    };
    let counts = (
        first.conversations,
        first.asked,
        first.answered,
        first.refused,
    );
    assert_eq!(counts, (3, 3, 2, 1), "{first:?}");
    assert_eq!(first.median_wait_ms, Some(5000));
    assert_eq!((second.asked, second.handed_over), (1, 0));
    assert_eq!(second.median_wait_ms, Some(60_000));
    assert_eq!(
        (third.asked, third.handed_over, third.median_wait_ms),
        (0, 1, None)
    );
}

#[tokio::test]
async fn nobody_asks_for_days_and_nothing_comes() {
    let (_world, shop) = World::owned().await;
    shop.say("peer", "1", "Tea?", at(1)).await;
    assert_eq!(shop.w.activity(Vec::new()).await.unwrap().days, []);
    let one_edge = shop.w.activity(edges(0)).await.unwrap();
    assert_eq!(one_edge.days, []);
}
