//! Measures reading: `score EXPECTED_FOLDER [HOSTILE_FOLDER]`.
//!
//! In the first folder every file may have a neighbour `NAME.expected.md`, `.expected.txt` or
//! `.expected.words.txt` (words are compared, not markup) or `.expected.json` (`must_include`,
//! `must_not_include`). The second is read through the pool of child processes, with time and outcome.
//! `score --text FILE` prints the blocks of one file.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use domain::document::{BlockKind, ReadFailure};
use extract::{Extracted, Reader, ReaderConfig};

fn main() {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    match &arguments[..] {
        [flag, file] if flag.as_os_str() == "--text" => print_blocks(file),
        [expected] => score(expected),
        [expected, hostile] => {
            score(expected);
            survive(hostile);
        }
        _ => println!("usage: score EXPECTED_FOLDER [HOSTILE_FOLDER] | score --text FILE"),
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

fn score(folder: &Path) {
    let mut by_format: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    let mut all = Vec::new();
    for file in files(folder) {
        let name = name_of(&file);
        let format = file
            .extension()
            .map(|format| format.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.contains(".expected.") || name.ends_with(".tsv") {
            continue;
        }
        let read = read(&file);
        let extracted = match read {
            Ok(extracted) => extracted,
            Err(failure) => {
                println!("{format:5} {name}: {failure:?}");
                if failure != ReadFailure::Unsupported {
                    by_format.entry(format).or_default().push((0.0, 0.0));
                    all.push((0.0, 0.0));
                }
                continue;
            }
        };
        let text = plain(&extracted);
        check_strings(&file, &text, &name);
        let Some(expected) = expected_text(&file) else {
            continue;
        };
        let (recall, precision, missing, extra) = compare(&expected, &text);
        println!("{format:5} {recall:.3} {precision:.3} {name}");
        if recall < 0.97 {
            println!("        missing {missing:?}");
        }
        if precision < 0.95 {
            println!("        extra {extra:?}");
        }
        by_format
            .entry(format)
            .or_default()
            .push((recall, precision));
        all.push((recall, precision));
    }
    for (format, scores) in &by_format {
        print_summary(format, scores);
    }
    print_summary("all", &all);
}

fn print_summary(name: &str, scores: &[(f64, f64)]) {
    let median = |values: Vec<f64>| {
        let mut values = values;
        values.sort_by(f64::total_cmp);
        match values.len() {
            0 => 0.0,
            count => (values[(count - 1) / 2] + values[count / 2]) / 2.0,
        }
    };
    let recall = median(scores.iter().map(|score| score.0).collect());
    let precision = median(scores.iter().map(|score| score.1).collect());
    println!(
        "median {name:5} {:3} files  recall {recall:.3}  precision {precision:.3}",
        scores.len()
    );
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

fn expected_text(file: &Path) -> Option<String> {
    let endings = [".expected.md", ".expected.txt", ".expected.words.txt"];
    let path = endings
        .iter()
        .map(|ending| beside(file, ending))
        .find(|path| path.exists())?;
    let mut text = fs::read_to_string(path).ok()?;
    // Comments, addresses of links and pictures are markup.
    for (open, close) in [("<!--", "-->"), ("](", ")")] {
        while let Some(from) = text.find(open) {
            let Some(length) = text[from..].find(close) else {
                break;
            };
            text.replace_range(from..from + length + close.len(), " ");
        }
    }
    let entities = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("\\_", "_")];
    Some(
        entities
            .iter()
            .fold(text, |text, (from, to)| text.replace(from, to)),
    )
}

fn check_strings(file: &Path, text: &str, name: &str) {
    let Ok(json) = fs::read(beside(file, ".expected.json")) else {
        return;
    };
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(&json) else {
        return;
    };
    let strings = |key: &str| -> Vec<String> {
        let values = json[key].as_array().cloned().unwrap_or_default();
        values
            .iter()
            .filter_map(|value| value.as_str().map(normal))
            .collect()
    };
    let text = normal(text);
    for wanted in strings("must_include") {
        let verdict = if text.contains(&wanted) {
            "ok  "
        } else {
            "MISS"
        };
        println!("      {verdict} {name}: {wanted}");
    }
    for unwanted in strings("must_not_include") {
        let verdict = if text.contains(&unwanted) {
            "THERE"
        } else {
            "ok  "
        };
        println!("      {verdict} {name}: not {unwanted:.60}");
    }
}

fn normal(text: &str) -> String {
    let text = text.trim_start_matches(['#', ' ']).replace(['|', '*'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

type Comparison = (f64, f64, Vec<String>, Vec<String>);

fn compare(expected: &str, found: &str) -> Comparison {
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
    let share = |of: usize| {
        if of == 0 {
            1.0
        } else {
            f64::from(hits) / of as f64
        }
    };
    (share(expected.len()), share(found.len()), missing, extra)
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn survive(folder: &Path) {
    let Ok(program) = env::current_exe() else {
        return;
    };
    // Beside `examples/score` lies the binary of the room.
    let Some(target) = program.ancestors().nth(2) else {
        return;
    };
    let reader = Reader::new(ReaderConfig {
        program: target.join("extract-worker"),
        arguments: Vec::new(),
        workers: 1,
        timeout: Duration::from_secs(60),
    });
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for file in files(folder) {
        let name = name_of(&file);
        if name.ends_with(".tsv") {
            continue;
        }
        let start = Instant::now();
        let read = reader.read(&file, &name, &mut |_, _| {});
        let took = start.elapsed();
        let outcome = match read {
            Ok(extracted) => {
                println!(
                    "{:7.3} s  {} words {:?}  {name}",
                    took.as_secs_f64(),
                    extracted.report.words,
                    extracted.report.notes
                );
                "read".to_owned()
            }
            Err(failure) => {
                println!("{:7.3} s  {failure:?}  {name}", took.as_secs_f64());
                format!("{failure:?}")
            }
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    println!("{outcomes:?}");
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
