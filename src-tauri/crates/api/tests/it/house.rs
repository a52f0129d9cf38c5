//! A router over a product in a temporary folder, and clients of it.

use std::sync::Arc;
use std::time::Duration;

use api::config::{Addresses, ApiConfig, Room};
use api::serve::Peer;
use app::demo::Demo;
use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode, request};
use domain::assistant::AssistantSettings;
use domain::bot::RawUpdate;
use domain::id::MemberId;
use domain::member::Role;
use rusqlite::Connection;
use serde_json::{Value, json};
use testkit::TestApp;
use tokio::time::timeout;
use tokio_stream::StreamExt;
use tower::ServiceExt;
use uuid::Uuid;

/// The name the server answers to in tests.
pub const PLACE: &str = "127.0.0.1:4810";

/// A server with its product.
pub struct House {
    /// The product.
    pub test: TestApp,
    /// The server.
    pub router: Router,
}

/// Somebody with a browser.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// The session's cookie, as the browser sends it.
    pub cookie: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// An open event stream.
pub struct Stream {
    body: BodyDataStream,
    text: String,
}

/// One event of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// `event:`
    pub name: String,
    /// `id:`
    pub id: String,
    /// `data:`
    pub data: Value,
}

impl House {
    /// With room for ten listeners.
    pub async fn new() -> House {
        House::with_listeners(10).await
    }

    /// With room for so many listeners.
    pub async fn with_listeners(listeners: usize) -> House {
        let test = TestApp::new().await;
        let router = api::router(test.app.clone(), config(listeners));
        House { test, router }
    }

    /// A client nobody has signed in with.
    pub fn anon(&self) -> Client {
        Client::of(self.router.clone())
    }

    /// The owner's client.
    pub async fn owner(&self) -> Client {
        self.signed_in(self.test.owner.member.id).await
    }

    /// The client of a new member of this role.
    pub async fn member(&self, role: Role) -> Client {
        self.signed_in(self.test.join(role).await.member.id).await
    }

    /// The client of the owner of another business in the same installation.
    pub async fn foreigner(&self) -> Client {
        let workspace = Uuid::now_v7();
        self.sql(
            "INSERT INTO workspaces (id, name, created_at) VALUES (?1, 'Other', 0)",
            &[&workspace.as_bytes().as_slice()],
        );
        self.signed_in(self.add_owner(workspace)).await
    }

    async fn signed_in(&self, member: MemberId) -> Client {
        let token = self.test.app.sign_in_token(member, 30).await.unwrap();
        let mut client = self.anon();
        let reply = client.post("/api/enter", json!({ "token": token })).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        client.keep_cookie(&reply);
        client
    }

    fn add_owner(&self, workspace: Uuid) -> MemberId {
        let id = Uuid::now_v7();
        self.sql(
            "INSERT INTO members (workspace_id, id, email, name, role, password_hash, created_at)
             VALUES (?1, ?2, ?3, 'Somebody', 'owner', '-', 0)",
            &[
                &workspace.as_bytes().as_slice(),
                &id.as_bytes().as_slice(),
                &format!("{}@shop.example", id.as_simple()),
            ],
        );
        MemberId(id)
    }

    /// Changes the database behind the product's back.
    pub fn sql(&self, text: &str, values: &[&dyn rusqlite::ToSql]) {
        let path = self.test.folder.path().join("data/chatai.db");
        let connection = Connection::open(path).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        connection.execute(text, values).unwrap();
    }
}

/// A server at [`PLACE`].
pub fn config(listeners: usize) -> ApiConfig {
    ApiConfig {
        hosts: vec![PLACE.to_owned()],
        numbers: false,
        public_url: Some("https://help.shop.example".to_owned()),
        instance: "test".to_owned(),
        addresses: Addresses::Connection,
        room: Room {
            listeners,
            ..Room::within(20_000)
        },
        demo: Arc::new(Demo {
            name: "Demo".to_owned(),
            files: vec![("hours.md".to_owned(), b"# Hours\n\nOpen from 9 to 18.")],
            qa: Vec::new(),
            assistant: "Demo helper".to_owned(),
            settings: AssistantSettings::default(),
        }),
        simulator: None,
        host: None,
        webhook: Some(accept),
    }
}

