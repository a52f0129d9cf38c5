//! Reads and writes with a chat model and tells the time it took: our side of `cargo xtask bench chat`.
//!
//! `chat_speed MODEL.gguf THREADS`: each line of the input is `{"do": "run", "prompt": tokens, "write": tokens}`, each
//! line of the output `{"prompt": {"wall": seconds, "cpu": seconds}, "write": {...}, "follow": {...}, "memory": MB}`.
//! The first token of the reply belongs to the prompt. `follow` is the same prompt, the reply and a short question
//! more, up to the next first token. CPU seconds are of all threads; memory is the most so far, the mapped file's
//! pages included (Linux; 0 elsewhere).

mod measured;

use std::error::Error;
use std::fs;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use engine::lm::model::Model;
use engine::lm::session::Session;
use measured::cpu_seconds;
use serde_json::{Value, json};

/// Tokens of the question that follows.
const QUESTION: usize = 24;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, threads] = &arguments[..] else {
        return Err("usage: chat_speed MODEL.gguf THREADS".into());
    };
    let mut model = Model::open(Path::new(path), threads.parse()?, None)?;
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let ask: Value = serde_json::from_str(&line?)?;
        let count = |key: &str| ask[key].as_u64().unwrap_or(0) as usize;
        writeln!(out, "{}", run(&mut model, count("prompt"), count("write"))?)?;
    }
    Ok(())
}

fn run(model: &mut Model, prompt: usize, write: usize) -> Result<Value, Box<dyn Error>> {
    let stop = AtomicBool::new(false);
    let mut tokens: Vec<u32> = (0..prompt).map(token).collect();
    let mut session = Session::new(model);
    let timed = Timed::begin();
    let mut logits = session.read(model, &tokens, &stop)?;
    let read = timed.said();
    let timed = Timed::begin();
    for _ in 0..write {
        tokens.push(best(&logits));
        logits = session.push(model, best(&logits), &stop)?;
    }
    let written = timed.said();
    tokens.extend((prompt..prompt + QUESTION).map(token));
    let timed = Timed::begin();
    session.read(model, &tokens, &stop)?;
    let follow = timed.said();
    Ok(json!({ "prompt": read, "write": written, "follow": follow, "memory": most_memory() }))
}

/// Ordinary tokens, the same ones on both sides.
fn token(at: usize) -> u32 {
    (100 + at * 37 % 5_000) as u32
}

/// The likeliest.
fn best(logits: &[f32]) -> u32 {
    let numbered = logits.iter().enumerate();
    let best = numbered.max_by(|a, b| a.1.total_cmp(b.1));
    best.map_or(0, |(token, _)| token as u32)
}

struct Timed {
    wall: Instant,
    cpu: f64,
}

impl Timed {
    fn begin() -> Timed {
        Timed {
            wall: Instant::now(),
            cpu: cpu_seconds(),
        }
    }

    fn said(&self) -> Value {
        json!({ "wall": self.wall.elapsed().as_secs_f64(), "cpu": cpu_seconds() - self.cpu })
    }
}

/// Most resident memory so far, in megabytes.
fn most_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0 / 1e6
}
