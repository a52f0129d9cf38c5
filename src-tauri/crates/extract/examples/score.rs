//! Measures reading: `score FOLDER` (also `cargo xtask eval --documents FOLDER`).
//!
//! The folder's `manifest.tsv` names each file and the file with its expected text in its first two columns;
//! without it a file's neighbour is looked for: `NAME.expected.md`, `.expected.txt`, `.expected.words.txt`
//! (words are compared, not markup) or `.expected.json` (`must_include`, `must_not_include`).
//! `score --text FILE` prints the blocks of one file.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use domain::document::{BlockKind, ReadFailure};
use extract::Extracted;

/// What the median of a measure has to reach: over all files, and in each format.
const ENOUGH: f64 = 0.95;
const ENOUGH_EACH: f64 = 0.90;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    match &arguments[..] {
        [flag, file] if flag.as_os_str() == "--text" => {
            print_blocks(file);
            ExitCode::SUCCESS
        }
        [folder] => score(folder),
        _ => {
            println!("usage: score FOLDER | score --text FILE");
            ExitCode::from(2)
        }
    }
}

fn print_blocks(file: &Path) {
    match read(file) {
        Ok(extracted) => {
            println!("title {:?}\n{:#?}", extracted.title, extracted.report);
            for block in extracted.blocks {
                let kind = match block.kind {
                    BlockKind::TableRow { header, row, .. } => format!("row {row} {header:?}"),
                    other => format!("{other:?}"),
                };
                println!("[{} {:?}] {kind}: {}", block.start, block.page, block.text);
            }
        }
        Err(failure) => println!("{failure:?}"),
    }
}

/// How well one document was read, from 0 to 1.
struct Score {
    /// Expected words that were found.
    recall: f64,
    /// Found words that were expected.
    precision: f64,
    /// The longest run of words in the expected order, of all expected ones.
    order: f64,
}

fn score(folder: &Path) -> ExitCode {
    let mut by_format: BTreeMap<String, Vec<Score>> = BTreeMap::new();
    for (file, expected) in documents(folder) {
        let name = name_of(&file);
        let format = file
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let scores = by_format.entry(format.clone()).or_default();
        let text = match read(&file) {
            Ok(extracted) => plain(&extracted),
            Err(failure) => {
                println!("{format:5} {name}: {failure:?}");
                scores.push(Score {
                    recall: 0.0,
                    precision: 0.0,
                    order: 0.0,
                });
                continue;
            }
        };
        let score = match expected.extension().is_some_and(|ending| ending == "json") {
            true => strings(&expected, &text, &name),
            false => words_of(&expected, &text, &name, &format),
        };
        scores.push(score);
    }
    println!("\nformat  files  recall  precision  order   lowest recall");
    let all: Vec<&Score> = by_format.values().flatten().collect();
    let mut enough = print_summary("all", &all) >= ENOUGH;
    for (format, scores) in &by_format {
        let scores: Vec<&Score> = scores.iter().collect();
        enough &= print_summary(format, &scores) >= ENOUGH_EACH;
    }
    match enough {
        true => ExitCode::SUCCESS,
        false => {
            println!("below {ENOUGH} over all or {ENOUGH_EACH} in a format");
            ExitCode::FAILURE
        }
    }
}

/// Prints the medians and gives that of recall.
fn print_summary(name: &str, scores: &[&Score]) -> f64 {
    let median = |measure: fn(&Score) -> f64| {
        let mut values: Vec<f64> = scores.iter().map(|score| measure(score)).collect();
        values.sort_by(f64::total_cmp);
        match values.len() {
            0 => 0.0,
            count => (values[(count - 1) / 2] + values[count / 2]) / 2.0,
        }
    };
    let recall = median(|score| score.recall);
    let lowest = scores.iter().map(|score| score.recall).fold(1.0, f64::min);
    println!(
        "{name:6}  {:5}  {recall:6.3}  {:9.3}  {:5.3}  {lowest:6.3}",
        scores.len(),
        median(|score| score.precision),
        median(|score| score.order)
    );
    recall
}

/// The documents of a folder, each with what is expected of it.
fn documents(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    if let Ok(manifest) = fs::read_to_string(folder.join("manifest.tsv")) {
        let pair = |line: &str| {
            let mut columns = line.split('\t');
            let file = folder.join(columns.next()?);
            let expected = columns.next().filter(|expected| !expected.is_empty())?;
            Some((file, folder.join(expected)))
        };
        return manifest.lines().skip(1).filter_map(pair).collect();
    }
    let endings = [
        ".expected.md",
        ".expected.txt",
        ".expected.words.txt",
        ".expected.json",
    ];
    let mut found = Vec::new();
    for file in files(folder) {
        let neighbours = endings.iter().map(|ending| beside(&file, ending));
        let expected = neighbours.filter(|neighbour| neighbour.exists());
        found.extend(expected.take(1).map(|expected| (file.clone(), expected)));
    }
    found
}

