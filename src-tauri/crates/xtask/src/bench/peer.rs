//! A program that answers a line of JSON with a line of JSON: our own examples, and the peers' Python.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::Result;

use super::process;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// A running one; ended with us.
pub struct Peer {
    name: String,
    child: Child,
    asks: ChildStdin,
    answers: Receiver<String>,
}

impl Peer {
    /// Starts it; what it says on standard error goes to ours.
    pub fn start(name: &str, command: &mut Command) -> Result<Peer> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{name}: {error}"))?;
        let asks = child.stdin.take().ok_or("no standard input")?;
        let from = child.stdout.take().ok_or("no standard output")?;
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(|line| line.ok()) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Peer {
            name: name.to_owned(),
            child,
            asks,
            answers,
        })
    }

    /// Asks and waits for the answer.
    pub fn ask(&mut self, ask: &Value) -> Result<Value> {
        writeln!(self.asks, "{ask}").map_err(|error| format!("{}: {error}", self.name))?;
        let answer = self.answers.recv_timeout(PATIENCE);
        let answer = answer.map_err(|error| format!("{} did not answer: {error}", self.name))?;
        Ok(serde_json::from_str(&answer)?)
    }

    /// Resident memory in megabytes, its children's included.
    pub fn resident(&self) -> f64 {
        process::resident(self.child.id())
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It has ended already in every good case.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
