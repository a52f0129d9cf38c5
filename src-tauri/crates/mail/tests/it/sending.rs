//! What arrives, and what is said when it does not.

use std::sync::Arc;
use std::time::Duration;

use mail::{Letter, Login, MailError, Mailbox, Security, Server, send};
use net::{Net, NetSettings, Purpose};

use crate::post::{HELLO, Post, Rules};

const LONG: Duration = Duration::from_secs(60);

fn net() -> Net {
    Net::new(NetSettings::default(), Arc::new(|| 0))
}

fn server(post: &Post, security: Security) -> Server {
    Server {
        host: "localhost".to_owned(),
        port: post.port,
        security,
        login: None,
        trusted: vec![post.certificate.clone()],
    }
}

fn login(password: &str) -> Option<Login> {
    Some(Login {
        user: "shop".to_owned(),
        password: password.to_owned(),
    })
}

fn letter() -> Letter {
    Letter {
        from: Mailbox {
            name: "Чайная".to_owned(),
            address: "shop@shop.example".to_owned(),
        },
        to: Mailbox {
            name: String::new(),
            address: "boris@shop.example".to_owned(),
        },
        subject: "Приглашение".to_owned(),
        text: "Welcome, here is\n.a line with a dot\n".to_owned(),
        html: "<p>Welcome</p>".to_owned(),
    }
}

fn open() -> Rules {
    Rules {
        greeting: HELLO,
        ..Rules::default()
    }
}

#[tokio::test]
async fn a_letter_arrives_and_its_server_stands_in_the_log_of_hosts() {
    let post = Post::start(open()).await;
    let net = net();
    let server = server(&post, Security::Open);
    send(&net, &server, &letter(), LONG).await.unwrap();
    let heard = post.heard();
    assert_eq!(heard.letters.len(), 1);
    let letter = &heard.letters[0];
    assert!(letter.contains("To: boris@shop.example"), "{letter}");
    assert!(letter.contains("multipart/alternative"), "{letter}");
    assert!(
        letter.contains("..a line with a dot") || letter.contains("=2Ea"),
        "{letter}"
    );
    assert!(letter.contains("<p>Welcome</p>"), "{letter}");
    assert!(
        heard
            .lines
            .contains(&"MAIL FROM:<shop@shop.example>".to_owned())
    );
    let hosts = net.hosts();
    assert_eq!(hosts.len(), 1);
    assert_eq!(hosts[0].host, format!("localhost:{}", post.port));
    assert_eq!(hosts[0].purpose, Purpose::Mail);
}

