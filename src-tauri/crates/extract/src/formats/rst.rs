//! reStructuredText: headings by their rules, lists, tables, literal blocks. What only tells the typesetter
//! (options of directives, targets, comments, tables of contents) is left out.

use std::collections::HashMap;

use crate::blocks::Builder;
use crate::encoding;
use crate::formats::rst_inline::plain;
use crate::formats::rst_table;
use crate::images;
use crate::table::{self, Header};

/// Reads a text.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) {
    let decoded = encoding::decode(bytes, None);
    builder.report.encoding = Some(decoded.encoding);
    let text = decoded.text.replace('\t', "        ");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut reader = Reader {
        builder,
        styles: Vec::new(),
        replacements: replacements(&lines),
    };
    reader.body(&lines, 0);
}

/// Bodies in bodies that are followed; deeper ones are text.
const DEPTH: usize = 20;

struct Reader<'b> {
    builder: &'b mut Builder,
    /// Rules of headings in the order they are met: each new one is a level lower.
    styles: Vec<(char, bool)>,
    /// `|name|` and what stands for it.
    replacements: HashMap<String, String>,
}

impl Reader<'_> {
    fn body(&mut self, lines: &[&str], depth: usize) {
        let mut at = 0;
        while at < lines.len() && !self.builder.is_full() {
            at += match lines[at] {
                "" => 1,
                _ => self.block(&lines[at..], depth).max(1),
            };
        }
    }

    /// Reads the block that begins with the first line; gives how many lines it takes.
    fn block(&mut self, lines: &[&str], depth: usize) -> usize {
        let line = lines[0];
        if indent(line) > 0 {
            let length = block_of(lines, indent(line));
            self.inner(&lines[..length], depth);
            return length;
        }
        if let Some(length) = self.heading(lines) {
            return length;
        }
        if is_rule(line) && rst_table::columns(line).len() < 2 {
            return 1;
        }
        if let Some((rows, header, length)) = rst_table::find(lines) {
            let plain = |row: Vec<String>| row.iter().map(|cell| self.plain(cell)).collect();
            let rows = rows.into_iter().map(plain).collect();
            self.add_table(None, rows, header);
            return length;
        }
        if let Some(rest) = line.strip_prefix(".. ").or((line == "..").then_some("")) {
            let length = 1 + block_of(&lines[1..], 1);
            self.explicit(rest, &lines[1..length], depth);
            return length;
        }
        if line.starts_with("__ ") {
            return 1;
        }
        if let Some((mark, text)) = item(line) {
            let length = 1 + block_of(&lines[1..], 1.max(mark.min(2)));
            self.item(text, &lines[1..length], depth);
            return length;
        }
        if let Some((name, value)) = field(line) {
            let length = 1 + block_of(&lines[1..], 1);
            let more = lines[1..length].iter().map(|line| line.trim());
            let value = std::iter::once(value)
                .chain(more)
                .collect::<Vec<_>>()
                .join(" ");
            let text = format!("{name}: {}", self.plain(&value));
            self.builder.item(&text);
            return length;
        }
        if line.starts_with(">>> ") {
            let length = paragraph_of(lines);
            self.builder.code(&lines[..length].join("\n"));
            return length;
        }
        self.paragraph(lines, depth)
    }

    fn inner(&mut self, lines: &[&str], depth: usize) {
        let lines = dedent(lines);
        if depth < DEPTH {
            self.body(&lines, depth + 1);
        } else {
            self.builder.paragraph(&lines.join("\n"));
        }
    }

    fn heading(&mut self, lines: &[&str]) -> Option<usize> {
        let (title, rule, has_over, length) = match lines {
            [over, title, under, ..] if is_rule(over) && over == under && !is_rule(title) => {
                (title.trim(), *under, true, 3)
            }
            [title, under, ..] if is_rule(under) && !is_rule(title) => (*title, *under, false, 2),
            _ => return None,
        };
        if title.is_empty() || rule.chars().count() + 2 < title.chars().count() {
            return None;
        }
        let style = (rule.chars().next()?, has_over);
        let known = self.styles.iter().position(|known| *known == style);
        let level = known.unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        let title = self.plain(title);
        if level == 0 && self.builder.title.is_none() {
            self.builder.title = Some(title.clone());
        }
        self.builder
            .heading(u8::try_from(level + 1).unwrap_or(6), &title);
        Some(length)
    }

    fn item(&mut self, text: &str, more: &[&str], depth: usize) {
        let more = dedent(more);
        let length = match text {
            "" => 0,
            _ => more.iter().take_while(|line| goes_on(line)).count(),
        };
        let first = std::iter::once(text).chain(more[..length].iter().copied());
        let first = first.collect::<Vec<_>>().join(" ");
        let first = self.plain(first.trim_end_matches("::"));
        self.builder.item(&first);
        if more.len() > length {
            self.inner(&more[length..], depth);
        }
    }

    fn paragraph(&mut self, lines: &[&str], depth: usize) -> usize {
        let length = paragraph_of(lines);
        let is_line_block = lines[0].starts_with("| ");
        let separator = if is_line_block { "\n" } else { " " };
        let bare = |line: &&str| match is_line_block {
            true => line.trim_start_matches('|').trim().to_owned(),
            false => (*line).to_owned(),
        };
        let text = lines[..length]
            .iter()
            .map(bare)
            .collect::<Vec<_>>()
            .join(separator);
        let shown = match text.strip_suffix("::") {
            Some(before) if before.is_empty() || before.ends_with(' ') => before.to_owned(),
            Some(before) => format!("{before}:"),
            None => text.clone(),
        };
        let shown = self.plain(&shown);
        self.builder.paragraph(&shown);
        if !text.ends_with("::") {
            return length;
        }
        let blank = lines[length..]
            .iter()
            .take_while(|line| line.is_empty())
            .count();
        let literal = &lines[length + blank..];
        let taken = block_of(literal, 1);
        if depth <= DEPTH {
            self.builder.code(&dedent(&literal[..taken]).join("\n"));
        }
        length + blank + taken
    }

    /// What begins with two dots: a directive, a note, a target or a comment.
    fn explicit(&mut self, rest: &str, body: &[&str], depth: usize) {
        if let Some(label) = rest.strip_prefix('[')
            && let Some((_, text)) = label.split_once("] ")
        {
            let more = body.iter().map(|line| line.trim());
            let text = std::iter::once(text)
                .chain(more)
                .collect::<Vec<_>>()
                .join(" ");
            let text = self.plain(&text);
            self.builder.paragraph(&text);
            return;
        }
        let Some((name, argument)) = rest.split_once("::") else {
            return;
        };
        if name.starts_with('|') || name.contains(' ') {
            return;
        }
        let lines = dedent(body);
        let options = lines
            .iter()
            .take_while(|line| field(line).is_some())
            .count();
        let option = |name: &str| {
            let mut fields = lines[..options].iter().filter_map(|line| field(line));
            fields.find_map(|(known, value)| (known == name).then_some(value))
        };
        let inside = &lines[options..];
        let argument = argument.trim();
        match name {
            "image" | "figure" => {
                self.builder.report.images += 1;
                let said = images::said(option("alt").unwrap_or_default(), argument);
                self.builder.paragraph(&said.unwrap_or_default());
                self.inner(inside, depth);
            }
            "code" | "code-block" | "sourcecode" | "parsed-literal" | "math" => {
                self.builder.code(&inside.join("\n"));
            }
            "csv-table" => {
                let head = option("header").map(str::to_owned).into_iter();
                let text = head.chain(inside.iter().map(|line| (*line).to_owned()));
                let rows = rst_table::of_csv(&text.collect::<Vec<_>>().join("\n"));
                let header = usize::from(option("header").is_some());
                self.add_table(
                    Some(argument),
                    rows,
                    header.max(header_rows(option("header-rows"))),
                );
            }
            "list-table" => {
                let rows = rst_table::of_list(inside);
                let rows = rows
                    .iter()
                    .map(|row| row.iter().map(|cell| self.plain(cell)).collect());
                let rows = rows.collect();
                self.add_table(Some(argument), rows, header_rows(option("header-rows")));
            }
            "contents" | "toctree" | "include" | "literalinclude" | "raw" | "meta"
            | "highlight" | "role" | "default-role" | "sectnum" | "header" | "footer"
            | "target-notes" | "index" | "currentmodule" | "module" => {}
            "title" => self.builder.title = Some(argument.to_owned()),
            _ => {
                // Its text may begin beside its name and go on below.
                let more = match argument.is_empty() || options > 0 {
                    true => 0,
                    false => inside.iter().take_while(|line| goes_on(line)).count(),
                };
                let text = std::iter::once(argument).chain(inside[..more].iter().copied());
                let text = self.plain(&text.collect::<Vec<_>>().join(" "));
                self.builder.paragraph(&text);
                self.inner(&inside[more..], depth);
            }
        }
    }

    fn add_table(&mut self, name: Option<&str>, rows: Vec<Vec<String>>, header: usize) {
        let header = match header {
            0 => Header::FindOut,
            rows => Header::Rows(rows),
        };
        let name = name.filter(|name| !name.is_empty());
        if !rows.is_empty() {
            table::add(self.builder, name, rows, header);
        }
    }

    fn plain(&self, text: &str) -> String {
        plain(text, &self.replacements)
    }
}

