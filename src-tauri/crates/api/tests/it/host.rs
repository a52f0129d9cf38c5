//! What only the program's own window may ask of the computer.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use api::host::{Hindrance, Host, Movable, Plan, Shown, Standing};
use app::App;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use domain::member::Role;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::house::{Client, House, config, request};

/// A computer that only notes what it was asked for.
#[derive(Default)]
struct Noted {
    asked: Mutex<Vec<String>>,
    /// A ticket and its file.
    dropped: Mutex<Option<(String, PathBuf)>>,
}

impl Noted {
    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Host for Noted {
    fn standing(&self) -> BoxFuture<'_, Standing> {
        let standing = Standing {
            data: PathBuf::from("/home/anna/ChatAI"),
            bytes: 7,
            network: None,
            movable: Movable::Yes,
            old: None,
            failed: None,
            starts_with_computer: false,
            chooses: true,
        };
        Box::pin(std::future::ready(standing))
    }

    fn start_with_computer(&self, on: bool) -> io::Result<()> {
        self.note(format!("start {on}"));
        Ok(())
    }

    fn show(&self, folder: Shown) {
        self.note(format!("show {folder:?}"));
    }

    fn choose_folder(&self) -> BoxFuture<'_, io::Result<Option<PathBuf>>> {
        self.note("choose".to_owned());
        Box::pin(std::future::ready(Ok(Some(PathBuf::from("/prices")))))
    }

    fn plan<'a>(&'a self, to: &'a Path) -> BoxFuture<'a, Plan> {
        let plan = Plan {
            bytes: 7,
            free: Some(8),
            network: to.starts_with("/share").then(|| "cifs".to_owned()),
            hindrance: to.starts_with("/full").then_some(Hindrance::NotEmpty),
        };
        Box::pin(std::future::ready(plan))
    }

    fn dropped(&self, ticket: &str) -> Option<PathBuf> {
        let mut dropped = self.dropped.lock().unwrap();
        dropped
            .take_if(|(of, _)| of == ticket)
            .map(|(_, path)| path)
    }

    fn move_data(&self, to: PathBuf) -> io::Result<()> {
        self.note(format!("move {}", to.display()));
        Ok(())
    }
}

/// A house with a window.
struct WithWindow {
    house: House,
    host: Arc<Noted>,
}

impl WithWindow {
    async fn new() -> WithWindow {
        let mut house = House::new().await;
        let host = Arc::new(Noted::default());
        let mut config = config(10);
        config.host = Some(host.clone());
        house.router = api::router(house.test.app.clone(), config);
        WithWindow { house, host }
    }

    async fn window(&self) -> Client {
        let token = token_of_window(&self.house.test.app).await;
        let mut client = self.house.anon();
        let reply = client.post("/api/enter", json!({ "token": token })).await;
        client.keep_cookie(&reply);
        client
    }
}

async fn token_of_window(app: &App) -> String {
    let owner = app.owner_here().await.unwrap().unwrap();
    app.window_token(owner.member.id).await.unwrap()
}

