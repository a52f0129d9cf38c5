//! Invitations by link and by letter, and what becomes of them.

use app::error::ErrorCode;
use app::invitations::{Accept, INVITATION_DAYS, Invited, NewInvitation};
use app::mail::{MailChange, MailSecurity};
use domain::language::Language;
use domain::member::Role;
use domain::team::LetterState;
use testkit::post::HandPost;
use testkit::{EMAIL, TestApp};

use crate::people::CALLER;

fn new(role: Role, email: Option<&str>) -> NewInvitation {
    NewInvitation {
        role,
        email: email.map(str::to_owned),
        language: Language::EN,
        origin: "https://help.shop.example".to_owned(),
    }
}

fn accept(email: &str) -> Accept {
    Accept {
        name: "Boris".to_owned(),
        email: email.to_owned(),
        password: "a sentence of his own".to_owned(),
    }
}

fn token(invited: &Invited) -> &str {
    let start = "https://help.shop.example/invitation#";
    invited.link.strip_prefix(start).unwrap()
}

async fn with_mail(shop: &TestApp) -> HandPost {
    let post = HandPost::start().await;
    let change = MailChange {
        host: "127.0.0.1".to_owned(),
        port: post.port,
        security: MailSecurity::Open,
        user: String::new(),
        password: None,
        sender: "shop@shop.example".to_owned(),
    };
    shop.app.change_mail(&shop.owner, change).await.unwrap();
    post
}

async fn the_letter(shop: &TestApp) -> (LetterState, String) {
    let waiting = shop.app.invitations(&shop.owner).await.unwrap();
    (waiting[0].letter, waiting[0].reason.clone())
}

#[tokio::test]
async fn a_link_lets_one_person_in_with_the_role_it_was_made_for() {
    let shop = TestApp::new().await;
    let (app, owner) = (&shop.app, &shop.owner);
    let invited = app.invite(owner, new(Role::Operator, None)).await.unwrap();
    let opened = app.open_invitation(token(&invited)).await.unwrap();
    assert_eq!(opened.business, "Shop");
    assert_eq!(opened.invitation.invited_by, "Olga");
    let weak = Accept {
        password: "password123".to_owned(),
        ..accept("boris@shop.example")
    };
    let refused = app.accept_invitation(token(&invited), weak, &CALLER).await;
    assert_eq!(refused.err().unwrap().field, Some("password"));
    let taken = app.accept_invitation(token(&invited), accept(EMAIL), &CALLER);
    assert_eq!(taken.await.err().unwrap().code, ErrorCode::Conflict);
    let joined = app
        .accept_invitation(token(&invited), accept(" Boris@Shop.example"), &CALLER)
        .await
        .unwrap();
    assert_eq!(joined.member.email, "boris@shop.example");
    let who = app.who(&joined.session_token).await.unwrap().unwrap();
    assert_eq!(who.member.role, Role::Operator);
    assert!(app.settings(&who).await.is_err(), "not his to see");
    let again = app
        .accept_invitation(token(&invited), accept("c@shop.example"), &CALLER)
        .await;
    assert_eq!(again.err().unwrap().code, ErrorCode::TokenSpent);
    assert_eq!(app.invitations(owner).await.unwrap(), []);
}

#[tokio::test]
async fn an_invitation_ends_by_time_by_taking_it_back_and_by_a_new_link() {
    let shop = TestApp::new().await;
    let (app, owner) = (&shop.app, &shop.owner);
    let invited = app.invite(owner, new(Role::Viewer, None)).await.unwrap();
    let id = invited.invitation.id;
    let spent = async |invited: &Invited| {
        let opened = app.open_invitation(token(invited)).await;
        opened.err().map(|error| error.code)
    };
    shop.clock.pass(INVITATION_DAYS * 86_400);
    assert_eq!(spent(&invited).await, Some(ErrorCode::TokenSpent));
    let origin = "https://help.shop.example".to_owned();
    let again = app.invite_again(owner, id, Language::EN, origin.clone());
    let again = again.await.unwrap();
    assert_eq!(spent(&again).await, None);
    let newest = app.invite_again(owner, id, Language::EN, origin);
    let newest = newest.await.unwrap();
    assert_eq!(spent(&again).await, Some(ErrorCode::TokenSpent));
    app.withdraw_invitation(owner, id).await.unwrap();
    assert_eq!(spent(&newest).await, Some(ErrorCode::TokenSpent));
}

