//! Documents in, passages found, and what happens when they change or go.

use app::searching::Within;
use domain::answer::Outcome;
use domain::assistant::AssistantSettings;
use domain::conversation::Message;
use domain::document::{DocumentState, ReadFailure};
use domain::scope::Scope;
use testkit::TestApp;

#[tokio::test]
async fn a_document_is_found_as_soon_as_it_is_read() {
    let shop = TestApp::new().await;
    let document = shop
        .add(
            "delivery.md",
            "# Delivery\n\nDelivery to Kazan takes 3 days and costs 450 roubles.",
        )
        .await;
    assert_eq!(document.state, DocumentState::Ready);
    assert_eq!(document.title, "Delivery");
    let found = shop
        .app
        .search_test(&shop.owner, "how long is delivery to Kazan", 5)
        .await
        .unwrap();
    assert_eq!(found.hits[0].passage.document_id, document.id);
    assert_eq!(found.limited.as_deref(), Some("no_embedder"));
}

#[tokio::test]
async fn the_same_content_twice_is_one_document() {
    let shop = TestApp::new().await;
    let first = shop.add("a.md", "Returns within 14 days.").await;
    let second = shop.add("a.md", "Returns within 14 days.").await;
    assert_eq!(first.id, second.id);
}

#[tokio::test]
async fn a_changed_file_replaces_the_earlier_version() {
    let shop = TestApp::new().await;
    shop.add("prices.csv", "Item,Price\nChain,10 EUR\nBell,5 EUR\n")
        .await;
    shop.add("prices.csv", "Item,Price\nChain,12 EUR\nBell,5 EUR\n")
        .await;
    let found = shop
        .app
        .search_test(&shop.owner, "chain price", 10)
        .await
        .unwrap();
    let texts: Vec<&str> = found
        .hits
        .iter()
        .map(|hit| hit.passage.text.as_str())
        .collect();
    assert!(
        texts.iter().any(|text| text.contains("12 EUR")),
        "{texts:?}"
    );
    assert!(
        texts.iter().all(|text| !text.contains("10 EUR")),
        "{texts:?}"
    );
}

