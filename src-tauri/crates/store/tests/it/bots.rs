//! Bots: who has which account, who runs it, and who is refused.

use domain::bot::{BotAccount, BotSettings, BotState, Trouble};
use domain::event::Topic;
use store::error::StoreError;

use crate::post::{Writes, another_bot, bot, post, run};
use crate::world::{World, assistant, at, uuid};

#[tokio::test]
async fn a_bot_is_kept_with_its_token_and_one_account_is_one_bot() {
    let (world, shop) = World::owned().await;
    let new = bot(shop.w.id(), shop.assistant_id, 7);
    shop.w
        .create_bot(new.clone(), b"7:secret", "7:", at(1))
        .await
        .unwrap();
    assert_eq!(shop.w.bot(new.id).await.unwrap(), new);
    assert_eq!(shop.w.bots().await.unwrap(), std::slice::from_ref(&new));
    assert_eq!(world.store.bot_anywhere(new.id).await.unwrap(), new);
    let token = shop.w.bot_token(new.id).await.unwrap();
    assert_eq!(token.as_deref(), Some(&b"7:secret"[..]));
    assert_eq!(
        shop.w.bot_token_hint(new.id).await.unwrap().as_deref(),
        Some("7:")
    );

    let twin = bot(shop.w.id(), shop.assistant_id, 7);
    let refused = shop.w.create_bot(twin.clone(), b"x", "", at(2)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    assert_eq!(shop.w.bot_token(twin.id).await.unwrap(), None);
    let stray = bot(shop.w.id(), domain::id::AssistantId(uuid()), 8);
    let refused = shop.w.create_bot(stray, b"x", "", at(2)).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));

    shop.w.remove_bot(new.id, at(3)).await.unwrap();
    assert_eq!(shop.w.bots().await.unwrap(), []);
    assert_eq!(shop.w.bot_token(new.id).await.unwrap(), None);
    shop.w.create_bot(twin, b"x", "", at(4)).await.unwrap();
}

#[tokio::test]
async fn only_one_runs_a_bot_and_whoever_lost_it_is_refused() {
    let (world, shop) = World::owned().await;
    let store = &world.store;
    let new = bot(shop.w.id(), shop.assistant_id, 7);
    let id = new.id;
    shop.w.create_bot(new, b"x", "", at(0)).await.unwrap();
    assert_eq!(store.bots_to_run(at(1)).await.unwrap(), [id]);
    let first = run(store, id, at(1)).await;
    assert_eq!(store.bots_to_run(at(2)).await.unwrap(), []);
    assert_eq!(store.lease_bot(id, "you", at(2), 60).await.unwrap(), None);
    // Its time is over: somebody else takes it.
    let second = store.lease_bot(id, "you", at(61), 60).await.unwrap();
    let second = second.unwrap();
    for refused in [
        store.renew_bot(&first, at(62), 60).await,
        store.set_bot_state(&first, BotState::Running, at(62)).await,
        store.heard_bot(&first, at(62)).await,
        store.set_bot_told(&first, "x".to_owned()).await,
        store.release_bot(&first).await,
        store
            .set_bot_account(&first, BotAccount::default(), at(62))
            .await,
        store
            .take_updates(&first, Vec::new(), 5, at(62))
            .await
            .map(drop),
    ] {
        assert!(matches!(refused, Err(StoreError::Fenced)));
    }
    store.renew_bot(&second, at(100), 60).await.unwrap();
    assert_eq!(store.lease_bot(id, "me", at(150), 60).await.unwrap(), None);
    store.release_bot(&second).await.unwrap();
    assert!(
        store
            .lease_bot(id, "me", at(150), 60)
            .await
            .unwrap()
            .is_some()
    );

    // Nobody else runs on the folder: after a restart every bot is free at once.
    let world = world.reopened().await;
    assert_eq!(world.store.bots_to_run(at(151)).await.unwrap(), [id]);
}

#[tokio::test]
async fn a_change_counts_at_once_and_a_bot_that_is_off_is_not_run() {
    let (world, shop, lease) = post().await;
    let (store, id) = (&world.store, lease.bot.id);
    store
        .set_bot_state(&lease, BotState::Running, at(1))
        .await
        .unwrap();
    let settings = BotSettings {
        staff_chat: -100,
        ..BotSettings::default()
    };
    let assistant_id = shop.assistant_id;
    let changed = shop
        .w
        .change_bot(id, 1, assistant_id, true, settings.clone(), at(2))
        .await
        .unwrap();
    assert_eq!((changed.version, &changed.settings), (2, &settings));
    assert_eq!(changed.state, BotState::Running);
    let lost = store.renew_bot(&lease, at(3), 60).await;
    assert!(matches!(lost, Err(StoreError::Fenced)));
    let late = shop
        .w
        .change_bot(id, 1, assistant_id, true, settings.clone(), at(3))
        .await;
    assert!(matches!(late, Err(StoreError::Conflict)));
    assert_eq!(store.bots_to_run(at(3)).await.unwrap(), [id]);
    let off = shop
        .w
        .change_bot(id, 2, assistant_id, false, settings, at(4))
        .await
        .unwrap();
    assert_eq!(off.state, BotState::Off);
    assert_eq!(store.bots_to_run(at(5)).await.unwrap(), []);
    assert_eq!(store.lease_bot(id, "me", at(5), 60).await.unwrap(), None);
}

