//! RTF: words, paragraphs and tables of the text itself; fonts, styles, pictures and fields' instructions are
//! skipped. Control words are those of the RTF specification 1.9.1.

use std::collections::HashMap;

use domain::document::{ReadFailure, ReadNote};
use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252};

use crate::blocks::Builder;
use crate::limits::{self, Room};
use crate::table::{self, Header};

/// Reads an RTF text.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) -> Result<(), ReadFailure> {
    let mut reader = Reader {
        builder,
        groups: vec![Group {
            encoding: WINDOWS_1252,
            ..Group::default()
        }],
        fonts: HashMap::new(),
        levels: HashMap::new(),
        default_encoding: WINDOWS_1252,
        bytes: Vec::new(),
        text: String::new(),
        to_skip: 0,
        cells: Vec::new(),
        room: Room::for_cells(),
        is_full: false,
        rows: Vec::new(),
        in_table: false,
        is_listed: false,
        level: None,
    };
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = match first {
            b'{' => {
                reader.open_group()?;
                after
            }
            b'}' => {
                reader.close_group();
                after
            }
            b'\\' => reader.control(after),
            b'\r' | b'\n' => after,
            byte => {
                reader.byte(*byte);
                after
            }
        };
        if reader.is_full || reader.builder.is_full() {
            break;
        }
    }
    reader.close_paragraph();
    reader.close_table();
    Ok(())
}

/// What a pair of braces keeps to itself.
#[derive(Clone, Copy)]
struct Group {
    /// True inside a destination that is no text.
    is_skipped: bool,
    is_hidden: bool,
    /// True in the table of fonts, whose entries tell encodings.
    in_fonts: bool,
    /// True in the style sheet, whose entries tell levels of headings.
    in_styles: bool,
    style: i32,
    font: i32,
    encoding: &'static Encoding,
    /// Bytes that follow a Unicode character for readers that know none.
    fallback: usize,
}

impl Default for Group {
    fn default() -> Group {
        Group {
            is_skipped: false,
            is_hidden: false,
            in_fonts: false,
            in_styles: false,
            style: 0,
            font: 0,
            encoding: WINDOWS_1252,
            fallback: 1,
        }
    }
}

struct Reader<'b> {
    builder: &'b mut Builder,
    groups: Vec<Group>,
    /// Encodings of fonts by number.
    fonts: HashMap<i32, &'static Encoding>,
    /// Levels of styles by number.
    levels: HashMap<i32, u8>,
    default_encoding: &'static Encoding,
    /// Bytes that wait to be decoded together.
    bytes: Vec<u8>,
    text: String,
    /// Characters still to be skipped after a Unicode one.
    to_skip: usize,
    cells: Vec<String>,
    room: Room,
    /// True when no more cells fit: what follows is dropped.
    is_full: bool,
    rows: Vec<Vec<String>>,
    in_table: bool,
    is_listed: bool,
    level: Option<u8>,
}

/// Most fonts and styles that are remembered.
const MOST_NAMED: usize = 2_000;

/// Destinations that are no text of the document.
const SKIPPED: [&str; 29] = [
    "colortbl",
    "info",
    "pict",
    "object",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "datastore",
    "xmlnstbl",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "filetbl",
    "revtbl",
    "fldinst",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "pgdsctbl",
    "listtext",
    "pntext",
    "bkmkstart",
    "bkmkend",
];

