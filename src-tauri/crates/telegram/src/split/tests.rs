//! F1 and F2 of telegram.md.

use super::*;
use crate::format::entity::EntityKind;
use crate::format::format;
use crate::naughty::NAUGHTY;
use crate::rounds::{Chance, figure, rounds};

#[test]
fn random_answers_are_split_as_telegram_takes_them() {
    let mut chance = Chance::told();
    let answers = rounds(200, 100_000);
    let mut parts = 0;
    for round in 0..answers {
        let whole = format(&answer(&mut chance));
        let found = match round % 4 {
            0 => split_captioned(&whole),
            _ => split(&whole),
        };
        check(
            &whole,
            &found,
            if round % 4 == 0 {
                MAX_CAPTION
            } else {
                MAX_TEXT
            },
        );
        parts += found.len();
    }
    figure("F1", "answers", answers);
    figure("F1", "parts", parts);
}

/// Counts for itself, with nothing of what is tested.
fn check(whole: &Formatted, parts: &[Formatted], first: usize) {
    let joined: String = parts.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(joined, whole.text);
    valid(whole);
    let borders: Vec<usize> = whole
        .text
        .grapheme_indices(true)
        .map(|(at, _)| at)
        .collect();
    let (mut byte, mut unit) = (0, 0);
    for (number, part) in parts.iter().enumerate() {
        let limit = if number == 0 { first } else { MAX_TEXT };
        let units = part.text.encode_utf16().count();
        assert!((1..=limit).contains(&units), "{units} units");
        assert!(part.text.len() <= MAX_TEXT_BYTES);
        assert!(part.entities.len() <= MAX_ENTITIES);
        assert!(!part.text.trim().is_empty(), "a part nobody sees");
        valid(part);
        byte += part.text.len();
        unit += units;
        if byte == whole.text.len() {
            continue;
        }
        let is_border = borders.binary_search(&byte).is_ok();
        assert!(
            is_border || longest_grapheme(part) >= limit,
            "a cut within a character"
        );
        for entity in &whole.entities {
            let is_cut = entity.offset < unit && unit < entity.offset + entity.length;
            if !is_cut {
                continue;
            }
            let within = |other: &&Entity| {
                other.offset >= entity.offset && other.offset < entity.offset + entity.length
            };
            let is_long =
                entity.length > limit || whole.entities.iter().filter(within).count() > 90;
            assert!(is_long, "a cut within {entity:?}");
        }
    }
    check_coverage(whole, parts);
}

fn longest_grapheme(part: &Formatted) -> usize {
    part.text
        .graphemes(true)
        .map(|grapheme| grapheme.encode_utf16().count())
        .max()
        .unwrap_or_default()
}

/// Every visible unit has the same entities in the whole and in its part; code keeps its language.
fn check_coverage(whole: &Formatted, parts: &[Formatted]) {
    let mut before = 0;
    let mut told = Vec::new();
    for part in parts {
        for entity in &part.entities {
            told.push((
                format!("{:?}", entity.kind),
                entity.offset + before,
                entity.length,
            ));
        }
        before += part.text.encode_utf16().count();
    }
    let visible: Vec<usize> = {
        let mut at = 0;
        let mut found = Vec::new();
        for c in whole.text.chars() {
            if !c.is_whitespace() {
                found.push(at);
            }
            at += c.len_utf16();
        }
        found
    };
    for entity in &whole.entities {
        let kind = format!("{:?}", entity.kind);
        let covered = |unit: usize| {
            told.iter().any(|(other, offset, length)| {
                *other == kind && *offset <= unit && unit < offset + length
            })
        };
        let start = visible.partition_point(|unit| *unit < entity.offset);
        let end = visible.partition_point(|unit| *unit < entity.offset + entity.length);
        let some = visible[start..end]
            .iter()
            .step_by(37)
            .chain(visible[start..end].last());
        for unit in some {
            assert!(covered(*unit), "{kind} is lost at {unit}");
        }
    }
}

