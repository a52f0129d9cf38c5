//! Documents in, passages found, and what happens when they change or go.

use domain::document::{DocumentState, ReadFailure};
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
