//! OpenDocument texts, presentations and spreadsheets: one content, three kinds.

use domain::document::{ReadFailure, ReadNote};

use crate::blocks::Builder;
use crate::formats::grid;
use crate::formats::odf_lists::Lists;
use crate::images;
use crate::limits::{self, Room};
use crate::package::Package;
use crate::table::{self, Header};
use crate::xml::{self, Element, Node};

/// Which of the three it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Presentation,
    Spreadsheet,
}

/// Which kind of OpenDocument a package is, by its `mimetype` entry (ODF 1.3, part 2, 3.3).
pub(crate) fn kind_of(package: &mut Package<'_>) -> Result<Option<Kind>, ReadFailure> {
    let Some(media_type) = package.part("mimetype")? else {
        return Ok(None);
    };
    let media_type = String::from_utf8_lossy(&media_type);
    let Some(name) = media_type
        .trim()
        .strip_prefix("application/vnd.oasis.opendocument.")
    else {
        return Ok(None);
    };
    Ok(match name.trim_end_matches("-template") {
        "text" => Some(Kind::Text),
        "presentation" => Some(Kind::Presentation),
        "spreadsheet" => Some(Kind::Spreadsheet),
        _ => None,
    })
}

/// Reads a document of this kind.
pub(crate) fn read(bytes: &[u8], kind: Kind, builder: &mut Builder) -> Result<(), ReadFailure> {
    let mut package = Package::open(bytes)?;
    if is_encrypted(&mut package)? {
        return Err(ReadFailure::Encrypted);
    }
    builder.title = match package.part("meta.xml")? {
        Some(part) => xml::text_of(&part, "title")?,
        None => None,
    };
    let Some(content) = package.part("content.xml")? else {
        return Err(ReadFailure::Damaged);
    };
    let mut lists = Lists::default();
    if let Some(styles) = package.part("styles.xml")? {
        xml::walk(&styles, |node| {
            if let Node::Open(element) = node {
                lists.open(&element);
            }
            Ok(())
        })?;
    }
    let mut reader = Reader {
        builder,
        kind,
        skipped: 0,
        texts: Vec::new(),
        lists,
        page: 0,
        tables: Vec::new(),
        room: Room::for_cells(),
        description: None,
    };
    xml::walk(&content, |node| reader.take(node))
}

fn is_encrypted(package: &mut Package<'_>) -> Result<bool, ReadFailure> {
    let mut encrypted = false;
    if let Some(manifest) = package.part("META-INF/manifest.xml")? {
        xml::walk(&manifest, |node| {
            encrypted |= matches!(node, Node::Open(element) if element.name == "encryption-data");
            Ok(())
        })?;
    }
    Ok(encrypted)
}

struct Reader<'b> {
    builder: &'b mut Builder,
    kind: Kind,
    /// Depth inside an element that is left out; 0 when outside.
    skipped: usize,
    /// Paragraphs that are open: a note or a frame stands inside one.
    texts: Vec<Text>,
    lists: Lists,
    page: u32,
    tables: Vec<Table>,
    room: Room,
    /// What a picture shows, while it is being read.
    description: Option<String>,
}

struct Text {
    /// The level of a heading.
    level: Option<u8>,
    text: String,
}

#[derive(Default)]
struct Table {
    name: String,
    rows: Vec<Vec<String>>,
    header_rows: usize,
    in_header: bool,
    row: Vec<String>,
    /// How often the row and the cell at hand stand there.
    row_times: usize,
    cell_times: usize,
    cell: String,
    is_row_hidden: bool,
}

/// A row that is repeated more often than this is the empty rest of a sheet.
const MOST_TIMES: usize = 1_000;

