//! Lines -> blocks: headings by size, paragraphs over lines and pages, lists, tables.

use domain::document::ReadNote;

use crate::blocks::Builder;
use crate::formats::pdf::furniture::PageLines;
use crate::formats::pdf::layout::Line;
use crate::formats::pdf::tables;
use crate::table::{self, Header};

/// Adds the lines of all pages.
pub(crate) fn add(pages: Vec<PageLines>, builder: &mut Builder) {
    let sizes = Sizes::of(&pages);
    let mut writer = Writer {
        builder,
        sizes,
        open: None,
    };
    for page in pages {
        for region in page.regions {
            writer.region(&region, page.number);
            if writer.builder.is_full() {
                writer.builder.note(ReadNote::CutAtLimit);
                return;
            }
        }
    }
    writer.close();
}

/// The font sizes of a document: that of most text, and larger ones, largest first.
struct Sizes {
    body: f64,
    larger: Vec<f64>,
}

impl Sizes {
    fn of(pages: &[PageLines]) -> Sizes {
        let mut characters: std::collections::BTreeMap<u32, usize> =
            std::collections::BTreeMap::new();
        for line in pages.iter().flat_map(|page| page.regions.iter().flatten()) {
            *characters.entry(half_points(line.size)).or_default() += line.text().len();
        }
        let body = characters
            .iter()
            .max_by_key(|(_, count)| **count)
            .map_or(20, |(size, _)| *size);
        let larger = characters
            .keys()
            .rev()
            .filter(|size| **size * 100 >= body * 114);
        let larger: Vec<f64> = larger.map(|size| f64::from(*size) / 2.0).collect();
        Sizes {
            body: f64::from(body) / 2.0,
            larger,
        }
    }

    /// The level of a heading of this size; `None` for ordinary text.
    fn level(&self, size: f64) -> Option<u8> {
        let size = f64::from(half_points(size)) / 2.0;
        let rank = self
            .larger
            .iter()
            .position(|larger| (larger - size).abs() < 0.26)?;
        Some((rank + 1).min(4) as u8)
    }

    /// The level of a heading that is told from the text by its weight only.
    fn level_of_bold(&self) -> u8 {
        (self.larger.len() + 1).min(5) as u8
    }
}

fn half_points(size: f64) -> u32 {
    (size * 2.0).round().clamp(0.0, 10_000.0) as u32
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Heading(u8),
    Item,
    Text,
}

/// A block that may go on in the next line, column or page.
struct Open {
    kind: Kind,
    text: String,
    page: u32,
    lines: usize,
}

struct Writer<'b> {
    builder: &'b mut Builder,
    sizes: Sizes,
    open: Option<Open>,
}

impl Writer<'_> {
    fn region(&mut self, lines: &[Line], page: u32) {
        let leading = leading(lines);
        let mut at = 0;
        while at < lines.len() {
            if let Some(found) = tables::find(&lines[at..]) {
                self.close();
                self.builder.set_page(page);
                table::add(self.builder, None, found.rows, Header::FindOut);
                at += found.lines;
                continue;
            }
            let before = at.checked_sub(1).map(|before| &lines[before]);
            let around = &lines[at.saturating_sub(5)..lines.len().min(at + 5)];
            self.line(&lines[at], before, around, leading, page);
            at += 1;
        }
    }

    fn line(
        &mut self,
        line: &Line,
        before: Option<&Line>,
        around: &[Line],
        leading: f64,
        page: u32,
    ) {
        let text = line.text();
        let kind = self.kind(line, &text);
        let goes_on = match (&self.open, before) {
            (None, _) => false,
            (Some(open), None) => continues_elsewhere(open, kind, &text),
            (Some(open), Some(before)) => {
                same_kind(open, kind) && !breaks(before, line, &text, around, leading, open.kind)
            }
        };
        if goes_on && let Some(open) = &mut self.open {
            join(&mut open.text, &text);
            open.lines += 1;
            return;
        }
        self.close();
        let text = if kind == Kind::Item {
            without_bullet(&text).to_owned()
        } else {
            text
        };
        self.open = Some(Open {
            kind,
            text,
            page,
            lines: 1,
        });
    }

    fn kind(&self, line: &Line, text: &str) -> Kind {
        let letters = text
            .chars()
            .filter(|character| character.is_alphabetic())
            .count();
        if is_item(text) && self.sizes.level(line.size).is_none() {
            return Kind::Item;
        }
        if letters >= 2
            && let Some(level) = self.sizes.level(line.size)
        {
            return Kind::Heading(level);
        }
        let ends_like_a_sentence = text.ends_with(['.', ',', ';']);
        let short = text.chars().count() <= 90;
        let large = line.size >= 0.95 * self.sizes.body;
        if line.bold
            && short
            && large
            && letters >= 3
            && line.cells.len() == 1
            && !ends_like_a_sentence
        {
            return Kind::Heading(self.sizes.level_of_bold());
        }
        Kind::Text
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        self.builder.set_page(open.page);
        // A long heading is text in large letters.
        let is_title = open.text.chars().count() <= 200 && open.lines <= 4;
        match open.kind {
            Kind::Heading(level) if is_title => self.builder.heading(level, &open.text),
            Kind::Item => self.builder.item(&open.text),
            Kind::Heading(_) | Kind::Text => self.builder.paragraph(&open.text),
        }
    }
}

