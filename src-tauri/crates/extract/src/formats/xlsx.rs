//! Excel workbooks: each sheet a table, cells as a person sees them.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use domain::document::{ReadFailure, ReadNote};

use crate::blocks::Builder;
use crate::format::Progress;
use crate::formats::xlsx_number;
use crate::limits;
use crate::package::Package;
use crate::table::{self, Header};

/// Reads a workbook.
pub(crate) fn read(
    bytes: &[u8],
    builder: &mut Builder,
    progress: Progress<'_>,
) -> Result<(), ReadFailure> {
    let mut package = Package::open(bytes)?;
    package.check_contents()?;
    drop(package);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| cause(&error))?;
    let sheets = workbook.sheets_metadata().to_vec();
    let total = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
    let mut first_failure = None;
    for (number, sheet) in (1..).zip(&sheets) {
        progress(number - 1, total);
        if builder.is_full() {
            break;
        }
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        if sheet.visible != SheetVisible::Visible {
            builder.note(ReadNote::HiddenPartsSkipped);
            continue;
        }
        builder.set_page(number);
        builder.report.sheets += 1;
        match read_sheet(&mut workbook, &sheet.name, builder) {
            Ok(cells) => add_named_sheet(builder, &sheet.name, cells),
            Err(error) => first_failure = first_failure.or(Some(cause(&error))),
        }
    }
    progress(total, total);
    match first_failure {
        // One damaged sheet does not lose the others.
        Some(_) if builder.report.words > 0 => {
            builder.note(ReadNote::SomeTextUnreadable);
            Ok(())
        }
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

/// Adds the tables of a sheet under its name, unless that says nothing.
pub(crate) fn add_named_sheet(builder: &mut Builder, name: &str, cells: Cells) {
    if cells.is_empty() {
        return;
    }
    if !is_default_name(name) {
        builder.heading(1, name);
    }
    add_sheet(builder, name, cells);
}

/// A name that Excel gave: it says nothing about the sheet.
fn is_default_name(name: &str) -> bool {
    let word = name
        .trim_end_matches(|character: char| character.is_ascii_digit())
        .trim()
        .to_lowercase();
    [
        "sheet",
        "лист",
        "tabelle",
        "feuil",
        "hoja",
        "table",
        "таблица",
    ]
    .contains(&word.as_str())
}

/// The filled cells of a sheet by row and column, from 0.
pub(crate) type Cells = BTreeMap<u32, BTreeMap<u32, String>>;

fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    builder: &mut Builder,
) -> Result<Cells, XlsxError> {
    let merged = workbook.merge_cells_by_sheet_name(name).unwrap_or_default();
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let formats: Vec<Option<String>> = reader
        .styles()
        .iter()
        .map(|style| {
            style
                .number_format
                .as_ref()
                .map(|format| format.format_code.clone())
        })
        .collect();
    let mut cells = Cells::new();
    let mut taken = 0;
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        let format = formats
            .get(style)
            .and_then(Option::as_deref)
            .unwrap_or("General");
        let text = display(cell.get_value(), format);
        if text.trim().is_empty() {
            continue;
        }
        taken += text.len() + 64;
        if taken > limits::BLOCK_BYTES {
            builder.note(ReadNote::CutAtLimit);
            break;
        }
        if column as usize >= limits::COLUMNS {
            builder.note(ReadNote::CutAtLimit);
            continue;
        }
        cells.entry(row).or_default().insert(column, text);
    }
    for area in &merged {
        fill_merged(&mut cells, area);
    }
    Ok(cells)
}

/// A merged cell stands in each row it covers, so that every row can be understood alone.
fn fill_merged(cells: &mut Cells, area: &Dimensions) {
    let ((top, left), (bottom, right)) = (area.start, area.end);
    let Some(text) = cells.get(&top).and_then(|row| row.get(&left)).cloned() else {
        return;
    };
    // A title across a table is one cell; a name over several columns belongs to each.
    let is_wide_title = cells.get(&top).is_some_and(|row| row.len() == 1) && top == bottom;
    if is_wide_title {
        return;
    }
    let rows: Vec<u32> = cells.range(top..=bottom).map(|(row, _)| *row).collect();
    for row in rows {
        let Some(row) = cells.get_mut(&row) else {
            continue;
        };
        for column in left..=right.min(limits::COLUMNS as u32) {
            row.entry(column).or_insert_with(|| text.clone());
        }
    }
}

