//! Turns texts into vectors by an installed model, for evaluations outside the program.
//!
//! `embed FOLDER MODEL query|passage IN.jsonl OUT.f32 OUT.ids`: each line of IN is `{"id": …, "text": …}`
//! (`_id` and `title` are read as well); OUT.f32 holds the vectors one after another, OUT.ids their ids.

use std::fs::{self, File};
use std::io::{BufWriter, Write};

use engine::embedder::Role;
use engine::models::ModelFolder;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, model, role, from, vectors_to, ids_to] = &arguments[..] else {
        return Err("usage: embed FOLDER MODEL query|passage IN.jsonl OUT.f32 OUT.ids".into());
    };
    let role = match role.as_str() {
        "query" => Role::Query,
        _ => Role::Passage,
    };
    let embedder = ModelFolder::new(folder)
        .embedder(model)?
        .ok_or("not installed")?;
    let mut ids = Vec::new();
    let mut texts = Vec::new();
    for line in fs::read_to_string(from)?.lines() {
        let line: Value = serde_json::from_str(line)?;
        let field = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or("");
        ids.push(format!("{}{}", field("id"), field("_id")));
        texts.push(
            format!("{} {}", field("title"), field("text"))
                .trim()
                .to_owned(),
        );
    }
    let mut out = BufWriter::new(File::create(vectors_to)?);
    for some in texts.chunks(64) {
        for vector in embedder.embed(role, some.to_vec()).await? {
            for x in vector {
                out.write_all(&x.to_le_bytes())?;
            }
        }
    }
    out.flush()?;
    fs::write(ids_to, ids.join("\n"))?;
    eprintln!("{} texts by {}", ids.len(), embedder.key());
    Ok(())
}
