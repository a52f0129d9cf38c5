//! Word documents: headings, lists, tables, text boxes, footnotes. Deleted and hidden text is left out.

use std::collections::HashMap;

use domain::document::{ReadFailure, ReadNote};

use crate::blocks::Builder;
use crate::formats::chart;
use crate::formats::docx_numbers::Numbers;
use crate::formats::docx_styles::{Role, Styles};
use crate::images;
use crate::limits::{self, Room};
use crate::package::Package;
use crate::table::{self, Header};
use crate::xml::{self, Element, Node};

/// Reads a Word document.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) -> Result<(), ReadFailure> {
    let mut package = Package::open(bytes)?;
    let main = package
        .main_part("word/")
        .unwrap_or("word/document.xml")
        .to_owned();
    let Some(document) = package.part(&main)? else {
        return Err(ReadFailure::Damaged);
    };
    let styles = match package.part("word/styles.xml")? {
        Some(part) => Styles::read(&part)?,
        None => Styles::default(),
    };
    let mut notes = HashMap::new();
    for (part, kind) in [
        ("word/footnotes.xml", "footnote"),
        ("word/endnotes.xml", "endnote"),
    ] {
        if let Some(part) = package.part(part)? {
            read_notes(&part, kind, &mut notes)?;
        }
    }
    let numbers = match package.part("word/numbering.xml")? {
        Some(part) => Numbers::read(&part)?,
        None => Numbers::default(),
    };
    builder.title = package.title()?;
    let mut reader = Reader {
        builder,
        styles,
        numbers,
        notes,
        skipped: 0,
        paragraphs: Vec::new(),
        tables: Vec::new(),
        in_run: false,
        run_hidden: false,
        in_text: false,
        room: Room::for_cells(),
    };
    xml::walk(&document, |node| reader.take(node))?;
    chart::add_of(&mut package, &main, builder)
}

struct Reader<'b> {
    builder: &'b mut Builder,
    styles: Styles,
    numbers: Numbers,
    /// Texts of footnotes and endnotes by `footnote7`.
    notes: HashMap<String, String>,
    /// Depth inside an element that is left out; 0 when outside.
    skipped: usize,
    /// Paragraphs that are open: more than one when a text box stands in one.
    paragraphs: Vec<Paragraph>,
    /// Tables that are open, outermost first.
    tables: Vec<Table>,
    in_run: bool,
    run_hidden: bool,
    in_text: bool,
    room: Room,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: String,
    outline: Option<u8>,
    listed: Option<bool>,
    /// Its numbering and the level in it, where it says so itself.
    numbering: Option<String>,
    level: Option<usize>,
    notes: Vec<String>,
    /// What its pictures show.
    pictures: Vec<String>,
    /// Paragraphs of text boxes, which follow this one.
    boxes: Vec<Paragraph>,
    /// Number of tables that were open where it began.
    depth: usize,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    header_rows: usize,
    row_is_header: bool,
    cell: String,
    span: usize,
    continues: bool,
}

