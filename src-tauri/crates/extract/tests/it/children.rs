//! The pool of child processes: what a hostile document may cost, and what it may not.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::document::ReadFailure;
use extract::{Extracted, Reader, ReaderConfig};
use tempfile::TempDir;

use crate::made::{PdfPage, lines, outline, pdf};

pub const WORKER: &str = env!("CARGO_BIN_EXE_extract-worker");

fn reader(program: &str, arguments: &[&str], timeout: Duration) -> Reader {
    let arguments = arguments.iter().map(OsString::from).collect();
    Reader::new(ReaderConfig {
        program: PathBuf::from(program),
        arguments,
        workers: 1,
        timeout,
    })
}

fn read(
    reader: &Reader,
    folder: &TempDir,
    name: &str,
    bytes: &[u8],
) -> Result<Extracted, ReadFailure> {
    let file = folder.path().join(name);
    fs::write(&file, bytes).unwrap();
    reader.read(&file, name, &mut |_, _| {})
}

#[test]
fn documents_are_read_by_one_child_after_the_other() {
    let folder = TempDir::new().unwrap();
    let reader = reader(WORKER, &[], Duration::from_secs(60));
    let mut seen = Vec::new();
    let file = folder.path().join("a.pdf");
    let page = || PdfPage::new(lines(&[(72.0, 700.0, 11.0, "Some words on a page.")]));
    fs::write(&file, pdf(vec![page(), page()])).unwrap();
    let extracted = reader
        .read(&file, "a.pdf", &mut |done, total| seen.push((done, total)))
        .unwrap();
    assert_eq!(extracted.report.pages, 2);
    assert_eq!(seen, [(0, 2), (1, 2), (2, 2)]);
    // More documents than one child reads.
    for number in 0..120 {
        let text = format!("Text number {number}.");
        let extracted = read(&reader, &folder, "b.txt", text.as_bytes()).unwrap();
        assert_eq!(outline(&extracted), [format!("p {text}")]);
    }
    assert_eq!(
        read(&reader, &folder, "c.bin", b"\0\x01\x02"),
        Err(ReadFailure::Unsupported)
    );
}

#[test]
fn a_large_document_comes_over_in_pieces() {
    let folder = TempDir::new().unwrap();
    let reader = reader(WORKER, &[], Duration::from_secs(60));
    let text = "Ten words that make up a line of this document.\n\n".repeat(60_000);
    let extracted = read(&reader, &folder, "a.txt", text.as_bytes()).unwrap();
    assert_eq!(extracted.blocks.len(), 60_000);
}

#[test]
fn a_child_that_does_not_answer_in_time_is_killed() {
    let folder = TempDir::new().unwrap();
    // No child has answered before it is started.
    let reader = reader(WORKER, &[], Duration::ZERO);
    assert_eq!(
        read(&reader, &folder, "a.txt", b"text"),
        Err(ReadFailure::TooSlow)
    );
    // A file that does not fit into the pipe does not hold the parent up either.
    let large = vec![b'a'; 4 << 20];
    assert_eq!(
        read(&reader, &folder, "a.txt", &large),
        Err(ReadFailure::TooSlow)
    );
}

#[cfg(unix)]
#[test]
fn a_crash_costs_one_document_and_the_next_child_goes_on() {
    let folder = TempDir::new().unwrap();
    let marker = folder.path().join("crashed");
    let script = r#"if [ -e "$0" ]; then exec "$1"; fi; : > "$0"; kill -KILL $$"#;
    let arguments = ["-c", script, marker.to_str().unwrap(), WORKER];
    let reader = reader("/bin/sh", &arguments, Duration::from_secs(60));
    assert_eq!(
        read(&reader, &folder, "a.txt", b"text"),
        Err(ReadFailure::ReaderStopped)
    );
    let extracted = read(&reader, &folder, "a.txt", b"text").unwrap();
    assert_eq!(outline(&extracted), ["p text"]);
}

#[cfg(unix)]
#[test]
fn a_child_that_talks_nonsense_is_not_believed() {
    let folder = TempDir::new().unwrap();
    // It sends the request back.
    let reader = reader("/bin/cat", &[], Duration::from_secs(60));
    assert_eq!(
        read(&reader, &folder, "a.txt", b"text"),
        Err(ReadFailure::ReaderStopped)
    );
}

#[test]
fn a_program_that_cannot_be_started_is_a_stopped_reader() {
    let folder = TempDir::new().unwrap();
    let reader = reader("/nowhere/at/all", &[], Duration::from_secs(60));
    assert_eq!(
        read(&reader, &folder, "a.txt", b"text"),
        Err(ReadFailure::ReaderStopped)
    );
}

#[test]
fn a_recording_is_decoded_in_a_child_and_no_longer_than_wanted() {
    let reader = reader(WORKER, &[], Duration::from_secs(60));
    let voice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sound/voice.ogg");
    let sound = reader.sound(&voice, Duration::from_secs(300)).unwrap();
    assert!((2.5..3.1).contains(&sound.seconds()), "{}", sound.seconds());
    let loudest = sound.samples.iter().map(|x| x.unsigned_abs()).max();
    assert!(loudest > Some(3_000), "somebody speaks: {loudest:?}");
    let short = reader.sound(&voice, Duration::from_secs(1));
    assert_eq!(short, Err(ReadFailure::TooLarge));
    let folder = TempDir::new().unwrap();
    let paper = folder.path().join("paper.pdf");
    fs::write(&paper, b"%PDF-1.7 and no sound").unwrap();
    let refused = reader.sound(&paper, Duration::from_secs(300));
    assert_eq!(refused, Err(ReadFailure::Unsupported));
    // The same children read documents.
    let extracted = read(&reader, &folder, "a.txt", b"text").unwrap();
    assert_eq!(outline(&extracted), ["p text"]);
}

#[test]
fn a_recording_does_not_wait_for_documents() {
    let folder = TempDir::new().unwrap();
    let reader = reader(WORKER, &[], Duration::from_secs(60));
    let voice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sound/voice.ogg");
    let file = folder.path().join("a.pdf");
    let page = || PdfPage::new(lines(&[(72.0, 700.0, 11.0, "Some words on a page.")]));
    fs::write(&file, pdf(vec![page(), page()])).unwrap();
    let mut heard = None;
    // The only place for documents is taken while this one is read.
    let extracted = reader.read(&file, "a.pdf", &mut |_, _| {
        let sound = || reader.sound(&voice, Duration::from_secs(300));
        heard.get_or_insert_with(sound);
    });
    assert_eq!(extracted.unwrap().report.pages, 2);
    assert!(heard.unwrap().unwrap().seconds() > 2.5);
}
