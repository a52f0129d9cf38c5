//! Saying something and listening to the answer.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{Client, House, request};

async fn conversation(client: &Client) -> String {
    let assistants = client.get("/api/assistants").await.json();
    let assistant_id = &assistants["items"][0]["id"];
    let reply = client
        .post(
            "/api/conversations",
            json!({ "assistant_id": assistant_id }),
        )
        .await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    reply.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_answer_is_streamed_with_its_proof() {
    let house = House::new().await;
    let text = "# Delivery\n\nDelivery takes two working days inside the city.";
    house.test.add("delivery.md", text).await;
    let owner = house.owner().await;
    let id = conversation(&owner).await;
    let say = request(Method::POST, &format!("/api/conversations/{id}/messages"))
        .header("accept", "text/event-stream")
        .header("content-type", "application/json");
    let body = json!({"text": "How long does delivery take?"}).to_string();
    let mut stream = owner.open(say, Body::from(body)).await;
    house.test.settle().await;
    let mut names = Vec::new();
    let mut last = Value::Null;
    while let Some(told) = stream.next().await {
        names.push(told.name);
        last = told.data;
    }
    assert_eq!(names.first().unwrap(), "received");
    assert!(names.iter().any(|name| name == "step"), "{names:?}");
    assert_eq!(names.last().unwrap(), "done", "{last}");
    let message = &last["message"];
    assert_eq!(message["outcome"], "answered", "{message}");
    assert_eq!(message["citations"][0]["document_title"], "Delivery");

    let trace = format!("/api/messages/{}/trace", message["id"].as_str().unwrap());
    let steps = owner.get(&trace).await.json();
    assert_eq!(steps["steps"][0]["step"], "question", "{steps}");
    let passage = message["citations"][0]["passage_id"].as_str().unwrap();
    let passage = owner.get(&format!("/api/passages/{passage}")).await.json();
    assert!(
        passage["passage"]["text"]
            .as_str()
            .unwrap()
            .contains("two working days")
    );
    let messages = owner
        .get(&format!("/api/conversations/{id}/messages"))
        .await
        .json();
    assert_eq!(messages["items"].as_array().unwrap().len(), 2);
    assert_eq!(messages["next"], Value::Null);
}

#[tokio::test]
async fn the_same_message_twice_is_one_message_and_its_answer_is_told_again() {
    let house = House::new().await;
    let owner = house.owner().await;
    let path = format!("/api/conversations/{}/messages", conversation(&owner).await);
    let body = json!({"text": "Hello!", "external_id": "mine-1"});
    let first = owner.post(&path, body.clone()).await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{first:?}");
    house.test.settle().await;
    let say = request(Method::POST, &path)
        .header("accept", "text/event-stream")
        .header("content-type", "application/json");
    let mut stream = owner.open(say, Body::from(body.to_string())).await;
    let received = stream.next().await.unwrap();
    assert_eq!(received.data, first.json());
    assert_eq!(stream.next().await.unwrap().name, "done");
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn too_long_a_question_is_refused_before_a_stream_begins() {
    let house = House::new().await;
    let owner = house.owner().await;
    let path = format!("/api/conversations/{}/messages", conversation(&owner).await);
    let reply = owner.post(&path, json!({"text": "a".repeat(4_001)})).await;
    assert!(reply.status.is_client_error(), "{reply:?}");
    assert_eq!(
        owner.post(&path, json!({"text": " "})).await.code(),
        "invalid"
    );
}

#[tokio::test]
async fn a_stopped_answer_is_told_to_the_listener_and_kept() {
    let house = House::new().await;
    let owner = house.owner().await;
    let id = conversation(&owner).await;
    let path = format!("/api/conversations/{id}");
    let say = request(Method::POST, &format!("{path}/messages"))
        .header("accept", "text/event-stream")
        .header("content-type", "application/json");
    let body = json!({"text": "How long does delivery take?"}).to_string();
    let mut stream = owner.open(say, Body::from(body)).await;
    let received = stream.next().await.unwrap();
    let question = json!({"message_id": received.data["message_id"]});
    let stopped = owner.post(&format!("{path}/stop"), question.clone()).await;
    assert_eq!(stopped.status, StatusCode::OK, "{stopped:?}");
    assert_eq!(stopped.json()["message"]["outcome"], "stopped");
    let told = stream.next().await.unwrap();
    assert_eq!(told.name, "done");
    assert_eq!(told.data["message"], stopped.json()["message"]);
    house.test.settle().await;
    let again = owner.post(&format!("{path}/stop"), question).await;
    assert_eq!(again.json(), stopped.json());
    let messages = owner.get(&format!("{path}/messages")).await.json();
    assert_eq!(messages["items"].as_array().unwrap().len(), 2);
    let wrong = json!({"message_id": "x"});
    let reply = owner.post(&format!("{path}/stop"), wrong).await;
    assert_eq!(reply.code(), "invalid");
}
