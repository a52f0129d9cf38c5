//! Assistants' versions, the questions that were asked of them, hours that are tried, and the first steps.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{Client, House};

async fn first(client: &Client) -> Value {
    client.get("/api/assistants").await.json()["items"][0].clone()
}

async fn change(client: &Client, field: &str, value: Value) -> Value {
    let assistant = first(client).await;
    let path = format!("/api/assistants/{}", assistant["id"].as_str().unwrap());
    let mut body = json!({"name": assistant["name"], "version": assistant["version"],
        "settings": assistant["settings"]});
    body["settings"][field] = value;
    let changed = client.change(Method::PUT, &path, body).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    changed.json()
}

#[tokio::test]
async fn a_version_is_seen_and_returned_to() {
    let house = House::new().await;
    let owner = house.owner().await;
    let id = change(&owner, "greeting", json!("Hello")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    change(&owner, "threshold", json!(0.75)).await;
    let path = format!("/api/assistants/{id}/versions");
    let versions = owner.get(&path).await.json();
    let told: Vec<(u64, Value)> = versions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["version"].as_u64().unwrap(), one["changed"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (3, json!(["threshold"])),
            (2, json!(["greeting"])),
            (1, json!([]))
        ]
    );
    let then = owner.get(&format!("{path}/2")).await.json();
    assert_eq!(then["settings"]["greeting"], "Hello");
    assert_eq!(then["settings"]["threshold"], 0.5);

    let back = format!("{path}/1/return");
    let late = owner.post(&back, json!({"version": 2})).await;
    assert_eq!(late.code(), "conflict");
    let returned = owner.post(&back, json!({"version": 3})).await;
    assert_eq!(returned.status, StatusCode::OK, "{returned:?}");
    assert_eq!(returned.json()["version"], 4);
    assert_eq!(returned.json()["settings"]["greeting"], "");
    let versions = owner.get(&path).await.json();
    assert_eq!(versions["items"][0]["returned_to"], 1);
    for number in ["9", "0", "x", "-1"] {
        let none = owner.get(&format!("{path}/{number}")).await;
        assert_eq!(none.code(), "not_found", "{number}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_topics_that_are_left_alone_is_told() {
    let house = House::new().await;
    let owner = house.owner().await;
    let assistant = first(&owner).await;
    assert_eq!(
        assistant["settings"]["forbidden"],
        json!({"words": [], "texts": []})
    );
    let path = format!("/api/assistants/{}", assistant["id"].as_str().unwrap());
    let mut body = json!({"name": "A", "version": 1, "settings": assistant["settings"]});
    body["settings"]["forbidden"] = json!({"words": ["?!"]});
    let refused = owner.change(Method::PUT, &path, body).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["field"], "forbidden");
}

#[tokio::test]
async fn hours_are_tried_before_they_are_saved() {
    let house = House::new().await;
    let owner = house.owner().await;
    let id = first(&owner).await["id"].clone();
    let hours = json!({"zone": "Europe/Berlin", "week": {"thursday": [{"from": "09:00", "to": "18:00"}]},
        "holidays": [{"first": "2026-12-31", "name": "New Year's Eve"}]});
    let explain = async |hours: &Value, at: &str| {
        let body = json!({"assistant_id": id, "hours": hours, "at": at, "language": "en"});
        owner.post("/api/hours/explain", body).await
    };
    let open = explain(&hours, "2026-12-10T10:00").await.json();
    assert_eq!(open["is_open"], true);
    let closed = explain(&hours, "2026-12-31T10:00").await.json();
    assert_eq!(closed["is_open"], false);
    assert_eq!(closed["holiday"], "New Year's Eve");
    assert_eq!(explain(&Value::Null, "").await.json()["is_open"], true);
    let wrong = json!({"zone": "UTC", "week": {"monday": [{"from": "09:00", "to": "09:00"}]}});
    let wrong = explain(&wrong, "").await;
    assert_eq!(wrong.json()["field"], "hours");
    assert_eq!(first(&owner).await["settings"]["hours"], Value::Null);
}

#[tokio::test]
async fn a_question_that_was_asked_is_there_for_another_threshold_and_for_the_ladder() {
    let house = House::new().await;
    let text = "# Delivery\n\nDelivery takes two working days inside the city.";
    house.test.add("delivery.md", text).await;
    let owner = house.owner().await;
    let id = first(&owner).await["id"].as_str().unwrap().to_owned();
    let conversation = owner
        .post("/api/conversations", json!({"assistant_id": id}))
        .await
        .json();
    let path = format!(
        "/api/conversations/{}/messages",
        conversation["id"].as_str().unwrap()
    );
    owner
        .post(&path, json!({"text": "How long does delivery take?"}))
        .await;
    house.test.settle().await;
    let past = owner
        .get(&format!("/api/assistants/{id}/past-questions"))
        .await
        .json();
    let asked = &past["items"][0];
    assert_eq!(asked["question"], "How long does delivery take?");
    assert_eq!(asked["channel"], "playground");
    assert_eq!(asked["decided_by_threshold"], true);
    assert!(asked["confidence"].as_f64().unwrap() >= 0.5);
    let ladder = owner
        .get(&format!("/api/assistants/{id}/engines"))
        .await
        .json();
    assert_eq!(ladder["rungs"][0]["kind"], "quotes");
    assert_ne!(ladder["rungs"][0]["last_at"], Value::Null);
    assert_eq!(ladder["rungs"][1]["kind"], "person");
}

#[tokio::test]
async fn the_first_steps_are_gone_on_with_where_they_were_left() {
    let house = House::new().await;
    let owner = house.owner().await;
    let begun = owner.get("/api/first-run").await.json();
    assert_eq!(begun, json!({"step": "language", "is_over": false}));
    let further = json!({"step": "telegram", "is_over": false});
    let kept = owner
        .change(Method::PUT, "/api/first-run", further.clone())
        .await;
    assert_eq!(kept.json(), further);
    assert_eq!(owner.get("/api/first-run").await.json(), further);
    let foreign = house.foreigner().await.get("/api/first-run").await.json();
    assert_eq!(foreign["step"], "language");
    let text = "# Terms\n\n## Can I return a bicycle?\n\nA bicycle can be returned within 14 days.";
    house.test.add("terms.md", text).await;
    let questions = owner.get("/api/first-run/questions").await.json();
    assert_eq!(
        questions["items"][0],
        json!({"question": "Can I return a bicycle?", "document": "Terms"})
    );
}
