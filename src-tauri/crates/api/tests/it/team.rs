//! People over HTTP: from an invitation's link to a session, the second step, ending sessions.

use app::clock::Clock;
use axum::http::{Method, StatusCode};
use domain::member::Role;
use serde_json::{Value, json};
use testkit::authenticator::code;
use testkit::{EMAIL, PASSWORD};

use crate::house::House;

#[tokio::test]
async fn an_invited_operator_comes_in_and_finds_no_settings() {
    let house = House::new().await;
    let owner = house.owner().await;
    let body = json!({"role": "operator", "language": "en"});
    let made = owner.post("/api/invitations", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let link = made.json()["link"].as_str().unwrap().to_owned();
    let (address, token) = link.split_once('#').unwrap();
    assert_eq!(address, "https://help.shop.example/invitation");
    assert_eq!(made.json()["only_here"], false);
    let listed = owner.get("/api/invitations").await;
    assert_eq!(listed.json()["items"][0]["role"], "operator");
    assert!(
        !String::from_utf8_lossy(&listed.body).contains(token),
        "shown once"
    );

    let mut boris = house.anon();
    let opened = boris
        .post("/api/invitation", json!({ "token": token }))
        .await;
    assert_eq!(opened.json()["business"], "Shop");
    let joining = json!({"token": token, "name": "Boris", "email": "boris@shop.example",
        "password": "a sentence of his own"});
    let joined = boris.post("/api/invitation/accept", joining.clone()).await;
    assert_eq!(joined.status, StatusCode::OK, "{joined:?}");
    boris.keep_cookie(&joined);
    let session = boris.get("/api/session").await.json();
    assert_eq!(session["member"]["role"], "operator");
    assert_eq!(session["business"], "Shop");
    for path in ["/api/settings", "/api/members", "/api/mail", "/api/backups"] {
        assert_eq!(boris.get(path).await.code(), "forbidden", "{path}");
    }
    assert_eq!(boris.get("/api/conversations").await.status, StatusCode::OK);
    let again = house.anon().post("/api/invitation/accept", joining).await;
    assert_eq!(again.code(), "token_spent");

    let team = owner.get("/api/members").await.json();
    assert_eq!(team["items"].as_array().unwrap().len(), 2);
    assert_eq!(team["items"][1]["member"]["name"], "Boris");
    assert_eq!(team["items"][1]["second_step"], false);
    assert!(team["items"][1]["last_seen_at"].is_string());
    let log = owner.get("/api/people-log").await.json();
    let what = |row: usize| log["items"][row]["what"].clone();
    assert_eq!((what(0), what(1)), (json!("joined"), json!("invited")));
}

#[tokio::test]
async fn a_role_holds_from_the_next_click_on() {
    let house = House::new().await;
    let owner = house.owner().await;
    let boris = house.member(Role::Viewer).await;
    let id = boris.get("/api/session").await.json()["member"]["id"].clone();
    let path = format!("/api/members/{}", id.as_str().unwrap());
    assert_eq!(boris.get("/api/members").await.code(), "forbidden");
    let raised = owner
        .change(Method::PATCH, &path, json!({"role": "admin"}))
        .await;
    assert_eq!(raised.status, StatusCode::NO_CONTENT, "{raised:?}");
    assert_eq!(boris.get("/api/members").await.status, StatusCode::OK);
    let removed = owner.change(Method::DELETE, &path, json!({})).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{removed:?}");
    assert_eq!(boris.get("/api/members").await.code(), "not_signed_in");
    let session = owner.get("/api/session").await.json();
    let me = format!("/api/members/{}", session["member"]["id"].as_str().unwrap());
    let last = owner.change(Method::DELETE, &me, json!({})).await;
    assert_eq!(
        (last.status, last.code().as_str()),
        (StatusCode::CONFLICT, "last_owner")
    );
}

#[tokio::test]
async fn nobody_reaches_people_of_another_business() {
    let house = House::new().await;
    let owner = house.owner().await;
    let foreigner = house.foreigner().await;
    let id = owner.get("/api/session").await.json()["member"]["id"].clone();
    let path = format!("/api/members/{}", id.as_str().unwrap());
    let body = json!({"role": "viewer", "language": "en"});
    let made = owner.post("/api/invitations", body).await.json();
    let invitation = format!(
        "/api/invitations/{}",
        made["invitation"]["id"].as_str().unwrap()
    );
    let role = json!({"role": "viewer"});
    let tried = [
        foreigner.change(Method::PATCH, &path, role).await,
        foreigner.change(Method::DELETE, &path, json!({})).await,
        foreigner
            .change(Method::DELETE, &format!("{path}/second-step"), json!({}))
            .await,
        foreigner
            .post(&format!("{path}/owner"), json!({"password": PASSWORD}))
            .await,
        foreigner
            .change(Method::DELETE, &invitation, json!({}))
            .await,
        foreigner
            .post(&format!("{invitation}/again"), json!({"language": "en"}))
            .await,
    ];
    for reply in tried {
        assert_eq!(reply.code(), "not_found", "{reply:?}");
    }
    assert_eq!(
        foreigner.get("/api/members").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        foreigner.get("/api/invitations").await.json()["items"],
        json!([])
    );
}

#[tokio::test]
async fn the_second_step_is_switched_on_asked_for_and_switched_off() {
    let house = House::new().await;
    let owner = house.owner().await;
    let password = json!({ "password": PASSWORD });
    let offered = owner.post("/api/second-step/offer", password.clone()).await;
    let offered = offered.json();
    let secret = offered["secret"].as_str().unwrap();
    assert!(offered["uri"].as_str().unwrap().ends_with("&issuer=Shop"));
    let shown = code(secret, house.test.clock.now());
    let on = owner
        .post("/api/second-step", json!({ "code": shown }))
        .await;
    let codes = on.json()["codes"].clone();
    assert_eq!(codes.as_array().unwrap().len(), 10);
    assert_eq!(
        owner.get("/api/second-step").await.json(),
        json!({"is_on": true, "spare_codes": 10})
    );

    let sign_in = async |code: Value| {
        let body = json!({"email": EMAIL, "password": PASSWORD, "code": code});
        house.anon().post("/api/session", body).await
    };
    assert_eq!(sign_in(Value::Null).await.code(), "second_step_needed");
    assert_eq!(sign_in(json!("000000x")).await.code(), "second_step_wrong");
    assert_eq!(sign_in(codes[3].clone()).await.status, StatusCode::OK);
    let off = owner.post("/api/second-step/off", password).await;
    assert_eq!(off.status, StatusCode::NO_CONTENT);
    assert_eq!(sign_in(Value::Null).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_elsewhere_is_seen_and_ended() {
    let house = House::new().await;
    let (here, there) = (house.owner().await, house.owner().await);
    let seen = here.get("/api/sessions").await.json();
    let seen = seen["items"].as_array().unwrap().clone();
    assert_eq!(seen.len(), 2);
    let other = seen.iter().find(|place| place["is_this"] == false).unwrap();
    assert_eq!(other["address"], "127.0.0.1");
    let path = format!("/api/sessions/{}", other["id"].as_str().unwrap());
    let ended = here.change(Method::DELETE, &path, json!({})).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{ended:?}");
    assert_eq!(there.get("/api/sessions").await.code(), "not_signed_in");
    assert_eq!(here.get("/api/sessions").await.status, StatusCode::OK);
}
