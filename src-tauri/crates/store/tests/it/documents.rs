//! Documents from the upload to the feed of the index.

use std::collections::BTreeMap;

use domain::document::{DocumentState, ReadFailure, SourceKind};
use domain::id::{DocumentId, JobId, PassageId};
use domain::job::Lane;
use store::Applied;
use store::cleanup::Cleaning;
use store::documents::{Added, DocumentFilter, StateName};
use store::error::StoreError;
use store::feed::FeedChange;

use crate::world::{Shop, World, at, lease, read_done, uuid};

#[tokio::test]
async fn a_document_is_read_and_can_be_found() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let document = shop
        .ready(
            &world.store,
            source,
            "tea.txt",
            "Tea\nGreen tea is 4 euros",
            at(1),
        )
        .await;
    assert_eq!(document.state, DocumentState::Ready);
    assert_eq!((document.title.as_str(), document.passages), ("Tea", 2));
    let text = shop.w.document_text(document.id).await.unwrap();
    assert_eq!(text[1].text, "Green tea is 4 euros");
    let passages = shop.w.passages(document.id, Some(0), 10).await.unwrap();
    assert_eq!(passages.len(), 1);
    assert_eq!(passages[0].headings, ["Top"]);
    let by_id = shop
        .w
        .passages_by_id(vec![passages[0].id, PassageId(uuid())]);
    assert_eq!(by_id.await.unwrap(), passages);
    let path = world.store.file_path(&document.content_hash);
    assert_eq!(std::fs::read(path).unwrap(), b"Tea\nGreen tea is 4 euros");
}

#[tokio::test]
async fn the_same_bytes_in_one_source_are_one_document() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let first = shop
        .ready(&world.store, source, "a.txt", "Tea", at(1))
        .await;
    let second = shop.add(&world.store, source, "b.txt", "Tea", at(2)).await;
    assert_eq!(second, Added::SameContent(first));
}

