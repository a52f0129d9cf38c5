//! The recovery code, and going back to a backup.

use std::net::{IpAddr, Ipv4Addr};

use app::error::ErrorCode;
use domain::member::Role;
use testkit::{PASSWORD, TestApp};

use crate::people::CALLER;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[tokio::test]
async fn the_first_code_is_given_and_a_new_one_wants_the_password() {
    let shop = TestApp::new().await;
    let kept = shop.app.secrets_kept(&shop.owner).await.unwrap();
    assert_eq!(kept.recovery.made_at, None);
    let code = |password: &'static str| shop.app.new_recovery_code(&shop.owner, password, HERE);
    let first = code("").await.unwrap();
    let refused = code("wrong").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongPassword);
    let second = code(PASSWORD).await.unwrap();
    assert_ne!(first.grouped(), second.grouped());
    let admin = shop.join(Role::Admin).await;
    let refused = shop.app.new_recovery_code(&admin, PASSWORD, HERE).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    let misspelt = shop.app.open_with_code(&shop.owner, "ABCD-1").await;
    assert_eq!(misspelt.unwrap_err().field, Some("code"));
}

#[tokio::test]
async fn a_backup_is_restored_while_the_program_runs_and_its_owner_comes_in_by_the_token() {
    let shop = TestApp::new().await;
    shop.add("kept.md", "# Kept\n\nIn the backup.").await;
    let backup = shop.app.backup(&shop.owner, None).await.unwrap();
    let name = backup.path.file_name().unwrap().to_str().unwrap();
    shop.add("later.md", "# Later\n\nAfter the backup.").await;
    let nothing = shop.app.restore_backup(&shop.owner, "../x", None).await;
    assert_eq!(nothing.unwrap_err().code, ErrorCode::NotFound);
    let restoring = shop
        .app
        .restore_backup(&shop.owner, name, None)
        .await
        .unwrap();
    assert!(restoring.closed.is_empty());
    shop.app.restart_wanted().await;
    let twice = shop.app.restore_backup(&shop.owner, name, None).await;
    assert_eq!(twice.unwrap_err().code, ErrorCode::Conflict);
    shop.app.close().await.unwrap();

    let app = testkit::open(&shop.folder, &shop.clock);
    let entered = app.enter(&restoring.token, &CALLER).await.unwrap();
    let app::people::Entered::SignedIn(signed_in) = entered else {
        panic!("the owner is there");
    };
    assert_eq!(signed_in.member.email, testkit::EMAIL);
    app.enter(&restoring.token, &CALLER).await.unwrap_err();
    let owner = app.owner_here().await.unwrap().unwrap();
    let counts = app.status(&owner).await.unwrap().counts;
    assert_eq!(counts.ready, 1, "what came after the backup is set aside");
}
