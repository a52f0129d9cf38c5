//! Bots of other libraries: as many in one process as we have, and, as the replaced system did, one a process.

use std::io::Write;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;

use serde_json::json;

use crate::Result;

use super::super::figures::{head, row, short};
use super::super::node::Node;
use super::super::process;
use super::super::python::{Python, peers};
use super::talk::Talked;
use super::{SETTLE, StandIn, Taken, with_many_files};

/// The libraries by their packages, and what their bots are.
const LIBRARIES: [(&str, &str); 4] = [
    ("telegraf", "echo_telegraf.cjs"),
    ("grammy", "echo_grammy.cjs"),
    ("aiogram", "echo_aiogram.py"),
    ("python-telegram-bot", "echo_ptb.py"),
];
/// The library of the replaced system, which had a process for each bot ...
const ONE_EACH: (&str, &str) = ("node-telegram-bot-api", "echo_ntba.cjs");
/// ... of which so many are looked at.
const PROCESSES: u64 = 10;

/// Measures the libraries one behind the other, each with `bots` bots in one process. One that cannot bear them is
/// told and left out.
pub fn all(stand_in: &Path, place: &Path, bots: u64) -> Result<Vec<Talked>> {
    let python = Python::with("telegram")?;
    let node = Node::with("telegram")?;
    let mut all = Vec::new();
    for (package, script) in LIBRARIES {
        let (version, mut begin) = match script.ends_with(".py") {
            true => (python.versions(&[package])?, python.command()),
            false => (node.versions(&[package])?, node.command()),
        };
        begin.arg(peers().join("telegram").join(script));
        println!("measuring {version}");
        let mut telegram = StandIn::start(stand_in, place, bots)?;
        let tokens = telegram.tokens.clone();
        let echo = Echo::start(&mut begin, &telegram, &tokens)?;
        let talked = telegram
            .wait_until_all_listen(bots)
            .and_then(|()| Talked::measure(&version, &mut telegram, &|| echo.figures()));
        match talked {
            Ok(talked) => all.push(talked),
            Err(error) => println!("{version}: {error}"),
        }
    }
    Ok(all)
}

/// Measures the memory of bots with a process each, and tells it beside `ours` (megabytes) for all `bots`.
pub fn one_each(stand_in: &Path, place: &Path, bots: u64, ours: f64) -> Result<()> {
    let (package, script) = ONE_EACH;
    let node = Node::with("telegram")?;
    let version = node.versions(&[package])?;
    let processes = bots.min(PROCESSES);
    let mut telegram = StandIn::start(stand_in, place, processes)?;
    let mut running = Vec::new();
    for token in telegram.tokens.clone() {
        let mut begin = node.command();
        begin.arg(peers().join("telegram").join(script));
        running.push(Echo::start(&mut begin, &telegram, &[token])?);
    }
    telegram.wait_until_all_listen(processes)?;
    thread::sleep(SETTLE);
    let memory: f64 = running.iter().map(|echo| echo.figures().memory).sum();
    let each = memory / running.len() as f64;
    let all = each * bots as f64;
    println!("\na process for each bot ({processes} were run)\n");
    head(&["", "memory MB each", "for all bots", "times ours"]);
    row(&[version, short(each), short(all), short(all / ours)]);
    Ok(())
}

/// A program of bots, running; killed with us.
struct Echo {
    child: Child,
    /// It ends when this does.
    _told: ChildStdin,
}

impl Echo {
    fn start(begin: &mut Command, telegram: &StandIn, tokens: &[String]) -> Result<Echo> {
        let mut child = with_many_files(telegram.known_to(begin))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut told = child.stdin.take().ok_or("no standard input")?;
        writeln!(told, "{}", json!({"api": telegram.url, "tokens": tokens}))?;
        Ok(Echo { child, _told: told })
    }

    fn figures(&self) -> Taken {
        Taken {
            memory: process::resident(self.child.id()),
            cpu: process::used_cpu(self.child.id()),
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        // It runs until it is ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