#[tokio::test]
async fn a_new_version_replaces_the_old_one_when_it_is_ready() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let old = shop
        .ready(&world.store, source, "tea.txt", "Tea: 4", at(1))
        .await;
    let Added::New(new) = shop
        .add(&world.store, source, "tea.txt", "Tea: 5", at(2))
        .await
    else {
        panic!("it is new");
    };
    let while_reading = shop.w.document(old.id).await.unwrap();
    assert_eq!(while_reading.state, DocumentState::Ready);
    let held = lease(&world.store, Lane::Read, at(3)).await.unwrap();
    shop.w
        .document_read(&held, new.id, read_done(new.id, "Tea: 5"), at(3))
        .await
        .unwrap();
    let replaced = shop.w.document(old.id).await.unwrap();
    assert_eq!(replaced.replaced_by, Some(new.id));
    assert_eq!(shop.w.passages(new.id, None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_new_version_that_cannot_be_read_leaves_the_old_one() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let old = shop
        .ready(&world.store, source, "tea.txt", "Tea: 4", at(1))
        .await;
    let Added::New(new) = shop
        .add(&world.store, source, "tea.txt", "???", at(2))
        .await
    else {
        panic!("it is new");
    };
    let held = lease(&world.store, Lane::Read, at(3)).await.unwrap();
    for expected in [Applied::Applied, Applied::AlreadyApplied] {
        let applied = shop
            .w
            .document_failed(&held, new.id, ReadFailure::Damaged, at(3))
            .await
            .unwrap();
        assert_eq!(applied, expected);
    }
    let state = shop.w.document(old.id).await.unwrap().state;
    assert_eq!(state, DocumentState::Ready);
    // The next try takes the place of the failed one.
    shop.ready(&world.store, source, "tea.txt", "Tea: 6", at(4))
        .await;
    let all = shop
        .w
        .documents(DocumentFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(all.items.len(), 1);
}

#[tokio::test]
async fn an_older_version_that_is_read_late_does_not_come_back() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let Added::New(old) = shop
        .add(&world.store, source, "tea.txt", "Tea: 4", at(1))
        .await
    else {
        panic!("it is new");
    };
    let slow = lease(&world.store, Lane::Read, at(1)).await.unwrap();
    let new = shop
        .ready(&world.store, source, "tea.txt", "Tea: 5", at(2))
        .await;
    // The newer one being ready made the older one an earlier version and took its job away.
    let late = shop
        .w
        .document_read(&slow, old.id, read_done(old.id, "Tea: 4"), at(3))
        .await;
    assert!(matches!(late, Err(StoreError::NotFound)));
    let all = shop
        .w
        .documents(DocumentFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(all.items, [shop.w.document(new.id).await.unwrap()]);
}

#[tokio::test]
async fn a_document_that_is_read_again_cannot_be_found_meanwhile() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let document = shop
        .ready(&world.store, source, "tea.txt", "Tea", at(1))
        .await;
    shop.w
        .reread_document(document.id, JobId(uuid()), at(2))
        .await
        .unwrap();
    let waiting = shop.w.document(document.id).await.unwrap();
    assert_eq!(
        (waiting.state, waiting.passages),
        (DocumentState::Pending, 0)
    );
    assert_eq!(shop.w.passages(document.id, None, 10).await.unwrap(), []);
    let held = lease(&world.store, Lane::Read, at(3)).await.unwrap();
    shop.w
        .reading(&held, document.id, 1, 2, at(3))
        .await
        .unwrap();
    let state = shop.w.document(document.id).await.unwrap().state;
    assert_eq!(state, DocumentState::Reading { done: 1, total: 2 });
    for expected in [Applied::Applied, Applied::AlreadyApplied] {
        let done = read_done(document.id, "Tea");
        let applied = shop.w.document_read(&held, document.id, done, at(4)).await;
        assert_eq!(applied.unwrap(), expected);
    }
}

#[tokio::test]
async fn documents_come_in_pages_and_are_found_by_name_in_any_case() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    for number in 0..5 {
        let name = format!("ЁЛКА {number}.txt");
        shop.add(&world.store, source, &name, &name, at(number))
            .await;
    }
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let filter = DocumentFilter {
            source_id: Some(source),
            state: Some(StateName::Pending),
            text: "елка".to_owned(),
            ..DocumentFilter::default()
        };
        let page = shop.w.documents(filter, cursor, 2).await.unwrap();
        seen.extend(page.items.into_iter().map(|document| document.name));
        cursor = page.next.map(|next| next.to_string().parse().unwrap());
        if cursor.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..5).rev().map(|n| format!("ЁЛКА {n}.txt")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn removing_the_demo_takes_its_documents_and_its_qa() {
    let (world, shop) = World::owned().await;
    let demo = shop.source_of(SourceKind::Demo).await;
    let own = shop.source().await;
    shop.ready(&world.store, demo, "tea.txt", "Tea", at(1))
        .await;
    let kept = shop.ready(&world.store, own, "tea.txt", "Tea", at(1)).await;
    for demo in [true, false] {
        shop.w
            .put_qa(crate::qa::pair("Open?", demo), at(1))
            .await
            .unwrap();
    }
    shop.w.remove_source(demo, at(2)).await.unwrap();
    let counts = shop.w.counts().await.unwrap();
    assert_eq!((counts.ready, counts.passages, counts.qa), (1, 1, 1));
    // The bytes are the same: the other source still refers to them.
    assert!(world.store.file_path(&kept.content_hash).exists());
}

#[tokio::test]
async fn a_file_larger_than_its_limit_is_refused_and_leaves_nothing() {
    let world = World::new();
    let refused = world
        .store
        .put_file(std::io::repeat(7).take_some(11), 10)
        .await;
    assert!(matches!(refused, Err(StoreError::TooLarge)));
    let incoming = world.data().join("files/incoming");
    assert_eq!(std::fs::read_dir(incoming).unwrap().count(), 0);
}

trait TakeSome {
    fn take_some(self, bytes: u64) -> std::io::Take<Self>
    where
        Self: Sized;
}

impl<R: std::io::Read> TakeSome for R {
    fn take_some(self, bytes: u64) -> std::io::Take<R> {
        std::io::Read::take(self, bytes)
    }
}

#[tokio::test]
async fn what_a_crash_left_in_the_files_folder_is_cleaned_up() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let kept = shop
        .ready(&world.store, source, "tea.txt", "Tea", at(1))
        .await;
    let file = world
        .store
        .put_file(&b"nobody wants me"[..], 100)
        .await
        .unwrap();
    let orphan = world.store.file_path(&file.content_hash);
    let given_up = world.data().join("files/incoming/.tmp123");
    std::fs::write(&given_up, b"half").unwrap();
    drop(file);
    // The test's clock is in 2027: more than an hour after the file's own time.
    let looked = world.store.clean_up(Cleaning::Look, at(2)).await.unwrap();
    assert_eq!((looked.files, looked.bytes), (2, 19));
    assert!(orphan.exists() && given_up.exists(), "nothing was removed");
    let cleaned = world.store.clean_up(Cleaning::Remove, at(2)).await.unwrap();
    assert_eq!(cleaned, looked);
    assert!(!orphan.exists());
    assert!(!given_up.exists());
    let again = world.store.clean_up(Cleaning::Remove, at(2)).await.unwrap();
    assert!(again.is_empty());
    assert!(world.store.file_path(&kept.content_hash).exists());
}

