//! Embeds texts and tells the time it took: our side of `cargo xtask bench embed`.
//!
//! `embed_speed FOLDER MODEL`: each line of the input is `{"do": "embed", "texts": [...]}`, each line of the output
//! `{"wall": seconds, "cpu": seconds, "first": [the first text's vector]}`. CPU seconds are of all threads
//! (Linux; 0 elsewhere). Run it on one processor (`taskset -c 0`) to compare threads one by one.

mod measured;

use std::error::Error;
use std::io::{BufRead, Write};
use std::time::Instant;

use engine::embedder::Role;
use engine::models::ModelFolder;
use measured::cpu_seconds;
use serde_json::{Value, json};

/// Passages that the program's background work embeds at once.
const TOGETHER: usize = 32;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, model] = &arguments[..] else {
        return Err("usage: embed_speed FOLDER MODEL".into());
    };
    let embedder = ModelFolder::new(folder)
        .embedder(model)?
        .ok_or("not installed")?;
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let ask: Value = serde_json::from_str(&line?)?;
        let texts: Vec<String> = serde_json::from_value(ask["texts"].clone())?;
        let (begun, cpu) = (Instant::now(), cpu_seconds());
        let mut first = None;
        for some in texts.chunks(TOGETHER) {
            let vectors = embedder.embed(Role::Passage, some.to_vec()).await?;
            first = first.or(vectors.into_iter().next());
        }
        let (wall, cpu) = (begun.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        writeln!(
            out,
            "{}",
            json!({ "wall": wall, "cpu": cpu, "first": first })
        )?;
    }
    Ok(())
}
