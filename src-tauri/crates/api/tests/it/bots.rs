//! Bots: added by a token, changed, looked over; their tokens never come out.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{Client, House};

const TOKEN: &str = "7000:AA-a-token-that-nobody-reads-back";

async fn added(owner: &Client) -> Value {
    let assistants = owner.get("/api/assistants").await.json();
    let body = json!({"token": TOKEN, "assistant_id": assistants["items"][0]["id"]});
    let reply = owner.post("/api/bots", body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    reply.json()
}

fn path(bot: &Value) -> String {
    format!("/api/bots/{}", bot["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_bot_is_added_with_the_account_that_was_found_and_its_token_stays_inside() {
    let house = House::new().await;
    let owner = house.owner().await;
    let bot = added(&owner).await;
    assert_eq!(bot["account"]["username"], "shop_7000_bot");
    assert_eq!(bot["is_on"], true);
    assert_eq!(bot["token_hint"], "back");
    assert_eq!(bot["settings"]["business"], "draft");
    assert_eq!(bot["settings"]["languages"], json!(["en", "ru"]));
    let again = json!({"token": TOKEN, "assistant_id": bot["assistant_id"]});
    assert_eq!(owner.post("/api/bots", again).await.code(), "conflict");
    let unknown = json!({"token": "no token", "assistant_id": bot["assistant_id"]});
    let refused = owner.post("/api/bots", unknown).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["field"], "token");
    let other = json!({"token": "7000:AA-another-token-of-the-same-bot"});
    let token = format!("{}/token", path(&bot));
    let changed = owner.change(Method::PUT, &token, other).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    for path in ["/api/bots", &path(&bot), "/api/settings"] {
        let told = owner.get(path).await;
        let told = String::from_utf8_lossy(&told.body).into_owned();
        assert!(!told.contains("AA-a"), "{path}: {told}");
    }
}

#[tokio::test]
async fn a_change_counts_when_nobody_was_faster() {
    let house = House::new().await;
    let owner = house.owner().await;
    let bot = added(&owner).await;
    let change = json!({"version": bot["version"], "is_on": false});
    let off = owner
        .change(Method::PATCH, &path(&bot), change.clone())
        .await;
    assert_eq!(off.json()["is_on"], false);
    assert_eq!(off.json()["state"]["is"], "off");
    let late = owner.change(Method::PATCH, &path(&bot), change).await;
    assert_eq!(late.code(), "conflict");
    let mut settings = off.json()["settings"].clone();
    settings["staff_chat"] = json!(-1_001_234_567_890_i64);
    settings["groups"] = json!(false);
    let change = json!({"version": off.json()["version"], "settings": settings});
    let changed = owner
        .change(Method::PATCH, &path(&bot), change)
        .await
        .json();
    assert_eq!(changed["settings"], settings);
    assert_eq!(changed["is_on"], false, "what is absent stays");
    settings["api_url"] = json!("ftp://example.com");
    let change = json!({"version": changed["version"], "settings": settings});
    let refused = owner.change(Method::PATCH, &path(&bot), change).await;
    assert_eq!(refused.code(), "invalid", "{refused:?}");
    let removed = owner.change(Method::DELETE, &path(&bot), json!({})).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get(&path(&bot)).await.code(), "not_found");
}

#[tokio::test]
async fn the_doctor_speaks_the_language_that_is_asked_for() {
    let house = House::new().await;
    let owner = house.owner().await;
    let bot = added(&owner).await;
    let doctor = format!("{}/doctor", path(&bot));
    let told = owner.get(&doctor).await.json();
    let token = |told: &Value| {
        let items = told["items"].as_array().unwrap();
        let found = items.iter().find(|check| check["what"] == "token");
        found.unwrap().clone()
    };
    assert_eq!(token(&told)["told"], "Telegram knows the token.");
    let russian = owner.get(&format!("{doctor}?language=ru")).await.json();
    assert_eq!(token(&russian)["told"], "Telegram знает этот токен.");
    let other = owner.get(&format!("{doctor}?language=tlh")).await;
    assert_eq!(other.code(), "invalid");
}

#[tokio::test]
async fn a_link_carries_what_telegram_lets_it_carry() {
    let house = House::new().await;
    let owner = house.owner().await;
    let bot = added(&owner).await;
    let link = format!("{}/link", path(&bot));
    let plain = owner.get(&link).await.json();
    assert_eq!(plain["url"], "https://t.me/shop_7000_bot");
    let told = owner
        .get(&format!("{link}?payload=shop-window_1"))
        .await
        .json();
    assert_eq!(
        told["url"],
        "https://t.me/shop_7000_bot?start=shop-window_1"
    );
    for payload in ["a%20b", "a%26b", &"a".repeat(65), "%D0%B0"] {
        let refused = owner.get(&format!("{link}?payload={payload}")).await;
        assert_eq!(refused.code(), "invalid", "{payload}");
    }
}

#[tokio::test]
async fn a_named_link_is_signed_and_short_enough_for_telegram() {
    let house = House::new().await;
    let owner = house.owner().await;
    let bot = added(&owner).await;
    let link = format!("{}/link", path(&bot));
    let told = owner
        .get(&format!("{link}?name=autumn%20sale&days=90"))
        .await
        .json();
    let url = told["url"].as_str().unwrap();
    let (address, payload) = url.split_once("?start=").unwrap();
    assert_eq!(address, "https://t.me/shop_7000_bot");
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    assert!(payload.len() <= 64 && payload.chars().all(is_allowed));
    assert!(!payload.contains("autumn"));
    for wrong in [
        "name=autumn&payload=a",
        "name=",
        "name=autumn&days=0",
        &format!("name={}", "a".repeat(29)),
    ] {
        let refused = owner.get(&format!("{link}?{wrong}")).await;
        assert_eq!(refused.code(), "invalid", "{wrong}");
    }
}

#[tokio::test]
async fn a_bot_of_another_business_is_not_there() {
    let house = House::new().await;
    let bot = added(&house.owner().await).await;
    let foreigner = house.foreigner().await;
    assert_eq!(foreigner.get("/api/bots").await.json()["items"], json!([]));
    for path in [path(&bot), format!("{}/doctor", path(&bot))] {
        assert_eq!(foreigner.get(&path).await.code(), "not_found");
    }
}

#[tokio::test]
async fn a_server_without_a_simulator_says_so() {
    let house = House::new().await;
    let owner = house.owner().await;
    assert_eq!(owner.get("/api/simulator").await.code(), "not_found");
}
