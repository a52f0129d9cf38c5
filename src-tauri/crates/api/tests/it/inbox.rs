//! The inbox: conversations with who has them, what operators do, who the customer is, files that came in.

use app::error::ErrorCode;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::conversation::{Attachment, AttachmentKind};
use domain::member::Role;
use serde_json::{Value, json};
use testkit::bot::TestBot;

use crate::house::{Client, House, request};

async fn conversation(client: &Client, more: &str) -> Value {
    let list = client
        .get(&format!("/api/conversations?channel=telegram{more}"))
        .await;
    list.json()["items"][0].clone()
}

fn at(conversation: &Value, rest: &str) -> String {
    format!(
        "/api/conversations/{}{rest}",
        conversation["id"].as_str().unwrap()
    )
}

#[tokio::test]
async fn a_list_shows_who_waits_for_whom_and_what_was_said_last() {
    let house = House::new().await;
    let owner = house.owner().await;
    let delivery = "# Delivery\n\nDelivery takes two working days.\n";
    house.test.add("delivery.md", delivery).await;
    let bot = TestBot::with_staff(&house.test).await;
    bot.writes(9, "How long does delivery take?").await;
    let waiting = conversation(&owner, "").await;
    assert_eq!(waiting["contact_name"], "Customer 9");
    assert_eq!(waiting["unanswered"], 1);
    assert_eq!(waiting["last"]["author"], "contact");
    assert_eq!(waiting["last"]["text"], "How long does delivery take?");
    assert_eq!(waiting["handoff"]["state"], "ai");
    bot.deliver().await;
    bot.ask(9, "I want to talk to a human agent").await;
    bot.ask(10, "How long does delivery take?").await;
    let asked = conversation(&owner, "&handoff=requested").await;
    assert_eq!(asked["contact_name"], "Customer 9");
    assert_eq!(asked["handoff"]["why"], "customer_asked");
    assert_eq!(asked["handoff"]["is_assistant_silent"], true);
    let listed = owner.get("/api/handoffs?state=requested").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed["items"][0]["conversation_id"], asked["id"]);
    assert_eq!(conversation(&owner, "&handoff=taken").await, Value::Null);
    let first = owner
        .get("/api/conversations?channel=telegram&limit=1")
        .await
        .json();
    assert_eq!(first["items"][0]["contact_name"], "Customer 10");
    let next = first["next"].as_str().unwrap();
    let second = owner
        .get(&format!(
            "/api/conversations?channel=telegram&limit=1&cursor={next}"
        ))
        .await
        .json();
    assert_eq!(second["items"][0]["contact_name"], "Customer 9");
    let alone = owner.get(&at(&asked, "")).await.json();
    assert_eq!(alone, asked, "a conversation looks as it does in the list");
}

#[tokio::test]
async fn a_person_takes_answers_notes_hands_back_and_closes_and_everything_is_in_the_log() {
    let house = House::new().await;
    let owner = house.owner().await;
    let other = house.member(Role::Operator).await;
    let bot = TestBot::with_staff(&house.test).await;
    bot.ask(9, "I want to talk to a human agent").await;
    let talk = conversation(&owner, "").await;
    let act = async |client: &Client, act: &str| {
        client
            .post(&at(&talk, "/handoff"), json!({ "act": act }))
            .await
    };
    assert_eq!(act(&owner, "reopen").await.code(), "conflict");
    let taken = act(&owner, "take").await.json();
    assert_eq!(taken["state"], "taken");
    assert!(taken["operator"]["member_id"].is_string(), "{taken}");
    assert_eq!(
        act(&owner, "take").await.status,
        StatusCode::OK,
        "twice is once"
    );
    assert_eq!(act(&other, "take").await.code(), "conflict");
    let words = json!({"text": "Two days."});
    let refused = other.post(&at(&talk, "/reply"), words.clone()).await;
    assert_eq!(refused.code(), "conflict");
    let said = owner.post(&at(&talk, "/reply"), words).await;
    assert_eq!(said.status, StatusCode::CREATED, "{said:?}");
    assert_eq!(said.json()["author"], "member");
    let empty = owner.post(&at(&talk, "/reply"), json!({"text": " "})).await;
    assert_eq!(empty.code(), "invalid");
    bot.deliver().await;
    let messages = owner.get(&at(&talk, "/messages")).await.json();
    let last = messages["items"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["text"], "Two days.");
    assert_eq!(last["delivery"]["state"], "sent");
    assert!(!last["operator"].as_str().unwrap().is_empty());
    let note = json!({"text": "Promised a call."});
    assert_eq!(
        owner.post(&at(&talk, "/notes"), note).await.status,
        StatusCode::CREATED
    );
    let notes = other.get(&at(&talk, "/notes")).await.json();
    assert_eq!(notes["items"][0]["text"], "Promised a call.");
    assert_eq!(
        act(&owner, "hand_back").await.json()["state"],
        "handed_back"
    );
    assert_eq!(act(&owner, "close").await.json()["state"], "closed");
    assert_eq!(act(&owner, "hand_back").await.code(), "conflict");
    assert_eq!(act(&owner, "reopen").await.json()["state"], "ai");
    let log = owner.get(&at(&talk, "/handoff/log")).await.json();
    let acts: Vec<&str> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["act"].as_str().unwrap())
        .collect();
    assert_eq!(
        acts,
        ["customer_asks", "take", "hand_back", "close", "reopen"]
    );
    assert_eq!(log["items"][4]["by"], "operator");
    assert_eq!(log["items"][0]["by"], "contact");
}