impl Reader<'_> {
    fn take(&mut self, node: Node<'_>) -> Result<(), ReadFailure> {
        match node {
            _ if self.builder.is_full() => {}
            Node::Open(element) if self.skipped > 0 || is_left_out(element.name) => {
                self.skipped += 1
            }
            Node::Close(_) if self.skipped > 0 => self.skipped -= 1,
            Node::Text(_) if self.skipped > 0 => {}
            Node::Open(element) => self.open(&element)?,
            Node::Close(name) => self.close(name),
            Node::Text(text) => {
                if self.in_text {
                    self.push(text);
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, element: &Element<'_>) -> Result<(), ReadFailure> {
        match element.name {
            "p" => self.open_paragraph()?,
            "r" => {
                self.in_run = true;
                self.run_hidden = false;
            }
            "t" => self.in_text = true,
            "tab" | "ptab" if self.in_run => self.push(" "),
            "br" | "cr" if self.in_run => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "vanish" if self.in_run => self.run_hidden = is_on(element),
            "rStyle" => {
                self.run_hidden |= self
                    .styles
                    .hides(&element.attribute("val").unwrap_or_default())
            }
            "blip" | "imagedata" => self.builder.report.images += 1,
            "docPr" => {
                let said = images::said(&element.attribute("descr").unwrap_or_default(), "");
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.pictures.extend(said);
                }
            }
            "footnoteReference" | "endnoteReference" => {
                let kind = element.name.trim_end_matches("Reference");
                let id = format!("{kind}{}", element.attribute("id").unwrap_or_default());
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.notes.push(id);
                }
            }
            // Formulas as one writes them in a line.
            "sup" => self.push("^"),
            "sub" => self.push("_"),
            "num" | "den" => self.push("("),
            "rad" => self.push("√("),
            "chr" => self.push(&element.attribute("val").unwrap_or_default()),
            "pStyle" | "outlineLvl" | "numId" | "ilvl" => self.paragraph_property(element),
            "tbl" if self.tables.len() >= limits::DEPTH => return Err(ReadFailure::Refused),
            "tbl" => self.tables.push(Table::default()),
            _ => self.table_property(element),
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => self.close_paragraph(),
            "num" => self.push(")/"),
            "den" | "rad" => self.push(")"),
            "r" => self.in_run = false,
            "t" => self.in_text = false,
            "tc" => {
                if let Some(table) = self.tables.last_mut()
                    && !table.close_cell(&mut self.room)
                {
                    self.builder.note(ReadNote::CutAtLimit);
                }
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.close_row();
                }
            }
            "tbl" => self.close_table(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if self.in_run && self.run_hidden {
            if !text.trim().is_empty() {
                self.builder.note(ReadNote::HiddenPartsSkipped);
            }
            return;
        }
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn paragraph_property(&mut self, element: &Element<'_>) {
        let value = element.attribute("val").unwrap_or_default();
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        match element.name {
            "pStyle" => paragraph.style = value,
            "outlineLvl" => paragraph.outline = value.parse().ok().filter(|level| *level < 9),
            "ilvl" => paragraph.level = value.parse().ok(),
            _ => {
                paragraph.listed = Some(value != "0");
                paragraph.numbering = Some(value);
            }
        }
    }

    fn table_property(&mut self, element: &Element<'_>) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        match element.name {
            "tr" => {
                table.rows.push(Vec::new());
                table.row_is_header = false;
            }
            "tc" => {
                table.cell.clear();
                table.span = 1;
                table.continues = false;
            }
            "tblHeader" => table.row_is_header = is_on(element),
            "gridSpan" => {
                let span = element
                    .attribute("val")
                    .and_then(|value| value.parse().ok());
                table.span = span.unwrap_or(1).clamp(1, limits::COLUMNS);
            }
            "vMerge" => {
                table.continues = element
                    .attribute("val")
                    .is_none_or(|value| value != "restart")
            }
            _ => {}
        }
    }

    fn open_paragraph(&mut self) -> Result<(), ReadFailure> {
        if self.paragraphs.len() >= limits::DEPTH {
            return Err(ReadFailure::Refused);
        }
        let depth = self.tables.len();
        self.paragraphs.push(Paragraph {
            depth,
            ..Paragraph::default()
        });
        self.in_run = false;
        Ok(())
    }

    fn close_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else {
            return;
        };
        match self.paragraphs.last_mut() {
            Some(outer) => outer.boxes.push(paragraph),
            None => self.add(paragraph),
        }
    }

    /// Adds a paragraph to the cell it stands in, or to the document.
    fn add(&mut self, mut paragraph: Paragraph) {
        if let Some(number) = self.number_of(&paragraph) {
            paragraph.text.insert_str(0, &format!("{number} "));
        }
        if paragraph.depth > 0
            && let Some(table) = self.tables.last_mut()
        {
            push_apart(&mut table.cell, &paragraph.text, "\n");
        } else {
            self.add_block(&paragraph);
        }
        // Each note stands once, however often it is referred to.
        let notes: Vec<String> = paragraph
            .notes
            .iter()
            .filter_map(|id| self.notes.remove(id))
            .collect();
        for note in paragraph.pictures.into_iter().chain(notes) {
            match self.tables.last_mut() {
                Some(table) => push_apart(&mut table.cell, &note, "\n"),
                None => self.builder.paragraph(&note),
            }
        }
        for inner in paragraph.boxes {
            self.add(inner);
        }
    }

    /// The number that Word puts before a paragraph.
    fn number_of(&mut self, paragraph: &Paragraph) -> Option<String> {
        let of_style = self.styles.numbering(&paragraph.style);
        let numbering = paragraph.numbering.as_ref().or(of_style.0.as_ref())?;
        let level = paragraph.level.or(of_style.1);
        let number = self.numbers.next(numbering, level, &paragraph.style);
        number.filter(|_| !paragraph.text.trim().is_empty())
    }

    fn add_block(&mut self, paragraph: &Paragraph) {
        let role = match (
            self.styles.role(&paragraph.style),
            paragraph.outline,
            paragraph.listed,
        ) {
            (role @ (Role::Title | Role::Heading(_)), _, _) => role,
            (_, Some(level), _) => Role::Heading(level + 1),
            (_, None, Some(true)) => Role::List,
            (_, None, Some(false)) => Role::Text,
            (role, None, None) => role,
        };
        match role {
            Role::Title => {
                if self.builder.title.is_none() {
                    self.builder.title = Some(paragraph.text.clone());
                }
                self.builder.heading(1, &paragraph.text);
            }
            Role::Heading(level) => self.builder.heading(level, &paragraph.text),
            Role::List => self.builder.item(&paragraph.text),
            Role::Text => self.builder.paragraph(&paragraph.text),
        }
    }

    fn close_table(&mut self) {
        let Some(table) = self.tables.pop() else {
            return;
        };
        if let Some(outer) = self.tables.last_mut() {
            for row in &table.rows {
                push_apart(&mut outer.cell, &row.join(" "), "\n");
            }
            return;
        }
        let width = table.rows.iter().map(Vec::len).max().unwrap_or(0);
        if width < 2 {
            // A frame around text, not a table.
            for cell in table.rows.iter().flatten() {
                self.builder.paragraph(cell);
            }
            return;
        }
        let header = match table.header_rows {
            0 => Header::FindOut,
            count => Header::Rows(count),
        };
        table::add(self.builder, None, table.rows, header);
    }
}

