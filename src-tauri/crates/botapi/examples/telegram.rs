//! The stand-in for Telegram's server as a program of its own, to measure bots by (`cargo xtask bench telegram`): a
//! line of JSON asks, a line of JSON answers.
//!
//! - `{"do":"open","bots":1000}`, or with `"certificate":PATH,"key":PATH` over TLS, gives `url` and `tokens`.
//! - `{"do":"listening"}` gives how many bots wait for updates.
//! - `{"do":"say","messages":3000,"each_second":50,"text":"…"}` lets as many customers say it, each to the next bot
//!   (all at once for 0 each second), waits for the answers, and gives how many came and after how long.

#![expect(
    clippy::print_stdout,
    reason = "it speaks on its standard output to the one who measures"
)]

use std::error::Error;
use std::io::{self, BufRead};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use botapi::{
    Bot, BotSetup, Bounds, Budgets, Place, Server, Settings, SystemClock, UserId, UserSetup, World,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

/// How long answers are waited for after the last message.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often it is looked whether all have come.
const LOOK: Duration = Duration::from_millis(20);

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    let mut open = None;
    for line in io::stdin().lock().lines() {
        let ask: Value = serde_json::from_str(&line?)?;
        let wish = ask["do"].as_str().unwrap_or_default();
        if wish == "open" {
            let made = Open::new(&runtime, &ask)?;
            println!("{}", json!({"url": made.url, "tokens": made.tokens()}));
            open = Some(made);
            continue;
        }
        let answer = match (&open, wish) {
            (Some(open), "listening") => json!({"bots": open.listening()}),
            (Some(open), "say") => open.say(&ask),
            _ => json!({"error": format!("{wish}: nothing is open, or it is no request")}),
        };
        println!("{answer}");
    }
    Ok(())
}

/// A world that is served.
struct Open {
    world: World,
    bots: Vec<Bot>,
    url: String,
    _server: Server,
}

impl Open {
    fn new(runtime: &Runtime, ask: &Value) -> Result<Open, Box<dyn Error>> {
        let settings = Settings {
            seed: 1,
            bounds: Bounds {
                calls: 1_000,
                ..Bounds::default()
            },
            budgets: Budgets::unlimited(),
        };
        let world = World::with(Arc::new(SystemClock), settings);
        let bots = (0..ask["bots"].as_u64().unwrap_or(1))
            .map(|number| world.add_bot(BotSetup::new("Shop", &format!("shop_{number}_bot"))))
            .collect();
        let entered = runtime.enter();
        let server = Server::start(TcpListener::bind("127.0.0.1:0")?, world.clone())?;
        let url = match (ask["certificate"].as_str(), ask["key"].as_str()) {
            (Some(certificate), Some(key)) => {
                let address = tls(certificate, key, server.address())?;
                format!("https://{address}")
            }
            _ => server.url(),
        };
        drop(entered);
        Ok(Open {
            world,
            bots,
            url,
            _server: server,
        })
    }

    fn tokens(&self) -> Vec<&str> {
        self.bots.iter().map(|bot| bot.token.as_str()).collect()
    }

    fn listening(&self) -> usize {
        let bots = self.bots.iter();
        bots.filter(|bot| self.world.polls(bot.id)).count()
    }

    fn say(&self, ask: &Value) -> Value {
        let messages = ask["messages"].as_u64().unwrap_or(1);
        let each_second = ask["each_second"].as_u64().unwrap_or(0);
        let text = ask["text"].as_str().unwrap_or("Hello");
        let chats: Vec<(Place, UserId)> = (0..messages)
            .map(|number| {
                let user = UserSetup::new(&format!("Customer {number}")).language("en");
                let user = self.world.add_user(user);
                let at = usize::try_from(number).unwrap_or_default() % self.bots.len();
                (self.world.private(self.bots[at].id, user), user)
            })
            .collect();
        let began = Instant::now();
        for (number, (place, user)) in (0_u64..).zip(&chats) {
            if let Some(micros) = (number * 1_000_000).checked_div(each_second) {
                let due = Duration::from_micros(micros);
                thread::sleep(due.saturating_sub(began.elapsed()));
            }
            // The world was made for them a moment ago.
            let _ = self.world.user_says(*place, *user, text);
        }
        let said = Instant::now();
        let mut open = chats.clone();
        while !open.is_empty() && said.elapsed() < PATIENCE {
            open.retain(|(place, _)| {
                let last = self.world.last_message(*place);
                last.is_none_or(|last| !last.by_bot())
            });
            thread::sleep(LOOK);
        }
        let seconds = began.elapsed().as_secs_f64();
        let mut took = Vec::new();
        let mut doubled = 0;
        for (place, _) in &chats {
            let messages = self.world.messages(*place);
            let asked = messages.iter().find(|message| !message.by_bot());
            let answers: Vec<_> = messages.iter().filter(|message| message.by_bot()).collect();
            if let (Some(asked), Some(answer)) = (asked, answers.first()) {
                took.push(answer.at_ms - asked.at_ms);
            }
            doubled += answers.len().saturating_sub(1);
        }
        took.sort_unstable();
        let at = |share: usize| took.get((took.len() * share / 100).min(took.len().max(1) - 1));
        json!({
            "said": chats.len(),
            "answered": took.len(),
            "doubled": doubled,
            "seconds": seconds,
            "p50": at(50),
            "p95": at(95),
            "p99": at(99),
        })
    }
}

/// Takes TLS connections and passes what they say on to the plain server. Gives where it listens.
fn tls(certificate: &str, key: &str, to: SocketAddr) -> Result<SocketAddr, Box<dyn Error>> {
    let certificates =
        CertificateDer::pem_file_iter(certificate)?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            tokio::spawn(pass_on(acceptor.clone(), line, to));
        }
    });
    Ok(address)
}

async fn pass_on(acceptor: TlsAcceptor, line: TcpStream, to: SocketAddr) -> io::Result<()> {
    line.set_nodelay(true)?;
    let mut line = acceptor.accept(line).await?;
    let mut plain = TcpStream::connect(to).await?;
    plain.set_nodelay(true)?;
    tokio::io::copy_bidirectional(&mut line, &mut plain).await?;
    Ok(())
}
