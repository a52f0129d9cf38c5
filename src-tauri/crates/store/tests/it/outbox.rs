//! The outbox: order, one at a time, parts, repetitions, and what reaches nobody.

use domain::bot::BotLease;
use domain::conversation::ChannelKind;
use domain::delivery::{Content, Outgoing, Place, Press, Sent};
use domain::id::{BotId, PressId};
use store::business::BusinessConnection;
use store::error::StoreError;
use store::outbox::{NewOutgoing, OutboxState};
use store::{Applied, Store};

use crate::post::{
    another_bot, arrival, incoming, letter, notice, of_message, post, raw, spot, tell, write,
};
use crate::world::{Shop, World, at, uuid};

async fn lease_all(store: &Store, now: i64) -> Vec<Outgoing> {
    store
        .lease_outgoing(ChannelKind::Telegram, None, at(now), 200)
        .await
        .unwrap()
}

async fn lease_one(store: &Store, now: i64) -> Outgoing {
    let mut all = lease_all(store, now).await;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn part(chat: i64, remote_id: i64) -> Sent {
    Sent { chat, remote_id }
}

async fn states(shop: &Shop, id: domain::id::MessageId) -> Vec<(OutboxState, String)> {
    shop.w.deliveries(id).await.unwrap()
}

#[tokio::test]
async fn each_conversation_and_place_is_in_order_one_at_a_time_and_many_go_at_once() {
    let (world, shop, lease) = post().await;
    let store = &world.store;
    let anna = write(&shop, lease.bot.id, 1, 1, 1).await.conversation_id;
    let boris = write(&shop, lease.bot.id, 2, 1, 1).await.conversation_id;
    let of_anna = tell(&shop, anna, &["one", "two"]).await;
    let of_boris = tell(&shop, boris, &["one"]).await;
    let card = notice(Place::Console, "card");
    let card_id = card.id;
    shop.w
        .queue_outgoing(anna, vec![card.clone()], at(1))
        .await
        .unwrap();
    // The same delivery again is none.
    shop.w
        .queue_outgoing(anna, vec![card], at(1))
        .await
        .unwrap();

    let first = lease_all(store, 2).await;
    let ids: Vec<_> = first.iter().map(|outgoing| outgoing.id).collect();
    assert_eq!(ids.len(), 3);
    for id in [of_anna[0], of_boris[0], card_id] {
        assert!(ids.contains(&id));
    }
    assert_eq!(lease_all(store, 2).await, []);
    let of_first = first.iter().find(|out| out.id == of_anna[0]).unwrap();
    assert_eq!(of_first.address.chat, 1);
    assert_eq!((of_first.attempts, of_first.may_repeat), (0, false));
    store.outgoing_sent(of_first, None, at(3)).await.unwrap();
    let twice = store.outgoing_sent(of_first, None, at(3)).await;
    assert!(matches!(twice, Err(StoreError::Fenced)));
    assert_eq!(lease_one(store, 3).await.id, of_anna[1]);
}

#[tokio::test]
async fn what_waits_until_later_keeps_its_place_and_says_when() {
    let (world, shop, lease) = post().await;
    let store = &world.store;
    let telegram = ChannelKind::Telegram;
    let said = write(&shop, lease.bot.id, 1, 1, 1).await;
    let ids = tell(&shop, said.conversation_id, &["one", "two"]).await;
    assert_eq!(
        store.next_outgoing_at(telegram, None).await.unwrap(),
        Some(at(0))
    );
    let first = lease_one(store, 2).await;
    assert_eq!(store.next_outgoing_at(telegram, None).await.unwrap(), None);
    store.outgoing_later(&first, at(60), at(2)).await.unwrap();
    assert_eq!(lease_all(store, 59).await, []);
    assert_eq!(
        store.next_outgoing_at(telegram, None).await.unwrap(),
        Some(at(60))
    );
    let again = lease_one(store, 60).await;
    assert_eq!((again.id, again.attempts), (ids[0], 0));
    assert!(again.epoch > first.epoch);
    let stale = store.outgoing_later(&first, at(70), at(61)).await;
    assert!(matches!(stale, Err(StoreError::Fenced)));
    store
        .outgoing_retry(&again, at(70), "502", true, at(61))
        .await
        .unwrap();
    let third = lease_one(store, 70).await;
    assert_eq!(
        (third.id, third.attempts, third.may_repeat),
        (ids[0], 1, true)
    );
    // What may be a repetition stays so until a part of it certainly arrived.
    store
        .outgoing_retry(&third, at(80), "refused", false, at(71))
        .await
        .unwrap();
    let fourth = lease_one(store, 80).await;
    assert_eq!((fourth.attempts, fourth.may_repeat), (2, true));
    store.outgoing_failed(&fourth, "400", at(81)).await.unwrap();
    assert_eq!(lease_one(store, 82).await.id, ids[1]);
}

#[tokio::test]
async fn parts_that_were_taken_stay_taken_over_a_crash() {
    let (mut world, mut shop, lease) = post().await;
    let bot = lease.bot.id;
    let said = write(&shop, bot, 1, 1, 1).await;
    shop.w
        .queue_outgoing(
            said.conversation_id,
            vec![of_message(said.message_id)],
            at(1),
        )
        .await
        .unwrap();
    let first = lease_one(&world.store, 2).await;
    for _ in 0..2 {
        world
            .store
            .outgoing_part(&first, part(1, 10), at(3))
            .await
            .unwrap();
    }
    let workspace = shop.w.id();
    drop(shop);
    world = world.reopened().await;
    shop = Shop {
        w: world.store.workspace(workspace),
        assistant_id: lease.bot.assistant_id,
        member_id: domain::id::MemberId(uuid()),
    };
    let stale = world.store.outgoing_part(&first, part(1, 11), at(4)).await;
    assert!(matches!(stale, Err(StoreError::Fenced)));
    let again = lease_one(&world.store, 5).await;
    assert_eq!(again.sent, [part(1, 10)]);
    assert_eq!((again.attempts, again.may_repeat), (1, true));
    let next = world.store.outgoing_part(&again, part(1, 11), at(6)).await;
    next.unwrap();
    world
        .store
        .outgoing_later(&again, at(6), at(6))
        .await
        .unwrap();
    let last = lease_one(&world.store, 6).await;
    assert_eq!(last.sent, [part(1, 10), part(1, 11)]);
    assert!(!last.may_repeat, "the next part was never begun");
    world.store.outgoing_sent(&last, None, at(7)).await.unwrap();
    assert_eq!(
        states(&shop, said.message_id).await,
        [(OutboxState::Sent, String::new())]
    );
    let stands = world
        .store
        .conversation_of_remote(spot(bot, 1, 11))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stands.message_id, Some(said.message_id));
    assert_eq!(stands.place, Place::Customer);
    let all = shop.w.remote_messages(said.message_id).await.unwrap();
    assert_eq!(all.len(), 3, "the question itself and two parts");
}

