//! Unanswered questions, low-rated answers, and the workspace at a glance.

use std::time::Instant;

use domain::answer::Outcome;
use domain::conversation::ChannelKind;
use domain::delivery::Rating;
use domain::handoff::{Operator, OperatorId};
use domain::id::{MessageId, UnansweredId};
use domain::job::Lane;
use domain::language::Language;
use domain::time::Timestamp;
use store::Applied;
use store::error::StoreError;
use store::handoffs::MemberSays;
use store::ratings::Review;
use store::receive::Received;
use store::unanswered::{NewUnanswered, UnansweredRow, UnansweredState};

use crate::qa::pair;
use crate::world::{Shop, World, answer, at, lease, uuid};

/// A question of a customer of its own that is refused; its group, and the refusal.
pub async fn refused(world: &World, shop: &Shop, question: &str) -> (UnansweredId, MessageId) {
    let group = UnansweredId(uuid());
    let peer = uuid().to_string();
    let (_, refusal) = refused_as(world, shop, group, (&peer, question), at(1)).await;
    (group, refusal)
}

async fn refused_as(
    world: &World,
    shop: &Shop,
    group: UnansweredId,
    (peer, question): (&str, &str),
    now: Timestamp,
) -> (Received, MessageId) {
    let said = shop.say(peer, &uuid().to_string(), question, now).await;
    let held = lease(&world.store, Lane::Answer, now).await.unwrap();
    let mut commit = answer(said.conversation_id, &[said.message_id]);
    commit.outcome = Outcome::Refused;
    commit.unanswered = Some(NewUnanswered {
        group,
        question: question.to_owned(),
        language: Language::EN,
        embedder: "e".to_owned(),
        vector: vec![1.0],
    });
    let refusal = commit.message_id;
    shop.w.commit_answer(&held, commit, now).await.unwrap();
    (said, refusal)
}

async fn list(shop: &Shop, state: UnansweredState) -> Vec<UnansweredRow> {
    shop.w
        .unanswered_list(state, false, None, 50)
        .await
        .unwrap()
        .items
}

fn says(text: &str) -> MemberSays {
    MemberSays {
        message_id: MessageId(uuid()),
        by: Operator {
            id: OperatorId::Telegram(7),
            name: "Anna".to_owned(),
        },
        text: text.to_owned(),
        handoff: None,
        pause_until: None,
        outgoing: Vec::new(),
        spot: None,
        update: None,
    }
}

#[tokio::test]
async fn questions_of_one_group_are_counted_and_the_most_asked_come_first() {
    let (world, shop) = World::owned().await;
    let (once, often) = (UnansweredId(uuid()), UnansweredId(uuid()));
    refused_as(
        &world,
        &shop,
        often,
        ("a", "Do you repair scooters?"),
        at(1),
    )
    .await;
    refused_as(&world, &shop, once, ("b", "Is there a car park?"), at(2)).await;
    let (last, _) = refused_as(&world, &shop, often, ("c", "Scooter repair?"), at(3)).await;

    let rows = list(&shop, UnansweredState::Open).await;
    assert_eq!(
        rows.iter().map(|row| row.id).collect::<Vec<_>>(),
        [often, once]
    );
    assert_eq!((rows[0].asked, rows[0].last_at), (2, at(3)));
    assert_eq!(rows[0].question, "Scooter repair?");
    assert_eq!(rows[0].conversation_id, last.conversation_id);
    assert_eq!(rows[0].languages, [Language::EN]);
    assert_eq!(rows[0].channels, [ChannelKind::Api]);

    let first = shop
        .w
        .unanswered_list(UnansweredState::Open, false, None, 1);
    let first = first.await.unwrap();
    let second = shop
        .w
        .unanswered_list(UnansweredState::Open, false, first.next, 1)
        .await
        .unwrap();
    assert_eq!((second.items[0].id, second.next), (once, None));
    let known = shop.w.known_unanswered().await.unwrap();
    assert_eq!(
        (known.len(), known[0].vector.as_slice()),
        (2, [1.0].as_slice())
    );
}

