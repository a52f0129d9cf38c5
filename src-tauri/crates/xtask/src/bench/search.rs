//! Search over made-up passages, 10,000 and 100,000 of them: words, vectors, both; one thread, one question
//! at a time, each side in a process of its own that opened a finished index.

use std::path::Path;

use serde_json::{Value, json};

use crate::Result;
use crate::command::command;

use super::figures::{Figures, head, row, short};
use super::peer::Peer;
use super::process::Peak;
use super::python::{Python, peers};
use super::{emptied, place};

const SIZES: [u64; 2] = [10_000, 100_000];
const ROUNDS: usize = 3;
const QUESTIONS: usize = 1_000;
/// Questions that warm a side up, and whose nearest vectors are looked at.
const WARM: usize = 200;

struct System {
    name: &'static str,
    script: &'static str,
    pins: &'static str,
    packages: &'static [&'static str],
}

/// What is searched by, and who does it.
const KINDS: [(&str, &[System]); 3] = [
    (
        "words",
        &[
            System {
                name: "tantivy-py",
                script: "words_tantivy.py",
                pins: "search",
                packages: &["tantivy"],
            },
            System {
                name: "bm25s (numba)",
                script: "words_bm25s.py",
                pins: "search",
                packages: &["bm25s", "numba"],
            },
        ],
    ),
    (
        "vectors",
        &[
            System {
                name: "numpy, all vectors, f32",
                script: "vectors_exact.py",
                pins: "search",
                packages: &["numpy"],
            },
            System {
                name: "hnswlib",
                script: "vectors_hnswlib.py",
                pins: "search",
                packages: &["hnswlib"],
            },
            System {
                name: "LangChain + Chroma",
                script: "vectors_chroma.py",
                pins: "langchain",
                packages: &["langchain-chroma", "chromadb"],
            },
        ],
    ),
    (
        "hybrid",
        &[System {
            name: "tantivy-py + hnswlib",
            script: "hybrid.py",
            pins: "search",
            packages: &["tantivy", "hnswlib"],
        }],
    ),
];

/// Measures and prints; `ours` is the example `speed`.
pub fn search(ours: &Path, sizes: &[u64]) -> Result<()> {
    let pythons = [
        ("search", Python::with("search")?),
        ("langchain", Python::with("langchain")?),
    ];
    println!(
        "\nsearch, ten hits, one question at a time, the questions' vectors given; ratios are peer / ours"
    );
    let sizes = match sizes.is_empty() {
        true => SIZES.as_slice(),
        false => sizes,
    };
    for passages in sizes {
        of_size(*passages, ours, &pythons)?;
    }
    let systems = KINDS.iter().flat_map(|(_, systems)| systems.iter());
    for system in systems {
        let versions = python(&pythons, system)?.versions(system.packages)?;
        println!("{}: {versions}", system.name);
    }
    Ok(())
}

fn of_size(passages: u64, ours: &Path, pythons: &[(&str, Python)]) -> Result<()> {
    let folder = place("search").join(passages.to_string());
    emptied(&folder)?;
    let start = |system: Option<&System>| -> Result<Peer> {
        match system {
            None => {
                let mut us = command(ours);
                Peer::start("ours", us.arg(passages.to_string()).arg(&folder))
            }
            Some(system) => {
                let mut peer = python(pythons, system)?.command();
                peer.arg(peers().join(system.script)).arg(&folder);
                Peer::start(system.name, &mut peer)
            }
        }
    };
    start(None)?.ask(&json!({ "do": "write" }))?;
    println!("\n{passages} passages, indexing:\n");
    head(&["", "wall s", "CPU s", "most MB", "disk MB"]);
    let build = |system: Option<&System>| -> Result<()> {
        let mut peer = start(system)?;
        let peak = Peak::watch(peer.id());
        let told = peer.ask(&json!({ "do": "build" }))?;
        let most = short(peak.end());
        let figure = |value: &Value| short(value.as_f64().unwrap_or(f64::NAN));
        let disk = figure(&told["disk"]);
        match system {
            Some(system) => {
                let (wall, cpu) = (figure(&told["wall"]), figure(&told["cpu"]));
                row(&[system.name.to_owned(), wall, cpu, most, disk]);
            }
            None => {
                for part in ["words", "vectors"] {
                    let (wall, cpu) = (figure(&told[part]["wall"]), figure(&told[part]["cpu"]));
                    row(&[
                        format!("ours, {part}"),
                        wall,
                        cpu,
                        most.clone(),
                        disk.clone(),
                    ]);
                }
            }
        }
        Ok(())
    };
    build(None)?;
    for system in KINDS.iter().flat_map(|(_, systems)| systems.iter()) {
        build(Some(system))?;
    }
    println!("\n{passages} passages, searching:\n");
    head(&[
        "by",
        "who",
        "p50 ms",
        "p99 ms",
        "CPU ms",
        "p50 ratio",
        "p99 ratio",
        "of the ten nearest",
        "idle MB",
        "most MB",
    ]);
    for (kind, systems) in KINDS {
        let mut us = Tried::start(start(None)?, kind)?;
        let truth = match kind {
            "vectors" => {
                let mut exact = start(Some(&systems[0]))?;
                exact.ask(&json!({ "do": "truth", "count": WARM }))?["found"].clone()
            }
            _ => Value::Null,
        };
        let mut rows = Vec::new();
        for system in systems {
            let mut them = Tried::start(start(Some(system))?, kind)?;
            // Our rounds beside this peer's.
            let (mut middle, mut tail) = (Figures::default(), Figures::default());
            for _ in 0..ROUNDS {
                let (p50, p99) = us.round()?;
                middle.add(p50);
                tail.add(p99);
                them.round()?;
            }
            rows.push(them.told(system.name, Some((&middle, &tail)), &truth));
        }
        row(&us.told("ours", None, &truth));
        rows.iter().for_each(|cells| row(cells));
    }
    Ok(())
}