#[tokio::test]
async fn bots_take_turns_and_only_those_asked_for_are_leased() {
    let (world, shop, first) = post().await;
    let store = &world.store;
    for chat in 1..=20 {
        let said = write(&shop, first.bot.id, chat, 1, 1).await;
        tell(&shop, said.conversation_id, &["x"]).await;
    }
    let second = another_bot(store, &shop, 2).await;
    let said = write(&shop, second.bot.id, 1, 1, 2).await;
    let of_second = tell(&shop, said.conversation_id, &["y"]).await;
    let some = store.lease_outgoing(ChannelKind::Telegram, None, at(3), 2);
    let some = some.await.unwrap();
    assert_eq!(some.len(), 2);
    assert!(some.iter().any(|outgoing| outgoing.id == of_second[0]));
    let only: [BotId; 1] = [second.bot.id];
    let none = store.lease_outgoing(ChannelKind::Telegram, Some(&only), at(3), 9);
    assert_eq!(none.await.unwrap(), []);
    let at_once = store.next_outgoing_at(ChannelKind::Telegram, Some(&only));
    assert_eq!(at_once.await.unwrap(), None);
    let other = store.lease_outgoing(ChannelKind::Api, None, at(3), 9);
    assert_eq!(other.await.unwrap(), []);
    assert_eq!(lease_all(store, 3).await.len(), 19);
}