fn header_rows(option: Option<&str>) -> usize {
    option.and_then(|rows| rows.parse().ok()).unwrap_or(0)
}

/// `.. |name| replace:: text` of the whole document.
fn replacements(lines: &[&str]) -> HashMap<String, String> {
    let of_line = |line: &&str| {
        let (name, text) = line.strip_prefix(".. |")?.split_once("| replace::")?;
        Some((name.to_owned(), text.trim().to_owned()))
    };
    lines.iter().filter_map(of_line).take(1_000).collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// How many lines belong together because they are empty or indented so far; empty ones at the end do not.
fn block_of(lines: &[&str], least: usize) -> usize {
    let belongs = |line: &&&str| line.is_empty() || indent(line) >= least;
    let length = lines.iter().take_while(belongs).count();
    let empty = lines[..length]
        .iter()
        .rev()
        .take_while(|line| line.is_empty())
        .count();
    length - empty
}

/// Lines up to an empty or an indented one.
fn paragraph_of(lines: &[&str]) -> usize {
    let more = lines[1..]
        .iter()
        .take_while(|line| !line.is_empty() && indent(line) == 0);
    1 + more.count()
}

fn dedent<'l>(lines: &[&'l str]) -> Vec<&'l str> {
    let filled = lines.iter().filter(|line| !line.is_empty());
    let least = filled.map(|line| indent(line)).min().unwrap_or(0);
    lines
        .iter()
        .map(|line| line.get(least..).unwrap_or(""))
        .collect()
}

