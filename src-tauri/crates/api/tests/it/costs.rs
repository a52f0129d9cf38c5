//! What engines and assistants cost, over HTTP.

use app::clock::Clock;
use axum::http::{Method, StatusCode};
use domain::member::Role;
use serde_json::{Value, json};

use crate::house::House;

/// Counts tokens behind the product's back, today and for the first assistant.
fn use_up(house: &House, engine: &str, read: i64, written: i64) {
    house.sql(
        "INSERT INTO usage (workspace_id, day, engine, assistant_id, answers, prompt_tokens, answer_tokens)
         SELECT workspace_id, ?1, ?2, id, 1, ?3, ?4 FROM assistants LIMIT 1",
        &[
            &house.test.clock.now().0.div_euclid(86_400_000_000),
            &engine,
            &read,
            &written,
        ],
    );
}

#[tokio::test]
async fn prices_turn_tokens_into_money_for_those_who_look_after_settings() {
    let house = House::new().await;
    let owner = house.owner().await;
    use_up(&house, "remote:m", 1_000_000, 500_000);
    use_up(&house, "remote:other", 10, 10);
    use_up(&house, "local:m", 10, 10);
    let change = async |body: Value| owner.change(Method::PATCH, "/api/settings", body).await;
    let prices = json!([{"engine": "remote:m", "read_micros": 150_000, "written_micros": 600_000}]);
    let no_currency = change(json!({ "prices": prices })).await;
    assert_eq!(no_currency.json()["field"], "currency");
    let wrong = change(json!({ "currency": "euro", "prices": prices })).await;
    assert_eq!(wrong.json()["field"], "currency");
    let untold = owner.get("/api/activity").await.json();
    assert_eq!(untold["currency"], Value::Null);
    assert_eq!(untold["engines"][0]["cost_micros"], Value::Null);

    let kept = change(json!({ "currency": "EUR", "prices": prices })).await;
    assert_eq!(kept.status, StatusCode::OK, "{kept:?}");
    assert_eq!(kept.json()["prices"], prices);
    let told = owner.get("/api/activity").await.json();
    assert_eq!(told["currency"], "EUR");
    let costs: Vec<_> = told["engines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["engine"].as_str().unwrap(), row["cost_micros"].clone()))
        .collect();
    let expected = [
        ("local:m", json!(0)),
        ("remote:m", json!(450_000)),
        ("remote:other", Value::Null),
    ];
    assert_eq!(costs, expected);
    assert_eq!(told["assistants"][0]["cost_micros"], 450_000);
    assert_eq!(told["assistants"].as_array().unwrap().len(), 1);

    let operator = house.member(Role::Operator).await;
    let hidden = operator.get("/api/activity").await.json();
    assert_eq!(hidden["currency"], Value::Null);
    assert_eq!(hidden["assistants"], json!([]));
    assert_eq!(hidden["engines"][1]["prompt_tokens"], 1_000_000);
    assert_eq!(hidden["engines"][1]["cost_micros"], Value::Null);
}