#[tokio::test]
async fn a_file_that_is_about_to_be_referred_to_is_not_removed() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let old = shop
        .ready(&world.store, source, "tea.txt", "Tea", at(1))
        .await;
    let file = world.store.put_file(&b"Tea"[..], 100).await.unwrap();
    shop.w.remove_document(old.id, at(2)).await.unwrap();
    assert!(world.store.file_path(&file.content_hash).exists());
}

/// What an index would hold: documents with their passages' texts, and vectors.
#[derive(Debug, Default, PartialEq)]
struct Mirror {
    documents: BTreeMap<DocumentId, Vec<PassageId>>,
    vectors: BTreeMap<PassageId, Vec<f32>>,
    watermark: u64,
}

impl Mirror {
    async fn follow(&mut self, shop: &Shop, limit: u32) {
        loop {
            let feed = shop.w.index_feed(self.watermark, limit).await.unwrap();
            assert!(!feed.reset);
            for change in feed.changes {
                self.apply(change);
            }
            self.watermark = feed.upto;
            if !feed.more {
                break;
            }
        }
    }

    fn apply(&mut self, change: FeedChange) {
        match change {
            FeedChange::Document {
                document_id,
                passages,
                ..
            } => {
                self.forget(document_id);
                let ids = passages.iter().map(|passage| passage.id).collect();
                self.documents.insert(document_id, ids);
            }
            FeedChange::Removed(id) => self.forget(id),
            FeedChange::Vectors(vectors) => self.vectors.extend(vectors),
            FeedChange::VectorsDropped => self.vectors.clear(),
        }
    }

    fn forget(&mut self, id: DocumentId) {
        for passage in self.documents.remove(&id).unwrap_or_default() {
            self.vectors.remove(&passage);
        }
    }
}

/// A small generator of numbers: the same seed gives the same walk.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

#[tokio::test]
async fn whoever_follows_the_feed_has_exactly_the_ready_documents() {
    for seed in 1..=6 {
        let (world, shop) = World::owned().await;
        let source = shop.source().await;
        let mut dice = Dice(seed);
        let mut mirror = Mirror::default();
        let mut embedder = "e1".to_owned();
        shop.w.use_embedder(&embedder).await.unwrap();
        for step in 0..60 {
            let now = at(step);
            walk(&world, &shop, source, &mut dice, &mut embedder, now).await;
            if dice.roll(3) == 0 {
                mirror
                    .follow(&shop, 1 + u32::try_from(dice.roll(5)).unwrap())
                    .await;
            }
        }
        mirror.follow(&shop, 3).await;
        let mut fresh = Mirror::default();
        fresh.follow(&shop, 1_000).await;
        assert_eq!(mirror, fresh, "seed {seed}");
        assert_eq!(mirror, truth(&shop, &mirror).await, "seed {seed}");
    }
}

