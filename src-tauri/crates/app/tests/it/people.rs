//! The first owner, links that work once, sign-in, sessions.

use std::net::{IpAddr, Ipv4Addr};

use app::error::ErrorCode;
use app::people::{Caller, Entered, FirstOwner, LINK_SECONDS};
use domain::audit::{Deed, Wrong};
use domain::member::Role;
use testkit::{EMAIL, PASSWORD, TestApp};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub const CALLER: Caller<'static> = Caller {
    address: HERE,
    user_agent: "test",
};

fn owner() -> FirstOwner {
    FirstOwner {
        business: "Shop".to_owned(),
        name: "Olga".to_owned(),
        email: "Olga@Shop.example ".to_owned(),
        password: PASSWORD.to_owned(),
    }
}

#[tokio::test]
async fn the_first_link_makes_one_owner_and_then_no_other() {
    let (app, _clock, _folder) = TestApp::without_owner();
    let token = app.first_owner_token().await.unwrap();
    let entered = app.enter(&token, &CALLER).await.unwrap();
    assert!(matches!(entered, Entered::FirstOwner));
    let first = app.first_owner(&token, owner(), &CALLER).await.unwrap();
    assert!(first.recovery_code.is_some(), "it is shown this once");
    let signed_in = first.signed_in;
    assert_eq!(signed_in.member.role, Role::Owner);
    assert_eq!(signed_in.member.email, "olga@shop.example");
    let again = app.first_owner(&token, owner(), &CALLER).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::TokenSpent);
    let other = app.first_owner_token().await.unwrap();
    assert_eq!(
        app.first_owner(&other, owner(), &CALLER)
            .await
            .unwrap_err()
            .code,
        ErrorCode::Conflict
    );
}

#[tokio::test]
async fn a_link_is_good_for_fifteen_minutes() {
    let (app, clock, _folder) = TestApp::without_owner();
    let token = app.first_owner_token().await.unwrap();
    clock.pass(LINK_SECONDS + 1);
    let late = app.enter(&token, &CALLER).await.unwrap_err();
    assert_eq!(late.code, ErrorCode::TokenSpent);
}

#[tokio::test]
async fn the_windows_token_signs_in_once_and_only_its_session_is_the_windows() {
    let shop = TestApp::new().await;
    let app = &shop.app;
    let enter = async |token: String| {
        let entered = app.enter(&token, &CALLER).await.unwrap();
        let Entered::SignedIn(signed_in) = entered else {
            panic!("there is an owner");
        };
        signed_in.session_token
    };
    let token = app.window_token(shop.owner.member.id).await.unwrap();
    let window = enter(token.clone()).await;
    let at_window = app.who_in_window(&window).await.unwrap();
    assert_eq!(at_window.unwrap().member, shop.owner.member);
    let again = app.enter(&token, &CALLER).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::TokenSpent);

    let link = app.sign_in_token(shop.owner.member.id, 30).await.unwrap();
    // Somebody who only calls their own link the window's.
    let dressed_up = format!("window.{link}");
    let refused = app.enter(&dressed_up, &CALLER).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::TokenSpent);
    let browser = enter(link).await;
    assert!(app.who(&browser).await.unwrap().is_some());
    assert_eq!(app.who_in_window(&browser).await.unwrap(), None);

    // Whoever does not own the workspace is nobody at the window.
    let admin = shop.join(Role::Admin).await;
    let admins = enter(app.window_token(admin.member.id).await.unwrap()).await;
    assert_eq!(app.who_in_window(&admins).await.unwrap(), None);
}