#[tokio::test]
async fn a_written_answer_is_a_pair_and_asked_again_the_group_is_open_again() {
    let (world, shop) = World::owned().await;
    let (group, _) = refused(&world, &shop, "Is there a car park?").await;
    let qa = pair("Is there a car park?", false);
    shop.w
        .answer_unanswered(group, qa.clone(), at(4))
        .await
        .unwrap();
    assert_eq!(list(&shop, UnansweredState::Open).await, []);
    assert_eq!(
        shop.w.unanswered_one(group).await.unwrap().qa_id,
        Some(qa.id)
    );
    assert_eq!(shop.w.qa(qa.id).await.unwrap(), qa);
    assert_eq!(shop.w.known_unanswered().await.unwrap(), []);
    let twice = shop.w.answer_unanswered(group, pair("x", false), at(5));
    assert!(matches!(twice.await, Err(StoreError::Conflict)));
    refused_as(&world, &shop, group, ("z", "Is there a car park?"), at(6)).await;
    assert_eq!(list(&shop, UnansweredState::Open).await.len(), 1);
}

#[tokio::test]
async fn a_dismissed_group_is_still_counted_and_comes_back() {
    let (world, shop) = World::owned().await;
    let (group, _) = refused(&world, &shop, "Who won the cup?").await;
    for expected in [Applied::Applied, Applied::AlreadyApplied] {
        assert_eq!(
            shop.w.dismiss_unanswered(group, at(4)).await.unwrap(),
            expected
        );
    }
    refused_as(&world, &shop, group, ("z", "Who won?"), at(5)).await;
    assert_eq!(list(&shop, UnansweredState::Open).await, []);
    assert_eq!(list(&shop, UnansweredState::Dismissed).await[0].asked, 2);
    shop.w.return_unanswered(group, at(6)).await.unwrap();
    assert_eq!(list(&shop, UnansweredState::Open).await.len(), 1);
}

#[tokio::test]
async fn a_persons_reply_is_suggested_and_a_greeting_is_not_the_reply() {
    let (world, shop) = World::owned().await;
    let group = UnansweredId(uuid());
    let asked = ("a", "Do you repair scooters?");
    let (said, _) = refused_as(&world, &shop, group, asked, at(1)).await;
    let suggested = || {
        shop.w
            .unanswered_list(UnansweredState::Open, true, None, 10)
    };
    assert_eq!(suggested().await.unwrap().items, []);
    for text in ["Hello!", "Yes, on Tuesdays and Fridays."] {
        let id = said.conversation_id;
        shop.w.member_says(id, says(text), at(2)).await.unwrap();
    }
    let reply = suggested().await.unwrap().items.remove(0).reply.unwrap();
    assert_eq!(reply.text, "Yes, on Tuesdays and Fridays.");
    assert_eq!(
        (reply.by.as_str(), reply.conversation_id),
        ("Anna", said.conversation_id)
    );
}

