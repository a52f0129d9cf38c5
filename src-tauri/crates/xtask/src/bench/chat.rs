//! Tokens a second that chat models read and write, beside llama.cpp: the same files, one thread each.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::Result;
use crate::command::command;
use crate::models;

use super::figures::{Figures, head, row, short};
use super::models_folder;
use super::peer::Peer;
use super::python::{Python, peers};

const ROUNDS: usize = 3;
/// A prompt as an answer has it, and a reply.
const PROMPT: usize = 512;
const WRITE: usize = 48;
const MODELS: [&str; 3] = [
    "smollm2-135m-instruct",
    "qwen2.5-coder-0.5b-instruct",
    "qwen2.5-coder-1.5b-instruct",
];
/// What is timed, and how many tokens it is; the first token of a follow-up is told in seconds.
const PARTS: [(&str, usize); 3] = [("prompt", PROMPT), ("write", WRITE), ("follow", 0)];

/// What a side took, round by round.
#[derive(Default)]
struct Side {
    /// CPU seconds of each of [`PARTS`].
    parts: [Figures; 3],
    memory: f64,
}

impl Side {
    fn add(&mut self, told: &Value) {
        for (figures, (part, _)) in self.parts.iter_mut().zip(PARTS) {
            figures.add(told[part]["cpu"].as_f64().unwrap_or(f64::NAN));
        }
        self.memory = told["memory"].as_f64().unwrap_or(f64::NAN);
    }

    fn per_second(&self, part: usize) -> String {
        short(PARTS[part].1 as f64 / self.parts[part].median())
    }

    /// CPU seconds to the first token of a follow-up, as a share of those to the first token.
    fn follow(&self) -> String {
        short(self.parts[2].over(&self.parts[0]).median())
    }
}

/// Measures and prints; `ours` is the example `chat_speed`.
pub fn chat(ours: &Path) -> Result<()> {
    models::models(&MODELS, &models_folder())?;
    let python = Python::with("chat")?;
    println!(
        "\nchat models, one thread each, {PROMPT} tokens read, then {WRITE} written; tokens by CPU second; ratios are \
         its CPU s / ours; {}",
        python.versions(&["llama-cpp-python"])?
    );
    head(&[
        "model",
        "ours reads",
        "llama.cpp reads",
        "ratio",
        "ours writes",
        "llama.cpp writes",
        "ratio",
        "a follow-up's first token / the first's: ours, llama.cpp",
        "memory / file: ours, llama.cpp",
    ]);
    for name in MODELS {
        let file = models_folder().join(name).join("model.gguf");
        let megabytes = fs::metadata(&file)?.len() as f64 / 1e6;
        let mut us = Peer::start("ours", command(ours).arg(&file).arg("1"))?;
        let mut them = python.command();
        them.arg(peers().join("chat.py")).arg(&file).arg("1");
        let mut them = Peer::start("llama.cpp", &mut them)?;
        let ask = json!({ "do": "run", "prompt": PROMPT, "write": WRITE });
        // The first time brings the file into memory.
        let few = json!({ "do": "run", "prompt": 16, "write": 2 });
        us.ask(&few)?;
        them.ask(&few)?;
        let (mut ours, mut theirs) = (Side::default(), Side::default());
        for _ in 0..ROUNDS {
            ours.add(&us.ask(&ask)?);
            theirs.add(&them.ask(&ask)?);
        }
        let ratio = |part: usize| theirs.parts[part].over(&ours.parts[part]).to_string();
        row(&[
            name.to_owned(),
            ours.per_second(0),
            theirs.per_second(0),
            ratio(0),
            ours.per_second(1),
            theirs.per_second(1),
            ratio(1),
            format!("{}, {}", ours.follow(), theirs.follow()),
            format!(
                "{}, {}",
                short(ours.memory / megabytes),
                short(theirs.memory / megabytes)
            ),
        ]);
    }
    Ok(())
}
