//! Documents, Q&A, assistants, settings: what goes in comes out, and nobody else sees it.

use axum::http::{Method, StatusCode};
use domain::member::Role;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn a_document_is_uploaded_read_shown_and_removed() {
    let house = House::new().await;
    let owner = house.owner().await;
    let text = "# Prices\n\nA bicycle costs 300 euro.\n\nA helmet costs 40 euro.";
    let reply = owner.upload("prices.md", text.as_bytes()).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{reply:?}");
    let uploaded = reply.json();
    assert_eq!(
        (&uploaded["same"], &uploaded["document"]["state"]),
        (&json!(false), &json!("pending"))
    );
    let again = owner.upload("prices.md", text.as_bytes()).await.json();
    assert_eq!(again["same"], true);
    house.test.settle().await;

    let path = format!(
        "/api/documents/{}",
        uploaded["document"]["id"].as_str().unwrap()
    );
    let document = owner.get(&path).await.json();
    assert_eq!(document["state"], "ready", "{document}");
    assert_eq!(document["title"], "Prices");
    let blocks = owner.get(&format!("{path}/text")).await.json();
    assert_eq!(
        blocks["blocks"][0],
        json!({"kind": "heading", "text": "Prices", "start": 0, "page": null, "level": 1})
    );
    let passages = owner.get(&format!("{path}/passages?limit=1")).await.json();
    assert_eq!(passages["items"][0]["ordinal"], 0);
    let found = owner
        .post("/api/search", json!({"query": "how much is a helmet"}))
        .await
        .json();
    assert_eq!(found["hits"][0]["document_title"], "Prices", "{found}");
    let listed = owner
        .get("/api/documents?q=prices&state=ready")
        .await
        .json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        owner.get("/api/sources").await.json()["items"][0]["documents"],
        1
    );

    assert_eq!(
        owner.change(Method::DELETE, &path, json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(owner.get(&path).await.code(), "not_found");
}

#[tokio::test]
async fn an_original_is_saved_never_run() {
    let house = House::new().await;
    let owner = house.owner().await;
    let page = "<h1>Prices</h1><script>alert(1)</script>";
    let document = house.test.add("../цена \"1\".html", page).await;
    let path = format!("/api/documents/{}/original", document.id);
    for path in [path.clone(), format!("{path}?inline=1")] {
        let reply = owner.get(&path).await;
        assert_eq!(reply.body, page.as_bytes());
        assert_eq!(reply.headers["content-type"], "application/octet-stream");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert_eq!(
            policy,
            "default-src 'none'; sandbox; frame-ancestors 'none'"
        );
        let name = reply.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\""), "{name}");
        assert!(
            name.contains("filename*=UTF-8''") && !name.contains('/'),
            "{name}"
        );
        assert!(name.contains("%D1%86%D0%B5%D0%BD%D0%B0"), "{name}");
    }
}

#[tokio::test]
async fn what_another_business_has_is_not_there() {
    let house = House::new().await;
    let (owner, foreigner) = (house.owner().await, house.foreigner().await);
    let document = house.test.add("secret.md", "The secret is 42.").await;
    let conversation = house.test.conversation().await;
    let qa = owner
        .post("/api/qa", json!({"questions": ["When?"], "answer": "Now."}))
        .await
        .json();
    let qa = qa["id"].as_str().unwrap();
    let assistants = owner.get("/api/assistants").await.json();
    let assistant = assistants["items"][0]["id"].as_str().unwrap();
    let source = document.source_id;
    let passages = owner
        .get(&format!("/api/documents/{}/passages", document.id))
        .await
        .json();
    let passage = passages["items"][0]["id"].as_str().unwrap();
    for path in [
        format!("/api/documents/{}", document.id),
        format!("/api/documents/{}/text", document.id),
        format!("/api/documents/{}/original", document.id),
        format!("/api/documents/{}/passages", document.id),
        format!("/api/passages/{passage}"),
        format!("/api/conversations/{}", conversation.id),
        format!("/api/conversations/{}/messages", conversation.id),
        format!("/api/qa/{qa}"),
        format!("/api/assistants/{assistant}"),
    ] {
        assert_eq!(owner.get(&path).await.status, StatusCode::OK, "{path}");
        let foreign = foreigner.get(&path).await;
        assert_eq!(
            (foreign.status, foreign.code().as_str()),
            (StatusCode::NOT_FOUND, "not_found"),
            "{path}"
        );
    }
    for path in [
        format!("/api/documents/{}", document.id),
        format!("/api/sources/{source}"),
        format!("/api/qa/{qa}"),
        format!("/api/assistants/{assistant}"),
    ] {
        let foreign = foreigner.change(Method::DELETE, &path, json!({})).await;
        assert_eq!(foreign.code(), "not_found", "{path}");
    }
    let found = foreigner
        .post("/api/search", json!({"query": "secret"}))
        .await
        .json();
    assert_eq!(found["hits"], json!([]));
}

