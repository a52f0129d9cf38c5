//! Measures search on folders in the BEIR layout: words alone, vectors alone, both fused, and the confidence.
//!
//! ```text
//! evaluate dump SET OUT               passages as `OUT/passages.jsonl` {id, text} and questions as
//!                                     `OUT/queries.jsonl`, to be embedded by any embedder
//! evaluate run SET OUT                words alone
//! evaluate run SET OUT DIMENSIONS     with `OUT/passages.f32` and `OUT/queries.f32`: one vector a line of the
//!                                     JSONL files, little-endian f32
//! evaluate refuse SET OUT [DIMENSIONS DEVIATION]  with every second document left out: how well the
//!                                     confidence tells questions that are answered; the features go to
//!                                     `OUT/features.tsv`. DEVIATION is the embedder's, as `engine::unrelated` has it
//! evaluate pairs SET OUT DIMENSIONS   the best 20 passages of each question, fused, as `OUT/pairs.jsonl`
//!                                     {question, passages}, to be scored by any reranker
//! evaluate reranked SET OUT DIMENSIONS  with `OUT/scores.jsonl`, a list of scores for each line of those: in the
//!                                     fused order, in the reranker's, and in a mix of both; questions without
//!                                     scores are left out
//! ```
//! A document's score is its best passage's. Texts of a set are one heading (the title) and one paragraph.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

use domain::document::{Block, BlockKind, Passage};
use domain::id::{DocumentId, PassageId};
use search::measure::{auroc, ndcg, precision_at_1, recall, reciprocal_rank};
use search::{Change, Found, Index, Query, passages};
use serde_json::{Value, json};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = std::io::stdout();
    match arguments[..] {
        ["dump", set, to] => dump(&Set::read(Path::new(set))?, Path::new(to)),
        ["run", set, to] => run(&mut out, &Set::read(Path::new(set))?, Path::new(to), None),
        ["run", set, to, dimensions] => run(
            &mut out,
            &Set::read(Path::new(set))?,
            Path::new(to),
            Some(dimensions.parse()?),
        ),
        ["refuse", set, to] => refuse(
            &mut out,
            &Set::read(Path::new(set))?,
            Path::new(to),
            None,
            None,
        ),
        ["refuse", set, to, dimensions, deviation] => refuse(
            &mut out,
            &Set::read(Path::new(set))?,
            Path::new(to),
            Some(dimensions.parse()?),
            Some(deviation.parse()?),
        ),
        ["pairs", set, to, dimensions] => pairs(
            &Set::read(Path::new(set))?,
            Path::new(to),
            dimensions.parse()?,
        ),
        ["reranked", set, to, dimensions] => reranked(
            &mut out,
            &Set::read(Path::new(set))?,
            Path::new(to),
            dimensions.parse()?,
        ),
        _ => Err("usage: evaluate dump|run|refuse|pairs|reranked SET OUT [DIMENSIONS]".into()),
    }
}

/// Passages that a reranker looks at.
const RERANKED: usize = 20;

/// A set in the BEIR layout.
struct Set {
    name: String,
    /// Name, title and passages of each document.
    documents: Vec<(String, String, Vec<Passage>)>,
    queries: Vec<(String, String)>,
    judged: HashMap<String, HashMap<String, i32>>,
}

impl Set {
    fn read(folder: &Path) -> Outcome<Set> {
        let mut documents = Vec::new();
        for (number, line) in lines(&folder.join("corpus.jsonl"))?.into_iter().enumerate() {
            let (title, text) = (text_of(&line, "title"), text_of(&line, "text"));
            let document_id = DocumentId(Uuid::from_u128(number as u128 + 1));
            let made = passages_of(document_id, number, &title, &text);
            documents.push((text_of(&line, "_id"), title, made));
        }
        let queries = lines(&folder.join("queries.jsonl"))?;
        let queries = queries
            .iter()
            .map(|line| (text_of(line, "_id"), text_of(line, "text")))
            .collect();
        let mut judged: HashMap<String, HashMap<String, i32>> = HashMap::new();
        for line in fs::read_to_string(folder.join("qrels.tsv"))?.lines() {
            if let [query, document, grade] = line.split_whitespace().collect::<Vec<_>>()[..]
                && let Ok(grade) = grade.parse()
            {
                judged
                    .entry(query.to_owned())
                    .or_default()
                    .insert(document.to_owned(), grade);
            }
        }
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok(Set {
            name,
            documents,
            queries,
            judged,
        })
    }

