//! Folders of this computer as sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::error::ErrorCode;
use domain::following::{Followed, ItemState, Trouble, Vanished};
use domain::member::Role;
use store::documents::DocumentFilter;
use tempfile::TempDir;
use testkit::TestApp;

use crate::sites::{documents, items, look_again};

/// A folder beside the data, as it is called without links.
fn folder() -> (TempDir, PathBuf) {
    let place = TempDir::new().unwrap();
    let path = fs::canonicalize(place.path()).unwrap();
    (place, path)
}

async fn follow(test: &TestApp, path: &Path) -> Followed {
    let path = path.to_str().unwrap();
    let followed = test
        .app
        .follow_folder(&test.owner, path, Vanished::Remove)
        .await
        .unwrap();
    test.settle().await;
    test.app
        .followed(&test.owner, followed.source_id)
        .await
        .unwrap()
}

async fn names(test: &TestApp) -> Vec<String> {
    let documents = documents(test).await.into_iter();
    let mut names: Vec<String> = documents.map(|document| document.name).collect();
    names.sort();
    names
}

#[tokio::test]
async fn files_come_change_and_go_with_the_folder() {
    let test = TestApp::new().await;
    let (_place, path) = folder();
    fs::create_dir(path.join("sub")).unwrap();
    fs::write(path.join("prices.txt"), "A helmet costs 40 euro.").unwrap();
    fs::write(path.join("sub/hours.md"), "# Hours\n\nOpen from 9 to 18.").unwrap();
    fs::write(path.join(".hidden.txt"), "hidden").unwrap();
    let followed = follow(&test, &path).await;
    assert_eq!(names(&test).await, ["prices.txt", "sub/hours.md"]);

    fs::write(path.join("prices.txt"), "A helmet costs 45 euro now.").unwrap();
    fs::write(path.join("new.txt"), "Delivery takes two days.").unwrap();
    fs::remove_file(path.join("sub/hours.md")).unwrap();
    // Nobody tells it; the regular look finds it.
    test.clock.pass(600);
    test.settle().await;
    assert_eq!(names(&test).await, ["new.txt", "prices.txt"]);
    let page = test
        .app
        .documents(&test.owner, DocumentFilter::default(), None, 200)
        .await
        .unwrap();
    let prices = page
        .items
        .into_iter()
        .find(|document| document.name == "prices.txt")
        .unwrap();
    assert_eq!(
        (prices.versions, prices.origin.as_deref()),
        (1, Some("prices.txt"))
    );
    let gone = items(&test, &followed)
        .await
        .into_iter()
        .find(|item| item.key == "sub/hours.md")
        .unwrap();
    assert_eq!(gone.state, ItemState::Gone);
}

#[tokio::test]
async fn a_renamed_file_keeps_its_document() {
    let test = TestApp::new().await;
    let (_place, path) = folder();
    fs::write(path.join("a.md"), "# Prices\n\nA helmet costs 40 euro.").unwrap();
    fs::write(path.join("b.txt"), "Delivery takes two days.").unwrap();
    let followed = follow(&test, &path).await;
    let before = test
        .app
        .documents(&test.owner, DocumentFilter::default(), None, 200)
        .await
        .unwrap();
    fs::create_dir(path.join("old")).unwrap();
    fs::rename(path.join("a.md"), path.join("old/z.md")).unwrap();
    fs::rename(path.join("b.txt"), path.join("c.txt")).unwrap();
    look_again(&test, &followed).await;
    assert_eq!(names(&test).await, ["c.txt", "old/z.md"]);
    let after = test
        .app
        .documents(&test.owner, DocumentFilter::default(), None, 200)
        .await
        .unwrap();
    let ids = |page: &store::page::Page<domain::document::Document>| -> Vec<_> {
        page.items.iter().map(|document| document.id).collect()
    };
    assert_eq!(ids(&before), ids(&after));
    let titles: Vec<&str> = after
        .items
        .iter()
        .map(|document| document.title.as_str())
        .collect();
    assert!(
        titles.contains(&"Prices") && titles.contains(&"c"),
        "{titles:?}"
    );
}

