//! `cargo xtask telegram-clients`: clients that nobody here wrote drive the fake Bot API server, and the program's
//! bots talk to a server that nobody here wrote.
//!
//! Owns: starting both sides and telling what each client found, method by method. The scenarios lie in
//! `xtask/peers/telegram`. `CHATAI_BOT_API` names the Bot API's description, against which every call is held too.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Result;
use crate::bench::node::Node;
use crate::bench::peer::Peer;
use crate::bench::python::{Python, peers};
use crate::bench::{emptied, place};
use crate::binary::{self, Shape, cargo};
use crate::command::{command, run};

const USAGE: &str = "telegram-clients [--built FOLDER] [CLIENT…]";
/// The clients, and what runs their scenarios.
const CLIENTS: [(&str, &str); 3] = [
    ("aiogram", "clients_aiogram.py"),
    ("python-telegram-bot", "clients_ptb.py"),
    ("grammy", "clients_grammy.cjs"),
];
/// The name of the other direction.
const OTHER_SERVER: &str = "telegram-test-api";
/// What customers ask the other server's bot, and a piece of the demo company's answer.
const QUESTION: &str = "How long does it take to charge the Pine S2?";
const PROOF: &str = "hours";
/// How often the bot of the other server is asked.
const ROUNDS: usize = 20;

/// Runs the clients that are named, all when none is, and then our bot against the other server. An error when a
/// client met anything that Telegram would not have done.
pub fn telegram_clients(arguments: &[String]) -> Result<()> {
    let mut built = None;
    let mut named = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--built" => built = Some(PathBuf::from(rest.next().ok_or(USAGE)?).canonicalize()?),
            name if name == OTHER_SERVER || CLIENTS.iter().any(|(known, _)| *known == name) => {
                named.push(name);
            }
            _ => return Err(USAGE.into()),
        }
    }
    let built = match built {
        Some(built) => built,
        None => build()?,
    };
    let wanted = |name: &str| named.is_empty() || named.contains(&name);
    let python = Python::with("telegram")?;
    let node = Node::with("telegram")?;
    println!(
        "{}, {}",
        python.versions(&["aiogram", "python-telegram-bot"])?,
        node.versions(&["grammy", OTHER_SERVER])?
    );
    let mut told = Vec::new();
    for (name, script) in CLIENTS.iter().filter(|(name, _)| wanted(name)) {
        let mut client = match script.ends_with(".py") {
            true => python.command(),
            false => node.command(),
        };
        client.arg(peers().join("telegram").join(script));
        told.push(Told::by(name, &mut client, &built)?);
    }
    print_table(&told);
    let mut wrong: Vec<String> = told.iter().flat_map(Told::wrong).collect();
    if wanted(OTHER_SERVER) {
        wrong.extend(other_server(&node, &built.join("chatai"))?);
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("{} errors:\n{}", wrong.len(), wrong.join("\n")).into()),
    }
}

fn build() -> Result<PathBuf> {
    run(cargo()
        .args(["test", "--workspace", "--locked", "--no-run"])
        .args(Shape::for_tests().features()))?;
    let program = binary::for_tests();
    Ok(program.parent().unwrap_or(&program).to_path_buf())
}

/// The fake server, running; killed with us.
struct Fake {
    child: Child,
    api: String,
    control: String,
    is_described: bool,
}

