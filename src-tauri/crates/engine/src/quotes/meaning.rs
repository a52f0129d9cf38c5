//! Where words do not decide: likeness of the question and the sentences, by an embedder.

use super::score::{Score, text_of};
use super::units::Unit;
use crate::ask::Ask;
use crate::embedder::{Embedder, Role};

/// How many units are compared, so that a reply is not late.
const MOST: usize = 10;
/// How much of each is read, in characters.
const LONGEST: usize = 160;
/// What the most like one gains over the least like one.
const GAIN: f32 = 0.6;

/// Adds likeness to the totals of the most promising units. False when the embedder failed: then words
/// alone decide.
pub(super) async fn add(
    embedder: &dyn Embedder,
    ask: &Ask,
    units: &[Unit],
    scores: &mut [Score],
) -> bool {
    let candidates = candidates(units, scores);
    if candidates.is_empty() {
        return false;
    }
    let texts = candidates
        .iter()
        .map(|&at| shortened(&with_heading(ask, &units[at])));
    let questions = embedder
        .embed(Role::Query, vec![ask.question.clone()])
        .await;
    let Ok(questions) = questions else {
        return false;
    };
    // Asked as queries: a customer waits, so they must not queue behind documents.
    let Ok(vectors) = embedder.embed(Role::Query, texts.collect()).await else {
        return false;
    };
    let Some(question) = questions.first() else {
        return false;
    };
    let likeness: Vec<f32> = vectors
        .iter()
        .map(|vector| vector.iter().zip(question).map(|(a, b)| a * b).sum())
        .collect();
    let least = likeness.iter().copied().fold(f32::INFINITY, f32::min);
    let most = likeness.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let width = (most - least).max(0.02);
    for (&at, like) in candidates.iter().zip(&likeness) {
        scores[at].total += GAIN * (like - least) / width;
    }
    true
}

/// The first units of the first passages, a few each, and whatever scores well by words.
fn candidates(units: &[Unit], scores: &[Score]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..units.len()).filter(|&at| scores[at].quotable).collect();
    let promise = |at: usize| scores[at].total - 0.02 * units[at].ordinal as f32;
    order.sort_by(|&a, &b| promise(b).total_cmp(&promise(a)));
    order.truncate(MOST);
    order
}

/// The unit under its heading: `60 euros` says little without `Winter storage`.
fn with_heading(ask: &Ask, unit: &Unit) -> String {
    let text = text_of(ask, unit);
    match ask.passages[unit.passage].headings.last() {
        Some(heading) => format!("{heading}: {text}"),
        None => text.to_owned(),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
