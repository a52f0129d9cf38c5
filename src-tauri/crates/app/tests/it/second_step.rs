//! The second step of signing in: codes of an app, spare codes, and getting in without either.

use std::net::{IpAddr, Ipv4Addr};

use app::clock::Clock;
use app::error::ErrorCode;
use app::people::SignedIn;
use domain::audit::{Deed, Wrong};
use domain::member::Role;
use testkit::authenticator::code;
use testkit::{EMAIL, PASSWORD, TestApp};

use crate::people::CALLER;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Switches the owner's second step on; gives the secret and the spare codes.
async fn switched_on(shop: &TestApp) -> (String, Vec<String>) {
    let offered = shop.app.offer_second_step(&shop.owner, PASSWORD, HERE);
    let secret = offered.await.unwrap().secret;
    let first = code(&secret, shop.clock.now());
    let codes = shop.app.turn_second_step_on(&shop.owner, &first).await;
    (secret, codes.unwrap())
}

async fn sign_in(shop: &TestApp, code: Option<&str>) -> Result<SignedIn, ErrorCode> {
    let signed_in = shop.app.sign_in(EMAIL, PASSWORD, code, &CALLER).await;
    signed_in.map_err(|error| error.code)
}

#[tokio::test]
async fn signing_in_takes_a_code_once_it_is_on_and_each_code_once() {
    let shop = TestApp::new().await;
    let other = sign_in(&shop, None).await.unwrap();
    let (secret, _) = switched_on(&shop).await;
    let who = shop.app.who(&other.session_token).await.unwrap();
    assert!(who.is_none(), "sessions from before it are over");

    let needed = sign_in(&shop, None).await.unwrap_err();
    assert_eq!(needed, ErrorCode::SecondStepNeeded);
    let shown = code(&secret, shop.clock.now());
    let replayed = sign_in(&shop, Some(&shown)).await.unwrap_err();
    assert_eq!(replayed, ErrorCode::SecondStepWrong, "it switched it on");
    shop.clock.pass(30);
    let shown = code(&secret, shop.clock.now());
    let typed = format!(" {} {} ", &shown[..3], &shown[3..]);
    sign_in(&shop, Some(&typed)).await.unwrap();
    let replayed = sign_in(&shop, Some(&shown)).await.unwrap_err();
    assert_eq!(replayed, ErrorCode::SecondStepWrong);
    shop.clock.pass(300);
    let late = sign_in(&shop, Some(&shown)).await.unwrap_err();
    assert_eq!(late, ErrorCode::SecondStepWrong);
}

#[tokio::test]
async fn a_wrong_code_after_a_right_password_stands_in_the_log() {
    let shop = TestApp::new().await;
    switched_on(&shop).await;
    let wrong = sign_in(&shop, Some("no code")).await.unwrap_err();
    assert_eq!(wrong, ErrorCode::SecondStepWrong);
    let newest = shop.app.audit(&shop.owner, None, 1).await.unwrap();
    let Deed::SignInRefused { account, wrong, .. } = &newest[0].entry.deed else {
        panic!("it is not in the log");
    };
    assert_eq!((account, *wrong), (&shop.owner.member.name, Wrong::Code));
}

#[tokio::test]
async fn a_wrong_password_does_not_tell_that_there_is_a_second_step() {
    let shop = TestApp::new().await;
    switched_on(&shop).await;
    let wrong = shop.app.sign_in(EMAIL, "guess", None, &CALLER).await;
    assert_eq!(wrong.unwrap_err().code, ErrorCode::WrongPassword);
}