/// Every route below `/api/host`, from the contract.
fn routes() -> Vec<(Method, String)> {
    let contract: Value = serde_json::from_str(&api::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in contract["paths"].as_object().unwrap() {
        if path == "/api/host" || path.starts_with("/api/host/") {
            for method in item.as_object().unwrap().keys() {
                routes.push((method.to_uppercase().parse().unwrap(), path.clone()));
            }
        }
    }
    assert!(routes.len() >= 6, "{routes:?}");
    routes
}

/// A body that every one of them reads.
const ANYTHING: &str = r#"{"on": true, "folder": "data", "to": "/new", "onto_network": true}"#;

async fn send(client: &Client, (method, path): &(Method, String)) -> crate::house::Reply {
    let request = request(method.clone(), path).header(CONTENT_TYPE, "application/json");
    client.send(request, Body::from(ANYTHING)).await
}

#[tokio::test]
async fn no_browser_learns_that_there_are_such_routes() {
    let with_window = WithWindow::new().await;
    let house = &with_window.house;
    let browsers = [
        ("nobody", house.anon()),
        ("the owner's browser", house.owner().await),
        ("an admin's browser", house.member(Role::Admin).await),
        ("another business's owner", house.foreigner().await),
    ];
    for route in routes() {
        for (who, client) in &browsers {
            let reply = send(client, &route).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{route:?} by {who}");
            assert_eq!(reply.code(), "not_found", "{route:?} by {who}");
        }
    }
    assert!(with_window.host.asked().is_empty());
    let session = house.owner().await.get("/api/session").await.json();
    assert_eq!(session["window"], false);
}

#[tokio::test]
async fn a_server_without_a_window_has_none_of_them_even_for_a_windows_session() {
    let house = House::new().await;
    let token = token_of_window(&house.test.app).await;
    let mut client = house.anon();
    let reply = client.post("/api/enter", json!({ "token": token })).await;
    client.keep_cookie(&reply);
    for route in routes() {
        assert_eq!(send(&client, &route).await.code(), "not_found", "{route:?}");
    }
}

#[tokio::test]
async fn the_windows_session_from_elsewhere_is_nobody() {
    let with_window = WithWindow::new().await;
    let window = with_window.window().await;
    for route in routes() {
        let (method, path) = &route;
        // By way of a proxy, and by the public name.
        let forwarded = request(method.clone(), path)
            .header(CONTENT_TYPE, "application/json")
            .header("x-forwarded-for", "192.0.2.7");
        let reply = window.send(forwarded, Body::from(ANYTHING)).await;
        assert_eq!(reply.code(), "not_found", "{route:?}");
    }
    assert!(with_window.host.asked().is_empty());
}

#[tokio::test]
async fn the_window_asks_and_the_computer_does_it() {
    let with_window = WithWindow::new().await;
    let window = with_window.window().await;
    let file = with_window.house.test.folder.path().join("prices.txt");
    std::fs::write(&file, "Tyres 5").unwrap();
    *with_window.host.dropped.lock().unwrap() = Some(("{ticket}".to_owned(), file));
    for route in routes() {
        let reply = send(&window, &route).await;
        assert!(reply.status.is_success(), "{route:?}: {reply:?}");
    }
    let mut asked = with_window.host.asked();
    asked.sort();
    assert_eq!(asked, ["choose", "move /new", "show Data", "start true"]);
    let session = window.get("/api/session").await.json();
    assert_eq!(session["window"], true);
    let chosen = window.post("/api/host/choose-folder", json!({})).await;
    assert_eq!(chosen.json()["path"], "/prices");
}

#[tokio::test]
async fn a_dropped_file_is_fetched_once_by_whoever_is_signed_in_at_the_window_and_knows_its_ticket()
{
    let with_window = WithWindow::new().await;
    let house = &with_window.house;
    let file = house.test.folder.path().join("prices.txt");
    std::fs::write(&file, "Tyres 5").unwrap();
    let drop = |path: &Path| {
        let ticket = "3f".repeat(16);
        *with_window.host.dropped.lock().unwrap() = Some((ticket.clone(), path.to_owned()));
        format!("/api/host/dropped/{ticket}")
    };

    let address = drop(&file);
    assert_eq!(house.anon().get(&address).await.code(), "not_found");
    let owner = house.owner().await;
    let wrong = owner.get(&address.replace('3', "4")).await;
    assert_eq!(wrong.code(), "not_found");
    let forwarded = request(Method::GET, &address).header("x-forwarded-for", "192.0.2.7");
    let forwarded = owner.send(forwarded, Body::empty()).await;
    assert_eq!(forwarded.code(), "not_found");

    // Whoever signed in there with a password is served as well: the page asks for what the role allows.
    let admin = house.member(Role::Admin).await;
    let fetched = admin.get(&address).await;
    assert_eq!(fetched.status, StatusCode::OK, "{fetched:?}");
    assert_eq!(fetched.body, b"Tyres 5");
    assert_eq!(admin.get(&address).await.code(), "not_found", "it is spent");

    let gone = drop(&house.test.folder.path().join("gone.txt"));
    assert_eq!(admin.get(&gone).await.code(), "conflict");
}

#[tokio::test]
async fn data_is_moved_where_nothing_stands_in_the_way_and_onto_a_network_only_knowingly() {
    let with_window = WithWindow::new().await;
    let window = with_window.window().await;
    let to = |to: &str, onto_network: bool| json!({ "to": to, "onto_network": onto_network });
    let path = "/api/host/data-folder/move";

    let plan = window
        .post("/api/host/data-folder/plan", json!({ "to": "/full" }))
        .await;
    assert_eq!(plan.json()["hindrance"], "not_empty");
    let refused = window.post(path, to("/full", true)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = window.post(path, to("/share/data", false)).await;
    assert_eq!(refused.json()["field"], "onto_network");
    assert!(with_window.host.asked().is_empty());

    let begun = window.post(path, to("/share/data", true)).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED);
    assert_eq!(with_window.host.asked(), ["move /share/data"]);
}

#[tokio::test]
async fn the_window_stays_the_window_when_a_backup_is_put_back() {
    let with_window = WithWindow::new().await;
    let window = with_window.window().await;
    let made = window.post("/api/backups", json!({})).await;
    let name = made.json()["backup"]["name"].as_str().unwrap().to_owned();
    let path = format!("/api/backups/{name}/restore");
    let of_window = window.post(&path, json!({})).await.json();
    assert!(of_window["token"].as_str().unwrap().starts_with("window."));
}
