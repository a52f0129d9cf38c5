//! The best of the passages, for a model that can read only so much before it must begin to answer.

use super::score::{self, text_of};
use super::units::{self, Shape};
use crate::ask::{Ask, Given};

/// What a passage loses in rank for each one before it.
const BY_PLACE: f32 = 0.02;

/// Passages of at most `most` characters together: the sentences, rows and lists that speak to the question, in the
/// order in which they stand. Nothing is cut in its middle; the best one is there even where it alone is longer.
pub(crate) fn excerpts(ask: &Ask, most: usize) -> Vec<Given> {
    let length = |text: &str| text.chars().count();
    let whole: usize = ask.passages.iter().map(|given| length(&given.text)).sum();
    if whole <= most {
        return ask.passages.clone();
    }
    let units = units::units(&ask.passages);
    let scores = score::scores(ask, &units);
    let rank = |at: usize| scores[at].total - BY_PLACE * units[at].passage as f32;
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by(|&a, &b| rank(b).total_cmp(&rank(a)));
    let mut room = most;
    let mut taken = vec![false; units.len()];
    for (nth, at) in order.into_iter().enumerate() {
        let needs = length(text_of(ask, &units[at]));
        if needs <= room || nth == 0 {
            taken[at] = true;
            room = room.saturating_sub(needs);
        }
    }
    let mut excerpts: Vec<Given> = Vec::new();
    let mut last = None;
    for at in (0..units.len()).filter(|&at| taken[at]) {
        let text = text_of(ask, &units[at]);
        if last != Some(units[at].passage) {
            excerpts.push(Given {
                text: String::new(),
                ..ask.passages[units[at].passage].clone()
            });
            last = Some(units[at].passage);
        }
        if let Some(excerpt) = excerpts.last_mut() {
            let between = match (excerpt.text.is_empty(), units[at].shape) {
                (true, _) => "",
                (false, Shape::Sentence) => " ",
                (false, Shape::Row | Shape::List) => "\n",
            };
            excerpt.text.push_str(between);
            excerpt.text.push_str(text);
        }
    }
    excerpts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(number: u32, text: &str) -> Given {
        Given {
            number,
            title: "Shop".to_owned(),
            text: text.to_owned(),
            ..Given::default()
        }
    }

    #[test]
    fn the_sentences_that_speak_to_the_question_are_kept_whole() {
        let ask = Ask {
            question: "How much is express delivery?".to_owned(),
            passages: vec![
                given(
                    1,
                    "We sell tea. Express delivery costs 7 euros. Our shop is red.",
                ),
                given(2, "Cats sleep here. Express delivery takes one day."),
            ],
            ..Ask::default()
        };
        let short = excerpts(&ask, 70);
        let texts: Vec<&str> = short.iter().map(|given| given.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Express delivery costs 7 euros.",
                "Express delivery takes one day."
            ]
        );
        assert_eq!((short[0].number, short[1].number), (1, 2));
        assert_eq!(excerpts(&ask, 1_000), ask.passages);
        assert_eq!(excerpts(&ask, 1).len(), 1, "the best one is always there");
    }
}
