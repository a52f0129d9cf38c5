//! What holds for every route, generated from the OpenAPI document.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use domain::member::Role;
use serde_json::{Value, json};

use crate::house::{Client, House, form, request};

/// An id that nothing has.
const NOTHING: &str = "0193513c7d4a7c21a5a1b2c3d4e5f607";

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Least {
    /// Anybody.
    Anybody,
    /// Every member.
    Member,
    /// Members of this role and above.
    Of(Role),
    /// The program's own window alone: nobody else learns that the route is there.
    Window,
}

use Least::{Anybody, Member, Of, Window};

/// Every route with the least that may use it. A route that is not here fails the test.
const LEAST: &[(&str, &str, Least)] = &[
    ("get", "/api/activity", Member),
    ("get", "/api/assistants", Member),
    ("post", "/api/assistants", Of(Role::Admin)),
    ("get", "/api/assistants/{id}", Member),
    ("put", "/api/assistants/{id}", Of(Role::Admin)),
    ("delete", "/api/assistants/{id}", Of(Role::Admin)),
    ("get", "/api/assistants/{id}/engines", Member),
    ("get", "/api/assistants/{id}/past-questions", Member),
    ("get", "/api/assistants/{id}/versions", Member),
    ("get", "/api/assistants/{id}/versions/{number}", Member),
    (
        "post",
        "/api/assistants/{id}/versions/{number}/return",
        Of(Role::Admin),
    ),
    ("get", "/api/attachments/{id}/file", Member),
    ("get", "/api/audit", Of(Role::Owner)),
    ("get", "/api/audit/check", Of(Role::Owner)),
    ("get", "/api/backups", Of(Role::Owner)),
    ("post", "/api/backups", Of(Role::Owner)),
    ("post", "/api/backups/{id}/restore", Of(Role::Owner)),
    ("get", "/api/bots", Member),
    ("post", "/api/bots", Of(Role::Admin)),
    ("get", "/api/bots/{id}", Member),
    ("patch", "/api/bots/{id}", Of(Role::Admin)),
    ("delete", "/api/bots/{id}", Of(Role::Admin)),
    ("get", "/api/bots/{id}/doctor", Member),
    ("get", "/api/bots/{id}/link", Member),
    ("put", "/api/bots/{id}/token", Of(Role::Admin)),
    ("get", "/api/colleagues", Member),
    ("get", "/api/conversations", Member),
    ("post", "/api/conversations", Of(Role::Operator)),
    ("get", "/api/conversations/{id}", Member),
    (
        "put",
        "/api/conversations/{id}/assignee",
        Of(Role::Operator),
    ),
    ("get", "/api/conversations/{id}/assignments", Member),
    ("post", "/api/conversations/{id}/ban", Of(Role::Operator)),
    ("delete", "/api/conversations/{id}/ban", Of(Role::Operator)),
    ("get", "/api/conversations/{id}/handoff", Member),
    (
        "post",
        "/api/conversations/{id}/handoff",
        Of(Role::Operator),
    ),
    ("get", "/api/conversations/{id}/handoff/log", Member),
    ("post", "/api/conversations/{id}/labels", Of(Role::Operator)),
    ("get", "/api/conversations/{id}/messages", Member),
    (
        "post",
        "/api/conversations/{id}/messages",
        Of(Role::Operator),
    ),
    ("get", "/api/conversations/{id}/notes", Member),
    ("post", "/api/conversations/{id}/notes", Of(Role::Operator)),
    // Typing is for those who may answer (see `inbox`).
    ("post", "/api/conversations/{id}/presence", Member),
    ("get", "/api/conversations/{id}/profile", Member),
    ("post", "/api/conversations/{id}/reply", Of(Role::Operator)),
    ("post", "/api/conversations/{id}/stop", Of(Role::Operator)),
    ("post", "/api/demo", Of(Role::Admin)),
    ("delete", "/api/demo", Of(Role::Admin)),
    ("get", "/api/doctor", Of(Role::Admin)),
    ("get", "/api/documents", Member),
    ("post", "/api/documents", Of(Role::Admin)),
    ("get", "/api/documents/{id}", Member),
    ("delete", "/api/documents/{id}", Of(Role::Admin)),
    ("get", "/api/documents/{id}/changes", Member),
    ("get", "/api/documents/{id}/original", Member),
    ("get", "/api/documents/{id}/passages", Member),
    ("post", "/api/documents/{id}/reread", Of(Role::Admin)),
    ("post", "/api/documents/{id}/return", Of(Role::Admin)),
    ("get", "/api/documents/{id}/text", Member),
    ("get", "/api/documents/{id}/versions", Member),
    ("post", "/api/enter", Anybody),
    ("get", "/api/events", Member),
    ("post", "/api/first-owner", Anybody),
    ("get", "/api/first-run", Member),
    ("put", "/api/first-run", Of(Role::Admin)),
    ("get", "/api/first-run/questions", Member),
    ("post", "/api/folders", Of(Role::Admin)),
    ("get", "/api/followed", Member),
    ("get", "/api/followed/{id}", Member),
    ("patch", "/api/followed/{id}", Of(Role::Admin)),
    ("get", "/api/followed/{id}/items", Member),
    ("post", "/api/followed/{id}/look", Of(Role::Admin)),
    ("get", "/api/handoffs", Member),
    ("get", "/api/health", Anybody),
    ("get", "/api/home", Member),
    ("get", "/api/host", Window),
    ("post", "/api/host/choose-folder", Window),
    ("post", "/api/host/data-folder/move", Window),
    ("post", "/api/host/data-folder/plan", Window),
    ("get", "/api/host/dropped/{ticket}", Window),
    ("post", "/api/host/show", Window),
    ("put", "/api/host/start-with-computer", Window),
    ("get", "/api/hosts", Of(Role::Admin)),
    ("get", "/api/hours/explain", Member),
    ("post", "/api/hours/explain", Member),
    ("get", "/api/improve/rated", Member),
    ("post", "/api/improve/rated/{id}/answer", Of(Role::Admin)),
    (
        "post",
        "/api/improve/rated/{id}/dismiss",
        Of(Role::Operator),
    ),
    (
        "delete",
        "/api/improve/rated/{id}/dismiss",
        Of(Role::Operator),
    ),
    ("get", "/api/improve/unanswered", Member),
    (
        "post",
        "/api/improve/unanswered/{id}/answer",
        Of(Role::Admin),
    ),
    (
        "post",
        "/api/improve/unanswered/{id}/dismiss",
        Of(Role::Operator),
    ),
    (
        "delete",
        "/api/improve/unanswered/{id}/dismiss",
        Of(Role::Operator),
    ),
    ("get", "/api/inbox/counts", Member),
    ("get", "/api/inbox/labels", Member),
    ("post", "/api/inbox/labels", Of(Role::Operator)),
    ("put", "/api/inbox/labels/{id}", Of(Role::Operator)),
    ("delete", "/api/inbox/labels/{id}", Of(Role::Operator)),
    ("get", "/api/inbox/search", Member),
    ("post", "/api/invitation", Anybody),
    ("post", "/api/invitation/accept", Anybody),
    ("get", "/api/invitations", Of(Role::Owner)),
    ("post", "/api/invitations", Of(Role::Owner)),
    ("delete", "/api/invitations/{id}", Of(Role::Owner)),
    ("post", "/api/invitations/{id}/again", Of(Role::Owner)),
    ("get", "/api/jobs", Of(Role::Admin)),
    ("post", "/api/jobs/retry", Of(Role::Admin)),
    ("post", "/api/jobs/{id}/retry", Of(Role::Admin)),
    ("get", "/api/kinds", Member),
    ("post", "/api/labels", Of(Role::Admin)),
    ("get", "/api/log", Of(Role::Admin)),
    ("get", "/api/mail", Of(Role::Admin)),
    ("put", "/api/mail", Of(Role::Admin)),
    ("delete", "/api/mail", Of(Role::Admin)),
    ("post", "/api/mail/test", Of(Role::Admin)),
    ("get", "/api/members", Of(Role::Admin)),
    ("patch", "/api/members/{id}", Of(Role::Owner)),
    ("delete", "/api/members/{id}", Of(Role::Owner)),
    ("post", "/api/members/{id}/owner", Of(Role::Owner)),
    ("delete", "/api/members/{id}/second-step", Of(Role::Owner)),
    ("get", "/api/messages/{id}/trace", Member),
    ("post", "/api/models", Of(Role::Admin)),
    ("get", "/api/models", Member),
    ("delete", "/api/models/{name}", Of(Role::Admin)),
    ("post", "/api/models/{name}/download", Of(Role::Admin)),
    ("post", "/api/models/{name}/try", Of(Role::Admin)),
    ("get", "/api/network", Of(Role::Owner)),
    ("put", "/api/network", Of(Role::Owner)),
    ("get", "/api/passages/{id}", Member),
    ("post", "/api/password", Member),
    ("get", "/api/people-log", Of(Role::Owner)),
    ("get", "/api/qa", Member),
    ("post", "/api/qa", Of(Role::Admin)),
    ("get", "/api/qa/{id}", Member),
    ("put", "/api/qa/{id}", Of(Role::Admin)),
    ("delete", "/api/qa/{id}", Of(Role::Admin)),
    ("get", "/api/ready", Anybody),
    ("get", "/api/recovery", Of(Role::Owner)),
    ("post", "/api/recovery", Of(Role::Owner)),
    ("post", "/api/recovery/open", Of(Role::Owner)),
    ("get", "/api/saved-replies", Member),
    ("post", "/api/saved-replies", Of(Role::Operator)),
    ("put", "/api/saved-replies/{id}", Of(Role::Operator)),
    ("delete", "/api/saved-replies/{id}", Of(Role::Operator)),
    ("post", "/api/search", Member),
    ("get", "/api/second-step", Member),
    ("post", "/api/second-step", Member),
    ("post", "/api/second-step/off", Member),
    ("post", "/api/second-step/offer", Member),
    ("post", "/api/second-step/spare-codes", Member),
    ("get", "/api/session", Anybody),
    ("post", "/api/session", Anybody),
    ("delete", "/api/session", Member),
    ("get", "/api/sessions", Member),
    ("delete", "/api/sessions", Member),
    ("delete", "/api/sessions/{id}", Member),
    ("get", "/api/settings", Of(Role::Admin)),
    ("patch", "/api/settings", Of(Role::Admin)),
    ("post", "/api/settings/remote/test", Of(Role::Admin)),
    ("get", "/api/simulator", Of(Role::Admin)),
    ("post", "/api/simulator", Of(Role::Admin)),
    ("delete", "/api/simulator", Of(Role::Admin)),
    ("post", "/api/simulator/file", Of(Role::Admin)),
    ("post", "/api/simulator/say", Of(Role::Admin)),
    ("post", "/api/simulator/tap", Of(Role::Admin)),
    ("post", "/api/sites", Of(Role::Admin)),
    ("get", "/api/sources", Member),
    ("delete", "/api/sources/{id}", Of(Role::Admin)),
    ("get", "/api/status", Member),
    ("post", "/api/texts", Of(Role::Admin)),
    ("get", "/api/updates", Of(Role::Owner)),
    ("patch", "/api/updates", Of(Role::Owner)),
    ("post", "/api/updates/check", Of(Role::Owner)),
    ("post", "/api/updates/download", Of(Role::Owner)),
    ("post", "/api/updates/install", Of(Role::Owner)),
    // From this computer; from elsewhere members only (see `guard`).
    ("get", "/metrics", Anybody),
    // For whoever shows the bot's path and secret (see `webhooks`).
    ("post", "/telegram/{id}/{path}", Anybody),
];

