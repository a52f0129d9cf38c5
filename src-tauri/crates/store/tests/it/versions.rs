//! Earlier versions of documents: kept, bounded, returned to, gone with their document.

use domain::document::{Document, DocumentState, ReadFailure};
use domain::id::{DocumentId, JobId, SourceId};
use domain::job::Lane;
use store::documents::{Added, DocumentFilter};
use store::error::StoreError;
use store::versions::KEPT;

use crate::world::{Shop, World, at, lease, read_done, uuid};

/// `tea.txt` with this content, read at once.
async fn tea(world: &World, shop: &Shop, source: SourceId, content: &str, second: i64) -> Document {
    shop.ready(&world.store, source, "tea.txt", content, at(second))
        .await
}

async fn hashes(shop: &Shop, id: DocumentId) -> Vec<String> {
    let versions = shop.w.document_versions(id).await.unwrap();
    versions
        .into_iter()
        .map(|version| version.content_hash)
        .collect()
}

#[tokio::test]
async fn an_earlier_version_keeps_its_text_and_its_original_but_is_in_no_list_and_no_index() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let old = tea(&world, &shop, source, "Tea: 4", 1).await;
    let new = tea(&world, &shop, source, "Tea: 5", 2).await;

    let versions = shop.w.document_versions(new.id).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!((versions[0].id, versions[0].versions), (new.id, 1));
    let kept = &versions[1];
    assert_eq!((kept.id, kept.replaced_by), (old.id, Some(new.id)));
    assert_eq!(
        (&kept.content_hash, kept.size),
        (&old.content_hash, old.size)
    );
    assert_eq!((kept.created_at, kept.updated_at), (at(1), at(2)));
    assert_eq!(kept.report, old.report);
    // Whatever version is asked about, the list is the same; an old citation still opens its text.
    assert_eq!(shop.w.document_versions(old.id).await.unwrap(), versions);
    assert_eq!(shop.w.document(old.id).await.unwrap(), *kept);
    assert_eq!(
        shop.w.document_text(old.id).await.unwrap()[0].text,
        "Tea: 4"
    );
    assert!(world.store.file_path(&old.content_hash).exists());

    let all = shop.w.documents(DocumentFilter::default(), None, 10).await;
    assert_eq!(all.unwrap().items.len(), 1);
    let counts = shop.w.counts().await.unwrap();
    assert_eq!((counts.ready, counts.passages), (1, 1));
    let fed = format!("{:?}", shop.w.index_feed(0, 100).await.unwrap());
    assert!(fed.contains("Tea: 5") && !fed.contains("Tea: 4"), "{fed}");
}

#[tokio::test]
async fn the_last_ten_versions_are_kept_and_files_of_older_ones_go() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let mut all = Vec::new();
    for number in 0..i64::from(KEPT) + 3 {
        all.push(tea(&world, &shop, source, &format!("Tea: {number}"), number).await);
    }
    let newest = all.last().unwrap();
    let kept = hashes(&shop, newest.id).await;
    assert_eq!(kept.len(), KEPT as usize + 1);
    for (number, document) in all.iter().enumerate() {
        let is_kept = number >= 2;
        assert_eq!(kept.contains(&document.content_hash), is_kept, "{number}");
        let file = world.store.file_path(&document.content_hash);
        assert_eq!(file.exists(), is_kept, "{number}");
    }
}

#[tokio::test]
async fn removing_a_document_removes_its_versions_with_their_files_and_what_others_share_stays() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let old = tea(&world, &shop, source, "Tea: 4", 1).await;
    let new = tea(&world, &shop, source, "Tea: 5", 2).await;
    let other = shop
        .ready(&world.store, source, "other.txt", "Tea: 4", at(3))
        .await;
    shop.w.remove_document(new.id, at(4)).await.unwrap();
    for id in [old.id, new.id] {
        assert!(matches!(
            shop.w.document(id).await,
            Err(StoreError::NotFound)
        ));
    }
    assert!(!world.store.file_path(&new.content_hash).exists());
    assert!(world.store.file_path(&old.content_hash).exists());
    shop.w.remove_document(other.id, at(5)).await.unwrap();
    assert!(!world.store.file_path(&old.content_hash).exists());
}