impl Reader<'_> {
    fn group(&mut self) -> &mut Group {
        if self.groups.is_empty() {
            self.groups.push(Group::default());
        }
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn open_group(&mut self) -> Result<(), ReadFailure> {
        self.decode();
        if self.groups.len() > limits::DEPTH * 10 {
            return Err(ReadFailure::Refused);
        }
        let group = *self.group();
        self.groups.push(group);
        Ok(())
    }

    fn close_group(&mut self) {
        self.decode();
        self.to_skip = 0;
        if self.groups.len() > 1 {
            self.groups.pop();
        }
    }

    /// Reads what follows a backslash; gives what is left.
    fn control<'r>(&mut self, after: &'r [u8]) -> &'r [u8] {
        let letters = after
            .iter()
            .take(32)
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        if letters == 0 {
            return self.symbol(after);
        }
        let word = String::from_utf8_lossy(&after[..letters]).into_owned();
        let mut rest = &after[letters..];
        let digits = rest
            .iter()
            .enumerate()
            .take(11)
            .take_while(|(at, byte)| byte.is_ascii_digit() || *at == 0 && **byte == b'-')
            .count();
        let number = std::str::from_utf8(&rest[..digits])
            .ok()
            .and_then(|digits| digits.parse::<i32>().ok());
        rest = &rest[digits..];
        if let [b' ', after @ ..] = rest {
            rest = after;
        }
        if word == "bin" {
            let length = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            return rest.get(length..).unwrap_or_default();
        }
        if word == "u" {
            self.unicode(number.unwrap_or(0));
            return rest;
        }
        self.decode();
        self.word(&word, number);
        rest
    }

    fn symbol<'r>(&mut self, after: &'r [u8]) -> &'r [u8] {
        let Some((first, rest)) = after.split_first() else {
            return &[];
        };
        match first {
            b'\'' => {
                let digits = rest
                    .get(..2)
                    .and_then(|digits| std::str::from_utf8(digits).ok());
                if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.byte(byte);
                    return &rest[2..];
                }
            }
            b'\\' | b'{' | b'}' => self.byte(*first),
            b'~' => self.push(" "),
            b'_' => self.push("-"),
            b'*' => self.group().is_skipped = true,
            b'\r' | b'\n' => self.close_paragraph(),
            _ => {}
        }
        rest
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let is_on = number != Some(0);
        match word {
            "ansicpg" => {
                self.default_encoding = code_page(number.unwrap_or(0));
                self.group().encoding = self.default_encoding;
            }
            "fonttbl" => {
                self.group().in_fonts = true;
                self.group().is_skipped = true;
            }
            "f" => {
                let font = number.unwrap_or(0);
                let known = self.fonts.get(&font).copied();
                let encoding = known.unwrap_or(self.default_encoding);
                let group = self.group();
                group.font = font;
                group.encoding = encoding;
            }
            "fcharset" if self.group().in_fonts => {
                let font = self.group().font;
                let known = of_charset(number.unwrap_or(0));
                if let Some(encoding) = known.filter(|_| self.fonts.len() < MOST_NAMED) {
                    self.fonts.entry(font).or_insert(encoding);
                }
            }
            "uc" => self.group().fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1),
            "v" => self.group().is_hidden = is_on,
            "par" | "sect" | "page" => self.close_paragraph(),
            "pard" => {
                self.in_table = false;
                self.is_listed = false;
                self.level = None;
            }
            "intbl" => self.in_table = true,
            "ls" | "pnlvlblt" => self.is_listed = is_on,
            "stylesheet" => {
                self.group().in_styles = true;
                self.group().is_skipped = true;
            }
            "s" => {
                let style = number.unwrap_or(0);
                self.group().style = style;
                self.level = self.levels.get(&style).copied();
            }
            "outlinelevel" => {
                let level = number
                    .and_then(|level| u8::try_from(level).ok())
                    .filter(|level| *level < 9)
                    .map(|level| level + 1);
                let group = *self.group();
                match (group.in_styles, level) {
                    (true, Some(level)) if self.levels.len() < MOST_NAMED => {
                        self.levels.entry(group.style).or_insert(level);
                    }
                    (true, _) => {}
                    (false, level) => self.level = level,
                }
            }
            "line" => self.push("\n"),
            "tab" => self.push(" "),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "bullet" => self.push("•"),
            "cell" | "nestcell" => {
                let cell = std::mem::take(&mut self.text);
                let fits = self.room.take(&cell);
                if !fits {
                    self.builder.note(ReadNote::CutAtLimit);
                    self.is_full = true;
                }
                if fits && self.cells.len() <= limits::COLUMNS {
                    self.cells.push(cell.trim().to_owned());
                }
            }
            "row" | "nestrow" => {
                let row = std::mem::take(&mut self.cells);
                if !row.is_empty() {
                    self.rows.push(row);
                }
            }
            "shppict" | "pict" => {
                self.builder.report.images += u32::from(word == "pict");
                self.group().is_skipped = true;
            }
            word if SKIPPED.contains(&word) => self.group().is_skipped = true,
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.is_text() {
            self.bytes.push(byte);
        }
    }

    /// A character as a signed 16-bit number; those beyond come in two halves.
    fn unicode(&mut self, number: i32) {
        if !self.bytes.is_empty() {
            self.decode();
        }
        let unit = number as u16;
        self.to_skip = self.group().fallback;
        if !self.is_text() {
            return;
        }
        match char::from_u32(u32::from(unit)) {
            Some(character) => self.text.push(character),
            // The first half waits as a private character for the second one.
            None if unit < 0xDC00 => self
                .text
                .extend(char::from_u32(HALF + u32::from(unit - 0xD800))),
            None => {
                let first = self.text.pop().map_or(0, u32::from);
                if let Some(high) = first.checked_sub(HALF).filter(|high| *high < 0x400) {
                    let code = 0x10000 + (high << 10) + u32::from(unit - 0xDC00);
                    self.text.extend(char::from_u32(code));
                }
            }
        }
    }

    fn is_text(&mut self) -> bool {
        let group = *self.group();
        if group.is_hidden && !group.is_skipped {
            self.builder.note(ReadNote::HiddenPartsSkipped);
        }
        !group.is_skipped && !group.is_hidden
    }

    fn decode(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let (text, _) = self.group().encoding.decode_without_bom_handling(&bytes);
        self.text.push_str(&text);
    }

    fn push(&mut self, text: &str) {
        self.decode();
        if self.is_text() {
            self.text.push_str(text);
        }
    }

    fn close_paragraph(&mut self) {
        self.decode();
        if self.in_table {
            self.text.push('\n');
            return;
        }
        self.close_table();
        let text = std::mem::take(&mut self.text);
        match (self.level, self.is_listed) {
            (Some(level), _) => self.builder.heading(level, &text),
            (None, true) => self.builder.item(&text),
            (None, false) => self.builder.paragraph(&text),
        }
    }

    fn close_table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        if !rows.is_empty() {
            table::add(self.builder, None, rows, Header::FindOut);
        }
    }
}

/// Where first halves of characters are kept: the supplementary private use area.
const HALF: u32 = 0xF_0000;

fn code_page(number: i32) -> &'static Encoding {
    let label = match number {
        866 => "ibm866".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10007 => "x-mac-cyrillic".to_owned(),
        65001 => "utf-8".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

/// The encoding of a font's character set; `None` for the document's own.
fn of_charset(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        0 => WINDOWS_1252,
        204 => WINDOWS_1251,
        128 => code_page(932),
        129 => code_page(949),
        134 => code_page(936),
        136 => code_page(950),
        161 => code_page(1253),
        162 => code_page(1254),
        163 => code_page(1258),
        177 => code_page(1255),
        178 => code_page(1256),
        186 => code_page(1257),
        222 => code_page(874),
        238 => code_page(1250),
        _ => return None,
    })
}