impl Fake {
    fn start(program: &Path) -> Result<Fake> {
        let mut child = command(program).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let said = child.stdout.take().ok_or("no standard output")?;
        BufReader::new(said).read_line(&mut line)?;
        let told: Value = serde_json::from_str(&line)?;
        let address = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        Ok(Fake {
            child,
            api: address("api"),
            control: address("control"),
            is_described: told["described"] == true,
        })
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        // It serves until it is ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a client's scenario told: each step with what went wrong.
struct Told {
    name: String,
    steps: Vec<(String, Option<String>)>,
}

impl Told {
    fn by(name: &str, client: &mut Command, built: &Path) -> Result<Told> {
        let fake = Fake::start(&built.join("examples/serve"))?;
        println!(
            "{name}: calls are {} the Bot API's description",
            match fake.is_described {
                true => "held against",
                false => "NOT held against (CHATAI_BOT_API names no file)",
            }
        );
        let mut child = client
            .env("API", &fake.api)
            .env("CONTROL", &fake.control)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdout(Stdio::piped())
            .spawn()?;
        let said = child.stdout.take().ok_or("no standard output")?;
        let mut steps = Vec::new();
        for line in BufReader::new(said).lines() {
            let line = line?;
            let step: Value = serde_json::from_str(&line)
                .map_err(|_| format!("{name} said what is no step: {line}"))?;
            let about = step["about"].as_str().unwrap_or_default().to_owned();
            steps.push((about, step["error"].as_str().map(str::to_owned)));
        }
        let ended = child.wait()?;
        if !ended.success() {
            steps.push(("the scenario's end".to_owned(), Some(ended.to_string())));
        }
        if steps.is_empty() {
            return Err(format!("{name} did nothing").into());
        }
        Ok(Told {
            name: name.to_owned(),
            steps,
        })
    }

    fn wrong(&self) -> Vec<String> {
        let steps = self.steps.iter();
        steps
            .filter_map(|(about, error)| {
                Some(format!("{}, {about}: {}", self.name, error.as_ref()?))
            })
            .collect()
    }

    /// `ok` with how often, or how many of them went wrong; a dash where the client did not try.
    fn cell(&self, about: &str) -> String {
        let steps = self.steps.iter().filter(|(step, _)| step == about);
        let (all, wrong) = steps.fold((0, 0), |(all, wrong), (_, error)| {
            (all + 1, wrong + usize::from(error.is_some()))
        });
        match (all, wrong) {
            (0, _) => "-".to_owned(),
            (1, 0) => "ok".to_owned(),
            (all, 0) => format!("ok ({all})"),
            (all, wrong) => format!("ERROR ({wrong} of {all})"),
        }
    }
}

fn print_table(told: &[Told]) {
    if told.is_empty() {
        return;
    }
    let names: Vec<&str> = told.iter().map(|told| told.name.as_str()).collect();
    println!("\n| method, update or error | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(names.len()));
    let mut rows: Vec<&str> = Vec::new();
    for (about, _) in told.iter().flat_map(|told| &told.steps) {
        if !rows.contains(&about.as_str()) {
            rows.push(about);
        }
    }
    for about in rows {
        let cells: Vec<String> = told.iter().map(|told| told.cell(about)).collect();
        println!("| {about} | {} |", cells.join(" | "));
    }
    for told in told {
        let wrong = told.wrong().len();
        println!("{}: {} steps, {wrong} errors", told.name, told.steps.len());
    }
}

/// Our bot at the server from npm: a customer writes, presses a button, writes again. Gives what went wrong.
fn other_server(node: &Node, program: &Path) -> Result<Vec<String>> {
    let place = place("telegram-clients");
    emptied(&place)?;
    let data = place.join("data");
    let script = peers().join("telegram/test_api.cjs");
    let mut server = Peer::start(OTHER_SERVER, node.command().arg(script))?;
    let open = server.ask(&json!({"do": "open"}))?;
    let (Some(url), Some(token)) = (open["url"].as_str(), open["token"].as_str()) else {
        return Err(format!("{OTHER_SERVER}: {open}").into());
    };
    let ours = || {
        let mut ours = command(program);
        ours.env("CHATAI_TELEGRAM_API", url);
        ours
    };
    run(ours()
        .args(["demo", "--only", "--data"])
        .arg(&data)
        .stdout(Stdio::null()))?;
    run(ours()
        .args(["bots", "add", "--data"])
        .arg(&data)
        .env("CHATAI_BOT_TOKEN", token)
        .stdout(Stdio::null()))?;
    let mut serve = ours();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]);
    serve.arg(&data).stdout(Stdio::null());
    let _serving = Serving(
        serve
            .stderr(fs::File::create(place.join("server.log"))?)
            .spawn()?,
    );
    let mut wrong = Vec::new();
    let mut say = |ask: Value, is_right: &dyn Fn(&Value) -> bool| -> Result<()> {
        let told = server.ask(&ask)?;
        if !is_right(&told) {
            wrong.push(format!("{OTHER_SERVER}, {ask}: {told}"));
        }
        Ok(())
    };
    let has_words = |told: &Value| told["texts"].as_array().is_some_and(|all| !all.is_empty());
    let is_answer = |told: &Value| told["texts"].to_string().contains(PROOF);
    say(
        json!({"do": "say", "chat": 1, "text": "/start"}),
        &has_words,
    )?;
    for round in 0..ROUNDS {
        let chat = 1 + round % 4;
        say(
            json!({"do": "say", "chat": chat, "text": QUESTION}),
            &is_answer,
        )?;
    }
    // Long enough that a poll a second is told from a storm of them.
    let before = server.ask(&json!({"do": "calls"}))?;
    thread::sleep(Duration::from_secs(5));
    let calls = server.ask(&json!({"do": "calls"}))?;
    let polls = calls["getUpdates"].as_u64().unwrap_or_default()
        - before["getUpdates"].as_u64().unwrap_or_default();
    println!(
        "\n{OTHER_SERVER}: /start and {ROUNDS} questions of 4 customers, {} errors; it holds no poll and was asked \
         {polls} times in 5 s; calls {calls}",
        wrong.len()
    );
    Ok(wrong)
}

/// Our server, running; killed with us.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It serves until it is ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_failed_once_is_an_error_however_often_it_went_well() {
        let step = |about: &str, error: Option<&str>| (about.to_owned(), error.map(str::to_owned));
        let told = Told {
            name: "client".to_owned(),
            steps: vec![
                step("getMe", None),
                step("sendMessage", None),
                step("sendMessage", Some("no")),
                step("getFile", None),
                step("getFile", None),
            ],
        };
        let cells = ["getMe", "sendMessage", "getFile", "close"].map(|about| told.cell(about));
        assert_eq!(cells, ["ok", "ERROR (1 of 2)", "ok (2)", "-"]);
        assert_eq!(told.wrong(), ["client, sendMessage: no"]);
    }

    #[test]
    fn what_is_no_client_is_refused() {
        assert!(telegram_clients(&["telethon".to_owned()]).is_err());
    }
}