/// The usual distance between two baselines.
fn leading(lines: &[Line]) -> f64 {
    let mut gaps: Vec<f64> = lines
        .windows(2)
        .map(|pair| (pair[1].baseline - pair[0].baseline) / pair[1].size.max(1.0))
        .filter(|gap| (0.8..2.2).contains(gap))
        .collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied().unwrap_or(1.2)
}

fn same_kind(open: &Open, kind: Kind) -> bool {
    match (open.kind, kind) {
        (Kind::Heading(one), Kind::Heading(other)) => one == other,
        (Kind::Item | Kind::Text, Kind::Text) => true,
        _ => false,
    }
}

/// True when a new paragraph begins at this line.
fn breaks(
    before: &Line,
    line: &Line,
    text: &str,
    around: &[Line],
    leading: f64,
    kind: Kind,
) -> bool {
    let size = line.size.max(1.0);
    let gap = (line.baseline - before.baseline) / size;
    if gap < 0.0 || gap > (leading * 1.3).max(1.25) {
        return true;
    }
    if (line.size - before.size).abs() > 0.12 * size || is_item(text) {
        return true;
    }
    let alike = around
        .iter()
        .filter(|other| (other.size - line.size).abs() < 0.12 * size);
    let (mut left, mut right) = (line.left.min(before.left), line.right.max(before.right));
    for other in alike {
        left = left.min(other.left);
        right = right.max(other.right);
    }
    if matches!(kind, Kind::Heading(_)) {
        return false;
    }
    let indented = line.left > left + 0.8 * size && before.left < left + 0.4 * size;
    if indented && kind == Kind::Text && before.text().ends_with(['.', '!', '?', ':']) {
        return true;
    }
    // The next word would have fitted into the line before: it was broken on purpose.
    let first = text
        .split_whitespace()
        .next()
        .map_or(0, |word| word.chars().count());
    let per_character = (line.right - line.left) / text.chars().count().max(1) as f64;
    let room = right - before.right;
    room > first as f64 * per_character + 0.5 * size && room > 0.12 * (right - left)
}

/// True when the first line of another column or page goes on with the sentence.
fn continues_elsewhere(open: &Open, kind: Kind, text: &str) -> bool {
    let unfinished = !open
        .text
        .ends_with(['.', '!', '?', ':', ';', '…', '»', '”']);
    let small = text.chars().next().is_some_and(char::is_lowercase);
    kind == Kind::Text && matches!(open.kind, Kind::Text | Kind::Item) && unfinished && small
}

/// Adds a line to a paragraph; a word broken at the line's end becomes whole again.
fn join(text: &mut String, line: &str) {
    let starts_small = line.chars().next().is_some_and(char::is_lowercase);
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let stem = last.strip_suffix(['-', '\u{2010}', '\u{ad}']);
    let broken = stem.is_some_and(|stem| stem.ends_with(char::is_alphabetic));
    if broken && starts_small {
        // `state-of-the-` keeps its hyphen.
        if stem.is_some_and(|stem| !stem.contains(['-', '\u{2010}'])) {
            text.pop();
        }
    } else if !(broken || text.ends_with('/') && !text.ends_with(" /")) {
        text.push(' ');
    }
    text.push_str(line);
}

fn is_item(text: &str) -> bool {
    without_bullet(text).len() < text.len() || is_numbered(text)
}

fn without_bullet(text: &str) -> &str {
    for bullet in [
        '•', '●', '▪', '■', '◦', '○', '‣', '∙', '·', '–', '—', '-', '➢', '✓', '✔', '*',
    ] {
        if let Some(rest) = text.strip_prefix(bullet) {
            let tight = matches!(bullet, '–' | '—' | '-' | '*');
            if rest.starts_with(' ') || !tight && !rest.is_empty() {
                return rest.trim_start();
            }
        }
    }
    text
}

/// `1. text`, `12) text`, `a) text`: the number stays, because people refer to it.
fn is_numbered(text: &str) -> bool {
    let Some((mark, rest)) = text.split_once(' ') else {
        return false;
    };
    let Some(number) = mark.strip_suffix(['.', ')']) else {
        return false;
    };
    let digits =
        !number.is_empty() && number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    let letter = mark.ends_with(')')
        && number.chars().count() == 1
        && number.chars().all(char::is_alphabetic);
    (digits || letter) && !rest.is_empty()
}