#[tokio::test]
async fn buttons_go_with_what_they_stand_under_and_are_pressed_once() {
    let (world, shop, lease) = post().await;
    let store = &world.store;
    let said = write(&shop, lease.bot.id, 1, 1, 1).await;
    let id = PressId(uuid());
    let new = NewOutgoing {
        presses: vec![(id, Press::Take)],
        ..notice(Place::Console, "card")
    };
    shop.w
        .queue_outgoing(said.conversation_id, vec![new], at(1))
        .await
        .unwrap();
    let press = store.press(id).await.unwrap().unwrap();
    assert_eq!((press.press, press.pressed_at), (Press::Take, None));
    assert_eq!(press.conversation_id, said.conversation_id);
    assert_eq!(
        store.mark_pressed(id, at(2)).await.unwrap(),
        Applied::Applied
    );
    assert_eq!(
        store.mark_pressed(id, at(3)).await.unwrap(),
        Applied::AlreadyApplied
    );
    let pressed = store.press(id).await.unwrap().unwrap().pressed_at;
    assert_eq!(pressed, Some(at(2)));
    let unknown = PressId(uuid());
    assert_eq!(store.press(unknown).await.unwrap(), None);
    let refused = store.mark_pressed(unknown, at(2)).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
}

async fn blocked(world: &World, lease: &BotLease, number: i64, since: Option<i64>) -> Applied {
    let store = &world.store;
    store
        .take_updates(lease, vec![raw(number)], number + 1, at(number))
        .await
        .unwrap();
    let who = (lease.bot.id, 1);
    store
        .unreachable_chat(who, since.map(at), Some(number), at(number))
        .await
        .unwrap()
}

#[tokio::test]
async fn nothing_is_sent_to_a_customer_who_blocked_the_bot_until_they_take_it_back() {
    let (world, shop, lease) = post().await;
    let store = &world.store;
    let said = write(&shop, lease.bot.id, 1, 1, 1).await;
    let id = said.conversation_id;
    tell(&shop, id, &["waits"]).await;
    shop.w
        .queue_outgoing(id, vec![notice(Place::Console, "card")], at(1))
        .await
        .unwrap();
    assert_eq!(blocked(&world, &lease, 10, Some(2)).await, Applied::Applied);
    tell(&shop, id, &["comes too late"]).await;
    let only = lease_one(store, 12).await;
    assert_eq!(only.place, Place::Console);
    let row = shop.w.address(id).await.unwrap().unwrap();
    assert_eq!(row.unreachable_since, Some(at(2)));
    assert_eq!(
        store.bot_queue(lease.bot.id).await.unwrap().outbox_failed,
        2
    );

    blocked(&world, &lease, 13, None).await;
    tell(&shop, id, &["arrives"]).await;
    let sent = lease_one(store, 14).await;
    assert!(matches!(&sent.content, Content::Notice { text, .. } if text == "arrives"));
    // Whoever writes can be reached, whatever was known.
    blocked(&world, &lease, 15, Some(15)).await;
    write(&shop, lease.bot.id, 1, 2, 16).await;
    let row = shop.w.address(id).await.unwrap().unwrap();
    assert_eq!(row.unreachable_since, None);
}

