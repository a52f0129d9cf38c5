//! How well each passage answers a question: BERT reads both at once, and its first token becomes one number (Nogueira
//! and Cho 2019).

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::bert::{Room, Text};
use super::gate::{Gate, StopOnDrop};
use super::kept::{Kept, Loaded};
use super::linear::{self, Linear};
use super::prepare::Purpose;
use super::prepared::Prepared;
use crate::error::EngineError;

/// Questions that may wait for the one that is compared: a better order is not worth a longer wait.
const WAITING: usize = 1;
/// Tokens of question and passage together: more were never trained on.
const MOST_TOKENS: usize = 512;

/// Tokens that are computed together: more does not make it faster, and a group is not stopped in its midst.
const ENOUGH_TOKENS: usize = 128;

/// A model over its prepared file. It computes on one thread, whatever the computer has: others answer meanwhile.
pub(crate) struct Ranker {
    name: String,
    kept: Arc<Kept>,
    gate: Gate,
}

impl Ranker {
    /// Opens the model in `folder`, preparing it when that was not done yet. The error says what is wrong.
    pub(crate) fn open(name: &str, folder: &Path) -> Result<Arc<Ranker>, String> {
        let (kept, _) = Kept::open(name, folder, Purpose::Scores)?;
        Ok(Arc::new(Ranker {
            name: name.to_owned(),
            kept,
            gate: Gate::new(1, WAITING),
        }))
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.kept.is_loaded()
    }

    /// A score for each of the first passages, in their order: as many as can be read by `until`. Dropping the future
    /// ends the work within a passage or two.
    pub(crate) async fn scores(
        &self,
        question: String,
        passages: Vec<String>,
        until: Instant,
    ) -> Result<Vec<f32>, EngineError> {
        let pass = self.gate.enter().await?;
        let caller = StopOnDrop::default();
        let (kept, stop) = (Arc::clone(&self.kept), Arc::clone(&caller.0));
        let work = tokio::task::spawn_blocking(move || {
            let _pass = pass;
            let is_over = || stop.load(Ordering::Relaxed) || Instant::now() >= until;
            let model = kept.loaded()?;
            scores(&model, &question, &passages, is_over)
        });
        let scores = work.await.map_err(|_| EngineError::Cancelled)?;
        scores.map_err(|why| EngineError::BadModel {
            name: self.name.clone(),
            why,
        })
    }
}

fn scores(
    model: &Loaded,
    question: &str,
    passages: &[String],
    is_over: impl Fn() -> bool,
) -> Result<Vec<f32>, String> {
    let head = Head::find(&model.file)?;
    let most = MOST_TOKENS.min(model.file.header.positions);
    let hidden = model.file.header.hidden;
    let mut room = Room::default();
    let mut pooled = vec![0.0; hidden];
    let mut scores = Vec::with_capacity(passages.len());
    let mut rest = passages;
    while !rest.is_empty() && !is_over() {
        // As many as make the products large enough, at least one.
        let mut both = Vec::new();
        let mut tokens = 0;
        while let Some((passage, others)) = rest.split_first()
            && tokens < ENOUGH_TOKENS
        {
            let (ids, second) = model.tokens.ids_of_both(question, passage, most)?;
            tokens += ids.len();
            both.push((ids, second));
            rest = others;
        }
        let texts = both.iter().map(|(ids, second)| Text::both(ids, *second));
        let texts: Vec<Text> = texts.collect();
        let rows = model.bert.computed(&model.file, &texts, &mut room);
        let mut start = 0;
        for (ids, _) in &both {
            let first = &rows[start * hidden..(start + 1) * hidden];
            scores.push(head.score(&model.file, first, &mut pooled));
            start += ids.len();
        }
    }
    Ok(scores)
}

/// What stands above BERT.
struct Head {
    pooler: Linear,
    score: [Range<usize>; 2],
}

impl Head {
    fn find(file: &Prepared) -> Result<Head, String> {
        let hidden = file.header.hidden;
        Ok(Head {
            pooler: Linear::find(file, "pooler", hidden, hidden)?,
            score: linear::pair(file, "score", 1, hidden)?,
        })
    }

    fn score(&self, file: &Prepared, first: &[f32], pooled: &mut [f32]) -> f32 {
        self.pooler.apply(file, first, pooled, |xs| {
            xs.iter_mut().for_each(|x| *x = x.tanh());
        });
        let [weight, bias] = linear::numbers(file, &self.score);
        let products = weight.iter().zip(&*pooled).map(|(weight, x)| weight * x);
        products.sum::<f32>() + bias[0]
    }
}