#[tokio::test]
async fn a_change_from_an_old_version_is_a_conflict() {
    let house = House::new().await;
    let owner = house.owner().await;
    let assistant = owner.get("/api/assistants").await.json()["items"][0].clone();
    let path = format!("/api/assistants/{}", assistant["id"].as_str().unwrap());
    let mut change = json!({"name": "Helper", "version": assistant["version"], "settings": assistant["settings"]});
    change["settings"]["greeting"] = json!("Hello");
    let changed = owner.change(Method::PUT, &path, change.clone()).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    assert_eq!(
        changed.json()["version"].as_u64(),
        assistant["version"].as_u64().map(|version| version + 1)
    );
    let late = owner.change(Method::PUT, &path, change).await;
    assert_eq!(
        (late.status, late.code().as_str()),
        (StatusCode::CONFLICT, "conflict")
    );
}

#[tokio::test]
async fn a_key_is_never_shown_and_null_removes_the_engine() {
    let house = House::new().await;
    let owner = house.owner().await;
    let remote =
        json!({"base_url": "http://127.0.0.1:9/v1", "model": "m", "key": "sk-canary-9f3a"});
    let patch = async |body| owner.change(Method::PATCH, "/api/settings", body).await;
    let set = patch(json!({ "remote": remote })).await;
    assert_eq!(set.status, StatusCode::OK, "{set:?}");
    assert!(!String::from_utf8_lossy(&set.body).contains("canary"));
    assert_eq!(set.json()["remote"]["key_hint"], "9f3a");
    let renamed = patch(json!({"business": "New name"})).await.json();
    assert_eq!(
        (&renamed["business"], &renamed["remote"]["model"]),
        (&json!("New name"), &json!("m"))
    );
    let removed = patch(json!({"remote": null})).await.json();
    assert_eq!(removed["remote"], json!(null));
    let tested = owner
        .post("/api/settings/remote/test", json!({}))
        .await
        .json();
    assert_eq!(
        (&tested["ok"], &tested["code"]),
        (&json!(false), &json!("no_engine"))
    );
}

#[tokio::test]
async fn the_demo_company_comes_and_goes_as_a_whole() {
    let house = House::new().await;
    let owner = house.owner().await;
    assert_eq!(
        owner.post("/api/demo", json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    house.test.settle().await;
    let status = owner.get("/api/status").await.json();
    assert_eq!(
        (&status["demo"], &status["documents"]["ready"]),
        (&json!(true), &json!(1)),
        "{status}"
    );
    let gone = owner.change(Method::DELETE, "/api/demo", json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let status = owner.get("/api/status").await.json();
    assert_eq!(
        (&status["demo"], &status["documents"]["total"]),
        (&json!(false), &json!(0)),
        "{status}"
    );
}

#[tokio::test]
async fn where_a_watched_folder_lies_is_shown_to_those_who_may_add_one() {
    let house = House::new().await;
    let owner = house.owner().await;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("papers");
    std::fs::create_dir(&folder).unwrap();
    let path = folder.canonicalize().unwrap().display().to_string();
    let body = json!({"path": path, "vanished": "remove"});
    let added = owner.post("/api/folders", body).await;
    assert_eq!(added.status, StatusCode::ACCEPTED, "{added:?}");
    let shown = async |client: &crate::house::Client| {
        let listed = client.get("/api/followed").await.json();
        let one = format!(
            "/api/followed/{}",
            listed["items"][0]["source_id"].as_str().unwrap()
        );
        let alone = client.get(&one).await.json();
        assert_eq!(listed["items"][0]["place"], alone["place"]);
        alone["place"]["path"].as_str().unwrap().to_owned()
    };
    assert_eq!(shown(&owner).await, path);
    for role in [Role::Operator, Role::Viewer] {
        assert_eq!(shown(&house.member(role).await).await, "papers");
    }
}
