//! Assistants and their versions; settings; events.

use domain::assistant::AssistantSettings;
use domain::event::Topic;
use store::Applied;
use store::assistants::{AssistantChange, KEPT_VERSIONS};
use store::error::StoreError;

use crate::world::{World, assistant, at};

fn change(expected_version: u32, greeting: &str) -> AssistantChange {
    AssistantChange {
        name: "Green tea".to_owned(),
        settings: AssistantSettings {
            greeting: greeting.to_owned(),
            ..AssistantSettings::default()
        },
        expected_version,
        changed_by: "Anna".to_owned(),
        returned_to: None,
    }
}

#[tokio::test]
async fn only_the_version_one_has_seen_can_be_changed_and_who_changed_it_is_kept() {
    let (_world, shop) = World::owned().await;
    let id = shop.assistant_id;
    let changed = shop
        .w
        .update_assistant(id, change(1, "Hello"), at(5))
        .await
        .unwrap();
    assert_eq!((changed.version, changed.updated_at), (2, at(5)));
    assert_eq!(shop.w.assistant(id).await.unwrap(), changed);
    let late = shop.w.update_assistant(id, change(1, "Late"), at(6));
    assert!(matches!(late.await, Err(StoreError::Conflict)));
    let back = AssistantChange {
        returned_to: Some(1),
        ..change(2, "")
    };
    shop.w.update_assistant(id, back, at(7)).await.unwrap();
    let versions = shop.w.assistant_versions(id).await.unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|one| (one.number, one.changed_by.as_str(), one.returned_to))
        .collect();
    assert_eq!(
        told,
        [(3, "Anna", Some(1)), (2, "Anna", None), (1, "Olga", None)]
    );
    assert_eq!(versions[2].name, "Tea");
    for version in versions {
        let one = shop.w.assistant_version(id, version.number).await.unwrap();
        assert_eq!(one, version);
    }
    let none = shop.w.assistant_version(id, 4).await;
    assert!(matches!(none, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn no_more_versions_are_kept_than_are_promised() {
    let (_world, shop) = World::owned().await;
    let id = shop.assistant_id;
    for version in 1..=KEPT_VERSIONS + 2 {
        shop.w
            .update_assistant(id, change(version, "Hello"), at(i64::from(version)))
            .await
            .unwrap();
    }
    let versions = shop.w.assistant_versions(id).await.unwrap();
    assert_eq!(versions.len(), KEPT_VERSIONS as usize);
    let oldest = versions.last().unwrap().number;
    assert_eq!((versions[0].number, oldest), (KEPT_VERSIONS + 3, 4));
    let gone = shop.w.assistant_version(id, 3).await;
    assert!(matches!(gone, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn the_last_assistant_stays() {
    let (_world, shop) = World::owned().await;
    let last = shop.w.remove_assistant(shop.assistant_id, at(1)).await;
    assert!(matches!(last, Err(StoreError::Conflict)));
    let second = assistant("Coffee");
    for expected in [Applied::Applied, Applied::AlreadyApplied] {
        let applied = shop
            .w
            .create_assistant(second.clone(), String::new())
            .await
            .unwrap();
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