#[tokio::test]
async fn user_and_password_are_told_after_encryption_only() {
    for (security, tls) in [(Security::StartTls, false), (Security::Tls, true)] {
        let post = Post::start(Rules {
            tls,
            start_tls: !tls,
            login: Some("shop secret"),
            ..open()
        })
        .await;
        let server = Server {
            login: login("secret"),
            ..server(&post, security)
        };
        send(&net(), &server, &letter(), LONG).await.unwrap();
        let heard = post.heard();
        let at = |word: &str| heard.lines.iter().position(|line| line.starts_with(word));
        assert!(
            at("TLS").unwrap() < at("AUTH").unwrap(),
            "{:?}",
            heard.lines
        );
        assert_eq!(heard.letters.len(), 1);
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_and_nothing_is_sent() {
    let post = Post::start(Rules {
        start_tls: true,
        login: Some("shop secret"),
        ..open()
    })
    .await;
    let server = Server {
        login: login("guess"),
        ..server(&post, Security::StartTls)
    };
    let error = send(&net(), &server, &letter(), LONG).await.unwrap_err();
    assert!(matches!(error, MailError::WrongPassword), "{error:?}");
    assert!(error.is_final());
    assert!(!format!("{error:?} {error} {server:?}").contains("guess"));
    assert_eq!(post.heard().letters.len(), 0);
}

#[tokio::test]
async fn without_starttls_neither_password_nor_letter_leaves() {
    let post = Post::start(Rules {
        login: Some("shop secret"),
        ..open()
    })
    .await;
    let server = Server {
        login: login("secret"),
        ..server(&post, Security::StartTls)
    };
    let error = send(&net(), &server, &letter(), LONG).await.unwrap_err();
    assert!(matches!(error, MailError::NoStartTls), "{error:?}");
    let heard = post.heard();
    let told = |word: &str| heard.lines.iter().any(|line| line.starts_with(word));
    assert!(!told("AUTH") && !told("MAIL"), "{:?}", heard.lines);
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_gets_nothing() {
    for (security, tls) in [(Security::StartTls, false), (Security::Tls, true)] {
        let post = Post::start(Rules {
            tls,
            start_tls: !tls,
            ..open()
        })
        .await;
        let server = Server {
            trusted: Vec::new(),
            ..server(&post, security)
        };
        let error = send(&net(), &server, &letter(), LONG).await.unwrap_err();
        assert!(
            matches!(error, MailError::NotTrusted),
            "{security:?}: {error:?}"
        );
        assert_eq!(post.heard().letters.len(), 0);
    }
}

#[tokio::test]
async fn each_refusal_has_its_own_word() {
    let cases = [
        ("MAIL", "550 not you", "sender_refused", true),
        ("RCPT", "550 no such user", "recipient_refused", true),
        ("DATA", "554 no", "letter_refused", true),
        ("RCPT", "451 come back", "later", false),
        ("MAIL", "421 going down", "later", false),
    ];
    for (word, reply, code, is_final) in cases {
        let post = Post::start(Rules {
            refuses: Some((word, reply)),
            ..open()
        })
        .await;
        let server = server(&post, Security::Open);
        let error = send(&net(), &server, &letter(), LONG).await.unwrap_err();
        assert_eq!(
            (error.code(), error.is_final()),
            (code, is_final),
            "{reply}"
        );
    }
}

#[tokio::test]
async fn what_is_no_mail_server_is_told_from_nobody() {
    let odd = Post::start(Rules {
        greeting: "HTTP/1.1 400 Bad Request",
        ..open()
    })
    .await;
    let server_of = |post: &Post| server(post, Security::Open);
    let error = send(&net(), &server_of(&odd), &letter(), LONG).await;
    assert_eq!(error.unwrap_err().code(), "broken");
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server {
        port: nobody.local_addr().unwrap().port(),
        ..server_of(&odd)
    };
    drop(nobody);
    let error = send(&net(), &server, &letter(), LONG).await.unwrap_err();
    assert_eq!((error.code(), error.is_final()), ("unreachable", false));
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_not_waited_for_for_ever() {
    let post = Post::start(Rules::default()).await;
    let server = server(&post, Security::Open);
    let error = send(&net(), &server, &letter(), LONG).await.unwrap_err();
    assert_eq!((error.code(), error.is_final()), ("timed_out", false));
}

#[tokio::test]
async fn local_only_means_letters_too() {
    let settings = NetSettings {
        local_only: true,
        ..NetSettings::default()
    };
    let net = Net::new(settings, Arc::new(|| 0));
    let post = Post::start(open()).await;
    send(&net, &server(&post, Security::Open), &letter(), LONG)
        .await
        .unwrap();
    let far = Server {
        host: "mail.shop.example".to_owned(),
        ..server(&post, Security::Open)
    };
    let error = send(&net, &far, &letter(), LONG).await.unwrap_err();
    assert_eq!(error.code(), "local_only");
    assert_eq!(net.hosts().len(), 1, "the far one was never asked");
}

#[tokio::test]
async fn a_name_with_a_line_break_makes_no_header() {
    let post = Post::start(open()).await;
    let mut letter = letter();
    letter.from.name = "Shop\r\nBcc: thief@evil.example".to_owned();
    letter.subject = "Hello\nBcc: thief@evil.example".to_owned();
    let server = server(&post, Security::Open);
    send(&net(), &server, &letter, LONG).await.unwrap();
    let heard = post.heard();
    let has_header = heard.letters[0].lines().any(|line| line.starts_with("Bcc"));
    assert!(!has_header, "{}", heard.letters[0]);
    let recipients = heard.lines.iter().filter(|line| line.starts_with("RCPT"));
    assert_eq!(recipients.count(), 1);
    letter.to.address = "boris@shop.example>\r\nRCPT TO:<thief@evil.example".to_owned();
    let error = send(&net(), &server, &letter, LONG).await.unwrap_err();
    assert_eq!(error.code(), "bad_address");
}
