//! Word documents of 1997 to 2003 (MS-DOC): the text by its piece table, cut into paragraphs and tables.
//!
//! Styles are not followed, so headings are paragraphs. Instructions of fields and hidden marks are left out.

use domain::document::ReadFailure;
use encoding_rs::WINDOWS_1252;

use crate::blocks::Builder;
use crate::compound::{Compound, number_16, number_32, utf_16};
use crate::limits;
use crate::table::{self, Header};

/// Reads a document.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) -> Result<(), ReadFailure> {
    let mut file = Compound::open(bytes)?;
    let main = file.stream("/WordDocument")?.ok_or(ReadFailure::Damaged)?;
    let flags = number_16(&main, FLAGS).ok_or(ReadFailure::Damaged)?;
    if flags & ENCRYPTED != 0 {
        return Err(ReadFailure::Encrypted);
    }
    let table = match flags & SECOND_TABLE {
        0 => "/0Table",
        _ => "/1Table",
    };
    let table = file.stream(table)?.ok_or(ReadFailure::Damaged)?;
    let text = text(&main, &table).ok_or(ReadFailure::Damaged)?;
    add(&text, builder);
    Ok(())
}

/// Places in the file information block (MS-DOC 2.5).
const FLAGS: usize = 0x0A;
const ENCRYPTED: u16 = 0x0100;
const SECOND_TABLE: u16 = 0x0200;
/// Characters of the main text, of footnotes, and so on up to those of text boxes in headers.
const LENGTHS: [usize; 8] = [0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64, 0x68];
/// Which of them are read: not headers, macros, comments.
const READ: [bool; 8] = [true, true, false, false, false, true, true, false];
const PIECES_AT: usize = 0x01A2;

/// The text: the pieces in order (MS-DOC 2.4.1), those parts of it that are read.
fn text(main: &[u8], table: &[u8]) -> Option<String> {
    let pieces = pieces(main, table)?;
    let mut text = String::new();
    let mut start = 0_u32;
    for (length_at, is_read) in LENGTHS.into_iter().zip(READ) {
        let length = number_32(main, length_at)?;
        let end = start.saturating_add(length);
        if is_read {
            for piece in &pieces {
                piece.add(main, start, end, &mut text);
            }
        }
        start = end;
    }
    Some(text)
}

/// A run of characters that lies in one place.
struct Piece {
    start: u32,
    end: u32,
    at: usize,
    is_compressed: bool,
}

fn pieces(main: &[u8], table: &[u8]) -> Option<Vec<Piece>> {
    let at = number_32(main, PIECES_AT)? as usize;
    let length = number_32(main, PIECES_AT + 4)? as usize;
    let mut clx = table.get(at..at.checked_add(length)?)?;
    // Properties stand in front of the table of pieces.
    while let [1, rest @ ..] = clx {
        let length = usize::from(number_16(rest, 0)?);
        clx = rest.get(2 + length..)?;
    }
    let [2, rest @ ..] = clx else { return None };
    let length = number_32(rest, 0)? as usize;
    let plc = rest.get(4..4 + length)?;
    let count = plc.len().checked_sub(4)? / 12;
    (0..count)
        .map(|number| {
            let descriptor = 4 * (count + 1) + 8 * number;
            let place = number_32(plc, descriptor + 2)?;
            let is_compressed = place & 0x4000_0000 != 0;
            let place = (place & 0x3FFF_FFFF) as usize;
            Some(Piece {
                start: number_32(plc, 4 * number)?,
                end: number_32(plc, 4 * number + 4)?,
                at: if is_compressed { place / 2 } else { place },
                is_compressed,
            })
        })
        .collect()
}

impl Piece {
    /// Adds its characters between two positions of the document.
    fn add(&self, main: &[u8], start: u32, end: u32, text: &mut String) {
        let from = self.start.max(start);
        let to = self.end.min(end);
        if from >= to || text.len() > limits::BLOCK_BYTES {
            return;
        }
        let width = if self.is_compressed { 1 } else { 2 };
        let place = self.at + (from - self.start) as usize * width;
        let length = (to - from) as usize * width;
        let bytes = main.get(place..).unwrap_or_default();
        let bytes = &bytes[..bytes.len().min(length)];
        match self.is_compressed {
            true => {
                let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
                text.push_str(&decoded);
            }
            false => text.push_str(&utf_16(bytes)),
        }
    }
}

/// Cuts the text at its marks: paragraphs, cells, rows, fields.
fn add(text: &str, builder: &mut Builder) {
    let mut line = String::new();
    let mut row: Vec<String> = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    // Depth of fields, and whether the instruction of the innermost one is being read.
    let mut instructions: Vec<bool> = Vec::new();
    for character in text.chars() {
        match character {
            '\u{13}' => instructions.push(true),
            '\u{14}' => {
                if let Some(last) = instructions.last_mut() {
                    *last = false;
                }
            }
            '\u{15}' => {
                instructions.pop();
            }
            _ if instructions.contains(&true) => {}
            // The end of a cell; with nothing since the last one it is the end of the row.
            '\u{7}' if line.is_empty() && !row.is_empty() => rows.push(std::mem::take(&mut row)),
            '\u{7}' if row.len() < limits::COLUMNS => row.push(std::mem::take(&mut line)),
            '\u{7}' => line.clear(),
            '\r' | '\u{c}' | '\u{e}' if !row.is_empty() => line.push('\n'),
            '\r' | '\u{c}' | '\u{e}' => {
                flush_rows(&mut rows, builder);
                builder.paragraph(&std::mem::take(&mut line));
            }
            '\u{b}' => line.push('\n'),
            '\u{1e}' => line.push('-'),
            '\u{1}' | '\u{8}' => builder.report.images += 1,
            '\u{0}'..='\u{8}' | '\u{f}'..='\u{1f}' => {}
            character => line.push(character),
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    flush_rows(&mut rows, builder);
    builder.paragraph(&line);
}

fn flush_rows(rows: &mut Vec<Vec<String>>, builder: &mut Builder) {
    if !rows.is_empty() {
        table::add(builder, None, std::mem::take(rows), Header::FindOut);
    }
}
