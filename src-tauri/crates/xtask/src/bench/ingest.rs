//! From files to what can be found: by words, and by meaning. We are the program as people start it, on an
//! empty data folder, its start and end included; a peer is a Python process that has loaded its libraries.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::Result;
use crate::command::command;
use crate::models;

use super::documents::{self, ALL};
use super::figures::{Figures, head, row, short};
use super::peer::Peer;
use super::process::{Peak, Took, measured};
use super::python::{Python, peers};
use super::{emptied, models_folder, place};

const ROUNDS: usize = 3;
/// Documents whose vectors are made: all 385 take a quarter of an hour on each side.
const FEW: usize = 12;
const MODEL: &str = "multilingual-e5-small";

/// What is measured.
#[derive(Clone, Copy)]
struct Goal {
    name: &'static str,
    documents: usize,
    /// What the peers are asked for, and how it is told.
    peers: &'static [(&'static str, &'static str)],
    with_vectors: bool,
}

const GOALS: [Goal; 2] = [
    Goal {
        name: "found by words",
        documents: ALL,
        peers: &[
            ("words", "LangChain, BM25Retriever"),
            (
                "store",
                "LangChain + Chroma, fixed vectors instead of an embedder",
            ),
        ],
        with_vectors: false,
    },
    Goal {
        name: "found by meaning",
        documents: FEW,
        peers: &[(
            "vectors",
            "LangChain + Chroma, the same model by ONNX Runtime f32, all cores",
        )],
        with_vectors: true,
    },
];

/// Measures `program` and prints.
pub fn ingest(program: &Path) -> Result<()> {
    models::models(&[MODEL], &models_folder())?;
    let python = Python::with("langchain")?;
    let start = || {
        let mut command = python.command();
        command.arg(peers().join("ingest_langchain.py"));
        Peer::start("LangChain", command.arg(models_folder().join(MODEL)))
    };
    let packages = ["langchain", "langchain-chroma", "chromadb", "rank-bm25"];
    println!("\nfrom files to found, in seconds; ratios are peer / ours");
    println!("peer: {}", python.versions(&packages)?);
    let packages = [
        "pypdf",
        "python-docx",
        "openpyxl",
        "beautifulsoup4",
        "onnxruntime",
    ];
    println!("it reads by: {}", python.versions(&packages)?);
    for goal in GOALS {
        let folder = place("ingest").join(goal.documents.to_string());
        let written = documents::write(&folder, goal.documents)?;
        println!(
            "\n{} documents, {} of them real, {:.1} MB of text in the others, {}:\n",
            written.count,
            written.real,
            written.text as f64 / 1e6,
            goal.name
        );
        head(&[
            "",
            "wall s",
            "CPU s",
            "documents/s",
            "passages",
            "wall ratio",
            "CPU ratio",
            "most MB",
            "then idle MB",
        ]);
        let mut us = Side::new("ours");
        for (into, name) in goal.peers {
            let (mut beside, mut them) = (Side::new("ours"), Side::new(name));
            let mut peer = start()?;
            // The first time pays for what is loaded late.
            let few = place("ingest").join("warm");
            documents::write(&few, 2)?;
            peer.ask(&json!({ "do": "ingest", "folder": few, "into": into }))?;
            let mut passages = Value::Null;
            for _ in 0..ROUNDS {
                let (took, made) = ours(program, &folder, goal)?;
                us.add(took);
                us.passages = made.to_string();
                beside.add(took);
                let peak = Peak::watch(peer.id());
                let told = peer.ask(&json!({ "do": "ingest", "folder": folder, "into": into }))?;
                passages = told["passages"].clone();
                them.add(Took {
                    wall: told["wall"].as_f64().unwrap_or(f64::NAN),
                    cpu: told["cpu"].as_f64().unwrap_or(f64::NAN),
                    memory: peak.end(),
                });
                if told["failed"] != json!(0) {
                    println!("{name} could not read {} documents", told["failed"]);
                }
            }
            them.passages = passages.to_string();
            them.idle = short(peer.resident());
            them.print(goal.documents, Some(&beside));
        }
        us.print(goal.documents, None);
    }
    Ok(())
}

/// `program` alone reads `count` documents once, to be found by words: does its memory stay where it is?
pub fn many(program: &Path, count: usize) -> Result<()> {
    let folder = place("ingest").join(count.to_string());
    let written = documents::write(&folder, count)?;
    let goal = Goal {
        documents: count,
        ..GOALS[0]
    };
    let (took, passages) = ours(program, &folder, goal)?;
    println!(
        "\n{} documents, {:.1} MB of text, {}: {:.1} s, {:.1} CPU s, {} a second, {passages} passages, \
         most memory of the program and its readers together {:.0} MB",
        written.count,
        written.text as f64 / 1e6,
        goal.name,
        took.wall,
        took.cpu,
        short(count as f64 / took.wall),
        took.memory
    );
    Ok(())
}

/// What a side took, round by round.
struct Side {
    name: String,
    wall: Figures,
    cpu: Figures,
    memory: Figures,
    passages: String,
    idle: String,
}

impl Side {
    fn new(name: &str) -> Side {
        Side {
            name: name.to_owned(),
            wall: Figures::default(),
            cpu: Figures::default(),
            memory: Figures::default(),
            passages: String::new(),
            idle: "ended".to_owned(),
        }
    }

    fn add(&mut self, took: Took) {
        self.wall.add(took.wall);
        self.cpu.add(took.cpu);
        self.memory.add(took.memory);
    }

    fn print(&self, documents: usize, ours: Option<&Side>) {
        let ratio = |theirs: &Figures, ours: Option<&Figures>| match ours {
            Some(ours) => theirs.over(ours).to_string(),
            None => "1".to_owned(),
        };
        row(&[
            self.name.clone(),
            self.wall.to_string(),
            self.cpu.to_string(),
            short(documents as f64 / self.wall.median()),
            self.passages.clone(),
            ratio(&self.wall, ours.map(|ours| &ours.wall)),
            ratio(&self.cpu, ours.map(|ours| &ours.cpu)),
            self.memory.to_string(),
            self.idle.clone(),
        ]);
    }
}

/// The program reads the folder into an empty data folder. Also the passages that it made.
fn ours(program: &Path, folder: &Path, goal: Goal) -> Result<(Took, u64)> {
    let data = place("ingest").join("data");
    emptied(&data)?;
    let told = place("ingest").join("told.json");
    let mut ingest = command(program);
    ingest.args(["ingest", "--json", "--data"]).arg(&data);
    match goal.with_vectors {
        true => ingest.arg("--models").arg(models_folder()),
        false => ingest.arg("--without-vectors"),
    };
    ingest
        .arg(folder)
        .stdout(std::fs::File::create(&told)?)
        .stderr(Stdio::null());
    let took = measured(&mut ingest)?;
    let told: Value = serde_json::from_str(&std::fs::read_to_string(told)?)?;
    if told["failed"] != json!(0) {
        println!("we could not read {} documents", told["failed"]);
    }
    let documents = told["documents"].as_array().into_iter().flatten();
    let passages = documents.filter_map(|document| document["passages"].as_u64());
    Ok((took, passages.sum::<u64>()))
}