#[tokio::test]
async fn a_folder_that_is_not_connected_loses_nothing() {
    let test = TestApp::new().await;
    let (_place, path) = folder();
    let papers = path.join("papers");
    fs::create_dir(&papers).unwrap();
    fs::write(papers.join("a.txt"), "First text.").unwrap();
    fs::write(papers.join("b.txt"), "Second text.").unwrap();
    let followed = follow(&test, &papers).await;
    fs::rename(&papers, path.join("away")).unwrap();
    assert_eq!(
        look_again(&test, &followed).await.trouble,
        Some(Trouble::Missing)
    );
    fs::create_dir(&papers).unwrap();
    assert_eq!(
        look_again(&test, &followed).await.trouble,
        Some(Trouble::Emptied)
    );
    assert_eq!(names(&test).await, ["a.txt", "b.txt"]);
    fs::remove_dir(&papers).unwrap();
    fs::rename(path.join("away"), &papers).unwrap();
    let back = look_again(&test, &followed).await;
    assert_eq!((back.trouble, back.counts.read), (None, 2));
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_brings_nothing_in_from_outside() {
    let test = TestApp::new().await;
    let (_place, path) = folder();
    let (_other, outside) = folder();
    fs::write(outside.join("secret.txt"), "secret").unwrap();
    fs::write(path.join("a.txt"), "A text.").unwrap();
    std::os::unix::fs::symlink(outside.join("secret.txt"), path.join("link.txt")).unwrap();
    std::os::unix::fs::symlink(&outside, path.join("more")).unwrap();
    let followed = follow(&test, &path).await;
    assert_eq!(names(&test).await, ["a.txt"]);
    // A file that becomes a link is gone.
    fs::remove_file(path.join("a.txt")).unwrap();
    std::os::unix::fs::symlink(outside.join("secret.txt"), path.join("a.txt")).unwrap();
    fs::write(path.join("b.txt"), "Another text.").unwrap();
    look_again(&test, &followed).await;
    assert_eq!(names(&test).await, ["b.txt"]);
}

#[tokio::test]
async fn our_own_data_and_system_folders_are_refused_and_operators_may_add_none() {
    let test = TestApp::new().await;
    let data = test.folder.path().join("data");
    let add = |path: PathBuf| {
        let (app, owner) = (test.app.clone(), test.owner.clone());
        async move {
            app.follow_folder(&owner, path.to_str().unwrap(), Vanished::Keep)
                .await
                .unwrap_err()
                .code
        }
    };
    assert_eq!(add(data).await, ErrorCode::FolderIsOwn);
    assert_eq!(
        add(test.folder.path().join("none")).await,
        ErrorCode::FolderMissing
    );
    assert_eq!(add(PathBuf::from("papers")).await, ErrorCode::Invalid);
    #[cfg(unix)]
    assert_eq!(add(PathBuf::from("/etc")).await, ErrorCode::FolderOfSystem);
    let operator = test.join(Role::Operator).await;
    let refused = test
        .app
        .follow_folder(&operator, "/srv", Vanished::Keep)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn a_file_that_is_put_into_a_watched_folder_is_read_soon() {
    let test = TestApp::new().await;
    let (_place, path) = folder();
    fs::write(path.join("a.txt"), "First text.").unwrap();
    let followed = follow(&test, &path).await;
    let mut hints = test.app.hints();
    test.app.run().await.unwrap();
    fs::write(path.join("b.txt"), "Second text.").unwrap();
    let read = async {
        while test
            .app
            .followed(&test.owner, followed.source_id)
            .await
            .unwrap()
            .counts
            .read
            < 2
        {
            // The clock of tests stands still: what is to be quiet for two seconds has been.
            test.clock.pass(1);
            let _ = tokio::time::timeout(Duration::from_millis(100), hints.recv()).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), read)
        .await
        .expect("the change is noticed");
    test.app.stop().await;
}
