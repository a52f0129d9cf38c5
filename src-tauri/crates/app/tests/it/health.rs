//! Whether all is well, as findings.

use app::error::ErrorCode;
use app::health::{Found, Look, Standing};
use app::log::{Level, Log, LogPlace};
use domain::bot::{BotSettings, Trouble};
use domain::member::Role;
use domain::time::Timestamp;
use testkit::{Outside, TestApp};

fn standing_of(found: &[Found], wanted: impl Fn(&Found) -> bool) -> Standing {
    let of_kind: Vec<&Found> = found.iter().filter(|found| wanted(found)).collect();
    let [one] = of_kind.as_slice() else {
        panic!("one finding of the kind: {found:?}");
    };
    one.standing()
}

fn is_documents(found: &Found) -> bool {
    matches!(found, Found::Documents { .. })
}

#[tokio::test]
async fn a_fresh_shop_is_well_and_could_have_a_backup_a_code_and_a_model() {
    let shop = TestApp::new().await;
    let found = shop.app.health(&shop.owner, Look::Through).await.unwrap();
    let bad = found.iter().filter(|one| one.standing() == Standing::Bad);
    assert_eq!(bad.count(), 0, "{found:?}");
    let notes = found.iter().filter(|one| one.standing() == Standing::Note);
    assert_eq!(notes.count(), 3, "{found:?}");
    shop.app.backup(&shop.owner, None).await.unwrap();
    shop.app.recovery_code_here().await.unwrap();
    let found = shop.app.health(&shop.owner, Look::Glance).await.unwrap();
    let backup = standing_of(&found, |found| matches!(found, Found::Backup(_)));
    assert_eq!(backup, Standing::Good);
    let secrets = standing_of(&found, |found| matches!(found, Found::Secrets { .. }));
    assert_eq!(secrets, Standing::Good);
}

#[tokio::test]
async fn a_document_that_cannot_be_read_needs_somebody() {
    let shop = TestApp::new().await;
    shop.add("broken.pdf", "%PDF-1.7 and then nothing").await;
    let found = shop.app.health(&shop.owner, Look::Glance).await.unwrap();
    assert_eq!(standing_of(&found, is_documents), Standing::Bad);
    let here = shop.app.health_here(Look::Ask).await.unwrap();
    assert_eq!(standing_of(&here, is_documents), Standing::Bad);
}

#[tokio::test]
async fn a_bot_whose_token_is_gone_is_found_when_the_messenger_is_asked() {
    let shop = TestApp::new().await;
    let assistant = shop.app.assistants(&shop.owner).await.unwrap()[0].id;
    let settings = BotSettings::default();
    let added = shop.app.add_bot(&shop.owner, "5:t", assistant, settings);
    added.await.unwrap();
    shop.messenger.has_trouble(Some(Trouble::NeedsToken));
    let is_bot = |found: &Found| matches!(found, Found::Bot(..));
    let glance = shop.app.health(&shop.owner, Look::Glance).await.unwrap();
    assert_eq!(
        standing_of(&glance, is_bot),
        Standing::Good,
        "nothing leaves this computer for a glance"
    );
    let through = shop.app.health(&shop.owner, Look::Through).await.unwrap();
    assert_eq!(standing_of(&through, is_bot), Standing::Bad);
}

#[tokio::test]
async fn an_admin_is_told_of_the_workspace_and_an_owner_of_the_whole_computer() {
    let shop = TestApp::new().await;
    let admin = shop.join(Role::Admin).await;
    let found = shop.app.health(&admin, Look::Glance).await.unwrap();
    let is_outside = |found: &Found| {
        matches!(
            found,
            Found::DataFolder { .. }
                | Found::Key(_)
                | Found::Secrets { .. }
                | Found::AuditLogs(_)
                | Found::Backup(_)
        )
    };
    assert!(!found.iter().any(is_outside), "{found:?}");
    assert!(found.iter().any(is_documents));
    let operator = shop.join(Role::Operator).await;
    let refused = shop.app.health(&operator, Look::Glance).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden);
    let refused = shop.app.said(&operator, 0, Level::Debug).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn what_the_program_said_is_told_with_where_else_it_goes() {
    let log = Log::default();
    let outside = Outside {
        log: log.clone(),
        ..Outside::default()
    };
    let shop = TestApp::within(outside).await;
    log.say(Timestamp(0), Level::Info, "store", "a backup was made");
    log.say(Timestamp(1), Level::Warn, "app", "a job failed");
    let said = shop.app.said(&shop.owner, 0, Level::Warn).unwrap();
    let [line] = said.lines.as_slice() else {
        panic!("one line matters so much: {said:?}");
    };
    assert_eq!(
        (line.text.as_str(), line.number, said.last),
        ("a job failed", 2, 2)
    );
    assert_eq!(said.place, LogPlace::Terminal);
}
