//! Which units are quoted: the best one, what it needs to be understood, and what adds to it.

use super::score::{self, Score, text_of};
use super::units::{Shape, Unit};
use crate::ask::Ask;

/// The most pieces a reply has, rows of a table aside.
const MOST: usize = 3;
/// The most rows of a table.
const MOST_ROWS: usize = 5;
/// No further piece is added to a reply of this many characters.
const ENOUGH: usize = 320;

/// Indices of the units to quote, in the order of the reply.
pub(super) fn choose(ask: &Ask, units: &[Unit], scores: &[Score]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..units.len()).filter(|&at| scores[at].quotable).collect();
    order.sort_by(|&a, &b| scores[b].total.total_cmp(&scores[a].total));
    let Some(&best) = order.first() else {
        return Vec::new();
    };
    if units[best].shape == Shape::Row {
        return rows(units, scores, &order, best);
    }
    let mut chosen = vec![best];
    if let Some(before) = needed_before(ask, units, scores, best) {
        chosen.insert(0, before);
    }
    if let Some(after) = continued_after(ask, units, scores, best) {
        chosen.push(after);
    }
    for beside in besides(ask, units, scores, best) {
        let length: usize = chosen
            .iter()
            .chain([&beside])
            .map(|&at| text_of(ask, &units[at]).chars().count())
            .sum();
        if !chosen.contains(&beside) && chosen.len() < MOST && length <= ENOUGH {
            chosen.push(beside);
        }
    }
    let mut known = chosen.iter().fold(0, |bits, &at| bits | scores[at].terms);
    for &at in &order[1..] {
        let length: usize = chosen
            .iter()
            .map(|&at| text_of(ask, &units[at]).chars().count())
            .sum();
        if chosen.len() >= MOST || length >= ENOUGH {
            break;
        }
        if chosen.contains(&at) || units[at].shape != Shape::Sentence {
            continue;
        }
        let adds_terms = scores[at].terms & !known != 0;
        let adds_fact = scores[at].fits && !scores[best].fits;
        let is_close = scores[at].total >= scores[best].total * 0.8;
        if is_close && (adds_terms || adds_fact) && !is_said(ask, units, &chosen, at) {
            chosen.push(at);
            known |= scores[at].terms;
        }
    }
    in_reading_order(units, chosen)
}

/// The sentences next to the chosen one that speak of the same and tell a number, a day or a price as well.
fn besides(ask: &Ask, units: &[Unit], scores: &[Score], best: usize) -> Vec<usize> {
    let mut found = Vec::new();
    for beside in [best.checked_add(1), best.checked_sub(1)]
        .into_iter()
        .flatten()
    {
        let is_near = beside < units.len() && units[beside].passage == units[best].passage;
        if !is_near || units[beside].shape != Shape::Sentence || !scores[beside].quotable {
            continue;
        }
        let is_of_same = scores[beside].terms & scores[best].terms != 0
            && text_of(ask, &units[beside]).contains(|c: char| c.is_ascii_digit());
        let holds_it = scores[beside].holds && scores[best].holds;
        if is_of_same || holds_it {
            found.push(beside);
        }
    }
    found
}

/// The rows that match as well as the best one.
fn rows(units: &[Unit], scores: &[Score], order: &[usize], best: usize) -> Vec<usize> {
    let as_good = |at: &usize| {
        let is_same_table = units[*at].passage == units[best].passage;
        let by_words = scores[best].own - scores[*at].own < 0.02;
        let by_all = scores[best].total - scores[*at].total < 0.1;
        units[*at].shape == Shape::Row && is_same_table && by_words && by_all
    };
    let matching: Vec<usize> = order
        .iter()
        .copied()
        .filter(as_good)
        .take(MOST_ROWS)
        .collect();
    in_reading_order(units, matching)
}

/// The sentence before, when the chosen one begins with a word that points back to it.
fn needed_before(ask: &Ask, units: &[Unit], scores: &[Score], at: usize) -> Option<usize> {
    if units[at].ordinal == 0 || units[at].shape != Shape::Sentence {
        return None;
    }
    let first = text_of(ask, &units[at])
        .split(|c: char| !c.is_alphanumeric())
        .next()?;
    let points_back = POINTING.contains(&first.to_lowercase().as_str());
    (points_back && scores[at - 1].quotable).then_some(at - 1)
}

/// The sentence after, when both together answer the question of an FAQ, or when it holds the number, day
/// or place that was asked for and the chosen one does not.
fn continued_after(ask: &Ask, units: &[Unit], scores: &[Score], at: usize) -> Option<usize> {
    let next = at + 1;
    let is_same = next < units.len() && units[next].passage == units[at].passage;
    if !is_same || !scores[next].quotable || units[next].shape == Shape::Row {
        return None;
    }
    let length =
        text_of(ask, &units[at]).chars().count() + text_of(ask, &units[next]).chars().count();
    let above = score::question_above(ask, units, at);
    let answers_faq = above.is_some_and(|(up, gap)| gap == 0 && scores[up].own >= 0.5);
    let holds_it = scores[next].fits && !scores[at].fits;
    (length <= ENOUGH && (answers_faq || holds_it)).then_some(next)
}

/// True when the same words are quoted already: passages overlap, and documents repeat each other.
fn is_said(ask: &Ask, units: &[Unit], chosen: &[usize], at: usize) -> bool {
    let text = text_of(ask, &units[at]);
    chosen.iter().any(|&other| {
        let said = text_of(ask, &units[other]);
        said.contains(text) || text.contains(said)
    })
}

/// Pieces of the best passage first, each passage's in the order it has them.
fn in_reading_order(units: &[Unit], mut chosen: Vec<usize>) -> Vec<usize> {
    let mut passages: Vec<usize> = Vec::new();
    for &at in &chosen {
        if !passages.contains(&units[at].passage) {
            passages.push(units[at].passage);
        }
    }
    let place = |at: usize| {
        passages
            .iter()
            .position(|&passage| passage == units[at].passage)
    };
    chosen.sort_by_key(|&at| (place(at), units[at].ordinal));
    chosen
}

const POINTING: &[&str] = &[
    "it",
    "its",
    "they",
    "their",
    "them",
    "this",
    "these",
    "that",
    "those",
    "he",
    "she",
    "however",
    "otherwise",
    "then",
    "это",
    "этот",
    "эта",
    "эти",
    "он",
    "она",
    "оно",
    "они",
    "их",
    "его",
    "ее",
    "её",
    "однако",
    "иначе",
    "тогда",
    "при",
    "такой",
    "такая",
    "такие",
];