#[tokio::test]
async fn files_of_versions_are_not_swept_up_and_go_into_backups() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let old = tea(&world, &shop, source, "Tea: 4", 1).await;
    tea(&world, &shop, source, "Tea: 5", 2).await;
    let to = world.folder.path().join("backup.zip");
    let report = world.store.backup(&to, at(3)).await.unwrap();
    assert_eq!(report.manifest.missing, Vec::<String>::new());
    assert_eq!(report.manifest.rows["document_versions"], 1);
    let names = std::fs::read(&report.path).unwrap();
    let name = old.content_hash.as_bytes();
    assert!(names.windows(name.len()).any(|window| window == name));
    let world = world.reopened().await;
    assert!(world.store.file_path(&old.content_hash).exists());
}

#[tokio::test]
async fn an_earlier_version_becomes_the_newest_again_and_back() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let old = tea(&world, &shop, source, "Tea: 4", 1).await;
    let new = tea(&world, &shop, source, "Tea: 5", 2).await;

    let first = DocumentId(uuid());
    let returning = shop
        .w
        .return_to_version(old.id, first, JobId(uuid()), at(3));
    let returning = returning.await.unwrap();
    assert_eq!(
        (returning.id, &returning.state),
        (first, &DocumentState::Pending)
    );
    assert_eq!(returning.content_hash, old.content_hash);
    // Twice is once.
    let again = shop
        .w
        .return_to_version(old.id, DocumentId(uuid()), JobId(uuid()), at(3));
    assert_eq!(again.await.unwrap().id, first);
    // The present one answers until it is read; the list has both.
    assert_eq!(shop.w.document(new.id).await.unwrap().replaced_by, None);
    let all = shop.w.document_versions(first).await.unwrap();
    let ids: Vec<_> = all.iter().map(|version| version.id).collect();
    assert_eq!(ids, [first, new.id, old.id]);

    let held = lease(&world.store, Lane::Read, at(4)).await.unwrap();
    let done = read_done(first, "Tea: 4");
    shop.w
        .document_read(&held, first, done, at(4))
        .await
        .unwrap();
    assert_eq!(
        hashes(&shop, first).await,
        [&old.content_hash, &new.content_hash].map(Clone::clone)
    );
    // Undone by returning to the one that was the newest before.
    let second = DocumentId(uuid());
    shop.w
        .return_to_version(new.id, second, JobId(uuid()), at(5))
        .await
        .unwrap();
    let held = lease(&world.store, Lane::Read, at(6)).await.unwrap();
    let done = read_done(second, "Tea: 5");
    shop.w
        .document_read(&held, second, done, at(6))
        .await
        .unwrap();
    assert_eq!(
        hashes(&shop, second).await,
        [new.content_hash, old.content_hash]
    );
}

#[tokio::test]
async fn a_return_is_taken_back_before_it_is_read() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let old = tea(&world, &shop, source, "Tea: 4", 1).await;
    let new = tea(&world, &shop, source, "Tea: 5", 2).await;
    let on_its_way = DocumentId(uuid());
    shop.w
        .return_to_version(old.id, on_its_way, JobId(uuid()), at(3))
        .await
        .unwrap();
    let stays = shop
        .w
        .return_to_version(new.id, DocumentId(uuid()), JobId(uuid()), at(4));
    assert_eq!(stays.await.unwrap().id, new.id);
    assert!(lease(&world.store, Lane::Read, at(5)).await.is_none());
    assert_eq!(
        hashes(&shop, new.id).await,
        [new.content_hash, old.content_hash]
    );
}

#[tokio::test]
async fn a_document_that_cannot_be_read_again_hands_its_versions_to_the_next_one() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let first = tea(&world, &shop, source, "Tea: 4", 1).await;
    let second = tea(&world, &shop, source, "Tea: 5", 2).await;
    shop.w
        .reread_document(second.id, JobId(uuid()), at(3))
        .await
        .unwrap();
    let held = lease(&world.store, Lane::Read, at(3)).await.unwrap();
    shop.w
        .document_failed(&held, second.id, ReadFailure::Damaged, at(3))
        .await
        .unwrap();
    let Added::New(third) = shop
        .add(&world.store, source, "tea.txt", "Tea: 6", at(4))
        .await
    else {
        panic!("it is new");
    };
    assert_eq!(
        hashes(&shop, third.id).await,
        [third.content_hash, first.content_hash]
    );
}