    fn passages(&self) -> impl Iterator<Item = &Passage> {
        self.documents.iter().flat_map(|(_, _, passages)| passages)
    }

    /// Documents in the order of their best passage.
    fn ranked(&self, found: &Found) -> Vec<String> {
        let mut seen = HashSet::new();
        let of_hit = |hit: &search::Hit| {
            self.documents[hit.document_id.0.as_u128() as usize - 1]
                .0
                .clone()
        };
        found
            .hits
            .iter()
            .map(of_hit)
            .filter(|document| seen.insert(document.clone()))
            .collect()
    }
}

fn passages_of(document_id: DocumentId, number: usize, title: &str, text: &str) -> Vec<Passage> {
    let mut blocks = Vec::new();
    let mut start = 0;
    for (kind, text) in [
        (BlockKind::Heading { level: 1 }, title.trim()),
        (BlockKind::Paragraph, text.trim()),
    ] {
        if !text.is_empty() {
            blocks.push(Block {
                kind,
                text: text.to_owned(),
                start,
                page: None,
            });
            start += text.chars().count() as u32 + 1;
        }
    }
    let drafts = passages(&blocks).into_iter().enumerate();
    drafts
        .map(|(ordinal, draft)| Passage {
            id: PassageId(Uuid::from_u128(
                (number as u128 + 1) << 32 | ordinal as u128,
            )),
            document_id,
            ordinal: ordinal as u32,
            text: draft.text,
            headings: draft.headings,
            page: draft.page,
            start: draft.start,
            end: draft.end,
            language: draft.language,
            table: draft.table,
        })
        .collect()
}

fn dump(set: &Set, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to)?;
    let mut out = fs::File::create(to.join("passages.jsonl"))?;
    for passage in set.passages() {
        let text = told(passage, "\n");
        writeln!(out, "{}", json!({ "id": passage.id, "text": text }))?;
    }
    let mut out = fs::File::create(to.join("queries.jsonl"))?;
    for (id, text) in &set.queries {
        writeln!(out, "{}", json!({ "id": id, "text": text }))?;
    }
    Ok(())
}

fn run(out: &mut dyn Write, set: &Set, to: &Path, dimensions: Option<usize>) -> Outcome<()> {
    let folder = to.join("index");
    let index = filled(&folder, set, to, dimensions, |_| true)?;
    let vectors = queries_vectors(to, dimensions)?;
    let mut ways: Vec<&str> = vec!["words"];
    if vectors.is_some() {
        ways.extend(["vectors", "fused", "by ranks"]);
    }
    writeln!(
        out,
        "{}: {} passages of {} documents",
        set.name,
        index.passages(),
        set.documents.len()
    )?;
    for way in ways {
        let mut sums = [0.0; 5];
        let mut count = 0.0;
        for (at, (id, text)) in set.queries.iter().enumerate() {
            let Some(judged) = set.judged.get(id) else {
                continue;
            };
            let asked = |with_words: bool, with_vector: bool| -> Outcome<Vec<String>> {
                let query = Query {
                    text: if with_words {
                        text.clone()
                    } else {
                        String::new()
                    },
                    language: search::language(text),
                    vector: vectors
                        .as_ref()
                        .filter(|_| with_vector)
                        .map(|vectors| vectors[at].clone()),
                    deviation: None,
                    limit: 100,
                    documents: None,
                };
                Ok(set.ranked(&index.begin(&query)?.finish(&[])))
            };
            let ranked = match way {
                "words" => asked(true, false)?,
                "vectors" => asked(false, true)?,
                "fused" => asked(true, true)?,
                _ => by_ranks([asked(true, false)?, asked(false, true)?]),
            };
            let judged: HashMap<String, i32> = judged.clone();
            let measures = [
                ndcg(&judged, &ranked, 10),
                recall(&judged, &ranked, 10),
                recall(&judged, &ranked, 100),
                reciprocal_rank(&judged, &ranked, 10),
                precision_at_1(&judged, &ranked),
            ];
            if measures[0].is_none() {
                continue;
            }
            count += 1.0;
            for (sum, measure) in sums.iter_mut().zip(measures) {
                *sum += measure.unwrap_or_default();
            }
        }
        let [ndcg, at_10, at_100, mrr, first] = sums.map(|sum| sum / f64::max(count, 1.0));
        writeln!(
            out,
            "{way:>8}  nDCG@10 {ndcg:.4}  recall@10 {at_10:.4}  @100 {at_100:.4}  MRR@10 {mrr:.4}  P@1 {first:.4}"
        )?;
    }
    Ok(())
}