/// As Telegram wants them: within the text, on whole characters, properly nested, nothing in code.
fn valid(formatted: &Formatted) {
    let units: Vec<u16> = formatted.text.encode_utf16().collect();
    let splits_a_pair = |at: usize| at < units.len() && (0xdc00..0xe000).contains(&units[at]);
    for (number, entity) in formatted.entities.iter().enumerate() {
        assert!(entity.length > 0);
        let end = entity.offset + entity.length;
        assert!(end <= units.len());
        assert!(!splits_a_pair(entity.offset) && !splits_a_pair(end));
        if !entity.kind.is_code() {
            let words = String::from_utf16(&units[entity.offset..end]).unwrap();
            assert_eq!(words.trim(), words);
        }
        if let EntityKind::TextLink { url } = &entity.kind {
            assert!(url.starts_with("http://") || url.starts_with("https://"));
        }
        for other in &formatted.entities[number + 1..] {
            let other_end = other.offset + other.length;
            let apart = other.offset >= end || other_end <= entity.offset;
            let nested = other.offset >= entity.offset && other_end <= end;
            assert!(apart || nested, "{entity:?} and {other:?}");
            let has_code = entity.kind.is_code() || other.kind.is_code();
            assert!(apart || !has_code, "{entity:?} and {other:?}");
        }
    }
    assert_eq!(
        formatted.entities_for_telegram().len(),
        formatted.entities.len()
    );
}

const WORDS: &[&str] = &[
    "доставка",
    "is",
    "гарантия",
    "two",
    "года",
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "👍🏽",
    "مرحبا",
    "שלום",
    "e\u{301}",
    "日本語",
    "🇩🇪",
    "https://shop.example/a?b=c",
    "a_b_c",
    "3*4",
    "[1]",
    "<b>",
    "&amp;",
    "\\*",
    "Цена:",
    "450 ₽",
    "नमस्ते",
    "x",
    "—",
    "สวัสดี",
    "«да»",
    "`",
    "**",
    "~",
    "|",
    "#",
    "1.",
    "\u{200d}",
    "\u{0}",
];

fn answer(chance: &mut Chance) -> String {
    let mut out = String::new();
    let blocks = 1 + chance.below(14);
    for _ in 0..blocks {
        block(chance, &mut out);
        out.push_str(if chance.below(5) == 0 { "\n" } else { "\n\n" });
    }
    out
}

fn block(chance: &mut Chance, out: &mut String) {
    match chance.below(11) {
        0 => {
            out.push_str(&"#".repeat(1 + chance.below(6) as usize));
            out.push(' ');
            phrase(chance, out, 8);
        }
        1 => {
            for _ in 0..1 + chance.below(12) {
                out.push_str("> ");
                phrase(chance, out, 30);
                out.push('\n');
            }
        }
        2 => {
            out.push_str("```python\n");
            for _ in 0..chance.below(150) {
                out.push_str(&" ".repeat(chance.below(9) as usize));
                phrase(chance, out, 8);
                out.push_str(if chance.below(9) == 0 { "\n\n\n" } else { "\n" });
            }
            out.push_str("```");
        }
        3 => {
            for number in 0..1 + chance.below(30) {
                let level = chance.below(10) as usize;
                out.push_str(&"  ".repeat(level));
                out.push_str(&if chance.below(2) == 0 {
                    "- ".to_owned()
                } else {
                    format!("{number}. ")
                });
                phrase(chance, out, 12);
                out.push('\n');
            }
        }
        4 => {
            let columns = 1 + chance.below(7);
            for row in 0..2 + chance.below(12) {
                for _ in 0..columns {
                    out.push_str("| ");
                    out.push_str(if row == 1 {
                        "---"
                    } else {
                        WORDS[chance.below(20) as usize]
                    });
                    out.push(' ');
                }
                out.push_str("|\n");
            }
        }
        // A word longer than a message.
        5 if chance.below(4) == 0 => {
            let letter = ["ы", "😀", "👨‍👩‍👧‍👦", "z\u{301}"][chance.below(4) as usize];
            out.push_str(&letter.repeat(500 + chance.below(4_000) as usize));
        }
        // A character longer than a message.
        6 if chance.below(40) == 0 => {
            out.push('z');
            out.push_str(&"\u{301}".repeat(1_000 + chance.below(6_000) as usize));
        }
        // Many small entities.
        7 if chance.below(4) == 0 => {
            for number in 0..chance.below(400) {
                out.push_str(&format!("**{number}** *b* "));
            }
        }
        _ => {
            for _ in 0..1 + chance.below(12) {
                phrase(chance, out, 40);
                out.push_str([". ", "! ", "\n", "? ", "… "][chance.below(5) as usize]);
            }
        }
    }
}

