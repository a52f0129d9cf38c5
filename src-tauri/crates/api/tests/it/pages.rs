//! What is no route of the API.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::house::{House, request};

#[tokio::test]
async fn every_address_a_person_opens_is_the_page() {
    let house = House::new().await;
    let anon = house.anon();
    for path in ["/", "/enter", "/knowledge/documents/x", "/settings"] {
        let page = request(Method::GET, path).header("accept", "text/html");
        let reply = anon.send(page, Body::empty()).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(
            reply.headers["content-type"], "text/html; charset=utf-8",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_and_a_lost_route_are_problems() {
    let house = House::new().await;
    let anon = house.anon();
    for path in [
        "/assets/gone.js",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/api",
        "/api/nothing",
    ] {
        assert_eq!(anon.get(path).await.code(), "not_found", "{path}");
    }
    let posted = anon
        .send(request(Method::POST, "/settings"), Body::empty())
        .await;
    assert_eq!(posted.code(), "not_found");
}