/// A route of the document.
struct Route {
    method: Method,
    path: String,
    least: Least,
    state_changing: bool,
}

fn routes() -> Vec<Route> {
    let contract: Value = serde_json::from_str(&api::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in contract["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let known = LEAST.iter().find(|(m, p, _)| m == method && p == path);
            let (_, _, least) = known.unwrap_or_else(|| panic!("who may {method} {path}?"));
            routes.push(Route {
                method: method.to_uppercase().parse().unwrap(),
                path: path
                    .replace("{id}", NOTHING)
                    .replace("{name}", NOTHING)
                    .replace("{number}", "1")
                    .replace("{path}", "path")
                    + asked(path),
                least: *least,
                state_changing: method != "get",
            });
        }
    }
    assert_eq!(routes.len(), LEAST.len(), "a route of the table is gone");
    routes
}

/// What must stand in the query of a route.
fn asked(path: &str) -> &'static str {
    match path {
        "/api/simulator/file" => "?name=Ivan&room=private&file=a.txt",
        "/api/inbox/counts" => "?channel=telegram",
        "/api/inbox/search" => "?q=delivery",
        _ => "",
    }
}

/// A body that is read without complaint.
fn body(route: &Route) -> (&'static str, Vec<u8>) {
    let settings = json!({"instructions": "", "greeting": "", "refusals": [], "threshold": 0.5,
        "engine": "quotes", "suggestions": [], "knowledge": {"sources": [], "labels": []}});
    let path = route.path.replace(NOTHING, "{id}");
    let person = json!({"name": "Ivan", "room": "private", "topic": 0});
    let json = match path.as_str() {
        "/api/bots" => json!({"token": "no token", "assistant_id": NOTHING}),
        "/api/bots/{id}" => json!({"version": 1}),
        "/api/bots/{id}/token" => json!({"token": "7:token"}),
        "/api/conversations/{id}/handoff" => json!({"act": "take"}),
        "/api/conversations/{id}/assignee" => json!({"member_id": null}),
        "/api/conversations/{id}/presence" => json!({"page": "a", "doing": "looking"}),
        "/api/inbox/labels" | "/api/inbox/labels/{id}" => json!({"name": "VIP", "colour": "blue"}),
        "/api/saved-replies" | "/api/saved-replies/{id}" => {
            json!({"name": "Hours", "language": "en", "text": "From 9 to 18."})
        }
        "/api/conversations/{id}/notes" | "/api/conversations/{id}/reply" => {
            json!({"text": "Hello"})
        }
        "/api/simulator" => json!({"assistant_id": NOTHING}),
        "/api/simulator/say" => json!({"place": person, "text": "Hello"}),
        "/api/simulator/tap" => json!({"place": person, "message": 1, "row": 0, "column": 0}),
        "/api/models" => return form("a.gguf", b"no model"),
        "/api/documents" => return form("a.txt", b"Delivery takes two days."),
        "/api/assistants" => json!({"name": "A"}),
        "/api/assistants/{id}/versions/1/return" => json!({"version": 1}),
        "/api/hours/explain" => json!({"assistant_id": NOTHING, "hours": null}),
        "/api/first-run" => json!({"step": "files", "is_over": false}),
        "/api/assistants/{id}" => json!({"name": "A", "version": 1, "settings": settings}),
        "/api/conversations" => json!({"assistant_id": NOTHING}),
        "/api/conversations/{id}/messages" => json!({"text": "Hello?"}),
        "/api/conversations/{id}/stop" => json!({"message_id": NOTHING}),
        "/api/enter" => json!({"token": "spent"}),
        "/api/first-owner" => json!({"token": "spent", "business": "B", "name": "N",
            "email": "n@shop.example", "password": "a long test sentence"}),
        "/api/session" => json!({"email": "nobody@shop.example", "password": "wrong"}),
        "/api/invitation" => json!({"token": "spent"}),
        "/api/invitation/accept" => json!({"token": "spent", "name": "N",
            "email": "n@shop.example", "password": "a long test sentence"}),
        "/api/invitations" => json!({"role": "viewer", "language": "en"}),
        "/api/invitations/{id}/again" | "/api/mail/test" => json!({"language": "en"}),
        "/api/mail" => json!({"host": "127.0.0.1", "port": 25, "security": "open", "user": "",
            "sender": "shop@shop.example"}),
        "/api/members/{id}" => json!({"role": "viewer"}),
        "/api/members/{id}/owner"
        | "/api/second-step/off"
        | "/api/second-step/offer"
        | "/api/second-step/spare-codes" => json!({"password": "wrong"}),
        "/api/second-step" => json!({"code": "000000"}),
        "/api/folders" => json!({"path": "papers", "vanished": "remove"}),
        "/api/sites" => json!({"address": "shop.example", "reach": "page", "rhythm": "never",
            "vanished": "remove"}),
        "/api/labels" => json!({"documents": [], "add": ["prices"]}),
        "/api/password" => json!({"old": "wrong", "new": "a new long sentence"}),
        "/api/models/{id}/try" => json!({"text": "Hello"}),
        "/api/qa"
        | "/api/qa/{id}"
        | "/api/improve/unanswered/{id}/answer"
        | "/api/improve/rated/{id}/answer" => json!({"questions": ["When?"], "answer": "Now."}),
        "/api/recovery" => json!({"password": "wrong"}),
        "/api/recovery/open" => json!({"code": "ABCD"}),
        "/api/search" => json!({"query": "delivery"}),
        "/api/updates" => json!({"daily": true}),
        "/api/network" => json!({"local_only": false}),
        "/api/host/start-with-computer" => json!({"on": true}),
        "/api/host/show" => json!({"folder": "data"}),
        "/api/host/data-folder/plan" | "/api/host/data-folder/move" => json!({"to": "/new"}),
        "/api/texts" => json!({"name": "T", "text": "Delivery takes two days."}),
        _ => json!({}),
    };
    ("application/json", json.to_string().into_bytes())
}