#[tokio::test]
async fn a_session_ends_with_sign_out_and_with_a_new_password() {
    let shop = TestApp::new().await;
    let first = shop
        .app
        .sign_in(EMAIL, PASSWORD, None, &CALLER)
        .await
        .unwrap();
    let who = shop.app.who(&first.session_token).await.unwrap().unwrap();
    shop.app.sign_out(&who).await.unwrap();
    assert!(shop.app.who(&first.session_token).await.unwrap().is_none());
    let second = shop
        .app
        .sign_in(EMAIL, PASSWORD, None, &CALLER)
        .await
        .unwrap();
    let elsewhere = shop
        .app
        .sign_in(EMAIL, PASSWORD, None, &CALLER)
        .await
        .unwrap();
    let who = shop.app.who(&second.session_token).await.unwrap().unwrap();
    shop.app
        .change_password(&who, PASSWORD, "another long sentence", HERE)
        .await
        .unwrap();
    assert!(shop.app.who(&second.session_token).await.unwrap().is_some());
    assert!(
        shop.app
            .who(&elsewhere.session_token)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        shop.app
            .sign_in(EMAIL, "another long sentence", None, &CALLER)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_sound_the_same() {
    let shop = TestApp::new().await;
    let wrong = shop
        .app
        .sign_in(EMAIL, "not the password", None, &CALLER)
        .await
        .unwrap_err();
    let unknown = shop
        .app
        .sign_in("nobody@shop.example", PASSWORD, None, &CALLER)
        .await
        .unwrap_err();
    assert_eq!((wrong.code, wrong.what), (unknown.code, unknown.what));
}

/// What the log says of refused sign-ins, the newest first: whose account, what was wrong, from where, how often.
async fn refusals(shop: &TestApp) -> Vec<(String, Wrong, String, u32)> {
    let rows = shop.app.audit(&shop.owner, None, 50).await.unwrap();
    let told = rows.into_iter().filter_map(|row| match row.entry.deed {
        Deed::SignInRefused {
            account,
            wrong,
            address,
            tries,
        } => Some((account, wrong, address, tries)),
        _ => None,
    });
    told.collect()
}

#[tokio::test]
async fn a_refused_sign_in_stands_in_the_log_once_in_ten_minutes_with_its_count() {
    let shop = TestApp::new().await;
    let name = shop.owner.member.name.clone();
    let guess = async |address: u8| {
        let address = IpAddr::V4(Ipv4Addr::new(203, 0, 113, address));
        let caller = Caller { address, ..CALLER };
        let refused = shop.app.sign_in(EMAIL, "guess", None, &caller).await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::WrongPassword);
    };
    let told = |address: &str, tries| (name.clone(), Wrong::Password, address.to_owned(), tries);
    guess(1).await;
    assert_eq!(refusals(&shop).await, [told("203.0.113.1", 1)]);
    guess(2).await;
    guess(3).await;
    assert_eq!(refusals(&shop).await, [told("203.0.113.1", 1)]);

    shop.clock.pass(10 * 60);
    let rows = [told("203.0.113.3", 2), told("203.0.113.1", 1)];
    assert_eq!(refusals(&shop).await, rows, "nobody has to guess again");

    guess(4).await;
    let signed_in = shop.app.sign_in(EMAIL, PASSWORD, None, &CALLER).await;
    signed_in.unwrap();
    let newest = shop.app.audit(&shop.owner, None, 2).await.unwrap();
    assert_eq!(newest[0].entry.deed, Deed::SignedIn);
    assert!(matches!(
        &newest[1].entry.deed,
        Deed::SignInRefused { address, tries: 1, .. } if address == "203.0.113.4"
    ));
    assert!(shop.app.verify_audit(&shop.owner).await.unwrap().is_whole());
}

#[tokio::test]
async fn accounts_that_nobody_has_stand_in_the_log_together() {
    let shop = TestApp::new().await;
    for account in ["nobody@shop.example", "root@shop.example"] {
        let refused = shop.app.sign_in(account, PASSWORD, None, &CALLER).await;
        refused.unwrap_err();
    }
    let told = |tries| {
        let address = "127.0.0.1".to_owned();
        (String::new(), Wrong::Password, address, tries)
    };
    assert_eq!(refusals(&shop).await.len(), 1);
    shop.clock.pass(10 * 60);
    let counted: u32 = refusals(&shop).await.iter().map(|row| row.3).sum();
    assert_eq!(counted, 2);
    assert!(refusals(&shop).await.iter().all(|row| *row == told(row.3)));
}

#[tokio::test]
async fn guessing_is_limited_and_says_for_how_long() {
    let shop = TestApp::new().await;
    let mut last = ErrorCode::WrongPassword;
    let mut wait = None;
    for _ in 0..11 {
        let error = shop
            .app
            .sign_in(EMAIL, "guess", None, &CALLER)
            .await
            .unwrap_err();
        (last, wait) = (error.code, error.retry_after);
    }
    assert_eq!(last, ErrorCode::TooMany);
    assert!(wait.is_some_and(|seconds| (1..=60).contains(&seconds)));
}
