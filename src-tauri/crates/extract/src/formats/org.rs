//! Org files: headlines by stars, lists, tables, blocks; drawers, comments and settings are left out.

use crate::blocks::Builder;
use crate::encoding;
use crate::table::{self, Header};

/// Reads an Org file.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) {
    let decoded = encoding::decode(bytes, None);
    builder.report.encoding = Some(decoded.encoding);
    let mut reader = Reader {
        builder,
        text: String::new(),
        in_item: false,
        rows: Vec::new(),
        has_rule: false,
        verbatim: None,
    };
    let mut in_drawer = false;
    for line in decoded.text.lines() {
        if reader.builder.is_full() {
            return;
        }
        let bare = line.trim();
        if in_drawer {
            in_drawer = !bare.eq_ignore_ascii_case(":end:");
        } else if is_drawer(bare) && reader.verbatim.is_none() {
            in_drawer = true;
        } else {
            reader.line(line, bare);
        }
    }
    reader.flush();
}

struct Reader<'b> {
    builder: &'b mut Builder,
    text: String,
    in_item: bool,
    rows: Vec<Vec<String>>,
    /// True once a rule stood below the first row: that row is the header.
    has_rule: bool,
    /// The lines of an open source or example block.
    verbatim: Option<String>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, bare: &str) {
        let lower = bare.to_ascii_lowercase();
        if let Some(verbatim) = &mut self.verbatim {
            if lower.starts_with("#+end_") {
                let code = self.verbatim.take().unwrap_or_default();
                self.builder.code(&code);
            } else {
                verbatim.push_str(line);
                verbatim.push('\n');
            }
            return;
        }
        let stars = line.bytes().take_while(|byte| *byte == b'*').count();
        if stars > 0 && line[stars..].starts_with(' ') {
            self.flush();
            let level = u8::try_from(stars).unwrap_or(6);
            self.builder
                .heading(level, &plain(headline(&line[stars..])));
        } else if let Some(title) = lower.starts_with("#+title:").then(|| &bare[8..]) {
            self.builder.title = Some(title.trim().to_owned());
            self.builder.heading(1, &plain(title));
        } else if lower.starts_with("#+begin_src") || lower.starts_with("#+begin_example") {
            self.flush();
            self.verbatim = Some(String::new());
        } else if bare.starts_with("#+") || bare == "#" || bare.starts_with("# ") {
            self.flush();
        } else if bare.starts_with('|') {
            self.flush_text();
            self.row(bare);
        } else if bare.is_empty() {
            self.flush();
        } else {
            self.flush_table();
            let item = ["- ", "+ "]
                .into_iter()
                .find_map(|sign| bare.strip_prefix(sign));
            if item.is_some() {
                self.flush_text();
                self.in_item = true;
            }
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(item.unwrap_or(bare));
        }
    }

    fn row(&mut self, line: &str) {
        if line.starts_with("|-") {
            self.has_rule |= self.rows.len() == 1;
            return;
        }
        let cells = line.trim_matches('|').split('|');
        self.rows
            .push(cells.map(|cell| plain(cell.trim())).collect());
    }

    fn flush(&mut self) {
        self.flush_text();
        self.flush_table();
    }

    fn flush_text(&mut self) {
        let text = plain(&std::mem::take(&mut self.text));
        match std::mem::take(&mut self.in_item) {
            true => self.builder.item(&text),
            false => self.builder.paragraph(&text),
        }
    }

    fn flush_table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let header = match std::mem::take(&mut self.has_rule) {
            true => Header::Rows(1),
            false => Header::FindOut,
        };
        if !rows.is_empty() {
            table::add(self.builder, None, rows, header);
        }
    }
}

fn is_drawer(line: &str) -> bool {
    line.len() > 2
        && line.starts_with(':')
        && line.ends_with(':')
        && line[1..line.len() - 1]
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        && !line.eq_ignore_ascii_case(":end:")
}

/// A headline without its tags (`:work:urgent:`).
fn headline(line: &str) -> &str {
    let line = line.trim();
    match line.rsplit_once(' ') {
        Some((text, tags)) if tags.len() > 2 && tags.starts_with(':') && tags.ends_with(':') => {
            text
        }
        _ => line,
    }
}

/// Text without the marks of links: `[[address][words]]` is its words, `[[address]]` the address.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        let Some((link, after)) = after.split_once("]]") else {
            break;
        };
        out.push_str(before);
        out.push_str(link.rsplit_once("][").map_or(link, |(_, words)| words));
        rest = after;
    }
    out.push_str(rest);
    out
}
