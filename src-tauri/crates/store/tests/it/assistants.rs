//! Assistants and their versions; settings; events.

use domain::assistant::AssistantSettings;
use domain::event::Topic;
use store::Applied;
use store::error::StoreError;

use crate::world::{World, assistant, at};

#[tokio::test]
async fn only_the_version_one_has_seen_can_be_changed() {
    let (_world, shop) = World::owned().await;
    let settings = AssistantSettings {
        greeting: "Hello".to_owned(),
        ..AssistantSettings::default()
    };
    let name = || "Green tea".to_owned();
    let changed = shop
        .w
        .update_assistant(shop.assistant_id, name(), settings.clone(), 1, at(5))
        .await
        .unwrap();
    assert_eq!((changed.version, changed.updated_at), (2, at(5)));
    assert_eq!(shop.w.assistant(shop.assistant_id).await.unwrap(), changed);
    let late = shop
        .w
        .update_assistant(shop.assistant_id, name(), settings, 1, at(6));
    assert!(matches!(late.await, Err(StoreError::Conflict)));
    let versions = shop.w.assistant_versions(shop.assistant_id).await.unwrap();
    assert_eq!(versions.len(), 1);
    assert_eq!((versions[0].version, versions[0].name.as_str()), (1, "Tea"));
}

#[tokio::test]
async fn the_last_assistant_stays() {
    let (_world, shop) = World::owned().await;
    let last = shop.w.remove_assistant(shop.assistant_id, at(1)).await;
    assert!(matches!(last, Err(StoreError::Conflict)));
    let second = assistant("Coffee");
    for expected in [Applied::Applied, Applied::AlreadyApplied] {
        let applied = shop.w.create_assistant(second.clone()).await.unwrap();
        assert_eq!(applied, expected);
    }
    let said = shop.say("peer", "1", "Tea?", at(1)).await;
    shop.w
        .remove_assistant(shop.assistant_id, at(2))
        .await
        .unwrap();
    assert_eq!(shop.w.assistants().await.unwrap(), [second]);
    let gone = shop.w.conversation(said.conversation_id).await;
    assert!(matches!(gone, Err(StoreError::NotFound)));
    assert_eq!(shop.w.jobs(None, None, 10).await.unwrap().items, []);
}

#[tokio::test]
async fn events_count_up_by_one_and_are_read_by_cursor() {
    let (_world, shop) = World::owned().await;
    let begin = shop.w.last_event().await.unwrap();
    for number in 0..5 {
        shop.w
            .set_setting("name", number.to_string(), at(number))
            .await
            .unwrap();
    }
    assert_eq!(shop.w.setting("name").await.unwrap().unwrap(), "4");
    let events = shop.w.events_since(begin + 1, 3).await.unwrap();
    let seqs: Vec<_> = events.iter().map(|event| event.seq - begin).collect();
    assert_eq!(seqs, [2, 3, 4]);
    assert_eq!(
        (events[0].topic, events[0].subject.as_str()),
        (Topic::Settings, "name")
    );
}
