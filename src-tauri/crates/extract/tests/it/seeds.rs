//! Seeds for the fuzz targets, made of the documents that the tests make: `CHATAI_SEEDS=FOLDER` writes them
//! (`cargo xtask fuzz` does). What a target packs is unpacked here.

use std::io::{Cursor, Read};
use std::path::PathBuf;
use std::{env, fs};

use crate::formats::samples;

/// Between the parts of one input, as in `fuzz/src/lib.rs`.
const BETWEEN: &[u8] = b"\n%%%%\n";

#[test]
fn seeds_are_written_where_they_are_asked_for() {
    let seeds = seeds();
    assert!(seeds.iter().all(|(_, _, bytes)| !bytes.is_empty()));
    let Some(folder) = env::var_os("CHATAI_SEEDS").map(PathBuf::from) else {
        return;
    };
    for (target, name, bytes) in seeds {
        let folder = folder.join(target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    }
}

fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (name, bytes) in samples() {
        let name = name.to_owned();
        let all = [b"a.xxxxxx".as_slice(), &bytes].concat();
        seeds.push(("find_out", name.clone(), all));
        let ending = name.rsplit('.').next().unwrap_or_default().to_owned();
        let (target, seed) = match ending.as_str() {
            "docx" => (
                "docx",
                joined(
                    &["word/document.xml", "word/styles.xml", "word/footnotes.xml"],
                    &bytes,
                ),
            ),
            "xlsx" => (
                "xlsx",
                joined(
                    &[
                        "xl/worksheets/sheet1.xml",
                        "xl/sharedStrings.xml",
                        "xl/styles.xml",
                    ],
                    &bytes,
                ),
            ),
            "pptx" => ("slides", joined(&["ppt/slides/slide2.xml"], &bytes)),
            "odt" | "ods" | "odp" => ("odf", joined(&["content.xml", "meta.xml"], &bytes)),
            "epub" => (
                "epub",
                joined(&["OPS/text/one.xhtml", "OPS/book.opf"], &bytes),
            ),
            "doc" => ("doc", streams(&["/WordDocument", "/1Table"], &bytes)),
            "ppt" => (
                "slides",
                [BETWEEN, &streams(&["/PowerPoint Document"], &bytes)].concat(),
            ),
            "eml" => ("mail", bytes),
            "msg" => ("mail", bytes),
            "txt" | "md" | "org" | "rst" => ("text", bytes),
            "html" => ("html", bytes),
            "csv" => ("csv", bytes),
            "rtf" => ("rtf", bytes),
            "pdf" => ("pdf", bytes),
            "zip" => ("zip", bytes),
            _ => continue,
        };
        seeds.push((target, name, seed));
    }
    // Records of a workbook of 1997: beginning, a label, the end.
    let records = [
        0x09, 0x08, 0x10, 0, 0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0A, 0, 0, 0,
    ];
    seeds.push(("workbook", "a.xls".to_owned(), records.to_vec()));
    seeds
}

/// Parts of a package; one that is not there is empty.
fn joined(names: &[&str], bytes: &[u8]) -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let parts = names.iter().map(|name| {
        let mut part = Vec::new();
        if let Ok(mut entry) = package.by_name(name) {
            entry.read_to_end(&mut part).unwrap();
        }
        part
    });
    parts.collect::<Vec<_>>().join(BETWEEN)
}

fn streams(paths: &[&str], bytes: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).unwrap();
    let parts = paths.iter().map(|path| {
        let mut stream = Vec::new();
        file.open_stream(path)
            .unwrap()
            .read_to_end(&mut stream)
            .unwrap();
        stream
    });
    parts.collect::<Vec<_>>().join(BETWEEN)
}