#[tokio::test]
async fn a_letter_brings_the_link_and_its_address_counts() {
    let shop = TestApp::new().await;
    let (app, owner) = (&shop.app, &shop.owner);
    let email = Some("boris@shop.example");
    let without = app.invite(owner, new(Role::Operator, email)).await;
    assert_eq!(without.err().unwrap().code, ErrorCode::NoMail);
    let post = with_mail(&shop).await;
    let invited = app.invite(owner, new(Role::Operator, email)).await.unwrap();
    assert_eq!(the_letter(&shop).await.0, LetterState::Waiting);
    shop.settle().await;
    assert_eq!(the_letter(&shop).await, (LetterState::Sent, String::new()));
    let letters = post.letters();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].contains("To: boris@shop.example"));
    assert!(letters[0].contains("lang=\"en\""), "{}", letters[0]);
    assert!(letters[0].contains(&invited.link), "{}", letters[0]);
    let hosts = app.hosts(owner).unwrap();
    assert!(
        hosts
            .iter()
            .any(|seen| seen.host == format!("127.0.0.1:{}", post.port))
    );
    // Whatever address is typed, the invitation's counts.
    let joined = app.accept_invitation(token(&invited), accept("thief@evil.example"), &CALLER);
    assert_eq!(joined.await.unwrap().member.email, "boris@shop.example");
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_asked_again_and_a_refusal_is_told() {
    let shop = TestApp::new().await;
    let post = with_mail(&shop).await;
    post.refuse(Some("451 come back"));
    let email = Some("boris@shop.example");
    let invite = shop.app.invite(&shop.owner, new(Role::Viewer, email));
    let invited = invite.await.unwrap();
    shop.settle().await;
    let waits = (LetterState::Waiting, "later".to_owned());
    assert_eq!(the_letter(&shop).await, waits);
    post.refuse(None);
    shop.clock.pass(60);
    shop.settle().await;
    assert_eq!(the_letter(&shop).await.0, LetterState::Sent);

    post.refuse(Some("550 no such user"));
    let origin = "https://help.shop.example".to_owned();
    let id = invited.invitation.id;
    shop.app
        .invite_again(&shop.owner, id, Language::EN, origin)
        .await
        .unwrap();
    shop.settle().await;
    let failed = (LetterState::Failed, "recipient_refused".to_owned());
    assert_eq!(the_letter(&shop).await, failed);
    assert_eq!(post.letters().len(), 1);
}

#[tokio::test]
async fn a_letter_that_never_goes_is_given_up_in_words() {
    let shop = TestApp::new().await;
    let post = with_mail(&shop).await;
    post.refuse(Some("451 come back"));
    let email = Some("boris@shop.example");
    let invite = shop.app.invite(&shop.owner, new(Role::Viewer, email));
    invite.await.unwrap();
    for _ in 0..domain::job::MAX_ATTEMPTS {
        shop.settle().await;
        shop.clock.pass(700);
    }
    let failed = (LetterState::Failed, "later".to_owned());
    assert_eq!(the_letter(&shop).await, failed);
}

#[tokio::test]
async fn a_password_for_the_mail_server_goes_nowhere_it_was_not_entered_for() {
    let shop = TestApp::new().await;
    let (app, owner) = (&shop.app, &shop.owner);
    let change = |host: &str, security, password: Option<&str>| MailChange {
        host: host.to_owned(),
        port: 587,
        security,
        user: "shop".to_owned(),
        password: password.map(str::to_owned),
        sender: "shop@shop.example".to_owned(),
    };
    let open = change("mail.shop.example", MailSecurity::Open, Some("secret"));
    let refused = app.change_mail(owner, open).await.unwrap_err();
    assert_eq!(refused.field, Some("security"));
    let safe = change("Mail.Shop.example", MailSecurity::StartTls, Some("secret"));
    let kept = app.change_mail(owner, safe).await.unwrap();
    assert!(kept.has_password && kept.host == "mail.shop.example");
    let elsewhere = change("evil.example", MailSecurity::StartTls, None);
    let refused = app.change_mail(owner, elsewhere).await.unwrap_err();
    assert_eq!(refused.field, Some("password"));
    let same = change("mail.shop.example", MailSecurity::StartTls, None);
    assert!(app.change_mail(owner, same).await.unwrap().has_password);
    for host in [
        "https://mail.shop.example",
        "mail.shop.example:25",
        "a b",
        "",
    ] {
        let odd = change(host, MailSecurity::StartTls, Some("x"));
        let refused = app.change_mail(owner, odd).await.unwrap_err();
        assert_eq!(refused.field, Some("host"), "{host}");
    }
    app.remove_mail(owner).await.unwrap();
    assert_eq!(app.mail(owner).await.unwrap(), None);
}

#[tokio::test]
async fn a_test_letter_goes_to_whoever_asks_and_says_what_is_wrong() {
    let shop = TestApp::new().await;
    let none = shop.app.test_mail(&shop.owner, Language::EN).await;
    assert_eq!(none.unwrap_err().code, ErrorCode::NoMail);
    let post = with_mail(&shop).await;
    let tested = shop.app.test_mail(&shop.owner, Language::EN).await.unwrap();
    assert_eq!((tested.to.as_str(), tested.failed), (EMAIL, None));
    assert!(post.letters()[0].contains("Letters from ChatAI arrive."));
    post.refuse(Some("550 no"));
    let tested = shop.app.test_mail(&shop.owner, Language::EN).await.unwrap();
    assert_eq!(tested.failed, Some("recipient_refused"));
}