async fn walk(
    world: &World,
    shop: &Shop,
    source: domain::id::SourceId,
    dice: &mut Dice,
    embedder: &mut String,
    now: domain::time::Timestamp,
) {
    let all = shop.w.documents(DocumentFilter::default(), None, 200).await;
    let all = all.unwrap().items;
    let any = all.get(usize::try_from(dice.roll(8)).unwrap());
    match (dice.roll(10), any) {
        (0..=3, _) => {
            let content = format!("line {}\nmore {}", dice.roll(1_000), dice.roll(1_000));
            let name = format!("{}.txt", dice.roll(5));
            if let Added::New(document) = shop.add(&world.store, source, &name, &content, now).await
            {
                let Some(held) = lease(&world.store, Lane::Read, now).await else {
                    return;
                };
                let done = read_done(document.id, &content);
                let _ = shop.w.document_read(&held, document.id, done, now).await;
            }
        }
        (4, Some(document)) => shop.w.remove_document(document.id, now).await.unwrap(),
        (5, Some(document)) => shop
            .w
            .reread_document(document.id, JobId(uuid()), now)
            .await
            .unwrap(),
        (6, _) => {
            *embedder = format!("e{}", dice.roll(3));
            shop.w.use_embedder(embedder).await.unwrap();
        }
        _ => {
            let bare = shop.w.passages_without_vector(embedder, 3).await.unwrap();
            let vectors = bare.iter().map(|passage| (passage.id, vec![0.5, -1.0]));
            let vectors = vectors.collect();
            shop.w.save_vectors(embedder, vectors, now).await.unwrap();
        }
    }
}

/// What the tables themselves say.
async fn truth(shop: &Shop, mirror: &Mirror) -> Mirror {
    let filter = DocumentFilter {
        state: Some(StateName::Ready),
        ..DocumentFilter::default()
    };
    let ready = shop.w.documents(filter, None, 200).await.unwrap().items;
    let mut documents = BTreeMap::new();
    let mut vectors = 0;
    for document in ready {
        let passages = shop.w.passages(document.id, None, 200).await.unwrap();
        assert_eq!(passages.len(), document.passages as usize);
        vectors += document.vectors as usize;
        let ids = passages.iter().map(|passage| passage.id).collect();
        documents.insert(document.id, ids);
    }
    assert_eq!(vectors, mirror.vectors.len());
    Mirror {
        documents,
        vectors: mirror.vectors.clone(),
        watermark: mirror.watermark,
    }
}

#[tokio::test]
async fn a_watermark_of_another_past_asks_for_a_new_beginning() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    shop.ready(&world.store, source, "tea.txt", "Tea", at(1))
        .await;
    let feed = shop.w.index_feed(99, 10).await.unwrap();
    assert!(feed.reset && feed.more && feed.changes.is_empty());
}

#[tokio::test]
async fn vectors_of_another_embedder_are_refused() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let document = shop
        .ready(&world.store, source, "tea.txt", "Tea", at(1))
        .await;
    shop.w.use_embedder("new").await.unwrap();
    let passage = shop.w.passages(document.id, None, 1).await.unwrap()[0].id;
    let refused = shop
        .w
        .save_vectors("old", vec![(passage, vec![1.0])], at(2))
        .await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    shop.w
        .save_vectors(
            "new",
            vec![(passage, vec![1.0]), (PassageId(uuid()), vec![1.0])],
            at(2),
        )
        .await
        .unwrap();
    assert_eq!(shop.w.document(document.id).await.unwrap().vectors, 1);
    assert_eq!(
        shop.w.use_embedder("new").await.unwrap(),
        Applied::AlreadyApplied
    );
    assert_eq!(shop.w.passages_without_vector("new", 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_feed_of_large_documents_comes_in_pieces_that_fit_into_memory() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    for number in 0..10_i64 {
        let content = format!("{number}{}", " tea".repeat(250_000));
        let name = format!("{number}.txt");
        shop.ready(&world.store, source, &name, &content, at(number))
            .await;
    }
    let first = shop.w.index_feed(0, 1_000).await.unwrap();
    assert!(first.more);
    assert_eq!(
        first.changes.len(),
        9,
        "the document that passes 8 MiB is the last"
    );
    let second = shop.w.index_feed(first.upto, 1_000).await.unwrap();
    assert_eq!((second.changes.len(), second.more), (1, false));
    assert!(second.upto > first.upto);
}