#[tokio::test]
async fn another_accounts_token_asks_for_updates_from_the_beginning() {
    let (world, shop, lease) = post().await;
    let (store, id) = (&world.store, lease.bot.id);
    store
        .take_updates(&lease, Vec::new(), 900, at(1))
        .await
        .unwrap();
    store
        .set_bot_told(&lease, "commands".to_owned())
        .await
        .unwrap();
    let same = lease.bot.account.clone();
    shop.w
        .set_bot_token(id, b"new", "", same, at(2))
        .await
        .unwrap();
    let token = shop.w.bot_token(id).await.unwrap();
    assert_eq!(token.as_deref(), Some(&b"new"[..]));
    let again = run(store, id, at(3)).await;
    assert_eq!(again.bot.offset, 900);
    assert_eq!(store.bot_told(&again).await.unwrap(), "");
    let other = BotAccount {
        id: 99,
        ..BotAccount::default()
    };
    shop.w
        .set_bot_token(id, b"other", "", other, at(4))
        .await
        .unwrap();
    assert_eq!(shop.w.bot(id).await.unwrap().offset, 0);
    let third = another_bot(store, &shop, 5).await;
    let taken = shop.w.bot(id).await.unwrap().account;
    let refused = store.set_bot_account(&third, taken, at(5)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
}

#[tokio::test]
async fn an_idle_bot_writes_once_a_minute_at_most() {
    let (world, _shop, lease) = post().await;
    let store = &world.store;
    let writes = Writes::of(&world);
    let mut written = 0;
    for second in (0..600).step_by(10) {
        let before = writes.so_far();
        let now = at(second);
        store.heard_bot(&lease, now).await.unwrap();
        store.renew_bot(&lease, now, 120).await.unwrap();
        store
            .take_updates(&lease, Vec::new(), 0, now)
            .await
            .unwrap();
        store
            .set_bot_state(&lease, BotState::Running, now)
            .await
            .unwrap();
        written += i32::from(writes.so_far() != before);
    }
    // Ten minutes: ten times heard; renewing falls into the same moments.
    assert!(written <= 11, "{written}");
    let bot = store.bot_anywhere(lease.bot.id).await.unwrap();
    assert!(bot.last_heard_at > Some(at(530)));
}

#[tokio::test]
async fn the_same_trouble_goes_on_since_it_began() {
    let (world, shop, lease) = post().await;
    let troubled = |trouble, since| BotState::Troubled {
        trouble,
        since: at(since),
    };
    let first = troubled(Trouble::NeedsToken, 1);
    world
        .store
        .set_bot_state(&lease, first.clone(), at(1))
        .await
        .unwrap();
    let events = shop.w.last_event().await.unwrap();
    let again = troubled(Trouble::NeedsToken, 50);
    world
        .store
        .set_bot_state(&lease, again, at(50))
        .await
        .unwrap();
    assert_eq!(shop.w.bot(lease.bot.id).await.unwrap().state, first);
    assert_eq!(shop.w.last_event().await.unwrap(), events);
    let other = troubled(Trouble::OtherPoller, 51);
    world
        .store
        .set_bot_state(&lease, other, at(51))
        .await
        .unwrap();
    let last = shop.w.events_since(events, 10).await.unwrap();
    assert_eq!(last[0].topic, Topic::Bot);
    assert_eq!(last[0].subject, lease.bot.id.to_string());
}

#[tokio::test]
async fn the_bots_that_heard_something_last_run_first() {
    let (world, shop, first) = post().await;
    let store = &world.store;
    let second = another_bot(store, &shop, 2).await;
    let updates = vec![crate::post::raw(1)];
    store.take_updates(&first, updates, 2, at(9)).await.unwrap();
    let to_run = store.bots_to_run(at(100)).await.unwrap();
    assert_eq!(to_run, [first.bot.id, second.bot.id]);
}

#[tokio::test]
async fn a_bot_goes_with_its_assistant_and_its_token_too() {
    let (_world, shop, lease) = post().await;
    shop.w
        .create_assistant(assistant("Other"), String::new())
        .await
        .unwrap();
    crate::post::write(&shop, lease.bot.id, 5, 1, 1).await;
    shop.w
        .remove_assistant(shop.assistant_id, at(2))
        .await
        .unwrap();
    assert_eq!(shop.w.bots().await.unwrap(), []);
    assert_eq!(shop.w.bot_token(lease.bot.id).await.unwrap(), None);
}
