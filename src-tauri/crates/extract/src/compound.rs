//! Compound files (MS-CFB): old Office documents, messages of Outlook, and encrypted new documents.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use domain::document::ReadFailure;

use crate::limits;

/// An opened compound file.
pub(crate) struct Compound<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
}

impl<'a> Compound<'a> {
    /// How every compound file begins.
    pub(crate) const SIGN: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

    /// Opens it.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Compound<'a>, ReadFailure> {
        match CompoundFile::open(Cursor::new(bytes)) {
            Ok(file) => Ok(Compound { file }),
            Err(_) => Err(ReadFailure::Damaged),
        }
    }

    /// True when there is a stream or a storage of this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.file.exists(path)
    }

    /// The bytes of a stream; `None` when there is none of this path.
    pub(crate) fn stream(&mut self, path: &str) -> Result<Option<Vec<u8>>, ReadFailure> {
        if !self.file.is_stream(path) {
            return Ok(None);
        }
        let stream = self.file.open_stream(path);
        let stream = stream.map_err(|_| ReadFailure::Damaged)?;
        if stream.len() > limits::PART_BYTES {
            return Err(ReadFailure::TooLarge);
        }
        let mut bytes = Vec::new();
        stream
            .take(limits::PART_BYTES)
            .read_to_end(&mut bytes)
            .map_err(|_| ReadFailure::Damaged)?;
        Ok(Some(bytes))
    }

    /// The names of what lies in a storage, at most [`limits::ENTRIES`].
    pub(crate) fn names_in(&self, path: &str) -> Vec<String> {
        let Ok(entries) = self.file.read_storage(path) else {
            return Vec::new();
        };
        let names = entries.map(|entry| entry.name().to_owned());
        names.take(limits::ENTRIES).collect()
    }
}

/// A little-endian number of two bytes, where there are as many.
pub(crate) fn number_16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk::<2>()?))
}

/// A little-endian number of four bytes, where there are as many.
pub(crate) fn number_32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk::<4>()?))
}

/// UTF-16 text without what is no character.
pub(crate) fn utf_16(bytes: &[u8]) -> String {
    let (units, _) = bytes.as_chunks::<2>();
    let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
    char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
