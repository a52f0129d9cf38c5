//! The first owner, members, sessions, entry tokens.

use domain::id::{MemberId, SessionId};
use store::Applied;
use store::entry_tokens::EntryPurpose;
use store::error::StoreError;
use store::sessions::{IDLE_SECONDS, LONGEST_SECONDS, Session, SessionKind};

use crate::world::{Shop, World, at, new_owner, uuid};

fn session(shop: &Shop, token: u8) -> Session {
    Session {
        id: SessionId(uuid()),
        member_id: shop.member_id,
        token_hash: [token; 32],
        created_at: at(0),
        last_seen_at: at(0),
        user_agent: "Firefox".to_owned(),
        kind: SessionKind::Browser,
        address: String::new(),
    }
}

#[tokio::test]
async fn there_is_one_first_owner() {
    let world = World::new();
    assert!(!world.store.has_owner().await.unwrap());
    let owner = new_owner("owner@example.org");
    let first = world.store.first_owner(owner.clone(), at(0)).await.unwrap();
    let again = world.store.first_owner(owner.clone(), at(0)).await.unwrap();
    assert_eq!((first, again), (Applied::Applied, Applied::AlreadyApplied));
    let second = world.store.first_owner(new_owner("b@example.org"), at(0));
    assert!(matches!(second.await, Err(StoreError::Conflict)));
    assert!(world.store.has_owner().await.unwrap());
    let found = world.store.member_by_email("owner@example.org").await;
    let (member, hash) = found.unwrap().unwrap();
    assert_eq!((&member, hash.as_str()), (&owner.member, "$hash$1"));
    let members = world.store.members(owner.workspace_id).await.unwrap();
    assert_eq!(members, [member]);
    let workspaces = world.store.workspaces().await.unwrap();
    let name = "Tea & Kettles".to_owned();
    assert_eq!(workspaces, [(owner.workspace_id, name)]);
}

#[tokio::test]
async fn a_session_is_over_when_it_is_idle_or_old() {
    let (world, shop) = World::owned().await;
    let kept = session(&shop, 1);
    world.store.create_session(kept.clone()).await.unwrap();
    let lookup = |token: u8, now: i64| world.store.session([token; 32], at(now));
    assert!(lookup(2, 1).await.unwrap().is_none());
    let (seen, member) = lookup(1, 30).await.unwrap().unwrap();
    assert_eq!((seen, member.id), (kept, shop.member_id));
    let (seen, _) = lookup(1, 61).await.unwrap().unwrap();
    assert_eq!(seen.last_seen_at, at(61));
    assert!(lookup(1, 61 + IDLE_SECONDS).await.unwrap().is_some());
    assert!(
        lookup(1, 63 + 2 * IDLE_SECONDS).await.unwrap().is_none(),
        "idle"
    );
    let mut old = session(&shop, 3);
    old.last_seen_at = at(LONGEST_SECONDS);
    world.store.create_session(old).await.unwrap();
    assert!(lookup(3, LONGEST_SECONDS).await.unwrap().is_some());
    assert!(lookup(3, LONGEST_SECONDS + 1).await.unwrap().is_none());
}

#[tokio::test]
async fn a_new_password_ends_all_sessions() {
    let (world, shop) = World::owned().await;
    let (one, two) = (session(&shop, 1), session(&shop, 2));
    for session in [&one, &two] {
        world.store.create_session(session.clone()).await.unwrap();
    }
    world
        .store
        .end_sessions(shop.member_id, Some(two.id))
        .await
        .unwrap();
    assert!(world.store.session([1; 32], at(1)).await.unwrap().is_none());
    assert!(world.store.session([2; 32], at(1)).await.unwrap().is_some());
    world
        .store
        .set_password_hash(
            shop.member_id,
            "$hash$2".to_owned(),
            None,
            about(&shop),
            at(2),
        )
        .await
        .unwrap();
    assert!(world.store.session([2; 32], at(1)).await.unwrap().is_none());
    let (_, hash) = world.store.member(shop.member_id).await.unwrap().unwrap();
    assert_eq!(hash, "$hash$2");
    let nobody =
        world
            .store
            .set_password_hash(MemberId(uuid()), String::new(), None, about(&shop), at(2));
    assert!(matches!(nobody.await, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn an_entry_token_opens_the_door_once() {
    let (world, shop) = World::owned().await;
    let purpose = EntryPurpose::SignIn(shop.member_id);
    world
        .store
        .put_entry_token([1; 32], purpose, at(60))
        .await
        .unwrap();
    world
        .store
        .put_entry_token([2; 32], EntryPurpose::FirstOwner, at(60))
        .await
        .unwrap();
    let peeked = world.store.entry_token([1; 32], at(1)).await.unwrap();
    assert_eq!(peeked, Some(purpose));
    let both = tokio::join!(
        world.store.take_entry_token([1; 32], at(1)),
        world.store.take_entry_token([1; 32], at(1)),
    );
    let taken = [both.0.unwrap(), both.1.unwrap()];
    assert_eq!(taken.iter().flatten().count(), 1);
    let late = world.store.take_entry_token([2; 32], at(60)).await.unwrap();
    assert_eq!(late, None);
}
