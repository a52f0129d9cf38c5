//! Roles, who goes, the last owner, and the log of it.

use std::net::{IpAddr, Ipv4Addr};

use app::error::ErrorCode;
use domain::bot::BotSettings;
use domain::handoff::Handoff;
use domain::member::Role;
use domain::team::What;
use testkit::bot::TestBot;
use testkit::{PASSWORD, TestApp};

use crate::people::CALLER;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[tokio::test]
async fn somebody_always_owns_the_workspace() {
    let shop = TestApp::new().await;
    let (app, owner) = (&shop.app, &shop.owner);
    let me = owner.member.id;
    let boris = shop.join(Role::Operator).await;
    for role in [Role::Admin, Role::Operator, Role::Viewer] {
        let error = app.change_role(owner, me, role).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::LastOwner);
    }
    let error = app.remove_member(owner, me).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LastOwner);
    app.change_role(owner, boris.member.id, Role::Owner)
        .await
        .unwrap();
    app.change_role(owner, me, Role::Admin).await.unwrap();
    let roles: Vec<Role> = app
        .team(owner)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.member.role)
        .collect();
    assert_eq!(roles, [Role::Admin, Role::Owner]);
}

#[tokio::test]
async fn the_workspace_is_given_with_the_password_only() {
    let shop = TestApp::new().await;
    let boris = shop.join(Role::Admin).await;
    let (app, owner) = (&shop.app, &shop.owner);
    let wrong = app
        .give_ownership(owner, boris.member.id, "guess", HERE)
        .await;
    assert_eq!(wrong.unwrap_err().code, ErrorCode::WrongPassword);
    app.give_ownership(owner, boris.member.id, PASSWORD, HERE)
        .await
        .unwrap();
    let team = app.team(&boris).await.unwrap();
    assert_eq!(team[0].member.role, Role::Admin);
    assert_eq!(team[1].member.role, Role::Owner);
}

#[tokio::test]
async fn who_is_removed_is_out_at_once_and_their_customers_are_not_left_alone() {
    let shop = TestApp::new().await;
    shop.add("delivery.md", "# Delivery\n\nDelivery takes two days.\n")
        .await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let asked = bot.ask(9, "How long does delivery take?").await;
    let id = asked[0].outgoing.conversation_id;
    let boris = shop.join(Role::Operator).await;
    let token = shop.app.sign_in_token(boris.member.id, 30).await.unwrap();
    let entered = shop.app.enter(&token, &CALLER).await;
    let app::people::Entered::SignedIn(signed_in) = entered.unwrap() else {
        panic!("he is in");
    };
    shop.app.take(&boris, id).await.unwrap();

    shop.app
        .remove_member(&shop.owner, boris.member.id)
        .await
        .unwrap();
    let who = shop.app.who(&signed_in.session_token).await.unwrap();
    assert!(who.is_none(), "his session is over");
    let handoff = shop.app.handoff(&shop.owner, id).await.unwrap();
    assert!(matches!(handoff, Handoff::HandedBack { .. }), "{handoff:?}");
    let again = shop.app.remove_member(&shop.owner, boris.member.id).await;
    assert_eq!(again.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_viewer_holds_no_conversation() {
    let shop = TestApp::new().await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let asked = bot.ask(9, "Hello there").await;
    let id = asked[0].outgoing.conversation_id;
    let boris = shop.join(Role::Operator).await;
    shop.app.take(&boris, id).await.unwrap();
    shop.app
        .change_role(&shop.owner, boris.member.id, Role::Viewer)
        .await
        .unwrap();
    let handoff = shop.app.handoff(&shop.owner, id).await.unwrap();
    assert!(matches!(handoff, Handoff::HandedBack { .. }), "{handoff:?}");
}

#[tokio::test]
async fn every_change_about_people_is_written_down() {
    let shop = TestApp::new().await;
    let (app, owner) = (&shop.app, &shop.owner);
    let boris = shop.join(Role::Viewer).await;
    app.change_role(owner, boris.member.id, Role::Operator)
        .await
        .unwrap();
    app.reset_password("OWNER@shop.example", "another long sentence")
        .await
        .unwrap();
    app.remove_member(owner, boris.member.id).await.unwrap();
    let log = app.people_log(owner).await.unwrap();
    let what: Vec<What> = log.iter().map(|change| change.what).collect();
    let (from, to) = (Role::Viewer, Role::Operator);
    assert_eq!(
        what,
        [
            What::Removed,
            What::PasswordChanged,
            What::RoleChanged { from, to },
            What::Joined { role: Role::Viewer },
        ]
    );
    assert_eq!(log[1].by, None, "at this computer's own terminal");
    assert_eq!(log[0].by.as_ref().unwrap().name, "Olga");
    assert_eq!(log[0].about.name, "Viewer");
}

#[tokio::test]
async fn a_member_sees_and_ends_their_own_sessions_only() {
    let shop = TestApp::new().await;
    let boris = shop.join(Role::Operator).await;
    let enter = async |id| {
        let token = shop.app.sign_in_token(id, 30).await.unwrap();
        let entered = shop.app.enter(&token, &CALLER).await;
        let app::people::Entered::SignedIn(signed_in) = entered.unwrap() else {
            panic!("in");
        };
        let token = signed_in.session_token;
        shop.app.who(&token).await.unwrap().unwrap()
    };
    let (here, there) = (enter(boris.member.id).await, enter(boris.member.id).await);
    let olga = enter(shop.owner.member.id).await;
    let seen = shop.app.sessions(&here).await.unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen.iter().filter(|place| place.is_this).count(), 1);
    assert_eq!(seen[0].session.address, "127.0.0.1");
    let foreign = shop.app.end_session(&here, olga.session_id.unwrap()).await;
    assert_eq!(foreign.unwrap_err().code, ErrorCode::NotFound);
    shop.app
        .end_session(&here, there.session_id.unwrap())
        .await
        .unwrap();
    assert_eq!(shop.app.sessions(&here).await.unwrap().len(), 1);
    assert_eq!(shop.app.sessions(&olga).await.unwrap().len(), 1);
    enter(boris.member.id).await;
    shop.app.end_other_sessions(&here).await.unwrap();
    let left = shop.app.sessions(&here).await.unwrap();
    assert!(left.len() == 1 && left[0].is_this);
}
