//! Handoffs: nobody answers beside a person, two operators never have the same conversation.

use domain::conversation::{Author, Note};
use domain::delivery::{Place, Rating};
use domain::event::Topic;
use domain::handoff::rules::HandoffRules;
use domain::handoff::{Act, Handoff, Operator, OperatorId, Transition};
use domain::id::{ConversationId, JobId, MessageId, NoteId};
use domain::job::Lane;
use store::Applied;
use store::error::StoreError;
use store::handoffs::{HandoffName, MemberSays, NewHandoff, Transit};

use crate::post::{notice, post, raw, spot, write};
use crate::world::{Shop, answer, at, lease, uuid};

fn operator(id: i64) -> Operator {
    Operator {
        id: OperatorId::Telegram(id),
        name: format!("Operator {id}"),
    }
}

fn after(from: &Handoff, act: Act, now: i64) -> NewHandoff {
    NewHandoff {
        transition: from.after(act, at(now), &HandoffRules::default()).unwrap(),
        idle_at: Some(at(now + 1_800)),
    }
}

fn transit(handoff: NewHandoff) -> Transit {
    Transit {
        handoff,
        outgoing: Vec::new(),
        answer: None,
        update: None,
    }
}

fn take(from: &Handoff, by: i64, now: i64) -> Transit {
    transit(after(from, Act::Take { by: operator(by) }, now))
}

fn says(by: i64, text: &str, handoff: Option<NewHandoff>) -> MemberSays {
    MemberSays {
        message_id: MessageId(uuid()),
        by: operator(by),
        text: text.to_owned(),
        handoff,
        pause_until: None,
        outgoing: Vec::new(),
        spot: None,
        update: None,
    }
}

async fn now_has(shop: &Shop, id: ConversationId) -> Handoff {
    shop.w.handoff(id).await.unwrap()
}

#[tokio::test]
async fn two_operators_cannot_take_the_same_conversation() {
    let (_world, shop, bot) = post().await;
    let id = write(&shop, bot.bot.id, 1, 1, 1).await.conversation_id;
    assert_eq!(now_has(&shop, id).await, Handoff::Ai);
    let first = take(&Handoff::Ai, 1, 2);
    let second = take(&Handoff::Ai, 2, 2);
    let (one, two) = tokio::join!(
        shop.w.transit(id, first.clone(), at(2)),
        shop.w.transit(id, second, at(2))
    );
    let outcomes = [one, two];
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(won, 1);
    assert!(
        outcomes
            .iter()
            .any(|outcome| matches!(outcome, Err(StoreError::Conflict)))
    );
    let log = shop.w.handoff_log(id).await.unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].to, now_has(&shop, id).await);
    let events = shop.w.events_since(0, 200).await.unwrap();
    assert!(events.iter().any(|event| event.topic == Topic::Handoff));
}