fn phrase(chance: &mut Chance, out: &mut String, most: u64) {
    for _ in 0..1 + chance.below(most) {
        let word = WORDS[chance.below(WORDS.len() as u64) as usize];
        match chance.below(16) {
            0 => out.push_str(&format!("**{word} {word}**")),
            1 => out.push_str(&format!("*{word}*")),
            2 => out.push_str(&format!("~~{word}~~")),
            3 => out.push_str(&format!("`{word}`")),
            4 => out.push_str(&format!(
                "[{word} {word}](https://a.example/{})",
                chance.below(9)
            )),
            5 => out.push_str(&format!("**a *{word} `b` c* {word}**")),
            6 => out.push_str(&format!("![{word}](https://evil.example/x.png)")),
            _ => out.push_str(word),
        }
        out.push(' ');
    }
}

#[test]
fn a_cut_prefers_paragraphs_then_lines_then_sentences_then_words() {
    let ends = |text: &str| {
        let parts = split(&Formatted::plain(text));
        parts[0].text[parts[0].text.len() - 4..].to_owned()
    };
    let long = "Слово есть. ".repeat(250);
    assert_eq!(ends(&format!("{long}end\n\n{long}")), "nd\n\n");
    assert_eq!(ends(&format!("{long}end\n{long}")), "end\n");
    assert!(
        split(&Formatted::plain(&long.repeat(2)))[0]
            .text
            .ends_with("есть. ")
    );
    assert!(
        split(&Formatted::plain(&"слово ".repeat(1_000)))[0]
            .text
            .ends_with("слово ")
    );
    assert_eq!(
        split(&Formatted::plain(&"ы".repeat(5_000)))[0].text.len(),
        8_192
    );
}

#[test]
fn code_that_is_longer_than_a_message_goes_on_in_its_language() {
    let markdown = format!("Run:\n```sql\n{}```", "SELECT 1;\n".repeat(1_000));
    let parts = split(&format(&markdown));
    assert!(parts.len() >= 3);
    for part in parts.iter().skip(1) {
        let language = "sql".to_owned();
        assert_eq!(part.entities[0].kind, EntityKind::Pre { language });
    }
}

#[test]
fn code_that_fits_is_not_cut() {
    let markdown = format!(
        "{}\n```\n{}```",
        "Слово. ".repeat(300),
        "x = 1\n".repeat(500)
    );
    let parts = split(&format(&markdown));
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[1].entities[0].offset, 0);
}

#[test]
fn a_citation_stays_with_its_sentence() {
    let text = format!("{} Конец. [1] {}", "а".repeat(4_080), "б".repeat(100));
    let parts = split(&Formatted::plain(&text));
    assert!(!parts[1].text.starts_with('['), "{}", parts[1].text);
}

#[test]
fn nothing_has_no_parts() {
    assert_eq!(split(&Formatted::default()), []);
    assert_eq!(split(&Formatted::plain("a")).len(), 1);
}

#[test]
fn clipping_keeps_characters_whole() {
    assert_eq!(clip_utf16("a😀b", 2), "a");
    assert_eq!(clip_utf16("a😀b", 3), "a😀");
    assert_eq!(clip_utf16("x👨‍👩‍👧‍👦", 8), "x");
    assert_eq!(clip_utf16("abc", 9), "abc");
    let marks = format!("z{}", "\u{301}".repeat(500));
    assert_eq!(utf16_len(clip_utf16(&marks, 128)), 128);
    assert_eq!(clip_utf16("a", 0), "");
}

#[test]
fn naughty_strings_are_text_names_titles_and_file_names() {
    let mut all: Vec<String> = NAUGHTY.iter().map(|text| (*text).to_owned()).collect();
    assert!(all.len() >= 60);
    if let Ok(path) = std::env::var("CHATAI_NAUGHTY_STRINGS") {
        let more: Vec<String> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        all.extend(more);
    }
    figure("F2", "strings", all.len());
    for naughty in &all {
        for text in [
            naughty.clone(),
            naughty.repeat(700),
            format!("**{naughty}** [{naughty}](https://a.example)"),
        ] {
            for whole in [format(&text), Formatted::plain(&text)] {
                let parts = split(&whole);
                if !whole.is_empty() {
                    check(&whole, &parts, MAX_TEXT);
                }
                assert!(!whole.text.contains(|c: char| c.is_control() && c != '\n'));
            }
            let title = title_of(&text);
            assert!((1..=MAX_TITLE).contains(&utf16_len(&title)), "{naughty:?}");
            assert!(title.contains(clean::is_visible), "{naughty:?}");
            assert!(!title.contains(char::is_control), "{naughty:?}");
        }
    }
}
