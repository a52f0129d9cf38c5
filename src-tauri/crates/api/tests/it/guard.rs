//! Names, headers, and how errors look.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use expect_test::expect;

use crate::house::{House, PLACE, request};

/// Forty names that are not ours, though some look like it.
const FOREIGN: [&str; 40] = [
    "evil.example",
    "evil.example:4810",
    "127.0.0.1",
    "127.0.0.1:80",
    "127.0.0.1:4811",
    "127.0.0.1:04810x",
    "127.0.0.1:",
    "127.0.0.1:4810:4810",
    "127.0.0.1:4810.",
    "127.0.0.1.:4810",
    "127.0.0.1:4810@evil.example",
    "evil.example@127.0.0.1:4810",
    "127.0.0.1:4810/evil",
    "127.0.0.1:4810#",
    "127.0.0.1:4810?",
    "127.0.0.1 :4810",
    " ",
    "127.1:4810",
    "127.0.1:4810",
    "2130706433:4810",
    "0x7f000001:4810",
    "0177.0.0.1:4810",
    "127.0.0.01:4810",
    "0.0.0.0:4810",
    "localhost",
    "localhost:4810",
    "localhost.:4810",
    "[::1]:4810",
    "[::]:4810",
    "[::ffff:127.0.0.1]:4810",
    "::1:4810",
    "127.0.0.1.nip.io:4810",
    "a.127.0.0.1:4810",
    "127.0.0.1:4810.evil.example",
    "help.shop.example.evil.example",
    "help.shop.example.",
    "xhelp.shop.example",
    "help.shop.example:80",
    "shop.example",
    "*",
];

#[tokio::test]
async fn only_our_names_are_answered_to_on_every_kind_of_route() {
    let house = House::new().await;
    let anon = house.anon();
    for path in [
        "/api/health",
        "/api/session",
        "/api/events",
        "/metrics",
        "/",
        "/assets/x.js",
        "/api/nothing",
    ] {
        for host in FOREIGN {
            let request = Request::get(path).header("host", host);
            let reply = anon.send(request, Body::empty()).await;
            assert_eq!(
                reply.code(),
                "foreign_host",
                "{host:?} at {path}: {reply:?}"
            );
        }
        let reply = anon.send(Request::get(path), Body::empty()).await;
        assert_eq!(reply.code(), "foreign_host", "no host at {path}");
        let two = Request::get(path)
            .header("host", PLACE)
            .header("host", "evil.example");
        assert_eq!(
            anon.send(two, Body::empty()).await.code(),
            "foreign_host",
            "two at {path}"
        );
        let line = Request::get(format!("http://evil.example{path}")).header("host", PLACE);
        assert_eq!(
            anon.send(line, Body::empty()).await.code(),
            "foreign_host",
            "line at {path}"
        );
    }
    for host in [PLACE, "help.shop.example", "HELP.shop.example:443"] {
        let request = Request::get("/api/health").header("host", host);
        assert_eq!(
            anon.send(request, Body::empty()).await.status,
            StatusCode::OK,
            "{host}"
        );
    }
}

