//! Excel workbooks: each sheet a table, cells as a person sees them.

use std::io::Cursor;

use calamine::{DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use domain::document::{ReadFailure, ReadNote};

use crate::blocks::Builder;
use crate::format::Progress;
use crate::formats::grid::{self, Cells};
use crate::formats::xlsx_number;
use crate::limits;
use crate::package::Package;

/// Reads a workbook.
pub(crate) fn read(
    bytes: &[u8],
    builder: &mut Builder,
    progress: Progress<'_>,
) -> Result<(), ReadFailure> {
    let mut package = Package::open(bytes)?;
    let [has_merged] = package.check_contents(["mergeCell"])?;
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
        match read_sheet(&mut workbook, &sheet.name, has_merged, builder) {
            Ok(cells) => grid::add_named(builder, &sheet.name, cells),
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

fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    has_merged: bool,
    builder: &mut Builder,
) -> Result<Cells, XlsxError> {
    // They stand behind all cells, so that the whole sheet is read to find them.
    let merged = match has_merged {
        true => workbook.merge_cells_by_sheet_name(name).unwrap_or_default(),
        false => Vec::new(),
    };
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
    let mut room = MERGED_STEPS;
    for area in &merged {
        if !fill_merged(&mut cells, area, &mut room) {
            builder.note(ReadNote::CutAtLimit);
            break;
        }
    }
    Ok(cells)
}

/// Most places that all merged cells of a sheet are followed to.
const MERGED_STEPS: usize = 2_000_000;

/// A merged cell stands in each row it covers, so that every row can be understood alone. False when there are
/// too many of them.
fn fill_merged(cells: &mut Cells, area: &Dimensions, room: &mut usize) -> bool {
    let ((top, left), (bottom, _)) = (area.start, area.end);
    *room = room.saturating_sub(1);
    let Some(text) = cells.get(&top).and_then(|row| row.get(&left)).cloned() else {
        return *room > 0;
    };
    // What is merged across columns is one cell; names over several columns are found with the header.
    if bottom <= top {
        return true;
    }
    for (_, row) in cells.range_mut(top..=bottom) {
        let Some(left_over) = room.checked_sub(1 + text.len() / 64) else {
            return false;
        };
        *room = left_over;
        row.entry(left).or_insert_with(|| text.clone());
    }
    true
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
pub(crate) fn iso_date(text: &str) -> String {
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
