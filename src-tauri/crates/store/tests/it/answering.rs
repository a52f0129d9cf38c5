//! Receiving and answering.

use domain::answer::Outcome;
use domain::conversation::Author;
use domain::event::Topic;
use domain::id::{ConversationId, JobId, MessageId};
use domain::job::{JobState, Lane};
use store::Applied;
use store::answers::StoppedAnswer;
use store::error::StoreError;
use store::receive::Arrival;

use crate::post::{of_message, post, write};
use crate::world::{World, answer, at, lease, receive_ids, uuid};
use domain::conversation::ChannelKind;
use domain::language::Language;
use domain::trace::Trace;

#[tokio::test]
async fn the_same_message_twice_is_one_message() {
    let (world, shop) = World::owned().await;
    let first = shop.say("peer", "1", "How much is tea?", at(1)).await;
    let second = shop.say("peer", "1", "How much is tea?", at(2)).await;
    assert_eq!(first.applied, Applied::Applied);
    assert_eq!(second.applied, Applied::AlreadyApplied);
    assert_eq!(second.message_id, first.message_id);
    let messages = shop
        .w
        .messages(first.conversation_id, None, 10)
        .await
        .unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].author, Author::Contact);
    let conversation = shop.w.conversation(first.conversation_id).await.unwrap();
    assert_eq!(conversation.title, "How much is tea?");
    assert_eq!(world.store.job_counts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn two_peers_may_use_the_same_external_id() {
    let (_world, shop) = World::owned().await;
    let anna = shop.say("anna", "1", "Tea?", at(1)).await;
    let boris = shop.say("boris", "1", "Coffee?", at(1)).await;
    assert_eq!(boris.applied, Applied::Applied);
    assert_ne!(anna.conversation_id, boris.conversation_id);
}

#[tokio::test]
async fn later_messages_of_a_peer_arrive_in_the_same_conversation() {
    let (_world, shop) = World::owned().await;
    let first = shop.say("peer", "1", "Tea?", at(1)).await;
    let second = shop.say("peer", "2", "Green tea?", at(2)).await;
    assert_eq!(first.conversation_id, second.conversation_id);
    let unanswered = shop.w.unanswered(first.conversation_id).await.unwrap();
    let seqs: Vec<_> = unanswered.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, [1, 2]);
}

#[tokio::test]
async fn an_answer_is_kept_whole_and_its_job_is_gone() {
    let (world, shop) = World::owned().await;
    let said = shop.say("peer", "1", "Tea?", at(1)).await;
    let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    let commit = answer(said.conversation_id, &[said.message_id]);
    let committed = shop
        .w
        .commit_answer(&held, commit.clone(), at(3))
        .await
        .unwrap();
    assert_eq!(committed.applied, Applied::Applied);
    assert_eq!(committed.message.seq, 2);
    let question = shop.w.message(said.message_id).await.unwrap();
    assert_eq!(question.answered_by, Some(commit.message_id));
    assert_eq!(
        shop.w.trace(commit.message_id).await.unwrap(),
        Some(commit.trace.clone())
    );
    let usage = shop.w.usage(0).await.unwrap();
    assert_eq!((usage[0].answers, usage[0].prompt_tokens), (1, 10));
    assert_eq!(usage[0].assistant_id, Some(shop.assistant_id));
    assert_eq!(world.store.job_counts().await.unwrap(), []);

    let again = shop.w.commit_answer(&held, commit, at(4)).await.unwrap();
    assert_eq!(again.applied, Applied::AlreadyApplied);
    assert_eq!(again.message, committed.message);
    assert_eq!(shop.w.usage(0).await.unwrap()[0].answers, 1);
    let events = shop.w.events_since(0, 200).await.unwrap();
    let last = events.last().unwrap();
    assert_eq!(last.topic, Topic::Conversation);
    assert_eq!(last.subject, said.conversation_id.to_string());
}

#[tokio::test]
async fn messages_that_arrive_meanwhile_leave_exactly_one_fresh_job() {
    let (world, shop) = World::owned().await;
    let first = shop.say("peer", "1", "Tea?", at(1)).await;
    let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    shop.say("peer", "2", "Or coffee?", at(2)).await;
    shop.say("peer", "3", "Or water?", at(2)).await;
    assert!(lease(&world.store, Lane::Answer, at(3)).await.is_none());
    let commit = answer(first.conversation_id, &[first.message_id]);
    shop.w.commit_answer(&held, commit, at(4)).await.unwrap();
    let counts = world.store.job_counts().await.unwrap();
    assert_eq!(counts, [(Lane::Answer, JobState::Queued, 1)]);
    let next = lease(&world.store, Lane::Answer, at(5)).await.unwrap();
    let rest = shop.w.unanswered(first.conversation_id).await.unwrap();
    let rest: Vec<_> = rest.iter().map(|message| message.id).collect();
    assert_eq!(rest.len(), 2);
    let commit = answer(first.conversation_id, &rest);
    shop.w.commit_answer(&next, commit, at(6)).await.unwrap();
    assert_eq!(world.store.job_counts().await.unwrap(), []);
}