fn read(file: &Path) -> Result<Extracted, ReadFailure> {
    let bytes = fs::read(file).map_err(|_| ReadFailure::ReaderStopped)?;
    extract::read(&bytes, &name_of(file), &mut |_, _| {})
}

/// The text with the headers of tables in it, as a person reads it.
fn plain(extracted: &Extracted) -> String {
    let mut text = String::new();
    for block in &extracted.blocks {
        if let BlockKind::TableRow { header, row: 1, .. } = &block.kind {
            text.push_str(&header.join(" "));
            text.push('\n');
        }
        text.push_str(&block.text);
        text.push('\n');
    }
    text
}

/// Compares words, not markup.
fn words_of(expected: &Path, text: &str, name: &str, format: &str) -> Score {
    let expected = without_markup(fs::read_to_string(expected).unwrap_or_default());
    let (score, missing, extra) = compare(&expected, text);
    println!(
        "{format:5} {:.3} {:.3} {:.3} {name}",
        score.recall, score.precision, score.order
    );
    if score.recall < 0.97 {
        println!("        missing {missing:?}");
    }
    if score.precision < 0.95 {
        println!("        extra {extra:?}");
    }
    score
}

/// Comments, addresses of links and pictures are markup.
fn without_markup(mut text: String) -> String {
    for (open, close) in [("<!--", "-->"), ("](", ")")] {
        while let Some(from) = text.find(open) {
            let Some(length) = text[from..].find(close) else {
                break;
            };
            text.replace_range(from..from + length + close.len(), " ");
        }
    }
    let entities = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("\\_", "_")];
    entities
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

/// Compares strings that must and must not be there.
fn strings(expected: &Path, text: &str, name: &str) -> Score {
    let json = fs::read(expected).unwrap_or_default();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap_or_default();
    // Words in a row, not markup.
    let spaced = |text: &str| format!(" {} ", words(text).join(" "));
    let listed = |key: &str| -> Vec<String> {
        let values = json[key].as_array().cloned().unwrap_or_default();
        values
            .iter()
            .filter_map(|value| value.as_str().map(spaced))
            .filter(|wanted| !wanted.trim().is_empty())
            .collect()
    };
    let text = spaced(text);
    let (wanted, unwanted) = (listed("must_include"), listed("must_not_include"));
    let missing: Vec<&String> = wanted
        .iter()
        .filter(|wanted| !text.contains(*wanted))
        .collect();
    let there: Vec<&String> = unwanted
        .iter()
        .filter(|unwanted| text.contains(*unwanted))
        .collect();
    println!("{name}: missing {missing:?}, there {there:?}");
    let share = |bad: usize, all: usize| 1.0 - bad as f64 / all.max(1) as f64;
    let recall = share(missing.len(), wanted.len());
    Score {
        recall,
        precision: share(there.len(), unwanted.len()),
        order: recall,
    }
}

fn compare(expected: &str, found: &str) -> (Score, Vec<String>, Vec<String>) {
    let expected = words(expected);
    let found = words(found);
    let mut left: HashMap<&str, i64> = HashMap::new();
    for word in &expected {
        *left.entry(word).or_default() += 1;
    }
    let mut hits = 0;
    let mut extra = Vec::new();
    for word in &found {
        match left.get_mut(word.as_str()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                hits += 1;
            }
            _ => extra.push(word.clone()),
        }
    }
    let missing = left.iter().filter(|(_, count)| **count > 0);
    let missing: Vec<String> = missing
        .map(|(word, count)| format!("{word}×{count}"))
        .take(25)
        .collect();
    extra.truncate(25);
    let share = |hits: usize, of: usize| {
        if of == 0 {
            1.0
        } else {
            hits as f64 / of as f64
        }
    };
    let score = Score {
        recall: share(hits, expected.len()),
        precision: share(hits, found.len()),
        order: share(longest_in_order(&expected, &found), expected.len()),
    };
    (score, missing, extra)
}

/// The length of the longest common subsequence.
fn longest_in_order(one: &[String], other: &[String]) -> usize {
    let mut lengths = vec![0; other.len() + 1];
    for word in one {
        let mut diagonal = 0;
        for (at, same) in other.iter().enumerate() {
            let above = lengths[at + 1];
            lengths[at + 1] = if same == word {
                diagonal + 1
            } else {
                above.max(lengths[at])
            };
            diagonal = above;
        }
    }
    lengths[other.len()]
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path)
        }
    }
    found.sort();
    found
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn name_of(file: &Path) -> String {
    file.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