#[tokio::test]
async fn taking_a_conversation_fences_off_whoever_is_answering() {
    let (world, shop, bot) = post().await;
    let said = write(&shop, bot.bot.id, 1, 1, 1).await;
    let id = said.conversation_id;
    let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    let taken = take(&Handoff::Ai, 1, 2);
    shop.w.transit(id, taken.clone(), at(2)).await.unwrap();
    // The same press again.
    let again = shop.w.transit(id, taken, at(2)).await.unwrap();
    assert_eq!(again, Applied::AlreadyApplied);
    let late = answer(id, &[said.message_id]);
    let refused = shop.w.commit_answer(&held, late, at(3)).await;
    assert!(matches!(refused, Err(StoreError::Fenced)));

    // A job that was asked for in spite of it does not answer either.
    let task = domain::job::Task::Answer {
        conversation_id: id,
    };
    shop.w.enqueue(JobId(uuid()), task, at(3)).await.unwrap();
    let held = lease(&world.store, Lane::Answer, at(4)).await.unwrap();
    let late = answer(id, &[said.message_id]);
    let refused = shop.w.commit_answer(&held, late, at(4)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    world.store.finish_job(&held).await.unwrap();

    // What the customer writes meanwhile goes to the person.
    let mut arrival = crate::post::arrival(at(5));
    arrival.relay = vec![notice(Place::Console, "relayed")];
    let letter = crate::post::letter(bot.bot.id, 1, 2, at(5));
    let incoming = crate::post::incoming(&shop, letter, "Hello?");
    let more = shop.w.receive(incoming, arrival).await.unwrap();
    assert!(more.silent && more.relayed && !more.dropped);
    assert!(lease(&world.store, Lane::Answer, at(6)).await.is_none());
    let relayed = world
        .store
        .lease_outgoing(domain::conversation::ChannelKind::Telegram, None, at(6), 9)
        .await
        .unwrap();
    assert_eq!((relayed.len(), relayed[0].place), (1, Place::Console));
    crate::kill::holds(&rusqlite::Connection::open(world.data().join("chatai.db")).unwrap());

    // Handed back, and the assistant is to answer what is unanswered.
    let taken = now_has(&shop, id).await;
    let back = after(&taken, Act::HandBack { by: operator(1) }, 7);
    let back = Transit {
        answer: Some(JobId(uuid())),
        ..transit(back)
    };
    shop.w.transit(id, back, at(7)).await.unwrap();
    let held = lease(&world.store, Lane::Answer, at(8)).await.unwrap();
    let waiting = shop.w.unanswered(id).await.unwrap();
    let waiting: Vec<_> = waiting.iter().map(|message| message.id).collect();
    assert_eq!(waiting, [said.message_id, more.message_id]);
    let commit = answer(id, &waiting);
    shop.w.commit_answer(&held, commit, at(8)).await.unwrap();
}

#[tokio::test]
async fn what_an_operator_says_answers_what_was_asked_and_takes_the_conversation() {
    let (world, shop, bot) = post().await;
    let store = &world.store;
    let said = write(&shop, bot.bot.id, 1, 1, 1).await;
    let id = said.conversation_id;
    store
        .take_updates(&bot, vec![raw(1)], 2, at(1))
        .await
        .unwrap();
    let typed = Act::OperatorTypes { by: operator(4) };
    let mut words = says(4, "It is 4 euros.", Some(after(&Handoff::Ai, typed, 2)));
    words.outgoing = vec![crate::post::of_message(words.message_id)];
    words.spot = Some((Place::Console, spot(bot.bot.id, -100, 9)));
    words.update = Some((bot.bot.id, 1));
    let first = shop.w.member_says(id, words.clone(), at(2)).await.unwrap();
    assert_eq!(first, Applied::Applied);
    let again = shop.w.member_says(id, words.clone(), at(2)).await.unwrap();
    assert_eq!(again, Applied::AlreadyApplied);
    let mut repeated = words.clone();
    repeated.message_id = MessageId(uuid());
    let again = shop.w.member_says(id, repeated, at(2)).await.unwrap();
    assert_eq!(again, Applied::AlreadyApplied);

    let message = shop.w.message(words.message_id).await.unwrap();
    assert_eq!(message.author, Author::Operator(4));
    assert_eq!(message.operator, "Operator 4");
    let asked = shop.w.message(said.message_id).await.unwrap();
    assert_eq!(asked.answered_by, Some(words.message_id));
    assert!(lease(store, Lane::Answer, at(3)).await.is_none());
    let stands = store
        .conversation_of_remote(spot(bot.bot.id, -100, 9))
        .await;
    assert_eq!(stands.unwrap().unwrap().message_id, Some(words.message_id));
    // Their next words change nothing but when they count as idle.
    let taken = now_has(&shop, id).await;
    assert_eq!(taken.operator(), Some(&operator(4)));
    let typed = Act::OperatorTypes { by: operator(4) };
    let more = says(4, "And a cup.", Some(after(&taken, typed, 100)));
    shop.w.member_says(id, more, at(100)).await.unwrap();
    assert_eq!(shop.w.handoff_log(id).await.unwrap().len(), 1);
    assert_eq!(store.idle_handoffs(at(1_899), 10).await.unwrap(), []);
    let idle = store.idle_handoffs(at(1_900), 10).await.unwrap();
    assert_eq!(idle, [(shop.w.id(), id)]);
    // Another one who did not see it is refused, and nothing of theirs is kept.
    let typed = Act::OperatorTypes { by: operator(5) };
    let late = says(5, "Five!", Some(after(&Handoff::Ai, typed, 101)));
    let late_id = late.message_id;
    let refused = shop.w.member_says(id, late, at(101)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    assert!(shop.w.message(late_id).await.is_err());
}

#[tokio::test]
async fn an_answer_can_ask_for_a_person_in_the_same_step() {
    let (world, shop, bot) = post().await;
    let said = write(&shop, bot.bot.id, 1, 1, 1).await;
    let id = said.conversation_id;
    let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    let joined = write(&shop, bot.bot.id, 1, 2, 2).await;
    let words = "a person".to_owned();
    let mut commit = answer(id, &[said.message_id]);
    commit.handoff = Some(after(&Handoff::Ai, Act::CustomerAsks { words }, 3));
    commit.outgoing = vec![
        crate::post::of_message(commit.message_id),
        notice(Place::Console, "somebody asks for you"),
    ];
    shop.w.commit_answer(&held, commit, at(3)).await.unwrap();
    let requested = now_has(&shop, id).await;
    assert!(requested.is_assistant_silent());
    let unanswered = shop.w.unanswered(id).await.unwrap();
    assert_eq!(unanswered[0].id, joined.message_id);
    assert!(lease(&world.store, Lane::Answer, at(4)).await.is_none());
    let queue = world.store.bot_queue(bot.bot.id).await.unwrap();
    assert_eq!(queue.outbox_queued, 2);
    let waiting = shop
        .w
        .handoffs(Some(HandoffName::Requested), None, 10)
        .await;
    let waiting = waiting.unwrap().items;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].conversation.id, id);
    assert_eq!(
        (&waiting[0].handoff, waiting[0].contact_name.as_str()),
        (&requested, "Anna")
    );
    let taken = shop.w.handoffs(Some(HandoffName::Taken), None, 10).await;
    assert_eq!(taken.unwrap().items, []);
    crate::kill::holds(&rusqlite::Connection::open(world.data().join("chatai.db")).unwrap());
}