#[tokio::test]
async fn every_response_carries_the_security_headers() {
    let house = House::new().await;
    let reply = house.anon().get("/api/session").await;
    for name in [
        "x-content-type-options",
        "x-frame-options",
        "referrer-policy",
        "cache-control",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "x-request-id",
    ] {
        assert!(reply.headers.contains_key(name), "{name}");
    }
    let policy = reply.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self';"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!reply.headers.contains_key("strict-transport-security"));
    let outside = Request::get("/api/session").header("host", "help.shop.example");
    let outside = house.anon().send(outside, Body::empty()).await;
    assert!(outside.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn errors_of_every_layer_are_problems() {
    let house = House::new().await;
    let owner = house.owner().await;
    let mut seen = String::new();
    let json = |method, path| request(method, path).header("content-type", "application/json");
    let long = format!(r#"{{"email": "{}"}}"#, "a".repeat(3 * 1024 * 1024));
    let requests = [
        (request(Method::GET, "/api/nothing"), ""),
        (request(Method::PUT, "/api/session"), ""),
        (request(Method::POST, "/api/session"), "{}"),
        (json(Method::POST, "/api/session"), "{"),
        (json(Method::POST, "/api/session"), "{}"),
        (json(Method::POST, "/api/session"), long.as_str()),
        (request(Method::GET, "/api/documents?limit=0"), ""),
        (request(Method::GET, "/api/documents?limit=x"), ""),
        (request(Method::GET, "/api/documents?state=gone"), ""),
        (request(Method::GET, "/api/documents?cursor=x"), ""),
        (request(Method::GET, "/api/documents?source=x"), ""),
        (request(Method::POST, "/api/documents"), ""),
    ];
    for (request, body) in requests {
        let reply = owner.send(request, Body::from(body.to_owned())).await;
        assert_eq!(reply.headers["content-type"], "application/problem+json");
        let mut problem = reply.json();
        let id = problem["request_id"].take();
        assert_eq!(id, reply.headers["x-request-id"].to_str().unwrap());
        problem.as_object_mut().unwrap().shift_remove("request_id");
        seen.push_str(&format!("{problem}\n"));
    }
    expect![[r#"
        {"type":"about:blank","title":"there is no such thing","status":404,"code":"not_found"}
        {"type":"about:blank","title":"this cannot be done with it","status":405,"code":"method_not_allowed"}
        {"type":"about:blank","title":"the body is not of the right type","status":415,"code":"unsupported_media_type"}
        {"type":"about:blank","title":"a value is not acceptable","status":422,"code":"invalid","detail":"the body is not JSON"}
        {"type":"about:blank","title":"a value is not acceptable","status":422,"code":"invalid","detail":"Failed to deserialize the JSON body into the target type: missing field `email` at line 1 column 2"}
        {"type":"about:blank","title":"larger than the limit","status":413,"code":"too_large"}
        {"type":"about:blank","title":"a value is not acceptable","status":422,"code":"invalid","detail":"this is not between 1 and 200","field":"limit"}
        {"type":"about:blank","title":"a value is not acceptable","status":422,"code":"invalid","detail":"Failed to deserialize query string: limit: invalid digit found in string"}
        {"type":"about:blank","title":"a value is not acceptable","status":422,"code":"invalid","detail":"Failed to deserialize query string: state: unknown variant `gone`, expected one of `pending`, `reading`, `ready`, `failed`"}
        {"type":"about:blank","title":"a value is not acceptable","status":422,"code":"invalid","detail":"this is not what a parameter of this name looks like","field":"cursor"}
        {"type":"about:blank","title":"a value is not acceptable","status":422,"code":"invalid","detail":"this is not what a parameter of this name looks like","field":"source"}
        {"type":"about:blank","title":"the body is not of the right type","status":415,"code":"unsupported_media_type"}
    "#]].assert_eq(&seen);
}

#[tokio::test]
async fn numbers_are_for_members_and_for_this_computer() {
    let house = House::new().await;
    let metrics = |peer: &str| {
        Request::get("/metrics")
            .header("host", PLACE)
            .extension(axum::extract::ConnectInfo(api::serve::Peer(
                peer.parse().unwrap(),
            )))
    };
    let anon = house.anon();
    let here = anon.send(metrics("127.0.0.1:1"), Body::empty()).await;
    assert_eq!(here.status, StatusCode::OK);
    let text = String::from_utf8(here.body).unwrap();
    assert!(
        text.contains("chatai_documents{state=\"ready\"} 0"),
        "{text}"
    );
    let elsewhere = anon.send(metrics("10.0.0.9:1"), Body::empty()).await;
    assert_eq!(elsewhere.code(), "not_signed_in");
    let proxied = metrics("127.0.0.1:1").header("x-forwarded-for", "10.0.0.9");
    assert_eq!(
        anon.send(proxied, Body::empty()).await.code(),
        "not_signed_in"
    );
    let member = house
        .owner()
        .await
        .send(metrics("10.0.0.9:1"), Body::empty())
        .await;
    assert_eq!(member.status, StatusCode::OK);
}
