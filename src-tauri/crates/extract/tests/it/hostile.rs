//! Files made to do harm, made at test time.
//!
//! `CHATAI_BOMBS=FOLDER` writes all of [`bombs`] at their full size, `CHATAI_HOSTILE=FOLDER:FOLDER` reads what
//! lies in folders and prints what each file cost: `cargo xtask hostile` does one after the other, so that the
//! memory of making them is not counted.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, io};

use domain::document::ReadFailure;
use extract::{Reader, ReaderConfig};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use crate::bombs::{self, Bomb, Made, Scale};
use crate::children::WORKER;
use crate::cost::Watch;
use crate::made::{docx, package, read, xlsx};

/// Longest time that a document may take; a PDF may take all of the pool's patience.
const LONGEST: Duration = Duration::from_secs(2);
const LONGEST_PDF: Duration = Duration::from_secs(61);
/// Most that this process may grow by, in MiB.
const GROWTH: u64 = 50;

fn reader() -> Reader {
    Reader::new(ReaderConfig {
        program: PathBuf::from(WORKER),
        arguments: Vec::new(),
        workers: 1,
        timeout: Duration::from_secs(60),
    })
}

fn write(bomb: &Bomb, scale: Scale, folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join(bomb.name);
    match (bomb.make)(scale) {
        Made::Bytes(bytes) => fs::write(&path, bytes)?,
        Made::Sparse(length) => File::create(&path)?.set_len(length)?,
    }
    Ok(path)
}

#[test]
fn every_bomb_ends_as_text_or_as_a_failure_and_the_reader_goes_on() {
    let folder = TempDir::new().unwrap();
    let reader = reader();
    let harmless = folder.path().join("harmless.txt");
    fs::write(&harmless, "Open every day.").unwrap();
    let bombs = bombs::all();
    assert!(bombs.len() >= 60);
    for bomb in bombs {
        let path = write(&bomb, Scale::Short, folder.path()).unwrap();
        let outcome = reader.read(&path, bomb.name, &mut |_, _| {});
        fs::remove_file(&path).unwrap();
        assert_ne!(outcome, Err(ReadFailure::TooSlow), "{}", bomb.name);
        let next = reader.read(&harmless, "harmless.txt", &mut |_, _| {});
        assert!(next.is_ok(), "after {}: {next:?}", bomb.name);
    }
}

#[test]
fn bombs_of_full_size_are_written_where_they_are_asked_for() {
    let Some(folder) = env::var_os("CHATAI_BOMBS").map(PathBuf::from) else {
        return;
    };
    fs::create_dir_all(&folder).unwrap();
    for bomb in bombs::all() {
        write(&bomb, Scale::Full, &folder).unwrap();
    }
}

#[test]
fn hostile_files_keep_to_their_limits() {
    let Some(folders) = env::var_os("CHATAI_HOSTILE") else {
        return;
    };
    let mut files = Vec::new();
    for folder in env::split_paths(&folders) {
        collect(&folder, &mut files);
    }
    files.sort();
    let reader = reader();
    let mut beyond = Vec::new();
    let mut worst = (Duration::ZERO, Duration::ZERO, 0, 0);
    println!("seconds  computed  grown MiB  child MiB  address space MiB (limit)  outcome");
    for file in &files {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // A fresh child each time, so that its memory is that of this document.
        reader.rest();
        let watch = Watch::start();
        let begun = Instant::now();
        let outcome = reader.read(file, &name, &mut |_, _| {});
        let took = begun.elapsed();
        let cost = watch.stop();
        let computed = Duration::from_millis(cost.cpu * 10);
        let outcome = match outcome {
            Ok(read) => format!("{} words {:?}", read.report.words, read.report.notes),
            Err(failure) => format!("{failure:?}"),
        };
        println!(
            "{:7.3}  {:8.2}  {:9}  {:9}  {:6} ({:6})  {outcome}  {name}",
            took.as_secs_f64(),
            computed.as_secs_f64(),
            cost.grown,
            cost.child,
            cost.address_space,
            cost.limit
        );
        let is_pdf = name.ends_with(".pdf");
        let longest = if is_pdf { LONGEST_PDF } else { LONGEST };
        // On an idle machine the two are the same.
        if computed > longest || cost.grown > GROWTH || cost.address_space > cost.limit {
            beyond.push(name);
        }
        match is_pdf {
            true => worst.1 = worst.1.max(computed),
            false => worst.0 = worst.0.max(computed),
        }
        worst.2 = worst.2.max(cost.grown);
        worst.3 = worst.3.max(cost.child);
    }
    println!(
        "{} files; worst {:.2} s computed, PDF {:.2} s; this process grew by {} MiB at most, a child took {} MiB at most",
        files.len(),
        worst.0.as_secs_f64(),
        worst.1.as_secs_f64(),
        worst.2,
        worst.3
    );
    assert!(beyond.is_empty(), "beyond their limits: {beyond:?}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension() != Some(OsStr::new("tsv")) {
            files.push(path);
        }
    }
}

