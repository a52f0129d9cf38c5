//! A thousand bots in one process: what they take while nobody writes, and how soon an answer comes when somebody
//! does, from the update to the message, by the engine that quotes.
//!
//! Beside them, in the same run, bots of other libraries, which only say again what they hear. The stand-in for
//! Telegram's server is a process of its own, over TLS, with the limits of no chat. It shares the processors with us.

mod echo;
mod talk;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Result;
use crate::command::{command, run, succeeds};

use super::figures::short;
use super::peer::Peer;
use super::{emptied, place, process};
use talk::Talked;

/// Bots, unless told otherwise.
const BOTS: u64 = 1_000;
const ADDRESS: &str = "127.0.0.1:48485";
/// How long a program is left alone before it is looked at.
const SETTLE: Duration = Duration::from_secs(10);
/// How long all bots may take to listen: five a second are started.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// Measures `program` and the others' bots against `stand_in` and prints. `bots` stands for [`BOTS`] where it is
/// told.
pub fn telegram(program: &Path, stand_in: &Path, bots: Option<u64>) -> Result<()> {
    let bots = bots.unwrap_or(BOTS);
    let place = place("telegram");
    emptied(&place)?;
    let data = place.join("data");
    run(command(program)
        .args(["demo", "--only", "--data"])
        .arg(&data)
        .stdout(Stdio::null()))?;
    let mut telegram = StandIn::start(stand_in, &place, bots)?;
    println!(
        "\n{bots} bots in one process, {}\n",
        match telegram.certificate {
            Some(_) => "over TLS",
            None => "WITHOUT TLS: openssl could make no certificate",
        }
    );

    let server = Serving::start(program, &data, &telegram)?;
    thread::sleep(SETTLE);
    let without = server.figures();
    server.end()?;

    for token in telegram.tokens.clone() {
        let mut add = command(program);
        add.args(["bots", "add", "--data"]).arg(&data);
        add.env("CHATAI_BOT_TOKEN", token).stdout(Stdio::null());
        run(telegram.known_to(&mut add))?;
    }
    let begun = Instant::now();
    let server = Serving::start(program, &data, &telegram)?;
    telegram.wait_until_all_listen(bots)?;
    println!(
        "ours: all bots listen after {} s (five a second are started); the idle server without bots takes {} MB, so \
         the bots take {} MB more\n",
        short(begun.elapsed().as_secs_f64()),
        short(without.memory),
        short(server.figures().memory - without.memory),
    );
    let ours = Talked::measure("ours, quotes with sources", &mut telegram, &|| {
        server.figures()
    })?;
    server.end()?;
    drop(telegram);

    let mut all = vec![ours];
    all.extend(echo::all(stand_in, &place, bots)?);
    talk::print(&all);
    echo::one_each(stand_in, &place, bots, all[0].idle.memory)
}

/// The stand-in for Telegram's server, running.
struct StandIn {
    peer: Peer,
    url: String,
    tokens: Vec<String>,
    certificate: Option<PathBuf>,
}

impl StandIn {
    fn start(program: &Path, place: &Path, bots: u64) -> Result<StandIn> {
        // Each bot is a connection at either end of its TLS.
        let mut peer = Peer::start("the stand-in", &mut with_many_files(&command(program)))?;
        let (certificate, key) = (place.join("certificate.pem"), place.join("key.pem"));
        let mut make = command("openssl");
        make.args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
            .args(["ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"])
            .args(["-subj", "/CN=localhost"])
            .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate);
        let mut ask = json!({"do": "open", "bots": bots});
        let certificate = match succeeds(&mut make) {
            true => {
                ask["certificate"] = json!(certificate);
                ask["key"] = json!(key);
                Some(certificate)
            }
            false => None,
        };
        let told = peer.ask(&ask)?;
        let tokens = told["tokens"].as_array().into_iter().flatten();
        let tokens = tokens.filter_map(|token| token.as_str().map(str::to_owned));
        Ok(StandIn {
            url: told["url"]
                .as_str()
                .ok_or("the stand-in has no address")?
                .to_owned(),
            tokens: tokens.collect(),
            peer,
            certificate,
        })
    }

    /// A command, ours or another's, that takes it for Telegram.
    fn known_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("CHATAI_TELEGRAM_API", &self.url);
        if let Some(certificate) = &self.certificate {
            command.env("SSL_CERT_FILE", certificate);
            command.env("NODE_EXTRA_CA_CERTS", certificate);
        }
        command
    }

    fn ask(&mut self, ask: &Value) -> Result<Value> {
        self.peer.ask(ask)
    }

    fn wait_until_all_listen(&mut self, bots: u64) -> Result<()> {
        let begun = Instant::now();
        let mut listening = 0;
        while begun.elapsed() < PATIENCE {
            listening = self.ask(&json!({"do": "listening"}))?["bots"]
                .as_u64()
                .unwrap_or_default();
            // Between two polls a bot does not listen for a moment.
            if listening * 100 >= bots * 99 {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(200));
        }
        Err(format!("only {listening} of {bots} bots listen").into())
    }
}

/// The same command, with as many open files as it may have.
fn with_many_files(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n \"$(ulimit -Hn)\"; exec \"$0\" \"$@\""]);
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

/// What a program has taken so far.
#[derive(Clone, Copy)]
struct Taken {
    /// Megabytes now.
    memory: f64,
    /// Seconds of processors since its start.
    cpu: f64,
}

/// Our server, running; killed with us.
struct Serving(Child);

impl Serving {
    fn start(program: &Path, data: &Path, telegram: &StandIn) -> Result<Serving> {
        let log = fs::File::create(data.with_file_name("server.log"))?;
        let mut serve = command(program);
        serve
            .args(["serve", "--listen", ADDRESS, "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(log);
        Ok(Serving(telegram.known_to(&mut serve).spawn()?))
    }

    fn figures(&self) -> Taken {
        Taken {
            memory: process::resident(self.0.id()),
            cpu: process::used_cpu(self.0.id()),
        }
    }

    fn end(mut self) -> Result<()> {
        run(Command::new("kill").args(["-TERM", &self.0.id().to_string()]))?;
        let ended = self.0.wait()?;
        match ended.success() {
            true => Ok(()),
            false => Err(format!("the server ended with {ended}").into()),
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It has ended already in every good case.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
