//! Cutting a document into passages along its structure.
//!
//! A passage is what is found, shown and quoted, so it follows headings, paragraphs, lists and table rows
//! and is cut inside a paragraph only when that alone is too long. Sizes are estimated tokens of a
//! multilingual embedder (XLM-R's vocabulary), which reads 512 at most.

use domain::document::{Block, BlockKind};
use domain::language::Language;
use domain::sentence::sentences;

use crate::language::language;

/// From this many tokens on, a passage is full and the next paragraph begins another.
const ENOUGH: usize = 200;
/// No passage of whole sentences is longer; a table row and a word may be.
const MOST: usize = 300;
/// The last sentences of a cut text that are repeated in its next piece: not more tokens than this.
const OVERLAP: usize = 60;
/// Rows of one table in one passage: few, so that a price is answered from its own row.
const MOST_ROWS: usize = 4;
/// Tokens of the rows in one passage, unless one row alone is longer.
const MOST_ROW_TOKENS: usize = 100;
/// A line before a list is its introduction up to this many tokens.
const INTRODUCTION: usize = 60;

/// A passage before it has an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageDraft {
    /// What is quoted: the document's text from `start` to `end`; table rows as `Column: cell; Column: cell`,
    /// one a line.
    pub text: String,
    /// The headings above it, outermost first; then a table's name, or the line that introduces its list
    /// where that stands in an earlier passage.
    pub headings: Vec<String>,
    /// Page it begins on, from 1.
    pub page: Option<u32>,
    /// Where it begins in the document's text, in Unicode scalar values.
    pub start: u32,
    /// Where it ends (exclusive), in Unicode scalar values.
    pub end: u32,
    /// Its language; the document's where it is too short to tell.
    pub language: Language,
    /// True when it is rows of a table.
    pub table: bool,
}

/// Cuts a document into passages, in reading order. Nothing but headings that have text below them is left
/// out; a heading without any is a passage itself.
pub fn passages(blocks: &[Block]) -> Vec<PassageDraft> {
    let mut packer = Packer {
        blocks,
        headings: Vec::new(),
        bare_heading: None,
        open: None,
        made: Vec::new(),
    };
    let mut at = 0;
    while at < blocks.len() {
        at = match &blocks[at].kind {
            BlockKind::Heading { level } => packer.heading(at, *level),
            BlockKind::TableRow { .. } => packer.rows(at),
            BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Code => packer.group(at),
        };
    }
    packer.close();
    packer.close_bare_heading(None);
    let of_document = document_language(blocks);
    for passage in &mut packer.made {
        passage.language = match language(&passage.text) {
            Language::UNKNOWN => of_document,
            found => found,
        };
    }
    packer.made
}

/// How many tokens a multilingual embedder would make of a text, estimated: a word has one and one more
/// for each six further Latin or five further Cyrillic letters, digits come in threes, other signs alone.
pub fn tokens(text: &str) -> usize {
    let mut total = 0;
    let mut letters: usize = 0;
    let mut piece = 6;
    for c in text.chars() {
        let is_alone = c as u32 >= 0x2E80 || !(c.is_alphanumeric() || c.is_whitespace());
        if c.is_alphanumeric() && !is_alone {
            piece = match c {
                '0'..='9' => 3,
                c if (c as u32) < 0x300 => 6,
                _ => 5,
            };
            letters += 1;
            continue;
        }
        total += letters.div_ceil(piece) + usize::from(is_alone);
        letters = 0;
    }
    total + letters.div_ceil(piece)
}

/// Consecutive blocks that become one passage.
struct Open {
    first: usize,
    last: usize,
    tokens: usize,
    introduction: Option<usize>,
}

struct Packer<'a> {
    blocks: &'a [Block],
    headings: Vec<(u8, String)>,
    /// The heading that nothing stands under yet.
    bare_heading: Option<(usize, u8)>,
    open: Option<Open>,
    made: Vec<PassageDraft>,
}

