//! The guard of sites: nothing of this computer's own network is spoken to (security.md C10).

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use net::{Asked, CrawlError, Lookup, Net, NetError, NetSettings, Url, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server on loopback that counts who connects.
async fn trap(reply: &'static str) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counting.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(reply.as_bytes()).await;
        }
    });
    (port, count)
}

/// Names lead to these addresses, one answer after the other, again and again.
fn names(answers: &[&[&str]]) -> Lookup {
    let parse =
        |answer: &&[&str]| -> Vec<IpAddr> { answer.iter().map(|a| a.parse().unwrap()).collect() };
    let answers: Mutex<VecDeque<Vec<IpAddr>>> = Mutex::new(answers.iter().map(parse).collect());
    Arc::new(move |_| {
        let mut answers = answers.lock().unwrap();
        answers.rotate_left(1);
        let answer = answers.back().cloned().unwrap();
        Box::pin(async move { Ok(answer) })
    })
}

fn net(lookup: Lookup) -> Net {
    net::install_crypto();
    let world = World {
        lookup,
        ..World::default()
    };
    Net::within(NetSettings::default(), Arc::new(|| 7), world)
}

fn asked() -> Asked<'static> {
    Asked {
        limit: 1_000,
        ..Asked::default()
    }
}

/// Ways to write the addresses of what must not be reached.
fn forms(port: u16) -> Vec<String> {
    let mut forms = Vec::new();
    for [a, b, c, d] in [
        [127_u32, 0, 0, 1],
        [127, 1, 2, 3],
        [10, 0, 0, 1],
        [172, 16, 0, 1],
        [192, 168, 0, 1],
        [169, 254, 169, 254],
        [100, 64, 0, 1],
        [0, 0, 0, 0],
        [100, 100, 100, 200],
        [168, 63, 129, 16],
        [224, 0, 0, 1],
        [255, 255, 255, 255],
    ] {
        let whole = (a << 24) | (b << 16) | (c << 8) | d;
        let (tail, low) = ((b << 16) | (c << 8) | d, (c << 8) | d);
        forms.extend([
            format!("{a}.{b}.{c}.{d}"),
            format!("{a}.{b}.{c}.{d}."),
            format!("{whole}"),
            format!("0x{whole:x}"),
            format!("0X{whole:08X}"),
            format!("0{whole:o}"),
            format!("{a}.{tail}"),
            format!("{a}.{b}.{low}"),
            format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
            format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
            format!("0x{a:x}.{tail}"),
            format!("0{a:o}.{b}.0x{low:x}"),
            format!(
                "%{:02x}{}",
                a.to_string().as_bytes()[0],
                &format!("{a}.{b}.{c}.{d}")[1..]
            ),
            format!("{a}\u{3002}{b}\u{3002}{c}\u{3002}{d}"),
            format!("{a}\u{ff0e}{b}\u{ff0e}{c}\u{ff0e}{d}"),
            format!("[::ffff:{a}.{b}.{c}.{d}]"),
            format!("[::{a}.{b}.{c}.{d}]"),
            format!("[64:ff9b::{a}.{b}.{c}.{d}]"),
            format!("[2002:{:x}:{:x}::]", (a << 8) | b, low),
            format!("[::ffff:0:{a}.{b}.{c}.{d}]"),
            format!("me@{a}.{b}.{c}.{d}"),
            format!("shop.example@{a}.{b}.{c}.{d}"),
            format!("me:secret@{a}.{b}.{c}.{d}"),
            format!("{a}.{b}.{c}.{d}.sslip.test"),
            format!("{a}-{b}-{c}-{d}.sslip.test"),
        ]);
    }
    for address in [
        "::1",
        "::",
        "fe80::1",
        "fd00::8",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "64:ff9b:1::1",
        "fd00:ec2::254",
    ] {
        forms.push(format!("[{address}]"));
    }
    for name in [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "ip6-localhost",
        "metadata.google.internal",
    ] {
        forms.push(name.to_owned());
    }
    forms
        .into_iter()
        .map(|host| format!("http://{host}:{port}/"))
        .collect()
}