impl Reader<'_> {
    fn take(&mut self, node: Node<'_>) -> Result<(), ReadFailure> {
        match node {
            Node::Open(element) if self.skipped > 0 || is_left_out(&element) => {
                if is_hidden(&element) {
                    self.builder.note(ReadNote::HiddenPartsSkipped);
                }
                self.skipped += 1;
            }
            Node::Close(_) if self.skipped > 0 => self.skipped -= 1,
            Node::Text(_) if self.skipped > 0 => {}
            _ if self.builder.is_full() => {}
            Node::Open(element) => self.open(&element)?,
            Node::Close(name) => self.close(name),
            Node::Text(text) => self.push(text),
        }
        Ok(())
    }

    fn open(&mut self, element: &Element<'_>) -> Result<(), ReadFailure> {
        let times = |name: &str| {
            let times = element.attribute(name).and_then(|times| times.parse().ok());
            times.unwrap_or(1_usize)
        };
        match element.name {
            "p" | "h" => {
                if self.texts.len() >= limits::DEPTH {
                    return Err(ReadFailure::Refused);
                }
                let level = element.attribute("outline-level").unwrap_or_default();
                self.texts.push(Text {
                    level: (element.name == "h").then(|| level.parse().unwrap_or(1)),
                    text: String::new(),
                });
            }
            // However many spaces: runs of them become one.
            "s" | "tab" => self.push(" "),
            "line-break" => self.push("\n"),
            "image" => self.builder.report.images += 1,
            "desc" => self.description = Some(String::new()),
            "page" if self.kind == Kind::Presentation => {
                self.page += 1;
                self.builder.report.pages = self.page;
                self.builder.set_page(self.page);
            }
            "table" if self.tables.len() >= limits::DEPTH => return Err(ReadFailure::Refused),
            "table" => {
                if self.kind == Kind::Spreadsheet && self.tables.is_empty() {
                    self.builder.report.sheets += 1;
                    let number = self.builder.report.sheets;
                    self.builder.set_page(number);
                }
                self.tables.push(Table {
                    name: element.attribute("name").unwrap_or_default(),
                    ..Table::default()
                });
            }
            "table-header-rows" => self.table(|table| table.in_header = true),
            "table-row" => {
                let is_hidden = element
                    .attribute("visibility")
                    .is_some_and(|visibility| visibility != "visible");
                let times = times("number-rows-repeated");
                if is_hidden {
                    self.builder.note(ReadNote::HiddenPartsSkipped);
                }
                self.table(|table| {
                    table.row_times = times;
                    table.is_row_hidden = is_hidden;
                });
            }
            "table-cell" | "covered-table-cell" => {
                let times = times("number-columns-repeated");
                self.table(|table| {
                    table.cell.clear();
                    table.cell_times = times;
                });
            }
            _ => self.lists.open(element),
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => self.close_text(),
            "list" => self.lists.close(),
            "table-header-rows" => self.table(|table| table.in_header = false),
            "desc" => self.close_description(),
            "table-cell" | "covered-table-cell" => {
                if let Some(table) = self.tables.last_mut()
                    && !table.close_cell(&mut self.room)
                {
                    self.builder.note(ReadNote::CutAtLimit);
                }
            }
            "table-row" => {
                if let Some(table) = self.tables.last_mut()
                    && !table.close_row(&mut self.room)
                {
                    self.builder.note(ReadNote::CutAtLimit);
                }
            }
            "table" => self.close_table(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(description) = &mut self.description {
            description.push_str(text);
        } else if let Some(open) = self.texts.last_mut() {
            open.text.push_str(text);
        }
    }

    fn table(&mut self, change: impl FnOnce(&mut Table)) {
        if let Some(table) = self.tables.last_mut() {
            change(table);
        }
    }

    fn close_text(&mut self) {
        let Some(Text { level, text }) = self.texts.pop() else {
            return;
        };
        if let Some(table) = self.tables.last_mut() {
            if !table.cell.is_empty() {
                table.cell.push('\n');
            }
            table.cell.push_str(&text);
            return;
        }
        match (level, self.lists.is_open()) {
            (Some(level), _) => self.builder.heading(level, &text),
            (None, false) => self.builder.paragraph(&text),
            (None, true) => {
                let number = self.lists.take_number().unwrap_or_default();
                self.builder.item(&format!("{number}{text}"));
            }
        }
    }

    fn close_description(&mut self) {
        let description = self.description.take().unwrap_or_default();
        let Some(said) = images::said(&description, "") else {
            return;
        };
        match (self.tables.last_mut(), self.texts.last_mut()) {
            (Some(table), None) => table.cell.push_str(&said),
            (_, Some(open)) => open.text.push_str(&format!(" {said} ")),
            (None, None) => self.builder.paragraph(&said),
        }
    }

    fn close_table(&mut self) {
        let Some(table) = self.tables.pop() else {
            return;
        };
        if let Some(outer) = self.tables.last_mut() {
            // A table in a cell: its rows are lines of the cell.
            let lines = table.rows.iter().map(|row| row.join(" | "));
            let text = lines.collect::<Vec<_>>().join("\n");
            outer.cell.push_str(&text);
            return;
        }
        if self.kind == Kind::Spreadsheet {
            grid::add_named(self.builder, &table.name, grid::cells_of(table.rows));
            return;
        }
        let header = match table.header_rows {
            0 => Header::FindOut,
            rows => Header::Rows(rows),
        };
        table::add(self.builder, None, table.rows, header);
    }
}

impl Table {
    /// False when there is no room for it.
    fn close_cell(&mut self, room: &mut Room) -> bool {
        let cell = std::mem::take(&mut self.cell);
        let columns = (limits::COLUMNS + 1).saturating_sub(self.row.len());
        for _ in 0..self.cell_times.min(columns) {
            if !room.take(&cell) {
                return false;
            }
            self.row.push(cell.clone());
        }
        true
    }

    /// False when there is no room for it.
    fn close_row(&mut self, room: &mut Room) -> bool {
        let row = std::mem::take(&mut self.row);
        let is_empty = row.iter().all(|cell| cell.trim().is_empty());
        if self.is_row_hidden || is_empty && self.row_times > MOST_TIMES {
            return true;
        }
        let times = self.row_times.min(MOST_TIMES);
        // One empty row parts two tables as well as many do.
        let times = if is_empty { 1 } else { times };
        for _ in 0..times {
            if !row.iter().all(|cell| room.take(cell)) {
                return false;
            }
            self.rows.push(row.clone());
        }
        self.header_rows += if self.in_header { times } else { 0 };
        true
    }
}

/// Deleted text, comments, forms, and what is marked as hidden.
fn is_left_out(element: &Element<'_>) -> bool {
    matches!(
        element.name,
        "tracked-changes" | "annotation" | "forms" | "hidden-text" | "settings"
    ) || is_hidden(element)
}

fn is_hidden(element: &Element<'_>) -> bool {
    element.name == "section" && element.attribute("display").as_deref() == Some("none")
}
