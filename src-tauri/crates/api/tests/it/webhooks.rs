//! Updates that the messenger brings: taken from whoever shows path and secret, from nobody else.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::bot::BotSettings;
use serde_json::json;
use testkit::bot::TestBot;

use crate::house::{House, PLACE, Reply};

const TOKEN: &str = "7:token";

async fn brought(house: &House, path: &str, secret: Option<&str>, body: Vec<u8>) -> Reply {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("host", PLACE);
    if let Some(secret) = secret {
        request = request.header("x-telegram-bot-api-secret-token", secret);
    }
    house.anon().send(request, Body::from(body)).await
}

fn update(id: i64) -> Vec<u8> {
    json!({"update_id": id, "message": {}})
        .to_string()
        .into_bytes()
}

#[tokio::test]
async fn an_update_is_kept_before_it_is_answered_and_only_from_who_shows_path_and_secret() {
    let house = House::new().await;
    let settings = BotSettings {
        webhook: true,
        ..BotSettings::default()
    };
    let bot = TestBot::new(&house.test, settings).await;
    let id = bot.lease.bot.id;
    let path = format!("/telegram/{id}/7-token");
    let app = &house.test.app;
    for times in 0..2 {
        let taken = brought(&house, &path, Some(TOKEN), update(41)).await;
        assert_eq!(taken.status, StatusCode::NO_CONTENT, "{times}: {taken:?}");
        let waiting = app.waiting_updates(&bot.lease, 10).await.unwrap();
        let numbers: Vec<i64> = waiting.iter().map(|update| update.update_id).collect();
        assert_eq!(numbers, [41], "the same one twice is one");
    }
    let elsewhere = format!("/telegram/{id}/other");
    let nobody = "/telegram/0193513c7d4a7c21a5a1b2c3d4e5f607/7-token";
    for (path, secret) in [
        (path.as_str(), None),
        (&path, Some("")),
        (&path, Some("7:toke")),
        (&path, Some("7:token7")),
        (&elsewhere, Some(TOKEN)),
        (nobody, Some(TOKEN)),
        ("/telegram/%2e%2e/7-token", Some(TOKEN)),
    ] {
        let refused = brought(&house, path, secret, update(42)).await;
        assert_eq!(
            refused.code(),
            "not_found",
            "{path} {secret:?}: {refused:?}"
        );
    }
    let no_update = brought(&house, &path, Some(TOKEN), b"{}".to_vec()).await;
    assert_eq!(no_update.code(), "not_found");
    let huge = brought(&house, &path, Some(TOKEN), vec![b' '; 1024 * 1024 + 1]).await;
    assert_eq!(huge.code(), "too_large");
    assert_eq!(app.waiting_updates(&bot.lease, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_bot_that_asks_for_its_updates_takes_none_that_are_brought() {
    let house = House::new().await;
    let bot = TestBot::new(&house.test, BotSettings::default()).await;
    let path = format!("/telegram/{}/7-token", bot.lease.bot.id);
    let refused = brought(&house, &path, Some(TOKEN), update(41)).await;
    assert_eq!(refused.code(), "not_found");
}

#[tokio::test]
async fn the_messenger_comes_by_a_name_of_this_server() {
    let house = House::new().await;
    let request = Request::builder()
        .method(Method::POST)
        .uri("/telegram/0193513c7d4a7c21a5a1b2c3d4e5f607/path")
        .header("host", "evil.example");
    let refused = house.anon().send(request, Body::from("{}")).await;
    assert_eq!(refused.code(), "foreign_host");
}
