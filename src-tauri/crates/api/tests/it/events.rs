//! What changed, pushed.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::house::{Client, House, Stream, Told, request};

async fn listen(client: &Client, path: &str) -> Stream {
    client.open(request(Method::GET, path), Body::empty()).await
}

async fn add_text(client: &Client, name: &str) {
    let reply = client.post(
        "/api/texts",
        json!({"name": name, "text": format!("About {name}.")}),
    );
    assert_eq!(reply.await.status, StatusCode::ACCEPTED);
}

async fn take(stream: &mut Stream, count: usize) -> Vec<Told> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(stream.next().await.unwrap());
    }
    all
}

#[tokio::test]
async fn a_listener_hears_what_changes() {
    let house = House::new().await;
    let owner = house.owner().await;
    let mut stream = listen(&owner, "/api/events").await;
    add_text(&owner, "prices").await;
    let told = stream.next().await.unwrap();
    assert_eq!(told.name, "change");
    assert!(told.id.parse::<u64>().unwrap() > 0);
    assert!(
        told.data["topic"].is_string() && told.data["subject"].is_string(),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_listener_goes_on_where_it_was_without_gaps() {
    let house = House::new().await;
    let owner = house.owner().await;
    for n in 0..30 {
        add_text(&owner, &format!("text {n}")).await;
    }
    let last = house.test.app.last_event(&house.test.owner).await.unwrap();
    let all = take(
        &mut listen(&owner, "/api/events?after=0").await,
        last as usize,
    )
    .await;
    let numbers: Vec<u64> = all.iter().map(|told| told.id.parse().unwrap()).collect();
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>());

    let middle = last / 2;
    let again = request(Method::GET, "/api/events").header("last-event-id", middle.to_string());
    let mut stream = owner.open(again, Body::empty()).await;
    let rest = take(&mut stream, (last - middle) as usize).await;
    assert_eq!(rest, all[middle as usize..]);
    add_text(&owner, "one more").await;
    let next = stream.next().await.unwrap();
    assert_eq!(
        next.id.parse::<u64>().unwrap(),
        last + 1,
        "catching up runs into what is new"
    );
}

#[tokio::test]
async fn two_listeners_at_different_places_hear_all_of_it() {
    let house = House::new().await;
    let owner = house.owner().await;
    add_text(&owner, "first").await;
    let before = house.test.app.last_event(&house.test.owner).await.unwrap();
    let mut late = listen(&owner, "/api/events").await;
    let mut early = listen(&owner, "/api/events?after=0").await;
    add_text(&owner, "second").await;
    let last = house.test.app.last_event(&house.test.owner).await.unwrap();
    let of_late = take(&mut late, (last - before) as usize).await;
    let of_early = take(&mut early, last as usize).await;
    assert_eq!(of_early[before as usize..], of_late);
}

#[tokio::test]
async fn a_number_that_never_was_is_taken_as_now() {
    let house = House::new().await;
    let owner = house.owner().await;
    let mut stream = listen(&owner, "/api/events?after=999999").await;
    add_text(&owner, "prices").await;
    assert!(stream.next().await.is_some());
}

#[tokio::test]
async fn nobody_hears_what_changes_elsewhere() {
    let house = House::new().await;
    let (owner, foreigner) = (house.owner().await, house.foreigner().await);
    let mut stream = listen(&foreigner, "/api/events?after=0").await;
    add_text(&owner, "secret").await;
    let reply = foreigner
        .post("/api/qa", json!({"questions": ["When?"], "answer": "Now."}))
        .await;
    let own = reply.json()["id"].clone();
    let told = stream.next().await.unwrap();
    assert_eq!((told.id.as_str(), &told.data["subject"]), ("1", &own));
}

#[tokio::test]
async fn the_stream_ends_with_the_session() {
    let house = House::new().await;
    let owner = house.owner().await;
    let mut stream = listen(&owner, "/api/events").await;
    owner
        .change(Method::DELETE, "/api/session", json!({}))
        .await;
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn above_the_limit_a_listener_is_told_to_come_back() {
    let house = House::with_listeners(1).await;
    let owner = house.owner().await;
    let stream = listen(&owner, "/api/events").await;
    let reply = owner.get("/api/events").await;
    assert_eq!(reply.code(), "busy");
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(reply.headers["retry-after"], "15");
    drop(stream);
    // The place is free as soon as the listener's task has seen that nobody listens.
    while owner.get("/api/events").await.code() == "busy" {
        tokio::task::yield_now().await;
    }
}
