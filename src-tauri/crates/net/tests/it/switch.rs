//! The "local only" switch, turned while the program runs. A proxy on loopback stands for the world: whatever would
//! leave this computer arrives there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use net::{Asked, CrawlError, MessengerError, Net, NetError, NetSettings, Purpose, Url};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::{net, server};

/// Hears every request that goes out, and never answers.
struct World {
    proxy: String,
    heard: Arc<AtomicUsize>,
    came: Arc<Notify>,
}

impl World {
    async fn new() -> World {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let world = World {
            proxy: format!("http://{}", listener.local_addr().unwrap()),
            heard: Arc::default(),
            came: Arc::default(),
        };
        let (heard, came) = (world.heard.clone(), world.came.clone());
        tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                heard.fetch_add(1, Ordering::SeqCst);
                came.notify_one();
                kept.push(stream);
            }
        });
        world
    }

    fn heard(&self) -> usize {
        self.heard.load(Ordering::SeqCst)
    }

    fn net(&self) -> Net {
        let by_proxy = [
            Purpose::Engine,
            Purpose::Embedder,
            Purpose::Models,
            Purpose::Updates,
            Purpose::Telegram,
        ];
        net(NetSettings {
            proxies: by_proxy.map(|purpose| (purpose, self.proxy.clone())).into(),
            local_only: false,
        })
    }
}

const LONG: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn what_is_under_way_is_broken_off_when_the_switch_is_turned() {
    let world = World::new().await;
    let net = world.net();
    let engine = net.client(Purpose::Engine).unwrap();
    let asking = tokio::spawn(async move { engine.get("http://far.example/v1", &[]).await });
    world.came.notified().await;
    let bot = net.messenger("").unwrap();
    let address = "http://far.example/bot1/getUpdates";
    let polling = tokio::spawn(async move { bot.post_json(address, Vec::new(), LONG, 99).await });
    world.came.notified().await;

    net.set_local_only(true);
    let asked = asking.await.unwrap().unwrap_err();
    assert!(matches!(asked, NetError::LocalOnly { .. }), "{asked}");
    let polled = polling.await.unwrap().unwrap_err();
    assert!(polled.may_have_been_read(), "it was on its way: {polled}");
    assert_eq!(world.heard(), 2);
}

#[tokio::test]
async fn nothing_leaves_but_to_this_computer_also_by_clients_of_before() {
    let world = World::new().await;
    let net = world.net();
    let purposes = [
        Purpose::Engine,
        Purpose::Embedder,
        Purpose::Models,
        Purpose::Updates,
    ];
    let clients = purposes.map(|purpose| net.client(purpose).unwrap());
    let bot = net.messenger("").unwrap();
    let crawler = net.crawler(None).unwrap();
    net.set_local_only(true);

    for client in &clients {
        for far in [
            "https://far.example/",
            "https://10.0.0.1/",
            "https://[2001:db8::1]/",
        ] {
            let error = client.get(far, &[]).await.unwrap_err();
            assert!(matches!(error, NetError::LocalOnly { .. }), "{error}");
            let nothing = serde_json::Value::Null;
            let error = client.post_json(far, &[], &nothing).await.unwrap_err();
            assert!(matches!(error, NetError::LocalOnly { .. }), "{error}");
        }
    }
    let far = "https://far.example/bot1/getMe";
    let file = ("file".to_owned(), "a.txt".to_owned(), Vec::new());
    for error in [
        bot.post_json(far, Vec::new(), LONG, 99).await.unwrap_err(),
        bot.post_file(far, Vec::new(), file, LONG, 99)
            .await
            .unwrap_err(),
        bot.get(far, LONG, 99).await.unwrap_err(),
    ] {
        let forbidden = MessengerError::Refused(NetError::LocalOnly {
            host: "far.example".to_owned(),
        });
        assert_eq!(error.to_string(), forbidden.to_string());
    }
    assert!(bot.is_forbidden(far) && !bot.is_forbidden("http://127.0.0.1:81/bot1/"));
    let site = Url::parse("https://far.example/").unwrap();
    let error = crawler.get(&site, &Asked::default(), &|_| true).await;
    let forbidden = matches!(error, Err(CrawlError::Net(NetError::LocalOnly { .. })));
    assert!(forbidden, "{error:?}");
    let mail = net.permit(Purpose::Mail, "smtp.far.example", 587);
    assert!(matches!(mail, Err(NetError::LocalOnly { .. })));

    assert_eq!(world.heard(), 0);
    assert!(net.hosts().is_empty(), "nobody was spoken to");

    // A server on this computer is spoken to, and past the proxy.
    let here = server("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
    assert_eq!(clients[0].get(&here, &[]).await.unwrap().status(), 204);
    assert_eq!(world.heard(), 0);
}

#[tokio::test]
async fn turned_back_the_same_clients_speak_to_the_world_again() {
    let world = World::new().await;
    let net = world.net();
    let engine = net.client(Purpose::Engine).unwrap();
    net.set_local_only(true);
    engine.get("http://far.example/v1", &[]).await.unwrap_err();
    net.set_local_only(false);
    assert!(!net.is_local_only());
    let asking = tokio::spawn(async move { engine.get("http://far.example/v1", &[]).await });
    world.came.notified().await;
    assert_eq!(world.heard(), 1);
    asking.abort();
}