#[tokio::test]
async fn a_message_without_a_job_of_its_own_gets_one_with_the_answer() {
    let (world, shop) = World::owned().await;
    let first = shop.say("peer", "1", "Tea?", at(1)).await;
    shop.say("peer", "2", "Coffee?", at(1)).await;
    let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    let commit = answer(first.conversation_id, &[first.message_id]);
    let next_job = commit.next_job;
    shop.w.commit_answer(&held, commit, at(3)).await.unwrap();
    let next = lease(&world.store, Lane::Answer, at(4)).await.unwrap();
    assert_eq!(next.job.id, next_job);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_cannot_answer() {
    let (world, shop) = World::owned().await;
    let said = shop.say("peer", "1", "Tea?", at(1)).await;
    let slow = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    let fast = lease(&world.store, Lane::Answer, at(100)).await.unwrap();
    assert!(fast.epoch > slow.epoch);
    let late = answer(said.conversation_id, &[said.message_id]);
    let late_id = late.message_id;
    let refused = shop.w.commit_answer(&slow, late, at(101)).await;
    assert!(matches!(refused, Err(StoreError::Fenced)));
    assert!(matches!(
        shop.w.message(late_id).await,
        Err(StoreError::NotFound)
    ));
    let good = answer(said.conversation_id, &[said.message_id]);
    shop.w.commit_answer(&fast, good, at(102)).await.unwrap();
    let refused = world.store.renew_lease(&slow, at(103), 60).await;
    assert!(matches!(refused, Err(StoreError::Fenced)));
}

#[tokio::test]
async fn nothing_of_an_answer_is_kept_when_a_part_of_it_cannot_be() {
    let (world, shop) = World::owned().await;
    let said = shop.say("peer", "1", "Tea?", at(1)).await;
    let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    let commit = answer(said.conversation_id, &[said.message_id]);
    shop.w.commit_answer(&held, commit, at(3)).await.unwrap();
    shop.w
        .enqueue(JobId(uuid()), held.job.task.clone(), at(4))
        .await
        .unwrap();
    let events = shop.w.last_event().await.unwrap();
    let held = lease(&world.store, Lane::Answer, at(5)).await.unwrap();
    // The question is answered already: the last step of the operation refuses.
    let second = answer(said.conversation_id, &[said.message_id]);
    let refused = shop.w.commit_answer(&held, second.clone(), at(6)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    assert!(shop.w.message(second.message_id).await.is_err());
    assert_eq!(shop.w.usage(0).await.unwrap()[0].answers, 1);
    assert_eq!(shop.w.last_event().await.unwrap(), events);
    let counts = shop.w.counts().await.unwrap();
    assert_eq!(counts.messages, 2);
    world.store.finish_job(&held).await.unwrap();
}

#[tokio::test]
async fn a_delivery_is_sent_in_order_and_says_when_it_may_repeat() {
    let (mut world, mut shop, bot) = post().await;
    for number in [1, 2] {
        let said = write(&shop, bot.bot.id, 5, number, 1).await;
        let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
        let mut commit = answer(said.conversation_id, &[said.message_id]);
        commit.outgoing = vec![of_message(commit.message_id)];
        shop.w.commit_answer(&held, commit, at(3)).await.unwrap();
    }
    let channel = ChannelKind::Telegram;
    let first = world.store.lease_outgoing(channel, None, at(4), 10).await;
    let first = first.unwrap().remove(0);
    assert_eq!((first.address.chat, first.may_repeat), (5, false));
    let early = world.store.lease_outgoing(channel, None, at(4), 10).await;
    assert_eq!(early.unwrap(), []);

    let id = shop.w.id();
    world = world.reopened().await;
    shop.w = world.store.workspace(id);
    let again = world.store.lease_outgoing(channel, None, at(5), 10).await;
    let again = again.unwrap().remove(0);
    assert_eq!((again.id, again.may_repeat), (first.id, true));
    let stale = world.store.outgoing_sent(&first, None, at(6)).await;
    assert!(matches!(stale, Err(StoreError::Fenced)));
    world
        .store
        .outgoing_sent(&again, None, at(6))
        .await
        .unwrap();
    let second = world.store.lease_outgoing(channel, None, at(7), 10).await;
    assert_ne!(second.unwrap()[0].id, first.id);
}

#[tokio::test]
async fn a_conversation_can_begin_before_anything_is_said() {
    let (_world, shop) = World::owned().await;
    let ids = receive_ids();
    let conversation = domain::conversation::Conversation {
        id: ids.conversation,
        assistant_id: shop.assistant_id,
        contact_id: ids.contact,
        channel: ChannelKind::Playground,
        title: String::new(),
        language: Language::UNKNOWN,
        created_at: at(1),
        last_at: at(1),
    };
    let peer = ids.conversation.to_string();
    shop.w
        .create_conversation(conversation, &peer)
        .await
        .unwrap();
    let mut incoming = shop.incoming(&peer, "1", "Tea?");
    incoming.channel = ChannelKind::Playground;
    let received = shop
        .w
        .receive(
            incoming,
            Arrival::of_words(receive_ids(), Language::EN, at(2)),
        )
        .await
        .unwrap();
    assert_eq!(received.conversation_id, ids.conversation);
    let kept = shop.w.conversation_peer(ids.conversation).await.unwrap();
    assert_eq!(kept, peer);
}

fn stopped(conversation_id: ConversationId, text: &str) -> StoppedAnswer {
    StoppedAnswer {
        conversation_id,
        message_id: MessageId(uuid()),
        text: text.to_owned(),
        trace: Trace::default(),
        next_job: JobId(uuid()),
    }
}

#[tokio::test]
async fn a_stopped_answer_keeps_what_was_shown_and_the_worker_is_refused() {
    let (world, shop) = World::owned().await;
    let said = shop.say("peer", "1", "Tea?", at(1)).await;
    let joined = shop.say("peer", "2", "Green?", at(2)).await;
    let conversation = said.conversation_id;
    let held = lease(&world.store, Lane::Answer, at(3)).await.unwrap();
    let stop = stopped(conversation, "It is");
    let stood = shop
        .w
        .stop_answer(joined.message_id, stop, at(4))
        .await
        .unwrap();
    assert_eq!(stood.applied, Applied::Applied);
    assert_eq!(stood.message.outcome, Some(Outcome::Stopped));
    assert_eq!(stood.message.text, "It is");
    for id in [said.message_id, joined.message_id] {
        let asked = shop.w.message(id).await.unwrap();
        assert_eq!(asked.answered_by, Some(stood.message.id));
    }
    assert_eq!(world.store.job_counts().await.unwrap(), []);
    let late = answer(conversation, &[said.message_id]);
    let refused = shop.w.commit_answer(&held, late, at(5)).await;
    assert!(matches!(refused, Err(StoreError::Fenced)));
    let usage = shop.w.usage(0).await.unwrap();
    assert!(usage.is_empty(), "nothing is counted");
    let again = shop
        .w
        .stop_answer(said.message_id, stopped(conversation, "other"), at(6))
        .await
        .unwrap();
    assert_eq!(again.applied, Applied::AlreadyApplied);
    assert_eq!(again.message.id, stood.message.id);

    // What was said after the question is answered.
    let first = shop.say("peer", "a", "Milk?", at(6)).await;
    let second = shop.say("peer", "b", "Sugar?", at(6)).await;
    let stop = stopped(conversation, "");
    shop.w
        .stop_answer(first.message_id, stop, at(6))
        .await
        .unwrap();
    let waiting = shop.w.unanswered(conversation).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].id, second.message_id);
    let held = lease(&world.store, Lane::Answer, at(6)).await.unwrap();
    let commit = answer(conversation, &[second.message_id]);
    shop.w.commit_answer(&held, commit, at(6)).await.unwrap();

    // A later message goes on as ever.
    let later = shop.say("peer", "3", "Coffee?", at(7)).await;
    let held = lease(&world.store, Lane::Answer, at(8)).await.unwrap();
    let waiting = shop.w.unanswered(conversation).await.unwrap();
    assert_eq!(waiting.len(), 1);
    let commit = answer(conversation, &[later.message_id]);
    let answered = shop.w.commit_answer(&held, commit, at(9)).await.unwrap();
    let stop = stopped(conversation, "too late");
    let whole = shop
        .w
        .stop_answer(later.message_id, stop, at(10))
        .await
        .unwrap();
    assert_eq!(
        whole.message.id, answered.message.id,
        "the answer was faster"
    );
    let elsewhere = shop.say("another", "1", "Tea?", at(11)).await;
    let mixed = stopped(elsewhere.conversation_id, "");
    let refused = shop.w.stop_answer(said.message_id, mixed, at(12)).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
}