#[tokio::test]
async fn what_was_asked_in_a_removed_conversation_is_forgotten() {
    let (world, shop) = World::owned().await;
    let group = UnansweredId(uuid());
    let (first, _) = refused_as(&world, &shop, group, ("a", "My name is Canary?"), at(1)).await;
    let (second, _) = refused_as(&world, &shop, group, ("b", "What is yours?"), at(2)).await;
    let remove = |id| shop.w.remove_conversation(id, at(3));
    remove(second.conversation_id).await.unwrap();
    let rows = list(&shop, UnansweredState::Open).await;
    assert_eq!(
        (rows[0].asked, rows[0].question.as_str()),
        (1, "My name is Canary?")
    );
    remove(first.conversation_id).await.unwrap();
    let gone = shop.w.unanswered_one(group).await;
    assert!(matches!(gone, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn low_rated_answers_wait_until_somebody_is_done_with_them() {
    let (world, shop) = World::owned().await;
    let (_, refusal) = refused(&world, &shop, "Tea?").await;
    shop.w
        .rate(refusal, Rating::Bad, None, at(2))
        .await
        .unwrap();
    let waiting = async || shop.w.low_rated(None, 10).await.unwrap().items;
    let rated = waiting().await.remove(0);
    assert_eq!(
        (rated.question.as_str(), rated.answer.as_str()),
        ("Tea?", "It is 4 euros.")
    );
    shop.w.review(refusal, Review::Done, at(3)).await.unwrap();
    assert_eq!(waiting().await, []);
    shop.w.review(refusal, Review::Again, at(3)).await.unwrap();
    assert_eq!(waiting().await.len(), 1);
    let qa = pair("Tea?", false);
    shop.w
        .answer_rated(refusal, qa.clone(), at(4))
        .await
        .unwrap();
    assert_eq!(
        (waiting().await, shop.w.qa(qa.id).await.unwrap()),
        (vec![], qa)
    );
    let liked = shop
        .w
        .answer_rated(MessageId(uuid()), pair("x", false), at(5));
    assert!(matches!(liked.await, Err(StoreError::NotFound)));
    let pairs = shop.w.all_qa().await.unwrap();
    assert_eq!(pairs.len(), 1, "nothing of what failed is kept");
}

#[tokio::test]
async fn the_glance_counts_the_day_and_what_waits() {
    let (world, shop) = World::owned().await;
    refused(&world, &shop, "Is there a car park?").await;
    let said = shop.say("a", "1", "Tea?", at(100)).await;
    let held = lease(&world.store, Lane::Answer, at(100)).await.unwrap();
    let commit = answer(said.conversation_id, &[said.message_id]);
    shop.w.commit_answer(&held, commit, at(101)).await.unwrap();
    let day = shop.w.home(at(0)).await.unwrap();
    assert_eq!(
        (day.asked, day.answered, day.refused, day.handed_over),
        (2, 1, 1, 0)
    );
    assert_eq!((day.unanswered, day.low_rated, day.waiting), (1, 0, 0));
    assert!(!day.has_assistant && !day.has_recovery && day.bots.is_empty());
    let later = shop.w.home(at(50)).await.unwrap();
    assert_eq!((later.asked, later.answered, later.refused), (1, 1, 0));
    shop.w.put_qa(pair("x", false), at(102)).await.unwrap();
    assert_eq!(shop.w.home(at(50)).await.unwrap().qa, 1);
}

#[tokio::test]
async fn a_hundred_thousand_conversations_are_looked_at_soon() {
    if std::env::var_os("SLOW").is_none() {
        return;
    }
    let (world, shop) = World::owned().await;
    refused(&world, &shop, "The one that all others are made from?").await;
    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    conn.execute_batch(
        "CREATE TEMP TABLE numbers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
             SELECT i, randomblob(16) AS v, randomblob(16) AS m, randomblob(16) AS a, randomblob(16) AS g FROM n;
         BEGIN;
         INSERT INTO conversations (workspace_id, id, assistant_id, contact_id, channel, title, language, last_seq,
                 created_at, last_at)
             SELECT c.workspace_id, n.v, c.assistant_id, c.contact_id, c.channel, 't', 'en', 2, c.created_at - n.i,
                 c.last_at - n.i * 60000000 FROM numbers n, (SELECT * FROM conversations LIMIT 1) c;
         INSERT INTO messages (workspace_id, id, conversation_id, seq, author, text, citations, engine, answered_by,
                 created_at)
             SELECT m.workspace_id, n.m, n.v, 1, 'contact', 'Question ' || n.i, '[]', '', n.a,
                 m.created_at - n.i * 60000000
             FROM numbers n, (SELECT * FROM messages WHERE author = 'contact' LIMIT 1) m;
         INSERT INTO messages (workspace_id, id, conversation_id, seq, author, text, outcome, citations, engine,
                 created_at)
             SELECT m.workspace_id, n.a, n.v, 2, 'assistant', 'No.', 'refused', '[]', '',
                 m.created_at - n.i * 60000000
             FROM numbers n, (SELECT * FROM messages WHERE author = 'assistant' LIMIT 1) m;
         INSERT INTO unanswered (workspace_id, id, state, asked, languages, channels, last_at)
             SELECT u.workspace_id, n.g, 'open', 10, '[]', '[]', u.last_at - n.i
             FROM numbers n, (SELECT * FROM unanswered LIMIT 1) u WHERE n.i % 10 = 0;
         INSERT INTO unanswered_asked (workspace_id, message_id, unanswered_id, conversation_id, question, at)
             SELECT a.workspace_id, n.m, o.g, n.v, 'Question ' || n.i, a.at - n.i
             FROM numbers n JOIN numbers o ON o.i = (n.i / 10 + 1) * 10, (SELECT * FROM unanswered_asked LIMIT 1) a;
         COMMIT;",
    )
    .unwrap();
    let begun = Instant::now();
    let page = shop
        .w
        .unanswered_list(UnansweredState::Open, false, None, 50);
    assert_eq!(page.await.unwrap().items.len(), 50);
    println!("a page of unanswered questions: {:?}", begun.elapsed());
    let begun = Instant::now();
    assert_eq!(shop.w.known_unanswered().await.unwrap().len(), 1_000);
    println!("what a question is compared with: {:?}", begun.elapsed());
    let begun = Instant::now();
    let day = shop.w.home(at(-86_400)).await.unwrap();
    println!("home, {} asked: {:?}", day.asked, begun.elapsed());
}
