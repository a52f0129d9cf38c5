//! Scores passages by an installed reranker, for evaluations outside the program.
//!
//! `rerank FOLDER MODEL IN.jsonl OUT.jsonl`: each line of IN is `{"question": …, "passages": [text, …]}`; OUT has a list
//! of scores for each, none for a question without passages. What it cost is told at the end.

mod measured;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::time::{Duration, Instant};

use engine::models::ModelFolder;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, model, from, to] = &arguments[..] else {
        return Err("usage: rerank FOLDER MODEL IN.jsonl OUT.jsonl".into());
    };
    let models = ModelFolder::new(folder);
    let until = Instant::now() + Duration::from_secs(24 * 3_600);
    // It is prepared and loaded before anything is measured.
    models.rank(model, "?", vec!["!".to_owned()], until).await?;
    let mut out = BufWriter::new(File::create(to)?);
    let (mut questions, mut passages) = (0, 0);
    let (began, cpu) = (Instant::now(), measured::cpu_seconds());
    for line in fs::read_to_string(from)?.lines() {
        let line: Value = serde_json::from_str(line)?;
        let question = line["question"].as_str().unwrap_or_default();
        let texts = line["passages"].as_array().into_iter().flatten();
        let texts: Vec<String> = texts.filter_map(Value::as_str).map(str::to_owned).collect();
        questions += i32::from(!texts.is_empty());
        passages += texts.len();
        let scores = models.rank(model, question, texts, until).await?;
        writeln!(out, "{}", serde_json::to_string(&scores)?)?;
        // A run that is broken off leaves what it has.
        out.flush()?;
    }
    let each = 1_000.0 / f64::from(questions.max(1));
    eprintln!(
        "{questions} questions, {passages} passages: {:.0} CPU ms and {:.0} ms a question",
        (measured::cpu_seconds() - cpu) * each,
        began.elapsed().as_secs_f64() * each
    );
    Ok(())
}