/// Cuts a sheet into tables at empty rows; titles above a table are headings.
fn add_sheet(builder: &mut Builder, name: &str, cells: Cells) {
    let mut group: Vec<(u32, BTreeMap<u32, String>)> = Vec::new();
    let mut columns: Option<(u32, Vec<String>)> = None;
    let mut last_row = None;
    for (row, filled) in cells {
        if last_row.is_some_and(|last| row > last + 1) {
            add_group(builder, name, std::mem::take(&mut group), &mut columns);
        }
        last_row = Some(row);
        group.push((row, filled));
    }
    add_group(builder, name, group, &mut columns);
}

/// `columns` is the header of the table above and where it begins: rows after a gap belong to it when they
/// have no header of their own.
fn add_group(
    builder: &mut Builder,
    name: &str,
    group: Vec<(u32, BTreeMap<u32, String>)>,
    columns: &mut Option<(u32, Vec<String>)>,
) {
    let widest = group.iter().map(|(_, row)| row.len()).max().unwrap_or(0);
    let titles = group
        .iter()
        .take_while(|(_, row)| row.len() == 1 && widest > 1)
        .count();
    let alone = widest == 1 && group.len() == 1;
    for (_, row) in group.iter().take(if alone { 1 } else { titles }) {
        for text in row.values() {
            add_title(builder, text);
        }
    }
    if alone || group.is_empty() {
        return;
    }
    let body = &group[titles..];
    let left = body
        .iter()
        .filter_map(|(_, row)| row.keys().next())
        .min()
        .copied()
        .unwrap_or(0);
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(body.len());
    for (_, row) in body {
        let last = row.keys().next_back().copied().unwrap_or(left);
        let cell = |column| row.get(&column).cloned().unwrap_or_default();
        rows.push((left..=last).map(cell).collect());
    }
    let continued = columns.as_ref().filter(|(from, names)| {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        *from == left
            && width <= names.len()
            && rows.iter().flatten().any(|cell| table::is_value(cell))
    });
    if let Some((_, names)) = continued
        && !table::first_row_is_header(&rows)
    {
        rows.insert(0, names.clone());
        table::add(builder, Some(name), rows, Header::Rows(1));
        return;
    }
    if table::first_row_is_header(&rows) {
        *columns = rows.first().map(|names| (left, names.clone()));
    }
    table::add(builder, Some(name), rows, Header::FindOut);
}

fn add_title(builder: &mut Builder, text: &str) {
    let is_title = text.chars().count() <= 120 && !table::is_value(text);
    if is_title {
        builder.heading(2, text)
    } else {
        builder.paragraph(text)
    }
}

/// A cell's value as a person sees it in this number format.
pub(crate) fn display(value: &DataRef<'_>, format: &str) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(value) => xlsx_number::display(*value as f64, format),
        DataRef::Float(value) => xlsx_number::display(*value, format),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) if moment.is_duration() => xlsx_number::duration(moment.as_f64()),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let days = moment.as_f64();
            let date = format!("{day:02}.{month:02}.{year}");
            let time = if second == 0 {
                format!("{hour:02}:{minute:02}")
            } else {
                format!("{hour:02}:{minute:02}:{second:02}")
            };
            match (days < 1.0, days.fract() == 0.0) {
                (true, _) => time,
                (false, true) => date,
                (false, false) => format!("{date} {time}"),
            }
        }
        DataRef::DateTimeIso(text) => iso_date(text),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// `2026-03-15T00:00:00` as `15.03.2026`.
fn iso_date(text: &str) -> String {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else {
        return text.to_owned();
    };
    let time = time.trim_end_matches('Z').trim_end_matches(":00");
    let midnight = time.is_empty() || time == "00:00" || time == "00";
    if midnight {
        format!("{day}.{month}.{year}")
    } else {
        format!("{day}.{month}.{year} {time}")
    }
}

fn cause(error: &XlsxError) -> ReadFailure {
    match error {
        XlsxError::Password => ReadFailure::Encrypted,
        _ => ReadFailure::Damaged,
    }
}
