//! The client against a small server on loopback.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod crawling;
mod switch;

use std::sync::Arc;
use std::time::Duration;

use net::{MessengerError, Net, NetError, NetSettings, Purpose};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn net(settings: NetSettings) -> Net {
    net::install_crypto();
    Net::new(settings, Arc::new(|| 7))
}

/// Answers every request with `reply`, one connection each.
async fn server(reply: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(reply.as_bytes()).await;
        }
    });
    address
}

#[tokio::test]
async fn a_reply_is_read_and_its_host_noted_without_the_path() {
    let address =
        server("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello").await;
    let net = net(NetSettings::default());
    let client = net.client(Purpose::Engine).unwrap();
    for _ in 0..2 {
        let reply = client
            .get(
                &format!("{address}/v1/secret?key=abc"),
                &[("authorization", "Bearer x")],
            )
            .await
            .unwrap();
        assert_eq!(reply.status(), 200);
        assert_eq!(reply.bytes(100).await.unwrap(), b"hello");
    }
    let hosts = net.hosts();
    assert_eq!(hosts.len(), 1);
    assert_eq!(format!("http://{}", hosts[0].host), address);
    assert_eq!((hosts[0].count, hosts[0].first), (2, 7));
}

#[tokio::test]
async fn a_reply_over_the_limit_is_refused() {
    let address =
        server("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello").await;
    let client = net(NetSettings::default()).client(Purpose::Engine).unwrap();
    let reply = client.get(&address, &[]).await.unwrap();
    assert!(matches!(
        reply.bytes(4).await,
        Err(NetError::TooLarge { limit: 4 })
    ));
}

#[tokio::test]
async fn local_only_allows_this_computer_and_names_itself_when_it_forbids() {
    let address = server("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
    let net = net(NetSettings {
        local_only: true,
        ..NetSettings::default()
    });
    let client = net.client(Purpose::Engine).unwrap();
    assert_eq!(client.get(&address, &[]).await.unwrap().status(), 204);
    for foreign in [
        "https://api.example.com/v1",
        "http://127.0.0.1.example.com/",
        "http://10.0.0.1/",
    ] {
        let error = client.get(foreign, &[]).await.unwrap_err();
        assert!(matches!(error, NetError::LocalOnly { .. }), "{foreign}");
        assert!(error.to_string().contains("local-only switch"));
    }
    assert_eq!(net.hosts().len(), 1, "a forbidden host is not spoken to");
}

#[tokio::test]
async fn an_engine_does_not_follow_redirects_and_a_download_does() {
    let goal = server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok").await;
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nlocation: {goal}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let start = server(redirect.leak()).await;
    let net = net(NetSettings::default());
    let engine = net.client(Purpose::Engine).unwrap();
    assert_eq!(engine.get(&start, &[]).await.unwrap().status(), 302);
    let models = net.client(Purpose::Models).unwrap();
    assert_eq!(models.get(&start, &[]).await.unwrap().status(), 200);
}

#[tokio::test]
async fn errors_carry_no_address_and_no_key() {
    let client = net(NetSettings::default()).client(Purpose::Engine).unwrap();
    let error = client
        .get("http://127.0.0.1:1/path?key=sesame", &[])
        .await
        .unwrap_err();
    assert!(matches!(error, NetError::Unreachable(_)));
    assert!(!format!("{error:?}").contains("sesame"));
    for wrong in ["ftp://example.com", "no address", "http://"] {
        let error = client.get(wrong, &[]).await.unwrap_err();
        assert!(matches!(error, NetError::BadAddress), "{wrong}");
    }
    let header = client
        .get("http://127.0.0.1:1/", &[("authorization", "a\r\nb: c")])
        .await;
    assert!(matches!(header, Err(NetError::BadHeader)));
}

#[tokio::test]
async fn whoever_asks_a_messenger_is_told_whether_it_may_have_been_read() {
    let net = net(NetSettings::default());
    let messenger = net.messenger("").unwrap();
    let second = Duration::from_secs(1);
    let post = |address: String| {
        let messenger = messenger.clone();
        async move {
            let body = b"{}".to_vec();
            messenger.post_json(&address, body, second, 100).await
        }
    };
    let error = post("http://127.0.0.1:1/bot1:sesame/getMe".to_owned())
        .await
        .unwrap_err();
    assert!(!error.may_have_been_read(), "nobody listens there");
    assert!(!format!("{error} {error:?}").contains("sesame"));

    let broken = server("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf").await;
    let error = post(format!("{broken}/bot1:sesame/sendMessage"))
        .await
        .unwrap_err();
    assert!(error.may_have_been_read(), "half a reply came");
    assert!(!format!("{error} {error:?}").contains("sesame"));

    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/bot1:sesame/x", silent.local_addr().unwrap());
    let body = b"{}".to_vec();
    let error = messenger
        .post_json(&address, body, Duration::from_millis(1), 100)
        .await
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("sesame"));

    let long = server("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await;
    let body = b"{}".to_vec();
    let error = messenger
        .post_json(&long, body, second, 4)
        .await
        .unwrap_err();
    assert!(matches!(error, MessengerError::TooLarge { limit: 4 }));
    assert!(error.may_have_been_read());
}

#[tokio::test]
async fn all_bots_of_a_proxy_share_one_client_and_local_only_holds_for_them() {
    let address = server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let net = net(NetSettings {
        local_only: true,
        ..NetSettings::default()
    });
    let messenger = net.messenger("").unwrap();
    let second = Duration::from_secs(1);
    let reply = messenger.get(&address, second, 10).await.unwrap();
    assert_eq!((reply.status, reply.body.as_ref()), (200, &b"ok"[..]));
    let error = messenger
        .get("https://api.telegram.org/bot1:x/getMe", second, 10)
        .await
        .unwrap_err();
    let forbidden = MessengerError::Refused(NetError::LocalOnly {
        host: "api.telegram.org".to_owned(),
    });
    assert_eq!(error.to_string(), forbidden.to_string());
    assert_eq!(net.hosts().len(), 1, "a forbidden host is not spoken to");
    assert_eq!(net.hosts()[0].purpose, Purpose::Telegram);
    assert!(matches!(
        net.messenger("no proxy at all"),
        Err(NetError::BadProxy { .. })
    ));
}

#[test]
fn a_server_beside_us_is_told_from_one_in_the_world() {
    let near = [
        "http://localhost:11434/v1",
        "http://127.0.0.1/v1",
        "http://[::1]:8080/v1",
        "http://192.168.1.20:1234/v1",
        "http://10.0.0.3/v1",
        "http://[fd12::1]/v1",
        "http://ollama:11434/v1",
        "http://attic.local/v1",
        "http://models.home.arpa/v1",
    ];
    let far = [
        "https://api.example.com/v1",
        "http://8.8.8.8/v1",
        "https://[2606:4700::1]/v1",
        "http://172.32.0.1/v1",
        "no address",
    ];
    assert!(near.iter().all(|address| net::is_nearby(address)));
    assert!(far.iter().all(|address| !net::is_nearby(address)));
}
