//! The one way to make blocks: cleans text, keeps offsets true, counts for the report, stops at the limits.

use domain::document::{Block, BlockKind, ReadFailure, ReadNote, ReadReport, UnreadFile};

use crate::Extracted;
use crate::clean::{self, Lines};
use crate::limits;

/// Collects the blocks of one document in reading order.
pub(crate) struct Builder {
    /// The report so far; formats add what only they know.
    pub(crate) report: ReadReport,
    /// The title, where the format has one.
    pub(crate) title: Option<String>,
    blocks: Vec<Block>,
    page: Option<u32>,
    chars: u32,
    bytes: usize,
    full: bool,
}

impl Builder {
    /// Starts a document of this format (`pdf`, `docx` …).
    pub(crate) fn new(format: &str) -> Builder {
        Builder {
            report: ReadReport {
                format: format.to_owned(),
                ..ReadReport::default()
            },
            title: None,
            blocks: Vec::new(),
            page: None,
            chars: 0,
            bytes: 0,
            full: false,
        }
    }

    /// What follows stands on this page, from 1.
    pub(crate) fn set_page(&mut self, page: u32) {
        self.page = Some(page);
    }

    /// True when a limit is reached: what follows is dropped, so the reader may stop.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// Notes it once.
    pub(crate) fn note(&mut self, note: ReadNote) {
        if !self.report.notes.contains(&note) {
            self.report.notes.push(note);
        }
    }

    /// Says that a file inside could not be read; a long list is cut.
    pub(crate) fn unread(&mut self, file: UnreadFile) {
        self.note(ReadNote::SomeFilesUnreadable);
        if self.report.unread.len() < limits::UNREAD_FILES {
            self.report.unread.push(file);
        }
    }

    /// Adds a heading; level 1 is the highest, deeper than 6 counts as 6.
    pub(crate) fn heading(&mut self, level: u8, text: &str) {
        let level = level.clamp(1, 6);
        let text = self.clean(text, Lines::Join);
        if text.chars().count() > 300 {
            self.add_long(&text, &BlockKind::Paragraph);
            return;
        }
        self.add(text, BlockKind::Heading { level });
    }

    /// Adds running text; line feeds in it stay.
    pub(crate) fn paragraph(&mut self, text: &str) {
        let text = self.clean(text, Lines::Keep);
        self.add_long(&text, &BlockKind::Paragraph);
    }

    /// Adds an item of a list.
    pub(crate) fn item(&mut self, text: &str) {
        let text = self.clean(text, Lines::Keep);
        self.add_long(&text, &BlockKind::ListItem);
    }

    /// Adds text to be kept line by line.
    pub(crate) fn code(&mut self, text: &str) {
        let text = self.clean(text, Lines::Verbatim);
        let text = text.trim_start_matches(['\n', ' ']);
        self.add_long(text, &BlockKind::Code);
    }

