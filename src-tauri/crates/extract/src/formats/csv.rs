//! CSV and TSV: encoding, delimiter and header found out.

use domain::document::ReadFailure;

use crate::blocks::Builder;
use crate::encoding;
use crate::limits;
use crate::table::{self, Header};

/// Reads a table of text.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) -> Result<(), ReadFailure> {
    let decoded = encoding::decode(bytes, None);
    builder.report.encoding = Some(decoded.encoding);
    let text = decoded.text.trim_start_matches('\u{feff}');
    let (told, text) = told_delimiter(text);
    let delimiter = told.unwrap_or_else(|| find_out_delimiter(text));
    let mut rows = Vec::new();
    let mut taken = 0;
    for record in reader(text, delimiter).records() {
        let record = record.map_err(|_| ReadFailure::Damaged)?;
        let row: Vec<String> = record
            .iter()
            .take(limits::COLUMNS + 1)
            .map(str::to_owned)
            .collect();
        taken += row.iter().map(|cell| cell.len() + 24).sum::<usize>();
        rows.push(row);
        // One row more than fits, so that the builder notes the cut.
        if taken > limits::BLOCK_BYTES {
            break;
        }
    }
    table::add(builder, None, rows, Header::FindOut);
    Ok(())
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
    for delimiter in [b',', b';', b'\t', b'|'] {
        let mut widths = Vec::new();
        for record in reader(sample, delimiter).records().take(100).flatten() {
            widths.push(record.len());
        }
        let Some(&usual) = widths
            .iter()
            .max_by_key(|width| widths.iter().filter(|w| w == width).count())
        else {
            continue;
        };
        if usual < 2 {
            continue;
        }
        let agreeing = widths.iter().filter(|width| **width == usual).count();
        let score = agreeing as f64 / widths.len() as f64 + (usual.min(20) as f64) / 100.0;
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .trim(csv::Trim::All)
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
        assert_eq!(find_out_delimiter("a|b\n1|2"), b'|');
        assert_eq!(find_out_delimiter("one column\nof text"), b',');
        assert_eq!(told_delimiter("sep=;\r\na;b"), (Some(b';'), "a;b"));
    }
}