/// A messenger whose path and secret are the token itself, and whose updates have a number.
fn accept(token: &str, path: &str, secret: &str, body: &[u8]) -> Option<RawUpdate> {
    let body = String::from_utf8(body.to_vec()).ok()?;
    let update: Value = serde_json::from_str(&body).ok()?;
    let update_id = update["update_id"].as_i64()?;
    let is_messenger = path == token.replace(':', "-") && secret == token;
    is_messenger.then_some(RawUpdate { update_id, body })
}

/// A request as a page of ours sends it.
pub fn request(method: Method, path: &str) -> request::Builder {
    let peer = ConnectInfo(Peer("127.0.0.1:50000".parse().unwrap()));
    Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, PLACE)
        .header(ORIGIN, format!("http://{PLACE}"))
        .header("x-chatai", "1")
        .extension(peer)
}

impl Client {
    /// A client of a server, signed in with nobody.
    pub fn of(router: Router) -> Client {
        Client {
            router,
            cookie: None,
        }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(request(Method::GET, path), Body::empty()).await
    }

    /// Asks for something with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.change(Method::POST, path, body).await
    }

    /// Changes something with a JSON body.
    pub async fn change(&self, method: Method, path: &str, body: Value) -> Reply {
        let request = request(method, path).header(CONTENT_TYPE, "application/json");
        self.send(request, Body::from(body.to_string())).await
    }

    /// Uploads a file.
    pub async fn upload(&self, name: &str, bytes: &[u8]) -> Reply {
        let (media_type, body) = form(name, bytes);
        let request = request(Method::POST, "/api/documents").header(CONTENT_TYPE, media_type);
        self.send(request, Body::from(body)).await
    }

    /// Sends a request with this client's cookie; the body of an event stream is not read.
    pub async fn send(&self, request: request::Builder, body: Body) -> Reply {
        let response = self.response(request, body).await;
        let (head, body) = response.into_parts();
        let kind = head.headers.get(CONTENT_TYPE);
        let is_stream = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        let body = match is_stream {
            true => Vec::new(),
            false => to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        };
        Reply {
            status: head.status,
            headers: head.headers,
            body,
        }
    }

    /// Opens an event stream.
    pub async fn open(&self, request: request::Builder, body: Body) -> Stream {
        let response = self.response(request, body).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
        Stream {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// Takes the cookie that came back.
    pub fn keep_cookie(&mut self, reply: &Reply) {
        let set = reply.headers[SET_COOKIE].to_str().unwrap();
        self.cookie = Some(set.split(';').next().unwrap().to_owned());
    }

    async fn response(&self, request: request::Builder, body: Body) -> axum::response::Response {
        let request = match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        };
        let request = request.body(body).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The code of a problem; empty when it is none.
    pub fn code(&self) -> String {
        let kind = self.headers.get(CONTENT_TYPE);
        match kind {
            Some(kind) if kind == "application/problem+json" => {
                self.json()["code"].as_str().unwrap().to_owned()
            }
            _ => String::new(),
        }
    }
}

impl Stream {
    /// The next event that has a name; `None` when the stream ends.
    pub async fn next(&mut self) -> Option<Told> {
        let told = timeout(Duration::from_secs(30), self.named()).await;
        told.expect("a stream tells something or ends")
    }

    async fn named(&mut self) -> Option<Told> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let told = told(event);
                self.text = rest.to_owned();
                if told.is_some() {
                    return told;
                }
            }
            let piece = self.body.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }
}

fn told(event: &str) -> Option<Told> {
    let field = |name: &str| {
        let lines = event.lines().find_map(|line| line.strip_prefix(name));
        lines.map(|value| value.trim_start().to_owned())
    };
    Some(Told {
        name: field("event:")?,
        id: field("id:").unwrap_or_default(),
        data: serde_json::from_str(&field("data:")?).unwrap(),
    })
}

/// A form with one file: its media type and body.
pub fn form(name: &str, bytes: &[u8]) -> (&'static str, Vec<u8>) {
    let head = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
    ("multipart/form-data; boundary=cut", body)
}
