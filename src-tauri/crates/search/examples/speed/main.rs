//! How fast passages are indexed and searched. Says nothing about quality.
//!
//! `cargo run -p search --example speed --profile bench [PASSAGES]` prints medians and 99th percentiles of one
//! thread over 100,000 made-up passages. With a folder behind PASSAGES it is our side of
//! `cargo xtask bench search`: each line of the input is an ask, each line of the output its answer.
//!
//! - `{"do": "write"}`: writes the corpus into the folder, for the peers.
//! - `{"do": "build"}`: indexes it in the folder: `{"wall", "cpu", "disk"}` in seconds and megabytes.
//! - `{"do": "search", "kind": "words" | "vectors" | "hybrid", "count": n}`:
//!   `{"ms": [...], "cpu": seconds, "found": [[...]]}`.

mod corpus;

use std::error::Error;
use std::fs;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use domain::document::Passage;
use domain::id::{DocumentId, PassageId};
use domain::language::Language;
use search::{Change, Index, Query};
use serde_json::{Value, json};
use uuid::Uuid;

const PASSAGES_IN_DOCUMENT: u64 = 20;
const DOCUMENTS_AT_ONCE: usize = 50;
const VECTORS_AT_ONCE: usize = 2_000;
const QUESTIONS: u64 = 1_000;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let passages = arguments
        .next()
        .map_or(Ok(100_000), |count| count.parse())?;
    let mut tried = Tried {
        passages,
        folder: PathBuf::new(),
        index: None,
    };
    let mut out = std::io::stdout();
    if let Some(folder) = arguments.next() {
        tried.folder = folder.into();
        for line in std::io::stdin().lock().lines() {
            writeln!(out, "{}", tried.answer(&serde_json::from_str(&line?)?)?)?;
        }
        return Ok(());
    }
    tried.folder = std::env::temp_dir().join(format!("chatai-search-speed-{}", std::process::id()));
    writeln!(out, "{passages} passages: {}", tried.build()?)?;
    for kind in ["words", "vectors", "hybrid"] {
        let told = tried.search(kind, QUESTIONS)?;
        let mut times: Vec<f64> = serde_json::from_value(told["ms"].clone())?;
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[times.len() * share / 100];
        let most = times[times.len() - 1];
        writeln!(
            out,
            "{kind}: p50 {:.2} ms, p99 {:.2} ms, most {most:.2} ms",
            at(50),
            at(99)
        )?;
    }
    let folder = tried.folder.clone();
    drop(tried);
    Ok(fs::remove_dir_all(folder)?)
}

struct Tried {
    passages: u64,
    folder: PathBuf,
    index: Option<Index>,
}

impl Tried {
    fn answer(&mut self, ask: &Value) -> Result<Value> {
        match ask["do"].as_str().unwrap_or_default() {
            "write" => {
                corpus::write(&self.folder, self.passages, QUESTIONS)?;
                Ok(json!({ "questions": QUESTIONS }))
            }
            "build" => self.build(),
            "search" => {
                let kind = ask["kind"].as_str().unwrap_or_default();
                self.search(kind, ask["count"].as_u64().unwrap_or(QUESTIONS))
            }
            other => Err(format!("nothing is called {other}").into()),
        }
    }

    fn build(&mut self) -> Result<Value> {
        let folder = self.folder.join("ours");
        let _ = fs::remove_dir_all(&folder);
        let index = Index::open(&folder)?;
        let (mut words, mut vectors) = (Took::default(), Took::default());
        let documents: Vec<u64> = (0..self.passages / PASSAGES_IN_DOCUMENT).collect();
        for batch in documents.chunks(DOCUMENTS_AT_ONCE) {
            let changes: Vec<Change> = batch.iter().map(|number| document(*number)).collect();
            words.add(|| index.apply(&changes, batch[0]))?;
        }
        let ids: Vec<u64> = (0..index.passages()).collect();
        for batch in ids.chunks(VECTORS_AT_ONCE) {
            let rows = batch
                .iter()
                .map(|number| (passage_id(*number), corpus::vector(*number)));
            let changes = [Change::PutVectors(rows.collect())];
            vectors.add(|| index.apply(&changes, 0))?;
        }
        self.index = Some(index);
        Ok(json!({
            "words": { "wall": words.wall, "cpu": words.cpu },
            "vectors": { "wall": vectors.wall, "cpu": vectors.cpu },
            "disk": size(&folder)?,
        }))
    }

    fn search(&mut self, kind: &str, count: u64) -> Result<Value> {
        if self.index.is_none() {
            self.index = Some(Index::open(&self.folder.join("ours"))?);
        }
        let index = self.index.as_ref().ok_or("there is no index")?;
        let queries: Vec<Query> = (0..count)
            .map(|number| {
                let asked = corpus::question(number, self.passages);
                Query {
                    text: if kind == "vectors" {
                        String::new()
                    } else {
                        asked.text
                    },
                    language: Language::EN,
                    vector: (kind != "words").then_some(asked.vector),
                    deviation: None,
                    limit: 10,
                    documents: None,
                }
            })
            .collect();
        let (mut times, mut found) = (Vec::new(), Vec::new());
        let cpu = cpu_seconds();
        for query in &queries {
            let begun = Instant::now();
            let hits = index.begin(query)?.finish(&[]).hits;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            let numbers = hits.iter().map(|hit| hit.passage_id.0.as_u128() as u64);
            found.push(numbers.collect::<Vec<u64>>());
        }
        Ok(json!({ "ms": times, "cpu": cpu_seconds() - cpu, "found": found }))
    }
}

/// Seconds, without those in which the corpus is made.
#[derive(Default)]
struct Took {
    wall: f64,
    cpu: f64,
}

impl Took {
    fn add<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (begun, cpu) = (Instant::now(), cpu_seconds());
        let done = work();
        self.wall += begun.elapsed().as_secs_f64();
        self.cpu += cpu_seconds() - cpu;
        done
    }
}

fn document(number: u64) -> Change {
    let document_id = DocumentId(Uuid::from_u128(u128::from(number) + 1));
    let passages = (0..PASSAGES_IN_DOCUMENT).map(|at| {
        let passage = number * PASSAGES_IN_DOCUMENT + at;
        Passage {
            id: passage_id(passage),
            document_id,
            ordinal: at as u32,
            text: corpus::passage(passage),
            headings: Vec::new(),
            page: None,
            start: 0,
            end: 0,
            language: Language::EN,
            table: false,
        }
    });
    Change::PutDocument {
        document_id,
        title: format!("Document {number}"),
        passages: passages.collect(),
    }
}

/// The lower half of the id is the passage's number.
fn passage_id(number: u64) -> PassageId {
    PassageId(Uuid::from_u128(u128::from(number) + (1 << 64)))
}

/// Megabytes of the files in a folder.
fn size(folder: &Path) -> Result<f64> {
    let files = fs::read_dir(folder)?.flatten();
    let sizes = files
        .filter_map(|file| file.metadata().ok())
        .map(|file| file.len());
    Ok(sizes.sum::<u64>() as f64 / 1e6)
}

/// CPU seconds of this process so far (proc(5), stat fields 14 and 15, in hundredths); 0 where there is no
/// `/proc`.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields
        .filter_map(|field| field.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}
