//! The remote engine through the whole product, against a small server on loopback: what fails is told to the owner,
//! never to the customer; and an answer that is stopped stops.

use std::io::Write;
use std::sync::{Arc, Mutex};

use app::answer::stream::Piece;
use app::assistants::ladder::RungKind;
use app::limited::Daily;
use app::settings::{Place, RemoteChange, SettingsChange};
use domain::answer::Outcome;
use domain::assistant::EngineChoice;
use domain::conversation::Conversation;
use domain::trace::What;
use testkit::TestApp;
use testkit::slow::SlowEngine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// A server that replies to every request with the same bytes, then closes or waits until the caller goes away.
struct Fake {
    address: String,
    /// A word for each caller that went away while it was waited for.
    left: mpsc::UnboundedReceiver<()>,
    /// What it was asked, whole.
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Then {
    Close,
    Wait,
}

impl Fake {
    async fn start(reply: String, then: Then) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let (sender, left) = mpsc::unbounded_channel();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let heard = Arc::clone(&heard);
                tokio::spawn(serve(stream, reply.clone(), then, sender.clone(), heard));
            }
        });
        Fake {
            address,
            left,
            asked,
        }
    }
}

async fn serve(
    mut stream: TcpStream,
    reply: String,
    then: Then,
    left: mpsc::UnboundedSender<()>,
    heard: Arc<Mutex<Vec<String>>>,
) {
    let mut request = Vec::new();
    while !is_whole(&request) {
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(count) if count > 0 => request.extend_from_slice(&part[..count]),
            _ => return,
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    heard.lock().unwrap().push(request);
    if stream.write_all(reply.as_bytes()).await.is_err() || then == Then::Close {
        return;
    }
    let mut rest = [0; 16];
    while stream.read(&mut rest).await.is_ok_and(|count| count > 0) {}
    let _ = left.send(());
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

fn reply(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n{body}")
}

fn piece(text: &str) -> String {
    format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
}

const TERMS: &str = "# Delivery\n\nDelivery takes two working days inside the city.";
const QUESTION: &str = "How long does delivery take?";
const KEY: &str = "sk-very-secret-0123456789";

/// A shop whose assistant writes with the engine at `address`.
async fn shop(address: &str) -> (TestApp, Conversation) {
    let shop = TestApp::new().await;
    shop.add("delivery.md", TERMS).await;
    let remote = RemoteChange {
        base_url: address.to_owned(),
        model: "test-model".to_owned(),
        key: Some(KEY.to_owned()),
        daily: Daily::default(),
    };
    let change = SettingsChange {
        remote: Some(Some(remote)),
        ..SettingsChange::default()
    };
    shop.app.change_settings(&shop.owner, change).await.unwrap();
    let mut assistant = shop.app.assistants(&shop.owner).await.unwrap().remove(0);
    assistant.settings.engine = EngineChoice::Remote;
    shop.app
        .update_assistant(
            &shop.owner,
            assistant.id,
            &assistant.name,
            assistant.settings,
            assistant.version,
        )
        .await
        .unwrap();
    let conversation = shop.conversation().await;
    (shop, conversation)
}

/// Small models say again what was said before: the owner's words for a refusal, as if they were an answer.
#[tokio::test]
async fn what_was_refused_is_not_told_to_the_engine_that_answers() {
    let answer = piece("Delivery takes two working days [1].") + "data: [DONE]\n\n";
    let server = Fake::start(reply("200 OK", &answer), Then::Close).await;
    let (shop, conversation) = shop(&server.address).await;
    let refused = shop.ask(&conversation, "Do you sell elephants?").await;
    assert_eq!(refused.outcome, Some(Outcome::Refused));
    let first = shop.ask(&conversation, QUESTION).await;
    assert_eq!(first.outcome, Some(Outcome::Answered));
    shop.ask(&conversation, "Is delivery inside the city quick?")
        .await;
    let asked = server.asked.lock().unwrap();
    let last = asked.last().unwrap();
    assert!(last.contains("two working days"), "{last}");
    assert!(last.contains(QUESTION), "{last}");
    assert!(!last.contains("elephants"), "{last}");
    assert!(!last.contains(&refused.text), "{last}");
}

#[tokio::test]
async fn whatever_fails_the_owner_is_told_why_and_the_customer_hears_quotes() {
    let missing = r#"{"error":{"message":"model \"test-model\" not found"}}"#;
    let cut_off = piece("Delivery takes t");
    let failures = [
        (reply("401 Unauthorized", "who are you"), "key_refused"),
        (reply("404 Not Found", missing), "no_such_model"),
        (
            reply("404 Not Found", "404 page not found"),
            "wrong_address",
        ),
        (
            reply("429 Too Many Requests\r\nretry-after: 3600", "slow down"),
            "limited",
        ),
        (
            reply("500 Internal Server Error", "stack trace"),
            "server_broken",
        ),
        (reply("200 OK", &cut_off), "cut_off"),
        (reply("200 OK", "<html>a shop's page</html>"), "bad_reply"),
    ];
    for (reply, code) in failures {
        let fake = Fake::start(reply, Then::Close).await;
        let (shop, conversation) = shop(&fake.address).await;
        let tested = shop
            .app
            .test_remote(&shop.owner, Place::First)
            .await
            .unwrap();
        assert_eq!(tested.failed, Some(code));
        let answer = shop.ask(&conversation, QUESTION).await;
        assert_eq!(answer.outcome, Some(Outcome::Answered), "{code}");
        assert_eq!(answer.engine, "quotes");
        assert!(answer.text.contains("two working days"), "{}", answer.text);
        let trace = shop.app.trace(&shop.owner, answer.id).await.unwrap();
        let told = trace.steps.iter().find_map(|step| match &step.what {
            What::Engine { engine, failed } => Some((engine.as_str(), failed.as_deref())),
            _ => None,
        });
        assert_eq!(told, Some(("remote:test-model", Some(code))));
        let refused = shop.ask(&conversation, "Who won the cup in 1998?").await;
        assert_eq!(refused.outcome, Some(Outcome::Refused), "{code}");
        for said in [answer.text, refused.text, format!("{trace:?}")] {
            assert!(!said.contains(KEY) && !said.contains("127.0.0.1"), "{said}");
        }
    }
}

/// What is logged, for whoever looks through it later.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn an_engines_key_and_a_customers_words_come_into_no_log() {
    let fake = Fake::start(reply("401 Unauthorized", "no"), Then::Close).await;
    let (shop, conversation) = shop(&fake.address).await;
    // What is logged here is known before anybody listens: else a test beside this one may be the first to say it,
    // with nobody who listens there.
    shop.ask(&conversation, QUESTION).await;
    let log = Log::default();
    let writer = log.clone();
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(everything);
    shop.app
        .test_remote(&shop.owner, Place::First)
        .await
        .unwrap();
    shop.ask(&conversation, QUESTION).await;
    let code = shop.app.recovery_code_here().await.unwrap().grouped();
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("an engine failed"), "the log was listened to");
    for secret in [KEY, QUESTION, code.as_str()] {
        assert!(!said.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_second_engine_answers_when_the_first_fails_and_both_are_told() {
    let broken = Fake::start(reply("500 Internal Server Error", "no"), Then::Close).await;
    let said = piece("Delivery takes two working days inside the city [1].");
    let done = format!("{said}data: [DONE]\n\n");
    let sound = Fake::start(reply("200 OK", &done), Then::Close).await;
    let (shop, conversation) = shop(&broken.address).await;
    let spare = RemoteChange {
        base_url: sound.address.clone(),
        model: "other-model".to_owned(),
        key: Some("sk-other-key-9876".to_owned()),
        daily: Daily::default(),
    };
    let change = SettingsChange {
        spare: Some(Some(spare)),
        ..SettingsChange::default()
    };
    let settings = shop.app.change_settings(&shop.owner, change).await.unwrap();
    let hints = [settings.remote, settings.spare].map(|one| one.unwrap().key_hint.unwrap());
    assert_eq!(hints, ["6789", "9876"]);
    let tested = shop
        .app
        .test_remote(&shop.owner, Place::Spare)
        .await
        .unwrap();
    assert_eq!(
        (tested.engine.as_str(), tested.failed),
        ("remote:other-model", None)
    );
    let answer = shop.ask(&conversation, QUESTION).await;
    assert_eq!(answer.engine, "remote:other-model");
    assert!(answer.text.contains("two working days"), "{}", answer.text);
    let trace = shop.app.trace(&shop.owner, answer.id).await.unwrap();
    let asked = trace.steps.iter().filter_map(|step| match &step.what {
        What::Engine { engine, failed } => Some((engine.as_str(), failed.as_deref())),
        _ => None,
    });
    let wanted = [
        ("remote:test-model", Some("server_broken")),
        ("remote:other-model", None),
    ];
    assert_eq!(asked.collect::<Vec<_>>(), wanted);
    let assistant = shop.app.assistants(&shop.owner).await.unwrap().remove(0);
    let rungs = shop
        .app
        .engine_ladder(&shop.owner, assistant.id)
        .await
        .unwrap();
    let remote = rungs.iter().filter(|rung| rung.kind == RungKind::Remote);
    let fared = remote.map(|rung| {
        (
            rung.model.as_str(),
            rung.last.as_ref().unwrap().failed.clone(),
        )
    });
    let wanted = [
        ("test-model", Some("server_broken".to_owned())),
        ("other-model", None),
    ];
    assert_eq!(fared.collect::<Vec<_>>(), wanted);
}

/// Who was asked for an answer, with why it failed, and the answer's words.
async fn asked(
    shop: &TestApp,
    conversation: &Conversation,
) -> (Vec<(String, Option<String>)>, String) {
    let answer = shop.ask(conversation, QUESTION).await;
    let trace = shop.app.trace(&shop.owner, answer.id).await.unwrap();
    let asked = trace.steps.into_iter().filter_map(|step| match step.what {
        What::Engine { engine, failed } => Some((engine, failed)),
        _ => None,
    });
    (asked.collect(), answer.text)
}

#[tokio::test]
async fn an_engine_that_reached_its_limit_leaves_the_rest_of_the_day_to_the_next() {
    let said = piece("Delivery takes two working days inside the city [1].");
    let usage = r#"data: {"choices":[],"usage":{"prompt_tokens":90,"completion_tokens":10}}"#;
    let done = format!("{said}{usage}\n\ndata: [DONE]\n\n");
    let sound = Fake::start(reply("200 OK", &done), Then::Close).await;
    let (shop, conversation) = shop(&sound.address).await;
    let engine = |model: &str, daily| RemoteChange {
        base_url: sound.address.clone(),
        model: model.to_owned(),
        key: Some(KEY.to_owned()),
        daily,
    };
    let one_answer = Daily {
        answers: Some(1),
        ..Daily::default()
    };
    let hundred_tokens = Daily {
        tokens: Some(100),
        ..Daily::default()
    };
    let change = SettingsChange {
        remote: Some(Some(engine("one", one_answer))),
        spare: Some(Some(engine("two", hundred_tokens))),
        ..SettingsChange::default()
    };
    let settings = shop.app.change_settings(&shop.owner, change).await.unwrap();
    assert_eq!(settings.remote.unwrap().daily, one_answer);

    let ok = |model: &str| (format!("remote:{model}"), None);
    let used_up = |model: &str| (format!("remote:{model}"), Some("used_up".to_owned()));
    assert_eq!(asked(&shop, &conversation).await.0, [ok("one")]);
    let wanted = [used_up("one"), ok("two")];
    assert_eq!(asked(&shop, &conversation).await.0, wanted);
    // The second took 100 tokens: quotes are left.
    let (tried, text) = asked(&shop, &conversation).await;
    assert_eq!(tried[..2], [used_up("one"), used_up("two")]);
    assert!(text.contains("two working days"), "{text}");
    // The clock stands at Monday, 09:00 UTC.
    shop.clock.pass(15 * 60 * 60);
    assert_eq!(asked(&shop, &conversation).await.0, [ok("one")]);
}

#[tokio::test]
async fn what_failed_does_not_count_and_no_limit_is_zero() {
    let broken = Fake::start(reply("500 Internal Server Error", "no"), Then::Close).await;
    let (shop, conversation) = shop(&broken.address).await;
    let limited = |answers| RemoteChange {
        base_url: broken.address.clone(),
        model: "test-model".to_owned(),
        key: Some(KEY.to_owned()),
        daily: Daily {
            answers: Some(answers),
            ..Daily::default()
        },
    };
    let change = |answers| SettingsChange {
        remote: Some(Some(limited(answers))),
        ..SettingsChange::default()
    };
    let refused = shop.app.change_settings(&shop.owner, change(0)).await;
    assert!(refused.is_err());
    shop.app
        .change_settings(&shop.owner, change(1))
        .await
        .unwrap();
    for _ in 0..2 {
        let (tried, _) = asked(&shop, &conversation).await;
        assert_eq!(tried[0].1.as_deref(), Some("server_broken"));
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_unreachable() {
    let (shop, conversation) = shop("http://127.0.0.1:1/v1").await;
    let tested = shop
        .app
        .test_remote(&shop.owner, Place::First)
        .await
        .unwrap();
    assert_eq!(tested.failed, Some("unreachable"));
    let answer = shop.ask(&conversation, QUESTION).await;
    assert_eq!(answer.engine, "quotes");
}

#[tokio::test]
async fn twenty_customers_are_answered_beside_each_other_while_a_far_engine_thinks() {
    let engine = SlowEngine::start().await;
    let shop = TestApp::new().await;
    shop.add("delivery.md", TERMS).await;
    engine.writes_for(&shop).await;
    shop.app.run().await.unwrap();
    let mut waiting = JoinSet::new();
    for _ in 0..20 {
        let (app, who, conversation) = (
            shop.app.clone(),
            shop.owner.clone(),
            shop.conversation().await,
        );
        waiting.spawn(async move { app.ask(&who, conversation.id, QUESTION, 60).await });
    }
    engine.until_asked(20).await;
    engine.says("Delivery takes two working days inside the city [1].");
    engine.ends();
    for answer in waiting.join_all().await {
        let answer = answer.unwrap();
        assert_eq!(answer.outcome, Some(Outcome::Answered));
        assert_eq!(answer.engine, "remote:slow");
    }
    shop.app.stop().await;
}

#[tokio::test]
async fn a_stop_lets_the_engine_go_and_keeps_what_was_shown() {
    let begun = format!("{}{}", piece("Delivery takes "), piece("two working "));
    let mut fake = Fake::start(reply("200 OK", &begun), Then::Wait).await;
    let (shop, conversation) = shop(&fake.address).await;
    let app = shop.app.clone();
    let mut pieces = app.watch(conversation.id);
    let said = app
        .say(&shop.owner, conversation.id, QUESTION, None)
        .await
        .unwrap();
    let answering = tokio::spawn(async move { app.run_jobs().await });
    let mut shown = String::new();
    while !shown.contains("two working") {
        if let Piece::Text(text) = pieces.recv().await.unwrap() {
            shown.push_str(&text);
        }
    }
    let stop = || {
        shop.app
            .stop_answer(&shop.owner, conversation.id, said.message_id)
    };
    let stopped = stop().await.unwrap();
    assert_eq!(stopped.outcome, Some(Outcome::Stopped));
    assert_eq!(stopped.text, "Delivery takes two working");
    assert!(stopped.citations.is_empty());
    answering.await.unwrap().unwrap();
    fake.left.recv().await.expect("the request is dropped");
    assert_eq!(stop().await.unwrap().id, stopped.id, "once is enough");
    let last = loop {
        match pieces.recv().await.unwrap() {
            Piece::Done(message) => break message,
            Piece::Failed(code) => panic!("{code:?}"),
            _ => {}
        }
    };
    assert_eq!(last.id, stopped.id);
    let trace = shop.app.trace(&shop.owner, stopped.id).await.unwrap();
    assert_eq!(trace.steps.last().unwrap().what, What::Stopped);

    // After a crash nothing of it comes back, and a later message is answered as ever.
    let shop = shop.crashed_and_opened().await;
    shop.settle().await;
    let answer = shop.ask(&conversation, "Hello!").await;
    assert_eq!(answer.outcome, Some(Outcome::SmallTalk));
    let messages = shop
        .app
        .messages(&shop.owner, conversation.id, None, 10)
        .await
        .unwrap();
    assert_eq!(messages.len(), 4);
}
