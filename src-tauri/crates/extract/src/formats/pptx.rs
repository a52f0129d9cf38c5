//! PowerPoint presentations: each slide a page, its title a heading, then texts, tables and speaker notes.

use std::collections::HashMap;

use domain::document::{ReadFailure, ReadNote};

use crate::blocks::Builder;
use crate::format::Progress;
use crate::formats::chart;
use crate::images;
use crate::limits;
use crate::package::{Package, relations};
use crate::table::{self, Header};
use crate::xml::{self, Element, Node};

/// Reads a presentation.
pub(crate) fn read(
    bytes: &[u8],
    builder: &mut Builder,
    progress: Progress<'_>,
) -> Result<(), ReadFailure> {
    let mut package = Package::open(bytes)?;
    builder.title = package.title()?;
    let main = package
        .main_part("ppt/")
        .unwrap_or("ppt/presentation.xml")
        .to_owned();
    let slides = slides(&mut package, &main)?;
    let total = u32::try_from(slides.len()).unwrap_or(u32::MAX);
    builder.report.pages = total;
    for (number, slide) in (1..).zip(&slides) {
        progress(number - 1, total);
        if builder.is_full() {
            break;
        }
        let Some(part) = package.part(slide)? else {
            builder.note(ReadNote::SomeTextUnreadable);
            continue;
        };
        builder.set_page(number);
        read_slide(&part, builder, Kind::Slide)?;
        chart::add_of(&mut package, slide, builder)?;
        let notes = relations(&mut package, slide)?
            .into_iter()
            .find(|relation| relation.kind == "notesSlide");
        if let Some(notes) = notes
            && let Some(part) = package.part(&notes.target)?
        {
            read_slide(&part, builder, Kind::Notes)?;
        }
    }
    progress(total, total);
    Ok(())
}

/// The parts of the visible slides in the order in which they are shown.
fn slides(package: &mut Package<'_>, main: &str) -> Result<Vec<String>, ReadFailure> {
    let Some(part) = package.part(main)? else {
        return Err(ReadFailure::Damaged);
    };
    let known = relations(package, main)?.into_iter();
    let mut known: HashMap<String, String> = known
        .map(|relation| (relation.id, relation.target))
        .collect();
    let mut slides = Vec::new();
    xml::walk(&part, |node| {
        if let Node::Open(element) = node
            && element.name == "sldId"
            && slides.len() < limits::PDF_PAGES
        {
            // Both `id` and `r:id`: the relation's is the one that is known.
            let ids = element.attributes("id");
            // A slide is shown once: no presentation names one twice.
            slides.extend(ids.iter().find_map(|id| known.remove(id)));
        }
        Ok(())
    })?;
    Ok(slides)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Slide,
    Notes,
}

fn read_slide(part: &[u8], builder: &mut Builder, kind: Kind) -> Result<(), ReadFailure> {
    let mut slide = Slide {
        builder,
        kind,
        is_hidden: false,
        placeholder: String::new(),
        text: String::new(),
        in_text: false,
        in_picture: false,
        is_listed: false,
        row: None,
        rows: Vec::new(),
    };
    xml::walk(part, |node| {
        match node {
            Node::Open(element) => slide.open(&element),
            Node::Close(name) => slide.close(name),
            Node::Text(text) => {
                if slide.in_text {
                    slide.text.push_str(text);
                }
            }
        }
        Ok(())
    })
}

struct Slide<'b> {
    builder: &'b mut Builder,
    kind: Kind,
    is_hidden: bool,
    /// What the shape stands in for: `title`, `body`, `sldNum` …
    placeholder: String,
    /// The paragraph at hand.
    text: String,
    in_text: bool,
    in_picture: bool,
    is_listed: bool,
    /// The row of the table at hand.
    row: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
}

impl Slide<'_> {
    fn open(&mut self, element: &Element<'_>) {
        match element.name {
            "sld" if element.attribute("show").as_deref() == Some("0") => {
                self.is_hidden = true;
                self.builder.note(ReadNote::HiddenPartsSkipped);
            }
            "sp" => self.placeholder.clear(),
            "ph" => self.placeholder = element.attribute("type").unwrap_or("body".to_owned()),
            "pic" => {
                self.builder.report.images += 1;
                self.in_picture = true;
            }
            "cNvPr" if self.in_picture && !self.is_hidden => {
                let said = images::said(&element.attribute("descr").unwrap_or_default(), "");
                self.builder.paragraph(&said.unwrap_or_default());
            }
            "buChar" | "buAutoNum" => self.is_listed = true,
            "t" => self.in_text = true,
            "br" => self.text.push('\n'),
            "tr" => self.row = Some(Vec::new()),
            "tc" => self.text.clear(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "pic" => self.in_picture = false,
            "p" if self.row.is_some() => self.text.push('\n'),
            "p" => self.add_paragraph(),
            "tc" => {
                let cell = std::mem::take(&mut self.text);
                if let Some(row) = &mut self.row {
                    row.push(cell.trim().to_owned());
                }
            }
            "tr" => self.rows.extend(self.row.take()),
            "tbl" => {
                let rows = std::mem::take(&mut self.rows);
                if !self.is_hidden {
                    table::add(self.builder, None, rows, Header::FindOut);
                }
            }
            _ => {}
        }
    }

    fn add_paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        let is_listed = std::mem::take(&mut self.is_listed);
        if self.is_hidden || text.trim().is_empty() {
            return;
        }
        match (self.kind, self.placeholder.as_str()) {
            // The number and the date of the slide, and the slide's own picture in its notes.
            (_, "sldNum" | "dt" | "ftr" | "hdr" | "sldImg") => {}
            (Kind::Slide, "title" | "ctrTitle") => self.builder.heading(1, &text),
            (Kind::Slide, _) if is_listed => self.builder.item(&text),
            _ => self.builder.paragraph(&text),
        }
    }
}
