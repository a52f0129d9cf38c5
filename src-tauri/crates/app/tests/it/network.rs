//! The "local only" switch through the whole product: what it stops, that it stays, and whose it is.

use app::error::ErrorCode;
use app::mail::{MailChange, MailSecurity};
use app::settings::{Place, RemoteChange, SettingsChange};
use app::who::Who;
use domain::audit::{Deed, SettingsPart};
use domain::following::{Reach, Rhythm, SiteRules, Vanished};
use domain::id::{MemberId, WorkspaceId};
use domain::language::Language;
use domain::member::Role;
use net::NetSettings;
use testkit::{Outside, TestApp};
use uuid::Uuid;

async fn with_remote_and_mail(test: &TestApp) {
    let remote = RemoteChange {
        base_url: "https://far.example/v1".to_owned(),
        model: "large".to_owned(),
        key: None,
        daily: app::limited::Daily::default(),
    };
    let change = SettingsChange {
        remote: Some(Some(remote)),
        ..SettingsChange::default()
    };
    test.app.change_settings(&test.owner, change).await.unwrap();
    let server = MailChange {
        host: "smtp.far.example".to_owned(),
        port: 465,
        security: MailSecurity::Tls,
        user: String::new(),
        password: None,
        sender: "shop@shop.example".to_owned(),
    };
    test.app.change_mail(&test.owner, server).await.unwrap();
}

#[tokio::test]
async fn with_the_switch_on_nothing_leaves_this_computer_and_everything_says_why() {
    let test = TestApp::new().await;
    let (app, owner) = (&test.app, &test.owner);
    with_remote_and_mail(&test).await;
    let now = app.set_local_only(owner, true).await.unwrap();
    assert!(now.local_only && !now.told);

    let engine = app.test_remote(owner, Place::First).await.unwrap();
    assert_eq!(engine.failed, Some("local_only"));
    let letter = app.test_mail(owner, Language::EN).await.unwrap();
    assert_eq!(letter.failed, Some("local_only"));
    let rules = SiteRules {
        address: "https://far.example/".to_owned(),
        reach: Reach::Page,
        pages: 1,
        depth: 0,
        is_private: false,
    };
    let site = app.follow_site(owner, rules, Rhythm::Daily, Vanished::Remove);
    let site = site.await.unwrap();
    test.settle().await;
    let site = app.followed(owner, site.source_id).await.unwrap();
    assert_eq!(site.trouble, Some(domain::following::Trouble::LocalOnly));
    let model = app.models(owner).await.unwrap().offered.remove(0).name;
    app.download_model_now(owner, &model).await.unwrap_err();
    assert!(!app.look_when_due(None).await.unwrap());
    assert!(app.updates(owner).await.unwrap().offline);

    assert!(app.hosts(owner).unwrap().is_empty(), "nobody was spoken to");
}

#[tokio::test]
async fn the_switch_stays_after_a_restart_until_it_is_turned_back() {
    let test = TestApp::new().await;
    test.app.set_local_only(&test.owner, true).await.unwrap();
    test.app.close().await.unwrap();

    let app = testkit::open(&test.folder, &test.clock);
    app.obey_network().await;
    assert!(app.network(&test.owner).await.unwrap().local_only);
    app.set_local_only(&test.owner, false).await.unwrap();
    let part = SettingsPart::Network;
    let log = app.audit(&test.owner, None, 2).await.unwrap();
    let deeds: Vec<Deed> = log.into_iter().map(|row| row.entry.deed).collect();
    let turned = Deed::SettingsChanged { part };
    assert_eq!(deeds, [turned.clone(), turned], "who turned it is known");
    app.close().await.unwrap();

    let app = testkit::open(&test.folder, &test.clock);
    app.obey_network().await;
    assert!(!app.network(&test.owner).await.unwrap().local_only);
}

#[tokio::test]
async fn what_was_said_at_the_start_is_shown_and_cannot_be_turned_back() {
    let outside = Outside {
        net: NetSettings {
            local_only: true,
            ..NetSettings::default()
        },
        ..Outside::default()
    };
    let test = TestApp::within(outside).await;
    let now = test.app.network(&test.owner).await.unwrap();
    assert!(now.local_only && now.told);
    let refused = test.app.set_local_only(&test.owner, false).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Conflict);
}

#[tokio::test]
async fn it_belongs_to_the_owner_of_this_computer() {
    let test = TestApp::new().await;
    let mut elsewhere = test.owner.member.clone();
    elsewhere.workspace_id = WorkspaceId(Uuid::max());
    elsewhere.id = MemberId(Uuid::max());
    let other_business = Who {
        member: elsewhere,
        session_id: None,
    };
    for who in [test.join(Role::Admin).await, other_business] {
        for refused in [
            test.app.network(&who).await,
            test.app.set_local_only(&who, true).await,
        ] {
            assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
        }
    }
    assert!(!test.app.network(&test.owner).await.unwrap().local_only);
}