#[test]
fn an_entry_of_a_thousand_to_one_is_too_large() {
    let zeros = vec![b' '; 8 << 20];
    let bomb = package(&[("word/document.xml", &zeros)]);
    assert!(bomb.len() < 100 << 10);
    assert_eq!(read(&bomb, "x.docx"), Err(ReadFailure::TooLarge));
}

#[test]
fn an_entry_larger_than_its_directory_says_is_noticed_while_unpacking() {
    let spaces = vec![b' '; 8 << 20];
    let mut bomb = package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/x.xml", &spaces),
    ]);
    // Sizes stand in the local header and in the directory: claim a small one in both.
    let size = (8_u32 << 20).to_le_bytes();
    while let Some(at) = bomb.windows(4).position(|window| window == size) {
        bomb[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    let read = read(&bomb, "x.xlsx");
    assert!(
        matches!(read, Err(ReadFailure::TooLarge | ReadFailure::Damaged)),
        "{read:?}"
    );
}

#[test]
fn entries_that_overlap_are_refused() {
    let body = "<w:p><w:r><w:t>x</w:t></w:r></w:p>";
    let mut file = docx(body);
    // Two entries of the directory point at the same local header (offset 42 of a directory entry).
    let directory: Vec<usize> = (0..file.len() - 4)
        .filter(|&at| file[at..].starts_with(b"PK\x01\x02"))
        .collect();
    let (second, third) = (directory[1], directory[2]);
    let place: [u8; 4] = file[third + 42..third + 46].try_into().unwrap();
    file[second + 42..second + 46].copy_from_slice(&place);
    let read = read(&file, "x.docx");
    assert!(
        matches!(read, Err(ReadFailure::Refused | ReadFailure::Damaged)),
        "{read:?}"
    );
}

#[test]
fn symlinks_and_too_many_entries_are_not_followed() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink(
        "word/document.xml",
        "/etc/passwd",
        SimpleFileOptions::default(),
    )
    .unwrap();
    let linked = zip.finish().unwrap().into_inner();
    assert_eq!(read(&linked, "x.docx"), Err(ReadFailure::Refused));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..10_001 {
        zip.start_file(format!("{number}"), SimpleFileOptions::default())
            .unwrap();
    }
    let many = zip.finish().unwrap().into_inner();
    assert_eq!(read(&many, "x.docx"), Err(ReadFailure::TooLarge));
}

#[test]
fn entity_bombs_are_refused_in_every_office_format() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"#;
    let word = package(&[("word/document.xml", bomb.as_bytes())]);
    assert_eq!(read(&word, "x.docx"), Err(ReadFailure::Refused));
    let external =
        r#"<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>"#;
    let sheet = format!("</worksheet>{external}");
    let book = xlsx(&[("A", "visible", &sheet)]);
    assert_eq!(read(&book, "x.xlsx"), Err(ReadFailure::Refused));
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let deep = format!("{}text{}", "<div>".repeat(2_000), "</div>".repeat(2_000));
    let extracted = read(deep.as_bytes(), "x.html").unwrap();
    assert_eq!(extracted.blocks[0].text, "text");
    let tables = "<w:tbl><w:tr><w:tc>".repeat(5_000);
    assert_eq!(read(&docx(&tables), "x.docx"), Err(ReadFailure::Refused));
}

#[test]
fn a_pdf_of_too_many_pages_is_too_large() {
    let mut file = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [".to_vec();
    for _ in 0..5_001 {
        file.extend(b"<< /Type /Page /Parent 2 0 R >> ");
    }
    write!(file, "] /Count 5001 >> endobj\ntrailer << /Root 1 0 R >>\n").unwrap();
    assert_eq!(read(&file, "x.pdf"), Err(ReadFailure::TooLarge));
}