impl Packer<'_> {
    fn heading(&mut self, at: usize, level: u8) -> usize {
        self.close();
        self.close_bare_heading(Some(level));
        self.headings.retain(|(above, _)| *above < level);
        self.headings.push((level, self.blocks[at].text.clone()));
        self.bare_heading = Some((at, level));
        at + 1
    }

    /// A heading followed by one of its own rank or higher has nothing below it: it is text itself.
    fn close_bare_heading(&mut self, next: Option<u8>) {
        let Some((at, level)) = self.bare_heading.take() else {
            return;
        };
        if next.is_some_and(|next| next > level) {
            return;
        }
        let above = self.headings.iter().filter(|(above, _)| *above < level);
        let headings = above.map(|(_, text)| text.clone()).collect();
        let block = &self.blocks[at];
        self.make(
            block.text.clone(),
            headings,
            block.page,
            block.start,
            end_of(block),
            false,
        );
    }

    /// A paragraph, or a list with the line that introduces it.
    fn group(&mut self, at: usize) -> usize {
        self.bare_heading = None;
        let is_item = |at: usize| matches!(self.blocks.get(at), Some(block) if block.kind == BlockKind::ListItem);
        let introduces = self.blocks[at].kind == BlockKind::Paragraph
            && is_item(at + 1)
            && tokens(&self.blocks[at].text) <= INTRODUCTION;
        let mut next = at + 1;
        if introduces || is_item(at) {
            while is_item(next) {
                next += 1;
            }
        }
        let size: usize = self.blocks[at..next]
            .iter()
            .map(|block| tokens(&block.text))
            .sum();
        if size <= MOST {
            self.add(at, next - 1, size, None);
            return next;
        }
        let introduction = introduces.then_some(at);
        let mut block = at;
        if introduces {
            // The introduction is never the last line of a passage.
            let size = tokens(&self.blocks[at].text) + tokens(&self.blocks[at + 1].text);
            if size <= MOST {
                self.add(at, at + 1, size, None);
                block = at + 2;
            }
        }
        for at in block..next {
            self.add(
                at,
                at,
                tokens(&self.blocks[at].text),
                introduction.filter(|first| *first < at),
            );
        }
        next
    }

    fn add(&mut self, first: usize, last: usize, size: usize, introduction: Option<usize>) {
        let is_full = self
            .open
            .as_ref()
            .is_some_and(|open| open.tokens >= ENOUGH || open.tokens + size > MOST);
        if is_full {
            self.close();
        }
        if size > MOST && first == last {
            self.close();
            self.cut(first, introduction);
            return;
        }
        match &mut self.open {
            Some(open) => {
                open.last = last;
                open.tokens += size;
            }
            None => {
                self.open = Some(Open {
                    first,
                    last,
                    tokens: size,
                    introduction,
                })
            }
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else {
            return;
        };
        let blocks = &self.blocks[open.first..=open.last];
        let text = blocks
            .iter()
            .map(|block| block.text.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let (page, start, end) = (
            blocks[0].page,
            blocks[0].start,
            end_of(&blocks[blocks.len() - 1]),
        );
        let headings = self.path(open.introduction);
        self.make(text, headings, page, start, end, false);
    }

    /// One block that is too long: pieces of whole sentences that overlap by the last one or two.
    fn cut(&mut self, at: usize, introduction: Option<usize>) {
        let block = &self.blocks[at];
        let (text, page) = (&block.text, block.page);
        let parts = short_parts(text);
        let mut chars = CharCount {
            text,
            byte: 0,
            chars: block.start,
        };
        let mut first = 0;
        while first < parts.len() {
            let mut last = first;
            let mut size = parts[first].1;
            while last + 1 < parts.len() && size + parts[last + 1].1 <= MOST {
                last += 1;
                size += parts[last].1;
            }
            let bytes = parts[first].0.start..parts[last].0.end;
            let start = chars.at(bytes.start);
            let piece = &text[bytes];
            let end = start + piece.chars().count() as u32;
            let headings = self.path(introduction);
            self.make(piece.to_owned(), headings, page, start, end, false);
            if last + 1 == parts.len() {
                break;
            }
            let mut next = last + 1;
            let mut overlap = 0;
            while next > first + 1 && last + 1 - next < 2 && overlap + parts[next - 1].1 <= OVERLAP
            {
                next -= 1;
                overlap += parts[next].1;
            }
            first = next;
        }
    }

    /// The rows of one table from `at` on, a few to a passage.
    fn rows(&mut self, at: usize) -> usize {
        self.close();
        self.bare_heading = None;
        let mut first = at;
        let mut texts: Vec<String> = Vec::new();
        let mut size = 0;
        let mut next = at;
        while let Some(row) = self
            .blocks
            .get(next)
            .and_then(|block| row_of_same_table(&self.blocks[at], block))
        {
            let of_row = tokens(&row);
            let is_full = texts.len() == MOST_ROWS || size + of_row > MOST_ROW_TOKENS;
            if is_full && !texts.is_empty() {
                self.make_rows(first, next - 1, &texts);
                texts.clear();
                size = 0;
                first = next;
            }
            texts.push(row);
            size += of_row;
            next += 1;
        }
        self.make_rows(first, next - 1, &texts);
        next
    }

    fn make_rows(&mut self, first: usize, last: usize, texts: &[String]) {
        let mut headings = self.path(None);
        if let BlockKind::TableRow {
            table: Some(name), ..
        } = &self.blocks[first].kind
            && !name.is_empty()
            && headings.last() != Some(name)
        {
            headings.push(name.clone());
        }
        let (page, start, end) = (
            self.blocks[first].page,
            self.blocks[first].start,
            end_of(&self.blocks[last]),
        );
        self.make(texts.join("\n"), headings, page, start, end, true);
    }

    fn path(&self, introduction: Option<usize>) -> Vec<String> {
        let introduction = introduction.map(|at| self.blocks[at].text.clone());
        self.headings
            .iter()
            .map(|(_, text)| text.clone())
            .chain(introduction)
            .collect()
    }

    fn make(
        &mut self,
        text: String,
        headings: Vec<String>,
        page: Option<u32>,
        start: u32,
        end: u32,
        table: bool,
    ) {
        let language = Language::UNKNOWN;
        self.made.push(PassageDraft {
            text,
            headings,
            page,
            start,
            end,
            language,
            table,
        });
    }
}

fn end_of(block: &Block) -> u32 {
    block.start + block.text.chars().count() as u32
}

/// `Column: cell; Column: cell` when the block is a row of the same table as `first`.
fn row_of_same_table(first: &Block, block: &Block) -> Option<String> {
    let BlockKind::TableRow {
        header: of_first,
        table: table_of_first,
        row: row_of_first,
        ..
    } = &first.kind
    else {
        return None;
    };
    let BlockKind::TableRow {
        header,
        cells,
        table,
        row,
    } = &block.kind
    else {
        return None;
    };
    let is_next_table = row <= row_of_first && block.start != first.start;
    if header != of_first || table != table_of_first || block.page != first.page || is_next_table {
        return None;
    }
    let named: Vec<String> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.trim().is_empty())
        .map(|(column, cell)| {
            match header
                .get(column)
                .map(|name| name.trim().trim_end_matches(':'))
            {
                Some(name) if !name.is_empty() => format!("{name}: {cell}"),
                _ => cell.clone(),
            }
        })
        .collect();
    // A row is one line, so that it can be quoted as one sentence.
    match named.is_empty() {
        true => Some(block.text.clone()),
        false => Some(named.join("; ").replace(['\n', '\r'], " ")),
    }
}

