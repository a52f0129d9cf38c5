//! Signing in and out.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use testkit::{EMAIL, PASSWORD, TestApp};

use crate::house::{Client, House, config};

#[tokio::test]
async fn a_member_signs_in_and_a_session_ends_with_signing_out() {
    let house = House::new().await;
    let mut client = house.anon();
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let reply = client.post("/api/session", body).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    assert_eq!(reply.json()["member"]["role"], "owner");
    client.keep_cookie(&reply);
    let session = client.get("/api/session").await.json();
    assert_eq!(session["member"]["email"], EMAIL);
    assert_eq!(session["business"], "Shop");
    assert_eq!(session["first_run"], false);

    let thief = client.clone();
    let out = client
        .change(Method::DELETE, "/api/session", json!({}))
        .await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let cleared = out.headers["set-cookie"].to_str().unwrap();
    assert!(cleared.contains("Max-Age=0"), "{cleared}");
    assert_eq!(thief.get("/api/status").await.code(), "not_signed_in");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    let house = House::new().await;
    let try_with = async |email: &str| {
        let body = json!({"email": email, "password": "wrong"});
        let mut reply = house.anon().post("/api/session", body).await.json();
        reply.as_object_mut().unwrap().shift_remove("request_id");
        reply
    };
    let wrong = try_with(EMAIL).await;
    assert_eq!(wrong["code"], "wrong_password");
    assert_eq!(wrong, try_with("nobody@shop.example").await);
}

#[tokio::test]
async fn a_refused_sign_in_is_told_to_the_owner() {
    let house = House::new().await;
    let owner = house.owner().await;
    let body = json!({"email": EMAIL, "password": "guessed words"});
    house.anon().post("/api/session", body).await;
    let log = owner.get("/api/audit").await.json();
    let newest = &log["items"][0];
    assert_eq!(newest["deed"], "sign_in_refused", "{log}");
    assert_eq!(newest["wrong"], "password");
    assert_eq!(newest["tries"], 1);
    assert_eq!(newest["by"], json!(null));
    let address = newest["address"].as_str().unwrap();
    assert!(address.parse::<std::net::IpAddr>().is_ok(), "{address}");
    assert!(!log.to_string().contains("guessed words"), "{log}");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_told_when_to_come_back() {
    let house = House::new().await;
    let guess = json!({"email": EMAIL, "password": "wrong"});
    for _ in 0..10 {
        let reply = house.anon().post("/api/session", guess.clone()).await;
        assert_eq!(reply.code(), "wrong_password");
    }
    let reply = house.anon().post("/api/session", guess).await;
    assert_eq!(reply.code(), "too_many");
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds = reply.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse::<u32>()
        .unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn the_cookie_fits_the_place() {
    let house = House::new().await;
    let member = house.test.owner.member.id;
    let enter = async |host: &str, origin: &str| {
        let token = house.test.app.sign_in_token(member, 30).await.unwrap();
        let request = Request::post("/api/enter")
            .header("host", host)
            .header("origin", origin)
            .header("x-chatai", "1")
            .header("content-type", "application/json");
        let body = Body::from(json!({ "token": token }).to_string());
        let reply = house.anon().send(request, body).await;
        reply.headers["set-cookie"].to_str().unwrap().to_owned()
    };
    let inside = enter("127.0.0.1:4810", "http://127.0.0.1:4810").await;
    assert!(inside.starts_with("chatai_test="), "{inside}");
    assert!(
        inside.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"),
        "{inside}"
    );
    let outside = enter("help.shop.example", "https://help.shop.example").await;
    assert!(outside.starts_with("__Host-chatai="), "{outside}");
    assert!(
        outside.ends_with("; Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax"),
        "{outside}"
    );
}

#[tokio::test]
async fn a_sign_in_link_works_once_and_replaces_the_session_before() {
    let house = House::new().await;
    let before = house.owner().await;
    let token = house
        .test
        .app
        .sign_in_token(house.test.owner.member.id, 30)
        .await
        .unwrap();
    let again = before.post("/api/enter", json!({ "token": token })).await;
    assert_eq!(again.json()["needs"], serde_json::Value::Null);
    assert_eq!(before.get("/api/status").await.code(), "not_signed_in");
    let twice = house
        .anon()
        .post("/api/enter", json!({ "token": token }))
        .await;
    assert_eq!(twice.code(), "token_spent");
}

#[tokio::test]
async fn the_first_owner_comes_in_by_a_link_only() {
    let (app, _clock, _folder) = TestApp::without_owner();
    let token = app.first_owner_token().await.unwrap();
    let house = api::router(app, config(1));
    let mut client = Client::of(house);
    assert_eq!(client.get("/api/session").await.json()["first_run"], true);
    let entered = client
        .post("/api/enter", json!({ "token": token }))
        .await
        .json();
    assert_eq!(entered["needs"], "owner");
    let owner = |token: &str| {
        json!({"token": token, "business": "Shop", "name": "Olga",
        "email": EMAIL, "password": PASSWORD})
    };
    assert_eq!(
        client
            .post("/api/first-owner", owner("guessed"))
            .await
            .code(),
        "token_spent"
    );
    let made = client.post("/api/first-owner", owner(&token)).await;
    assert_eq!(made.status, StatusCode::OK, "{made:?}");
    client.keep_cookie(&made);
    assert_eq!(client.get("/api/session").await.json()["first_run"], false);
    assert_eq!(client.get("/api/status").await.status, StatusCode::OK);
    assert_eq!(
        client.post("/api/first-owner", owner(&token)).await.code(),
        "token_spent"
    );
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions() {
    let house = House::new().await;
    let (here, there) = (house.owner().await, house.owner().await);
    let body = json!({"old": PASSWORD, "new": "another long sentence"});
    let reply = here.post("/api/password", body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    assert_eq!(here.get("/api/status").await.status, StatusCode::OK);
    assert_eq!(there.get("/api/status").await.code(), "not_signed_in");
}
