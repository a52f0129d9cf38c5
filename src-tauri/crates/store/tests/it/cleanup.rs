//! What the daily cleaning takes and what it leaves.

use domain::conversation::ChannelKind;
use domain::id::{MessageId, SessionId};
use domain::job::Lane;
use store::cleanup::{Cleaning, DELIVERY_DAYS, EVENT_DAYS, RECEIPT_DAYS, TRACE_DAYS};
use store::entry_tokens::EntryPurpose;
use store::sessions::{Session, SessionKind};

use crate::post::{of_message, post, write};
use crate::world::{World, answer, at, lease, uuid};

const DAY: i64 = 86_400;

#[tokio::test]
async fn each_thing_goes_at_its_bound_and_not_before() {
    let (world, shop) = World::owned().await;
    let store = &world.store;
    let session = Session {
        id: SessionId(uuid()),
        member_id: shop.member_id,
        token_hash: [7; 32],
        created_at: at(0),
        last_seen_at: at(0),
        user_agent: String::new(),
        kind: SessionKind::Browser,
        address: String::new(),
    };
    store.create_session(session).await.unwrap();
    let owner = EntryPurpose::SignIn(shop.member_id);
    store.put_entry_token([8; 32], owner, at(60)).await.unwrap();
    let said = shop.say("peer", "1", "Tea?", at(0)).await;
    let held = lease(store, Lane::Answer, at(0)).await.unwrap();
    let commit = answer(said.conversation_id, &[said.message_id]);
    let answered: MessageId = commit.message_id;
    shop.w.commit_answer(&held, commit, at(0)).await.unwrap();
    let last = shop.w.last_event().await.unwrap();

    let fresh = store.clean_up(Cleaning::Remove, at(30)).await.unwrap();
    assert!(fresh.is_empty(), "{fresh:?}");
    assert_eq!(EVENT_DAYS, RECEIPT_DAYS, "both go in one look here");
    let bounds: [(i64, &[(&str, u64)]); 4] = [
        (61, &[("links", 1)]),
        (12 * 3_600 + 1, &[("sessions", 1)]),
        (
            RECEIPT_DAYS * DAY + 1,
            &[("receipts", 1), ("events", last - 1)],
        ),
        (TRACE_DAYS * DAY + 1, &[("traces", 1)]),
    ];
    for (second, expected) in bounds {
        let looked = store.clean_up(Cleaning::Look, at(second)).await.unwrap();
        let found: u64 = looked.rows.values().sum();
        assert_eq!(found, expected.iter().map(|(_, count)| count).sum::<u64>());
        for (what, count) in expected {
            assert_eq!(looked.rows[what], *count, "{what}");
        }
        assert_eq!(
            store.clean_up(Cleaning::Look, at(second)).await.unwrap(),
            looked,
            "looking changes nothing"
        );
        let cleaned = store.clean_up(Cleaning::Remove, at(second)).await.unwrap();
        assert_eq!(cleaned, looked);
        let again = store.clean_up(Cleaning::Remove, at(second)).await.unwrap();
        assert!(again.is_empty());
    }
    assert_eq!(shop.w.last_event().await.unwrap(), last);
    assert!(shop.w.trace(answered).await.unwrap().is_none());
    let messages = shop
        .w
        .messages(said.conversation_id, None, 10)
        .await
        .unwrap();
    assert_eq!(messages.len(), 2, "what was said stays");
}

#[tokio::test]
async fn only_finished_deliveries_go() {
    let (world, shop, bot) = post().await;
    let store = &world.store;
    for number in 0..2 {
        let said = write(&shop, bot.bot.id, 5, number, number).await;
        let held = lease(store, Lane::Answer, at(number)).await.unwrap();
        let mut commit = answer(said.conversation_id, &[said.message_id]);
        commit.outgoing = vec![of_message(commit.message_id)];
        shop.w
            .commit_answer(&held, commit, at(number))
            .await
            .unwrap();
    }
    let channel = ChannelKind::Telegram;
    let first = store.lease_outgoing(channel, None, at(5), 10).await;
    store
        .outgoing_sent(&first.unwrap()[0], None, at(5))
        .await
        .unwrap();
    let much_later = at(DELIVERY_DAYS * DAY + 6);
    let cleaned = store.clean_up(Cleaning::Remove, much_later).await.unwrap();
    assert_eq!(cleaned.rows["deliveries"], 1);
    let left = store.lease_outgoing(channel, None, much_later, 10).await;
    assert_eq!(left.unwrap().len(), 1, "what waits is still sent");
}
