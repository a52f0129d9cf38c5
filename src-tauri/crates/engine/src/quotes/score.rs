//! How well each unit answers the question, by its words and by what kind of thing it holds.

use super::cues::{self, Cue};
use super::units::{Shape, Unit};
use crate::ask::Ask;
use crate::words;

/// How well a unit answers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Score {
    /// The share of the question's weight that is found in the unit, its headings and the question above
    /// it, 0..=1.
    pub(super) coverage: f32,
    /// The share that is found in the unit itself, 0..=1.
    pub(super) own: f32,
    /// Which of the question's terms stand in the unit itself, one bit each (the first 64).
    pub(super) terms: u64,
    /// True when it holds the kind of thing that is asked for, or nothing special is asked for.
    pub(super) fits: bool,
    /// True when it holds all kinds of thing that are asked for.
    pub(super) holds: bool,
    /// False for questions and for labels without content.
    pub(super) quotable: bool,
    /// What units are ordered by; comparable within one question only.
    pub(super) total: f32,
}

/// What a term is worth that stands in the question (of an FAQ) just above, in a heading, in the title, in
/// the sentence before.
const ABOVE: [f32; 3] = [0.95, 0.7, 0.4];
const HEADING: f32 = 0.6;
const TITLE: f32 = 0.35;
const BEFORE: f32 = 0.3;
/// What a code (`E5`) is worth in the title: all of that document is about it.
const TITLE_OF_CODE: f32 = 0.8;

pub(super) fn scores(ask: &Ask, units: &[Unit]) -> Vec<Score> {
    let wanted = cues::wanted(&ask.question);
    let question = question_terms(&ask.question);
    let unit_terms: Vec<Vec<String>> = units
        .iter()
        .map(|unit| words::terms(text_of(ask, unit)))
        .collect();
    let weights = weights(&question, &unit_terms);
    let places: Vec<Places> = ask
        .passages
        .iter()
        .map(|given| Places {
            headings: words::terms(&given.headings.join(" ")),
            title: words::terms(&given.title),
        })
        .collect();
    let same_language = ask
        .passages
        .iter()
        .any(|given| given.language == ask.language);
    let mut scores = Vec::with_capacity(units.len());
    for (at, unit) in units.iter().enumerate() {
        let text = text_of(ask, unit);
        let around = Around {
            own: &unit_terms[at],
            place: &places[unit.passage],
            above: question_above(ask, units, at).map(|(up, gap)| (&unit_terms[up][..], gap)),
            before: match unit.ordinal {
                0 => None,
                _ => Some(&unit_terms[at - 1][..]),
            },
        };
        let mut score = cover(&question, &weights, &around);
        let held = wanted.iter().filter(|cue| cues::holds(text, **cue)).count();
        score.holds = held > 0 && held == wanted.len();
        score.fits = wanted.is_empty() || held > 0;
        score.quotable = is_quotable(text, unit.shape);
        score.total = score.coverage + extras(&score, &wanted, unit, text);
        let foreign = ask.passages[unit.passage].language != ask.language;
        if foreign && same_language {
            score.total -= 0.15;
        }
        if let Some((first, last)) = span(&question, &unit_terms[at])
            && last - first <= 8
        {
            score.total += 0.05;
        }
        scores.push(score);
    }
    scores
}

pub(super) fn text_of<'a>(ask: &'a Ask, unit: &Unit) -> &'a str {
    &ask.passages[unit.passage].text[unit.range.clone()]
}

pub(super) fn is_question(text: &str) -> bool {
    text.trim_end_matches(['"', '»', '”', ')', '*'])
        .ends_with('?')
}

/// The question of an FAQ that stands at most three units above, and how far above (0 is next to it).
pub(super) fn question_above(ask: &Ask, units: &[Unit], at: usize) -> Option<(usize, usize)> {
    for gap in 0..ABOVE.len() {
        let up = at.checked_sub(gap + 1)?;
        if units[up].passage != units[at].passage {
            return None;
        }
        if is_question(text_of(ask, &units[up])) {
            return Some((up, gap));
        }
    }
    None
}

