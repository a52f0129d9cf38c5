//! Updates: none lost, none taken twice, whatever their numbers.

use domain::bot::{MAX_UPDATE, RawUpdate, UPDATE_DAYS};
use store::Applied;
use store::cleanup::Cleaning;
use store::error::StoreError;
use store::updates::UpdateEnd;

use crate::post::{another_bot, arrival, incoming, letter, post, raw};
use crate::world::{at, uuid};

#[tokio::test]
async fn an_update_is_taken_once_and_the_place_to_go_on_with_it() {
    let (world, shop, lease) = post().await;
    let (store, id) = (&world.store, lease.bot.id);
    let new = store
        .take_updates(&lease, vec![raw(5), raw(6)], 7, at(1))
        .await;
    assert_eq!(new.unwrap(), 2);
    // The same ones come again after a crash before the next poll.
    let new = store
        .take_updates(&lease, vec![raw(5), raw(6), raw(7)], 8, at(2))
        .await;
    assert_eq!(new.unwrap(), 1);
    let bot = shop.w.bot(id).await.unwrap();
    assert_eq!((bot.offset, bot.last_update_at), (8, Some(at(2))));
    assert_eq!(
        store.waiting_updates(id, 10).await.unwrap(),
        [raw(5), raw(6), raw(7)]
    );
    // What was dealt with is known still.
    let done = store.end_update(id, 5, UpdateEnd::Done, at(3)).await;
    assert_eq!(done.unwrap(), Applied::Applied);
    let again = store.end_update(id, 5, UpdateEnd::Done, at(3)).await;
    assert_eq!(again.unwrap(), Applied::AlreadyApplied);
    let new = store.take_updates(&lease, vec![raw(5)], 8, at(4)).await;
    assert_eq!(new.unwrap(), 0);
    assert_eq!(
        store.waiting_updates(id, 10).await.unwrap(),
        [raw(6), raw(7)]
    );
    // Two bots may have the same number.
    let other = another_bot(store, &shop, 2).await;
    let new = store.take_updates(&other, vec![raw(6)], 7, at(5)).await;
    assert_eq!(new.unwrap(), 1);
}

#[tokio::test]
async fn numbers_that_jump_down_are_new_and_come_in_the_order_of_arrival() {
    let (world, shop, lease) = post().await;
    let (store, id) = (&world.store, lease.bot.id);
    let high = 50_000_000;
    store
        .take_updates(&lease, vec![raw(high)], high + 1, at(1))
        .await
        .unwrap();
    let low: Vec<_> = (1..=100).map(raw).collect();
    let new = store
        .take_updates(&lease, low.clone(), 101, at(2))
        .await
        .unwrap();
    assert_eq!(new, 100);
    assert_eq!(shop.w.bot(id).await.unwrap().offset, 101);
    let waiting = store.waiting_updates(id, 200).await.unwrap();
    assert_eq!(waiting[0], raw(high));
    assert_eq!(waiting[1..], low);
    assert_eq!(store.waiting_updates(id, 3).await.unwrap().len(), 3);
}

#[tokio::test]
async fn what_is_too_large_or_cannot_be_read_is_kept_aside() {
    let (world, _shop, lease) = post().await;
    let (store, id) = (&world.store, lease.bot.id);
    let huge = RawUpdate {
        update_id: 1,
        body: "x".repeat(MAX_UPDATE + 1),
    };
    let new = store
        .take_updates(&lease, vec![huge.clone(), raw(2), raw(3), raw(4)], 5, at(1))
        .await;
    assert_eq!(new.unwrap(), 4);
    let new = store.take_updates(&lease, vec![huge], 5, at(2)).await;
    assert_eq!(new.unwrap(), 0);
    assert_eq!(
        store.waiting_updates(id, 10).await.unwrap(),
        [raw(2), raw(3), raw(4)]
    );
    let unreadable = UpdateEnd::Unreadable("no such kind".to_owned());
    store.end_update(id, 2, unreadable, at(3)).await.unwrap();
    let ignored = UpdateEnd::Ignored("not addressed".to_owned());
    store.end_update(id, 3, ignored, at(3)).await.unwrap();
    let queue = store.bot_queue(id).await.unwrap();
    assert_eq!((queue.waiting, queue.unreadable), (1, 2));
    assert_eq!(queue.oldest_waiting_at, Some(at(1)));

    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    let mut bodies = conn
        .prepare("SELECT body FROM bot_updates ORDER BY seq")
        .unwrap();
    let bodies: Vec<String> = bodies
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(bodies, ["{}", &raw(2).body, "", &raw(4).body]);
}

#[tokio::test]
async fn a_pushed_update_is_taken_once() {
    let (world, _shop, lease) = post().await;
    let (store, id) = (&world.store, lease.bot.id);
    let mut hints = store.changed();
    assert!(store.take_pushed_update(id, raw(1), at(1)).await.unwrap());
    assert!(!store.take_pushed_update(id, raw(1), at(2)).await.unwrap());
    assert_eq!(store.waiting_updates(id, 10).await.unwrap(), [raw(1)]);
    let hint = hints.recv().await.unwrap();
    assert_eq!(hint.topics, [domain::event::Topic::Bot]);
    let nobody = domain::id::BotId(uuid());
    let refused = store.take_pushed_update(nobody, raw(1), at(1)).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn receiving_ends_the_update_and_the_same_one_again_is_one_message() {
    let (world, shop, lease) = post().await;
    let (store, id) = (&world.store, lease.bot.id);
    store
        .take_updates(&lease, vec![raw(1)], 2, at(1))
        .await
        .unwrap();
    let mut first = arrival(at(2));
    first.update = Some((id, 1));
    let written = letter(id, 77, 5, at(1));
    let said = shop
        .w
        .receive(incoming(&shop, written.clone(), "Tea?"), first)
        .await
        .unwrap();
    assert_eq!(store.waiting_updates(id, 10).await.unwrap(), []);
    let mut second = arrival(at(3));
    second.update = Some((id, 1));
    let again = shop
        .w
        .receive(incoming(&shop, written, "Tea?"), second)
        .await
        .unwrap();
    assert_eq!(again.applied, Applied::AlreadyApplied);
    assert_eq!(again.message_id, said.message_id);
}

#[tokio::test]
async fn updates_are_forgotten_after_their_days_but_not_those_that_wait() {
    let (world, _shop, lease) = post().await;
    let (store, id) = (&world.store, lease.bot.id);
    store
        .take_updates(&lease, vec![raw(1), raw(2)], 3, at(1))
        .await
        .unwrap();
    store
        .end_update(id, 1, UpdateEnd::Done, at(1))
        .await
        .unwrap();
    let days = UPDATE_DAYS * 86_400;
    let early = store.clean_up(Cleaning::Remove, at(days)).await.unwrap();
    assert_eq!(early.rows["updates"], 0);
    let cleaned = store
        .clean_up(Cleaning::Remove, at(days + 2))
        .await
        .unwrap();
    assert_eq!(cleaned.rows["updates"], 1);
    assert_eq!(store.waiting_updates(id, 10).await.unwrap(), [raw(2)]);
}
