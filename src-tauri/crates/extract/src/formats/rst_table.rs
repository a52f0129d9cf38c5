//! Tables of reStructuredText: drawn with `+---+`, ruled with `===  ===`, as a list, as CSV.

use std::collections::BTreeSet;

use crate::limits;

/// Rows of a table, how many of them are its header, how many lines it takes.
pub(crate) type Found = (Vec<Vec<String>>, usize, usize);

/// The table that begins with the first line, if one does.
pub(crate) fn find(lines: &[&str]) -> Option<Found> {
    drawn(lines).or_else(|| ruled(lines))
}

/// The places of the columns by a rule such as `====  ===`.
pub(crate) fn columns(rule: &str) -> Vec<(usize, usize)> {
    let mut columns: Vec<(usize, usize)> = Vec::new();
    for (at, sign) in rule.chars().enumerate() {
        match (sign, columns.last_mut()) {
            ('=', Some(column)) if column.1 == at => column.1 = at + 1,
            ('=', _) => columns.push((at, at + 1)),
            (' ', _) => {}
            _ => return Vec::new(),
        }
    }
    columns
}

/// Rows of `csv-table`.
pub(crate) fn of_csv(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All);
    let records = reader.from_reader(text.as_bytes()).into_records().flatten();
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

/// Rows of `list-table`: an item of the outer list is a row, one of the inner list a cell.
pub(crate) fn of_list(lines: &[&str]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let (bare, starts_row) = match line.strip_prefix("* ") {
            Some(rest) => (rest.trim(), true),
            None => (line.trim(), false),
        };
        if starts_row {
            rows.push(Vec::new());
        }
        let Some(row) = rows.last_mut() else { continue };
        let cell = bare.strip_prefix("- ").or((bare == "-").then_some(""));
        match (cell, row.last_mut()) {
            (Some(cell), _) => row.push(cell.trim().to_owned()),
            (None, Some(last)) if !bare.is_empty() => {
                last.push(' ');
                last.push_str(bare);
            }
            (None, _) => {}
        }
    }
    rows
}

/// `+-----+` over `| a  |`.
fn drawn(lines: &[&str]) -> Option<Found> {
    let border = lines.first()?;
    let is_border = |line: &str, sign: char| {
        line.starts_with('+') && line.ends_with('+') && line.chars().all(|c| c == '+' || c == sign)
    };
    if !is_border(border, '-') || border.len() < 3 {
        return None;
    }
    let drawn: Vec<Vec<char>> = lines
        .iter()
        .take_while(|line| line.starts_with(['+', '|']))
        .map(|line| line.chars().collect())
        .collect();
    let borders = drawn.iter().filter(|line| is_border_line(line));
    let places = borders.flat_map(|line| (0..).zip(line).filter(|(_, sign)| **sign == '+'));
    let places: BTreeSet<usize> = places
        .map(|(place, _)| place)
        .take(limits::COLUMNS)
        .collect();
    let places: Vec<usize> = places.into_iter().collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut header = 0;
    let mut is_new = true;
    let length = drawn.len();
    for (line, signs) in lines.iter().zip(&drawn) {
        if is_border(line, '=') {
            header = rows.len();
        }
        let is_border = is_border_line(signs);
        if !is_border && is_new {
            rows.push(vec![String::new(); places.len() - 1]);
        }
        is_new = is_border;
        let Some(row) = rows.last_mut() else { continue };
        let mut from = 0;
        for (column, place) in places.iter().enumerate().skip(1) {
            // Where no line is drawn the cell goes on.
            let is_closed = matches!(signs.get(*place), Some('|' | '+') | None);
            if is_closed {
                let start = (places[from] + 1).min(signs.len());
                let end = (*place).clamp(start, signs.len());
                let text: String = signs[start..end].iter().collect();
                if !text.chars().all(|sign| "-=+".contains(sign)) {
                    append(&mut row[from], text.trim());
                }
                from = column;
            }
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    (length >= 3).then_some((rows, header, length))
}

/// True for a line with a border in it, if only under some of the cells.
fn is_border_line(signs: &[char]) -> bool {
    let is_corner = |pair: &[char]| pair[0] == '+' && matches!(pair[1], '-' | '=');
    signs.windows(2).any(is_corner)
}

/// `====  ===` over `a     b`.
fn ruled(lines: &[&str]) -> Option<Found> {
    let columns = columns(lines.first()?);
    if columns.len() < 2 {
        return None;
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut rules = 1;
    let mut header = 0;
    for (at, line) in lines.iter().enumerate().skip(1) {
        let is_rule = !line.is_empty() && line.chars().all(|sign| sign == '=' || sign == ' ');
        if is_rule {
            let next_is_empty = lines.get(at + 1).is_none_or(|next| next.is_empty());
            if rules == 2 || next_is_empty {
                return Some((rows, header, at + 1));
            }
            rules += 1;
            header = rows.len();
            continue;
        }
        let is_span = line.starts_with('-') && line.chars().all(|sign| sign == '-' || sign == ' ');
        if line.is_empty() || is_span {
            continue;
        }
        let signs: Vec<char> = line.chars().collect();
        let last = columns.len() - 1;
        let cell = |number: usize| {
            let start = columns[number].0.min(signs.len());
            // The last column may be longer than its rule.
            let end = if number == last {
                signs.len()
            } else {
                columns[number + 1].0
            };
            let text: String = signs[start..end.clamp(start, signs.len())].iter().collect();
            text.trim().to_owned()
        };
        let row: Vec<String> = (0..columns.len()).map(cell).collect();
        match rows.last_mut() {
            // A line without a first cell goes on with the row above.
            Some(above) if row[0].is_empty() => {
                above
                    .iter_mut()
                    .zip(&row)
                    .for_each(|(above, more)| append(above, more));
            }
            _ => rows.push(row),
        }
    }
    None
}

fn append(cell: &mut String, more: &str) {
    if !more.is_empty() && !cell.is_empty() {
        cell.push(' ');
    }
    cell.push_str(more);
}
