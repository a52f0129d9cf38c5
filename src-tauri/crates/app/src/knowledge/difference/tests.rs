use super::words::PartKind;
use super::*;

fn line(text: &str) -> Block {
    Block {
        kind: BlockKind::Paragraph,
        text: text.to_owned(),
        start: 0,
        page: None,
    }
}

fn heading(text: &str) -> Block {
    Block {
        kind: BlockKind::Heading { level: 1 },
        ..line(text)
    }
}

fn row(header: &[&str], cells: &[&str]) -> Block {
    let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    Block {
        kind: BlockKind::TableRow {
            header: owned(header),
            cells: owned(cells),
            table: Some("Prices".to_owned()),
            row: 1,
        },
        ..line(&cells.join(" | "))
    }
}

/// A change on one line: `~ Prices: Item=Chain Price=10→12`.
fn shown(change: &Change) -> String {
    let sign = match change.kind {
        ChangeKind::Added => '+',
        ChangeKind::Removed => '-',
        ChangeKind::Changed => '~',
    };
    let parts = change.parts.iter().map(|part| match part.kind {
        PartKind::Same => part.text.clone(),
        PartKind::Added => format!("[+{}]", part.text),
        PartKind::Removed => format!("[-{}]", part.text),
    });
    let cells = change.cells.iter().map(|cell| {
        let text = |text: &Option<String>| text.clone().unwrap_or("∅".to_owned());
        match cell.before == cell.after {
            true => format!("{}={} ", cell.column, text(&cell.after)),
            false => format!(
                "{}={}→{} ",
                cell.column,
                text(&cell.before),
                text(&cell.after)
            ),
        }
    });
    let words: String = parts.chain(cells).collect();
    let place = change.place.as_deref().unwrap_or("");
    format!("{sign} {place}: {}", words.trim_end())
}

fn told(old: &[Block], new: &[Block]) -> Vec<String> {
    let found = difference(old, new);
    assert_eq!(
        (found.added + found.removed + found.changed) as usize,
        found.changes.len()
    );
    found.changes.iter().map(shown).collect()
}

#[test]
fn an_old_and_a_new_price_stand_side_by_side() {
    let header = ["Item", "Price"];
    let old = [
        row(&header, &["Chain", "10 EUR"]),
        row(&header, &["Bell", "5 EUR"]),
        row(&header, &["Lamp", "20 EUR"]),
    ];
    let new = [
        row(&header, &["Lamp", "20 EUR"]),
        row(&header, &["Chain", "12 EUR"]),
        row(&header, &["Pump", "9 EUR"]),
    ];
    // The lamp only moved.
    assert_eq!(
        told(&old, &new),
        [
            "- Prices: Item=Bell→∅ Price=5 EUR→∅",
            "~ Prices: Item=Chain Price=10 EUR→12 EUR",
            "+ Prices: Item=∅→Pump Price=∅→9 EUR",
        ]
    );
}

#[test]
fn a_column_that_moved_or_came_is_known_by_its_name() {
    let old = [row(&["Item", "Price"], &["Chain", "10"])];
    let new = [row(&["Item", "Stock", "Price"], &["Chain", "4", "12"])];
    assert_eq!(
        told(&old, &new),
        ["~ Prices: Item=Chain Stock=∅→4 Price=10→12"]
    );
}

#[test]
fn inside_a_line_the_words_that_changed_are_told_and_numbers_stay_whole() {
    let old = [
        heading("Delivery"),
        line("Delivery costs 1 450,50 roubles and takes 3 days."),
    ];
    let new = [
        heading("Delivery"),
        line("Delivery costs 1 500,00 roubles and takes 3 days."),
    ];
    assert_eq!(
        told(&old, &new),
        ["~ Delivery: Delivery costs 1 [-450,50][+500,00] roubles and takes 3 days."]
    );
}

#[test]
fn lines_with_little_in_common_are_not_one_changed_line() {
    let old = [
        line("Returns within 14 days."),
        line("We are closed on Sundays."),
    ];
    let new = [line("Open daily from nine to six.")];
    let shown = told(&old, &new);
    assert!(shown.iter().all(|line| !line.starts_with('~')), "{shown:?}");
}

#[test]
fn the_same_text_has_no_difference_and_an_empty_one_is_all_gone() {
    let text = [heading("A"), line("one"), row(&[], &["x", "1"])];
    assert_eq!(difference(&text, &text), Difference::default());
    let gone = difference(&text, &[]);
    assert_eq!((gone.added, gone.removed, gone.changed), (0, 3, 0));
}

#[test]
fn the_rest_of_a_long_line_is_left_out_beside_its_change() {
    let long = "many words that stay as they are ".repeat(40);
    let old = [line(&format!("{long}costs 10 {long}"))];
    let new = [line(&format!("{long}costs 12 {long}"))];
    let found = difference(&old, &new);
    let text: String = found.changes[0]
        .parts
        .iter()
        .map(|part| part.text.as_str())
        .collect();
    assert!(
        text.starts_with("… ") && text.ends_with(" …") && text.chars().count() < 220,
        "{text}"
    );
}

#[test]
fn of_huge_texts_the_beginning_is_compared_and_every_change_is_counted() {
    let text = |salt: usize| -> Vec<Block> {
        (0..MOST_BLOCKS + 10)
            .map(|number| line(&format!("line {number} says {}", number * salt % 7)))
            .collect()
    };
    let found = difference(&text(1), &text(2));
    assert!(found.is_cut);
    assert_eq!(found.changes.len(), MOST_CHANGES);
    let counted = found.added.max(found.removed) + found.changed;
    assert!(counted > MOST_CHANGES as u32, "{counted}");
}
