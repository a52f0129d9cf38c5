//! Passages follow the structure of a document.

use domain::document::{Block, BlockKind};
use expect_test::{Expect, expect};
use search::passages;

/// Blocks with the offsets that a reader would give them.
fn blocks(of: Vec<(BlockKind, String)>) -> Vec<Block> {
    let mut start = 0;
    of.into_iter()
        .map(|(kind, text)| {
            let block = Block {
                kind,
                text,
                start,
                page: None,
            };
            start += block.text.chars().count() as u32 + 1;
            block
        })
        .collect()
}

/// `# heading`, `- item`, `|table|header;header|cell;cell`, everything else a paragraph.
fn document(lines: &[&str]) -> Vec<Block> {
    let mut row = 0;
    let read = |line: &&str| {
        if let Some(heading) = line.strip_prefix('#') {
            let level = 1 + heading.chars().take_while(|c| *c == '#').count();
            return (
                BlockKind::Heading { level: level as u8 },
                heading.trim_matches(['#', ' ']).to_owned(),
            );
        }
        if let Some(item) = line.strip_prefix("- ") {
            return (BlockKind::ListItem, item.to_owned());
        }
        if let Some(table) = line.strip_prefix('|') {
            let parts: Vec<&str> = table.split('|').collect();
            let list = |part: &str| part.split(';').map(str::to_owned).collect::<Vec<_>>();
            row += 1;
            let cells = list(parts[2]);
            let text = cells.join(" | ");
            let header = if parts[1].is_empty() {
                Vec::new()
            } else {
                list(parts[1])
            };
            let table = (!parts[0].is_empty()).then(|| parts[0].to_owned());
            return (
                BlockKind::TableRow {
                    header,
                    cells,
                    table,
                    row,
                },
                text,
            );
        }
        (BlockKind::Paragraph, (*line).to_owned())
    };
    blocks(lines.iter().map(read).collect())
}

fn check(blocks: &[Block], expected: Expect) {
    let text: Vec<char> = blocks
        .iter()
        .map(|block| block.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
        .chars()
        .collect();
    let mut shown = String::new();
    for passage in passages(blocks) {
        let slice: String = text[passage.start as usize..passage.end as usize]
            .iter()
            .collect();
        if !passage.table {
            assert_eq!(slice, passage.text, "the offsets are exact");
        }
        let path = passage.headings.join(" > ");
        shown += &format!(
            "[{}] {path} {}..{}\n{}\n",
            passage.language.code(),
            passage.start,
            passage.end,
            passage.text
        );
    }
    expected.assert_eq(&shown);
}

#[test]
fn a_passage_has_the_headings_above_it() {
    check(
        &document(&[
            "# Shop",
            "## Delivery",
            "We deliver in two days.",
            "It is free.",
            "## Returns",
            "Within 14 days.",
            "# Empty",
        ]),
        expect![[r#"
            [en] Shop > Delivery 14..49
            We deliver in two days.
            It is free.
            [en] Shop > Returns 58..73
            Within 14 days.
            [en]  74..79
            Empty
        "#]],
    );
}

#[test]
fn table_rows_have_their_header_and_are_never_cut() {
    check(
        &document(&[
            "# Цены",
            "|Ремонт|Услуга;Цена|Замена камеры;500 ₽",
            "|Ремонт|Услуга;Цена|Настройка;1 200 ₽",
            "|Ремонт|Услуга;Цена|Правка колеса;",
            "|Ремонт|Услуга;Цена|Мойка;300 ₽",
            "|Ремонт|Услуга;Цена|Смазка;200 ₽",
            "||;|Без шапки;1",
        ]),
        expect![[r#"
            [ru] Цены > Ремонт 5..77
            Услуга: Замена камеры; Цена: 500 ₽
            Услуга: Настройка; Цена: 1 200 ₽
            Услуга: Правка колеса
            Услуга: Мойка; Цена: 300 ₽
            [ru] Цены > Ремонт 78..92
            Услуга: Смазка; Цена: 200 ₽
            [ru] Цены 93..106
            Без шапки; 1
        "#]],
    );
}

#[test]
fn a_list_stays_with_the_line_that_introduces_it() {
    let long = "word ".repeat(290);
    let blocks = document(&[
        long.trim(),
        "Bring with you:",
        "- the receipt",
        "- the box",
        "Then wait.",
    ]);
    let found = passages(&blocks);
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[1].text,
        "Bring with you:\nthe receipt\nthe box\nThen wait."
    );
}

#[test]
fn the_rest_of_a_long_list_has_its_introduction_above_it() {
    let items: Vec<String> = (0..60)
        .map(|n| format!("- item number {n} of the long list"))
        .collect();
    let mut lines = vec!["Bring with you:"];
    lines.extend(items.iter().map(String::as_str));
    let found = passages(&document(&lines));
    assert!(found.len() > 1);
    assert!(found[0].text.starts_with("Bring with you:\nitem number 0"));
    assert_eq!(found[1].headings, ["Bring with you:"]);
}

#[test]
fn a_long_paragraph_is_cut_at_sentences_that_overlap() {
    let text: Vec<String> = (0..60)
        .map(|n| format!("Предложение номер {n} о доставке товара по городу."))
        .collect();
    let text = text.join(" ");
    let blocks = document(&[&text]);
    let all: Vec<char> = text.chars().collect();
    let found = passages(&blocks);
    assert!(found.len() > 2);
    for pair in found.windows(2) {
        assert!(
            pair[1].start < pair[0].end,
            "one or two sentences are repeated"
        );
        assert!(pair[1].start > pair[0].start);
    }
    for passage in &found {
        let slice: String = all[passage.start as usize..passage.end as usize]
            .iter()
            .collect();
        assert_eq!(slice, passage.text);
        assert!(passage.text.starts_with("Предложение") && passage.text.ends_with('.'));
    }
    assert_eq!(found.last().unwrap().end as usize, all.len());
}

#[test]
fn short_paragraphs_share_a_passage_until_it_is_full() {
    let lines: Vec<String> = (0..40)
        .map(|n| format!("Paragraph number {n} says something about the bicycle shop."))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let found = passages(&document(&lines));
    assert!((2..=4).contains(&found.len()), "{}", found.len());
    let covered: usize = found
        .iter()
        .map(|passage| passage.text.lines().count())
        .sum();
    assert_eq!(covered, 40, "no paragraph twice, none left out");
}

#[test]
fn text_without_an_end_is_cut_all_the_same() {
    for text in [
        "x".repeat(20_000),
        "слово ".repeat(5_000).trim().to_owned(),
        "字".repeat(3_000),
    ] {
        let blocks = document(&[&text]);
        let found = passages(&blocks);
        assert!(found.len() > 3);
        assert_eq!(found.last().unwrap().end as usize, text.chars().count());
    }
}

#[test]
fn nothing_gives_nothing() {
    assert!(passages(&[]).is_empty());
}
