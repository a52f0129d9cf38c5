//! Whether all is well, what was given up, and what the program said, over HTTP.

use api::router;
use app::log::{Level, Log};
use axum::http::StatusCode;
use domain::id::JobId;
use domain::job::Task;
use domain::member::Role;
use domain::time::Timestamp;
use serde_json::{Value, json};
use testkit::{Outside, TestApp};
use uuid::Uuid;

use crate::house::{House, config};

fn finding(report: &Value, found: &str) -> Value {
    let items = report["items"].as_array().unwrap().iter();
    let mut of_kind = items.filter(|item| item["found"] == found);
    of_kind.next().cloned().unwrap_or_default()
}

/// Gives up a job behind the face's back; its id.
fn give_up(house: &House, task: &Task, reason: &str) -> JobId {
    let id = Uuid::now_v7();
    house.sql(
        "INSERT INTO jobs (workspace_id, id, lane, key, seq, task, state, attempts, reason, run_at, created_at)
         VALUES (?1, ?2, 'embed', ?3, (SELECT coalesce(max(seq), 0) + 1 FROM jobs), ?4, 'dead', 6, ?5, 0, 0)",
        &[
            &house.test.owner.workspace().0.as_bytes().as_slice(),
            &id.as_bytes().as_slice(),
            &id.to_string(),
            &serde_json::to_string(task).unwrap(),
            &reason,
        ],
    );
    JobId(id)
}

#[tokio::test]
async fn what_needs_somebody_is_told_with_its_numbers() {
    let house = House::new().await;
    let owner = house.owner().await;
    let report = owner.get("/api/doctor").await.json();
    assert_eq!(report["well"], true, "{report}");
    assert_eq!(finding(&report, "data_folder")["why"], "told");
    assert_eq!(finding(&report, "key")["place"], "file");
    assert_eq!(finding(&report, "backup")["standing"], "note");
    assert_eq!(finding(&report, "database"), Value::Null);

    let broken = owner.upload("broken.pdf", b"%PDF-1.7 and no more").await;
    assert_eq!(broken.status, StatusCode::ACCEPTED, "{broken:?}");
    house.test.settle().await;
    let report = owner.get("/api/doctor?deep=true").await.json();
    assert_eq!(report["well"], false);
    let documents = finding(&report, "documents");
    assert_eq!(documents["standing"], "bad");
    assert_eq!(documents["failed"], 1);
    assert_eq!(finding(&report, "database")["problems"], json!([]));
    assert_eq!(finding(&report, "index_files")["damage"], Value::Null);
}

#[tokio::test]
async fn an_admin_does_not_learn_where_the_key_lies() {
    let house = House::new().await;
    let admin = house.member(Role::Admin).await;
    let report = admin.get("/api/doctor").await.json();
    assert_eq!(finding(&report, "documents")["standing"], "good");
    for outside in ["data_folder", "key", "secrets", "audit_log", "backup"] {
        assert_eq!(finding(&report, outside), Value::Null, "{outside}");
    }
    let other = house.foreigner().await;
    house.test.add("broken.pdf", "%PDF-1.7 and no more").await;
    let report = other.get("/api/doctor").await.json();
    assert_eq!(finding(&report, "documents")["failed"], 0);
}

#[tokio::test]
async fn jobs_that_were_given_up_run_again_one_by_one_or_all_at_once() {
    let house = House::new().await;
    let owner = house.owner().await;
    let one = give_up(&house, &Task::Embed, "no model");
    give_up(&house, &Task::Embed, "no model");
    give_up(&house, &Task::Embed, "no model");
    let report = owner.get("/api/doctor").await.json();
    assert_eq!(finding(&report, "jobs")["dead"], 3);
    let dead = async || owner.get("/api/jobs?state=dead").await.json()["items"].clone();
    assert_eq!(dead().await[0]["reason"], "no model");
    let again = owner
        .post(&format!("/api/jobs/{one}/retry"), json!({}))
        .await;
    assert_eq!(again.status, StatusCode::NO_CONTENT);
    assert_eq!(dead().await.as_array().unwrap().len(), 2);
    let all = owner.post("/api/jobs/retry", json!({})).await.json();
    assert_eq!(all["jobs"], 2);
    assert_eq!(dead().await, json!([]));
    let none = owner.post("/api/jobs/retry", json!({})).await.json();
    assert_eq!(none["jobs"], 0);
}

#[tokio::test]
async fn the_log_is_told_from_a_line_on_and_by_how_much_it_matters() {
    let log = Log::default();
    let outside = Outside {
        log: log.clone(),
        ..Outside::default()
    };
    let test = TestApp::within(outside).await;
    let router = router(test.app.clone(), config(4));
    let house = House { test, router };
    let owner = house.owner().await;
    let (told, _) = log.after(0, Level::Debug);
    assert!(told.is_empty(), "only what is put there: {told:?}");
    log.say(Timestamp(0), Level::Info, "store", "a backup was made");
    log.say(Timestamp(1_000_000), Level::Error, "app", "it failed");
    let texts = async |path: &str| {
        let said = owner.get(path).await.json();
        let lines = said["lines"].as_array().unwrap().clone();
        let texts = lines.into_iter().map(|line| line["text"].clone());
        (texts.collect::<Vec<_>>(), said["last"].clone())
    };
    let all = texts("/api/log").await;
    assert_eq!(
        all,
        (
            vec![json!("a backup was made"), json!("it failed")],
            json!(2)
        )
    );
    assert_eq!(texts("/api/log?after=2").await.0, [] as [Value; 0]);
    let errors = texts("/api/log?level=error").await;
    assert_eq!(errors, (vec![json!("it failed")], json!(2)));
    assert_eq!(owner.get("/api/log?level=loud").await.code(), "invalid");
}