async fn send(client: &Client, route: &Route) -> crate::house::Reply {
    let (media_type, bytes) = body(route);
    let request = request(route.method.clone(), &route.path).header(CONTENT_TYPE, media_type);
    client.send(request, Body::from(bytes)).await
}

#[tokio::test]
async fn every_route_is_for_those_it_is_for() {
    let house = House::new().await;
    let mut members = Vec::new();
    for role in [Role::Viewer, Role::Operator, Role::Admin, Role::Owner] {
        members.push((role, house.member(role).await));
    }
    for route in routes() {
        let name = format!("{} {}", route.method, route.path);
        let reply = send(&house.anon(), &route).await;
        let is_refused = reply.code() == "not_signed_in";
        let should_be = !matches!(route.least, Anybody | Window);
        assert_eq!(is_refused, should_be, "{name} by nobody: {reply:?}");
        for (role, client) in &mut members {
            let role = *role;
            // Some routes end the session that they are asked with.
            if client.get("/api/session").await.json()["member"].is_null() {
                *client = house.member(role).await;
            }
            let reply = send(client, &route).await;
            let is_refused = reply.code() == "forbidden";
            let should_be = matches!(route.least, Of(least) if role < least);
            assert_eq!(is_refused, should_be, "{name} by {role:?}: {reply:?}");
            assert_ne!(reply.code(), "not_signed_in", "{name} by {role:?}");
            if route.least == Window {
                assert_eq!(reply.code(), "not_found", "{name} by {role:?}");
            }
            assert_ne!(
                reply.status,
                StatusCode::INTERNAL_SERVER_ERROR,
                "{name} by {role:?}: {reply:?}"
            );
        }
    }
}

