//! How fast 100,000 passages are indexed and searched. Made-up words with the frequencies of real ones.
//!
//! `cargo run -p search --example speed --profile bench [PASSAGES]`. Prints medians and 99th percentiles of
//! one thread; says nothing about quality.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

use domain::document::Passage;
use domain::id::{DocumentId, PassageId};
use domain::language::Language;
use search::{Change, Index, Query};
use uuid::Uuid;

const DIMENSIONS: usize = 384;
const VOCABULARY: u64 = 60_000;
const WORDS_IN_PASSAGE: usize = 150;
const PASSAGES_IN_DOCUMENT: u64 = 20;
const QUESTIONS: usize = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    let passages: u64 = std::env::args()
        .nth(1)
        .map_or(Ok(100_000), |count| count.parse())?;
    let folder = std::env::temp_dir().join(format!("chatai-search-speed-{}", std::process::id()));
    let index = Index::open(&folder)?;
    let mut dice = Dice(42);

    let begun = Instant::now();
    let documents: Vec<u64> = (0..passages / PASSAGES_IN_DOCUMENT).collect();
    for batch in documents.chunks(50) {
        let changes: Vec<Change> = batch
            .iter()
            .map(|number| document(&mut dice, *number))
            .collect();
        index.apply(&changes, batch[0])?;
    }
    let took = begun.elapsed();
    writeln!(
        out,
        "words of {} passages indexed in {:.1} s: {:.0}/s",
        index.passages(),
        took.as_secs_f64(),
        index.passages() as f64 / took.as_secs_f64()
    )?;

    let begun = Instant::now();
    let ids: Vec<u64> = (0..index.passages()).collect();
    for batch in ids.chunks(2_000) {
        let vectors = batch
            .iter()
            .map(|number| (passage_id(*number), dice.vector()))
            .collect();
        index.apply(&[Change::PutVectors(vectors)], 0)?;
    }
    writeln!(
        out,
        "{} vectors in {:.1} s",
        index.vectors(),
        begun.elapsed().as_secs_f64()
    )?;
    let size: u64 = fs::read_dir(&folder)?
        .flatten()
        .filter_map(|file| file.metadata().ok())
        .map(|file| file.len())
        .sum();
    writeln!(out, "{} MB on the disk", size / 1_000_000)?;

    for is_hybrid in [false, true] {
        let mut times: Vec<Duration> = Vec::with_capacity(QUESTIONS);
        for _ in 0..QUESTIONS {
            let text: Vec<String> = (0..5).map(|_| dice.word()).collect();
            let query = Query {
                text: text.join(" "),
                language: Language::EN,
                vector: is_hybrid.then(|| dice.vector()),
                deviation: None,
                limit: 10,
                documents: None,
            };
            let begun = Instant::now();
            let found = index.begin(&query)?.finish(&[]);
            times.push(begun.elapsed());
            if found.hits.is_empty() {
                return Err("nothing was found".into());
            }
        }
        times.sort_unstable();
        let at = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1_000.0;
        let name = if is_hybrid {
            "words and vectors"
        } else {
            "words"
        };
        writeln!(
            out,
            "{name}: p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms",
            at(50),
            at(99),
            times[times.len() - 1].as_secs_f64() * 1_000.0
        )?;
    }
    drop(index);
    fs::remove_dir_all(&folder)?;
    Ok(())
}

fn document(dice: &mut Dice, number: u64) -> Change {
    let document_id = DocumentId(Uuid::from_u128(u128::from(number) + 1));
    let passages = (0..PASSAGES_IN_DOCUMENT).map(|at| {
        let words: Vec<String> = (0..WORDS_IN_PASSAGE).map(|_| dice.word()).collect();
        Passage {
            id: passage_id(number * PASSAGES_IN_DOCUMENT + at),
            document_id,
            ordinal: at as u32,
            text: words.join(" "),
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

fn passage_id(number: u64) -> PassageId {
    PassageId(Uuid::from_u128(u128::from(number) + (1 << 64)))
}

/// Xorshift (Marsaglia 2003): the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// 0..1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A word of letters only; the n-th is met 1/n as often as the first (Zipf).
    fn word(&mut self) -> String {
        let mut rank = (VOCABULARY as f64).powf(self.share()) as u64;
        let mut word = String::from("w");
        loop {
            word.push(char::from(b'a' + (rank % 20) as u8));
            rank /= 20;
            if rank == 0 {
                return word;
            }
        }
    }

    fn vector(&mut self) -> Vec<f32> {
        let numbers: Vec<f32> = (0..DIMENSIONS).map(|_| self.share() as f32 - 0.5).collect();
        let length = numbers.iter().map(|x| x * x).sum::<f32>().sqrt();
        numbers.into_iter().map(|x| x / length).collect()
    }
}