/// True for a line that goes on with the paragraph of an item.
fn goes_on(line: &str) -> bool {
    !line.is_empty() && indent(line) == 0 && item(line).is_none()
}

fn is_rule(line: &str) -> bool {
    let Some(first) = line.chars().next() else {
        return false;
    };
    line.len() >= 3 && first.is_ascii_punctuation() && line.chars().all(|sign| sign == first)
}

/// The length of a bullet or a number with its space, and the text after it; a number stays in the text.
fn item(line: &str) -> Option<(usize, &str)> {
    for bullet in ["- ", "* ", "+ ", "• ", "#. "] {
        if let Some(text) = line.strip_prefix(bullet) {
            return Some((2, text.trim_start()));
        }
    }
    if matches!(line, "-" | "*" | "+") {
        return Some((2, ""));
    }
    let (mark, text) = line.split_once(' ')?;
    let number = mark.trim_start_matches('(').strip_suffix(['.', ')'])?;
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    (is_number && !text.is_empty()).then_some((mark.len() + 1, line))
}

/// `:name: value`, but not a role such as :ref:`x`.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix(':')?.split_once(':')?;
    let is_name =
        !name.is_empty() && name.len() <= 60 && !name.starts_with(' ') && !name.contains('`');
    let is_field = value.is_empty() || value.starts_with(' ');
    (is_name && is_field).then_some((name, value.trim()))
}
