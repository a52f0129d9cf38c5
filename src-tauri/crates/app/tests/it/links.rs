//! Links to a bot that say where somebody comes from (telegram.md T21).

use app::error::ErrorCode;
use domain::bot::BotSettings;
use domain::member::Role;
use testkit::TestApp;
use testkit::bot::TestBot;

/// What operators find noted of the customer.
async fn notes(shop: &TestApp, bot: &TestBot<'_>, chat: i64, text: &str) -> Vec<String> {
    let received = bot.writes(chat, text).await;
    let notes = shop.app.notes(&shop.owner, received.conversation_id).await;
    notes.unwrap().into_iter().map(|note| note.text).collect()
}

#[tokio::test]
async fn who_comes_by_a_signed_link_has_a_note_and_a_forged_or_ended_one_says_nothing() {
    let shop = TestApp::new().await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let id = bot.lease.bot.id;
    let link = shop.app.signed_link(&shop.owner, id, "autumn sale", 30);
    let payload = link.await.unwrap();
    assert_eq!(
        notes(&shop, &bot, 1, &format!("/start {payload}")).await,
        ["The customer came by the link “autumn sale”."]
    );
    let answered = bot.deliver().await;
    assert!(!answered.is_empty(), "the start is answered as any other");

    let mut forged: Vec<String> = (0..payload.len())
        .map(|at| {
            let mut letters: Vec<char> = payload.chars().collect();
            letters[at] = if letters[at] == 'A' { 'B' } else { 'A' };
            letters.into_iter().collect()
        })
        .collect();
    forged.extend(["autumn sale", "autumn_sale", "", "A"].map(str::to_owned));
    for (number, forged) in (10..).zip(&forged) {
        let found = notes(&shop, &bot, number, &format!("/start {forged}")).await;
        assert_eq!(found, Vec::<String>::new(), "{forged}");
    }
    let found = notes(&shop, &bot, 2, &format!("/help {payload}")).await;
    assert_eq!(found, Vec::<String>::new(), "only a start comes by a link");
    shop.clock.pass(31 * 24 * 3_600);
    let found = notes(&shop, &bot, 3, &format!("/start {payload}")).await;
    assert_eq!(found, Vec::<String>::new(), "it has ended");
}

#[tokio::test]
async fn a_link_is_signed_for_those_who_may_change_settings_and_within_bounds() {
    let shop = TestApp::new().await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let id = bot.lease.bot.id;
    let operator = shop.join(Role::Operator).await;
    let refused = shop.app.signed_link(&operator, id, "autumn", 30).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    let long = "x".repeat(29);
    for (name, days, field) in [
        ("", 30, "name"),
        (long.as_str(), 30, "name"),
        ("a\nb", 30, "name"),
        ("autumn", 0, "days"),
        ("autumn", 3_651, "days"),
    ] {
        let refused = shop.app.signed_link(&shop.owner, id, name, days).await;
        assert_eq!(refused.unwrap_err().field, Some(field), "{name:?} {days}");
    }
}