/// The sentences of a text with their tokens; one that is too long itself is cut at spaces.
fn short_parts(text: &str) -> Vec<(std::ops::Range<usize>, usize)> {
    let mut parts = Vec::new();
    for sentence in sentences(text) {
        let size = tokens(&text[sentence.clone()]);
        if size <= MOST {
            parts.push((sentence, size));
            continue;
        }
        let mut rest = sentence;
        while !rest.is_empty() {
            let end = rest.start + longest_fitting(&text[rest.clone()]);
            let piece = text[rest.start..end].trim_end();
            parts.push((rest.start..rest.start + piece.len(), tokens(piece)));
            let gap = text[end..rest.end].len() - text[end..rest.end].trim_start().len();
            rest = end + gap..rest.end;
        }
    }
    parts
}

/// Bytes of the longest beginning of whole words that is at most `MOST` tokens; inside the word where there
/// is but one.
fn longest_fitting(text: &str) -> usize {
    let mut end = 0;
    let mut size = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let of_word = tokens(word);
        if size + of_word > MOST {
            break;
        }
        size += of_word;
        end += word.len();
    }
    if end > 0 {
        return end;
    }
    // One word of hundreds of tokens: three characters a token is safe in every script.
    text.char_indices()
        .nth(MOST)
        .map_or(text.len(), |(at, _)| at)
}

/// Counts characters up to bytes that mostly grow, without starting over each time.
struct CharCount<'a> {
    text: &'a str,
    byte: usize,
    chars: u32,
}

impl CharCount<'_> {
    fn at(&mut self, byte: usize) -> u32 {
        if byte >= self.byte {
            self.chars += self.text[self.byte..byte].chars().count() as u32;
        } else {
            self.chars -= self.text[byte..self.byte].chars().count() as u32;
        }
        self.byte = byte;
        self.chars
    }
}

fn document_language(blocks: &[Block]) -> Language {
    let mut sample = String::new();
    for block in blocks {
        if sample.len() > 8_000 {
            break;
        }
        sample.push_str(&block.text);
        sample.push('\n');
    }
    language(&sample)
}