#[tokio::test]
async fn nothing_is_on_before_a_code_fits() {
    let shop = TestApp::new().await;
    let wrong = shop
        .app
        .offer_second_step(&shop.owner, "guess", HERE)
        .await
        .err()
        .unwrap();
    assert_eq!(wrong.code, ErrorCode::WrongPassword);
    let early = shop.app.turn_second_step_on(&shop.owner, "123456").await;
    assert_eq!(early.unwrap_err().code, ErrorCode::Conflict);
    let offered = shop.app.offer_second_step(&shop.owner, PASSWORD, HERE);
    let offered = offered.await.unwrap();
    assert!(offered.uri.contains(&offered.secret), "{}", offered.uri);
    let wrong = shop.app.turn_second_step_on(&shop.owner, "12345x").await;
    assert_eq!(wrong.unwrap_err().code, ErrorCode::SecondStepWrong);
    assert!(!shop.app.second_step(&shop.owner).await.unwrap().is_on);
    sign_in(&shop, None).await.unwrap();
}

#[tokio::test]
async fn a_spare_code_opens_once_and_new_ones_replace_the_old() {
    let shop = TestApp::new().await;
    let (_, codes) = switched_on(&shop).await;
    assert_eq!(codes.len(), 10);
    let small = codes[0].to_lowercase().replace('-', " ");
    sign_in(&shop, Some(&small)).await.unwrap();
    let again = sign_in(&shop, Some(&codes[0])).await.unwrap_err();
    assert_eq!(again, ErrorCode::SecondStepWrong);
    let left = shop.app.second_step(&shop.owner).await.unwrap();
    assert_eq!(left.spare_codes, 9);
    let fresh = shop.app.new_spare_codes(&shop.owner, PASSWORD, HERE);
    let fresh = fresh.await.unwrap();
    let old = sign_in(&shop, Some(&codes[1])).await.unwrap_err();
    assert_eq!(old, ErrorCode::SecondStepWrong);
    sign_in(&shop, Some(&fresh[1])).await.unwrap();
}

#[tokio::test]
async fn codes_are_guessed_ten_times_and_then_once_a_minute() {
    let shop = TestApp::new().await;
    let (secret, _) = switched_on(&shop).await;
    let mut last = ErrorCode::SecondStepWrong;
    for guess in 0..11_u8 {
        // Each from somewhere else: only the account tells them together.
        let caller = app::people::Caller {
            address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, guess)),
            user_agent: "test",
        };
        let tried = shop.app.sign_in(EMAIL, PASSWORD, Some("x"), &caller).await;
        last = tried.unwrap_err().code;
    }
    assert_eq!(last, ErrorCode::TooMany);
    shop.clock.pass(60);
    let shown = code(&secret, shop.clock.now());
    sign_in(&shop, Some(&shown)).await.unwrap();
}

#[tokio::test]
async fn who_lost_everything_is_let_in_by_an_owner_or_at_the_computer() {
    let shop = TestApp::new().await;
    let second = shop.join(Role::Owner).await;
    switched_on(&shop).await;
    let own = shop
        .app
        .reset_second_step(&shop.owner, shop.owner.member.id)
        .await;
    assert_eq!(
        own.unwrap_err().code,
        ErrorCode::Conflict,
        "with the password only"
    );
    shop.app
        .reset_second_step(&second, shop.owner.member.id)
        .await
        .unwrap();
    sign_in(&shop, None).await.unwrap();

    switched_on(&shop).await;
    let still_on = shop.app.reset_password(EMAIL, PASSWORD).await.unwrap();
    assert!(still_on, "a new password alone does not switch it off");
    let needed = sign_in(&shop, None).await.unwrap_err();
    assert_eq!(needed, ErrorCode::SecondStepNeeded);
    shop.app.second_step_off_here(EMAIL).await.unwrap();
    sign_in(&shop, None).await.unwrap();
}

#[tokio::test]
async fn neither_secret_nor_spare_code_lies_open_in_the_data() {
    let shop = TestApp::new().await;
    let (secret, codes) = switched_on(&shop).await;
    shop.app.close().await.unwrap();
    let bytes = std::fs::read(shop.folder.path().join("data/chatai.db")).unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|at| at == text.as_bytes());
    assert!(has(EMAIL), "this is where it would lie");
    assert!(!has(&secret));
    for code in codes {
        assert!(!has(&code) && !has(&code.replace('-', "")));
    }
}
