//! Bots as members see them: added by a token that is checked, changed, looked at, removed.

use app::bots::BotChange;
use app::bots::doctor::{CheckKind, CheckState, sentence};
use app::error::ErrorCode;
use domain::bot::{BotSettings, Trouble};
use domain::language::Language;
use domain::member::Role;
use testkit::TestApp;

#[tokio::test]
async fn a_bot_is_added_by_a_token_that_its_messenger_knows() {
    let shop = TestApp::new().await;
    let assistant = shop.app.assistants(&shop.owner).await.unwrap()[0].id;
    let add = |token: &'static str| {
        shop.app
            .add_bot(&shop.owner, token, assistant, BotSettings::default())
    };
    assert_eq!(add("no token").await.unwrap_err().field, Some("token"));
    assert_eq!(add("who:knows").await.unwrap_err().field, Some("token"));
    let bot = add(" 5:secret \n").await.unwrap();
    assert_eq!(bot.account.username, "shop_5_bot");
    assert!(bot.is_on);
    assert_eq!(add("5:other").await.unwrap_err().code, ErrorCode::Conflict);
    let row = shop.app.bot(&shop.owner, bot.id).await.unwrap();
    assert_eq!(row.token_hint, "cret");
    shop.messenger.has_trouble(Some(Trouble::Unreachable {
        what: "no network".to_owned(),
    }));
    let refused = shop.app.set_bot_token(&shop.owner, bot.id, "5:new").await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::MessengerFailed);
    shop.messenger.has_trouble(Some(Trouble::LocalOnly));
    let refused = shop.app.set_bot_token(&shop.owner, bot.id, "5:new").await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::LocalOnly);
    let row = shop.app.bot(&shop.owner, bot.id).await.unwrap();
    assert_eq!(row.token_hint, "cret", "what did not work changed nothing");
}

#[tokio::test]
async fn a_bot_is_changed_by_whoever_saw_it_last_and_only_by_admins() {
    let shop = TestApp::new().await;
    let assistant = shop.app.assistants(&shop.owner).await.unwrap()[0].id;
    let settings = BotSettings::default();
    let added = shop.app.add_bot(&shop.owner, "5:t", assistant, settings);
    let bot = added.await.unwrap();
    let off = || BotChange {
        is_on: Some(false),
        ..BotChange::default()
    };
    let operator = shop.join(Role::Operator).await;
    let refused = shop.app.change_bot(&operator, bot.id, 1, off()).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(shop.app.bots(&operator).await.unwrap().len(), 1);
    let changed = shop.app.change_bot(&shop.owner, bot.id, 1, off()).await;
    assert!(!changed.unwrap().is_on);
    let stale = shop.app.change_bot(&shop.owner, bot.id, 1, off()).await;
    assert_eq!(stale.unwrap_err().code, ErrorCode::Conflict);
    assert!(shop.app.bots_to_run().await.unwrap().is_empty());
    shop.app.remove_bot(&shop.owner, bot.id).await.unwrap();
    assert!(shop.app.bots(&shop.owner).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let shop = TestApp::new().await;
    let assistant = shop.app.assistants(&shop.owner).await.unwrap()[0].id;
    let settings = BotSettings::default();
    let added = shop.app.add_bot(&shop.owner, "5:t", assistant, settings);
    let bot = added.await.unwrap();
    let checks = shop.app.check_bot(&shop.owner, bot.id).await.unwrap();
    let of = |what: CheckKind| checks.iter().find(|check| check.what == what).unwrap();
    assert_eq!(of(CheckKind::Token).state, CheckState::Good);
    assert_eq!(of(CheckKind::Engine).key, "no_knowledge");
    assert_eq!(of(CheckKind::Staff).key, "nobody");
    for check in &checks {
        for language in [Language::EN, Language::RU] {
            let (what, fix) = sentence(check, language);
            assert!(!what.is_empty() && !what.contains('{'), "{check:?}: {what}");
            assert!(!fix.contains('{'), "{check:?}: {fix}");
        }
        let is_known = sentence(check, Language::EN).0 != "This could not be looked at.";
        assert!(is_known || check.state == CheckState::Skipped, "{check:?}");
    }
    shop.messenger.has_trouble(Some(Trouble::NeedsToken));
    let checks = shop.app.check_bot(&shop.owner, bot.id).await.unwrap();
    let bad: Vec<CheckKind> = checks
        .iter()
        .filter(|check| check.state == CheckState::Bad)
        .map(|check| check.what)
        .collect();
    assert_eq!(bad, [CheckKind::Token]);
}
