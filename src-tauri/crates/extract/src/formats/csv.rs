//! CSV and TSV: encoding, delimiter and header found out.

use std::collections::BTreeMap;

use domain::document::{ReadFailure, ReadNote};

use crate::blocks::Builder;
use crate::encoding;
use crate::formats::grid;
use crate::limits::{self, Room};

/// Reads a table of text.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) -> Result<(), ReadFailure> {
    let decoded = encoding::decode(bytes, None);
    builder.report.encoding = Some(decoded.encoding);
    let text = decoded.text.trim_start_matches('\u{feff}');
    let (told, text) = told_delimiter(text);
    let delimiter = told.unwrap_or_else(|| find_out_delimiter(text));
    let rows = match rows(text, delimiter, Quotes::Around, builder) {
        Ok(rows) => rows,
        // A quotation mark that is never closed is a letter like any other.
        Err(Unclosed) => rows(text, delimiter, Quotes::Letters, builder).unwrap_or_default(),
    };
    grid::add(builder, None, grid::cells_of(rows));
    Ok(())
}

/// What quotation marks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Around,
    Letters,
}

/// A cell goes on over lines that are rows.
struct Unclosed;

fn rows(
    text: &str,
    delimiter: u8,
    quotes: Quotes,
    builder: &mut Builder,
) -> Result<Vec<Vec<String>>, Unclosed> {
    let mut rows = Vec::new();
    let mut room = Room::for_cells();
    let mut reader = reader(text, delimiter, quotes);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).unwrap_or(false) {
        let mut row = Vec::with_capacity(record.len().min(limits::COLUMNS));
        for cell in record.iter().take(limits::COLUMNS + 1) {
            if quotes == Quotes::Around && holds_rows(cell, delimiter) {
                return Err(Unclosed);
            }
            // The crate's own trimming copies a record of millions of cells once more.
            let cell = cell.trim();
            if !room.take(cell) {
                builder.note(ReadNote::CutAtLimit);
                return Ok(rows);
            }
            row.push(cell.to_owned());
        }
        rows.push(row);
    }
    Ok(rows)
}

/// True when a cell has several lines and nearly each of them has delimiters in it.
fn holds_rows(cell: &str, delimiter: u8) -> bool {
    let lines = memchr::memchr_iter(b'\n', cell.as_bytes()).count() + 1;
    let parted = cell
        .lines()
        .filter(|line| line.as_bytes().contains(&delimiter));
    lines > 4 && parted.count() * 10 >= lines * 8
}

/// Excel's first line `sep=;`.
fn told_delimiter(text: &str) -> (Option<u8>, &str) {
    let Some(rest) = text.strip_prefix("sep=") else {
        return (None, text);
    };
    match rest.as_bytes() {
        [delimiter, b'\r' | b'\n', ..] => (Some(*delimiter), rest[1..].trim_start()),
        _ => (None, text),
    }
}

/// The delimiter that cuts most of the first rows into the same number of cells, more cells first.
fn find_out_delimiter(text: &str) -> u8 {
    let sample = match text.char_indices().nth(64 << 10) {
        Some((end, _)) => &text[..end],
        None => text,
    };
    let mut best = (0.0, b',');
    // Commas also part decimals and words: they have to be clearly better than the others.
    for (delimiter, handicap) in [(b';', 0.0), (b'\t', 0.0), (b'|', 0.0), (b',', 0.15)] {
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        let mut count = 0;
        let records = reader(sample, delimiter, Quotes::Around).into_records();
        for record in records.take(200).flatten() {
            let blank = record.iter().all(|cell| cell.trim().is_empty());
            if !blank {
                *widths.entry(record.len()).or_default() += 1;
                count += 1;
            }
        }
        let usual = widths
            .into_iter()
            .max_by_key(|(width, count)| (*count, *width));
        let Some((width, agreeing)) = usual.filter(|(width, _)| *width >= 2) else {
            continue;
        };
        let score = agreeing as f64 / f64::from(count) + (width.min(20) as f64) / 100.0 - handicap;
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

fn reader(text: &str, delimiter: u8, quotes: Quotes) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(quotes == Quotes::Around)
        .from_reader(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{find_out_delimiter, told_delimiter};

    #[test]
    fn delimiters_are_found_out() {
        assert_eq!(find_out_delimiter("a,b,c\n1,2,3"), b',');
        assert_eq!(
            find_out_delimiter("Товар;Цена\nЧай;12,50\nКофе;15,90"),
            b';'
        );
        assert_eq!(find_out_delimiter("a\tb\n1,5\t2,5"), b'\t');
        assert_eq!(
            find_out_delimiter("Чай, чёрный;12,50\nКофе, молотый;15,90\nСахар, белый;8,00"),
            b';'
        );
        assert_eq!(find_out_delimiter("a|b\n1|2"), b'|');
        assert_eq!(find_out_delimiter("one column\nof text"), b',');
        assert_eq!(told_delimiter("sep=;\r\na;b"), (Some(b';'), "a;b"));
    }
}
