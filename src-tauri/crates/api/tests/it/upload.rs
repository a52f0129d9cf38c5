//! Uploads that are too large, cut, or misnamed.

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::house::{House, form, request};

#[tokio::test]
async fn more_than_two_hundred_mebibytes_are_refused_while_they_stream() {
    let house = House::new().await;
    let owner = house.owner().await;
    let head =
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big.txt\"\r\n\r\n";
    let mebibyte = Bytes::from(vec![b'a'; 1024 * 1024]);
    let pieces = std::iter::once(Bytes::from(head)).chain(std::iter::repeat_n(mebibyte, 202));
    let pieces = pieces.map(Ok::<_, std::io::Error>);
    let upload = request(Method::POST, "/api/documents")
        .header("content-type", "multipart/form-data; boundary=cut");
    let reply = owner
        .send(upload, Body::from_stream(tokio_stream::iter(pieces)))
        .await;
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "too_large")
    );
    let listed = owner.get("/api/documents").await.json();
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn a_cut_or_empty_form_adds_nothing() {
    let house = House::new().await;
    let owner = house.owner().await;
    let (media_type, whole) = form("a.txt", b"Delivery takes two days.");
    for body in [&whole[..whole.len() - 20], b"--cut--\r\n", b""] {
        let upload = request(Method::POST, "/api/documents").header("content-type", media_type);
        let reply = owner.send(upload, Body::from(body.to_vec())).await;
        assert_eq!(reply.code(), "invalid", "{reply:?}");
    }
    assert_eq!(owner.get("/api/documents").await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_name_never_leads_out_of_the_files_folder() {
    let house = House::new().await;
    let owner = house.owner().await;
    let names = [
        "../../etc/passwd.txt",
        "..\\..\\boot.txt",
        "/etc/shadow.txt",
        "C:\\x.txt",
        "a/../b.txt",
        "CON.txt",
    ];
    for (n, name) in names.iter().enumerate() {
        let reply = owner
            .upload(name, format!("Text number {n}.").as_bytes())
            .await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{name}: {reply:?}");
        let shown = reply.json()["document"]["name"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(!shown.contains(['/', '\\']), "{name} is shown as {shown}");
    }
}

#[tokio::test]
async fn what_is_no_model_is_refused_and_nothing_of_it_stays() {
    let house = House::new().await;
    let owner = house.owner().await;
    for bytes in [&b"no model at all"[..], b"GGUF and then nothing that fits"] {
        let (media_type, body) = form("tiny.gguf", bytes);
        let upload = request(Method::POST, "/api/models").header("content-type", media_type);
        let refused = owner.send(upload, Body::from(body)).await;
        assert_eq!(
            (refused.code().as_str(), refused.json()["field"].as_str()),
            ("invalid", Some("file")),
            "{refused:?}"
        );
    }
    let models = owner.get("/api/models").await.json();
    assert_eq!(models["installed"], json!([]));
}