#[tokio::test]
async fn labels_replies_and_assignment_are_kept_and_found() {
    let house = House::new().await;
    let owner = house.owner().await;
    let viewer = house.member(Role::Viewer).await;
    let bot = TestBot::with_staff(&house.test).await;
    bot.writes(9, "Where is my parcel?").await;
    let talk = conversation(&owner, "").await;
    assert_eq!(talk["assignee"], Value::Null);
    let vip = json!({"name": "VIP", "colour": "amber"});
    let label = owner.post("/api/inbox/labels", vip.clone()).await;
    assert_eq!(label.status, StatusCode::CREATED, "{label:?}");
    let label = label.json();
    assert_eq!(
        owner.post("/api/inbox/labels", vip).await.code(),
        "conflict"
    );
    let put = owner
        .post(&at(&talk, "/labels"), json!({"add": [label["id"]]}))
        .await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{put:?}");
    let id = label["id"].as_str().unwrap();
    let found = conversation(&viewer, &format!("&handoff=ai&label={id}")).await;
    assert_eq!(found["labels"], json!([id]));

    let colleagues = viewer.get("/api/colleagues").await.json();
    let me = colleagues["items"][0].clone();
    assert_eq!(me["may_answer"], true);
    assert_eq!(me["email"], Value::Null, "names only");
    let give = json!({"member_id": me["id"]});
    let given = owner
        .change(Method::PUT, &at(&talk, "/assignee"), give)
        .await;
    assert_eq!(given.status, StatusCode::NO_CONTENT, "{given:?}");
    let member = me["id"].as_str().unwrap();
    let mine = conversation(&viewer, &format!("&handoff=ai&assignee={member}")).await;
    assert_eq!(mine["assignee"]["name"], me["name"]);
    let nobodys = conversation(&viewer, "&handoff=ai&assignee=nobody").await;
    assert_eq!(nobodys, Value::Null);
    let log = viewer.get(&at(&talk, "/assignments")).await.json();
    assert_eq!(log["items"][0]["to"]["name"], me["name"]);
    let counts = owner.get("/api/inbox/counts?channel=telegram").await.json();
    assert_eq!(counts["all"]["ai"], 1);
    assert_eq!(counts["mine"]["ai"], 1);

    let hours = json!({"name": "Hours", "language": "en", "text": "From 9 to 18, {name}."});
    let saved = owner.post("/api/saved-replies", hours.clone()).await;
    assert_eq!(saved.status, StatusCode::CREATED, "{saved:?}");
    assert_eq!(
        owner.post("/api/saved-replies", hours).await.code(),
        "conflict"
    );
    let listed = viewer.get("/api/saved-replies").await.json();
    assert_eq!(listed["items"][0]["text"], "From 9 to 18, {name}.");

    let found = viewer.get("/api/inbox/search?q=parcels").await.json();
    assert_eq!(found["items"][0]["said"]["text"], "Where is my parcel?");
    let found = viewer.get("/api/inbox/search?q=customer").await.json();
    assert_eq!(found["items"][0]["said"], Value::Null);
    let nothing = viewer.get("/api/inbox/search?q=%22%2A%20%29").await;
    assert_eq!(nothing.status, StatusCode::OK, "{nothing:?}");
    assert_eq!(nothing.json()["items"], json!([]));
    let foreign = house.foreigner().await;
    let found = foreign.get("/api/inbox/search?q=parcel").await.json();
    assert_eq!(found["items"], json!([]));
}

#[tokio::test]
async fn a_viewer_is_seen_looking_and_may_not_type() {
    let house = House::new().await;
    let owner = house.owner().await;
    let viewer = house.member(Role::Viewer).await;
    let bot = TestBot::with_staff(&house.test).await;
    bot.writes(9, "Hello?").await;
    let talk = conversation(&owner, "").await;
    let mut stream = owner
        .open(request(Method::GET, "/api/events"), Body::empty())
        .await;
    let looks = json!({"page": "p", "doing": "looking"});
    let here = viewer.post(&at(&talk, "/presence"), looks).await.json();
    assert_eq!(here["present"][0]["typing_ms"], 0);
    let told = stream.next().await.unwrap();
    assert_eq!((told.name.as_str(), told.id.as_str()), ("presence", ""));
    assert_eq!(told.data, here);
    let types = json!({"page": "p", "doing": "typing"});
    let refused = viewer.post(&at(&talk, "/presence"), types.clone()).await;
    assert_eq!(refused.code(), "forbidden");
    owner.post(&at(&talk, "/presence"), types).await;
    let told = stream.next().await.unwrap();
    assert_eq!(told.data["present"].as_array().unwrap().len(), 2);
    let foreign = house.foreigner().await;
    let looks = json!({"page": "p", "doing": "looking"});
    let nowhere = foreign.post(&at(&talk, "/presence"), looks).await;
    assert_eq!(nowhere.code(), "not_found");
}

