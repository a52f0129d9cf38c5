//! Tokens stand in addresses: they are in no log, no state, no finding and no error, whatever fails (T23).

use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::bots::BotChange;
use app::bots::doctor::sentence;
use botapi::{Bot, BotSetup, Fault, Trouble as Fails};
use domain::bot::BotSettings;
use domain::id::BotId;
use domain::language::Language;
use tracing::level_filters::LevelFilter;

use crate::house::{House, QUESTION};
use crate::rounds::figure;

/// Tokens that are planted.
const TOKENS: usize = 50;

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

#[tokio::test(start_paused = true)]
async fn t23_tokens_are_in_no_log_state_finding_or_error() {
    let log = Log::default();
    let writer = log.clone();
    let logging = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(logging);

    let mut house = House::closed(BotSettings::default()).await;
    // Somebody who takes connections and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", silent.local_addr().unwrap());
    let without_tls = house.url.replace("http://", "https://");
    let places = [
        ("DNS", "http://no-such-host.invalid"),
        ("nobody there", "http://127.0.0.1:1"),
        ("TLS", without_tls.as_str()),
        ("no answer", silent.as_str()),
        ("5xx", ""),
    ];
    let mut planted: Vec<(Bot, BotId, &str)> = Vec::new();
    for number in 0..TOKENS {
        let (what, place) = places[number % places.len()];
        let bot = house
            .world
            .add_bot(BotSetup::new("Shop", &format!("shop_{number}_bot")));
        let id = house.hire(&bot, BotSettings::default()).await;
        let settings = BotSettings {
            api_url: place.to_owned(),
            ..BotSettings::default()
        };
        change(&house, id, settings).await;
        if place.is_empty() {
            let fails = match number % 3 {
                0 => Fails::Gateway(502),
                1 => Fails::Malformed,
                _ => Fails::DropBefore,
            };
            house.world.order(Fault::new(fails).of(bot.id).always());
        }
        planted.push((bot, id, what));
    }
    house.start().await;
    let (anna, chat) = house.customer("Anna");
    house.world.user_says(chat, anna, QUESTION).unwrap();
    house
        .pass_by(Duration::from_secs(100), Duration::from_millis(100))
        .await;

    let mut told = Vec::new();
    let (app, owner) = (house.kit.app.clone(), house.kit.owner.clone());
    told.push(format!("{:?}", app.bots(&owner).await.unwrap()));
    for (bot, id, what) in &planted {
        told.push(format!("{:?}", app.bot(&owner, *id).await.unwrap().bot));
        let checks = house.drive(app.check_bot(&owner, *id)).await.unwrap();
        for check in &checks {
            told.push(format!("{check:?} {:?}", sentence(check, Language::EN)));
        }
        let refused = house
            .drive(app.set_bot_token(&owner, *id, &bot.token))
            .await;
        let refused = refused.expect_err(what);
        told.push(format!("{refused} {refused:?}"));
        let mut cause: Option<&dyn std::error::Error> = Some(&refused);
        while let Some(error) = cause {
            told.push(error.to_string());
            cause = error.source();
        }
    }
    let logged = log.text();
    assert!(logged.len() > 10_000, "it was logged: {}", logged.len());
    let told = told.join("\n");
    for (bot, _, what) in &planted {
        let (_, secret) = bot.token.split_once(':').unwrap();
        for (place, text) in [("the log", &logged), ("what is told", &told)] {
            assert!(!text.contains(secret), "{what}: a token is in {place}");
        }
    }
    figure("T23", "planted tokens", planted.len());
    figure("T23", "bytes logged at trace", logged.len());
    figure("T23", "tokens found", 0);
}

async fn change(house: &House, id: BotId, settings: BotSettings) {
    let (app, owner) = (&house.kit.app, &house.kit.owner);
    let version = app.bot(owner, id).await.unwrap().bot.version;
    let change = BotChange {
        settings: Some(settings),
        ..BotChange::default()
    };
    app.change_bot(owner, id, version, change).await.unwrap();
}
