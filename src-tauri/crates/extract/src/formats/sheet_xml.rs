//! Workbooks as one XML text (SpreadsheetML of 2003), which banks and bookkeeping programs save under the name
//! of an Excel file.

use domain::document::{ReadFailure, ReadNote};

use crate::blocks::Builder;
use crate::formats::grid::{self, Cells};
use crate::formats::xlsx;
use crate::limits::{self, Room};
use crate::xml::{self, Element, Node};

/// True when the text begins as such a workbook does.
pub(crate) fn begins(head: &str) -> bool {
    head.starts_with("<?xml") && head.contains("urn:schemas-microsoft-com:office:spreadsheet")
}

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) -> Result<(), ReadFailure> {
    let mut reader = Reader {
        builder,
        name: String::new(),
        cells: Cells::new(),
        row: 0,
        column: 0,
        across: 0,
        is_date: false,
        text: None,
        room: Room::for_cells(),
    };
    xml::walk(bytes, |node| {
        match node {
            Node::Open(element) => reader.open(&element),
            Node::Close(name) => reader.close(name),
            Node::Text(text) => {
                if let Some(open) = &mut reader.text {
                    open.push_str(text);
                }
            }
        }
        Ok(())
    })
}

struct Reader<'b> {
    builder: &'b mut Builder,
    name: String,
    cells: Cells,
    /// Where the next row and cell stand, from 0.
    row: u32,
    column: u32,
    /// Further columns that the cell at hand covers.
    across: u32,
    is_date: bool,
    /// The text of an open cell.
    text: Option<String>,
    room: Room,
}

impl Reader<'_> {
    fn open(&mut self, element: &Element<'_>) {
        let number = |name: &str| element.attribute(name).and_then(|value| value.parse().ok());
        match element.name {
            "Worksheet" => {
                self.name = element.attribute("Name").unwrap_or_default();
                self.builder.report.sheets += 1;
                self.builder.set_page(self.builder.report.sheets);
                (self.row, self.column) = (0, 0);
            }
            // Places count from 1.
            "Row" => {
                let told = number("Index").unwrap_or(0_u32).checked_sub(1);
                self.row = told.unwrap_or(self.row);
                self.column = 0;
            }
            "Cell" => {
                let told = number("Index").unwrap_or(0_u32).checked_sub(1);
                self.column = told.unwrap_or(self.column);
                self.across = number("MergeAcross").unwrap_or(0);
            }
            "Data" => {
                self.is_date = element.attribute("Type").as_deref() == Some("DateTime");
                self.text = Some(String::new());
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "Data" => self.close_text(),
            "Cell" => self.column = self.column.saturating_add(1).saturating_add(self.across),
            "Row" => self.row = self.row.saturating_add(1),
            "Worksheet" => {
                grid::add_named(self.builder, &self.name, std::mem::take(&mut self.cells));
            }
            _ => {}
        }
    }

    fn close_text(&mut self) {
        let text = self.text.take().unwrap_or_default();
        let text = if self.is_date {
            xlsx::iso_date(&text)
        } else {
            text
        };
        let fits = self.column < limits::COLUMNS as u32 && self.room.take(&text);
        if !fits {
            self.builder.note(ReadNote::CutAtLimit);
        } else if !text.trim().is_empty() {
            let row = self.cells.entry(self.row).or_default();
            row.insert(self.column, text);
        }
    }
}