/// Letters and digits together: a model, an error.
fn is_code(term: &str) -> bool {
    term.contains(char::is_alphabetic) && term.contains(|c: char| c.is_ascii_digit())
}

struct Places {
    headings: Vec<String>,
    title: Vec<String>,
}

struct Around<'a> {
    own: &'a [String],
    place: &'a Places,
    above: Option<(&'a [String], usize)>,
    before: Option<&'a [String]>,
}

fn question_terms(question: &str) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for term in words::terms(question) {
        if !terms.contains(&term) && terms.len() < 64 {
            terms.push(term);
        }
    }
    terms
}

/// Rare terms weigh more: inverse document frequency over the units at hand.
fn weights(question: &[String], units: &[Vec<String>]) -> Vec<f32> {
    let count = units.len() as f32;
    let weight = |term: &String| {
        let having = units.iter().filter(|unit| credit(term, unit) > 0.0).count() as f32;
        (1.0 + (count - having + 0.5).max(0.5) / (having + 0.5))
            .ln()
            .clamp(0.25, 2.5)
    };
    question.iter().map(weight).collect()
}

/// 1 when the term stands there, a little less when another form of its root does, else 0.
fn credit(term: &str, words: &[String]) -> f32 {
    if words.iter().any(|word| word == term) {
        return 1.0;
    }
    match words.iter().any(|word| words::akin(word, term)) {
        true => 0.85,
        false => 0.0,
    }
}

fn cover(question: &[String], weights: &[f32], around: &Around) -> Score {
    let mut score = Score::default();
    let whole: f32 = weights.iter().sum();
    if whole == 0.0 {
        return score;
    }
    for (number, (term, weight)) in question.iter().zip(weights).enumerate() {
        let own = credit(term, around.own);
        if own > 0.0 {
            score.terms |= 1 << number;
        }
        let mut best = own;
        if let Some((above, gap)) = around.above {
            best = best.max(credit(term, above) * ABOVE[gap]);
        }
        best = best.max(credit(term, &around.place.headings) * HEADING);
        let title = if is_code(term) { TITLE_OF_CODE } else { TITLE };
        best = best.max(credit(term, &around.place.title) * title);
        if let Some(before) = around.before {
            best = best.max(credit(term, before) * BEFORE);
        }
        score.own += weight * own / whole;
        score.coverage += weight * best / whole;
    }
    score
}

/// What a unit of the first passage gains; of the second half, of the third a third.
const RANK: f32 = 0.2;

fn extras(score: &Score, wanted: &[Cue], unit: &Unit, text: &str) -> f32 {
    let cue = match (wanted.is_empty(), score.fits) {
        (true, _) => 0.0,
        (false, true) => 0.22,
        (false, false) => -0.1,
    };
    let rank = RANK / (1.0 + unit.passage as f32);
    let first = if unit.ordinal == 0 && unit.shape != Shape::Row {
        0.03
    } else {
        0.0
    };
    let length = if text.chars().count() > 350 && unit.shape == Shape::Sentence {
        -0.05
    } else {
        0.0
    };
    cue + rank + first + length
}

/// A question is no answer, and a word or two without a number say nothing.
fn is_quotable(text: &str, shape: Shape) -> bool {
    if shape != Shape::Sentence {
        return true;
    }
    let has_content = text.contains(|c: char| c.is_ascii_digit() || c == '@');
    let words = text.split_whitespace().count();
    !is_question(text) && (words >= 3 || has_content) && !text.ends_with(':')
}

/// First and last of the unit's words that the question has, when there are two or more.
fn span(question: &[String], unit: &[String]) -> Option<(usize, usize)> {
    let found = |word: &String| question.iter().any(|term| words::akin(term, word));
    let first = unit.iter().position(found)?;
    let last = unit.iter().rposition(found)?;
    (last > first).then_some((first, last))
}