#[tokio::test]
async fn changes_are_taken_from_our_own_pages_only() {
    let house = House::new().await;
    let owner = house.owner().await;
    let forgeries: &[(&str, &[(&str, &str)])] = &[
        ("no header", &[("origin", "http://127.0.0.1:4810")]),
        ("no origin", &[("x-chatai", "1")]),
        (
            "foreign",
            &[("x-chatai", "1"), ("origin", "http://evil.example")],
        ),
        ("null", &[("x-chatai", "1"), ("origin", "null")]),
        (
            "sub-domain",
            &[("x-chatai", "1"), ("origin", "http://a.127.0.0.1:4810")],
        ),
        (
            "other port",
            &[("x-chatai", "1"), ("origin", "http://127.0.0.1:4811")],
        ),
        (
            "other scheme",
            &[("x-chatai", "1"), ("origin", "https://127.0.0.1:4810")],
        ),
        (
            "same site",
            &[("x-chatai", "1"), ("sec-fetch-site", "same-site")],
        ),
        (
            "cross site",
            &[
                ("x-chatai", "1"),
                ("origin", "http://127.0.0.1:4810"),
                ("sec-fetch-site", "cross-site"),
            ],
        ),
        (
            "form",
            &[
                ("content-type", "application/x-www-form-urlencoded"),
                ("origin", "http://evil.example"),
            ],
        ),
    ];
    let of_pages = |route: &Route| route.state_changing && !route.path.starts_with("/telegram/");
    for route in routes().into_iter().filter(of_pages) {
        for (name, headers) in forgeries {
            let mut request = axum::http::Request::builder()
                .method(route.method.clone())
                .uri(&route.path)
                .header("host", crate::house::PLACE);
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            let reply = owner.send(request, Body::from("{}")).await;
            assert_eq!(
                reply.code(),
                "foreign_origin",
                "{} {} with {name}",
                route.method,
                route.path
            );
        }
    }
    assert_eq!(
        owner.get("/api/status").await.status,
        StatusCode::OK,
        "nothing was changed"
    );
}

#[tokio::test]
async fn a_thing_that_is_not_there_is_not_found_on_every_route() {
    let house = House::new().await;
    let owner = house.owner().await;
    for route in routes()
        .into_iter()
        .filter(|route| route.path.contains(NOTHING))
    {
        for id in [NOTHING, "x", "..%2f..%2fchatai.db", "%00", "C:", "null"] {
            let path = route.path.replace(NOTHING, id);
            let (media_type, bytes) = body(&route);
            let request = request(route.method.clone(), &path).header(CONTENT_TYPE, media_type);
            let reply = owner.send(request, Body::from(bytes)).await;
            assert_eq!(
                reply.code(),
                "not_found",
                "{} {path}: {reply:?}",
                route.method
            );
        }
    }
}
