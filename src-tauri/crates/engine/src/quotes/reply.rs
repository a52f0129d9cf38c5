//! The chosen units set as a reply: quotes stay verbatim, the text reads as people write.

use super::row;
use super::score::text_of;
use super::units::{Shape, Unit};
use crate::ask::Ask;
use crate::draft::{Draft, DraftCitation};
use crate::engine::Pieces;

pub(super) fn reply(ask: &Ask, units: &[Unit], chosen: &[usize], pieces: Pieces<'_>) -> Draft {
    let mut draft = Draft {
        answered: !chosen.is_empty(),
        ..Draft::default()
    };
    let mut last: Option<&Unit> = None;
    for &at in chosen {
        let unit = &units[at];
        let given = &ask.passages[unit.passage];
        let mut piece = separator(last, unit).to_owned();
        let text = text_of(ask, unit);
        match unit.shape {
            Shape::Sentence => set_sentence(text, &mut piece),
            Shape::Row => piece += &row::sentence(text, &ask.question, given.language),
            Shape::List => set_list(text, &mut piece),
        }
        pieces(&piece);
        draft.text.push_str(&piece);
        let follows = last
            .is_some_and(|last| last.passage == unit.passage && last.ordinal + 1 == unit.ordinal);
        match (draft.citations.last_mut(), last) {
            (Some(citation), Some(last)) if follows => {
                let start = last.range.end - citation.quote.len();
                citation.quote = given.text[start..unit.range.end].to_owned();
            }
            _ => draft.citations.push(DraftCitation {
                number: given.number,
                quote: given.text[unit.range.clone()].to_owned(),
            }),
        }
        last = Some(unit);
    }
    draft
}

fn separator(last: Option<&Unit>, unit: &Unit) -> &'static str {
    match last {
        None => "",
        Some(last) if last.shape != Shape::Sentence || unit.shape != Shape::Sentence => "\n",
        Some(last) if last.passage != unit.passage => "\n",
        Some(_) => " ",
    }
}

fn set_sentence(text: &str, out: &mut String) {
    let line: Vec<&str> = text.split_whitespace().collect();
    out.push_str(&line.join(" "));
}

fn set_list(text: &str, out: &mut String) {
    for (number, line) in text.lines().map(str::trim).enumerate() {
        if line.is_empty() {
            continue;
        }
        if number > 0 {
            out.push('\n');
            let is_marked = line.starts_with(['-', '•', '–', '—', '*', '·'])
                || line.starts_with(|c: char| c.is_ascii_digit());
            if !is_marked {
                out.push_str("• ");
            }
        }
        out.push_str(line);
    }
}