#[tokio::test]
async fn a_removed_document_is_not_found() {
    let shop = TestApp::new().await;
    let document = shop
        .add("secret.txt", "The wholesale discount is 35 percent.")
        .await;
    shop.app
        .remove_document(&shop.owner, document.id)
        .await
        .unwrap();
    let found = shop
        .app
        .search_test(&shop.owner, "wholesale discount", 5)
        .await
        .unwrap();
    assert!(found.hits.is_empty());
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_why_and_hurts_nothing() {
    let shop = TestApp::new().await;
    let broken = shop
        .add("broken.docx", b"PK\x03\x04 this is no archive".to_vec())
        .await;
    assert!(
        matches!(
            broken.state,
            DocumentState::Failed {
                cause: ReadFailure::Damaged | ReadFailure::Unsupported
            }
        ),
        "{:?}",
        broken.state
    );
    let good = shop.add("good.txt", "Open from 9 to 18.").await;
    assert_eq!(good.state, DocumentState::Ready);
}

#[tokio::test]
async fn a_deleted_index_is_built_again_from_the_store() {
    let shop = TestApp::new().await;
    shop.add("hours.txt", "We are open from 9 to 18 on weekdays.")
        .await;
    let workspace = shop.owner.workspace();
    shop.app.reindex(workspace).await.unwrap();
    assert_eq!(shop.app.look_through().await.unwrap().rebuilt, 0);
    let found = shop
        .app
        .search_test(&shop.owner, "when are you open on weekdays", 5)
        .await
        .unwrap();
    assert_eq!(found.hits.len(), 1);
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let shop = TestApp::new().await;
    shop.add("hours.txt", "We are open from 9 to 18 on weekdays.")
        .await;
    let (owner, clock, folder) = (shop.owner.clone(), shop.clock.clone(), shop.folder);
    shop.app.close().await.unwrap();
    drop(shop.app);
    let app = testkit::open(&folder, &clock);
    let found = app
        .search_test(&owner, "when are you open on weekdays", 5)
        .await
        .unwrap();
    assert_eq!(found.hits.len(), 1);
}

#[tokio::test]
async fn an_index_whose_files_are_cut_short_is_built_again_and_answers() {
    let shop = TestApp::new().await;
    shop.add("hours.txt", "We are open from 9 to 18 on weekdays.")
        .await;
    let (owner, clock, folder) = (shop.owner.clone(), shop.clock.clone(), shop.folder);
    shop.app.close().await.unwrap();
    drop(shop.app);
    let index = folder
        .path()
        .join("data/index")
        .join(owner.workspace().to_string());
    for entry in std::fs::read_dir(index).unwrap() {
        let path = entry.unwrap().path();
        let is_segment = path
            .extension()
            .is_some_and(|ending| ending == "store" || ending == "term");
        if is_segment {
            std::fs::OpenOptions::new()
                .write(true)
                .open(&path)
                .unwrap()
                .set_len(3)
                .unwrap();
        }
    }
    let app = testkit::open(&folder, &clock);
    let found = app
        .search_test(&owner, "when are you open on weekdays", 5)
        .await
        .unwrap();
    assert_eq!(found.hits.len(), 1);
}

/// The first answer to a question, in a conversation of its own.
async fn answer_to(shop: &TestApp, question: &str) -> Message {
    let conversation = shop.conversation().await;
    shop.ask(&conversation, question).await
}

#[tokio::test]
async fn a_changed_price_list_shows_its_difference_answers_the_new_price_and_can_be_returned() {
    let shop = TestApp::new().await;
    let old = shop
        .add("prices.csv", "Item,Price\nChain,10 EUR\nBell,5 EUR\n")
        .await;
    shop.clock.pass(60);
    let new = shop
        .add("prices.csv", "Item,Price\nChain,12 EUR\nBell,5 EUR\n")
        .await;
    let compared = shop.app.changes(&shop.owner, new.id, None).await.unwrap();
    assert_eq!((compared.before.id, compared.after.id), (old.id, new.id));
    let difference = compared.difference;
    assert_eq!(
        (difference.added, difference.removed, difference.changed),
        (0, 0, 1)
    );
    let price = &difference.changes[0].cells[1];
    assert_eq!(
        (price.before.as_deref(), price.after.as_deref()),
        (Some("10 EUR"), Some("12 EUR"))
    );
    let answer = answer_to(&shop, "How much is a chain?").await;
    assert!(answer.text.contains("12 EUR"), "{}", answer.text);
    assert_eq!(answer.citations[0].document_id, new.id);

    shop.clock.pass(60);
    shop.app
        .return_to_version(&shop.owner, old.id)
        .await
        .unwrap();
    shop.settle().await;
    let answer = answer_to(&shop, "How much is a chain?").await;
    assert!(answer.text.contains("10 EUR"), "{}", answer.text);
    // What the earlier answer quoted is still there to be looked at.
    let quoted = shop.app.document(&shop.owner, new.id).await.unwrap();
    assert!(quoted.replaced_by.is_some());
}

#[tokio::test]
async fn of_two_price_lists_under_different_names_the_newer_one_is_answered_from() {
    let shop = TestApp::new().await;
    let old = shop
        .add(
            "prices 2025.md",
            "# Prices 2025\n\nA bicycle chain costs 10 EUR.",
        )
        .await;
    shop.clock.pass(60);
    shop.add(
        "prices 2026.md",
        "# Prices 2026\n\nA bicycle chain costs 12 EUR.",
    )
    .await;
    let answer = answer_to(&shop, "How much is a bicycle chain?").await;
    assert!(answer.text.contains("12 EUR"), "{}", answer.text);
    assert!(!answer.text.contains("10 EUR"), "{}", answer.text);
    let found = shop
        .app
        .search_test(&shop.owner, "How much is a bicycle chain?", 5)
        .await
        .unwrap();
    let outdated: Vec<_> = found
        .hits
        .iter()
        .filter(|hit| hit.newer.is_some())
        .collect();
    assert_eq!(outdated.len(), 1);
    assert_eq!(outdated[0].passage.document_id, old.id);
    assert!(outdated[0].added_at < found.hits[0].added_at);
}

#[tokio::test]
async fn an_assistant_limited_to_a_label_never_quotes_anything_else() {
    let shop = TestApp::new().await;
    let public = shop
        .add(
            "delivery.md",
            "# Delivery\n\nDelivery to Kazan takes 3 days.",
        )
        .await;
    let staff = shop
        .add(
            "staff.md",
            "# Staff\n\nThe wholesale discount is 35 percent.",
        )
        .await;
    for (id, label) in [(public.id, "public"), (staff.id, "staff")] {
        let put = vec![label.parse().unwrap()];
        let changed = shop
            .app
            .change_labels(&shop.owner, vec![id], put, Vec::new());
        changed.await.unwrap();
    }
    let discount = "How much is the wholesale discount?";
    let answer = answer_to(&shop, discount).await;
    assert_eq!(answer.outcome, Some(Outcome::Answered), "{}", answer.text);

    let assistant = shop.app.assistants(&shop.owner).await.unwrap().remove(0);
    let settings = AssistantSettings {
        knowledge: Scope {
            sources: Vec::new(),
            labels: vec!["Public".parse().unwrap()],
        },
        ..assistant.settings
    };
    shop.app
        .update_assistant(
            &shop.owner,
            assistant.id,
            &assistant.name,
            settings,
            assistant.version,
        )
        .await
        .unwrap();
    let answer = answer_to(&shop, discount).await;
    assert_eq!(answer.outcome, Some(Outcome::Refused), "{}", answer.text);
    let answer = answer_to(&shop, "How long does delivery to Kazan take?").await;
    assert_eq!(answer.citations[0].document_id, public.id);
    let as_it = Within {
        assistant: Some(assistant.id),
        ..Within::default()
    };
    let found = shop
        .app
        .search_within(&shop.owner, discount, 10, as_it)
        .await
        .unwrap();
    assert!(
        found
            .hits
            .iter()
            .all(|hit| hit.passage.document_id == public.id)
    );
}

#[tokio::test]
async fn a_conversation_can_be_limited_beside_its_assistant() {
    let shop = TestApp::new().await;
    shop.add(
        "delivery.md",
        "# Delivery\n\nDelivery to Kazan takes 3 days.",
    )
    .await;
    let conversation = shop.conversation().await;
    let nothing = Scope {
        sources: Vec::new(),
        labels: vec!["unknown".parse().unwrap()],
    };
    shop.app
        .limit_conversation(&shop.owner, conversation.id, nothing)
        .await
        .unwrap();
    let answer = shop
        .ask(&conversation, "How long does delivery to Kazan take?")
        .await;
    assert_eq!(answer.outcome, Some(Outcome::Refused), "{}", answer.text);
}
