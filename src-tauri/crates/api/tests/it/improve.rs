//! Improve and Home over HTTP.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{Client, House};

async fn items(client: &Client, path: &str) -> Vec<Value> {
    let list = client.get(path).await;
    assert_eq!(list.status, StatusCode::OK, "{list:?}");
    list.json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_unanswered_question_is_set_aside_brought_back_and_answered() {
    let house = House::new().await;
    let owner = house.owner().await;
    let talk = house.test.conversation().await;
    house.test.ask(&talk, "Do you repair scooters?").await;
    let open = items(&owner, "/api/improve/unanswered").await;
    assert_eq!(open[0]["question"], "Do you repair scooters?");
    assert_eq!(
        (&open[0]["asked"], &open[0]["reply"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(open[0]["channels"], json!(["playground"]));
    assert_eq!(open[0]["conversation_id"], talk.id.to_string());

    let at = format!(
        "/api/improve/unanswered/{}",
        open[0]["id"].as_str().unwrap()
    );
    let dismiss = format!("{at}/dismiss");
    let set_aside = owner.post(&dismiss, json!({})).await;
    assert_eq!(set_aside.status, StatusCode::NO_CONTENT);
    assert_eq!(
        items(&owner, "/api/improve/unanswered").await,
        Vec::<Value>::new()
    );
    let dismissed = items(&owner, "/api/improve/unanswered?which=dismissed").await;
    assert_eq!(dismissed.len(), 1);
    let back = owner.change(Method::DELETE, &dismiss, json!({})).await;
    assert_eq!(back.status, StatusCode::NO_CONTENT);

    let empty = json!({"questions": ["Repair?"], "answer": " "});
    let refused = owner.post(&format!("{at}/answer"), empty).await;
    assert_eq!(
        (refused.code().as_str(), refused.json()["field"].clone()),
        ("invalid", json!("answer"))
    );
    let qa = json!({"questions": ["Do you repair scooters?"], "answer": "On Tuesdays."});
    let made = owner.post(&format!("{at}/answer"), qa.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let again = owner.post(&format!("{at}/answer"), qa).await;
    assert_eq!(again.code(), "conflict");
    assert_eq!(
        items(&owner, "/api/improve/unanswered").await,
        Vec::<Value>::new()
    );
    assert_eq!(items(&owner, "/api/qa").await.len(), 1);
}

#[tokio::test]
async fn another_business_sees_and_changes_nothing_of_it() {
    let house = House::new().await;
    let owner = house.owner().await;
    let talk = house.test.conversation().await;
    house.test.ask(&talk, "Do you repair scooters?").await;
    let id = items(&owner, "/api/improve/unanswered").await[0]["id"].clone();
    let foreigner = house.foreigner().await;
    assert_eq!(
        items(&foreigner, "/api/improve/unanswered").await,
        Vec::<Value>::new()
    );
    let at = format!("/api/improve/unanswered/{}", id.as_str().unwrap());
    let dismissed = foreigner.post(&format!("{at}/dismiss"), json!({})).await;
    assert_eq!(dismissed.code(), "not_found");
    let qa = json!({"questions": ["x"], "answer": "y"});
    let answered = foreigner.post(&format!("{at}/answer"), qa).await;
    assert_eq!(answered.code(), "not_found");
    assert_eq!(
        foreigner.get("/api/home").await.json()["needs"]["unanswered"],
        0
    );
    assert_eq!(
        owner.get("/api/home").await.json()["needs"]["unanswered"],
        1
    );
}

#[tokio::test]
async fn home_tells_what_is_done_and_refuses_a_day_that_is_too_long() {
    let house = House::new().await;
    let owner = house.owner().await;
    let fresh = owner.get("/api/home").await.json();
    assert_eq!(fresh["done"]["knowledge"], false);
    assert_eq!(fresh["done"]["bot"], false);
    assert_eq!(fresh["last_backup_at"], Value::Null);
    assert_eq!(fresh["bots"], json!([]));
    house
        .test
        .add("a.md", "Delivery takes two working days.")
        .await;
    assert_eq!(
        owner.get("/api/home").await.json()["done"]["knowledge"],
        true
    );
    let long = owner.get("/api/home?since=2001-01-01T00:00:00Z").await;
    assert_eq!(
        (long.code().as_str(), long.json()["field"].clone()),
        ("invalid", json!("since"))
    );
    let nonsense = owner.get("/api/home?since=yesterday").await;
    assert_eq!(nonsense.code(), "invalid");
}

#[tokio::test]
async fn the_series_behind_the_charts_ends_today_and_has_a_bound() {
    let house = House::new().await;
    let owner = house.owner().await;
    let asked = owner.get("/api/activity?days=7&zone=Asia/Tokyo").await;
    let activity = asked.json();
    assert_eq!(activity["zone"], "Asia/Tokyo", "{asked:?}");
    let days = activity["days"].as_array().unwrap();
    assert_eq!(days.len(), 7);
    assert_eq!(
        (&days[6]["asked"], &days[6]["median_wait_ms"]),
        (&json!(0), &Value::Null)
    );
    assert!(days[0]["date"].as_str() < days[6]["date"].as_str());
    for (query, field) in [
        ("days=0", "days"),
        ("days=93", "days"),
        ("zone=Mars", "zone"),
    ] {
        let refused = owner.get(&format!("/api/activity?{query}")).await;
        assert_eq!(
            (refused.code().as_str(), &refused.json()["field"]),
            ("invalid", &json!(field))
        );
    }
}
