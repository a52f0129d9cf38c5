//! Files made to do harm, made at test time.

use std::io::{Cursor, Write as _};

use domain::document::ReadFailure;
use zip::write::SimpleFileOptions;

use crate::made::{docx, package, read, xlsx};

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
