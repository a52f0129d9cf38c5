//! Versions, labels and filters over HTTP.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::house::{Client, House};

const OLD: &str = "Item,Price\nChain,10 EUR\nBell,5 EUR\n";
const NEW: &str = "Item,Price\nChain,12 EUR\nBell,5 EUR\n";

async fn upload(house: &House, owner: &Client, name: &str, text: &str) -> String {
    let uploaded = owner.upload(name, text.as_bytes()).await.json();
    house.test.settle().await;
    house.test.clock.pass(60);
    uploaded["document"]["id"].as_str().unwrap().to_owned()
}

fn ids(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_changed_file_has_versions_with_text_original_and_difference() {
    let house = House::new().await;
    let owner = house.owner().await;
    let old = upload(&house, &owner, "prices.csv", OLD).await;
    let new = upload(&house, &owner, "prices.csv", NEW).await;
    let path = |id: &str, part: &str| format!("/api/documents/{id}/{part}");

    let versions = owner.get(&path(&old, "versions")).await.json();
    assert_eq!(ids(&versions), [new.as_str(), old.as_str()]);
    assert_eq!(versions["items"][0]["versions"], 1);
    assert_eq!(versions["items"][1]["replaced_by"], json!(new));
    assert_eq!(
        owner.get(&path(&old, "original")).await.body,
        OLD.as_bytes()
    );
    let text = owner.get(&path(&old, "text")).await.json();
    assert_eq!(text["blocks"][0]["cells"], json!(["Chain", "10 EUR"]));

    let changes = owner.get(&path(&new, "changes")).await.json();
    assert_eq!(changes["before"]["id"], json!(old));
    assert_eq!(
        (&changes["added"], &changes["removed"], &changes["changed"]),
        (&json!(0), &json!(0), &json!(1))
    );
    assert_eq!(
        changes["changes"][0]["cells"][1],
        json!({"column": "Price", "before": "10 EUR", "after": "12 EUR"})
    );
    for nothing in [
        path(&old, "changes"),
        path(&new, &format!("changes?since={new}")),
    ] {
        assert_eq!(owner.get(&nothing).await.code(), "not_found", "{nothing}");
    }

    let returned = owner.post(&path(&old, "return"), json!({})).await;
    assert_eq!(returned.status, StatusCode::ACCEPTED);
    house.test.settle().await;
    let returned = returned.json()["id"].as_str().unwrap().to_owned();
    let versions = owner.get(&path(&returned, "versions")).await.json();
    assert_eq!(ids(&versions), [returned.as_str(), new.as_str()]);

    let foreigner = house.foreigner().await;
    for part in ["versions", "changes", "text", "original"] {
        let foreign = foreigner.get(&path(&new, part)).await;
        assert_eq!(foreign.code(), "not_found", "{part}");
    }
    let foreign = foreigner.post(&path(&new, "return"), json!({})).await;
    assert_eq!(foreign.code(), "not_found");
}

#[tokio::test]
async fn documents_and_searches_are_filtered_by_label_and_source() {
    let house = House::new().await;
    let owner = house.owner().await;
    let prices = upload(&house, &owner, "prices.csv", OLD).await;
    let chains = upload(
        &house,
        &owner,
        "chains.md",
        "# Chains\n\nA chain lasts 3000 km.",
    )
    .await;
    let put = json!({"documents": [prices], "add": ["Price list"]});
    let reply = owner.post("/api/labels", put).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");

    let kinds = owner.get("/api/kinds").await.json();
    assert_eq!(
        kinds["labels"],
        json!([{"name": "Price list", "documents": 1}])
    );
    assert_eq!(kinds["formats"][0]["documents"], 1);
    let lists = [
        ("label=price%20list", vec![prices.as_str()]),
        ("format=md", vec![chains.as_str()]),
        ("language=en&format=md", vec![chains.as_str()]),
        ("label=unknown", vec![]),
    ];
    for (filter, expected) in lists {
        let list = owner.get(&format!("/api/documents?{filter}")).await.json();
        assert_eq!(ids(&list), expected, "{filter}");
    }
    for wrong in ["label=a,b", "language=english"] {
        let reply = owner.get(&format!("/api/documents?{wrong}")).await;
        assert_eq!(reply.code(), "invalid", "{wrong}");
    }

    let source = owner.get("/api/sources").await.json()["items"][0]["id"].clone();
    let searches = [
        (
            json!({"query": "chain", "labels": ["PRICE LIST"]}),
            vec![prices.as_str()],
        ),
        (json!({"query": "chain", "labels": ["none"]}), vec![]),
        (
            json!({"query": "chain lasts", "sources": [source], "limit": 1}),
            vec![chains.as_str()],
        ),
    ];
    for (query, expected) in searches {
        let found = owner.post("/api/search", query.clone()).await.json();
        let hits = found["hits"].as_array().unwrap();
        let of: Vec<&str> = hits
            .iter()
            .map(|hit| hit["passage"]["document_id"].as_str().unwrap())
            .collect();
        assert_eq!(of, expected, "{query}: {found}");
    }
    let wrong = json!({"query": "chain", "labels": ["a,b"]});
    assert_eq!(owner.post("/api/search", wrong).await.code(), "invalid");

    let many: Vec<String> = (0..21).map(|number| format!("label {number}")).collect();
    let wrong = [
        json!({"documents": [prices], "add": ["a,b"]}),
        json!({"documents": [prices], "add": many}),
        json!({"documents": vec![&prices; 201], "add": ["x"]}),
    ];
    for body in wrong {
        assert_eq!(owner.post("/api/labels", body).await.code(), "invalid");
    }
    let foreign = json!({"documents": [prices], "add": ["x"]});
    let foreign = house.foreigner().await.post("/api/labels", foreign).await;
    assert_eq!(foreign.code(), "not_found");
}

#[tokio::test]
async fn what_an_assistant_may_use_is_kept_and_never_widened_by_leaving_it_out() {
    let house = House::new().await;
    let owner = house.owner().await;
    let assistant = owner.get("/api/assistants").await.json()["items"][0].clone();
    let path = format!("/api/assistants/{}", assistant["id"].as_str().unwrap());
    let everything = json!({"sources": [], "labels": []});
    assert_eq!(assistant["settings"]["knowledge"], everything);

    let mut settings = assistant["settings"].clone();
    settings["knowledge"] = json!({"sources": [], "labels": ["public"]});
    let put = json!({"name": "A", "version": 1, "settings": settings});
    let changed = owner.change(axum::http::Method::PUT, &path, put).await;
    assert_eq!(
        changed.json()["settings"]["knowledge"]["labels"],
        json!(["public"])
    );

    settings.as_object_mut().unwrap().remove("knowledge");
    let put = json!({"name": "A", "version": 2, "settings": settings});
    let changed = owner.change(axum::http::Method::PUT, &path, put).await;
    assert_eq!(changed.code(), "invalid");
}