/// A side that searches.
struct Tried {
    peer: Peer,
    kind: &'static str,
    peak: Option<Peak>,
    found: Value,
    middle: Figures,
    tail: Figures,
    cpu: Figures,
}

impl Tried {
    fn start(peer: Peer, kind: &'static str) -> Result<Tried> {
        let peak = Some(Peak::watch(peer.id()));
        let mut tried = Tried {
            peer,
            kind,
            peak,
            found: Value::Null,
            middle: Figures::default(),
            tail: Figures::default(),
            cpu: Figures::default(),
        };
        tried.found = tried.ask(WARM)?["found"].clone();
        Ok(tried)
    }

    fn ask(&mut self, count: usize) -> Result<Value> {
        self.peer
            .ask(&json!({ "do": "search", "kind": self.kind, "count": count }))
    }

    /// One round; the middle and the 99th percentile in milliseconds.
    fn round(&mut self) -> Result<(f64, f64)> {
        let told = self.ask(QUESTIONS)?;
        let mut times: Vec<f64> = serde_json::from_value(told["ms"].clone())?;
        times.sort_by(f64::total_cmp);
        if times.len() != QUESTIONS {
            return Err("a question was not answered".into());
        }
        let (middle, tail) = (times[QUESTIONS / 2], times[QUESTIONS * 99 / 100]);
        self.middle.add(middle);
        self.tail.add(tail);
        let cpu = told["cpu"].as_f64().unwrap_or(f64::NAN);
        self.cpu.add(cpu * 1e3 / QUESTIONS as f64);
        Ok((middle, tail))
    }

    /// The row of this side; `beside` are our rounds that the ratios are taken of.
    fn told(
        &mut self,
        name: &str,
        beside: Option<(&Figures, &Figures)>,
        truth: &Value,
    ) -> Vec<String> {
        let idle = short(self.peer.resident());
        let most = self.peak.take().map_or(f64::NAN, Peak::end);
        let (middle, tail) = match beside {
            Some((middle, tail)) => (
                self.middle.over(middle).to_string(),
                self.tail.over(tail).to_string(),
            ),
            None => ("1".to_owned(), "1".to_owned()),
        };
        vec![
            self.kind.to_owned(),
            name.to_owned(),
            self.middle.to_string(),
            self.tail.to_string(),
            self.cpu.to_string(),
            middle,
            tail,
            share(&self.found, truth),
            idle,
            short(most),
        ]
    }
}

/// Of the nearest that are known, how many were found.
fn share(found: &Value, truth: &Value) -> String {
    let (Some(found), Some(truth)) = (found.as_array(), truth.as_array()) else {
        return "-".to_owned();
    };
    let (mut all, mut hits) = (0, 0);
    for (found, truth) in found.iter().zip(truth) {
        let found = found.as_array().map(Vec::as_slice).unwrap_or_default();
        let truth = truth.as_array().map(Vec::as_slice).unwrap_or_default();
        all += truth.len();
        hits += truth.iter().filter(|number| found.contains(number)).count();
    }
    format!("{:.1} %", hits as f64 / all.max(1) as f64 * 100.0)
}

fn python<'a>(pythons: &'a [(&str, Python)], system: &System) -> Result<&'a Python> {
    let of_pins = pythons.iter().find(|(pins, _)| *pins == system.pins);
    match of_pins {
        Some((_, python)) => Ok(python),
        None => Err(format!("no packages are called {}", system.pins).into()),
    }
}
