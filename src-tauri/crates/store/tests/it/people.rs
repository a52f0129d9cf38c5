//! The first owner, members, sessions, entry tokens.

use domain::id::{InvitationId, JobId, MemberId, SessionId};
use domain::job::Lane;
use domain::language::Language;
use domain::member::{Member, Role};
use domain::team::{Change, Invitation, LetterState, Person, What};
use store::Applied;
use store::entry_tokens::EntryPurpose;
use store::error::StoreError;
use store::invitations::NewLink;
use store::sessions::{IDLE_SECONDS, LONGEST_SECONDS, Session, SessionKind};
use store::totp::NewSecondStep;

use crate::world::{Shop, World, at, lease, new_owner, uuid};

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

/// Something that changed about the shop's owner.
fn about(shop: &Shop) -> Change {
    Change {
        by: None,
        about: Person {
            id: Some(shop.member_id),
            name: "Olga".to_owned(),
        },
        what: What::PasswordChanged,
        at: at(2),
    }
}

fn invitation(shop: &Shop, token: u8, email: &str) -> (Invitation, NewLink) {
    let invitation = Invitation {
        id: InvitationId(uuid()),
        role: Role::Viewer,
        email: email.to_owned(),
        language: Language::EN,
        origin: "https://help.example.org".to_owned(),
        invited_by: format!("Olga {}", shop.member_id),
        letter: LetterState::None,
        reason: String::new(),
        created_at: at(1),
        expires_at: at(100),
    };
    let link = NewLink {
        token_hash: [token; 32],
        letter: (!email.is_empty()).then(|| (JobId(uuid()), "canary token".to_owned())),
    };
    (invitation, link)
}

#[tokio::test]
async fn two_who_accept_at_once_are_one_member() {
    let (world, shop) = World::owned().await;
    let (new, link) = invitation(&shop, 7, "");
    shop.w.invite(new, link, about(&shop), at(1)).await.unwrap();
    let found = world.store.open_invitation([7; 32], at(2)).await.unwrap();
    let (workspace_id, _, business) = found.unwrap();
    assert_eq!(business, "Tea & Kettles");
    let accept = |email: &str| {
        let member = Member {
            id: MemberId(uuid()),
            workspace_id,
            email: email.to_owned(),
            name: "Boris".to_owned(),
            role: Role::Viewer,
            created_at: at(2),
        };
        let hash = "$hash$".to_owned();
        world
            .store
            .accept_invitation([7; 32], member, hash, about(&shop), at(2))
    };
    let taken = accept("owner@example.org").await;
    assert!(matches!(taken, Err(StoreError::Conflict)), "it is kept");
    let both = tokio::join!(accept("b@example.org"), accept("c@example.org"));
    let joined = [both.0.is_ok(), both.1.is_ok()];
    assert_eq!(joined.iter().filter(|joined| **joined).count(), 1);
    assert_eq!(shop.w.team().await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_link_of_a_letter_is_forgotten_with_it() {
    let (world, shop) = World::owned().await;
    let (new, link) = invitation(&shop, 7, "b@example.org");
    let id = new.id;
    shop.w.invite(new, link, about(&shop), at(1)).await.unwrap();
    let (_, token) = shop.w.invitation_letter(id).await.unwrap();
    assert_eq!(token.as_deref(), Some(b"canary token".as_slice()));
    let held = lease(&world.store, Lane::Mail, at(2)).await.unwrap();
    shop.w.letter_sent(&held, id, at(2)).await.unwrap();
    let (sent, token) = shop.w.invitation_letter(id).await.unwrap();
    assert_eq!((sent.letter, token), (LetterState::Sent, None));
    assert!(lease(&world.store, Lane::Mail, at(3)).await.is_none());

    let (new, link) = invitation(&shop, 8, "c@example.org");
    let id = new.id;
    shop.w.invite(new, link, about(&shop), at(1)).await.unwrap();
    shop.w
        .withdraw_invitation(id, about(&shop), at(2))
        .await
        .unwrap();
    let name = format!("invitation:{id}");
    assert_eq!(shop.w.secret(&name).await.unwrap(), None);
    assert!(lease(&world.store, Lane::Mail, at(3)).await.is_none());
}

#[tokio::test]
async fn a_code_is_taken_once_whoever_is_faster() {
    let (_world, shop) = World::owned().await;
    let id = shop.member_id;
    let new = NewSecondStep {
        member_id: id,
        secret: b"canary secret".to_vec(),
        step: 10,
        spare_codes: vec![[1; 32], [2; 32]],
        except: None,
    };
    shop.w
        .turn_second_step_on(new, about(&shop), at(1))
        .await
        .unwrap();
    assert!(
        !shop.w.take_step(id, 10).await.unwrap(),
        "it switched it on"
    );
    let both = tokio::join!(shop.w.take_step(id, 11), shop.w.take_step(id, 11));
    assert!(both.0.unwrap() != both.1.unwrap());
    assert!(!shop.w.take_step(id, 9).await.unwrap());
    let spare = |hash: u8| shop.w.take_spare_code(id, [hash; 32], about(&shop), at(2));
    let both = tokio::join!(spare(1), spare(1));
    assert!(both.0.unwrap() != both.1.unwrap());
    assert_eq!(shop.w.spare_codes(id).await.unwrap(), 1);
    shop.w
        .turn_second_step_off(id, about(&shop), at(3))
        .await
        .unwrap();
    assert_eq!(shop.w.second_step(id).await.unwrap(), None);
    assert_eq!(shop.w.spare_codes(id).await.unwrap(), 0);
    assert!(!shop.w.take_step(id, 99).await.unwrap());
}

#[tokio::test]
async fn secrets_go_with_their_member() {
    let (world, shop) = World::owned().await;
    let boris = Member {
        id: MemberId(uuid()),
        workspace_id: world.store.workspaces().await.unwrap()[0].0,
        email: "b@example.org".to_owned(),
        name: "Boris".to_owned(),
        role: Role::Owner,
        created_at: at(1),
    };
    let added = world
        .store
        .add_member(boris.clone(), "$hash$".to_owned(), about(&shop));
    added.await.unwrap();
    shop.w
        .offer_second_step(boris.id, b"canary".to_vec(), at(1))
        .await
        .unwrap();
    shop.w
        .remove_member(boris.id, about(&shop), at(2))
        .await
        .unwrap();
    assert_eq!(shop.w.offered_second_step(boris.id).await.unwrap(), None);
    let last = shop
        .w
        .remove_member(shop.member_id, about(&shop), at(3))
        .await;
    assert!(matches!(last, Err(StoreError::Conflict)));
    let last = shop
        .w
        .set_role(shop.member_id, Role::Admin, about(&shop), at(3));
    assert!(matches!(last.await, Err(StoreError::Conflict)));
    assert_eq!(shop.w.team().await.unwrap().len(), 1);
}