fn pairs(set: &Set, to: &Path, dimensions: usize) -> Outcome<()> {
    let fused = fused(set, to, dimensions)?;
    let passages: HashMap<PassageId, &Passage> = set
        .passages()
        .map(|passage| (passage.id, passage))
        .collect();
    let mut out = fs::File::create(to.join("pairs.jsonl"))?;
    for ((_, question), found) in set.queries.iter().zip(fused) {
        let best = found.hits.iter().take(RERANKED);
        let texts: Vec<String> = best
            .filter_map(|hit| passages.get(&hit.passage_id))
            .map(|passage| told(passage, " / "))
            .collect();
        writeln!(
            out,
            "{}",
            json!({ "question": question, "passages": texts })
        )?;
    }
    Ok(())
}

fn reranked(out: &mut dyn Write, set: &Set, to: &Path, dimensions: usize) -> Outcome<()> {
    let fused = fused(set, to, dimensions)?;
    let scores: Vec<Vec<f32>> = lines(&to.join("scores.jsonl"))?
        .into_iter()
        .map(serde_json::from_value)
        .collect::<Result<_, _>>()?;
    // The reranker's weight beside the fused score, both standardised over the passages that it looked at.
    for weight in [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0] {
        let mut sums = [0.0; 2];
        let mut count = 0.0;
        for (at, (id, _)) in set.queries.iter().enumerate() {
            let Some(judged) = set.judged.get(id) else {
                continue;
            };
            let Some(scores) = scores.get(at).filter(|scores| !scores.is_empty()) else {
                continue;
            };
            let mut found = fused[at].clone();
            let best = scores.len().min(found.hits.len());
            let standard = |numbers: Vec<f32>| {
                let mean = numbers.iter().sum::<f32>() / best.max(1) as f32;
                let spread = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f32>();
                let deviation = (spread / best.max(1) as f32).sqrt().max(1e-6);
                numbers.into_iter().map(move |x| (x - mean) / deviation)
            };
            let before = standard(found.hits[..best].iter().map(|hit| hit.score).collect());
            let after = standard(scores[..best].to_vec());
            let mixed: Vec<f32> = before
                .zip(after)
                .map(|(before, after)| (1.0 - weight) * before + weight * after)
                .collect();
            let mut order: Vec<usize> = (0..best).collect();
            order.sort_by(|a, b| mixed[*b].total_cmp(&mixed[*a]));
            let moved: Vec<search::Hit> = order.iter().map(|at| found.hits[*at]).collect();
            found.hits[..best].copy_from_slice(&moved);
            let ranked = set.ranked(&found);
            let Some(measured) = ndcg(judged, &ranked, 10) else {
                continue;
            };
            count += 1.0;
            sums[0] += measured;
            sums[1] += precision_at_1(judged, &ranked).unwrap_or_default();
        }
        let [ndcg, first] = sums.map(|sum| sum / f64::max(count, 1.0));
        writeln!(
            out,
            "{}: weight {weight:.1}  nDCG@10 {ndcg:.4}  P@1 {first:.4}  of {count} questions",
            set.name
        )?;
    }
    Ok(())
}

/// What the fused search finds for each question.
fn fused(set: &Set, to: &Path, dimensions: usize) -> Outcome<Vec<Found>> {
    let index = filled(&to.join("index"), set, to, Some(dimensions), |_| true)?;
    let vectors = read_vectors(&to.join("queries.f32"), dimensions)?;
    let questions = set.queries.iter().zip(vectors);
    questions
        .map(|((_, text), vector)| {
            let query = Query {
                text: text.clone(),
                language: search::language(text),
                vector: Some(vector),
                deviation: None,
                limit: 100,
                documents: None,
            };
            Ok(index.begin(&query)?.finish(&[]))
        })
        .collect()
}

/// A passage with its headings.
fn told(passage: &Passage, between: &str) -> String {
    match passage.headings.is_empty() {
        true => passage.text.clone(),
        false => format!("{}\n{}", passage.headings.join(between), passage.text),
    }
}

/// Reciprocal rank fusion (Cormack et al. 2009, k = 60): kept to compare the product's way with.
fn by_ranks(rankings: [Vec<String>; 2]) -> Vec<String> {
    let mut scores: HashMap<String, f64> = HashMap::new();
    for ranking in rankings {
        for (rank, document) in ranking.into_iter().enumerate() {
            *scores.entry(document).or_default() += 1.0 / (61.0 + rank as f64);
        }
    }
    let mut ranked: Vec<(String, f64)> = scores.into_iter().collect();
    ranked.sort_by(|(a, of_a), (b, of_b)| of_b.total_cmp(of_a).then_with(|| a.cmp(b)));
    ranked.into_iter().map(|(document, _)| document).collect()
}

