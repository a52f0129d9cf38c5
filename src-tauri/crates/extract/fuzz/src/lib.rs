//! What the targets share: the text under test goes into the package that its reader expects, so that the fuzzer
//! changes words and elements and not checksums.

use std::io::{Cursor, Write};

use domain::document::ReadFailure;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Between the parts of one input.
const BETWEEN: &[u8] = b"\n%%%%\n";

/// Reads a document; a panic anywhere but in a page of a PDF is found by libFuzzer itself.
pub fn read(bytes: &[u8], name: &str) {
    let outcome = extract::read(bytes, name, &mut |_, _| {});
    assert_ne!(outcome, Err(ReadFailure::ReaderStopped));
    let Ok(read) = outcome else { return };
    // Offsets are true: quotes are found by them.
    let mut start = 0;
    for block in &read.blocks {
        assert_eq!(block.start, start);
        assert!(!block.text.is_empty());
        start += block.text.chars().count() as u32 + 1;
    }
}

/// The input cut into so many parts, the last ones empty where there are fewer.
pub fn parts<const COUNT: usize>(data: &[u8]) -> [&[u8]; COUNT] {
    let mut rest = data;
    std::array::from_fn(|_| {
        let cut = rest
            .windows(BETWEEN.len())
            .position(|window| window == BETWEEN);
        let part = &rest[..cut.unwrap_or(rest.len())];
        rest = cut.map_or(&[], |cut| &rest[cut + BETWEEN.len()..]);
        part
    })
}

/// A package of these parts.
pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, stored).expect("the name is ours");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

/// A compound file of these streams.
pub fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory takes it");
    for (path, bytes) in streams {
        let mut stream = file.create_stream(path).expect("the name is ours");
        stream.write_all(bytes).expect("memory takes it");
    }
    file.flush().expect("memory takes it");
    file.into_inner().into_inner()
}
