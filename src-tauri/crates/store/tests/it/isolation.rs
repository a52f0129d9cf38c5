//! A row of another workspace is no row at all.

use domain::assistant::AssistantSettings;
use domain::delivery::Rating;
use domain::document::ReadFailure;
use domain::id::{DocumentId, JobId};
use domain::job::Lane;
use domain::language::Language;
use domain::scope::Scope;
use store::assistants::AssistantChange;
use store::conversations::ConversationFilter;
use store::documents::{DocumentFilter, NewDocument};
use store::error::StoreError;
use store::labels::Kinds;
use store::ratings::Review;
use store::receive::Arrival;
use store::unanswered::UnansweredState;

use crate::jobs::second_workspace;
use crate::qa::pair;
use crate::unanswered::refused;
use crate::world::{World, answer, assistant, at, lease, read_done, receive_ids, uuid};

macro_rules! not_found {
    ($($call:expr),+ $(,)?) => {$(
        match $call.await {
            Err(StoreError::NotFound) => {}
            other => panic!("{} answered {:?}", stringify!($call), other.map(|_| "something")),
        }
    )+};
}

#[tokio::test]
async fn ids_of_another_workspace_are_not_found_and_nothing_changes() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let document = shop
        .ready(&world.store, source, "a.txt", "Canary\nsecond", at(1))
        .await;
    let passage = shop.w.passages(document.id, None, 1).await.unwrap()[0].clone();
    shop.w.use_embedder("e").await.unwrap();
    shop.w
        .save_vectors("e", vec![(passage.id, vec![1.0])], at(1))
        .await
        .unwrap();
    let qa = pair("Canary?", false);
    shop.w.put_qa(qa.clone(), at(1)).await.unwrap();
    let (group, rated) = refused(&world, &shop, "Canary for nobody?").await;
    shop.w.rate(rated, Rating::Bad, None, at(1)).await.unwrap();
    let said = shop.say("peer", "1", "Canary?", at(1)).await;
    let held = lease(&world.store, Lane::Answer, at(2)).await.unwrap();
    shop.w
        .put_secret("key", b"canary canary".to_vec(), at(1))
        .await
        .unwrap();
    shop.w
        .set_setting("name", "\"canary\"".to_owned(), at(1))
        .await
        .unwrap();
    let counts = shop.w.counts().await.unwrap();
    let last_event = shop.w.last_event().await.unwrap();

    let w = world.store.workspace(second_workspace(&world).await);
    w.create_assistant(assistant("Other"), String::new())
        .await
        .unwrap();
    w.use_embedder("e").await.unwrap();
    let now = at(3);
    let file = world.store.put_file(&b"x"[..], 10).await.unwrap();
    let stray = NewDocument {
        id: DocumentId(uuid()),
        source_id: source,
        name: "x".to_owned(),
        media_type: String::new(),
        file,
        job_id: JobId(uuid()),
    };
    let settings = AssistantSettings::default;
    let incoming = shop.incoming("peer", "2", "Hello");
    let commit = answer(said.conversation_id, &[said.message_id]);
    not_found!(
        w.source(source),
        w.remove_source(source, now),
        w.add_document(stray, now),
        w.document(document.id),
        w.document_text(document.id),
        w.remove_document(document.id, now),
        w.document_versions(document.id),
        w.return_to_version(document.id, DocumentId(uuid()), JobId(uuid()), now),
        w.change_labels(
            vec![document.id],
            vec!["x".parse().unwrap()],
            Vec::new(),
            now
        ),
        w.limit_conversation(said.conversation_id, Scope::default()),
        w.reread_document(document.id, JobId(uuid()), now),
        w.passages(document.id, None, 10),
        w.document_read(&held, document.id, read_done(document.id, "x"), now),
        w.document_failed(&held, document.id, ReadFailure::Empty, now),
        w.reading(&held, document.id, 1, 1, now),
        w.qa(qa.id),
        w.remove_qa(qa.id, now),
        w.save_qa_vectors("e", qa.id, vec![vec![1.0]]),
        w.assistant(shop.assistant_id),
        w.assistant_versions(shop.assistant_id),
        w.assistant_version(shop.assistant_id, 1),
        w.update_assistant(
            shop.assistant_id,
            AssistantChange {
                name: "x".to_owned(),
                settings: settings(),
                expected_version: 1,
                changed_by: String::new(),
                returned_to: None,
            },
            now
        ),
        w.remove_assistant(shop.assistant_id, now),
        w.receive(
            incoming,
            Arrival::of_words(receive_ids(), Language::EN, now)
        ),
        w.conversation(said.conversation_id),
        w.conversation_peer(said.conversation_id),
        w.messages(said.conversation_id, None, 10),
        w.unanswered(said.conversation_id),
        w.message(said.message_id),
        w.remove_conversation(said.conversation_id, now),
        w.commit_answer(&held, commit, now),
        w.retry_job(held.job.id, now),
        w.unanswered_one(group),
        w.answer_unanswered(group, pair("x", false), now),
        w.dismiss_unanswered(group, now),
        w.return_unanswered(group, now),
        w.review(rated, Review::Done, now),
        w.answer_rated(rated, pair("x", false), now),
    );
    let open = w.unanswered_list(UnansweredState::Open, false, None, 10);
    assert_eq!(open.await.unwrap().items, []);
    assert_eq!(w.known_unanswered().await.unwrap(), []);
    assert_eq!(w.low_rated(None, 10).await.unwrap().items, []);
    assert_eq!(w.past_answers(shop.assistant_id).await.unwrap(), []);
    assert_eq!(w.home(at(0)).await.unwrap().asked, 0);
    let none = w.passages_by_id(vec![passage.id]).await.unwrap();
    assert_eq!(none, []);
    assert_eq!(w.document_titles(vec![document.id]).await.unwrap(), []);
    assert_eq!(w.trace(said.message_id).await.unwrap(), None);
    assert_eq!(w.secret("key").await.unwrap(), None);
    assert_eq!(w.setting("name").await.unwrap(), None);
    assert_eq!(w.qa_vectors("e").await.unwrap(), []);
    assert_eq!(w.all_qa().await.unwrap(), []);
    assert!(w.documents_in(Scope::default()).await.unwrap().is_empty());
    assert_eq!(w.document_kinds().await.unwrap(), Kinds::default());
    let documents = w.documents(DocumentFilter::default(), None, 10).await;
    assert_eq!(documents.unwrap().items, []);
    let filter = ConversationFilter::default();
    let conversations = w.conversations(filter, None, 10).await.unwrap();
    assert_eq!(conversations.items, []);
    assert_eq!(w.jobs(None, None, 10).await.unwrap().items, []);
    let feed = w.index_feed(0, 10).await.unwrap();
    assert!(!format!("{feed:?}").contains("Canary"));
    // A vector for a foreign passage is left out like one for a passage that is gone.
    w.save_vectors("e", vec![(passage.id, vec![0.0])], now)
        .await
        .unwrap();

    assert_eq!(shop.w.counts().await.unwrap(), counts);
    assert_eq!(shop.w.last_event().await.unwrap(), last_event);
    let feed = shop.w.index_feed(0, 100).await.unwrap();
    assert!(format!("{feed:?}").contains("[1.0]"));
    world.store.renew_lease(&held, now, 60).await.unwrap();
}

#[tokio::test]
async fn nothing_can_be_written_for_a_workspace_that_is_not_there() {
    let (world, shop) = World::owned().await;
    let w = world.store.workspace(domain::id::WorkspaceId(uuid()));
    not_found!(
        w.create_assistant(assistant("x"), String::new()),
        w.put_qa(pair("x", false), at(1)),
        w.set_setting("x", "1".to_owned(), at(1)),
        w.put_secret("x", b"x".to_vec(), at(1)),
        w.enqueue(JobId(uuid()), domain::job::Task::Embed, at(1)),
        w.receive(
            shop.incoming("p", "1", "x"),
            Arrival::of_words(receive_ids(), Language::EN, at(1))
        ),
        w.last_event(),
        w.index_feed(0, 1),
    );
}