#[tokio::test]
async fn an_answer_whose_transition_begins_elsewhere_is_refused_whole() {
    let (world, shop, bot) = post().await;
    let said = write(&shop, bot.bot.id, 1, 1, 1).await;
    let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    let mut commit = answer(said.conversation_id, &[said.message_id]);
    let stale = Handoff::HandedBack { at: at(1) };
    commit.handoff = Some(after(&stale, Act::LowConfidence, 3));
    let id = commit.message_id;
    let refused = shop.w.commit_answer(&held, commit, at(3)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    assert!(shop.w.message(id).await.is_err());
    world.store.renew_lease(&held, at(4), 60).await.unwrap();
}

#[tokio::test]
async fn a_closed_conversation_that_is_written_to_is_the_assistants_again() {
    let (world, shop, bot) = post().await;
    let id = write(&shop, bot.bot.id, 1, 1, 1).await.conversation_id;
    let close = after(&Handoff::Ai, Act::Close { by: operator(1) }, 2);
    shop.w.transit(id, transit(close), at(2)).await.unwrap();
    assert!(lease(&world.store, Lane::Answer, at(3)).await.is_none());
    crate::kill::holds(&rusqlite::Connection::open(world.data().join("chatai.db")).unwrap());
    let again = write(&shop, bot.bot.id, 1, 2, 4).await;
    assert!(!again.silent && !again.relayed);
    assert_eq!(now_has(&shop, id).await, Handoff::Ai);
    let log: Vec<Transition> = shop.w.handoff_log(id).await.unwrap();
    assert_eq!(log.last().unwrap().act, Act::Reopen);
    assert!(lease(&world.store, Lane::Answer, at(5)).await.is_some());
}

#[tokio::test]
async fn an_owners_own_words_keep_the_assistant_silent_for_a_while() {
    let (world, shop, bot) = post().await;
    let said = write(&shop, bot.bot.id, 1, 1, 1).await;
    let id = said.conversation_id;
    let words = MemberSays {
        pause_until: Some(at(1_800)),
        ..says(500, "I am here.", None)
    };
    shop.w.member_says(id, words, at(2)).await.unwrap();
    assert_eq!(now_has(&shop, id).await, Handoff::Ai);
    let during = write(&shop, bot.bot.id, 1, 2, 100).await;
    assert!(during.silent && !during.relayed);
    assert!(lease(&world.store, Lane::Answer, at(101)).await.is_none());
    crate::kill::holds(&rusqlite::Connection::open(world.data().join("chatai.db")).unwrap());
    let later = write(&shop, bot.bot.id, 1, 3, 1_800).await;
    assert!(!later.silent);
    let paused = shop.w.pause_address(id, at(9_000), None, at(1_801)).await;
    assert_eq!(paused.unwrap(), Applied::Applied);
    assert!(lease(&world.store, Lane::Answer, at(1_802)).await.is_none());
}

#[tokio::test]
async fn what_a_banned_contact_writes_is_dropped_and_nothing_is_sent_to_them() {
    let (world, shop, bot) = post().await;
    let said = write(&shop, bot.bot.id, 1, 1, 1).await;
    let id = said.conversation_id;
    let contact = shop.w.conversation(id).await.unwrap().contact_id;
    crate::post::tell(&shop, id, &["waits"]).await;
    assert_eq!(shop.w.profile(contact).await.unwrap().name, "Anna");
    shop.w
        .set_contact_details(contact, "anna@example.org", "", at(2))
        .await
        .unwrap();
    let banned = shop.w.ban(contact, None, at(3)).await.unwrap();
    assert_eq!(banned, Applied::Applied);
    let again = shop.w.ban(contact, None, at(3)).await.unwrap();
    assert_eq!(again, Applied::AlreadyApplied);
    assert!(lease(&world.store, Lane::Answer, at(4)).await.is_none());
    let queue = world.store.bot_queue(bot.bot.id).await.unwrap();
    assert_eq!((queue.outbox_queued, queue.outbox_failed), (0, 1));
    let dropped = write(&shop, bot.bot.id, 1, 2, 5).await;
    assert!(dropped.dropped);
    assert!(shop.w.message(dropped.message_id).await.is_err());
    crate::kill::holds(&rusqlite::Connection::open(world.data().join("chatai.db")).unwrap());
    shop.w.unban(contact, None, at(6)).await.unwrap();
    let profile = shop.w.profile(contact).await.unwrap();
    assert_eq!(
        (profile.is_banned, profile.email.as_str()),
        (false, "anna@example.org")
    );
    assert!(!write(&shop, bot.bot.id, 1, 3, 7).await.dropped);
}

#[tokio::test]
async fn ratings_are_of_answers_and_the_last_one_counts() {
    let (world, shop, bot) = post().await;
    let said = write(&shop, bot.bot.id, 1, 1, 1).await;
    let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    let commit = answer(said.conversation_id, &[said.message_id]);
    let id = commit.message_id;
    shop.w.commit_answer(&held, commit, at(2)).await.unwrap();
    for (rating, applied) in [
        (Rating::Good, Applied::Applied),
        (Rating::Good, Applied::AlreadyApplied),
        (Rating::Bad, Applied::Applied),
    ] {
        assert_eq!(shop.w.rate(id, rating, None, at(3)).await.unwrap(), applied);
    }
    let ratings = shop.w.ratings(said.conversation_id).await.unwrap();
    assert_eq!(ratings, [(id, Rating::Bad)]);
    let refused = shop
        .w
        .rate(said.message_id, Rating::Good, None, at(3))
        .await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn notes_are_kept_once_and_are_no_messages() {
    let (_world, shop, bot) = post().await;
    let id = write(&shop, bot.bot.id, 1, 1, 1).await.conversation_id;
    let note = Note {
        id: NoteId(uuid()),
        conversation_id: id,
        by: operator(1),
        text: "careful".to_owned(),
        created_at: at(2),
    };
    for applied in [Applied::Applied, Applied::AlreadyApplied] {
        assert_eq!(shop.w.add_note(note.clone(), None).await.unwrap(), applied);
    }
    assert_eq!(shop.w.notes(id).await.unwrap(), [note]);
    assert_eq!(shop.w.messages(id, None, 10).await.unwrap().len(), 1);
}