    /// Adds a row of a table, the header's row excluded. `cells` are as many as `header` where there is one.
    pub(crate) fn row(
        &mut self,
        table: Option<&str>,
        header: &[String],
        cells: &[String],
        row: u32,
    ) {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| self.clean(cell, Lines::Join))
            .collect();
        let last = cells.iter().rposition(|cell| !cell.is_empty());
        let Some(last) = last else { return };
        // Empty cells at the right say nothing in the text; the kind keeps them.
        let mut text = cells[..=last].join(" | ");
        if text.starts_with(' ') {
            text = text.trim_start().to_owned();
        }
        let kind = BlockKind::TableRow {
            header: header.to_vec(),
            cells,
            table: table.map(str::to_owned),
            row,
        };
        self.add(text, kind);
    }

    /// Adds what a file inside this one was read into, its headings one level lower.
    pub(crate) fn append(&mut self, inner: Extracted) {
        self.report.images = self.report.images.saturating_add(inner.report.images);
        self.report.files = self.report.files.saturating_add(inner.report.files);
        for file in inner.report.unread {
            self.unread(file);
        }
        for note in inner.report.notes {
            self.note(note);
        }
        for block in inner.blocks {
            let kind = match block.kind {
                BlockKind::Heading { level } => BlockKind::Heading {
                    level: level.saturating_add(1).min(6),
                },
                kind => kind,
            };
            self.add(block.text, kind);
        }
    }

    /// Cleans one line of text by the same rules, for headers and titles.
    pub(crate) fn clean_line(&mut self, text: &str) -> String {
        self.clean(text, Lines::Join)
    }

    /// The document, or [`ReadFailure::Empty`].
    pub(crate) fn finish(mut self, media_type: &str) -> Result<Extracted, ReadFailure> {
        if self.blocks.is_empty() {
            return Err(ReadFailure::Empty);
        }
        let title = self
            .title
            .take()
            .map(|title| self.clean(&title, Lines::Join));
        let title = title.map(|title| title.chars().take(300).collect::<String>());
        Ok(Extracted {
            title: title.filter(|title| title.chars().any(char::is_alphanumeric)),
            media_type: media_type.to_owned(),
            blocks: self.blocks,
            report: self.report,
        })
    }

    fn clean(&mut self, text: &str, lines: Lines) -> String {
        let mut hidden = false;
        let cleaned = clean::clean(text, lines, &mut hidden);
        if hidden {
            self.note(ReadNote::HiddenCharactersRemoved);
        }
        cleaned
    }

    fn add_long(&mut self, text: &str, kind: &BlockKind) {
        let mut rest = text;
        while let Some((end, _)) = rest.char_indices().nth(limits::BLOCK_CHARS) {
            let cut = rest[..end]
                .rfind(char::is_whitespace)
                .filter(|&cut| cut > 0)
                .unwrap_or(end);
            self.add(rest[..cut].trim_end().to_owned(), kind.clone());
            rest = rest[cut..].trim_start();
        }
        self.add(rest.to_owned(), kind.clone());
    }

    fn add(&mut self, text: String, kind: BlockKind) {
        if text.is_empty() || self.full {
            return;
        }
        let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let bytes = weight(&text, &kind);
        // The line feed between two blocks counts as a character of the document's text.
        let start = if self.blocks.is_empty() {
            0
        } else {
            self.chars.saturating_add(1)
        };
        let too_long = start.saturating_add(chars) > limits::TEXT_CHARS;
        let too_heavy = self.bytes.saturating_add(bytes) > limits::BLOCK_BYTES;
        if too_long || too_heavy {
            self.full = true;
            self.note(ReadNote::CutAtLimit);
            return;
        }
        if let BlockKind::TableRow { row, .. } = kind {
            self.report.rows = self.report.rows.saturating_add(1);
            if row == 1 {
                self.report.tables = self.report.tables.saturating_add(1);
            }
        }
        self.report.words = self.report.words.saturating_add(clean::words(&text));
        self.chars = start + chars;
        self.bytes += bytes;
        self.blocks.push(Block {
            kind,
            text,
            start,
            page: self.page,
        });
    }
}

fn weight(text: &str, kind: &BlockKind) -> usize {
    let mut bytes = text.len() + size_of::<Block>() + 24;
    if let BlockKind::TableRow {
        header,
        cells,
        table,
        ..
    } = kind
    {
        let strings = header.iter().chain(cells).chain(table);
        bytes += strings
            .map(|text| text.len() + 2 * size_of::<String>())
            .sum::<usize>();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use domain::document::{BlockKind, ReadFailure, ReadNote};

    use super::Builder;
    use crate::limits;

    #[test]
    fn every_block_starts_where_it_says_in_the_joined_text() {
        let mut builder = Builder::new("txt");
        builder.heading(1, " Цены  на\u{a0}2026 ");
        builder.paragraph("first\nsecond\u{200b}");
        builder.item("");
        let header = ["Name".to_owned(), "Price".to_owned()];
        builder.row(
            Some("t"),
            &header,
            &["".to_owned(), " 12 000 ₽".to_owned()],
            1,
        );
        builder.code("\n    x\n      y  \n");
        let extracted = builder.finish("text/plain").unwrap();
        let texts: Vec<&str> = extracted
            .blocks
            .iter()
            .map(|block| block.text.as_str())
            .collect();
        let joined: Vec<char> = texts.join("\n").chars().collect();
        for block in &extracted.blocks {
            let start = block.start as usize;
            let end = start + block.text.chars().count();
            assert_eq!(joined[start..end].iter().collect::<String>(), block.text);
            assert_eq!(block.text.trim(), block.text);
        }
        assert_eq!(
            texts,
            ["Цены на 2026", "first\nsecond", "| 12 000 ₽", "x\n      y"]
        );
        assert_eq!(extracted.report.notes, [ReadNote::HiddenCharactersRemoved]);
    }

    #[test]
    fn a_document_without_text_is_empty() {
        let mut builder = Builder::new("txt");
        builder.paragraph(" \u{200b} \n");
        assert_eq!(builder.finish("text/plain"), Err(ReadFailure::Empty));
    }

    #[test]
    fn text_beyond_the_limit_is_cut_and_noted() {
        let mut builder = Builder::new("txt");
        let long = "words ".repeat(limits::BLOCK_CHARS);
        while !builder.is_full() {
            builder.paragraph(&long);
        }
        let extracted = builder.finish("text/plain").unwrap();
        let last = extracted.blocks.last().unwrap();
        assert!(last.start + last.text.chars().count() as u32 <= limits::TEXT_CHARS);
        assert!(
            extracted
                .blocks
                .iter()
                .all(|block| block.text.chars().count() <= limits::BLOCK_CHARS)
        );
        assert_eq!(extracted.blocks[0].kind, BlockKind::Paragraph);
        assert_eq!(extracted.report.notes, [ReadNote::CutAtLimit]);
    }
}