#[tokio::test]
async fn a_chat_that_moves_takes_everything_with_it_in_one_step() {
    let (world, shop, lease) = post().await;
    let (store, bot) = (&world.store, lease.bot.id);
    let settings = domain::bot::BotSettings {
        staff_chat: -5,
        ..lease.bot.settings.clone()
    };
    shop.w
        .change_bot(bot, 1, shop.assistant_id, true, settings, at(1))
        .await
        .unwrap();
    let group = write(&shop, bot, -5, 3, 1).await;
    let other = write(&shop, bot, 9, 3, 1).await;
    shop.w
        .set_console_topic(other.conversation_id, bot, -5, 44, at(1))
        .await
        .unwrap();
    let copy = NewOutgoing {
        content: Content::Copy {
            chat: -5,
            remote_id: 70,
            header: String::new(),
        },
        ..notice(Place::Customer, "")
    };
    shop.w
        .queue_outgoing(other.conversation_id, vec![copy], at(1))
        .await
        .unwrap();
    for _ in 0..2 {
        store
            .migrate_chat(bot, -5, -1005, None, at(2))
            .await
            .unwrap();
    }
    let moved = shop.w.address(group.conversation_id).await.unwrap();
    assert_eq!(moved.unwrap().address.chat, -1005);
    let stays = shop.w.address(other.conversation_id).await.unwrap();
    assert_eq!(stays.unwrap().address.chat, 9);
    let topic = store.conversation_of_topic(bot, -1005, 44).await.unwrap();
    assert_eq!(topic, Some((shop.w.id(), other.conversation_id)));
    let stands = store.conversation_of_remote(spot(bot, -1005, 3)).await;
    assert_eq!(stands.unwrap().unwrap().message_id, Some(group.message_id));
    assert_eq!(shop.w.bot(bot).await.unwrap().settings.staff_chat, -1005);
    let sent = lease_one(store, 3).await;
    assert!(matches!(sent.content, Content::Copy { chat: -1005, .. }));
    // The customer goes on in the conversation that they had.
    let next = write(&shop, bot, -1005, 4, 4).await;
    assert_eq!(next.conversation_id, group.conversation_id);
}

fn connection(name: &str, is_enabled: bool) -> BusinessConnection {
    BusinessConnection {
        connection: name.to_owned(),
        owner: 500,
        owner_chat: 500,
        can_reply: true,
        is_enabled,
    }
}

#[tokio::test]
async fn an_owners_account_goes_on_through_a_new_connection_and_nothing_is_sent_through_an_ended_one()
 {
    let (world, shop, lease) = post().await;
    let (store, bot) = (&world.store, lease.bot.id);
    let direct = write(&shop, bot, 1, 7, 1).await;
    let set = |name: &'static str, is_enabled, now| async move {
        store
            .set_business_connection(bot, connection(name, is_enabled), None, at(now))
            .await
            .unwrap()
    };
    set("old", true, 1).await;
    let mut through = letter(bot, 1, 7, at(1));
    through.address.business = "old".to_owned();
    let mut apart = incoming(&shop, through, "Tea?");
    apart.external_id = "old:1:7".to_owned();
    let said = shop.w.receive(apart, arrival(at(1))).await.unwrap();
    assert_ne!(said.conversation_id, direct.conversation_id);
    // The same chat and number, in the owner's account and in the bot's own chat.
    let own = store.conversation_of_remote(spot(bot, 1, 7)).await.unwrap();
    assert_eq!(own.unwrap().message_id, Some(direct.message_id));

    tell(&shop, said.conversation_id, &["waits"]).await;
    set("old", false, 2).await;
    tell(&shop, said.conversation_id, &["too late"]).await;
    assert_eq!(lease_all(store, 3).await, []);
    set("new", true, 4).await;
    let row = shop.w.address(said.conversation_id).await.unwrap();
    assert_eq!(row.unwrap().address.business, "new");
    tell(&shop, said.conversation_id, &["arrives"]).await;
    assert_eq!(lease_one(store, 5).await.address.business, "new");
    let known = store.business_connection(bot, "old").await.unwrap();
    assert_eq!(known, Some(connection("old", false)));
}

#[tokio::test]
async fn a_conversation_without_an_address_has_nothing_to_send() {
    let (_world, shop, _lease) = post().await;
    let said = shop.say("peer", "1", "Tea?", at(1)).await;
    let refused = shop
        .w
        .queue_outgoing(
            said.conversation_id,
            vec![notice(Place::Customer, "x")],
            at(1),
        )
        .await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
    assert_eq!(shop.w.address(said.conversation_id).await.unwrap(), None);
}