impl Table {
    /// False when there is no room for it.
    fn close_cell(&mut self, room: &mut Room) -> bool {
        let column = self.rows.last().map_or(0, Vec::len);
        let above = self
            .rows
            .len()
            .checked_sub(2)
            .and_then(|above| self.rows[above].get(column))
            .cloned();
        let text = match above {
            Some(above) if self.continues => above,
            _ => std::mem::take(&mut self.cell),
        };
        let span = self.span;
        if let Some(row) = self.rows.last_mut()
            && row.len() <= limits::COLUMNS
        {
            let fitting = (0..span).take_while(|_| room.take(&text)).count();
            row.extend(std::iter::repeat_n(text, fitting));
            self.cell.clear();
            return fitting == span;
        }
        self.cell.clear();
        true
    }

    fn close_row(&mut self) {
        if self.row_is_header && self.header_rows + 1 == self.rows.len() {
            self.header_rows += 1;
        }
    }
}

/// Deleted text, drawings repeated for old programs, field codes, former properties.
fn is_left_out(name: &str) -> bool {
    matches!(
        name,
        "del"
            | "moveFrom"
            | "Fallback"
            | "instrText"
            | "delText"
            | "delInstrText"
            | "rPrChange"
            | "pPrChange"
            | "tblPrChange"
            | "tcPrChange"
            | "trPrChange"
            | "sectPrChange"
            | "sdtPr"
            | "sectPr"
    )
}

fn is_on(element: &Element<'_>) -> bool {
    !matches!(
        element.attribute("val").as_deref(),
        Some("0" | "false" | "off")
    )
}

fn push_apart(text: &mut String, more: &str, separator: &str) {
    if more.trim().is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push_str(separator);
    }
    text.push_str(more);
}

fn read_notes(
    part: &[u8],
    kind: &str,
    notes: &mut HashMap<String, String>,
) -> Result<(), ReadFailure> {
    let mut id = String::new();
    let mut in_text = false;
    xml::walk(part, |node| {
        match node {
            Node::Open(element) if element.name == kind => {
                id = format!("{kind}{}", element.attribute("id").unwrap_or_default());
            }
            Node::Open(element) => in_text = element.name == "t",
            Node::Close(name) => {
                in_text = false;
                if name == "p"
                    && let Some(note) = notes.get_mut(&id)
                {
                    note.push('\n');
                }
            }
            Node::Text(text) => {
                if in_text {
                    notes.entry(id.clone()).or_default().push_str(text);
                }
            }
        }
        Ok(())
    })
}
