//! reStructuredText within a line: emphasis, links, roles and references as a reader sees them.

use std::collections::HashMap;

/// Text without its marks.
pub(crate) fn plain(text: &str, replacements: &HashMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '`', '*', '|', ':', '_', '[']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let before = out.chars().next_back();
        let (shown, length) = mark(rest, before, replacements);
        out.push_str(&shown);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// What the mark at the beginning is shown as, and how long it is. Only what lies near is looked at, so that a
/// long line of open marks costs no more than its length.
fn mark(
    rest: &str,
    before: Option<char>,
    replacements: &HashMap<String, String>,
) -> (String, usize) {
    let near_end = rest
        .char_indices()
        .nth(NEAR)
        .map_or(rest.len(), |(end, _)| end);
    let near = &rest[..near_end];
    let starts = before.is_none_or(|before| !before.is_alphanumeric());
    let found = match near.as_bytes()[0] {
        b'\\' => near.chars().nth(1).map(|escaped| {
            let shown = if escaped == ' ' {
                String::new()
            } else {
                escaped.to_string()
            };
            (shown, 1 + escaped.len_utf8())
        }),
        b'`' if near.starts_with("``") => {
            between(near, "``", "``").map(|(inside, length)| (inside.to_owned(), length))
        }
        b'`' => between(near, "`", "`").map(|(inside, length)| link(near, inside, length)),
        b'*' if near.starts_with("**") && starts => {
            between(near, "**", "**").map(|(inside, length)| (inside.to_owned(), length))
        }
        b'*' if starts => {
            between(near, "*", "*").map(|(inside, length)| (inside.to_owned(), length))
        }
        b'|' if starts => between(near, "|", "|").and_then(|(name, length)| {
            let with = replacements.get(name)?;
            Some((with.clone(), length))
        }),
        b':' if starts => role(near),
        b'_' => {
            let next = near.chars().nth(1);
            let is_reference =
                !starts && next.is_none_or(|next| !next.is_alphanumeric() && next != '_');
            is_reference.then(|| (String::new(), 1))
        }
        b'[' if starts => between(near, "[", "]_").and_then(|(label, length)| {
            let is_label = label
                .chars()
                .all(|sign| sign.is_ascii_alphanumeric() || "#*".contains(sign));
            is_label.then(|| (String::new(), length))
        }),
        _ => None,
    };
    found.unwrap_or_else(|| (near[..1].to_owned(), 1))
}

/// Characters that a mark may hold.
const NEAR: usize = 400;

/// The text between two marks, not blank and not beginning or ending with a space, and the length of it all.
fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<(&'t str, usize)> {
    let inside = text.strip_prefix(open)?;
    let end = inside.find(close).filter(|end| *end > 0)?;
    let inside = &inside[..end];
    let is_tight = !inside.starts_with(' ') && !inside.ends_with(' ');
    is_tight.then_some((inside, open.len() + end + close.len()))
}

/// `words <address>`_ is its words.
fn link(text: &str, inside: &str, length: usize) -> (String, usize) {
    let underscores = text[length..]
        .bytes()
        .take_while(|byte| *byte == b'_')
        .count()
        .min(2);
    let words = match inside.rsplit_once(" <") {
        Some((words, address)) if address.ends_with('>') => words,
        _ => inside.trim_start_matches('<').trim_end_matches('>'),
    };
    (words.to_owned(), length + underscores)
}

/// :role:`words <target>` is its words.
fn role(text: &str) -> Option<(String, usize)> {
    let name = text[1..]
        .split(|sign: char| !sign.is_ascii_alphanumeric() && !"-_+.:".contains(sign))
        .next()?;
    let name = name.strip_suffix(':')?;
    let from = name.len() + 2;
    let (inside, length) = between(text.get(from..)?, "`", "`")?;
    let (words, length) = link(&text[from..], inside, length);
    Some((
        words.trim_start_matches(['~', '!']).to_owned(),
        from + length,
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::plain;

    #[test]
    fn marks_are_left_out() {
        let replacements = HashMap::from([("shop".to_owned(), "Bike Shop".to_owned())]);
        let check = |text: &str, expected: &str| assert_eq!(plain(text, &replacements), expected);
        check(
            "*fast* and **cheap**, 2 * 3 * 4",
            "fast and cheap, 2 * 3 * 4",
        );
        check(
            "see `our terms <https://x.example/a_b>`_ or `here`_",
            "see our terms or here",
        );
        check(
            ":ref:`Returns <returns>` by |shop| in ``a_b`` [1]_.",
            "Returns by Bike Shop in a_b .",
        );
        check(
            "snake_case stays, word_ goes, \\*kept\\*",
            "snake_case stays, word goes, *kept*",
        );
        check("10:30 | 11:00 `open", "10:30 | 11:00 `open");
    }
}
