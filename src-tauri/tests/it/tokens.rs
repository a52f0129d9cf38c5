//! Tokens of bots are in nothing that the program says: not in its log at its most talkative, the HTTP crates' own
//! words included, not in answers of the API, not in files (telegram.md T23).

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use botapi::{Fault, Trouble};
use domain::bot::BotSettings;
use serde_json::Value;

use crate::messenger::Messenger;
use crate::program::Program;
use crate::rounds::{figure, is_full};
use crate::web::Served;

/// Longest wait for the bots to be in trouble.
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn planted_tokens_are_in_no_log_no_answer_and_no_file() {
    let bots = if is_full() { 50 } else { 8 };
    let messenger = Messenger::new();
    // Somebody who takes connections and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", silent.local_addr().unwrap());
    let without_tls = messenger.url().replace("http://", "https://");
    let places = [
        "http://no-such-host.invalid",
        &without_tls,
        "",
        "http://127.0.0.1:1",
        &silent,
    ];
    let program = Program::new();
    let all = messenger.business(&program, bots, |number| BotSettings {
        api_url: places[number % places.len()].to_owned(),
        ..BotSettings::default()
    });
    for bot in all.iter().skip(2).step_by(places.len()) {
        let fault = Fault::new(Trouble::Gateway(502)).of(bot.id).always();
        messenger.world.order(fault);
    }
    let mut command = program.command(&["serve", "--listen", "127.0.0.1:0", "--log", "trace"]);
    command.env("CHATAI_TELEGRAM_API", messenger.url());
    let served = Served::start(&program, &mut command);
    let mut client = served.signed_in(testkit::EMAIL, testkit::PASSWORD).unwrap();
    // Those nobody answers take half a minute to be known; the others are seen at once.
    let quick = bots - bots / places.len();
    let began = Instant::now();
    let mut told = Vec::new();
    loop {
        let listed = client.get("/api/bots").unwrap();
        let troubled = listed.body.matches("\"trouble\":\"").count();
        told.push(listed.body);
        if troubled >= quick {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "{troubled} bots are in trouble");
        thread::sleep(Duration::from_millis(100));
    }
    let listed: Value = serde_json::from_str(told.last().unwrap()).unwrap();
    for (number, bot) in listed["items"].as_array().unwrap().iter().enumerate() {
        let id = bot["id"].as_str().unwrap();
        told.push(client.get(&format!("/api/bots/{id}")).unwrap().body);
        if number % places.len() != 4 {
            let doctor = client.get(&format!("/api/bots/{id}/doctor")).unwrap();
            told.push(doctor.body);
        }
    }
    let log = served.complaint();
    served.end();
    assert!(log.len() > 10_000, "it was logged: {} bytes", log.len());
    let told = told.join("\n");
    let mut files = Vec::new();
    read_all(&program.data(), &mut files);
    for bot in &all {
        let (_, secret) = bot.token.split_once(':').unwrap();
        assert!(!log.contains(secret), "a token is in the log");
        assert!(!told.contains(secret), "a token is in an answer");
        for (name, bytes) in &files {
            let is_there = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!is_there, "a token is in {name}");
        }
    }
    figure("T23", "planted tokens, the program itself", all.len());
    figure("T23", "bytes logged at trace by the program", log.len());
    figure("T23", "bytes of answers of the API", told.len());
}

/// Everything in a folder.
fn read_all(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, into);
        } else if let Ok(bytes) = fs::read(&path) {
            into.push((path.display().to_string(), bytes));
        }
    }
}
