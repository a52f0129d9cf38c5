//! Backups that make themselves.

use testkit::TestApp;

const HOUR: i64 = 3_600;

#[tokio::test]
async fn a_backup_makes_itself_when_something_changed_and_six_hours_passed() {
    let shop = TestApp::new().await;
    assert!(shop.app.back_up_when_due().await.unwrap());
    assert!(!shop.app.back_up_when_due().await.unwrap(), "too early");
    shop.clock.pass(7 * HOUR);
    assert!(
        !shop.app.back_up_when_due().await.unwrap(),
        "nothing changed since"
    );
    shop.conversation().await;
    assert!(shop.app.back_up_when_due().await.unwrap());
    let backups = shop.app.backups(&shop.owner).await.unwrap();
    assert_eq!(backups.len(), 2);
}

#[tokio::test]
async fn a_backup_by_hand_outlives_the_regular_ones() {
    let shop = TestApp::new().await;
    let by_hand = shop.app.backup(&shop.owner, None).await.unwrap();
    for _ in 0..60 {
        shop.clock.pass(24 * HOUR);
        shop.conversation().await;
        assert!(shop.app.back_up_when_due().await.unwrap());
    }
    let backups = shop.app.backups(&shop.owner).await.unwrap();
    assert!(by_hand.path.exists());
    assert!(backups.len() <= 19, "{} backups are kept", backups.len());
}
