//! Plain text: paragraphs by empty lines, lists, underlined and numbered headings.

use crate::blocks::Builder;
use crate::encoding;

/// Reads plain text of any encoding.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) {
    let decoded = encoding::decode(bytes, None);
    builder.report.encoding = Some(decoded.encoding);
    let text = decoded
        .text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{c}', '\u{2029}'], "\n");
    let mut group: Vec<&str> = Vec::new();
    for line in text.lines() {
        if builder.is_full() {
            return;
        }
        if line.trim().is_empty() {
            add(&group, builder);
            group.clear();
        } else {
            group.push(line);
        }
    }
    add(&group, builder);
}

/// Adds lines that stand together.
fn add(lines: &[&str], builder: &mut Builder) {
    let mut lines = lines;
    while let [first, under, rest @ ..] = lines
        && let Some(level) = underline(first, under)
    {
        builder.heading(level, first);
        lines = rest;
    }
    // A title between two rules, as reStructuredText has it.
    if let [over, title, under, rest @ ..] = lines
        && is_rule(over)
        && underline(title, under).is_some()
    {
        builder.heading(1, title);
        lines = rest;
    }
    match lines {
        [] => {}
        [line] if is_heading(line) => builder.heading(2, line),
        _ if lines.iter().any(|line| bullet(line).is_some()) => add_list(lines, builder),
        _ if is_wrapped(lines) => builder.paragraph(&lines.join(" ")),
        _ => {
            for line in lines {
                builder.paragraph(line);
            }
        }
    }
}

fn add_list(lines: &[&str], builder: &mut Builder) {
    let mut current = String::new();
    let mut in_item = false;
    for line in lines {
        let item = bullet(line);
        if item.is_some() {
            flush(&current, in_item, builder);
            current.clear();
            in_item = true;
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(item.unwrap_or(line).trim());
    }
    flush(&current, in_item, builder);
}

fn flush(text: &str, in_item: bool, builder: &mut Builder) {
    if in_item {
        builder.item(text)
    } else {
        builder.paragraph(text)
    }
}

/// The text after a bullet; a numbered item keeps its number, because people refer to it.
fn bullet(line: &str) -> Option<&str> {
    let line = line.trim_start();
    for sign in ["- ", "* ", "• ", "– ", "— ", "▪ ", "◦ ", "+ "] {
        if let Some(text) = line.strip_prefix(sign) {
            return Some(text);
        }
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let after = line.get(digits..)?;
    let numbered =
        (1..=3).contains(&digits) && (after.starts_with(". ") || after.starts_with(") "));
    numbered.then_some(line)
}

fn underline(title: &str, under: &str) -> Option<u8> {
    if is_rule(title) || !is_rule(under) || under.trim().len() + 2 < title.trim().chars().count() {
        return None;
    }
    Some(if under.trim().starts_with('=') { 1 } else { 2 })
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let Some(first) = line.chars().next() else {
        return false;
    };
    line.len() >= 3 && "=-~^*#_".contains(first) && line.chars().all(|character| character == first)
}

/// A line alone that reads like a title: short, no sentence's end, in capitals or numbered like a chapter.
fn is_heading(line: &str) -> bool {
    let line = line.trim();
    if line.chars().count() > 80 || line.ends_with(['.', ',', ';', '!', '?']) {
        return false;
    }
    let letters = line
        .chars()
        .filter(|character| character.is_alphabetic())
        .count();
    let capitals = letters >= 3 && !line.chars().any(char::is_lowercase);
    let first = line.split_whitespace().next().unwrap_or_default();
    let chapter = [
        "chapter",
        "section",
        "part",
        "глава",
        "раздел",
        "часть",
        "приложение",
        "appendix",
    ];
    let named =
        chapter.contains(&first.to_lowercase().as_str()) && line.split_whitespace().count() > 1;
    let number = first.trim_end_matches(['.', ')']);
    let numbered = !number.is_empty()
        && number.split('.').all(|part| {
            !part.is_empty() && part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit())
        })
        && letters >= 3
        && (first.ends_with('.') || first.contains('.'));
    capitals || named || numbered
}

/// Lines broken to fit a width: all but the last are nearly as long as the longest.
fn is_wrapped(lines: &[&str]) -> bool {
    let lengths: Vec<usize> = lines
        .iter()
        .map(|line| line.trim().chars().count())
        .collect();
    let Some((_, but_last)) = lengths.split_last() else {
        return false;
    };
    let longest = lengths.iter().copied().max().unwrap_or(0);
    (40..=140).contains(&longest) && but_last.iter().all(|length| length * 10 >= longest * 6)
}

#[cfg(test)]
mod tests {
    use domain::document::BlockKind;

    use crate::blocks::Builder;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let mut builder = Builder::new("txt");
        super::read(text.as_bytes(), &mut builder);
        let extracted = builder.finish("text/plain").unwrap();
        let found: Vec<(String, String)> = extracted
            .blocks
            .into_iter()
            .map(|block| {
                let kind = match block.kind {
                    BlockKind::Heading { level } => format!("h{level}"),
                    BlockKind::ListItem => "li".to_owned(),
                    _ => "p".to_owned(),
                };
                (kind, block.text)
            })
            .collect();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(kind, text)| (kind.as_str(), text.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn wrapped_lines_are_joined_and_short_ones_are_not() {
        check(
            "The parcel is brought to the door by our own couriers\nbetween nine and six o'clock.\n\nMain street 5\nMoscow\n",
            &[
                (
                    "p",
                    "The parcel is brought to the door by our own couriers between nine and six o'clock.",
                ),
                ("p", "Main street 5"),
                ("p", "Moscow"),
            ],
        );
    }

    #[test]
    fn headings_and_lists_are_seen() {
        check(
            "Title\n=====\n\nДОСТАВКА\n\n2.1. Оплата картой\n\nWe take:\n- cash\n- cards of\n  any bank\n1. first\n",
            &[
                ("h1", "Title"),
                ("h2", "ДОСТАВКА"),
                ("h2", "2.1. Оплата картой"),
                ("p", "We take:"),
                ("li", "cash"),
                ("li", "cards of any bank"),
                ("li", "1. first"),
            ],
        );
    }
}
