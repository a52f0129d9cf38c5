//! Text as a person sees it: no invisible or direction-changing characters, one kind of space.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Which line breaks stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Every run of white space becomes one space.
    Join,
    /// Line feeds stay, spaces around them go.
    Keep,
    /// All white space stays as it is, but for trailing one.
    Verbatim,
}

/// Cleans text; `hidden` becomes true when something invisible was taken out of it.
pub(crate) fn clean(text: &str, lines: Lines, hidden: &mut bool) -> String {
    let visible = visible(text, hidden);
    match lines {
        Lines::Join => join(visible.split_whitespace(), ' '),
        Lines::Keep => {
            let kept = visible
                .lines()
                .map(|line| join(line.split_whitespace(), ' '));
            kept.filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join("\n")
        }
        Lines::Verbatim => {
            let kept: Vec<&str> = visible.lines().map(str::trim_end).collect();
            kept.join("\n").trim_matches('\n').trim_end().to_owned()
        }
    }
}

/// Words for the report: runs of non-space with a letter or digit.
pub(crate) fn words(text: &str) -> u32 {
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric));
    u32::try_from(words.count()).unwrap_or(u32::MAX)
}

fn join<'a>(parts: impl Iterator<Item = &'a str>, separator: char) -> String {
    let mut joined = String::new();
    for part in parts {
        if !joined.is_empty() {
            joined.push(separator);
        }
        joined.push_str(part);
    }
    joined
}

fn visible(text: &str, hidden: &mut bool) -> String {
    let plain = text
        .bytes()
        .all(|byte| byte < 0x80 && (byte >= 0x20 || byte == b'\n' || byte == b'\t'));
    if plain {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut previous = ' ';
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        match fate(character, previous, next) {
            Fate::Keep => out.push(character),
            Fate::Replace(with) => out.push_str(with),
            Fate::DropQuietly => continue,
            Fate::DropHidden => {
                *hidden = true;
                continue;
            }
        }
        previous = character;
    }
    if unicode_normalization::is_nfc(&out) {
        out
    } else {
        out.nfc().collect()
    }
}

enum Fate {
    Keep,
    Replace(&'static str),
    DropQuietly,
    DropHidden,
}

fn fate(character: char, previous: char, next: char) -> Fate {
    match character {
        '\n' | '\t' => Fate::Keep,
        '\r' if next == '\n' => Fate::DropQuietly,
        '\r' | '\u{2028}' | '\u{85}' | '\u{b}' | '\u{c}' => Fate::Replace("\n"),
        '\u{2029}' => Fate::Replace("\n\n"),
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Fate::DropQuietly,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Fate::Replace(" ")
        }
        '\u{2011}' => Fate::Replace("-"),
        // Harmless leftovers of typesetting.
        '\u{ad}' | '\u{feff}' | '\u{fffc}' | '\u{fffe}' | '\u{ffff}' => Fate::DropQuietly,
        '\u{fb00}' => Fate::Replace("ff"),
        '\u{fb01}' => Fate::Replace("fi"),
        '\u{fb02}' => Fate::Replace("fl"),
        '\u{fb03}' => Fate::Replace("ffi"),
        '\u{fb04}' => Fate::Replace("ffl"),
        '\u{fb05}' | '\u{fb06}' => Fate::Replace("st"),
        // Joiners belong to Persian, Indic scripts and emoji, there between visible neighbours.
        '\u{200c}' | '\u{200d}' if joins(previous) && joins(next) => Fate::Keep,
        // One variation selector belongs to the character before it; a chain of them hides bytes.
        '\u{fe00}'..='\u{fe0f}' if !is_selector(previous) && !is_selector(next) => {
            if previous.is_ascii() {
                Fate::DropQuietly
            } else {
                Fate::Keep
            }
        }
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{180e}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => Fate::DropHidden,
        _ => Fate::Keep,
    }
}

fn joins(character: char) -> bool {
    !character.is_ascii()
        && (character.is_alphanumeric() || is_combining_mark(character) || character >= '\u{2190}')
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::{Lines, clean};

    fn check(text: &str, expected: &str, expected_hidden: bool) {
        let mut hidden = false;
        assert_eq!(clean(text, Lines::Join, &mut hidden), expected);
        assert_eq!(hidden, expected_hidden, "{text:?}");
    }

    #[test]
    fn hidden_characters_are_removed_and_noted() {
        check("pay\u{200b}ment \u{202e}now\u{202c}", "payment now", true);
        check("tag\u{e0041}\u{e0042}s", "tags", true);
        check("a\u{fe01}\u{fe02}\u{fe03}b", "ab", true);
    }

    #[test]
    fn ordinary_typography_is_made_plain_without_a_note() {
        check(
            "12\u{a0}000\u{202f}₽ of\u{fb01}ce co\u{ad}op",
            "12 000 ₽ office coop",
            false,
        );
        check("\u{feff}  a \r\n b\tc ", "a b c", false);
    }

    #[test]
    fn joiners_stay_where_a_script_or_an_emoji_needs_them() {
        check("می\u{200c}خواهم", "می\u{200c}خواهم", false);
        check("👩\u{200d}💻", "👩\u{200d}💻", false);
        check("pass\u{200d}word", "password", true);
    }

    #[test]
    fn kept_lines_lose_only_the_spaces_around_them() {
        let mut hidden = false;
        assert_eq!(clean(" a  b \n\n  c ", Lines::Keep, &mut hidden), "a b\nc");
        assert_eq!(
            clean("fn a() {\n    b\n}\n", Lines::Verbatim, &mut hidden),
            "fn a() {\n    b\n}"
        );
    }
}
