//! Remote engines and embedders against recorded replies, played by a small server on loopback.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use engine::ask::Turn;
use engine::embedder::{Embedder, Role};
use engine::engine::Engine;
use engine::error::EngineError;
use engine::remote::{Remote, RemoteEmbedder, RemoteSettings};
use net::{Net, NetSettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::contract::{check, delivery};

/// A server that answers its requests with `replies`, one after another; the last one again and again.
struct Player {
    address: String,
    requests: Arc<AtomicUsize>,
}

impl Player {
    async fn start(replies: Vec<String>) -> Player {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = requests.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let number = counted.fetch_add(1, Ordering::Relaxed);
                let reply = replies[number.min(replies.len() - 1)].clone();
                let mut request = Vec::new();
                while !is_whole(&request) {
                    let mut part = [0; 4096];
                    match stream.read(&mut part).await {
                        Ok(count) if count > 0 => request.extend_from_slice(&part[..count]),
                        _ => break,
                    }
                }
                // In small parts, so that letters and lines are cut.
                for part in reply.as_bytes().chunks(7) {
                    if stream.write_all(part).await.is_err() {
                        break;
                    }
                }
            }
        });
        Player { address, requests }
    }

    fn remote(&self) -> Remote {
        Remote::new(self.settings(), net())
    }

    fn settings(&self) -> RemoteSettings {
        RemoteSettings {
            backoff: Duration::from_millis(1),
            ..RemoteSettings::new(&self.address, "test-model", Some("sesame".to_owned()))
        }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

pub(crate) fn net() -> Net {
    net::install_crypto();
    Net::new(NetSettings::default(), Arc::new(|| 0))
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    body.len() >= length
}

fn reply(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\n{headers}\r\n{body}")
}

fn stream(cassette: &str) -> String {
    reply("200 OK", "content-type: text/event-stream\r\n", cassette)
}

const ANSWER: &str = include_str!("../cassettes/answer.sse");

async fn error_of(player: &Player) -> EngineError {
    player
        .remote()
        .answer(&delivery(), &|_| {})
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_recorded_answer_keeps_the_contract_and_cites_verbatim() {
    let player = Player::start(vec![stream(ANSWER)]).await;
    let draft = check(&player.remote(), &delivery()).await;
    assert_eq!(draft.text, "Delivery to Leeds costs £4.50 [1].");
    assert_eq!(draft.citations.len(), 1);
    assert_eq!(
        draft.citations[0].quote,
        "Delivery to Leeds costs £4.50 and takes two days."
    );
    assert_eq!(
        (draft.usage.prompt_tokens, draft.usage.answer_tokens),
        (210, 14)
    );
}

#[tokio::test]
async fn not_in_the_documents_is_no_answer_and_shows_nothing() {
    let player = Player::start(vec![stream(include_str!("../cassettes/refusal.sse"))]).await;
    assert!(!check(&player.remote(), &delivery()).await.answered);
}

#[tokio::test]
async fn a_busy_or_broken_server_is_asked_again() {
    let busy = reply(
        "429 Too Many Requests",
        "retry-after: 0\r\ncontent-length: 0\r\n",
        "",
    );
    let broken = reply("500 Internal Server Error", "content-length: 0\r\n", "");
    let player = Player::start(vec![busy, broken, stream(ANSWER)]).await;
    assert!(check(&player.remote(), &delivery()).await.answered);
    assert_eq!(player.requests(), 3);
}

#[tokio::test]
async fn a_server_that_stays_broken_is_given_up() {
    let broken = reply("500 Internal Server Error", "content-length: 0\r\n", "");
    let player = Player::start(vec![broken]).await;
    assert_eq!(
        error_of(&player).await,
        EngineError::Refused { status: 500 }
    );
    assert_eq!(player.requests(), 3);
}

#[tokio::test]
async fn a_wrong_key_is_not_tried_again() {
    let player = Player::start(vec![reply("401 Unauthorized", "content-length: 0\r\n", "")]).await;
    assert_eq!(error_of(&player).await, EngineError::KeyRefused);
    assert_eq!(player.requests(), 1);
}

#[tokio::test]
async fn a_missing_model_is_told_from_a_wrong_address() {
    let refusals = [
        (
            "404 Not Found",
            r#"{"error":{"message":"The model `m` does not exist","code":"model_not_found"}}"#,
            EngineError::NoSuchModel,
        ),
        (
            "404 Not Found",
            r#"{"error":"model \"m\" not found, try pulling it first"}"#,
            EngineError::NoSuchModel,
        ),
        (
            "400 Bad Request",
            r#"{"error":{"message":"m is not a valid model ID: invalid model"}}"#,
            EngineError::NoSuchModel,
        ),
        (
            "404 Not Found",
            "404 page not found",
            EngineError::WrongAddress,
        ),
        (
            "405 Method Not Allowed",
            "<html>",
            EngineError::WrongAddress,
        ),
        (
            "400 Bad Request",
            r#"{"error":{"message":"max_tokens is too large"}}"#,
            EngineError::Refused { status: 400 },
        ),
    ];
    for (status, body, expected) in refusals {
        let length = format!("content-length: {}\r\n", body.len());
        let player = Player::start(vec![reply(status, &length, body)]).await;
        assert_eq!(error_of(&player).await, expected, "{status} {body}");
        assert_eq!(player.requests(), 1);
    }
}

#[tokio::test]
async fn a_long_wait_is_told_and_not_waited_for() {
    let busy = reply(
        "429 Too Many Requests",
        "retry-after: 3600\r\ncontent-length: 0\r\n",
        "",
    );
    let player = Player::start(vec![busy]).await;
    let expected = EngineError::Limited {
        retry_after: Some(3600),
    };
    assert_eq!(error_of(&player).await, expected);
    assert_eq!(player.requests(), 1);
}

#[tokio::test]
async fn a_stream_that_breaks_is_an_error_and_not_tried_again() {
    for cassette in [
        include_str!("../cassettes/cut_off.sse"),
        include_str!("../cassettes/not_json.sse"),
        "",
        "<html>a proxy's page</html>",
    ] {
        let player = Player::start(vec![stream(cassette)]).await;
        let error = error_of(&player).await;
        assert!(
            matches!(error, EngineError::BadReply { .. } | EngineError::CutOff),
            "{cassette} {error:?}"
        );
        assert_eq!(player.requests(), 1);
    }
    let player = Player::start(vec![stream(include_str!("../cassettes/error_inside.sse"))]).await;
    assert_eq!(
        error_of(&player).await,
        EngineError::Refused { status: 503 }
    );
}

#[tokio::test]
async fn an_endless_answer_ends_at_the_limit() {
    let line = format!(
        "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{}\"}}}}]}}\n\n",
        "x".repeat(9_000)
    );
    let player = Player::start(vec![stream(&line.repeat(10))]).await;
    let expected = EngineError::BadReply {
        why: "it is too long",
    };
    assert_eq!(error_of(&player).await, expected);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let mut settings = RemoteSettings::new("http://127.0.0.1:1/v1", "m", None);
    settings.backoff = Duration::from_millis(1);
    let remote = Remote::new(settings, net());
    let error = remote.answer(&delivery(), &|_| {}).await.unwrap_err();
    assert_eq!(error, EngineError::Unreachable);
}

#[tokio::test]
async fn a_follow_up_is_made_whole_or_left_alone() {
    let chunk = |text: &str| {
        stream(&format!(
            "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":\"stop\"}}]}}\n\n"
        ))
    };
    let history = [Turn {
        contact: true,
        text: "How much is delivery to Leeds?".to_owned(),
    }];
    let whole = "How much is delivery to York?";
    let player = Player::start(vec![chunk(whole), chunk("SAME")]).await;
    let remote = player.remote();
    let rewritten = remote.rewrite("And to York?", &history).await;
    assert_eq!(rewritten, Ok(Some(whole.to_owned())));
    assert_eq!(
        remote.rewrite("Do you sell bells?", &history).await,
        Ok(None)
    );
    assert_eq!(remote.rewrite("Do you sell bells?", &[]).await, Ok(None));
    assert_eq!(player.requests(), 2, "without a history nobody is asked");
}

#[tokio::test]
async fn remote_vectors_come_back_in_order_and_of_unit_length() {
    let body =
        r#"{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,4]}],"model":"m"}"#;
    let json = |body: &str| {
        let headers = format!(
            "content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        reply("200 OK", &headers, body)
    };
    let player = Player::start(vec![json(body), json(r#"{"data":[]}"#), json("no")]).await;
    let embedder = RemoteEmbedder::new(player.settings(), net(), 2);
    let texts = || vec!["a".to_owned(), "b".to_owned()];
    let vectors = embedder.embed(Role::Passage, texts()).await;
    assert_eq!(vectors, Ok(vec![vec![0.6, 0.8], vec![0.0, 1.0]]));
    for _ in 0..2 {
        let error = embedder.embed(Role::Query, texts()).await.unwrap_err();
        assert!(matches!(error, EngineError::BadReply { .. }));
    }
}
