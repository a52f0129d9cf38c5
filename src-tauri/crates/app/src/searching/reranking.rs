//! A second look at the best passages: a reranker reads each of them beside the question, and its score counts beside
//! what found them.
//!
//! It only orders. How sure the search is stays what the fused search says: that number is calibrated, a reranker's is
//! not.

use std::time::{Duration, Instant};

use domain::id::WorkspaceId;
use domain::language::Language;
use domain::trace::Reranked;
use engine::error::EngineError;
use engine::models::manifest::{self, PublishedSpec};
use tokio::time::timeout;

use crate::App;
use crate::error::{Error, Result};
use crate::searching::{FoundPassage, embedded_text, milliseconds};

/// Passages that are looked at again.
pub(super) const LOOKED_AT: usize = 20;
/// The reranker's weight beside the fused score, both standardised over the passages that it read. Measured with
/// `examples/evaluate` on med, nDCG@10 with e5 and bge-small: alone it costs (0.804 to 0.799, 0.817 to 0.788), at 0.3
/// and at 0.5 it gains (0.818 and 0.817, 0.820 and 0.818).
const WEIGHT: f32 = 0.4;
/// How long somebody may wait for the better order; what is not read by then stays behind what is.
const PATIENCE: Duration = Duration::from_millis(2_500);
/// How much longer until a reranker that is not even opened, or does not stop, is left alone.
const GRACE: Duration = Duration::from_secs(1);

impl App {
    /// The workspace's reranker, where it reads the language of the question.
    pub(super) async fn reranker(
        &self,
        workspace: WorkspaceId,
        language: Language,
    ) -> Result<Option<&'static PublishedSpec>> {
        let name = self.settings_of(workspace).await?.reranker;
        let spec = manifest::find_reranker(&name);
        Ok(spec.filter(|spec| reads(spec, language)))
    }

    /// Puts the best passages in order by what the reranker says too, as many as it reads in time. Those in a language that it does
    /// not read keep their places, and all do when it fails. Nothing where there is nothing to order.
    pub(super) async fn rerank(
        &self,
        spec: &PublishedSpec,
        question: &str,
        hits: &mut [FoundPassage],
    ) -> Option<Reranked> {
        let looked_at = hits.iter().take(LOOKED_AT).enumerate();
        let places: Vec<usize> = looked_at
            .filter(|(_, hit)| reads(spec, hit.passage.language))
            .map(|(place, _)| place)
            .collect();
        if places.len() < 2 {
            return None;
        }
        let texts = places.iter().map(|place| {
            let passage = &hits[*place].passage;
            embedded_text(&passage.headings, &passage.text)
        });
        let began = Instant::now();
        let ranking =
            self.inner
                .models
                .rank(&spec.name, question, texts.collect(), began + PATIENCE);
        let ranked = timeout(PATIENCE + GRACE, ranking).await;
        let ranked = ranked.unwrap_or(Err(EngineError::TimedOut));
        let ranked = ranked.and_then(|scores| match scores.len() {
            0 | 1 => Err(EngineError::TimedOut),
            _ => Ok(scores),
        });
        let (passages, failed) = match ranked {
            Ok(scores) => {
                reorder(hits, &places, &scores);
                (scores.len(), None)
            }
            Err(error) => {
                tracing::warn!(%error, model = spec.name, "the reranker failed: the order stays");
                (0, Some(error.code().to_owned()))
            }
        };
        Some(Reranked {
            model: spec.name.clone(),
            passages: u32::try_from(passages).unwrap_or(u32::MAX),
            took_ms: milliseconds(began),
            failed,
        })
    }

    /// Refuses a reranker that is not there or cannot be used. A freshly installed one is prepared by it.
    pub(crate) async fn try_reranker(&self, name: &str) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        let passage = vec!["We open at nine.".to_owned()];
        let tried = self
            .inner
            .models
            .rank(name, "When do you open?", passage, until);
        match tried.await {
            // It works, and has enough to do.
            Ok(_) | Err(EngineError::Busy) => Ok(()),
            Err(EngineError::NoModel { .. }) => Err(Error::invalid(
                "reranker",
                "there is no reranker of this name on this computer",
            )),
            Err(error) => Err(error.into()),
        }
    }
}

fn reads(spec: &PublishedSpec, language: Language) -> bool {
    let code = language.code();
    let mut languages = spec.languages.iter();
    languages.any(|known| known == code || known == "multilingual")
}

/// Puts the hits at the first of these places, as many as have a score, in their new order into the same places.
fn reorder(hits: &mut [FoundPassage], places: &[usize], scores: &[f32]) {
    let places = &places[..scores.len().min(places.len())];
    let found: Vec<f32> = places.iter().map(|place| hits[*place].score).collect();
    let mixed: Vec<f32> = standardised(&found)
        .zip(standardised(scores))
        .map(|(found, score)| (1.0 - WEIGHT) * found + WEIGHT * score)
        .collect();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| mixed[*b].total_cmp(&mixed[*a]));
    let moved: Vec<FoundPassage> = order.iter().map(|at| hits[places[*at]].clone()).collect();
    for (place, hit) in places.iter().zip(moved) {
        hits[*place] = hit;
    }
}

/// With mean 0 and deviation 1.
fn standardised(numbers: &[f32]) -> impl Iterator<Item = f32> {
    let count = numbers.len().max(1) as f32;
    let mean = numbers.iter().sum::<f32>() / count;
    let spread = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f32>();
    let deviation = (spread / count).sqrt().max(1e-6);
    numbers.iter().map(move |x| (x - mean) / deviation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_scores_count_in_units_of_their_own() {
        assert_eq!(
            standardised(&[1.0, 3.0]).collect::<Vec<_>>(),
            [-1.0, 1.0],
            "however large they are"
        );
        assert_eq!(
            standardised(&[100.0, 300.0]).collect::<Vec<_>>(),
            [-1.0, 1.0]
        );
        assert_eq!(standardised(&[5.0, 5.0]).collect::<Vec<_>>(), [0.0, 0.0]);
    }
}
