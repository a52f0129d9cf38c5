//! Old, binary and foreign spreadsheets: cells -> the same tables as a workbook of today gives.

use std::io::Cursor;

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError};
use domain::document::{ReadFailure, ReadNote};

use crate::blocks::Builder;
use crate::format::Progress;
use crate::formats::grid::{self, Cells};
use crate::formats::xlsx;
use crate::limits;
use crate::package::Package;

/// Reads an Excel workbook of 1997 to 2003.
pub(crate) fn read_xls(
    bytes: &[u8],
    builder: &mut Builder,
    progress: Progress<'_>,
) -> Result<(), ReadFailure> {
    let workbook = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => ReadFailure::Encrypted,
        _ => ReadFailure::Damaged,
    })?;
    read_all(workbook, builder, progress)
}

/// Reads a binary workbook.
pub(crate) fn read_xlsb(
    bytes: &[u8],
    builder: &mut Builder,
    progress: Progress<'_>,
) -> Result<(), ReadFailure> {
    let mut package = Package::open(bytes)?;
    package.check_contents([])?;
    drop(package);
    let workbook = Xlsb::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsbError::Password => ReadFailure::Encrypted,
        _ => ReadFailure::Damaged,
    })?;
    read_all(workbook, builder, progress)
}

fn read_all<'b, W: Reader<Cursor<&'b [u8]>>>(
    mut workbook: W,
    builder: &mut Builder,
    progress: Progress<'_>,
) -> Result<(), ReadFailure> {
    let sheets = workbook.sheets_metadata().to_vec();
    let total = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
    let mut any_failed = false;
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
        let Ok(range) = workbook.worksheet_range(&sheet.name) else {
            any_failed = true;
            continue;
        };
        let (top, left) = range.start().unwrap_or_default();
        let mut cells = Cells::new();
        for (row, column, value) in range.used_cells() {
            let text = xlsx::display(&as_shown(value), "General");
            if column >= limits::COLUMNS {
                builder.note(ReadNote::CutAtLimit);
            } else if !text.trim().is_empty() {
                let row = cells.entry(top + row as u32).or_default();
                row.insert(left + column as u32, text);
            }
        }
        grid::add_named(builder, &sheet.name, cells);
    }
    progress(total, total);
    match any_failed {
        true if builder.report.words == 0 => Err(ReadFailure::Damaged),
        true => {
            builder.note(ReadNote::SomeTextUnreadable);
            Ok(())
        }
        false => Ok(()),
    }
}

fn as_shown(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}
