//! Backups and the recovery code over HTTP.

use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::{PASSWORD, TestApp};

use crate::house::{House, config};

#[tokio::test]
async fn a_recovery_code_is_shown_once_and_the_next_one_wants_the_password() {
    let house = House::new().await;
    let owner = house.owner().await;
    let kept = owner.get("/api/recovery").await.json();
    assert_eq!(kept["made_at"], Value::Null);
    assert_eq!(kept["key"], "file");
    assert_eq!(kept["closed"], json!([]));
    let make = async |password: &str| {
        let body = json!({ "password": password });
        owner.post("/api/recovery", body).await
    };
    let first = make("").await;
    assert_eq!(first.status, StatusCode::CREATED, "{first:?}");
    assert_eq!(first.json()["code"].as_str().unwrap().len(), 34);
    assert_eq!(make("").await.code(), "wrong_password");
    assert_eq!(make(PASSWORD).await.status, StatusCode::CREATED);
    let kept = owner.get("/api/recovery").await;
    assert_eq!(kept.json()["holds"], true);
    let shown = String::from_utf8(kept.body).unwrap();
    assert!(!shown.contains(first.json()["code"].as_str().unwrap()));
    let open = async |code: &str| {
        let body = json!({ "code": code });
        owner.post("/api/recovery/open", body).await.json()
    };
    assert_eq!(open("ABCD-EFGH").await["field"], "code");
}

#[tokio::test]
async fn the_first_owner_is_shown_the_code() {
    let (app, _clock, _folder) = TestApp::without_owner();
    let router = api::router(app.clone(), config(4));
    let client = crate::house::Client::of(router);
    let token = app.first_owner_token().await.unwrap();
    let body = json!({"token": token, "business": "B", "name": "N", "email": "n@shop.example",
        "password": "a long test sentence"});
    let reply = client.post("/api/first-owner", body).await.json();
    assert_eq!(
        reply["recovery_code"].as_str().unwrap().len(),
        34,
        "{reply}"
    );
    assert_eq!(reply["member"]["email"], "n@shop.example");
}

#[tokio::test]
async fn a_restore_is_taken_and_asks_for_a_new_start() {
    let house = House::new().await;
    let owner = house.owner().await;
    let made = owner.post("/api/backups", json!({})).await.json();
    let name = made["backup"]["name"].as_str().unwrap().to_owned();
    let path = format!("/api/backups/{name}/restore");
    let misspelt = owner.post(&path, json!({"recovery_code": "0O1I"})).await;
    assert_eq!(misspelt.json()["field"], "code");
    let taken = owner.post(&path, json!({})).await;
    assert_eq!(taken.status, StatusCode::ACCEPTED, "{taken:?}");
    assert!(taken.json()["token"].as_str().unwrap().len() >= 43);
    house.test.app.restart_wanted().await;
    assert_eq!(owner.post(&path, json!({})).await.code(), "conflict");
}
