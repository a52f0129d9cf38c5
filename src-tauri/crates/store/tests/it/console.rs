//! The operators' console: topics, and finding the way back from what stands at the messenger.

use store::Applied;
use store::error::StoreError;

use crate::post::{post, raw, spot, write};
use crate::world::at;

#[tokio::test]
async fn a_conversation_has_one_topic_and_a_topic_one_conversation() {
    let (world, shop, bot) = post().await;
    let (store, id) = (&world.store, bot.bot.id);
    let anna = write(&shop, id, 1, 1, 1).await.conversation_id;
    let boris = write(&shop, id, 2, 1, 1).await.conversation_id;
    assert_eq!(shop.w.console_topic(anna).await.unwrap(), None);
    let set = |conversation, thread| {
        shop.w
            .set_console_topic(conversation, id, -100, thread, at(2))
    };
    assert_eq!(set(anna, 7).await.unwrap(), Applied::Applied);
    assert_eq!(set(anna, 7).await.unwrap(), Applied::AlreadyApplied);
    assert!(matches!(set(anna, 8).await, Err(StoreError::Conflict)));
    assert!(matches!(set(boris, 7).await, Err(StoreError::Conflict)));
    let found = store.conversation_of_topic(id, -100, 7).await.unwrap();
    assert_eq!(found, Some((shop.w.id(), anna)));

    assert_eq!(shop.w.close_topic(anna).await.unwrap(), Applied::Applied);
    let closed = shop.w.close_topic(anna).await.unwrap();
    assert_eq!(closed, Applied::AlreadyApplied);
    let topic = shop.w.console_topic(anna).await.unwrap().unwrap();
    assert!(topic.is_closed);
    assert_eq!(shop.w.reopen_topic(anna).await.unwrap(), Applied::Applied);

    let dropped = store.drop_topic(id, -100, 7).await.unwrap();
    assert_eq!(dropped, Applied::Applied);
    let dropped = store.drop_topic(id, -100, 7).await.unwrap();
    assert_eq!(dropped, Applied::AlreadyApplied);
    let found = store.conversation_of_topic(id, -100, 7).await.unwrap();
    assert_eq!(found, None);
    assert_eq!(set(anna, 9).await.unwrap(), Applied::Applied);
}

#[tokio::test]
async fn conversations_may_share_the_group_itself_and_it_leads_to_none_of_them() {
    let (world, shop, bot) = post().await;
    let id = bot.bot.id;
    for chat in [1, 2] {
        let said = write(&shop, id, chat, 1, 1).await;
        shop.w
            .set_console_topic(said.conversation_id, id, -100, 0, at(2))
            .await
            .unwrap();
    }
    let found = world.store.conversation_of_topic(id, -100, 0).await;
    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn a_customers_edit_changes_the_words_and_marks_them() {
    let (world, shop, bot) = post().await;
    let (store, id) = (&world.store, bot.bot.id);
    let said = write(&shop, id, 1, 5, 1).await;
    store
        .take_updates(&bot, vec![raw(1)], 2, at(1))
        .await
        .unwrap();
    let edit = |text: &'static str| shop.w.edit_received(spot(id, 1, 5), text, Some(1), at(2));
    assert_eq!(edit("Coffee?").await.unwrap(), Some(said.message_id));
    assert_eq!(edit("Milk?").await.unwrap(), None, "dealt with before");
    let message = shop.w.message(said.message_id).await.unwrap();
    assert_eq!(message.text, "Coffee?");
    assert_eq!(message.edited_at, Some(at(2)));
    let unknown = shop.w.edit_received(spot(id, 1, 6), "x", None, at(3)).await;
    assert_eq!(unknown.unwrap(), None);
}

#[tokio::test]
async fn what_a_messenger_told_is_kept_with_the_message() {
    let (world, shop, bot) = post().await;
    let mut letter = crate::post::letter(bot.bot.id, 1, 5, at(1));
    letter.quoted = "the green one".to_owned();
    letter.reply_to = Some(4);
    letter.album = "a".to_owned();
    let mut arrival = crate::post::arrival(at(3));
    arrival.answer_after_ms = 1_000;
    let incoming = crate::post::incoming(&shop, letter.clone(), "Tea?");
    let said = shop.w.receive(incoming, arrival).await.unwrap();
    let kept = shop.w.letter(said.message_id).await.unwrap().unwrap();
    assert_eq!(kept.sender, letter.sender);
    assert_eq!(kept.sent_at, at(1));
    assert_eq!(
        (kept.reply_to, kept.quoted.as_str()),
        (Some(4), "the green one")
    );
    // The answer waits for the other parts.
    let lane = domain::job::Lane::Answer;
    assert!(
        crate::world::lease(&world.store, lane, at(3))
            .await
            .is_none()
    );
    assert_eq!(world.store.next_job_at(lane).await.unwrap(), Some(at(4)));
    assert!(
        crate::world::lease(&world.store, lane, at(4))
            .await
            .is_some()
    );
    let held = world.store.conversation_at(letter.address).await.unwrap();
    assert_eq!(held, Some((shop.w.id(), said.conversation_id)));
}
