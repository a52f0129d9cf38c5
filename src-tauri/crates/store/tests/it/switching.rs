//! Another embedder takes the place of the one in use.

use domain::id::PassageId;
use store::Applied;
use store::error::StoreError;
use store::feed::FeedChange;

use crate::world::{World, at};

#[tokio::test]
async fn the_vectors_in_use_stay_until_the_others_are_all_there() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let text = "Green tea\nBlack tea\nWhite tea";
    shop.ready(&world.store, source, "tea.txt", text, at(1))
        .await;
    let w = &shop.w;
    w.use_embedder("old").await.unwrap();
    let bare = w.passages_without_vector("old", 10).await.unwrap();
    let ids: Vec<PassageId> = bare.iter().map(|passage| passage.id).collect();
    let vectors =
        |ids: &[PassageId], number: f32| ids.iter().map(|id| (*id, vec![number, 0.5])).collect();
    w.save_vectors("old", vectors(&ids, 1.0), at(2))
        .await
        .unwrap();
    let before = w.index_feed(0, 100).await.unwrap();

    assert_eq!(w.gather_for("new").await.unwrap(), Applied::Applied);
    assert_eq!(w.gather_for("new").await.unwrap(), Applied::AlreadyApplied);
    let refused = w.gather_vectors("another", vectors(&ids, 9.0)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    w.gather_vectors("new", vectors(&ids[..2], 2.0))
        .await
        .unwrap();
    assert_eq!(w.gathered().await.unwrap(), Some(2));
    assert_eq!(w.passages_to_gather("new", 10).await.unwrap().len(), 1);
    let too_early = w.switch_embedder("new", at(3)).await;
    assert!(matches!(too_early, Err(StoreError::Conflict)));
    assert_eq!(w.embedder().await.unwrap(), "old");
    let meanwhile = w.index_feed(before.upto, 100).await.unwrap();
    assert!(meanwhile.changes.is_empty(), "the index notices nothing");

    // A restart goes on where it was; a document that comes meanwhile is waited for.
    let world = world.reopened().await;
    let w = world.store.workspace(shop.w.id());
    w.gather_vectors("new", vectors(&ids[2..], 2.0))
        .await
        .unwrap();
    w.switch_embedder("new", at(4)).await.unwrap();
    assert_eq!(w.embedder().await.unwrap(), "new");
    assert_eq!(w.gathered().await.unwrap(), None);
    assert!(
        w.passages_without_vector("new", 10)
            .await
            .unwrap()
            .is_empty()
    );
    let feed = w.index_feed(before.upto, 100).await.unwrap();
    let FeedChange::Vectors(new) = &feed.changes[1] else {
        panic!("{feed:?}");
    };
    assert_eq!(feed.changes[0], FeedChange::VectorsDropped);
    assert_eq!(new.len(), 3);
    assert!(new.iter().all(|(_, vector)| vector == &[2.0, 0.5]));
    assert_eq!(feed.changes.len(), 2);
    let from_nothing = w.index_feed(0, 100).await.unwrap();
    assert_eq!(from_nothing.upto, feed.upto);
}