#[tokio::test]
async fn no_way_of_writing_a_private_address_leads_there() {
    let (port, connections) = trap("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret").await;
    let crawler = net(names(&[&["127.0.0.1"]])).crawler(None).unwrap();
    let forms = forms(port);
    assert!(forms.len() >= 300, "{}", forms.len());
    for form in &forms {
        // What is no address to begin with leads nowhere.
        let Ok(url) = Url::parse(form) else { continue };
        let error = crawler
            .get(&url, &asked(), &|_| true)
            .await
            .expect_err(form);
        let is_refused = matches!(
            error,
            CrawlError::Forbidden | CrawlError::Net(NetError::BadAddress)
        );
        assert!(is_refused, "{form}: {error:?}");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_between_two_questions_gains_nothing() {
    let (port, connections) = trap("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret").await;
    // The first answer is harmless, the next is not; each is checked where the connection is made.
    let net = net(names(&[
        &["192.0.2.1"],
        &["127.0.0.1"],
        &["127.0.0.1", "93.184.216.34"],
        &["::1"],
    ]));
    let address = Url::parse(&format!("http://rebinding.test:{port}/")).unwrap();
    let crawler = net.crawler(None).unwrap();
    for round in 0..1_000 {
        let error = crawler
            .get(&address, &asked(), &|_| true)
            .await
            .unwrap_err();
        assert!(
            matches!(error, CrawlError::Forbidden),
            "round {round}: {error:?}"
        );
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn redirects_are_checked_one_by_one_and_end() {
    let (goal, reached) = trap("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret").await;
    for to in [
        "http://127.0.0.1",
        "http://[::ffff:127.0.0.1]",
        "http://2130706433",
        "http://other.test",
    ] {
        let redirect =
            format!("HTTP/1.1 302 Found\r\nlocation: {to}:{goal}/\r\ncontent-length: 0\r\n\r\n");
        let (port, asked_once) = trap(redirect.leak()).await;
        let start = Url::parse(&format!("http://wiki.test:{port}/")).unwrap();
        let crawler = net(names(&[&["127.0.0.1"]])).crawler(Some(&start)).unwrap();
        let error = crawler.get(&start, &asked(), &|_| true).await.unwrap_err();
        assert!(matches!(error, CrawlError::Forbidden), "{to}: {error:?}");
        assert_eq!(
            asked_once.load(Ordering::SeqCst),
            1,
            "the allowed host is asked"
        );
        let error = crawler
            .get(&start, &asked(), &|next| {
                next.host_str() == start.host_str()
            })
            .await;
        assert!(
            matches!(error, Err(CrawlError::LeadsElsewhere { .. })),
            "{to}"
        );
    }
    assert_eq!(reached.load(Ordering::SeqCst), 0);
    let (port, _) =
        trap("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .await;
    let start = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    let crawler = net(names(&[&["127.0.0.1"]])).crawler(Some(&start)).unwrap();
    let error = crawler.get(&start, &asked(), &|_| true).await.unwrap_err();
    assert!(matches!(error, CrawlError::Redirects), "{error:?}");
}

#[tokio::test]
async fn the_allowed_host_is_allowed_at_its_port_only_and_keys_of_clouds_never() {
    let (port, _) =
        trap("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello").await;
    let (other, reached) = trap("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret").await;
    let start = Url::parse(&format!("http://wiki.test:{port}/")).unwrap();
    let net = net(names(&[&["127.0.0.1"]]));
    let crawler = net.crawler(Some(&start)).unwrap();
    let page = crawler.get(&start, &asked(), &|_| true).await.unwrap();
    assert_eq!(
        (page.status, page.body.as_slice()),
        (200, b"hello".as_slice())
    );
    assert_eq!(net.hosts()[0].host, format!("wiki.test:{port}"));
    let neighbour = Url::parse(&format!("http://wiki.test:{other}/")).unwrap();
    let error = crawler
        .get(&neighbour, &asked(), &|_| true)
        .await
        .unwrap_err();
    assert!(matches!(error, CrawlError::Forbidden), "{error:?}");
    assert_eq!(reached.load(Ordering::SeqCst), 0);
    for host in [
        "169.254.169.254",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "0.0.0.0",
    ] {
        let keys = Url::parse(&format!("http://{host}/")).unwrap();
        let crawler = net.crawler(Some(&keys)).unwrap();
        let error = crawler.get(&keys, &asked(), &|_| true).await.unwrap_err();
        assert!(matches!(error, CrawlError::Forbidden), "{host}: {error:?}");
    }
}

#[tokio::test]
async fn a_body_is_bounded_packed_or_not_and_local_only_holds() {
    let (port, _) = trap(
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    )
    .await;
    let start = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    let here = net(names(&[&["127.0.0.1"]]));
    let crawler = here.crawler(Some(&start)).unwrap();
    let few = Asked {
        limit: 10,
        ..Asked::default()
    };
    let error = crawler.get(&start, &few, &|_| true).await.unwrap_err();
    assert!(
        matches!(error, CrawlError::Net(NetError::TooLarge { limit: 10 })),
        "{error:?}"
    );

    here.change(NetSettings {
        local_only: true,
        ..NetSettings::default()
    });
    let crawler = here.crawler(Some(&start)).unwrap();
    assert_eq!(
        crawler
            .get(&start, &asked(), &|_| true)
            .await
            .unwrap()
            .status,
        200
    );
    let outside = Url::parse("https://shop.example/").unwrap();
    let error = crawler
        .get(&outside, &asked(), &|_| true)
        .await
        .unwrap_err();
    assert!(
        matches!(error, CrawlError::Net(NetError::LocalOnly { .. })),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_waited_for_twenty_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let start = Url::parse(&format!("http://{}/", silent.local_addr().unwrap())).unwrap();
    let crawler = net(names(&[&["127.0.0.1"]])).crawler(Some(&start)).unwrap();
    let begun = tokio::time::Instant::now();
    let error = crawler.get(&start, &asked(), &|_| true).await.unwrap_err();
    assert!(
        matches!(error, CrawlError::Net(NetError::TimedOut)),
        "{error:?}"
    );
    assert!(begun.elapsed().as_secs() <= 20, "{:?}", begun.elapsed());
}