#[tokio::test]
async fn a_banned_customer_is_known_and_not_heard() {
    let house = House::new().await;
    let owner = house.owner().await;
    let bot = TestBot::with_staff(&house.test).await;
    bot.ask(9, "How long does delivery take?").await;
    let talk = conversation(&owner, "").await;
    let profile = owner.get(&at(&talk, "/profile")).await.json();
    assert_eq!(profile["name"], "Customer 9");
    assert_eq!(profile["language"], "en");
    assert_eq!(profile["is_banned"], false);
    let banned = owner.post(&at(&talk, "/ban"), json!({})).await;
    assert_eq!(banned.status, StatusCode::NO_CONTENT);
    assert!(bot.writes(9, "Hello?").await.dropped);
    let talk = conversation(&owner, "").await;
    assert_eq!(talk["is_banned"], true);
    assert_ne!(talk["last"]["text"], "Hello?");
    let free = owner
        .change(Method::DELETE, &at(&talk, "/ban"), json!({}))
        .await;
    assert_eq!(free.status, StatusCode::NO_CONTENT);
    assert!(!bot.writes(9, "Hello?").await.dropped);
}

#[tokio::test]
async fn a_customers_file_is_saved_and_never_shown_in_place() {
    let house = House::new().await;
    let owner = house.owner().await;
    let bot = TestBot::with_staff(&house.test).await;
    let page = b"<script>alert(1)</script>".to_vec();
    house.test.messenger.has_file("there", Ok(page.clone()));
    let mut letter = bot.letter(9);
    let attachment = |remote_file: &str| Attachment {
        kind: AttachmentKind::Document,
        remote_file: remote_file.to_owned(),
        name: "\"счёт\".html".to_owned(),
        media_type: "text/html".to_owned(),
        size: 25,
        detail: String::new(),
    };
    letter.attachments = vec![attachment("there"), attachment("gone")];
    bot.sends("Here it is", letter).await;
    bot.deliver().await;
    let talk = conversation(&owner, "").await;
    let messages = owner.get(&at(&talk, "/messages")).await.json();
    let attachments = messages["items"][0]["attachments"].clone();
    let path = |state: &str| {
        let mut all = attachments.as_array().unwrap().iter();
        let found = all.find(|attachment| attachment["state"] == state);
        let found = found.unwrap_or_else(|| panic!("none is {state}: {attachments}"));
        format!("/api/attachments/{}/file", found["id"].as_str().unwrap())
    };
    let file = owner.get(&path("kept")).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.body, page);
    assert_eq!(file.headers["content-type"], "application/octet-stream");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    let policy = file.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("sandbox") && policy.contains("default-src 'none'"),
        "{policy}"
    );
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(
        disposition.starts_with("attachment; filename=\""),
        "{disposition}"
    );
    assert_eq!(
        owner.get(&path("failed")).await.code(),
        ErrorCode::NotFound.as_str()
    );
    let foreigner = house.foreigner().await;
    assert_eq!(foreigner.get(&path("kept")).await.code(), "not_found");
    assert_eq!(
        house.anon().get(&path("kept")).await.code(),
        "not_signed_in"
    );
}

#[tokio::test]
async fn a_moment_is_explained_with_the_rule_that_decides() {
    let house = House::new().await;
    let owner = house.owner().await;
    let always = owner.get("/api/hours/explain").await.json();
    assert_eq!(always["is_open"], true);
    assert_eq!(always["zone"], Value::Null);
    let assistant = owner.get("/api/assistants").await.json()["items"][0].clone();
    let path = format!("/api/assistants/{}", assistant["id"].as_str().unwrap());
    let mut settings = assistant["settings"].clone();
    settings["hours"] = json!({"zone": "Europe/Berlin",
        "week": {"monday": [{"from": "09:00", "to": "18:00"}]},
        "holidays": [{"first": "2026-12-31", "name": "New Year"}], "outside": "collect_contact"});
    let change = json!({"name": "A", "version": assistant["version"], "settings": settings});
    assert_eq!(
        owner.change(Method::PUT, &path, change).await.status,
        StatusCode::OK
    );
    let told = owner
        .get("/api/hours/explain?at=2026-12-31T18:30&language=ru")
        .await
        .json();
    assert_eq!(told["at"], "2026-12-31T17:30:00Z");
    assert_eq!(told["holiday"], "New Year");
    assert_eq!(told["outside"], "collect_contact");
    assert_eq!(told["changes_local"], "2027-01-04T09:00:00");
    let last = told["sentences"].as_array().unwrap().last().unwrap();
    assert_eq!(last, "Сотрудники ответят в понедельник в 9:00.");
    let fixed = owner
        .get("/api/hours/explain?at=2026-12-31T17:30Z")
        .await
        .json();
    assert_eq!(fixed["local"], told["local"]);
    let wrong = owner.get("/api/hours/explain?at=yesterday").await;
    assert_eq!(wrong.json()["field"], "at");
}
