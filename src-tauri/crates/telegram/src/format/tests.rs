use expect_test::{Expect, expect};

use super::*;
use crate::split::utf16_len;

/// The text, and each entity with the words it covers.
fn check(markdown: &str, expected: Expect) {
    let formatted = format(markdown);
    let units: Vec<u16> = formatted.text.encode_utf16().collect();
    let mut told = formatted.text.clone();
    told.push('\n');
    for entity in &formatted.entities {
        let words = String::from_utf16(&units[entity.offset..entity.end()]).unwrap();
        told.push_str(&format!("{:?} {words:?}\n", entity.kind));
    }
    expected.assert_eq(&told);
}

#[test]
fn words_in_a_line_keep_their_marks() {
    check(
        "**Да**, *это* ~~не~~ `код` 😀 ***оба***",
        expect![[r#"
            Да, это не код 😀 оба
            Bold "Да"
            Italic "это"
            Strikethrough "не"
            Code "код"
            Bold "оба"
            Italic "оба"
        "#]],
    );
}

#[test]
fn code_stands_in_nothing_and_holds_nothing() {
    check(
        "**bold `code *x*` bold** and > [`a`](https://a.example)\n\n> quoted `code`",
        expect![[r#"
            bold code *x* bold and > a (a.example)

            quoted code
            Bold "bold"
            Code "code *x*"
            Bold "bold"
            TextLink { url: "https://a.example/" } "a"
            Blockquote "quoted code"
        "#]],
    );
}

#[test]
fn a_block_of_code_keeps_its_language_and_lines() {
    check(
        "Run:\n```rust,ignore\nfn main() {\n    x();\n}\n\n```\nDone.",
        expect![[r#"
            Run:

            fn main() {
                x();
            }

            Done.
            Pre { language: "rust" } "fn main() {\n    x();\n}"
        "#]],
    );
}

#[test]
fn headings_are_bold_and_lists_are_text() {
    check(
        "# Доставка\nПо городу:\n\n- курьер\n  - утром\n    1. до 9\n    2. до 12\n- почта\n\n  второй абзац\n\n3) три\n4) четыре\n\nКонец.",
        expect![[r#"
            Доставка

            По городу:

            • курьер
               • утром
                  1. до 9
                  2. до 12
            • почта
               второй абзац

            3. три
            4. четыре

            Конец.
            Bold "Доставка"
        "#]],
    );
}

#[test]
fn lists_of_ten_levels_are_set_in() {
    let markdown: String = (0..10)
        .map(|level| format!("{}- уровень {level}\n", "  ".repeat(level)))
        .collect();
    let text = format(&markdown).text;
    let expected: Vec<String> = (0..10)
        .map(|level| format!("{}• уровень {level}", "   ".repeat(level)))
        .collect();
    assert_eq!(text, expected.join("\n"));
}

#[test]
fn a_table_is_told_row_by_row_and_a_wide_one_is_aligned() {
    check(
        "| Город | Цена | Срок |\n|--|--|--|\n| Казань | 450 ₽ | 3 дня |\n| Уфа | **500** ₽ | |",
        expect![[r#"
            • Казань: Цена 450 ₽, Срок 3 дня
            • Уфа: Цена 500 ₽
        "#]],
    );
    check(
        "|A|B|C|D|E|\n|-|-|-|-|-|\n|1|22|333|4|5|",
        expect![[r#"
            A | B  | C   | D | E
            1 | 22 | 333 | 4 | 5
            Pre { language: "" } "A | B  | C   | D | E\n1 | 22 | 333 | 4 | 5"
        "#]],
    );
}

#[test]
fn links_show_where_they_lead_and_pictures_are_words() {
    check(
        "[here](https://shop.example/a) <https://b.example/x> [b.example](https://b.example) [x](javascript:alert(1)) [me](mailto:a@b.example) [](https://c.example) ![alt](https://evil.example/p.png) [u](tg://user?id=5)",
        expect![[r#"
            here (shop.example) https://b.example/x b.example x me (a@b.example) c.example alt u
            TextLink { url: "https://shop.example/a" } "here"
            TextLink { url: "https://b.example/x" } "https://b.example/x"
            TextLink { url: "https://b.example/" } "b.example"
            TextLink { url: "https://c.example/" } "c.example"
        "#]],
    );
}

#[test]
fn citations_stay_and_no_reference_has_its_address_elsewhere() {
    check(
        "Two years [1]. See [the page][x].\n\n[1]: https://evil.example\n[x]: https://evil.example/y",
        expect![[r#"
            Two years [1]. See [the page][x].

            [1]: https://evil.example
            [x]: https://evil.example/y
        "#]],
    );
}

#[test]
fn html_is_text() {
    check(
        "<b>bold</b> &amp; <img src=x onerror=y>\n\n<div>\nblock\n</div>",
        expect![[r#"
            <b>bold</b> & <img src=x onerror=y>

            <div>
            block
            </div>
        "#]],
    );
}

#[test]
fn a_quotation_is_one() {
    check(
        "> first\n> > **second**\n>\n> third\n\nafter",
        expect![[r#"
            first

            second

            third

            after
            Blockquote "first\n\nsecond\n\nthird"
            Bold "second"
        "#]],
    );
}

#[test]
fn what_telegram_does_not_take_is_removed() {
    let formatted = format("\u{0}a\u{1}b\u{202e}c\tд\r\nе");
    assert_eq!(formatted.text, "abc    д\nе");
    assert!(Formatted::plain(" \n\u{200b}\u{3164}").is_empty());
    assert!(format("").is_empty());
    assert!(!Formatted::plain("*not bold*").is_empty());
    assert_eq!(Formatted::plain("*not bold*").entities, []);
    let long = format!("a{}b", "\u{200b}".repeat(9_000));
    assert!(utf16_len(&Formatted::plain(&long).text) < 100);
}

#[test]
fn a_header_moves_the_entities() {
    let whole = format("**да**").under(Formatted::plain("👤 Анна:"));
    assert_eq!(whole.text, "👤 Анна:\nда");
    assert_eq!(whole.entities[0].offset, 9);
    assert_eq!(whole.entities_for_telegram().len(), 1);
}