fn refuse(
    out: &mut dyn Write,
    set: &Set,
    to: &Path,
    dimensions: Option<usize>,
    deviation: Option<f32>,
) -> Outcome<()> {
    let vectors = queries_vectors(to, dimensions)?;
    let mut scored = Vec::new();
    let mut rows = String::new();
    for parity in [0, 1] {
        let index = filled(&to.join("half"), set, to, dimensions, |number| {
            number % 2 == parity
        })?;
        let kept: HashSet<&str> = set
            .documents
            .iter()
            .skip(parity)
            .step_by(2)
            .map(|(name, _, _)| name.as_str())
            .collect();
        for (at, (id, text)) in set.queries.iter().enumerate() {
            let Some(judged) = set.judged.get(id) else {
                continue;
            };
            let query = Query {
                text: text.clone(),
                language: search::language(text),
                vector: vectors.as_ref().map(|vectors| vectors[at].clone()),
                deviation,
                limit: 10,
                documents: None,
            };
            let found = index.begin(&query)?.finish(&[]);
            let is_answerable = judged
                .iter()
                .any(|(name, grade)| *grade > 0 && kept.contains(name.as_str()));
            scored.push((f64::from(found.confidence), is_answerable));
            rows += &format!(
                "{}\t{}\t{:?}\n",
                u8::from(is_answerable),
                found.confidence,
                found.features
            );
        }
    }
    let share = |answerable: bool| {
        let of: Vec<f64> = scored
            .iter()
            .filter(|(_, yes)| *yes == answerable)
            .map(|(score, _)| *score)
            .collect();
        of.iter().filter(|score| **score >= 0.5).count() as f64 / of.len().max(1) as f64
    };
    let (passed, refused) = (share(true), 1.0 - share(false));
    let area = auroc(&scored).unwrap_or_default();
    fs::create_dir_all(to)?;
    fs::write(to.join("features.tsv"), rows)?;
    writeln!(
        out,
        "{:>10}  AUROC {area:.4}  at 0.5: answerable passed {passed:.4}, unanswerable refused {refused:.4}",
        set.name
    )?;
    Ok(())
}

fn filled(
    folder: &Path,
    set: &Set,
    to: &Path,
    dimensions: Option<usize>,
    is_in: impl Fn(usize) -> bool,
) -> Outcome<Index> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let index = Index::open(folder)?;
    let mut changes = Vec::new();
    let mut kept = HashSet::new();
    for (number, (_, title, passages)) in set
        .documents
        .iter()
        .enumerate()
        .filter(|(number, _)| is_in(*number))
    {
        let document_id = DocumentId(Uuid::from_u128(number as u128 + 1));
        kept.insert(document_id);
        changes.push(Change::PutDocument {
            document_id,
            title: title.clone(),
            passages: passages.clone(),
        });
    }
    if let Some(dimensions) = dimensions {
        let vectors = read_vectors(&to.join("passages.f32"), dimensions)?;
        let of_kept = set
            .passages()
            .zip(vectors)
            .filter(|(passage, _)| kept.contains(&passage.document_id));
        changes.push(Change::PutVectors(
            of_kept
                .map(|(passage, vector)| (passage.id, vector))
                .collect(),
        ));
    }
    index.apply(&changes, 1)?;
    Ok(index)
}

fn queries_vectors(to: &Path, dimensions: Option<usize>) -> Outcome<Option<Vec<Vec<f32>>>> {
    dimensions
        .map(|dimensions| read_vectors(&to.join("queries.f32"), dimensions))
        .transpose()
}

fn read_vectors(file: &Path, dimensions: usize) -> Outcome<Vec<Vec<f32>>> {
    let bytes = fs::read(file)?;
    let numbers: Vec<f32> = bytes
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect();
    Ok(numbers
        .chunks_exact(dimensions)
        .map(<[f32]>::to_vec)
        .collect())
}

fn lines(file: &Path) -> Outcome<Vec<Value>> {
    fs::read_to_string(file)?
        .lines()
        .map(|line| Ok(serde_json::from_str(line)?))
        .collect()
}

fn text_of(line: &Value, key: &str) -> String {
    line[key].as_str().unwrap_or_default().to_owned()
}
