//! Tables of HTML: spans filled in, header rows told from the others.

use domain::document::ReadNote;
use scraper::ElementRef;

use crate::blocks::Builder;
use crate::formats::html::line_of;
use crate::limits::{self, Room};
use crate::table::{self, Header};

/// Largest `rowspan` that is followed.
const ROW_SPAN: usize = 1000;

/// Adds a table of data; false when the table only lays out the page, so that its cells are read as text.
pub(crate) fn add(table: ElementRef<'_>, builder: &mut Builder, room: &mut Room) -> bool {
    // Looked at first: a page of tables in tables costs no more than its length then.
    let nested = table
        .descendent_elements()
        .skip(1)
        .any(|below| below.value().name() == "table");
    let for_layout = table.value().attr("role") == Some("presentation");
    if nested || for_layout {
        return false;
    }
    let rows = rows_of(table);
    let widest = rows
        .iter()
        .map(|row| cells_of(*row).len())
        .max()
        .unwrap_or(0);
    if widest < 2 {
        return false;
    }
    let caption = table
        .descendent_elements()
        .find(|below| below.value().name() == "caption");
    let caption = caption
        .map(|caption| builder.clean_line(&line_of(*caption)))
        .filter(|text| !text.is_empty());
    let mut grid = Grid::default();
    let mut header = 0;
    for (number, row) in rows.iter().enumerate() {
        let cells = cells_of(*row);
        let all_names = !cells.is_empty() && cells.iter().all(|cell| cell.value().name() == "th");
        if header == number && (all_names || in_head(*row)) {
            header += 1;
        }
        if !grid.add_row(&cells, room) {
            builder.note(ReadNote::CutAtLimit);
            break;
        }
    }
    match header {
        // Programs of bookkeeping write whole sheets as one table, with titles above its header.
        0 => {
            table::add_sheet(builder, caption.as_deref(), grid.rows);
        }
        _ => table::add(builder, caption.as_deref(), grid.rows, Header::Rows(header)),
    }
    true
}

/// Cells laid on columns; a cell that spans stands in each place it covers.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<String>>,
    /// For each column: how many more rows the cell from above covers, and its text.
    covered: Vec<(usize, String)>,
}

impl Grid {
    /// False when there is no room for more.
    fn add_row(&mut self, cells: &[ElementRef<'_>], room: &mut Room) -> bool {
        let mut row = Vec::new();
        let mut fits = true;
        for cell in cells {
            fits &= self.take_covered(&mut row, room);
            let text = line_of(**cell);
            let across = span(cell, "colspan").min(limits::COLUMNS);
            let down = span(cell, "rowspan").min(ROW_SPAN);
            for _ in 0..across {
                let column = row.len();
                fits = fits && room.take(&text);
                if column > limits::COLUMNS || !fits {
                    break;
                }
                if self.covered.len() <= column {
                    self.covered.resize(column + 1, (0, String::new()));
                }
                if down > 1 {
                    self.covered[column] = (down - 1, text.clone());
                }
                row.push(text.clone());
            }
        }
        fits &= self.take_covered(&mut row, room);
        self.rows.push(row);
        fits
    }

    fn take_covered(&mut self, row: &mut Vec<String>, room: &mut Room) -> bool {
        while let Some((left, text)) = self.covered.get_mut(row.len())
            && *left > 0
        {
            *left -= 1;
            if !room.take(text) {
                return false;
            }
            row.push(text.clone());
        }
        true
    }
}

fn span(cell: &ElementRef<'_>, name: &str) -> usize {
    cell.value()
        .attr(name)
        .and_then(|value| value.trim().parse().ok())
        .unwrap_or(1)
        .max(1)
}

fn rows_of(table: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    table
        .descendent_elements()
        .filter(|below| below.value().name() == "tr")
        .collect()
}

fn cells_of(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    row.child_elements()
        .filter(|below| matches!(below.value().name(), "td" | "th"))
        .collect()
}

fn in_head(row: ElementRef<'_>) -> bool {
    let parent = row.parent().and_then(ElementRef::wrap);
    parent.is_some_and(|parent| parent.value().name() == "thead")
}
